//! One WebSocket's state: what the codec makes of the bytes, and everything about its end.
//!
//! ```text
//! Open ──close, stop, sender──▶ Closing ──their closing frame, or too late──▶ Over
//!   └──their closing frame (answered), a fault (told), a loss──────────────────▲
//! ```
//!
//! The codec reports faults and leaves the closing frame to us (RFC 6455, section 7.1.7); it answers pings and closing
//! frames itself. The stream is lent for each call, so that the state outlives the handler, who may panic.

use std::io::{ErrorKind, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tungstenite::Error as CodecError;
use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::{Data, OpCode};
use tungstenite::protocol::{Role, WebSocketConfig, WebSocketContext};

use super::failure::Failure;
use super::limits::WebSocketLimits;
use super::message::{Close, CloseCode, Message, Received};
use super::sender::Outbox;
use super::wire::{Pulse, Wire};
use crate::exchange::Duplex;

/// Bytes that are read at once; a WebSocket that is idle holds as many.
const READ_BYTES: usize = 4 << 10;

/// Frames that are collected before they are written, in bytes.
const WRITE_BYTES: usize = 4 << 10;

/// Messages longer than this are sent from where they lie; and after one was received, the codec's buffer is given
/// back.
const LARGE_BYTES_MIN: usize = 16 << 10;

/// How long a handler that never waits may go on once the server stops; one that waits is told at once.
const STOP_PATIENCE: Duration = Duration::from_secs(1);

/// The shortest wait; the clock is coarse.
const WAIT_MIN: Duration = Duration::from_millis(1);

/// How far the end has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Open,
    /// We have sent a closing frame, and the client has not.
    Closing,
    Over,
}

/// One WebSocket, without its stream.
pub(crate) struct Session {
    codec: WebSocketContext,
    config: WebSocketConfig,
    limits: WebSocketLimits,
    pulse: Pulse,
    /// When the client was last asked for a sign of life.
    pinged: Instant,
    outbox: Arc<Outbox>,
    /// When it was first seen that the server stops.
    stopping: Option<Instant>,
    state: State,
    close: Option<Close>,
}

