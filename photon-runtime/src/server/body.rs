//! The body of one request: what came with the head, then what the socket brings, without its framing.

use std::borrow::Cow;
use std::io::ErrorKind;

use super::io::{Deadline, Io};
use super::limits::Settings;
use crate::exchange::{BodyError, BodyLength};
use crate::http::chunked::{Decoder, Malformed, Step};
use crate::http::clock;

/// Bytes that are read from the socket at once for a chunked body.
const CHUNKED_READ: usize = 8 << 10;

/// Bytes that a body of any length is given at first; more are added as it comes.
const ROOM_FIRST: usize = 64 << 10;

#[derive(Clone, Copy, Debug)]
enum Left {
    Bytes(u64),
    Chunks(Decoder),
    Nothing,
}

/// A body that is being read.
pub(super) struct Body<'c> {
    length: BodyLength,
    left: Left,
    /// What was received together with the head, and how much of it is used.
    buffered: &'c [u8],
    buffered_used: usize,
    /// What reads of a chunked body have brought, and how much of it is used.
    extra: Vec<u8>,
    extra_used: usize,
    bytes_max: u64,
    bytes_read: u64,
    /// When the body was first waited for, on the coarse clock.
    since: Option<u64>,
    /// The client waits for `100 Continue` before it sends the body.
    wants_continue: bool,
}

impl<'c> Body<'c> {
    #[inline]
    pub(super) fn new(
        settings: &Settings,
        length: BodyLength,
        wants_continue: bool,
        buffered: &'c [u8],
    ) -> Self {
        let left = match length {
            BodyLength::Empty => Left::Nothing,
            BodyLength::Exact(bytes) => Left::Bytes(bytes),
            BodyLength::Chunked => Left::Chunks(Decoder::new(settings.chunks)),
        };
        Self {
            length,
            left,
            buffered,
            buffered_used: 0,
            extra: Vec::new(),
            extra_used: 0,
            bytes_max: settings.limits.body_bytes_max,
            bytes_read: 0,
            since: None,
            wants_continue: wants_continue && buffered.is_empty() && length != BodyLength::Empty,
        }
    }

    /// Whether another request has come in behind this one, or a part of it.
    pub(super) fn has_successor(&self) -> bool {
        self.is_done() && !self.received().is_empty()
    }

    pub(super) fn length(&self) -> BodyLength {
        self.length
    }

    pub(super) fn limit(&mut self, bytes: u64) {
        self.bytes_max = bytes;
    }

    /// Whether all of it has been read.
    #[inline]
    pub(super) fn is_done(&self) -> bool {
        matches!(self.left, Left::Nothing)
    }

    /// How many of the bytes that came with the head are used.
    #[inline]
    pub(super) fn buffered_used(&self) -> usize {
        self.buffered_used
    }

    /// What came after the body while it was read.
    #[inline]
    pub(super) fn into_rest(self) -> Vec<u8> {
        let mut extra = self.extra;
        if self.extra_used > 0 {
            extra.drain(..self.extra_used);
        }
        extra
    }

    /// What the connection has received and the body has not used. Takes the place of the body once protocols switch.
    pub(super) fn take_received(&mut self, buffer: &mut [u8]) -> usize {
        let bytes = self.received();
        let count = bytes.len().min(buffer.len());
        buffer[..count].copy_from_slice(&bytes[..count]);
        self.used(count);
        count
    }

