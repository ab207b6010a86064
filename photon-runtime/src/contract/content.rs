//! The body of a request: chosen by its media type, read once, decoded by its codec.

use bytes::Bytes;

use super::body::{Bodies, Body, Codec};
use super::form::{self, FORM_FIELDS_MAX, Form, is_json_media, syntax};
use super::input::{Input, single};
use super::multipart::{self, Broken, PARTS_MAX};
use super::param::SHAPE_DEPTH_MAX;
use super::place::In;
use super::reader::Incoming;
use crate::exchange::{BodyError, BodyLength};
use crate::media::{self, Media};
use crate::model::types::File;
use crate::model::{Decoder, Value, Violation, Violations};
use crate::rejection::{Rejection, RejectionKind};

/// What has been read of a body.
#[derive(Debug, Default)]
pub(super) enum Content {
    /// Nothing yet.
    #[default]
    Unread,
    /// All of it, kept because somebody asked for the bytes.
    Kept(Bytes),
    /// All of it, decoded and gone.
    Gone,
}

/// Which body was sent.
enum Sent {
    Nothing,
    Chosen(usize),
    Refused,
}

impl Input<'_> {
    /// Fills the body, empty yet, of an operation that has one media type. False once it is noted what does not fit.
    pub fn body(&mut self, value: &mut dyn Value) -> bool {
        match self.sent() {
            Sent::Refused => false,
            Sent::Nothing => self.missing(),
            Sent::Chosen(index) => self.fill_body(index, value),
        }
    }

    /// Fills the body of an operation that has several media types. False once it is noted what does not fit.
    pub fn bodies(&mut self, body: &mut impl Bodies) -> bool {
        match self.sent() {
            Sent::Refused => false,
            Sent::Nothing => self.missing(),
            Sent::Chosen(index) => body.choose(index).is_some_and(|value| self.fill_body(index, value)),
        }
    }

    /// Keeps the bytes of the body, for signatures. Ask for them before the decoded body: that is read from them then.
    /// False where they could not be read.
    pub fn raw(&mut self, raw: &mut Bytes) -> bool {
        *raw = self.read_raw();
        self.fatal.is_none()
    }

    fn read_raw(&mut self) -> Bytes {
        if let Content::Kept(bytes) = &self.content {
            return bytes.clone();
        }
        assert!(
            !matches!(self.content, Content::Gone),
            "the raw body must be asked for before the decoded one"
        );
        let read = self.line.try_borrow_mut().map_or(Err(BodyError::Broken), |mut exchange| {
            if let Some(bytes) = self.meta.body_max {
                exchange.limit_body(bytes);
            }
            exchange.read_all().map(|bytes| Bytes::from(bytes.into_owned()))
        });
        match read {
            Ok(bytes) => {
                self.content = Content::Kept(bytes.clone());
                bytes
            }
            Err(error) => {
                self.refuse_body(error);
                Bytes::new()
            }
        }
    }

    pub(super) fn body_length(&self) -> BodyLength {
        self.line.try_borrow().map_or(BodyLength::Empty, |exchange| exchange.body_length())
    }

    /// Hands the body to be read by the handler. False once it is noted that there is none, or one of another media type.
    pub fn reader(&mut self, reader: &mut impl Incoming) -> bool {
        match self.sent() {
            Sent::Refused => false,
            Sent::Nothing => self.missing(),
            Sent::Chosen(index) => self.meta.bodies.get(index).is_some_and(|body| {
                let lent = self.lend();
                reader.begin(lent, body).map_err(|violations| self.note(In::Body, None, violations)).is_ok()
            }),
        }
    }

    /// Chooses the body by its media type. An empty one of a type that cannot be empty is none.
    fn sent(&mut self) -> Sent {
        let bodies = self.meta.bodies;
        if self.fatal.is_some() {
            return Sent::Refused;
        }
        let length = self.body_length();
        let is_empty = matches!(length, BodyLength::Empty | BodyLength::Exact(0));
        let content_type = self.head.header("content-type").and_then(|value| std::str::from_utf8(value).ok());
        if is_empty && content_type.is_none() {
            return Sent::Nothing;
        }
        let sent = content_type.unwrap_or("application/octet-stream");
        let declared = bodies.iter().flat_map(Body::ranges);
        let media = Media::parse(sent);
        let chosen = media
            .as_ref()
            .and_then(|media| media::choose(media, declared.clone()))
            .map(|range| owner(bodies, range))
            .filter(|index| {
                // Text in another charset than ours cannot be read.
                bodies[*index].codec == Codec::Bytes || media.as_ref().is_some_and(media::is_utf8)
            });
        match chosen {
            Some(index) if is_empty && !bodies[index].codec.may_be_empty() => Sent::Nothing,
            Some(index) if bodies[index].codec != Codec::Bytes && self.refuses_coding() => Sent::Refused,
            Some(index) => Sent::Chosen(index),
            None if is_empty => Sent::Nothing,
            None => {
                let declared: Vec<&str> = declared.collect();
                let rejection = Rejection::new(
                    RejectionKind::UnsupportedMediaType,
                    format!("the body must be sent as {}", declared.join(" or ")),
                );
                self.fatal = Some(rejection.with_field("accept", declared.join(", ")));
                Sent::Refused
            }
        }
    }

    /// Refuses a coded body, which only bytes can be: the handler sees the header (RFC 9110, section 15.5.16).
    fn refuses_coding(&mut self) -> bool {
        let coding = self.head.header("content-encoding").filter(|value| !is_identity(value));
        let Some(coding) = coding else { return false };
        let rejection = Rejection::new(
            RejectionKind::UnsupportedMediaType,
            format!("the body must be sent as it is, not coded as {}", String::from_utf8_lossy(coding)),
        );
        self.fatal = Some(rejection.with_field("accept-encoding", "identity".to_owned()));
        true
    }

    /// Whether there may be no body.
    fn missing(&mut self) -> bool {
        if !self.meta.is_body_optional {
            self.note(In::Body, None, single(Violation::new("required", "must be given")));
        }
        self.meta.is_body_optional
    }

    fn fill_body(&mut self, index: usize, value: &mut dyn Value) -> bool {
        let Some(body) = self.meta.bodies.get(index) else { return false };
        let kept = match std::mem::replace(&mut self.content, Content::Gone) {
            Content::Kept(bytes) => Some(bytes),
            _ => None,
        };
        let outcome = if let Some(bytes) = kept {
            self.content = Content::Kept(bytes.clone());
            Ok(decode(body, self.head.header("content-type"), &bytes, value))
        } else {
            let line = self.line;
            match line.try_borrow_mut() {
                Err(_) => Err(BodyError::Broken),
                Ok(mut exchange) => {
                    if let Some(bytes) = self.meta.body_max {
                        exchange.limit_body(bytes);
                    }
                    let content_type = self.head.header("content-type");
                    exchange.read_all().map(|bytes| decode(body, content_type, &bytes, value))
                }
            }
        };
        match outcome {
            Ok(Decoded::Fits) => true,
            Ok(Decoded::Nothing) => self.missing(),
            Ok(Decoded::Wrong(violations)) => {
                self.note(In::Body, None, violations);
                false
            }
            Ok(Decoded::TooMany(detail)) => {
                self.fatal = Some(Rejection::new(RejectionKind::TooLarge, detail));
                false
            }
            Err(error) => {
                self.refuse_body(error);
                false
            }
        }
    }

    fn refuse_body(&mut self, error: BodyError) {
        self.fatal = Some(super::reader::rejection(error));
    }
}

