//! One request's way in and out by `may_minihttp`: whole answers, and bodies whose length is told.

#![allow(unsafe_code)]

use std::borrow::Cow;
use std::io::{self, Read as _};
use std::net::SocketAddr;
use std::os::fd::{BorrowedFd, RawFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use may::coroutine;
use may_minihttp::{BodyReader, Response};
use socket2::SockRef;

use crate::exchange::{BodyError, BodyLength, Exchange, Field, OperationName, Sent};
use crate::http::encode;
use crate::http::head::Refusal;
use crate::http::status::reason;
use crate::server::Limits;
use crate::task::{self, Task};

/// Bytes that a body is given room for at first.
const ROOM_FIRST: usize = 64 << 10;

/// The exchange of one request.
pub(super) struct Turn<'c, 'r, 'b, 's> {
    limits: &'c Limits,
    socket: RawFd,
    response: &'c mut Response<'r>,
    lines: &'c mut String,
    body: Option<BodyReader<'b, 's>>,
    length: BodyLength,
    left: u64,
    bytes_max: u64,
    sent: Sent,
    /// Whether another request may follow.
    keep: bool,
}

/// What came of a request.
pub(super) struct End {
    /// Whether another one may follow.
    pub(super) keep: bool,
    /// The size of the answer.
    pub(super) bytes: usize,
}

impl<'c, 'r, 'b, 's> Turn<'c, 'r, 'b, 's> {
    pub(super) fn new(
        limits: &'c Limits,
        socket: RawFd,
        response: &'c mut Response<'r>,
        lines: &'c mut String,
    ) -> Self {
        let bytes_max = limits.body_bytes_max;
        let (body, length, sent) = (None, BodyLength::Empty, Sent::default());
        Self { limits, socket, response, lines, body, length, left: 0, bytes_max, sent, keep: true }
    }

    /// The request has a body.
    pub(super) fn take_body(&mut self, body: BodyReader<'b, 's>, length: BodyLength) {
        self.body = Some(body);
        self.length = length;
        self.left = if let BodyLength::Exact(bytes) = length { bytes } else { 0 };
    }

    /// Makes sure of an answer, and gets the rest of the body out of the way.
    pub(super) fn end(mut self) -> End {
        if !self.answered() {
            self.fail();
        }
        if let Some(body) = self.body.take() {
            if self.keep && self.left <= self.limits.unread_bytes_max as u64 {
                // It reads what is left.
                drop(body);
            } else {
                self.keep = false;
                std::mem::forget(body);
            }
        }
        let bytes = self.lines.len() + usize::try_from(self.sent.body_bytes).unwrap_or(usize::MAX);
        End { keep: self.keep, bytes }
    }

    /// Answers 500 in the handler's place.
    #[cold]
    fn fail(&mut self) {
        self.sent.status = 500;
        refuse(self.response, Refusal::new(500, ""));
    }

    fn head(&mut self, status: u16, fields: &[Field]) -> Result<(), encode::Invalid> {
        if !encode::is_final(status) {
            return Err(encode::Invalid::Status);
        }
        let mut bytes = std::mem::take(self.lines).into_bytes();
        bytes.clear();
        let said = encode::fields(&mut bytes, fields)?;
        // `may_minihttp` adds the last line end.
        bytes.truncate(bytes.len().saturating_sub(2));
        *self.lines = String::from_utf8(bytes).map_err(|_| encode::Invalid::Value)?;
        self.keep &= !said.close;
        self.response.status_code(usize::from(status), reason(status));
        if !self.lines.is_empty() {
            // SAFETY: the text lives in the connection and is not touched before its next request, and `may_minihttp`
            // is done with this answer before that: it encodes it as soon as the service returns.
            let lines: &'static str = unsafe { &*std::ptr::from_ref::<str>(self.lines) };
            self.response.header(lines);
        }
        self.sent.status = status;
        Ok(())
    }
}

/// Answers with a problem in place of a handler; the size of the answer, which is the connection's last.
#[cold]
pub(super) fn refuse(response: &mut Response<'_>, refusal: Refusal) -> usize {
    let Refusal { status, detail } = refusal;
    response.status_code(usize::from(status), reason(status));
    if status == 501 && detail.is_empty() {
        // To a HEAD request, whose client reads no body.
        return 0;
    }
    let body = encode::problem(status, detail);
    response.header("content-type: application/problem+json");
    response.body_mut().extend_from_slice(body.as_bytes());
    body.len()
}

impl Exchange for Turn<'_, '_, '_, '_> {
    fn body_length(&self) -> BodyLength {
        self.length
    }

    fn limit_body(&mut self, bytes: u64) {
        self.bytes_max = bytes;
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, BodyError> {
        if matches!(self.length, BodyLength::Exact(length) if length > self.bytes_max) {
            return Err(BodyError::TooLarge);
        }
        let Some(body) = self.body.as_mut().filter(|_| self.left > 0 && !buffer.is_empty()) else {
            return Ok(0);
        };
        if task::is_unwinding() {
            return Err(BodyError::Broken);
        }
        let had = task::pause();
        let read = body.read(buffer);
        drop(had);
        if let Ok(count @ 1..) = read {
            self.left = self.left.saturating_sub(count as u64);
            Ok(count)
        } else {
            self.keep = false;
            Err(BodyError::Broken)
        }
    }

    fn read_all(&mut self) -> Result<Cow<'_, [u8]>, BodyError> {
        let room = usize::try_from(self.left).unwrap_or(usize::MAX);
        let mut bytes = vec![0; room.min(ROOM_FIRST)];
        let mut filled = 0;
        loop {
            let count = self.read(&mut bytes[filled..])?;
            filled += count;
            if self.left == 0 {
                bytes.truncate(filled);
                return Ok(Cow::Owned(bytes));
            }
            if filled == bytes.len() {
                let more = usize::try_from(self.left).unwrap_or(usize::MAX).min(filled.max(1));
                bytes.resize(filled + more, 0);
            }
        }
    }

    fn send(&mut self, status: u16, fields: &[Field], body: &[u8]) {
        if self.answered() {
            tracing::error!(status, "a second answer to one request was dropped");
            return;
        }
        if let Err(invalid) = self.head(status, fields) {
            tracing::error!(status, ?invalid, "an answer that cannot be sent was replaced by 500");
            return self.fail();
        }
        if !matches!(status, 204 | 205 | 304) {
            self.sent.body_bytes = body.len() as u64;
            self.response.body_mut().extend_from_slice(body);
        }
    }

    fn begin(&mut self, _status: u16, _fields: &[Field]) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "may_minihttp sends answers as a whole"))
    }

    fn write(&mut self, _piece: &[u8]) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "no answer has begun"))
    }

    fn finish(&mut self) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "no answer has begun"))
    }

    fn abort(&mut self) {
        self.keep = false;
    }

    /// On a coroutine of its own, which gets its turn when this one waits: `may_minihttp` has sent the answer by then.
    fn after(&mut self, task: Box<dyn FnOnce() + Send>) {
        let id = usize::try_from(self.socket).unwrap_or(0);
        let run = move || {
            let own = Arc::new(Task::new());
            own.settle(id);
            let _entered = task::enter(Some(own));
            task();
        };
        // SAFETY: whatever waits in tasks keeps nothing of the thread over its waits, as handlers do not either.
        let spawned =
            catch_unwind(AssertUnwindSafe(|| unsafe { coroutine::Builder::new().id(id).spawn(run) }));
        if !matches!(spawned, Ok(Ok(_))) {
            tracing::error!("a task after an answer was lost for want of a coroutine");
        }
    }

    fn answered(&self) -> bool {
        self.sent.status != 0
    }

    fn sent(&self) -> Sent {
        self.sent
    }

    fn name(&mut self, operation: &'static OperationName) {
        if let Some(task) = task::current() {
            task.name(operation);
        }
    }

    fn is_cancelled(&self) -> bool {
        false
    }

    /// The proxy's address.
    fn peer(&self) -> Option<SocketAddr> {
        // SAFETY: the socket is open for as long as the connection's coroutine runs, which waits for whoever has this.
        let socket = unsafe { BorrowedFd::borrow_raw(self.socket) };
        SockRef::from(&socket).peer_addr().ok()?.as_socket()
    }
}
