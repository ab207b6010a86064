//! What all connections of one server share, and how a connection gets its coroutine. Knows no bytes.

#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use may::coroutine;
use may::net::TcpStream;

use super::connection;
use super::io::Io;
use super::limits::Settings;
use super::registry::{Registration, Registry};
use super::tls::{self, Session};
use super::watch::Watch;
use crate::exchange::Handler;
use crate::http::clock;

/// One server's shared state.
pub(super) struct Engine {
    pub(super) handler: Box<dyn Handler>,
    pub(super) settings: Settings,
    pub(super) registry: Registry,
    pub(super) watch: Watch,
    /// How TCP connections are hidden from others, if they are.
    pub(super) tls: Option<tls::Keeper>,
    /// The server is asked to stop, and tells those who ask for its health.
    leaving: AtomicBool,
    /// When the server began to stop, on the coarse clock; 0 before.
    draining_since: AtomicU64,
    /// Another process has taken over the listening sockets.
    handed_over: AtomicBool,
    stopped: AtomicBool,
}

impl Engine {
    pub(super) fn new(
        handler: Box<dyn Handler>,
        settings: Settings,
        tls: Option<tls::Keeper>,
    ) -> io::Result<Self> {
        Ok(Self {
            handler,
            settings,
            registry: Registry::default(),
            watch: Watch::new()?,
            tls,
            leaving: AtomicBool::new(false),
            draining_since: AtomicU64::new(0),
            handed_over: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
        })
    }

    /// Whether no requests should come any more: the server stops, and nobody takes its place.
    pub(super) fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Relaxed)
    }

    pub(super) fn begin_leaving(&self) {
        self.leaving.store(!self.is_handed_over(), Ordering::Relaxed);
    }

    /// Whether no new connection is wanted, and each answer is a connection's last.
    #[inline]
    pub(super) fn is_draining(&self) -> bool {
        self.draining_since.load(Ordering::Relaxed) != 0
    }

    /// When the server began to stop, if it did.
    pub(super) fn draining_since(&self) -> Option<u64> {
        Some(self.draining_since.load(Ordering::Relaxed)).filter(|since| *since != 0)
    }

    /// Whether requests that have come in behind others are still answered, in a server that stops.
    #[cold]
    pub(super) fn is_patient(&self) -> bool {
        self.draining_since().is_none_or(|since| clock::now_ms() < since + self.settings.drain_ms / 2)
    }

    pub(super) fn begin_draining(&self) {
        let now = clock::now_ms();
        let _ = self.draining_since.compare_exchange(0, now, Ordering::SeqCst, Ordering::SeqCst);
        self.watch.kick();
    }

    /// Whether another process accepts in this one's place.
    pub(super) fn is_handed_over(&self) -> bool {
        self.handed_over.load(Ordering::Relaxed)
    }

    pub(super) fn hand_over(&self) {
        self.handed_over.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Ends the keeper.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.watch.kick();
    }

    /// Whether another connection may have a coroutine.
    pub(super) fn has_room(&self) -> bool {
        self.registry.active() < self.settings.limits.active_connections_max
    }

    /// Gives a connection, already counted, a coroutine on the worker that watches its socket. `resumed` is the
    /// deadline of one that was parked. False when none could be made; the connection is closed then.
    pub(super) fn launch(
        self: &Arc<Self>,
        socket: OwnedFd,
        session: Option<Box<Session>>,
        resumed: Option<u64>,
    ) -> bool {
        let fd = socket.as_raw_fd();
        // Both steps may panic: when the worker's epoll is full, and when no stack can be mapped.
        let stream = catch_unwind(AssertUnwindSafe(|| {
            // SAFETY: the descriptor is released by its owner just here.
            unsafe { TcpStream::from_raw_fd(socket.into_raw_fd()) }
        }));
        let Ok(stream) = stream else {
            self.registry.went();
            return false;
        };
        let registration = Registration::new(Arc::clone(self), &stream);
        let io = Io::new(registration, stream, session);
        let id = usize::try_from(fd).unwrap_or(0);
        catch_unwind(AssertUnwindSafe(move || {
            // SAFETY: connections use no thread-local storage across a wait, and their stack has a guard page.
            unsafe { coroutine::Builder::new().id(id).spawn(move || connection::run(io, resumed)) }.is_ok()
        }))
        .unwrap_or(false)
    }
}