impl Codec {
    /// Whether no bytes at all are a value of it.
    fn may_be_empty(self) -> bool {
        !matches!(self, Self::Json | Self::Multipart)
    }
}

/// What decoding a body comes to.
enum Decoded {
    Fits,
    /// No bytes where there must be some.
    Nothing,
    Wrong(Violations),
    TooMany(String),
}

impl From<Violations> for Decoded {
    fn from(violations: Violations) -> Self {
        if violations.is_empty() { Self::Fits } else { Self::Wrong(violations) }
    }
}

fn decode(body: &'static Body, content_type: Option<&[u8]>, bytes: &[u8], value: &mut dyn Value) -> Decoded {
    if bytes.is_empty() && !body.codec.may_be_empty() {
        return Decoded::Nothing;
    }
    match body.codec {
        Codec::Json => fill(Decoder::json(bytes), body, value).into(),
        Codec::Text => match std::str::from_utf8(bytes) {
            Ok(text) => fill(Decoder::scalar(text), body, value).into(),
            Err(_) => wrong("is not UTF-8"),
        },
        Codec::Bytes => {
            let content_type = content_type.map(|text| String::from_utf8_lossy(text).into_owned());
            let file = File { content_type, content: Bytes::copy_from_slice(bytes), ..File::default() };
            fill(Decoder::text("\"0\"").with_files(vec![file]), body, value).into()
        }
        Codec::Form => decode_form(body, bytes, value),
        Codec::Multipart => {
            let media = content_type.and_then(|text| std::str::from_utf8(text).ok()).and_then(Media::parse);
            media.map_or_else(
                || wrong("has no boundary"),
                |media| decode_multipart(body, &media, bytes, value),
            )
        }
        Codec::JsonLines => decode_list(body, bytes.split(|byte| *byte == b'\n'), value),
        Codec::JsonSeq => decode_list(body, bytes.split(|byte| *byte == 0x1e), value),
    }
}

