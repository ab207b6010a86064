//! The end of a server: the signals that ask for it, and draining what is in flight. Knows no bytes.

#![allow(unsafe_code)]

use std::io::{self, Read as _};
use std::os::fd::IntoRawFd as _;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::{Duration, Instant};

use super::engine::Engine;

/// How often it is looked whether all connections have ended.
const POLL: Duration = Duration::from_millis(10);

/// How often idle connections are told that the server stops.
const NUDGE: Duration = Duration::from_millis(100);

/// How long connections that were cut are waited for.
const CUT_WAIT: Duration = Duration::from_millis(500);

/// Where the signal handler writes to; -1 before the first server waits for signals.
static PIPE: AtomicI32 = AtomicI32::new(-1);

/// A signal came before.
static ASKED: AtomicBool = AtomicBool::new(false);

/// Waits until all connections have ended, cuts those that have not after `grace`, and returns how many that were.
pub(super) fn drain(engine: &Engine, grace: Duration) -> usize {
    let begun = Instant::now();
    let mut nudged = None::<Instant>;
    while engine.registry.live() > 0 && begun.elapsed() < grace {
        if nudged.is_none_or(|at| at.elapsed() >= NUDGE) {
            engine.registry.wake_idle();
            nudged = Some(Instant::now());
        }
        std::thread::sleep(POLL);
    }
    let cut = engine.registry.live();
    if cut > 0 {
        engine.registry.abort();
        let aborted = Instant::now();
        while engine.registry.live() > 0 && aborted.elapsed() < CUT_WAIT {
            std::thread::sleep(POLL);
        }
    }
    cut
}

/// The signals that ask the process to end, `SIGTERM` and `SIGINT`, as something to wait for.
///
/// The second one ends the process at once.
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
        for signal in [libc::SIGTERM, libc::SIGINT] {
            set_handler(signal, on_signal as extern "C" fn(libc::c_int) as libc::sighandler_t)?;
        }
        Ok(Self { pipe })
    }

    /// Waits for the first signal.
    pub(super) fn wait(&mut self) -> io::Result<()> {
        self.pipe.read_exact(&mut [0u8])
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
    if ASKED.swap(true, Ordering::SeqCst) {
        // SAFETY: `_exit` may be called in a signal handler.
        unsafe { libc::_exit(128 + signal) };
    }
    let byte = 1u8;
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
