//! Stacks on which futures are polled, shared by all coroutines of a worker.
//!
//! A poll goes deep, and every coroutine that polls on its own stack keeps the pages that it touched. A poll that waits
//! itself keeps its stack until it goes on. This module knows no future. What overflows one is told as for any stack.

#![allow(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::exchange::OperationName;

/// The size of each; only touched pages cost memory. Optimized polls touch 16 KiB, others 100 KiB.
pub(crate) const STACK_BYTES: usize = if cfg!(debug_assertions) { 1 << 20 } else { 256 << 10 };

/// What lies below each stack and may not be touched.
const GUARD_BYTES: usize = 16 << 10;

/// Lists of spare stacks, so that workers do not get in each other's way.
const SHARDS: usize = 64;

/// Stacks whose overflow is told.
const TRACKED_MAX: usize = 1024;

static SPARE: [Mutex<Vec<Stack>>; SHARDS] = [const { Mutex::new(Vec::new()) }; SHARDS];

/// Where the stacks are and who uses them, for a signal handler to read.
static TRACKED: [Tracked; TRACKED_MAX] = [const { Tracked::new() }; TRACKED_MAX];

struct Tracked {
    /// The lowest address of the guard; 0 where there is no stack.
    bottom: AtomicUsize,
    operation: AtomicPtr<OperationName>,
}

impl Tracked {
    const fn new() -> Self {
        Self { bottom: AtomicUsize::new(0), operation: AtomicPtr::new(ptr::null_mut()) }
    }
}

struct Stack {
    bottom: *mut u8,
    tracked: Option<&'static Tracked>,
}

// SAFETY: the memory belongs to whoever holds this.
unsafe impl Send for Stack {}

impl Stack {
    /// None where there is no memory for one.
    fn new() -> Option<Self> {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        let access = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: new memory, wherever there is room for it.
        let bottom = unsafe { libc::mmap(ptr::null_mut(), STACK_BYTES + GUARD_BYTES, access, flags, -1, 0) };
        if bottom == libc::MAP_FAILED {
            return None;
        }
        let mut stack = Self { bottom: bottom.cast(), tracked: None };
        // SAFETY: the pages were just mapped and nobody uses them.
        if unsafe { libc::mprotect(bottom, GUARD_BYTES, libc::PROT_NONE) } != 0 {
            return None;
        }
        let address = bottom as usize;
        stack.tracked = TRACKED.iter().find(|tracked| {
            tracked.bottom.compare_exchange(0, address, Ordering::AcqRel, Ordering::Relaxed).is_ok()
        });
        Some(stack)
    }

    fn used_by(&self, operation: Option<&'static OperationName>) {
        if let Some(tracked) = self.tracked {
            let operation = operation.map_or(ptr::null(), ptr::from_ref);
            tracked.operation.store(operation.cast_mut(), Ordering::Relaxed);
        }
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        if let Some(tracked) = self.tracked {
            tracked.bottom.store(0, Ordering::Release);
        }
        // SAFETY: mapped by `new`, and nobody is on it.
        unsafe { libc::munmap(self.bottom.cast(), STACK_BYTES + GUARD_BYTES) };
    }
}

/// Runs `work` on a spare stack of this worker, or where it is if there is no memory for one. A panic goes on here.
pub(super) fn on<T>(worker: usize, operation: Option<&'static OperationName>, work: impl FnOnce() -> T) -> T {
    let spare = &SPARE[worker % SHARDS];
    let taken = spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let Some(stack) = taken.or_else(Stack::new) else { return work() };
    stack.used_by(operation);
    // SAFETY: the memory above the guard is this stack's own, nobody else is on it, and no panic leaves it.
    let outcome = unsafe {
        psm::on_stack(stack.bottom.add(GUARD_BYTES), STACK_BYTES, || catch_unwind(AssertUnwindSafe(work)))
    };
    spare.lock().unwrap_or_else(PoisonError::into_inner).push(stack);
    outcome.unwrap_or_else(|panic| resume_unwind(panic))
}

/// The operation whose poll has overflowed its stack at this address; none where no stack was. For signal handlers.
#[allow(clippy::option_option)] // A stack may be used by no operation.
pub(crate) fn overflowed_at(address: usize) -> Option<Option<&'static OperationName>> {
    let overflowed = TRACKED.iter().find(|tracked| {
        let bottom = tracked.bottom.load(Ordering::Acquire);
        bottom != 0 && (bottom..bottom + GUARD_BYTES).contains(&address)
    })?;
    // SAFETY: whatever was stored is null or came from a `&'static`.
    Some(unsafe { overflowed.operation.load(Ordering::Relaxed).cast_const().as_ref() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[inline(never)]
    fn deep(level: usize) -> usize {
        let room = std::hint::black_box([level; 512]);
        if level == 0 { 0 } else { deep(level - 1) + room[7] }
    }

    #[test]
    fn work_may_borrow_nest_and_panic() {
        let text = "borrowed".to_owned();
        let nested = on(1, None, || on(1, None, || text.len()) + deep(30));
        assert_eq!(nested, 8 + (1..=30).sum::<usize>());
        assert!(catch_unwind(|| on(1, None, || assert!(text.is_empty()))).is_err());
        assert_eq!(on(1, None, || 7), 7);
    }

    #[test]
    fn an_overflow_names_its_operation() {
        static NAME: OperationName = OperationName { id: "getPet", method: "GET", path: "/pets/{id}" };
        on(2, Some(&NAME), || {
            let here = ptr::from_ref(&()) as usize;
            assert_eq!(overflowed_at(here), None, "there is room");
            let ours = TRACKED
                .iter()
                .filter(|tracked| ptr::eq(tracked.operation.load(Ordering::Relaxed), &raw const NAME));
            let bottoms: Vec<usize> = ours.map(|tracked| tracked.bottom.load(Ordering::Relaxed)).collect();
            assert_eq!(bottoms.len(), 1);
            assert_eq!(overflowed_at(bottoms[0] + 8), Some(Some(&NAME)));
        });
    }
}
