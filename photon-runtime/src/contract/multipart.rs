//! `multipart/form-data` (RFC 7578 on RFC 2046): a strict parser, and parts to the tree of a record.
//!
//! Contents are slices of the body, not copies. This module knows no request.

use std::borrow::Cow;

use bytes::Bytes;

use super::body::{Body, Encoding};
use super::form::{is_json_media, path_of, syntax, under, value_of};
use super::pairs::{Node, member_shape};
use crate::media::{self, Media};
use crate::model::types::File;
use crate::model::{Shape, Violation, Violations};

/// How many parts a body may have; more are refused with 413.
pub(crate) const PARTS_MAX: usize = 1024;
/// How long the headers of a part may be, in bytes.
const PART_HEAD_BYTES_MAX: usize = 8 * 1024;
/// How many headers a part may have.
const PART_HEADERS_MAX: usize = 16;
/// How long a boundary may be, in bytes (RFC 2046, section 5.1.1).
const BOUNDARY_BYTES_MAX: usize = 70;

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
    let mut parts =
        Parts { tree: Node::Object(Vec::new()), files: Vec::new(), violations: Violations::default() };
    for part in split(body, &boundary)? {
        parts.add(part, description, shape);
    }
    Ok(parts)
}

impl Parts {
    fn add(&mut self, part: Part, description: &'static Body, shape: &Shape) {
        // What browsers send for a file input without a file.
        if part.file_name.as_deref() == Some("") && part.content.is_empty() {
            return;
        }
        let path = path_of(Cow::Owned(part.name.clone()), shape);
        let top = path.first().cloned().unwrap_or_default();
        let shape = path.iter().fold(shape, |shape, name| member_shape(shape, name));
        match self.node_of(part, description.encoding_of(&top), shape) {
            Ok(node) => self.tree.insert(&path, node),
            Err(violation) => self.violations.push(under(violation, &top)),
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

fn is_file(shape: &Shape) -> bool {
    match shape {
        Shape::File => true,
        Shape::List(items) => is_file(items),
        _ => false,
    }
}

/// Takes a body apart at its boundary.
pub(crate) fn split(body: &Bytes, boundary: &str) -> Result<Vec<Part>, Broken> {
    check_boundary(boundary)?;
    let delimiter = format!("\r\n--{boundary}");
    let finder = memchr::memmem::Finder::new(delimiter.as_bytes());

    let mut at = first_delimiter(body, &delimiter, &finder)?;
    let mut parts = Vec::new();
    loop {
        match after_delimiter(&body[at..]) {
            Delimiter::Close => return Ok(parts),
            Delimiter::Open(skipped) => at += skipped,
            Delimiter::Neither => return Err("has a boundary that is followed by other text".into()),
        }
        if parts.len() == PARTS_MAX {
            return Err(Broken::TooMany);
        }
        let (part, content_at) = part_head(&body[at..])?;
        let content_at = at + content_at;
        // The blank line that ends the headers may begin the delimiter of an empty part.
        let mut from = content_at - 2;
        let end = loop {
            let found = finder.find(&body[from..]).map(|found| from + found).ok_or("ends within a part")?;
            if !matches!(after_delimiter(&body[found + delimiter.len()..]), Delimiter::Neither) {
                break found;
            }
            from = found + 2;
        };
        parts.push(Part { content: body.slice(content_at.min(end)..end), ..part });
        at = end + delimiter.len();
    }
}

/// What follows a boundary.
enum Delimiter {
    /// `--`: no more parts.
    Close,
    /// The end of the line, so many bytes on: a part.
    Open(usize),
    /// Other text: a longer line that only begins like the boundary.
    Neither,
}

fn after_delimiter(rest: &[u8]) -> Delimiter {
    if rest.starts_with(b"--") {
        return Delimiter::Close;
    }
    let padding = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    if rest[padding..].starts_with(b"\r\n") { Delimiter::Open(padding + 2) } else { Delimiter::Neither }
}

/// Where the first boundary ends: at the very start, or after a preamble.
fn first_delimiter(
    body: &Bytes,
    delimiter: &str,
    finder: &memchr::memmem::Finder<'_>,
) -> Result<usize, Broken> {
    let bare = delimiter.trim_start();
    if body.starts_with(bare.as_bytes())
        && !matches!(after_delimiter(&body[bare.len()..]), Delimiter::Neither)
    {
        return Ok(bare.len());
    }
    let found = finder.find(body).ok_or("does not contain its boundary")?;
    Ok(found + delimiter.len())
}

/// Reads the headers of a part, and where its content begins.
fn part_head(rest: &[u8]) -> Result<(Part, usize), Broken> {
    let window = &rest[..rest.len().min(PART_HEAD_BYTES_MAX)];
    let mut slots = [httparse::EMPTY_HEADER; PART_HEADERS_MAX];
    let (len, headers) = match httparse::parse_headers(window, &mut slots) {
        Ok(httparse::Status::Complete((len, headers))) if window[..len].ends_with(b"\r\n") => (len, headers),
        Ok(httparse::Status::Complete(_)) => return Err("has a part whose headers end without CRLF".into()),
        Ok(httparse::Status::Partial) => {
            return Err("has a part whose headers do not end, or are too long".into());
        }
        Err(_) => return Err("has a part whose headers are not well-formed".into()),
    };
    let mut map = http::HeaderMap::with_capacity(headers.len());
    for header in headers {
        let name = http::HeaderName::from_bytes(header.name.as_bytes());
        let value = http::HeaderValue::from_bytes(header.value);
        let (Ok(name), Ok(value)) = (name, value) else {
            return Err("has a part whose headers are not well-formed".into());
        };
        if map.insert(name, value).is_some() {
            return Err("has a part with a header given twice".into());
        }
    }
    check_transfer_encoding(&map)?;
    let (name, file_name) = disposition(&map)?;
    Ok((Part { name, file_name, headers: map, content: Bytes::new() }, len))
}

/// RFC 7578, section 4.7: contents are not encoded.
fn check_transfer_encoding(headers: &http::HeaderMap) -> Result<(), Broken> {
    match headers.get("content-transfer-encoding").map(http::HeaderValue::as_bytes) {
        None => Ok(()),
        Some(value)
            if [&b"7bit"[..], b"8bit", b"binary"].iter().any(|known| value.eq_ignore_ascii_case(known)) =>
        {
            Ok(())
        }
        Some(_) => Err("has a part with a content transfer encoding".into()),
    }
}

/// `form-data; name="file"; filename="a.txt"`.
fn disposition(headers: &http::HeaderMap) -> Result<(String, Option<String>), Broken> {
    let value = headers.get(http::header::CONTENT_DISPOSITION).ok_or("has a part without a disposition")?;
    let value =
        std::str::from_utf8(value.as_bytes()).map_err(|_| "has a part whose disposition is not UTF-8")?;
    let (kind, mut rest) = value.split_once(';').unwrap_or((value, ""));
    if !kind.trim_matches(media::BLANKS).eq_ignore_ascii_case("form-data") {
        return Err("has a part that is not form-data".into());
    }
    let (mut name, mut file_name) = (None, None);
    loop {
        rest = rest.trim_start_matches(media::BLANKS);
        if rest.is_empty() {
            break;
        }
        let (key, value, tail) = attribute(rest).ok_or("has a part whose disposition is not well-formed")?;
        let before = match key.trim_matches(media::BLANKS).to_ascii_lowercase().as_str() {
            "name" => name.replace(value),
            "filename" => file_name.replace(value),
            _ => None,
        };
        if before.is_some() {
            return Err("has a part whose disposition says something twice".into());
        }
        rest = tail;
    }
    Ok((name.ok_or("has a part without a name")?, file_name))
}

/// One `key=value` or `key="value"`, and what follows its semicolon.
fn attribute(text: &str) -> Option<(&str, String, &str)> {
    let (key, rest) = text.split_once('=')?;
    let rest = rest.trim_start_matches(media::BLANKS);
    let Some(quoted) = rest.strip_prefix('"') else {
        let (value, tail) = rest.split_once(';').unwrap_or((rest, ""));
        return Some((key, value.trim_matches(media::BLANKS).to_owned(), tail));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    loop {
        match chars.next()? {
            (at, '"') => {
                let tail = quoted[at + 1..].trim_start_matches(media::BLANKS);
                let tail = if tail.is_empty() { tail } else { tail.strip_prefix(';')? };
                return Some((key, unescape_name(value), tail));
            }
            // Browsers of old send paths of Windows: only these two are escapes.
            (at, '\\') if quoted[at + 1..].starts_with(['"', '\\']) => {
                value.extend(chars.next().map(|(_, char)| char));
            }
            (_, char) => value.push(char),
        }
    }
}

/// Browsers escape just these three in names.
fn unescape_name(name: String) -> String {
    if !name.contains('%') {
        return name;
    }
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

fn check_boundary(boundary: &str) -> Result<(), Broken> {
    let is_fit = !boundary.is_empty()
        && boundary.len() <= BOUNDARY_BYTES_MAX
        && !boundary.ends_with(' ')
        && boundary.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte));
    if is_fit { Ok(()) } else { Err("has a boundary that is not one".into()) }
}

#[cfg(test)]
#[path = "multipart_tests.rs"]
mod tests;
