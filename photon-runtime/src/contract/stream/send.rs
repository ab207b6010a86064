//! Sends a file as the request asks for it (RFC 9110, sections 13 and 14): all, some of it, or nothing that is known.
//!
//! This module knows no route.

use std::borrow::Cow;
use std::collections::hash_map::RandomState;
use std::fs::File;
use std::hash::BuildHasher as _;
use std::io;
use std::time::Duration;

use super::file::{SendFile, Source};
use super::lease::{Instead, Shared, Stage};
use crate::blocking::blocking;
use crate::exchange::{Field, Head};
use crate::http::conditional::{self, Condition};
use crate::http::ranges::{self, Span, Wanted};
use crate::media::{self, Media};
use crate::rejection::{Rejection, RejectionKind};

/// How much of a file is read at once, and waits in memory for its client.
const PIECE_BYTES: u64 = 128 << 10;

/// How long to wait for a place on the blocking threads before asking again, and how often to ask.
const BUSY_WAIT: Duration = Duration::from_millis(50);
const BUSY_TRIES: u32 = 100;

/// Answers with a file, or with why not.
pub(super) fn send(shared: &Shared, file: &SendFile) -> io::Result<()> {
    shared.with(|stage| {
        if shared.has_begun() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the answer has begun already"));
        }
        let head = stage.cx.head();
        match head.map_or(Condition::Holds, |head| conditional::evaluate(head, &file.validators)) {
            Condition::Holds => {}
            Condition::NotModified => {
                shared.instead(Instead::NotModified(validators(file)));
                return Ok(());
            }
            Condition::Failed => {
                let detail = "the file is not in the state that the request expects";
                shared.instead(Instead::Refused(Rejection::new(RejectionKind::PreconditionFailed, detail)));
                return Ok(());
            }
        }
        match head.map_or(Wanted::Whole, |head| wanted(head, stage.status, file)) {
            Wanted::Whole => {
                let whole = Span { start: 0, end: file.length };
                Parts { media: media_of(stage, file), pieces: vec![whole], total: None }.send(
                    shared,
                    stage,
                    stage.status,
                    file,
                )
            }
            Wanted::Pieces(pieces) => {
                Parts { media: media_of(stage, file), pieces, total: Some(file.length) }
                    .send(shared, stage, 206, file)
            }
            Wanted::Nothing => {
                let detail = "the file has no bytes there";
                let rejection = Rejection::new(RejectionKind::RangeNotSatisfiable, detail)
                    .with_field("content-range", format!("bytes */{}", file.length))
                    .with_field("accept-ranges", "bytes");
                shared.instead(Instead::Refused(rejection));
                Ok(())
            }
        }
    })
}

/// Only GET has ranges (RFC 9110, section 14.2), and only an answer that is the file itself.
fn wanted(head: &Head<'_>, status: u16, file: &SendFile) -> Wanted {
    let mut values = head.header_all("range");
    match (values.next(), values.next()) {
        (Some(value), None)
            if head.method == "GET" && status == 200 && conditional::allows_range(head, &file.validators) =>
        {
            ranges::parse(value, file.length)
        }
        _ => Wanted::Whole,
    }
}

