//! A coarse clock, and the `Date` field that goes with it.
//!
//! One thread ticks ten times a second; everybody else reads atomics. There is no thread-local in here, because a
//! coroutine may go on in another thread.

use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime};

/// The length of a date in the form `Sun, 06 Nov 1994 08:49:37 GMT`.
const DATE_BYTES: usize = 29;

/// Milliseconds since the first tick; never 0.
static NOW_MS: AtomicU64 = AtomicU64::new(1);

/// The date in four words, guarded by a sequence number that is odd while they change (a seqlock).
static SEQUENCE: AtomicU64 = AtomicU64::new(0);
static DATE: [AtomicU64; 4] = [const { AtomicU64::new(0) }; 4];

/// What only the ticking thread touches: the second that `DATE` tells.
static WRITER: Mutex<u64> = Mutex::new(0);

/// Milliseconds since the clock began, exact to a tick.
#[inline]
pub(crate) fn now_ms() -> u64 {
    NOW_MS.load(Ordering::Relaxed)
}

/// A point in time on this clock, rounded up, so that a deadline is never early.
pub(crate) fn ms_at(instant: Instant) -> u64 {
    let since = instant.saturating_duration_since(start());
    u64::try_from(since.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX - 2).saturating_add(1)
}

/// The point in time that [`ms_at`] tells.
pub(crate) fn instant_at(ms: u64) -> Instant {
    let start = start();
    start.checked_add(Duration::from_millis(ms.saturating_sub(1))).unwrap_or(start)
}

/// When the clock began.
fn start() -> Instant {
    static START: OnceLock<Instant> = OnceLock::new();
    *START.get_or_init(Instant::now)
}

/// Moves the clock on. Several servers in one process may all do so.
pub(crate) fn tick() {
    // Another server's keeper is at it already.
    let Ok(mut told) = WRITER.try_lock() else { return };
    let elapsed = start().elapsed().as_millis();
    NOW_MS.store(u64::try_from(elapsed).unwrap_or(u64::MAX - 1) + 1, Ordering::Relaxed);
    let now = SystemTime::now();
    let second = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    if *told != second {
        *told = second;
        publish(now);
    }
}

/// Writes the date of `now`; the caller holds `WRITER`.
fn publish(now: SystemTime) {
    let text = httpdate::fmt_http_date(now);
    let mut bytes = [b' '; 32];
    let length = text.len().min(DATE_BYTES);
    bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
    let sequence = SEQUENCE.load(Ordering::Relaxed);
    SEQUENCE.store(sequence + 1, Ordering::Relaxed);
    fence(Ordering::Release);
    for (word, bytes) in DATE.iter().zip(bytes.as_chunks::<8>().0) {
        word.store(u64::from_ne_bytes(*bytes), Ordering::Relaxed);
    }
    SEQUENCE.store(sequence + 2, Ordering::Release);
}

/// Appends the date.
#[inline]
pub(crate) fn push_date(out: &mut Vec<u8>) {
    loop {
        let sequence = SEQUENCE.load(Ordering::Acquire);
        if sequence & 1 == 1 {
            std::hint::spin_loop();
            continue;
        }
        let mut bytes = [0u8; 32];
        for (word, bytes) in DATE.iter().zip(bytes.as_chunks_mut::<8>().0) {
            *bytes = word.load(Ordering::Relaxed).to_ne_bytes();
        }
        fence(Ordering::Acquire);
        if SEQUENCE.load(Ordering::Relaxed) == sequence {
            out.extend_from_slice(&bytes[..DATE_BYTES]);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_always_whole() {
        tick();
        let mut out = Vec::new();
        push_date(&mut out);
        let text = String::from_utf8(out).unwrap();
        let told = httpdate::parse_http_date(&text).unwrap();
        assert!(SystemTime::now().duration_since(told).unwrap().as_secs() < 60);
        assert!(now_ms() > 0);
    }
}