    /// Reads into `buffer`; 0 is the end of the body. `output` is sent before the socket is waited for.
    pub(super) fn read(
        &mut self,
        io: &mut Io,
        output: &mut Vec<u8>,
        buffer: &mut [u8],
    ) -> Result<usize, BodyError> {
        self.check_length()?;
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let count = self.read_received(buffer)?;
            if count > 0 || self.is_done() {
                return Ok(count);
            }
            if let Left::Bytes(left) = self.left {
                let room = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                let count = self.receive(io, output, Some(&mut buffer[..room]))?;
                return self.count(count);
            }
            self.receive(io, output, None)?;
        }
    }

    /// Reads all that is left; without a copy where it has arrived already and is not chunked.
    pub(super) fn read_all(&mut self, io: &mut Io, output: &mut Vec<u8>) -> Result<Cow<'c, [u8]>, BodyError> {
        self.check_length()?;
        let mut room = CHUNKED_READ;
        if let Left::Bytes(left) = self.left {
            let left = usize::try_from(left).unwrap_or(usize::MAX);
            let buffered: &'c [u8] = self.buffered;
            if let Some(whole) = buffered.get(self.buffered_used..).and_then(|rest| rest.get(..left)) {
                self.used(left);
                self.count(left)?;
                return Ok(Cow::Borrowed(whole));
            }
            room = left;
        }
        if self.is_done() {
            return Ok(Cow::Borrowed(&[]));
        }
        let mut body = vec![0; room.min(ROOM_FIRST)];
        let mut filled = 0;
        loop {
            if filled == body.len() {
                let room = self.room_left(body.len());
                body.resize(filled + room, 0);
            }
            let count = self.read(io, output, &mut body[filled..])?;
            filled += count;
            if count == 0 || self.is_done() {
                body.truncate(filled);
                return Ok(Cow::Owned(body));
            }
        }
    }

    /// Discards what nobody read, if it is all here and small. False when the connection cannot be kept.
    #[cold]
    pub(super) fn discard(&mut self, bytes_max: usize) -> bool {
        if self.wants_continue {
            return false;
        }
        let received = self.received();
        let end = match self.left {
            Left::Nothing => return true,
            Left::Bytes(left) => usize::try_from(left).ok().filter(|left| *left <= received.len()),
            Left::Chunks(decoder) => decoder.end_in(received),
        };
        let Some(end) = end.filter(|end| *end <= bytes_max) else { return false };
        self.used(end);
        self.left = Left::Nothing;
        true
    }

    /// A body that tells a length over the limit is refused before it is read, and before `100 Continue`.
    #[inline]
    fn check_length(&self) -> Result<(), BodyError> {
        match self.left {
            Left::Bytes(left) if self.bytes_read.saturating_add(left) > self.bytes_max => {
                Err(BodyError::TooLarge)
            }
            _ => Ok(()),
        }
    }

    /// Bytes to add to a body that has filled its room: as many again, but no more than are told to come.
    fn room_left(&self, filled: usize) -> usize {
        match self.left {
            Left::Bytes(left) => usize::try_from(left).unwrap_or(usize::MAX).min(filled),
            _ => filled,
        }
        .max(1)
    }

    fn received(&self) -> &[u8] {
        match self.buffered.get(self.buffered_used..) {
            Some(rest) if !rest.is_empty() => rest,
            _ => &self.extra[self.extra_used..],
        }
    }

    fn used(&mut self, count: usize) {
        if self.buffered_used < self.buffered.len() {
            self.buffered_used += count;
        } else {
            self.extra_used += count;
        }
    }

    /// Fills `buffer` from what has been received; 0 when that is used up or the body has ended.
    fn read_received(&mut self, buffer: &mut [u8]) -> Result<usize, BodyError> {
        let mut filled = 0;
        while filled < buffer.len() && !self.is_done() {
            let received = self.received();
            if received.is_empty() {
                break;
            }
            let (mut left, received_bytes) = (self.left, received.len());
            let (skip, length) = match &mut left {
                Left::Nothing => break,
                Left::Bytes(left) => (0, received_bytes.min(usize::try_from(*left).unwrap_or(usize::MAX))),
                Left::Chunks(decoder) => match decoder.step(received) {
                    Ok(Step::More) => (received_bytes, 0),
                    Ok(Step::Data { skip, length }) => (skip, length),
                    Ok(Step::End(bytes)) => {
                        self.used(bytes);
                        self.left = Left::Nothing;
                        break;
                    }
                    Err(Malformed) => return Err(BodyError::Broken),
                },
            };
            let count = length.min(buffer.len() - filled);
            buffer[filled..filled + count].copy_from_slice(&received[skip..skip + count]);
            self.left = left;
            self.used(skip + count);
            filled += self.count(count)?;
        }
        Ok(filled)
    }

    /// Counts data against the length and the limit.
    #[inline]
    fn count(&mut self, bytes: usize) -> Result<usize, BodyError> {
        self.bytes_read += bytes as u64;
        match &mut self.left {
            Left::Bytes(left) => {
                *left -= bytes as u64;
                if *left == 0 {
                    self.left = Left::Nothing;
                }
            }
            Left::Chunks(decoder) if bytes > 0 => decoder.took(bytes),
            Left::Chunks(_) | Left::Nothing => {}
        }
        if self.bytes_read > self.bytes_max { Err(BodyError::TooLarge) } else { Ok(bytes) }
    }

    /// Waits for the socket, and reads into `buffer` or into our own.
    fn receive(
        &mut self,
        io: &mut Io,
        output: &mut Vec<u8>,
        buffer: Option<&mut [u8]>,
    ) -> Result<usize, BodyError> {
        if std::mem::take(&mut self.wants_continue) {
            output.extend_from_slice(b"HTTP/1.1 100 Continue\r\n\r\n");
        }
        if !output.is_empty() {
            io.write(output).map_err(|_| BodyError::Broken)?;
            output.clear();
        }
        let deadline = self.deadline(io.settings());
        let read = if let Some(buffer) = buffer {
            io.read(buffer, deadline)
        } else {
            self.extra_used = 0;
            self.extra.resize(CHUNKED_READ, 0);
            let read = io.read(&mut self.extra, deadline);
            self.extra.truncate(*read.as_ref().unwrap_or(&0));
            read
        };
        match read {
            Ok(0) => Err(if deadline.is_past() { BodyError::Timeout } else { BodyError::Broken }),
            Ok(count) => Ok(count),
            Err(error) if error.kind() == ErrorKind::TimedOut => Err(BodyError::Timeout),
            Err(_) => Err(BodyError::Broken),
        }
    }

    /// A body may not stand still for long, nor be slow for ever.
    fn deadline(&mut self, settings: &Settings) -> Deadline {
        let now = clock::now_ms();
        let since = *self.since.get_or_insert(now);
        let earned = self.bytes_read.saturating_mul(1000) / settings.limits.body_rate_min.max(1);
        let whole = since.saturating_add(settings.body_ms).saturating_add(earned);
        Deadline(whole.min(now.saturating_add(settings.body_stall_ms)))
    }
}
