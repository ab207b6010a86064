//! Waiting for time to pass, and for others to have their turn.

use std::time::Duration;

use crate::park;
use crate::task::{self, Interrupted};

/// Lets the coroutine sleep; others go on meanwhile. On a plain thread the thread sleeps.
///
/// Fails when the time of the operation ends before the sleep does: pass it on with `?`, and the client is answered 503.
///
/// ```
/// photon_runtime::sleep(std::time::Duration::from_millis(1)).unwrap();
/// ```
pub fn sleep(duration: Duration) -> Result<(), Interrupted> {
    if task::is_unwinding() {
        return Err(Interrupted::Unwinding);
    }
    let cut = task::left().filter(|left| *left < duration);
    let paused = task::pause();
    nap(cut.unwrap_or(duration));
    drop(paused);
    if cut.is_some() { Err(Interrupted::Deadline) } else { Ok(()) }
}

/// Sleeps, whatever the time.
#[allow(clippy::disallowed_methods, reason = "this is what must be called instead")]
pub(crate) fn nap(duration: Duration) {
    may::coroutine::sleep(duration);
    // A sleeping coroutine resumes on the timer's thread, where it would delay every other timer.
    park::take_turn();
}

/// Lets other connections of this thread have their turn: for long computations, every few milliseconds.
///
/// ```
/// let sum: u64 = (0..1_000_000)
///     .inspect(|number| if number % 10_000 == 0 { photon_runtime::yield_now() })
///     .sum();
/// # assert_eq!(sum, 499_999_500_000);
/// ```
pub fn yield_now() {
    if task::is_unwinding() {
        return;
    }
    let _paused = task::pause();
    park::take_turn();
}

/// Runs `wait`, in which the coroutine gives up its thread by other means than this crate's: for libraries with wait
/// points of their own. Without it the watchdog takes the time for work.
pub fn waiting<T>(wait: impl FnOnce() -> T) -> T {
    let paused = task::pause();
    let outcome = wait();
    // Who was woken elsewhere would go on there.
    park::come_home();
    drop(paused);
    outcome
}
