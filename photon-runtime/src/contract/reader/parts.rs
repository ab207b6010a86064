//! Forms whose files are read as they come, while their other fields are decoded as ever.
//!
//! This module knows no socket.

use std::fmt;
use std::io::{self, Read as _};
use std::marker::PhantomData;
use std::path::Path;

use bytes::Bytes;

use super::{BodyReader, Incoming};
use crate::contract::body::{self, Body};
use crate::contract::content::add;
use crate::contract::form::syntax;
use crate::contract::input::single;
use crate::contract::multipart::{self, Broken, PARTS_MAX, Splitter, Step, WINDOW_BYTES};
use crate::contract::param::SHAPE_DEPTH_MAX;
use crate::contract::place::In;
use crate::error::{Error, Result as Fallible};
use crate::media::Media;
use crate::model::{Decoder, Shape, Value, Violations};
use crate::rejection::{Finding, Rejection, RejectionKind};

/// How many bytes all fields of a form may have together that are no files; more are refused with 413.
pub(crate) const FIELDS_BYTES_MAX: usize = 1 << 20;

/// How many bytes of a form wait in memory to be read.
const BUFFER_BYTES: usize = 64 << 10;

const _: () = assert!(BUFFER_BYTES >= WINDOW_BYTES, "the splitter must get on");

/// A form as it comes: its files one by one to read, then its fields as a `T`.
///
/// In the `T`, files have their names, media types and headers; their contents are what was read here. Forms that do not
/// fit the document are refused when the handler returns the error (by `?` of a [`Result`](crate::Result)), as they are
/// where they are decoded before the handler.
///
/// ```
/// use photon_runtime::types::File;
/// use photon_runtime::{Parts, Result};
///
/// fn store<T: photon_runtime::Value>(mut form: Parts<T>) -> Result<T> {
///     while let Some(mut part) = form.next_file()? {
///         std::io::copy(&mut part, &mut std::io::sink())?;
///     }
///     form.finish()
/// }
/// ```
pub struct Parts<T> {
    pieces: Pieces,
    fields: multipart::Parts,
    fields_bytes: usize,
    body: &'static Body,
    shape: Shape,
    value: PhantomData<fn() -> T>,
}

/// A file of a form, to be read. What is left of it is skipped.
pub struct Part<'p> {
    pieces: &'p mut Pieces,
    head: multipart::Part,
}

impl<T: Value> Incoming for Parts<T> {
    fn empty() -> Self {
        Self {
            pieces: Pieces::new(BodyReader::empty(), Splitter::ended()),
            fields: multipart::Parts::new(),
            fields_bytes: 0,
            body: &NONE,
            shape: T::empty().shape(SHAPE_DEPTH_MAX),
            value: PhantomData,
        }
    }

    fn begin(&mut self, reader: BodyReader, body: &'static Body) -> Result<(), Violations> {
        let boundary = reader.media().and_then(Media::parse).and_then(|media| media.parameter("boundary"));
        let splitter = boundary
            .ok_or_else(|| Broken::from("has no boundary in its content type"))
            .and_then(|boundary| Splitter::new(&boundary))
            .map_err(|broken| match broken {
                Broken::Syntax(message) => single(syntax(message)),
                Broken::TooMany => Violations::default(),
            })?;
        self.pieces = Pieces::new(reader, splitter);
        self.body = body;
        Ok(())
    }
}

impl<T: Value> Parts<T> {
    /// The next file, all fields before it read. None after the last part.
    pub fn next_file(&mut self) -> Fallible<Option<Part<'_>>> {
        self.pieces.skip_part()?;
        while let Some(mut head) = self.pieces.next_head()? {
            let is_unknown = multipart::Parts::is_unknown(&head, &self.shape);
            if !is_unknown && !multipart::Parts::is_file(&head, &self.shape) {
                head.content = self.field()?;
                self.fields.add(head, self.body, &self.shape);
                continue;
            }
            // What browsers send for a file input without a file.
            if head.file_name.as_deref() == Some("") && !self.pieces.has_content()? {
                continue;
            }
            if is_unknown || self.fields.add(head.clone(), self.body, &self.shape) {
                return Ok(Some(Part { pieces: &mut self.pieces, head }));
            }
            self.pieces.skip_part()?;
        }
        Ok(None)
    }

    /// Reads what is left, skips its files, and returns all fields.
    pub fn finish(mut self) -> Fallible<T> {
        while self.next_file()?.is_some() {}
        let mut violations = std::mem::take(&mut self.fields.violations);
        let mut text = String::new();
        self.fields.tree.write(&self.shape, &mut text);
        let mut value = T::empty();
        let mut decoder = Decoder::text(&text).with_files(std::mem::take(&mut self.fields.files));
        decoder.fill(&mut value, &self.body.rule);
        add(&mut violations, decoder.into_violations());
        if violations.is_empty() {
            return Ok(value);
        }
        Err(self.pieces.refuse(violations))
    }

    /// The content of a part that is no file.
    fn field(&mut self) -> Fallible<Bytes> {
        let mut content = Vec::new();
        let room = FIELDS_BYTES_MAX - self.fields_bytes;
        let limit = u64::try_from(room).unwrap_or(u64::MAX).saturating_add(1);
        Content(&mut self.pieces).take(limit).read_to_end(&mut content)?;
        if content.len() > room {
            let detail = format!("the fields of the form are longer than {FIELDS_BYTES_MAX} bytes together");
            self.pieces.reader.refuse(Rejection::new(RejectionKind::TooLarge, detail.clone()));
            return Err(Error::new(detail));
        }
        self.fields_bytes += content.len();
        Ok(content.into())
    }
}

