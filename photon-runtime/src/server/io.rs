//! The socket of one connection: non-blocking reads and writes, and the only place where a connection waits.
//!
//! Knows bytes and deadlines, no HTTP.

use std::cell::{Cell, OnceCell};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use may::io::WaitIo as _;
use may::net::TcpStream;

use super::engine::Engine;
use super::limits::Settings;
use super::registry::{Active, Registration};
use crate::http::clock;

/// The events that tell of a closed direction: `EPOLLRDHUP`, `EPOLLHUP`, `EPOLLERR`.
const HUNG_UP: usize = 0x2000 | 0x10 | 0x8;

/// Bytes of a refused request that are thrown away before its connection is closed.
const LINGER_BYTES_MAX: usize = 256 << 10;

/// A point on the coarse clock.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Deadline(pub(super) u64);

impl Deadline {
    pub(super) fn after(ms: u64) -> Self {
        Self(clock::now_ms().saturating_add(ms))
    }

    pub(super) fn is_past(self) -> bool {
        clock::now_ms() >= self.0
    }
}

/// One connection's socket.
pub(super) struct Io {
    // Fields are dropped in order: the entry in the registry goes before the socket is closed.
    registration: Registration,
    stream: TcpStream,
    hung_up: bool,
    /// The last read was short, so the socket is empty until an event says otherwise.
    drained: bool,
    peer: OnceCell<Option<SocketAddr>>,
    /// The kernel reports a broken connection once only.
    broken: Cell<bool>,
}

impl Io {
    pub(super) fn new(registration: Registration, stream: TcpStream) -> Self {
        Self {
            registration,
            stream,
            hung_up: false,
            drained: false,
            peer: OnceCell::new(),
            broken: Cell::new(false),
        }
    }

    #[inline]
    pub(super) fn engine(&self) -> &Engine {
        &self.registration.engine
    }

    pub(super) fn engine_shared(&self) -> Arc<Engine> {
        Arc::clone(&self.registration.engine)
    }

    #[inline]
    pub(super) fn settings(&self) -> &Settings {
        &self.registration.engine.settings
    }

    pub(super) fn active_shared(&self) -> Arc<Active> {
        Arc::clone(&self.registration.active)
    }

    #[inline]
    pub(super) fn active(&self) -> &Active {
        &self.registration.active
    }

    /// The client's address, asked for once.
    pub(super) fn peer(&self) -> Option<SocketAddr> {
        *self.peer.get_or_init(|| self.stream.peer_addr().ok())
    }

    /// Waits for an event on the socket. May return early; `TimedOut` when the deadline has passed.
    #[inline]
    pub(super) fn wait(&mut self, deadline: Deadline) -> io::Result<()> {
        let active = self.active();
        active.deadline.store(deadline.0, Ordering::Relaxed);
        let events = self.stream.wait_io();
        active.deadline.store(0, Ordering::Relaxed);
        let aborted = active.abort.load(Ordering::Relaxed);
        self.hung_up |= events & HUNG_UP != 0;
        self.drained = false;
        if aborted {
            return Err(ErrorKind::ConnectionAborted.into());
        }
        if deadline.is_past() { Err(ErrorKind::TimedOut.into()) } else { Ok(()) }
    }

    /// Reads what is there; `None` when nothing is.
    #[inline]
    pub(super) fn try_read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        if self.drained && !self.hung_up {
            return Ok(None);
        }
        loop {
            match self.stream.inner_mut().read(buffer) {
                Ok(count) => {
                    // Elsewhere than with epoll the end of the stream may come along with the last bytes, unseen.
                    self.drained = cfg!(target_os = "linux") && count < buffer.len();
                    return Ok(Some(count));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads, waiting for bytes; 0 is the end of the stream.
    pub(super) fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        loop {
            if let Some(count) = self.try_read(buffer)? {
                return Ok(count);
            }
            self.wait(deadline)?;
        }
    }

    /// Writes everything, waiting while the client does not read; its time starts anew whenever bytes move.
    #[inline]
    pub(super) fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.stream.inner_mut().write(bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => bytes = &bytes[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.wait_to_write()?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    #[cold]
    fn wait_to_write(&mut self) -> io::Result<()> {
        let deadline = Deadline::after(self.settings().write_stall_ms);
        self.wait(deadline)
    }

    /// Whether the connection is broken in both directions, or the server is asked to stop at once.
    pub(super) fn is_cancelled(&self) -> bool {
        if matches!(self.stream.take_error(), Ok(Some(_))) {
            self.broken.set(true);
        }
        self.broken.get() || self.active().abort.load(Ordering::Relaxed)
    }

    /// Whether the client sends no more.
    pub(super) fn is_hung_up(&self) -> bool {
        self.hung_up
    }

    /// Sends the end of the stream.
    #[cold]
    pub(super) fn finish(&mut self) {
        // It fails only when the client has gone, and then there is nobody to tell.
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// Closes so that the client gets to read the last answer: closing with bytes unread would make the kernel reset
    /// the connection (RFC 9112, section 9.6).
    #[cold]
    pub(super) fn linger(&mut self) {
        self.finish();
        let mut sink = [0u8; 4096];
        let deadline = Deadline::after(self.settings().linger_ms);
        let mut thrown_away = 0;
        while thrown_away < LINGER_BYTES_MAX {
            match self.read(&mut sink, deadline) {
                Ok(0) | Err(_) => return,
                Ok(count) => thrown_away += count,
            }
        }
    }

    /// Gives up the coroutine and leaves the socket to the keeper.
    pub(super) fn park(self, deadline: Deadline) {
        let Self { registration, stream, .. } = self;
        registration.park(stream, deadline.0);
    }
}
