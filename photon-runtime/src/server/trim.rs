//! Gives memory that a wave of connections has left behind back to the system.
//!
//! glibc keeps what is freed between two blocks that are not; after ten thousand connections have come and gone idle that
//! is most of what they used. Knows no connections, only how many were parked.

use std::time::{Duration, Instant};

/// Parked connections after which it is worth it.
const PARKED_MIN: usize = 1024;

/// Parked connections in one look that tell of a wave that goes on.
const WAVE_MIN: usize = 64;

/// How long it is left alone after that: it takes a millisecond or two, and locks out whoever allocates.
const INTERVAL: Duration = Duration::from_secs(5);

/// When memory was last given back.
pub(super) struct Trim {
    parked: usize,
    seen: usize,
    next: Instant,
}

impl Trim {
    pub(super) fn new() -> Self {
        Self { parked: 0, seen: 0, next: Instant::now() }
    }

    /// Looks, with the number of connections that have ever been parked, whether a wave is over.
    pub(super) fn look(&mut self, parked: usize, now: Instant) {
        let is_over = parked.wrapping_sub(self.seen) < WAVE_MIN || now >= self.next + INTERVAL;
        self.seen = parked;
        if is_over && parked.wrapping_sub(self.parked) >= PARKED_MIN && now >= self.next {
            self.parked = parked;
            self.next = now + INTERVAL;
            give_back();
        }
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code)]
fn give_back() {
    // SAFETY: the call has no conditions; where another allocator is in use it finds nothing to do.
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators do it by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn give_back() {}
