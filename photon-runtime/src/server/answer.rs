//! One request's way in and out over a connection: the engine's [`Exchange`].
//!
//! ```text
//! Nothing ──send──▶ Done        Nothing ──begin──▶ Begun ──write*, finish──▶ Done
//!    └──upgrade──▶ Switched                          └──abort, or no finish──▶ Cut
//! ```
//!
//! Whole answers are only appended to the connection's output, which is sent once for a batch of requests.

use std::borrow::Cow;
use std::io::{self, ErrorKind};
use std::mem;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use super::body::Body;
use super::io::{Deadline, Io};
use super::pieces::Framing;
use super::registry::Active;
use crate::exchange::{
    BodyError, BodyLength, ClientCertificate, Duplex, Exchange, Field, OperationName, Pause, Sent,
};
use crate::http::encode;
use crate::http::head::Request;

/// Bodies longer than this are sent from where they lie, not copied behind their head.
const COPIED_MAX: usize = 32 << 10;

/// How long a handler on a thread for blocking work pauses at once.
const THREAD_PAUSE: Duration = Duration::from_millis(20);

/// How far the answer has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Answer {
    Nothing,
    Begun(Framing),
    Done,
    /// The client must not take it for complete.
    Cut,
    Switched,
}

type Task = Box<dyn FnOnce() + Send>;

/// The exchange of one request.
pub(super) struct Turn<'c> {
    pub(super) io: &'c mut Io,
    pub(super) output: &'c mut Vec<u8>,
    pub(super) body: Body<'c>,
    pub(super) answer: Answer,
    /// How much of it was handed over.
    pub(super) sent: Sent,
    /// Whether another request may follow on the connection.
    pub(super) keep: bool,
    /// What is to be done once the answer is sent.
    tasks: Vec<Task>,
    pub(super) minor: u8,
    is_head: bool,
    /// How long reads of a switched connection wait.
    pub(super) read_ms: u64,
    pub(super) told: Told,
}

/// What the handler has been told.
#[derive(Default)]
pub(super) struct Told {
    /// The server is stopping, while it reads from a switched connection.
    pub(super) stopping: bool,
    /// The client sends no more, while an answer is sent in pieces.
    hung_up: bool,
}

impl<'c> Turn<'c> {
    /// `buffered` is what was received after the head.
    #[inline]
    pub(super) fn new(
        io: &'c mut Io,
        output: &'c mut Vec<u8>,
        request: &Request<'_>,
        buffered: &'c [u8],
    ) -> Self {
        let body = Body::new(io.settings(), request.body, request.expects_continue, buffered);
        Self {
            io,
            output,
            body,
            answer: Answer::Nothing,
            sent: Sent::default(),
            keep: request.keep_alive,
            tasks: Vec::new(),
            minor: request.head.minor,
            is_head: request.head.method == "HEAD",
            read_ms: 0,
            told: Told::default(),
        }
    }

    /// Answers 500 in the handler's place, and closes.
    #[cold]
    pub(super) fn fail(&mut self) {
        self.keep = false;
        let body = encode::problem(500, "");
        let content_type =
            Field { name: Cow::Borrowed("content-type"), value: Cow::Borrowed("application/problem+json") };
        self.send(500, &[content_type], body.as_bytes());
    }

    /// Appends status line and fields, and returns the length that the handler tells; or says why it cannot. Whether
    /// the connection stays is known afterwards.
    #[inline]
    pub(super) fn head(&mut self, status: u16, fields: &[Field]) -> Result<Option<u64>, encode::Invalid> {
        if !encode::is_final(status) {
            return Err(encode::Invalid::Status);
        }
        let said = encode::head(self.output, status, fields)?;
        self.sent.status = status;
        if !self.body.is_done() && self.keep {
            self.keep = self.body.discard(self.io.settings().limits.unread_bytes_max);
        }
        self.keep &= !said.close && (!self.io.engine().is_draining() || self.has_successor());
        Ok(said.length)
    }

    /// Whether a request has come in behind this one that a stopping server answers, too.
    #[cold]
    fn has_successor(&mut self) -> bool {
        self.io.engine().is_patient() && (self.body.has_successor() || self.io.has_more())
    }

    /// Appends `Connection`, where it says anything new.
    #[inline]
    pub(super) fn connection(&mut self) {
        if !self.keep {
            self.output.extend_from_slice(b"connection: close\r\n");
        } else if self.minor == 0 {
            self.output.extend_from_slice(b"connection: keep-alive\r\n");
        }
    }

    #[inline]
    pub(super) fn active(&self) -> &Active {
        self.io.active()
    }

    #[inline]
    pub(super) fn has_body(&self, status: u16) -> bool {
        !self.is_head && status != 204 && status != 304
    }

    /// Sends what is left of the answer, then does what the handler put off until then.
    #[inline]
    pub(super) fn run_tasks(&mut self) {
        if !self.tasks.is_empty() {
            self.flush_and_run_tasks();
        }
    }

    #[cold]
    fn flush_and_run_tasks(&mut self) {
        // Tasks are owed whether the client still reads or not.
        let _ = self.flush();
        if !self.keep && self.body.is_done() && self.answer == Answer::Done {
            self.io.finish();
        }
        for task in mem::take(&mut self.tasks) {
            if catch_unwind(AssertUnwindSafe(task)).is_err() {
                tracing::error!("a task after an answer panicked");
            }
        }
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        let written = self.io.write(self.output);
        self.output.clear();
        written.inspect_err(|_| self.cut())
    }

