//! The signals that tell a server to end or to hand over. Knows no connection.

#![allow(unsafe_code)]

use std::io::{self, Read as _};
use std::os::fd::IntoRawFd as _;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

/// Where the signal handler writes to; -1 before the first server waits for signals.
static PIPE: AtomicI32 = AtomicI32::new(-1);

/// The process was asked to end before.
static ASKED: AtomicBool = AtomicBool::new(false);

/// What is written for each signal.
const STOP: u8 = 1;
const HAND_OVER: u8 = 2;

/// What a signal asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Asked {
    /// To end: `SIGTERM`, `SIGINT`.
    Stop,
    /// To leave the work to a new process: `SIGUSR2`.
    HandOver,
}

/// The signals of a server as something to wait for.
///
/// The second one that asks to end ends the process at once.
pub(super) struct Signals {
    pipe: UnixStream,
}

impl Signals {
    /// Takes the signals over from the process's default, which is to end.
    pub(super) fn install() -> io::Result<Self> {
        let (pipe, write) = UnixStream::pair()?;
        // The writing end stays open for as long as the handler may run, which is for ever.
        write.set_nonblocking(true)?;
        PIPE.store(write.into_raw_fd(), Ordering::SeqCst);
        ASKED.store(false, Ordering::SeqCst);
        for signal in [libc::SIGTERM, libc::SIGINT, libc::SIGUSR2] {
            set_handler(signal, on_signal as extern "C" fn(libc::c_int) as libc::sighandler_t)?;
        }
        Ok(Self { pipe })
    }

    /// Waits for a signal.
    pub(super) fn wait(&mut self) -> io::Result<Asked> {
        let mut byte = [0u8];
        self.pipe.read_exact(&mut byte)?;
        Ok(if byte == [HAND_OVER] { Asked::HandOver } else { Asked::Stop })
    }

    /// Whether the process was asked to end.
    pub(super) fn is_asked_to_stop() -> bool {
        ASKED.load(Ordering::SeqCst)
    }
}

fn set_handler(signal: libc::c_int, handler: libc::sighandler_t) -> io::Result<()> {
    // SAFETY: all zeroes is a valid sigaction; the handler only does what signal handlers may.
    let status = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler;
        action.sa_flags = libc::SA_RESTART | libc::SA_ONSTACK;
        libc::sigemptyset(&raw mut action.sa_mask);
        libc::sigaction(signal, &raw const action, std::ptr::null_mut())
    };
    if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

extern "C" fn on_signal(signal: libc::c_int) {
    let hands_over = signal == libc::SIGUSR2;
    if !hands_over && ASKED.swap(true, Ordering::SeqCst) {
        // SAFETY: `_exit` may be called in a signal handler.
        unsafe { libc::_exit(128 + signal) };
    }
    let byte = if hands_over { HAND_OVER } else { STOP };
    // SAFETY: `write` may be called in a signal handler; the descriptor is never closed. `errno` is put back.
    unsafe {
        let errno = errno();
        let before = *errno;
        libc::write(PIPE.load(Ordering::SeqCst), (&raw const byte).cast(), 1);
        *errno = before;
    }
}

/// Where this thread's `errno` lies.
fn errno() -> *mut libc::c_int {
    // SAFETY: the call has no conditions.
    #[cfg(target_os = "linux")]
    return unsafe { libc::__errno_location() };
    // SAFETY: the call has no conditions.
    #[cfg(not(target_os = "linux"))]
    return unsafe { libc::__error() };
}
