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
use super::tls::Session;
use super::wire::Wire;
use crate::exchange::ClientCertificate;
use crate::http::clock;
use crate::park;
use crate::task::{self, Interrupted};

/// The events that tell of a closed direction: `EPOLLRDHUP`, `EPOLLHUP`, `EPOLLERR`.
const HUNG_UP: usize = 0x2000 | 0x10 | 0x8;

/// Set by a waker.
const WOKEN: usize = 0x8000_0000;

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
    /// What is between the bytes of the socket and ours.
    session: Option<Box<Session>>,
    wire: Wire,
    peer: OnceCell<Option<SocketAddr>>,
    /// The kernel reports a broken connection once only.
    broken: Cell<bool>,
}

impl Io {
    pub(super) fn new(registration: Registration, stream: TcpStream, session: Option<Box<Session>>) -> Self {
        Self {
            registration,
            session,
            wire: Wire::new(stream),
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

    /// The client's address, asked for once; Unix sockets have none. IPv4 looks the same over an IPv6 socket.
    pub(super) fn peer(&self) -> Option<SocketAddr> {
        *self.peer.get_or_init(|| {
            let address = self.wire.stream.peer_addr().ok()?;
            Some(SocketAddr::new(address.ip().to_canonical(), address.port()))
        })
    }

    /// What the client has shown of itself.
    pub(super) fn client_certificate(&self) -> ClientCertificate<'_> {
        self.session.as_ref().map_or(ClientCertificate::Unknown, |session| session.certificate())
    }

    /// Waits for an event on the socket. May return early; `TimedOut` when the deadline has passed, or that of the
    /// handler.
    #[inline]
    pub(super) fn wait(&mut self, deadline: Deadline) -> io::Result<()> {
        if task::is_unwinding() {
            return Err(io::Error::other(Interrupted::Unwinding));
        }
        let active = self.active();
        let deadline = deadline.min(Deadline(active.task.deadline_ms()));
        active.deadline.store(deadline.0, Ordering::Relaxed);
        let had = active.task.pause();
        let events = self.wire.stream.wait_io();
        if had && events & WOKEN != 0 {
            // Somebody's call ended the wait, perhaps in their thread.
            park::come_home();
        }
        active.task.resume(had);
        active.deadline.store(0, Ordering::Relaxed);
        let aborted = active.abort.load(Ordering::Relaxed);
        self.wire.hung_up |= events & HUNG_UP != 0;
        self.wire.drained = false;
        if aborted {
            return Err(ErrorKind::ConnectionAborted.into());
        }
        if deadline.is_past() { Err(ErrorKind::TimedOut.into()) } else { Ok(()) }
    }

    /// Agrees with the client on how to hide what is said, if it is to be hidden.
    pub(super) fn shake_hands(&mut self, deadline: Deadline) -> io::Result<()> {
        while let Some(session) = &mut self.session {
            if session.try_flush(&mut self.wire)? {
                if !session.is_handshaking() {
                    break;
                }
                match session.receive(&mut self.wire) {
                    Ok(true) => continue,
                    Ok(false) => {}
                    Err(error) => {
                        if error.kind() == ErrorKind::InvalidData {
                            self.refuse_session();
                        }
                        return Err(error);
                    }
                }
            }
            self.wait(deadline)?;
        }
        Ok(())
    }

    /// Lets the client read why it is not let in.
    #[cold]
    fn refuse_session(&mut self) {
        self.session = None;
        self.linger();
    }

    /// Reads what is there; `None` when nothing is.
    #[inline]
    pub(super) fn try_read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        if let Some(session) = &mut self.session {
            return session.try_read(&mut self.wire, buffer);
        }
        match self.wire.read(buffer) {
            Ok(count) => Ok(Some(count)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether there is something to read that was not noticed yet, the end of the stream not counted; then it is
    /// noticed from here on.
    #[cold]
    pub(super) fn has_more(&mut self) -> bool {
        let has_more = self.wire.stream.inner_mut().peek(&mut [0]).is_ok_and(|count| count > 0);
        self.wire.drained &= !has_more;
        has_more || self.session.as_mut().is_some_and(|session| session.has_received())
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
        if self.session.is_some() {
            return self.write_hidden(bytes);
        }
        while !bytes.is_empty() {
            match self.wire.write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.wait_to_write()?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The same through the session; with no bytes it sends what the session has to say.
    fn write_hidden(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while let Some(session) = &mut self.session {
            let count = session.push(bytes)?;
            bytes = &bytes[count..];
            if !session.try_flush(&mut self.wire)? {
                self.wait_to_write()?;
            } else if bytes.is_empty() {
                break;
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
        if matches!(self.wire.stream.take_error(), Ok(Some(_))) {
            self.broken.set(true);
        }
        self.broken.get() || self.active().abort.load(Ordering::Relaxed)
    }

    /// Whether the client sends no more.
    pub(super) fn is_hung_up(&self) -> bool {
        self.wire.hung_up
    }

    /// Sends the end of the stream.
    #[cold]
    pub(super) fn finish(&mut self) {
        // It fails only when the client has gone, and then there is nobody to tell.
        if let Some(session) = &mut self.session {
            session.close();
            let _ = self.write_hidden(&[]);
        }
        let _ = self.wire.stream.shutdown(Shutdown::Write);
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
        let Self { registration, session, wire, .. } = self;
        registration.park(wire.stream, session, deadline.0);
    }
}
