//! Answers that are sent piece by piece: how their end is told, and that they are as long as they were told to be.

use std::io::{self, ErrorKind};

use super::answer::{Answer, Turn};
use crate::exchange::Field;
use crate::http::{chunked, encode};

/// How the end of an answer in pieces is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Framing {
    Chunked,
    /// By its length; so many bytes are left.
    Length(u64),
    /// By the end of the connection (HTTP/1.0).
    Close,
    /// There is no body: HEAD, 204, 304.
    Empty,
}

impl Turn<'_> {
    pub(super) fn begin_pieces(&mut self, status: u16, fields: &[Field]) -> io::Result<()> {
        if self.answer != Answer::Nothing {
            return Err(io::Error::new(ErrorKind::InvalidInput, "the request was answered before"));
        }
        let length = match self.head(status, fields) {
            Ok(length) => length,
            Err(invalid) => {
                tracing::error!(status, ?invalid, "an answer that cannot be sent was replaced by 500");
                self.fail();
                return Err(io::Error::new(ErrorKind::InvalidInput, "the answer cannot be sent"));
            }
        };
        let framing = match length {
            _ if status == 204 || status == 304 => Framing::Empty,
            Some(bytes) => Framing::Length(bytes),
            None if self.minor == 0 => Framing::Close,
            None => Framing::Chunked,
        };
        self.keep &= framing != Framing::Close;
        self.connection();
        match framing {
            Framing::Length(bytes) => encode::content_length(self.output, bytes),
            Framing::Chunked => self.output.extend_from_slice(b"transfer-encoding: chunked\r\n"),
            Framing::Close | Framing::Empty => {}
        }
        self.output.extend_from_slice(b"\r\n");
        self.answer = Answer::Begun(if self.has_body(status) { framing } else { Framing::Empty });
        self.flush()
    }

    pub(super) fn write_piece(&mut self, piece: &[u8]) -> io::Result<()> {
        let Answer::Begun(framing) = &mut self.answer else { return Err(not_open()) };
        match framing {
            Framing::Empty => return Ok(()),
            Framing::Chunked => {
                self.sent.body_bytes += piece.len() as u64;
                chunked::encode(self.output, piece);
                return self.flush();
            }
            Framing::Close => {}
            Framing::Length(left) => {
                let Some(rest) = left.checked_sub(piece.len() as u64) else {
                    self.cut();
                    return Err(io::Error::new(
                        ErrorKind::InvalidInput,
                        "the answer is longer than it was told to be",
                    ));
                };
                *left = rest;
            }
        }
        self.sent.body_bytes += piece.len() as u64;
        self.io.write(piece).inspect_err(|_| self.cut())
    }

    pub(super) fn finish_pieces(&mut self) -> io::Result<()> {
        let Answer::Begun(framing) = self.answer else { return Err(not_open()) };
        match framing {
            Framing::Length(left) if left > 0 => {
                self.cut();
                return Err(io::Error::new(
                    ErrorKind::InvalidInput,
                    "the answer is shorter than it was told to be",
                ));
            }
            Framing::Chunked => self.output.extend_from_slice(chunked::END),
            Framing::Length(_) | Framing::Close | Framing::Empty => {}
        }
        self.answer = Answer::Done;
        self.flush()
    }
}

fn not_open() -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, "no answer has begun")
}