    /// Whether a pause ends before its time.
    fn why_pause_ends(&mut self) -> Option<Pause> {
        if Exchange::is_cancelled(self) {
            Some(Pause::Gone)
        } else if self.io.engine().is_draining() {
            Some(Pause::Stopping)
        } else if self.io.is_hung_up() && !mem::replace(&mut self.told.hung_up, true) {
            Some(Pause::HungUp)
        } else {
            self.active().take_interrupt().then_some(Pause::Over)
        }
    }

    pub(super) fn cut(&mut self) {
        self.keep = false;
        self.answer = Answer::Cut;
    }
}

impl Exchange for Turn<'_> {
    fn body_length(&self) -> BodyLength {
        self.body.length()
    }

    fn limit_body(&mut self, bytes: u64) {
        self.body.limit(bytes);
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, BodyError> {
        self.body.read(self.io, self.output, buffer).inspect_err(|_| self.keep = false)
    }

    fn read_all(&mut self) -> Result<Cow<'_, [u8]>, BodyError> {
        self.body.read_all(self.io, self.output).inspect_err(|_| self.keep = false)
    }

    #[inline]
    fn send(&mut self, status: u16, fields: &[Field], body: &[u8]) {
        if self.answer != Answer::Nothing {
            tracing::error!(status, "a second answer to one request was dropped");
            return;
        }
        if let Err(invalid) = self.head(status, fields) {
            tracing::error!(status, ?invalid, "an answer that cannot be sent was replaced by 500");
            return self.fail();
        }
        self.connection();
        self.answer = Answer::Done;
        if status != 204 && status != 304 {
            // A reset content has none (RFC 9110, section 15.3.6), and says so.
            let bytes = if status == 205 { 0 } else { body.len() as u64 };
            encode::content_length(self.output, bytes);
        }
        self.output.extend_from_slice(b"\r\n");
        if !self.has_body(status) || status == 205 {
            return;
        }
        self.sent.body_bytes = body.len() as u64;
        if body.len() <= COPIED_MAX {
            self.output.extend_from_slice(body);
        } else if self.flush().is_ok() && self.io.write(body).is_err() {
            self.cut();
        }
    }

    fn begin(&mut self, status: u16, fields: &[Field]) -> io::Result<()> {
        self.begin_pieces(status, fields)
    }

    fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        self.write_piece(piece)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.finish_pieces()
    }

    fn abort(&mut self) {
        self.cut();
    }

    fn after(&mut self, task: Task) {
        self.tasks.push(task);
    }

    fn answered(&self) -> bool {
        self.answer != Answer::Nothing
    }

    fn sent(&self) -> Sent {
        self.sent
    }

    #[inline]
    fn name(&mut self, operation: &'static OperationName) {
        self.active().task.name(operation);
    }

    fn is_cancelled(&self) -> bool {
        self.answer == Answer::Cut || self.io.is_cancelled()
    }

    fn peer(&self) -> Option<SocketAddr> {
        self.io.peer()
    }

    fn client_certificate(&self) -> ClientCertificate<'_> {
        self.io.client_certificate()
    }

    fn pause(&mut self, timeout: Duration) -> Pause {
        if !may::coroutine::is_coroutine() {
            // A thread for blocking work cannot wait for the socket.
            let _ = crate::sleep(timeout.min(THREAD_PAUSE));
            return self.why_pause_ends().unwrap_or(Pause::Over);
        }
        let deadline = Deadline::after(u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX));
        loop {
            if let Some(pause) = self.why_pause_ends() {
                return pause;
            }
            self.active().switch();
            let waited = self.io.wait(deadline);
            self.active().go_on();
            if waited.is_err() {
                return self.why_pause_ends().unwrap_or(Pause::Over);
            }
        }
    }

    fn interrupter(&self) -> Option<Arc<dyn Fn() + Send + Sync>> {
        Some(Duplex::interrupter(self))
    }

    fn keep_alive(&self) -> Duration {
        self.io.settings().limits.stream_keep_alive
    }

    fn is_stopping(&self) -> bool {
        self.io.engine().is_draining()
    }

    fn is_ready(&self) -> bool {
        !self.io.engine().is_leaving()
    }

    fn upgrade(&mut self, fields: &[Field]) -> io::Result<&mut dyn Duplex> {
        if self.answer != Answer::Nothing || self.minor == 0 || !self.body.is_done() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "the protocol cannot be switched here"));
        }
        if let Err(invalid) = encode::head(self.output, 101, fields) {
            tracing::error!(?invalid, "a switch of protocols that cannot be sent was replaced by 500");
            self.fail();
            return Err(io::Error::new(ErrorKind::InvalidInput, "the answer cannot be sent"));
        }
        self.output.extend_from_slice(b"connection: upgrade\r\n\r\n");
        self.keep = false;
        self.answer = Answer::Switched;
        self.sent.status = 101;
        self.flush()?;
        self.read_ms = self.io.settings().idle_ms;
        // From here on the connection waits for the client: the server may wake it to say that it stops.
        self.active().switch();
        Ok(self)
    }

    #[cfg(feature = "websocket")]
    fn websocket_limits(&self) -> crate::websocket::WebSocketLimits {
        self.io.settings().limits.websocket.clone()
    }
}