/// What of a body does not fit a `T` and the rule of the body.
pub(super) fn judge<T: Value>(body: &'static Body, content_type: Option<&[u8]>, bytes: &[u8]) -> Violations {
    match decode(body, content_type, bytes, &mut T::empty()) {
        Decoded::Fits => Violations::default(),
        Decoded::Nothing => single(Violation::new("required", "must be given")),
        Decoded::Wrong(violations) => violations,
        Decoded::TooMany(detail) => single(Violation::new("maxItems", detail)),
    }
}

fn fill(mut decoder: Decoder<'_>, body: &'static Body, value: &mut dyn Value) -> Violations {
    decoder.fill(value, &body.rule);
    decoder.into_violations()
}

fn wrong(message: &'static str) -> Decoded {
    Decoded::Wrong(single(syntax(message)))
}

fn decode_form(body: &'static Body, bytes: &[u8], value: &mut dyn Value) -> Decoded {
    let Ok(raw) = std::str::from_utf8(bytes) else { return wrong("is not UTF-8") };
    let shape = &value.shape(SHAPE_DEPTH_MAX);
    match form::read(raw, body, shape) {
        Form::TooMany => Decoded::TooMany(format!("the form has more than {FORM_FIELDS_MAX} fields")),
        Form::Read(tree, mut violations) => {
            let mut text = String::with_capacity(raw.len() * 2);
            tree.write(shape, &mut text);
            add(&mut violations, fill(Decoder::text(&text), body, value));
            violations.into()
        }
    }
}

fn decode_multipart(body: &'static Body, media: &Media<'_>, bytes: &[u8], value: &mut dyn Value) -> Decoded {
    let shape = &value.shape(SHAPE_DEPTH_MAX);
    match multipart::read(&Bytes::copy_from_slice(bytes), media, body, shape) {
        Err(Broken::TooMany) => Decoded::TooMany(format!("the form has more than {PARTS_MAX} parts")),
        Err(Broken::Syntax(message)) => Decoded::Wrong(single(syntax(message))),
        Ok(parts) => {
            let mut violations = parts.violations;
            let mut text = String::new();
            parts.tree.write(shape, &mut text);
            add(&mut violations, fill(Decoder::text(&text).with_files(parts.files), body, value));
            violations.into()
        }
    }
}

/// Whether a form of several parts, there as a whole, fits.
#[cfg(any(test, fuzzing))]
pub(super) fn fits(body: &'static Body, media: &Media<'_>, bytes: &[u8], value: &mut dyn Value) -> bool {
    matches!(decode_multipart(body, media, bytes, value), Decoded::Fits)
}

/// A field that could not be read is not missing too.
pub(super) fn add(violations: &mut Violations, others: Violations) {
    let read: Vec<String> = violations.iter().map(Violation::pointer).collect();
    for violation in others {
        if !(violation.keyword == "required" && read.contains(&violation.pointer())) {
            violations.push(violation);
        }
    }
}

/// Items that each must be a JSON text of their own, as one JSON list.
fn decode_list<'b>(
    body: &'static Body,
    items: impl Iterator<Item = &'b [u8]>,
    value: &mut dyn Value,
) -> Decoded {
    let mut list = vec![b'['];
    let items = items.map(<[u8]>::trim_ascii).filter(|item| !item.is_empty());
    for (count, item) in items.enumerate() {
        if let Err(error) = serde_json::from_slice::<&serde_json::value::RawValue>(item) {
            return Decoded::Wrong(single(syntax(format!("has item {count}, which is not JSON: {error}"))));
        }
        if count > 0 {
            list.push(b',');
        }
        list.extend_from_slice(item);
    }
    list.push(b']');
    fill(Decoder::json(&list), body, value).into()
}

/// Whether a `Content-Encoding` changes nothing.
fn is_identity(coding: &[u8]) -> bool {
    coding.is_empty() || coding.eq_ignore_ascii_case(b"identity")
}

/// The body that the media type at `range` belongs to, where those of all bodies are counted through.
pub(super) fn owner(bodies: &'static [Body], range: usize) -> usize {
    let mut before = 0;
    let owner = bodies.iter().position(|body| {
        before += 1 + body.more.len();
        range < before
    });
    owner.unwrap_or_default()
}

/// Whether a media type of the document is JSON.
pub(super) fn is_json(media_type: &str) -> bool {
    Media::parse(media_type).is_some_and(|media| is_json_media(&media))
}