impl Session {
    /// `interrupter` ends the present or the next read of its stream.
    pub(crate) fn new(limits: WebSocketLimits, interrupter: Arc<dyn Fn() + Send + Sync>) -> Self {
        let frame_bytes_max = limits.frame_bytes_max.unwrap_or(limits.message_bytes_max);
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BYTES)
            .write_buffer_size(WRITE_BYTES)
            .max_message_size(Some(limits.message_bytes_max))
            .max_frame_size(Some(frame_bytes_max));
        Self {
            codec: WebSocketContext::new(Role::Server, Some(config)),
            config,
            pulse: Pulse::new(),
            pinged: Instant::now(),
            outbox: Arc::new(Outbox::new(&limits, interrupter)),
            limits,
            stopping: None,
            state: State::Open,
            close: None,
        }
    }

    pub(super) fn outbox(&self) -> Arc<Outbox> {
        Arc::clone(&self.outbox)
    }

    /// It was never opened: nobody's messages are taken any more.
    pub(crate) fn abandon(&mut self) {
        self.outbox.shut();
        self.state = State::Over;
    }

    /// How it was closed, once it is.
    pub(super) fn closed(&self) -> Option<&Close> {
        self.close.as_ref()
    }

    /// Waits for a message, at most until then. What others send goes out meanwhile.
    pub(super) fn receive(
        &mut self,
        stream: &mut dyn Duplex,
        until: Option<Instant>,
    ) -> Result<Received<Message>, Failure> {
        loop {
            self.send_queued(stream)?;
            self.heed_stop(stream)?;
            if self.state != State::Open {
                return Ok(Received::Closed);
            }
            stream.set_read_timeout(self.patience(until));
            let message = match self.read(stream) {
                Ok(tungstenite::Message::Text(text)) => Message::Text(text),
                Ok(tungstenite::Message::Binary(bytes)) => Message::Binary(bytes),
                Ok(tungstenite::Message::Close(frame)) => {
                    self.answer_close(stream, Close::received(frame));
                    return Ok(Received::Closed);
                }
                // The codec answers a ping when it reads on.
                Ok(_) => continue,
                Err(error) => {
                    self.look_into(error, stream)?;
                    if self.state == State::Open && until.is_some_and(|until| until <= Instant::now()) {
                        return Ok(Received::Nothing);
                    }
                    continue;
                }
            };
            self.shrink(message.as_bytes().len());
            return Ok(Received::Message(message));
        }
    }

    /// Sends a message, after those that others have sent before.
    pub(super) fn send(&mut self, stream: &mut dyn Duplex, message: Message) -> Result<(), Failure> {
        self.send_queued(stream)?;
        self.heed_stop(stream)?;
        if self.state != State::Open {
            return Err(Failure::Closed);
        }
        let written = self.write(stream, message).and_then(|()| self.flush(stream));
        written.or_else(|error| self.fail(stream, Failure::of(error)))
    }

    /// Sends a closing frame; nothing is sent after it.
    pub(super) fn close(&mut self, stream: &mut dyn Duplex, close: Close) -> Result<(), Failure> {
        if self.state != State::Open {
            return Ok(());
        }
        self.outbox.shut();
        self.state = State::Closing;
        let frame = close.frame();
        self.close = Some(close);
        let mut wire = Wire { stream, pulse: &mut self.pulse };
        self.codec.close(&mut wire, frame).map_err(|error| {
            self.state = State::Over;
            Failure::of(error)
        })
    }

    /// Tells the client of its fault, and ends. It is not waited for: what it says cannot be understood any more.
    pub(super) fn fail<T>(&mut self, stream: &mut dyn Duplex, failure: Failure) -> Result<T, Failure> {
        if let Some(close) = failure.close() {
            // Whether it arrives or not, this is the end.
            let _ = self.close(stream, close);
        }
        self.outbox.shut();
        self.state = State::Over;
        Err(failure)
    }

    /// Ends the WebSocket in order, after its handler: what was sent goes out, and the client's closing frame is waited
    /// for. `close` is what the client is told if nobody has told it anything else.
    pub(crate) fn finish(&mut self, stream: &mut dyn Duplex, close: Close) {
        if close.code == Some(CloseCode::NORMAL) {
            // A failure ends it as well.
            let _ = self.send_queued(stream);
        }
        let _ = self.close(stream, close);
        self.outbox.shut();
        let deadline = Instant::now() + self.limits.close_timeout.min(Duration::from_hours(1));
        while self.state == State::Closing {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            stream.set_read_timeout(left.max(WAIT_MIN));
            match self.read(stream) {
                Ok(tungstenite::Message::Close(_)) => break,
                // What was under way is lost, as it is when a closing frame crosses it.
                Ok(_) => {}
                Err(CodecError::Io(error)) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => break,
            }
        }
        self.state = State::Over;
    }

    fn read(&mut self, stream: &mut dyn Duplex) -> Result<tungstenite::Message, CodecError> {
        self.codec.read(&mut Wire { stream, pulse: &mut self.pulse })
    }

    fn flush(&mut self, stream: &mut dyn Duplex) -> Result<(), CodecError> {
        self.codec.flush(&mut Wire { stream, pulse: &mut self.pulse })
    }

    /// Writes a message, or collects it if it is short. A long one is not copied: its head goes before it.
    fn write(&mut self, stream: &mut dyn Duplex, message: Message) -> Result<(), CodecError> {
        let length = message.as_bytes().len();
        if length < LARGE_BYTES_MIN {
            let mut wire = Wire { stream, pulse: &mut self.pulse };
            return self.codec.write(&mut wire, message.into());
        }
        self.flush(stream)?;
        let kind = if message.as_text().is_some() { Data::Text } else { Data::Binary };
        let header = FrameHeader { opcode: OpCode::Data(kind), ..FrameHeader::default() };
        let mut head = Vec::new();
        header.format(length as u64, &mut head)?;
        let mut wire = Wire { stream, pulse: &mut self.pulse };
        wire.write_all(&head)?;
        Ok(wire.write_all(message.as_bytes())?)
    }

    /// Sends what others have sent, and closes if they closed.
    fn send_queued(&mut self, stream: &mut dyn Duplex) -> Result<(), Failure> {
        while self.state == State::Open {
            let (queue, close) = self.outbox.drain();
            if queue.is_empty() && close.is_none() {
                return Ok(());
            }
            let mut written = Ok(());
            for message in queue {
                written = written.and_then(|()| self.write(stream, message));
            }
            let written = written.and_then(|()| self.flush(stream));
            written.or_else(|error| self.fail(stream, Failure::of(error)))?;
            if let Some(close) = close {
                return self.close(stream, close);
            }
        }
        Ok(())
    }

    /// Answers the client's closing frame, which the codec has made ready.
    fn answer_close(&mut self, stream: &mut dyn Duplex, close: Close) {
        // The codec reports the end as an error; any other means that the client has gone already.
        let _ = self.flush(stream);
        self.outbox.shut();
        self.close = Some(close);
        self.state = State::Over;
    }

    /// What ended a read: the time, others, the server's end, or a fault.
    fn look_into(&mut self, error: CodecError, stream: &mut dyn Duplex) -> Result<(), Failure> {
        match error {
            CodecError::Io(error) if error.kind() == ErrorKind::TimedOut => self.break_silence(stream),
            CodecError::Io(error) if error.kind() == ErrorKind::WouldBlock => {
                // Somebody has sent something, or wants this to end.
                if stream.is_stopping() { self.leave(stream) } else { Ok(()) }
            }
            error => self.fail(stream, Failure::of(error)),
        }
    }

    /// Ends what goes on though the server stops.
    fn heed_stop(&mut self, stream: &mut dyn Duplex) -> Result<(), Failure> {
        if !stream.is_stopping() {
            return Ok(());
        }
        let since = *self.stopping.get_or_insert_with(Instant::now);
        if since.elapsed() < STOP_PATIENCE { Ok(()) } else { self.leave(stream) }
    }

    fn leave(&mut self, stream: &mut dyn Duplex) -> Result<(), Failure> {
        self.close(stream, Close::new(CloseCode::GOING_AWAY, "the server is stopping"))
    }

    /// How long the next read may wait.
    fn patience(&self, until: Option<Instant>) -> Duration {
        let until = [until, self.ping_at(), self.idle_at()].into_iter().flatten().min();
        let left = until.map_or(Duration::MAX, |until| until.saturating_duration_since(Instant::now()));
        left.max(WAIT_MIN)
    }

    fn ping_at(&self) -> Option<Instant> {
        self.pinged.max(self.pulse.heard).checked_add(self.limits.ping_interval)
    }

    fn idle_at(&self) -> Option<Instant> {
        self.pulse.heard.checked_add(self.limits.idle_timeout)
    }

    /// The client has been silent for a while.
    fn break_silence(&mut self, stream: &mut dyn Duplex) -> Result<(), Failure> {
        let now = Instant::now();
        if self.idle_at().is_some_and(|at| at <= now) {
            return self.fail(stream, Failure::Idle);
        }
        if self.ping_at().is_some_and(|at| at <= now) {
            self.pinged = now;
            let mut wire = Wire { stream, pulse: &mut self.pulse };
            let sent = self.codec.write(&mut wire, tungstenite::Message::Ping(Bytes::new()));
            let sent = sent.and_then(|()| self.flush(stream));
            return sent.or_else(|error| self.fail(stream, Failure::of(error)));
        }
        Ok(())
    }

    /// Gives the codec's buffer back after a long message. Reads end with long frames, so the buffer holds nothing.
    fn shrink(&mut self, bytes: usize) {
        if bytes >= LARGE_BYTES_MIN && self.pulse.scan.is_between() && self.codec.can_write() {
            self.codec = WebSocketContext::new(Role::Server, Some(self.config));
        }
    }
}
