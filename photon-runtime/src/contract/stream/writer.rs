//! A body of bytes, written piece by piece.

use std::borrow::Cow;
use std::io;

use super::{SendFile, Sink, Stream};
use crate::error::Result;

/// Writes the body of an answer. Pieces are gathered; `flush` sends what is there, and so does the handler's return.
#[derive(Debug)]
pub struct BodyWriter {
    stream: Stream,
}

impl Sink for BodyWriter {
    fn open(stream: Stream) -> Self {
        stream.set_media(stream.declared_media().unwrap_or("application/octet-stream"));
        Self { stream }
    }
}

impl BodyWriter {
    /// Sets the media type, where the document leaves it open. Of no effect once something was sent.
    pub fn media(&mut self, media_type: impl Into<Cow<'static, str>>) -> &mut Self {
        self.stream.set_media(media_type);
        self
    }

    /// Answers with a file: all of it, the ranges that the client asks for, or 304, 412 or 416 as its conditions come to
    /// (RFC 9110, sections 13 and 14). Nothing may have been written before.
    ///
    /// The file is read piece by piece, as fast as the client takes it. Declared or not, these answers may come: they
    /// are part of what GET means.
    #[allow(clippy::needless_pass_by_value, reason = "a file is sent once")]
    pub fn send_file(self, file: SendFile) -> Result<()> {
        self.stream.send_file(&file)
    }

    /// Whether the client has left or the handler's time is over.
    pub fn is_cancelled(&self) -> bool {
        self.stream.is_cancelled()
    }
}

impl io::Write for BodyWriter {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.stream.buffer(piece)?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
