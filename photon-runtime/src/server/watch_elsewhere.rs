//! Where there is no epoll, connections keep their coroutine while they are idle, and the keeper only sleeps.

use std::io;
use std::os::fd::{OwnedFd, RawFd};
use std::time::Duration;

/// What happened to a watched socket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub(super) fd: RawFd,
    pub(super) hung_up: bool,
}

/// The sockets under watch: none.
pub(super) struct Watch;

impl Watch {
    /// Whether sockets can be watched at all.
    pub(super) const WORKS: bool = false;

    pub(super) fn new() -> io::Result<Self> {
        Ok(Self)
    }

    pub(super) fn add(&self, _fd: RawFd) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn remove(&self, _fd: RawFd) {}

    pub(super) fn kick(&self) {}

    pub(super) fn wait(&self, timeout: Duration, _events: &mut Vec<Event>) {
        std::thread::sleep(timeout);
    }
}

/// Whether there are bytes to read before the end of the stream; nobody asks where nothing is watched.
pub(super) fn has_bytes(_socket: &OwnedFd) -> bool {
    false
}