/// What the owner says, else what the document says; a range of the document's leaves it to the name of the file.
fn media_of(stage: &Stage<'_>, file: &SendFile) -> Cow<'static, str> {
    if let Some(media) = &file.media {
        return media.clone();
    }
    let answers = stage.answers;
    let guess = file.guess.filter(|guess| {
        let fits = |media| media::choose(&media, answers.iter().copied()).is_some();
        answers.is_empty() || Media::parse(guess).is_some_and(fits)
    });
    let declared = answers.iter().copied().find(|declared| !declared.contains('*'));
    Cow::Borrowed(guess.or(declared).unwrap_or("application/octet-stream"))
}

fn validators(file: &SendFile) -> Vec<Field> {
    let etag = file.validators.etag_text().map(|text| ("etag", text));
    let changed = file.validators.last_modified_text().map(|text| ("last-modified", text));
    etag.into_iter().chain(changed).map(|(name, text)| field(name, text)).collect()
}

fn field(name: &'static str, value: impl Into<Cow<'static, str>>) -> Field {
    Field { name: Cow::Borrowed(name), value: value.into() }
}

/// What of a file is sent.
struct Parts {
    media: Cow<'static, str>,
    pieces: Vec<Span>,
    /// The length of the file, where the pieces are told to be some of it.
    total: Option<u64>,
}

impl Parts {
    fn send(self, shared: &Shared, stage: &Stage<'_>, status: u16, file: &SendFile) -> io::Result<()> {
        let mut fields = validators(file);
        fields.push(field("accept-ranges", "bytes"));
        fields.extend(file.disposition.as_ref().map(|text| field("content-disposition", text.clone())));
        let heads = match (&*self.pieces, self.total) {
            ([piece], total) => {
                fields.extend(total.map(|total| field("content-range", range_text(*piece, total))));
                fields.push(field("content-type", self.media.clone()));
                fields.push(field("content-length", piece.len().to_string()));
                Vec::new()
            }
            (pieces, total) => {
                let total = total.unwrap_or(file.length);
                let boundary = boundary();
                let heads = self.heads(&boundary, total);
                let length = pieces.iter().map(|piece| piece.len()).sum::<u64>()
                    + heads.iter().map(|head| head.len() as u64).sum::<u64>();
                fields.push(field("content-type", format!("multipart/byteranges; boundary={boundary}")));
                fields.push(field("content-length", length.to_string()));
                heads
            }
        };
        shared.begin(stage, status, fields)?;
        if stage.cx.head().is_some_and(|head| head.method == "HEAD") {
            return Ok(());
        }
        self.write(stage, &file.source, &heads)
    }

    /// What stands before each part, and after the last.
    fn heads(&self, boundary: &str, total: u64) -> Vec<String> {
        let head = |(at, piece): (usize, &Span)| {
            let line = if at == 0 { "" } else { "\r\n" };
            let range = range_text(*piece, total);
            format!("{line}--{boundary}\r\ncontent-type: {}\r\ncontent-range: {range}\r\n\r\n", self.media)
        };
        let end = format!("\r\n--{boundary}--\r\n");
        self.pieces.iter().enumerate().map(head).chain([end]).collect()
    }

    fn write(&self, stage: &Stage<'_>, source: &Source, heads: &[String]) -> io::Result<()> {
        let mut heads = heads.iter();
        let write = |bytes: &[u8]| stage.line.borrow_mut().write(bytes);
        let longest = self.pieces.iter().map(|piece| piece.len()).max().unwrap_or(0).min(PIECE_BYTES);
        let mut buffer = match source {
            Source::Memory(_) => Vec::new(),
            Source::Disk(_) => vec![0; usize::try_from(longest).unwrap_or_default()],
        };
        for piece in &self.pieces {
            if let Some(head) = heads.next() {
                write(head.as_bytes())?;
            }
            match source {
                Source::Memory(content) => write(slice(content, *piece)?)?,
                Source::Disk(file) => {
                    let mut at = piece.start;
                    while at < piece.end {
                        let wanted = usize::try_from(piece.end - at).unwrap_or(usize::MAX).min(buffer.len());
                        read(file, &mut buffer[..wanted], at)?;
                        write(&buffer[..wanted])?;
                        at += wanted as u64;
                    }
                }
            }
        }
        heads.next().map_or(Ok(()), |end| write(end.as_bytes()))
    }
}

fn slice(content: &[u8], piece: Span) -> io::Result<&[u8]> {
    let place = usize::try_from(piece.start).ok().zip(usize::try_from(piece.end).ok());
    place.and_then(|(start, end)| content.get(start..end)).ok_or_else(shorter)
}

/// Fills the buffer on the blocking threads. While these have no room, it is asked again, for the answer has begun.
fn read(file: &File, buffer: &mut [u8], at: u64) -> io::Result<()> {
    let wanted = buffer.len();
    for _ in 0..BUSY_TRIES {
        match blocking(|| Source::read_at(file, buffer, at)) {
            Ok(Ok(filled)) if filled == wanted => return Ok(()),
            Ok(Ok(_)) => return Err(shorter()),
            Ok(Err(error)) => return Err(error),
            Err(_) => crate::sleep(BUSY_WAIT).map_err(io::Error::other)?,
        }
    }
    Err(io::Error::new(io::ErrorKind::TimedOut, "the blocking threads had no time to read a file"))
}

fn shorter() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter while it was sent")
}

fn range_text(piece: Span, total: u64) -> String {
    format!("bytes {}-{}/{total}", piece.start, piece.end.saturating_sub(1))
}

/// What no file holds, for nobody can foresee it.
fn boundary() -> String {
    let random = RandomState::new();
    format!("{:016x}{:016x}", random.hash_one(0), random.hash_one(1))
}
