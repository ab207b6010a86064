//! Watches the sockets of parked connections with an epoll of its own, one event each. Knows descriptors only.

#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::time::Duration;

/// Events that are taken from the kernel at once.
const EVENTS: usize = 256;

/// The datum of the descriptor that only wakes the keeper.
const KICK: u64 = u64::MAX;

/// What happened to a watched socket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub(super) fd: RawFd,
    /// The client has closed its side, or the connection is broken; there may be bytes before that.
    pub(super) hung_up: bool,
}

/// The sockets under watch.
pub(super) struct Watch {
    epoll: OwnedFd,
    kick: OwnedFd,
}

impl Watch {
    /// Whether sockets can be watched at all.
    pub(super) const WORKS: bool = true;

    pub(super) fn new() -> io::Result<Self> {
        // SAFETY: both calls return a new descriptor that nobody else owns, or an error.
        let (epoll, kick) = unsafe {
            let epoll = owned(libc::epoll_create1(libc::EPOLL_CLOEXEC))?;
            let kick = owned(libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK))?;
            (epoll, kick)
        };
        let watch = Self { epoll, kick };
        watch.control(libc::EPOLL_CTL_ADD, watch.kick.as_raw_fd(), libc::EPOLLIN, KICK)?;
        Ok(watch)
    }

    /// Watches a socket until its first event.
    #[allow(clippy::cast_sign_loss)] // Descriptors are not negative.
    pub(super) fn add(&self, fd: RawFd) -> io::Result<()> {
        let events = libc::EPOLLIN | libc::EPOLLRDHUP | libc::EPOLLONESHOT;
        self.control(libc::EPOLL_CTL_ADD, fd, events, fd as u64)
    }

    /// Forgets a socket, which is still open.
    pub(super) fn remove(&self, fd: RawFd) {
        // It fails only for a descriptor that is not watched, which is as good.
        let _ = self.control(libc::EPOLL_CTL_DEL, fd, 0, 0);
    }

    /// Ends the present or the next [`wait`](Self::wait).
    pub(super) fn kick(&self) {
        let one = 1u64.to_ne_bytes();
        // SAFETY: eight valid bytes are written to a descriptor that we own. It fails only when full: kicked already.
        unsafe { libc::write(self.kick.as_raw_fd(), one.as_ptr().cast(), one.len()) };
    }

    /// Waits for events, and appends them.
    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]
    pub(super) fn wait(&self, timeout: Duration, events: &mut Vec<Event>) {
        const NONE: libc::epoll_event = libc::epoll_event { events: 0, u64: 0 };
        let mut taken = [NONE; EVENTS];
        let timeout = timeout.as_millis().min(1000) as libc::c_int;
        // SAFETY: the kernel writes at most as many events as there is room for.
        let count = unsafe {
            libc::epoll_wait(self.epoll.as_raw_fd(), taken.as_mut_ptr(), EVENTS as libc::c_int, timeout)
        };
        for event in &taken[..count.max(0) as usize] {
            let (flags, datum) = (event.events as libc::c_int, event.u64);
            if datum == KICK {
                let mut count = [0u8; 8];
                // SAFETY: eight bytes of room for a counter of eight bytes.
                unsafe { libc::read(self.kick.as_raw_fd(), count.as_mut_ptr().cast(), count.len()) };
            } else {
                let hung_up = flags & (libc::EPOLLRDHUP | libc::EPOLLHUP | libc::EPOLLERR) != 0;
                events.push(Event { fd: datum as RawFd, hung_up });
            }
        }
    }

    #[allow(clippy::cast_sign_loss)] // Flags.
    fn control(&self, operation: libc::c_int, fd: RawFd, events: libc::c_int, datum: u64) -> io::Result<()> {
        let mut event = libc::epoll_event { events: events as u32, u64: datum };
        // SAFETY: the event outlives the call, and the kernel checks the descriptors.
        let status = unsafe { libc::epoll_ctl(self.epoll.as_raw_fd(), operation, fd, &raw mut event) };
        if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }
}

/// Whether there are bytes to read before the end of the stream.
pub(super) fn has_bytes(socket: &OwnedFd) -> bool {
    let mut byte = 0u8;
    let flags = libc::MSG_PEEK | libc::MSG_DONTWAIT;
    // SAFETY: one byte of room, and the socket is open.
    unsafe { libc::recv(socket.as_raw_fd(), (&raw mut byte).cast(), 1, flags) > 0 }
}

/// # Safety
/// A descriptor that is not negative must be new, so that it has no other owner.
unsafe fn owned(fd: RawFd) -> io::Result<OwnedFd> {
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: see above.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}
