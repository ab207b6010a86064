//! Runs a handler on a thread for blocking work while its coroutine waits.

#![allow(unsafe_code)]

use crate::blocking::{Overloaded, blocking};

/// Runs work that may hold what is not `Send`, for its owner waits until it is done.
pub(super) fn run(work: &mut dyn FnMut()) -> Result<(), Overloaded> {
    let work = Alone(work);
    blocking(move || work.call())
}

/// What one thread at a time uses.
struct Alone<'w>(&'w mut dyn FnMut());

// SAFETY: what a handler gets is the application, which is `Sync`, its request, and the context and the driver of this
// request, which nobody else uses while the coroutine waits in `blocking`: that returns only after the work is done, and
// orders memory between the two threads. Requests are made of values and a caller, which are `Send`, and of what reads their body; that counts its references
// without locks, and goes into the work together with its loan, which ends within it. So do sinks, which are made within
// it. What comes out is an answer, which is plain data.
unsafe impl Send for Alone<'_> {}

impl Alone<'_> {
    fn call(self) {
        (self.0)();
    }
}
