//! Waiting for time to pass.

use std::time::Duration;

/// Lets the coroutine sleep; others go on meanwhile. On a plain thread it is [`std::thread::sleep`].
///
/// ```
/// photon_runtime::sleep(std::time::Duration::from_millis(1));
/// ```
pub fn sleep(duration: Duration) {
    may::coroutine::sleep(duration);
    // A sleeping coroutine resumes on the timer's thread, where it would delay every other timer.
    may::coroutine::yield_now();
}
