//! Waiting for somebody, and giving others a turn, without ever leaving the worker that the connection belongs to.
//!
//! The coroutine library lets a coroutine go on where its waker is: in the worker of another connection, or in the thread
//! of the timers. So whoever is elsewhere does not wake it, but sends a small coroutine to its worker that does. The same
//! small coroutine gives others a turn: it comes by way of the worker's event loop, which a mere yield does not. This
//! module knows neither what is waited for nor how long.

#![allow(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};
use std::time::Duration;

use may::coroutine;
use may::sync::Blocker;

use crate::task;

/// How often it is tried to come home. Each fails only if this thread is interrupted for longer than the errand waits.
const TURNS_MAX: usize = 64;

/// How often an errand looks whether the coroutine is about to park, giving its thread a chance each time.
const SPINS_MAX: u32 = 100;

/// How long it then takes to have parked, in pauses of the processor.
const MOMENT: u32 = 64;

/// The worker that a coroutine belongs to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Home {
    /// What chooses the worker.
    pub(crate) id: usize,
    pub(crate) thread: ThreadId,
}

impl Home {
    /// The worker of who calls this, which `id` chooses.
    pub(crate) fn here(id: usize) -> Self {
        Self { id, thread: present_thread() }
    }
}

/// The thread, asked for anew each time: the coroutine may have moved.
#[inline(never)]
fn present_thread() -> ThreadId {
    thread::current().id()
}

/// One coroutine or thread that waits to be woken.
#[derive(Debug)]
pub(crate) struct Parker {
    blocker: Blocker,
    home: Option<Home>,
}

/// The time is over, and nobody has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct TimeOver;

impl Parker {
    /// For who calls this.
    pub(crate) fn new() -> Self {
        let home =
            if coroutine::is_coroutine() { task::current().and_then(|task| task.home()) } else { None };
        Self { blocker: Blocker::new(true), home }
    }

    /// The worker of who waits, if it belongs to one.
    #[cfg(feature = "db")]
    pub(crate) fn home(&self) -> Option<Home> {
        self.home
    }

    /// Waits to be woken; may return without.
    pub(crate) fn park(&self, time: Option<Duration>) -> Result<(), TimeOver> {
        let _paused = task::pause();
        // The library panics when it is told to cancel a coroutine, which nobody tells it.
        match catch_unwind(AssertUnwindSafe(|| self.blocker.park(time))) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => {
                // Here is the thread of the timers, where every other timer would be late.
                take_turn();
                Err(TimeOver)
            }
            Err(_) => {
                thread::yield_now();
                Ok(())
            }
        }
    }

    /// Wakes it, now or when it parks next.
    pub(crate) fn unpark(self: &Arc<Self>) {
        if let Some(home) = self.home
            && home.thread != present_thread()
        {
            let there = Arc::clone(self);
            if send(home, move || there.blocker.unpark()) {
                return;
            }
        }
        self.blocker.unpark();
    }
}

/// Lets others run, those too that wait for their sockets; then goes on at home.
pub(crate) fn take_turn() {
    if !coroutine::is_coroutine() {
        return thread::yield_now();
    }
    let Some(home) = task::current().and_then(|task| task.home()) else { return coroutine::yield_now() };
    // An errand that is done before this parks lets it go on where it is.
    for _ in 0..TURNS_MAX {
        if !take_turn_by(home) {
            return coroutine::yield_now();
        }
        if home.thread == present_thread() {
            return;
        }
    }
}

/// Parks until the errand at home is done; false if nobody can be sent.
fn take_turn_by(home: Home) -> bool {
    let turn = Arc::new(Turn {
        blocker: Blocker::new(true),
        is_parking: AtomicBool::new(home.thread == present_thread()),
        is_called: AtomicBool::new(false),
    });
    let called = Arc::clone(&turn);
    let is_sent = send(home, move || called.call());
    turn.is_parking.store(true, Ordering::Release);
    while is_sent && !turn.is_called.load(Ordering::Acquire) {
        let _ = turn.blocker.park(None);
    }
    is_sent
}

struct Turn {
    blocker: Blocker,
    /// The coroutine is about to park, or the errand cannot be before it: both are at home.
    is_parking: AtomicBool,
    is_called: AtomicBool,
}

impl Turn {
    /// A call that comes before the coroutine has parked would let it go on where it is. So this waits until it is about
    /// to, and a moment longer: usually its thread was interrupted for the one that runs this.
    fn call(&self) {
        let mut spins = 0;
        while !self.is_parking.load(Ordering::Acquire) && spins < SPINS_MAX {
            thread::yield_now();
            spins += 1;
        }
        if spins > 0 {
            (0..MOMENT).for_each(|_| std::hint::spin_loop());
        }
        self.is_called.store(true, Ordering::Release);
        self.blocker.unpark();
    }
}

/// Goes home after a wait that may have ended elsewhere.
pub(crate) fn come_home() {
    let home = task::current().and_then(|task| task.home());
    if home.is_some_and(|home| home.thread != present_thread()) {
        take_turn();
    }
}

/// Has a worker do something soon; false if there is no stack to do it on.
fn send(home: Home, errand: impl FnOnce() + Send + 'static) -> bool {
    let spawned = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: errands do not wait and take little stack.
        unsafe { coroutine::Builder::new().id(home.id).spawn(errand) }
    }));
    matches!(spawned, Ok(Ok(_)))
}
