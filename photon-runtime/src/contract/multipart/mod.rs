//! `multipart/form-data` (RFC 7578 on RFC 2046): a strict parser, and parts to the tree of a record.
//!
//! Contents are slices of the body, not copies. This module knows no request.

mod head;
mod split;

use std::borrow::Cow;

use bytes::Bytes;

use super::body::{Body, Encoding};
use super::form::{is_json_media, path_of, syntax, under, value_of};
use super::pairs::{Node, member_shape};
use crate::media::{self, Media};
use crate::model::types::File;
use crate::model::{Shape, Violation, Violations};
use split::split;
pub(crate) use split::{Splitter, Step, WINDOW_BYTES};

/// How many parts a body may have; more are refused with 413.
pub(crate) const PARTS_MAX: usize = 1024;

/// One part.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) headers: http::HeaderMap,
    pub(crate) content: Bytes,
}

/// Why a body is refused as a whole.
#[derive(Debug)]
pub(crate) enum Broken {
    /// It is not what RFC 7578 says.
    Syntax(Cow<'static, str>),
    /// It has more parts than [`PARTS_MAX`].
    TooMany,
}

impl From<&'static str> for Broken {
    fn from(message: &'static str) -> Self {
        Self::Syntax(Cow::Borrowed(message))
    }
}

/// A form of parts as a tree for a type of some shape: files are indexes into a list.
pub(crate) struct Parts {
    pub(crate) tree: Node<'static>,
    pub(crate) files: Vec<File>,
    pub(crate) violations: Violations,
}

/// Reads the parts for a type of this shape.
pub(crate) fn read(
    body: &Bytes,
    media: &Media<'_>,
    description: &'static Body,
    shape: &Shape,
) -> Result<Parts, Broken> {
    let boundary = media.parameter("boundary").ok_or("has no boundary in its content type")?;
    let mut parts = Parts::new();
    for part in split(body, &boundary)? {
        // What browsers send for a file input without a file.
        if part.file_name.as_deref() == Some("") && part.content.is_empty() {
            continue;
        }
        parts.add(part, description, shape);
    }
    Ok(parts)
}

impl Parts {
    pub(crate) fn new() -> Self {
        Self { tree: Node::Object(Vec::new()), files: Vec::new(), violations: Violations::default() }
    }

    /// Whether a part is a file by what the document says.
    pub(crate) fn is_file(part: &Part, shape: &Shape) -> bool {
        is_file(shape_of(part, shape))
    }

    /// Whether the document says nothing of a file that was sent.
    pub(crate) fn is_unknown(part: &Part, shape: &Shape) -> bool {
        part.file_name.is_some() && matches!(shape_of(part, shape), Shape::Any)
    }

    /// Adds a part; or notes what does not fit.
    pub(crate) fn add(&mut self, part: Part, description: &'static Body, shape: &Shape) -> bool {
        let path = path_of(Cow::Owned(part.name.clone()), shape);
        let top = path.first().cloned().unwrap_or_default();
        let shape = path.iter().fold(shape, |shape, name| member_shape(shape, name));
        match self.node_of(part, description.encoding_of(&top), shape) {
            Ok(node) => {
                self.tree.insert(&path, node);
                true
            }
            Err(violation) => {
                self.violations.push(under(violation, &top));
                false
            }
        }
    }

    fn node_of(
        &mut self,
        part: Part,
        encoding: Option<&Encoding>,
        shape: &Shape,
    ) -> Result<Node<'static>, Violation> {
        let content_type = part.content_type()?;
        let media = content_type.as_deref().and_then(Media::parse);
        if let Some(allowed) = encoding.and_then(|encoding| encoding.content_type) {
            let text_plain = Media::parse("text/plain");
            let sent = media.as_ref().or(text_plain.as_ref());
            if sent.is_none_or(|sent| media::choose(sent, media::commas(allowed)).is_none()) {
                return Err(Violation::new("contentMediaType", format!("must be sent as {allowed}")));
            }
        }
        if is_file(shape) {
            self.files.push(part.into_file(content_type));
            return Ok(Node::Text(Cow::Owned((self.files.len() - 1).to_string())));
        }
        if media.as_ref().is_some_and(|media| !media::is_utf8(media)) {
            return Err(Violation::new("contentEncoding", "must be UTF-8"));
        }
        let text = String::from_utf8(part.content.to_vec())
            .map_err(|_| Violation::new("contentEncoding", "must be UTF-8"))?;
        value_of(Cow::Owned(text), shape, media.as_ref().is_some_and(is_json_media))
    }
}

impl Part {
    fn content_type(&self) -> Result<Option<String>, Violation> {
        let Some(value) = self.headers.get(http::header::CONTENT_TYPE) else { return Ok(None) };
        let text = value.to_str().ok().filter(|text| Media::parse(text).is_some());
        text.map(|text| Some(text.to_owned()))
            .ok_or_else(|| syntax("has a part whose content type is not one"))
    }

    fn into_file(self, content_type: Option<String>) -> File {
        let described = [http::header::CONTENT_TYPE, http::header::CONTENT_DISPOSITION];
        let others = self.headers.iter().filter(|(name, _)| !described.contains(name));
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = others.map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        File { name: self.file_name, content_type, content: self.content, headers }
    }
}

/// The shape of what a part is the value of.
fn shape_of<'s>(part: &Part, shape: &'s Shape) -> &'s Shape {
    let path = path_of(Cow::Borrowed(&*part.name), shape);
    path.iter().fold(shape, |shape, name| member_shape(shape, name))
}

fn is_file(shape: &Shape) -> bool {
    match shape {
        Shape::File => true,
        Shape::List(items) => is_file(items),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