impl Part<'_> {
    /// The name of its field.
    pub fn name(&self) -> &str {
        &self.head.name
    }

    /// The name of the file, as the client tells it: never use it as a path.
    pub fn file_name(&self) -> Option<&str> {
        self.head.file_name.as_deref()
    }

    /// Its media type, as the client tells it.
    pub fn media(&self) -> Option<&str> {
        self.head.headers.get(http::header::CONTENT_TYPE)?.to_str().ok()
    }

    /// Writes what is left of it into a new file, and says how many bytes that were. The disk is waited for on the blocking
    /// threads; what was written is removed if the rest cannot be.
    pub fn save(&mut self, path: impl AsRef<Path>) -> io::Result<u64> {
        super::save::save(self, path.as_ref())
    }

    /// All its headers.
    pub fn headers(&self) -> &http::HeaderMap {
        &self.head.headers
    }
}

impl io::Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Content(self.pieces).read(buffer)
    }
}

impl fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("name", &self.name())
            .field("file_name", &self.file_name())
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Parts<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").field("reader", &self.pieces.reader).finish_non_exhaustive()
    }
}

/// The bytes of a form, taken apart.
struct Pieces {
    reader: BodyReader,
    splitter: Splitter,
    window: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes at the start that are known to be content.
    ready: usize,
    in_part: bool,
    is_end: bool,
}

/// What says nothing of a form.
static NONE: Body = body::multipart();

impl Pieces {
    fn new(reader: BodyReader, splitter: Splitter) -> Self {
        let window = Vec::new();
        Self { reader, splitter, window, start: 0, end: 0, ready: 0, in_part: false, is_end: false }
    }

    fn step(&mut self) -> Fallible<Step> {
        loop {
            match self.splitter.step(&self.window[self.start..self.end], self.is_end) {
                Ok(Step::More) if self.is_end => return Err(self.broken(Broken::from("ends within a part"))),
                Ok(Step::More) => self.fill()?,
                Ok(step) => return Ok(step),
                Err(broken) => return Err(self.broken(broken)),
            }
        }
    }

    /// Reads on, behind what is not used yet.
    fn fill(&mut self) -> Fallible<()> {
        self.window.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        self.window.resize(BUFFER_BYTES, 0);
        let room = &mut self.window[self.end..];
        if room.is_empty() {
            return Err(self.broken(Broken::from("has a part whose headers do not end, or are too long")));
        }
        let count = self.reader.read(room)?;
        self.end += count;
        self.is_end = count == 0;
        Ok(())
    }

    /// The headers of the next part, the present one being over. None after the last.
    fn next_head(&mut self) -> Fallible<Option<multipart::Part>> {
        loop {
            match self.step()? {
                Step::Head(head, count) => {
                    self.start += count;
                    self.in_part = true;
                    return Ok(Some(*head));
                }
                Step::Skip(count) | Step::Data(count) | Step::PartEnd(count) => self.start += count,
                Step::End | Step::More => return Ok(None),
            }
        }
    }

    /// Whether there is content of the present part to read.
    fn has_content(&mut self) -> Fallible<bool> {
        while self.in_part && self.ready == 0 {
            match self.step()? {
                Step::Skip(count) => self.start += count,
                Step::Data(count) => self.ready = count,
                Step::PartEnd(count) => {
                    self.start += count;
                    self.in_part = false;
                }
                Step::Head(..) | Step::End | Step::More => self.in_part = false,
            }
        }
        Ok(self.ready > 0)
    }

    fn skip_part(&mut self) -> Fallible<()> {
        while self.has_content()? {
            self.start += std::mem::take(&mut self.ready);
        }
        Ok(())
    }

    fn broken(&self, broken: Broken) -> Error {
        match broken {
            Broken::Syntax(message) => self.refuse(single(syntax(message))),
            Broken::TooMany => {
                let detail = format!("the form has more than {PARTS_MAX} parts");
                self.reader.refuse(Rejection::new(RejectionKind::TooLarge, detail.clone()));
                Error::new(detail)
            }
        }
    }

    /// Refuses the request for what does not fit.
    fn refuse(&self, violations: Violations) -> Error {
        let (kind, detail) = if violations.is_syntax() {
            (RejectionKind::Syntax, "the body is not what its media type says")
        } else {
            (RejectionKind::Invalid, "the request does not fit the contract")
        };
        let more = violations.more();
        let finding = |violation| Finding { place: In::Body, parameter: None, violation };
        let findings = violations.into_iter().map(finding).collect();
        self.reader.refuse(Rejection::new(kind, detail).with_violations(findings, more));
        Error::new(detail)
    }
}

/// The content of the present part.
struct Content<'p>(&'p mut Pieces);

impl io::Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let pieces = &mut *self.0;
        if buffer.is_empty() || !pieces.has_content().map_err(|error| io::Error::other(error.to_string()))? {
            return Ok(0);
        }
        let count = pieces.ready.min(buffer.len());
        buffer[..count].copy_from_slice(&pieces.window[pieces.start..pieces.start + count]);
        pieces.start += count;
        pieces.ready -= count;
        Ok(count)
    }
}

#[cfg(test)]
#[path = "parts_tests.rs"]
mod tests;
