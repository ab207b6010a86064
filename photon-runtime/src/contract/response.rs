//! An answer being made: status, headers, body. What generated `Reply` and `Fault` write to.
//!
//! This module knows no request and no driver.

use std::borrow::Cow;

use super::header_text;
use crate::error::Error;
use crate::exchange::Field;
use crate::model::{Value, encode};
use crate::problem::{PROBLEM_JSON, Problem};

/// An answer being made.
#[derive(Debug)]
pub struct Response {
    pub(crate) status: u16,
    pub(crate) fields: Vec<Field>,
    pub(crate) body: Vec<u8>,
    pub(crate) failure: Option<Error>,
    media: Option<Cow<'static, str>>,
    answers: &'static [&'static str],
}

impl Response {
    /// An answer of this status with nothing in it. The media types are those of the operation's success.
    pub fn new(status: u16, answers: &'static [&'static str]) -> Self {
        Self { status, fields: Vec::new(), body: Vec::new(), failure: None, media: None, answers }
    }

    /// Sets the status.
    pub fn status(&mut self, status: u16) -> &mut Self {
        self.status = status;
        self
    }

    /// Sets the media type of the body that is written next. Defaults to what the body says of itself.
    pub fn media(&mut self, media_type: &'static str) -> &mut Self {
        self.media = Some(Cow::Borrowed(media_type));
        self
    }

    /// Sets a header in style `simple`; an absent value sets none.
    pub fn header(&mut self, name: &'static str, value: &dyn Value) -> &mut Self {
        self.add_header(name, header_text::simple(value, false))
    }

    /// Sets a header in style `simple`, exploded: members are written `name=value`.
    pub fn header_exploded(&mut self, name: &'static str, value: &dyn Value) -> &mut Self {
        self.add_header(name, header_text::simple(value, true))
    }

    /// Sets a header whose text is JSON.
    pub fn header_json(&mut self, name: &'static str, value: &dyn Value) -> &mut Self {
        self.add_header(name, header_text::json(value))
    }

    /// Sets the body to the JSON of a value. The media type defaults to `application/json`.
    pub fn json(&mut self, value: &dyn Value) -> &mut Self {
        self.body.clear();
        if self.body.capacity() == 0 {
            self.body.reserve(BODY_BYTES_EXPECTED);
        }
        encode(value, &mut self.body);
        self.content_type("application/json")
    }

    /// Sets the body to a text. The media type defaults to `text/plain; charset=utf-8`.
    pub fn text(&mut self, text: &str) -> &mut Self {
        text.as_bytes().clone_into(&mut self.body);
        self.content_type("text/plain; charset=utf-8")
    }

    /// Sets the body to bytes. The media type defaults to `application/octet-stream`.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        bytes.clone_into(&mut self.body);
        self.content_type("application/octet-stream")
    }

    /// Sets the body to a problem, which takes this answer's status; the problem's own where none is set.
    pub fn problem(&mut self, problem: Problem) -> &mut Self {
        let problem = match http::StatusCode::from_u16(self.status) {
            Ok(status) => problem.with_status(status),
            Err(_) => problem,
        };
        self.status = problem.status().as_u16();
        self.body = serde_json::to_vec(&problem).unwrap_or_default();
        self.media = Some(Cow::Borrowed(PROBLEM_JSON));
        self.content_type(PROBLEM_JSON)
    }

    /// Makes the answer a 500: the error is logged, and never told.
    pub fn internal(&mut self, error: Error) {
        self.failure = Some(error);
    }

    /// Sets the body to a value in the media type of the operation: JSON, or the value as it is.
    pub(super) fn value(&mut self, value: &dyn Value) {
        let declared = self.media.take().or_else(|| self.answers.first().copied().map(Cow::Borrowed));
        let Some(media_type) = declared else {
            self.json(value);
            return;
        };
        let is_range = media_type.contains('*');
        if super::content::is_json(&media_type) {
            self.media = Some(media_type);
            self.json(value);
        } else if let Some(octets) = value.octets() {
            self.media = if is_range { None } else { Some(media_type) };
            self.bytes(octets);
        } else if let Some(text) = header_text::scalar(value) {
            self.media = if is_range { None } else { Some(media_type) };
            self.text(&text);
        } else {
            self.media = if is_range { None } else { Some(media_type) };
            self.json(value);
        }
    }

    fn add_header(&mut self, name: &'static str, text: Option<String>) -> &mut Self {
        if let Some(text) = text {
            self.fields.push(Field { name: Cow::Borrowed(name), value: Cow::Owned(text) });
        }
        self
    }

    fn content_type(&mut self, default: &'static str) -> &mut Self {
        let media = self.media.take().unwrap_or(Cow::Borrowed(default));
        self.fields.retain(|field| field.name != "content-type");
        self.fields.push(Field { name: Cow::Borrowed("content-type"), value: media });
        self
    }
}

/// What a body of JSON is expected to take, so that it seldom grows.
const BODY_BYTES_EXPECTED: usize = 512;
