//! Listening sockets that another process hands on: a service manager, or the former generation of this server.
//!
//! The protocol is systemd's (`sd_listen_fds`): `LISTEN_FDS` descriptors from 3 on, meant for the process `LISTEN_PID`.

#![allow(unsafe_code)]

use std::env;
use std::io::{self, ErrorKind};
use std::os::fd::{BorrowedFd, FromRawFd as _, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};

use socket2::{SockRef, Socket, Type};

/// The first descriptor that is handed on.
pub(super) const FIRST: RawFd = 3;

/// How many, for which process, and their names with colons between.
pub(super) const COUNT: &str = "LISTEN_FDS";
pub(super) const PROCESS: &str = "LISTEN_PID";
pub(super) const NAMES: &str = "LISTEN_FDNAMES";

/// The name of a socket that the former generation has for itself alone, and of others.
pub(super) const OWN: &str = "photon-own";
pub(super) const OTHER: &str = "photon";

/// The descriptor on which the former generation waits until this one is ready.
pub(super) const READY: &str = "PHOTON_READY_FD";

/// A socket that was handed on.
pub(super) struct Inherited {
    pub(super) socket: Socket,
    /// It was the former generation's, not a service manager's who keeps it.
    pub(super) is_own: bool,
}

/// The sockets that are meant for this process, and the way to tell the former generation that it may end; the first
/// server of the process takes them all.
pub(super) fn take() -> io::Result<(Vec<Inherited>, Option<UnixStream>)> {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    if number(PROCESS) != Some(std::process::id()) || TAKEN.swap(true, Ordering::SeqCst) {
        return Ok((Vec::new(), None));
    }
    let count = number(COUNT).and_then(|count| RawFd::try_from(count).ok()).unwrap_or(0);
    let names = env::var(NAMES).unwrap_or_default();
    let ready = env::var(READY).ok().and_then(|text| text.parse::<RawFd>().ok());
    for name in [COUNT, PROCESS, NAMES, READY] {
        // SAFETY: the standard library's own readers are locked out. A server starts before other threads read the
        // environment past it, as the documentation of `Server::start` demands where sockets are inherited.
        unsafe { env::remove_var(name) };
    }
    let mut names = names.split(':');
    let descriptors = FIRST..FIRST.saturating_add(count);
    // A count that is wrong may reach into what belongs to others in here: all are looked at before any is taken.
    descriptors.clone().try_for_each(check)?;
    let ready = ready.filter(|fd| *fd == descriptors.end).map(|fd| UnixStream::from(own(fd)));
    let sockets =
        descriptors.map(|fd| Inherited { socket: Socket::from(own(fd)), is_own: names.next() == Some(OWN) });
    Ok((sockets.collect(), ready))
}

/// Whether a listening socket stands there.
fn check(fd: RawFd) -> io::Result<()> {
    let is_listener = || {
        // SAFETY: the call only looks for the descriptor, and fails if there is none.
        if unsafe { libc::fcntl(fd, libc::F_GETFD) } < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: it is open, and nobody closes what was handed to the process before this has taken it.
        let descriptor = unsafe { BorrowedFd::borrow_raw(fd) };
        let socket = SockRef::from(&descriptor);
        Ok(socket.r#type()? == Type::STREAM && is_listening(&socket)?)
    };
    let reason = match is_listener() {
        Ok(true) => return Ok(()),
        Ok(false) => "it is no listening stream socket".to_owned(),
        Err(error) => error.to_string(),
    };
    Err(io::Error::new(
        ErrorKind::InvalidInput,
        format!("descriptor {fd} of {COUNT} cannot be used: {reason}"),
    ))
}

/// Takes a descriptor over that was checked; programs that are started from here on do not get it.
fn own(fd: RawFd) -> OwnedFd {
    // SAFETY: a socket is open there, and whoever started the process says that it is meant for this.
    unsafe {
        libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC);
        OwnedFd::from_raw_fd(fd)
    }
}

#[cfg(target_os = "linux")]
fn is_listening(socket: &SockRef<'_>) -> io::Result<bool> {
    socket.is_listener()
}

#[cfg(not(target_os = "linux"))]
fn is_listening(_socket: &SockRef<'_>) -> io::Result<bool> {
    Ok(true)
}
