//! A body of an operation as generated code describes it: its codec, its media type, what it must keep.

use super::style::Style;
use crate::model::{ANY, Rule, Value, Violations};

/// A body in one media type.
#[derive(Debug)]
pub struct Body {
    pub(crate) codec: Codec,
    pub(crate) media: &'static str,
    /// Further media types that carry the same.
    pub(crate) more: &'static [&'static str],
    pub(crate) rule: Rule,
    pub(crate) encodings: &'static [Encoding],
    /// What of bytes does not fit, for answers.
    pub(crate) judge: Option<Judge>,
}

/// Tells what of a body, by its `Content-Type`, does not fit a type and its rule.
pub(crate) type Judge = fn(&'static Body, Option<&[u8]>, &[u8]) -> Violations;

/// How bytes become a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Codec {
    Json,
    Form,
    Multipart,
    Text,
    Bytes,
    JsonLines,
    JsonSeq,
}

/// How one property of a form is written, where it is not the default.
#[derive(Clone, Copy, Debug)]
pub struct Encoding {
    pub(crate) name: &'static str,
    pub(crate) style: Option<Style>,
    pub(crate) explode: Option<bool>,
    pub(crate) content_type: Option<&'static str>,
}

/// JSON: `application/json`.
pub const fn json() -> Body {
    Body::new(Codec::Json, "application/json")
}

/// An urlencoded form: `application/x-www-form-urlencoded`.
pub const fn form() -> Body {
    Body::new(Codec::Form, "application/x-www-form-urlencoded")
}

/// A form of parts: `multipart/form-data`.
pub const fn multipart() -> Body {
    Body::new(Codec::Multipart, "multipart/form-data")
}

/// A text: `text/plain`. (`text` is the rule of texts.)
pub const fn plain() -> Body {
    Body::new(Codec::Text, "text/plain")
}

/// Bytes as they are: `application/octet-stream`.
pub const fn bytes() -> Body {
    Body::new(Codec::Bytes, "application/octet-stream")
}

/// A list, one item a line: `application/x-ndjson`.
pub const fn json_lines() -> Body {
    Body::new(Codec::JsonLines, "application/x-ndjson")
}

/// A list as of RFC 7464: `application/json-seq`.
pub const fn json_seq() -> Body {
    Body::new(Codec::JsonSeq, "application/json-seq")
}

/// How a property of a form is written.
pub const fn encoding(name: &'static str) -> Encoding {
    Encoding { name, style: None, explode: None, content_type: None }
}

impl Body {
    const fn new(codec: Codec, media: &'static str) -> Self {
        Self { codec, media, more: &[], rule: ANY, encodings: &[], judge: None }
    }

    /// Its media type, or a range of them.
    #[must_use]
    pub const fn media(mut self, media_type: &'static str) -> Self {
        self.media = media_type;
        self
    }

    /// Further media types, or ranges of them, that carry the same.
    #[must_use]
    pub const fn media_types(mut self, media_types: &'static [&'static str]) -> Self {
        self.more = media_types;
        self
    }

    /// What its value must keep.
    #[must_use]
    pub const fn rule(mut self, rule: Rule) -> Self {
        self.rule = rule;
        self
    }

    /// What the body of an answer is, so that answers can be held to it.
    #[must_use]
    pub const fn holds<T: Value>(mut self) -> Self {
        self.judge = Some(super::content::judge::<T>);
        self
    }

    /// How properties of a form are written, where it is not the default.
    #[must_use]
    pub const fn encoding(mut self, encodings: &'static [Encoding]) -> Self {
        self.encodings = encodings;
        self
    }

    /// Every media type it comes in.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = &'static str> + Clone + use<> {
        std::iter::once(self.media).chain(self.more.iter().copied())
    }

    pub(crate) fn encoding_of(&self, name: &str) -> Option<&'static Encoding> {
        self.encodings.iter().find(|encoding| encoding.name == name)
    }
}

impl Encoding {
    /// Style `spaceDelimited`.
    #[must_use]
    pub const fn space_delimited(mut self) -> Self {
        self.style = Some(Style::Space);
        self
    }

    /// Style `pipeDelimited`.
    #[must_use]
    pub const fn pipe_delimited(mut self) -> Self {
        self.style = Some(Style::Pipe);
        self
    }

    /// Style `deepObject`.
    #[must_use]
    pub const fn deep_object(mut self) -> Self {
        self.style = Some(Style::Deep);
        self
    }

    /// Each item or member stands for itself.
    #[must_use]
    pub const fn exploded(mut self) -> Self {
        self.explode = Some(true);
        self
    }

    /// All items or members stand in one value.
    #[must_use]
    pub const fn flat(mut self) -> Self {
        self.explode = Some(false);
        self
    }

    /// The media types that the value may have, comma-separated: `image/png, image/jpeg`.
    #[must_use]
    pub const fn content_type(mut self, media_types: &'static str) -> Self {
        self.content_type = Some(media_types);
        self
    }
}

/// A body in one of several media types: `photon::bodies!` implements it.
pub trait Bodies: Sized {
    /// A body to be filled.
    fn empty() -> Self;

    /// Becomes the body in the media type of this index, empty yet. None where there is no such type.
    fn choose(&mut self, index: usize) -> Option<&mut dyn Value>;
}

impl<B: Bodies> Bodies for Option<B> {
    fn empty() -> Self {
        None
    }

    fn choose(&mut self, index: usize) -> Option<&mut dyn Value> {
        self.insert(B::empty()).choose(index)
    }
}
