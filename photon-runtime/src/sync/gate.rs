//! Who may pass and who waits: a lock without what it guards, first come first served.
//!
//! Its own state lies under a lock of the standard library, held for a few instructions and never over a wait. This
//! module knows no data and no guard.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::park::Parker;
use crate::task::{self, Interrupted};

/// How long a `Drop` in the midst of a panic waits for a lock, with its thread. It cannot let others run, and one that
/// holds the lock may be among them.
const UNWINDING_MAX: Duration = Duration::from_secs(5);

/// How someone passes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Pass {
    /// Together with others.
    Shared,
    /// Alone.
    Alone,
}

/// How long someone waits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Patience {
    /// Until the turn comes.
    Endless,
    /// Until the time of the operation is over.
    InTime,
}

/// Lets pass one alone, or any number together.
#[derive(Debug, Default)]
pub(super) struct Gate {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    shared: usize,
    alone: bool,
    queue: VecDeque<(Pass, Arc<Waiter>)>,
}

impl Gate {
    pub(super) fn try_enter(&self, pass: Pass) -> bool {
        let mut state = self.state();
        state.queue.is_empty() && state.take(pass)
    }

    pub(super) fn enter(&self, pass: Pass, patience: Patience) -> Result<(), Interrupted> {
        let waiter = {
            let mut state = self.state();
            if state.queue.is_empty() && state.take(pass) {
                return Ok(());
            }
            let waiter = Arc::new(Waiter::new());
            state.queue.push_back((pass, Arc::clone(&waiter)));
            waiter
        };
        waiter.wait(patience).or_else(|interrupted| {
            let mut state = self.state();
            let Some(at) = state.queue.iter().position(|(_, other)| Arc::ptr_eq(other, &waiter)) else {
                // It was let in at the last moment.
                return Ok(());
            };
            state.queue.remove(at);
            // Others may have waited only because this one was before them.
            let let_in = state.let_in();
            drop(state);
            wake(&let_in);
            Err(interrupted)
        })
    }

    pub(super) fn leave(&self, pass: Pass) {
        let mut state = self.state();
        match pass {
            Pass::Shared => state.shared -= 1,
            Pass::Alone => state.alone = false,
        }
        let let_in = state.let_in();
        drop(state);
        wake(&let_in);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Passes if nobody inside is in the way.
    fn take(&mut self, pass: Pass) -> bool {
        match pass {
            Pass::Shared if !self.alone => self.shared += 1,
            Pass::Alone if !self.alone && self.shared == 0 => self.alone = true,
            Pass::Shared | Pass::Alone => return false,
        }
        true
    }

    /// Lets in those whose turn it is.
    fn let_in(&mut self) -> Vec<Arc<Waiter>> {
        let mut let_in = Vec::new();
        while let Some((pass, _)) = self.queue.front().map(|(pass, waiter)| (*pass, waiter))
            && self.take(pass)
            && let Some((_, waiter)) = self.queue.pop_front()
        {
            let_in.push(waiter);
        }
        let_in
    }
}

/// Tells those that were let in; not under the lock, for it may run them at once.
fn wake(waiters: &[Arc<Waiter>]) {
    for waiter in waiters {
        waiter.call();
    }
}

/// One coroutine or thread that waits to be called.
#[derive(Debug)]
pub(super) struct Waiter {
    parker: Arc<Parker>,
    is_called: AtomicBool,
}

impl Waiter {
    pub(super) fn new() -> Self {
        Self { parker: Arc::new(Parker::new()), is_called: AtomicBool::new(false) }
    }

    pub(super) fn call(&self) {
        self.is_called.store(true, Ordering::Release);
        self.parker.unpark();
    }

    /// Waits for the call. After an error it may still come.
    pub(super) fn wait(&self, patience: Patience) -> Result<(), Interrupted> {
        if task::is_unwinding() {
            return self.wait_unwinding(patience);
        }
        while !self.is_called.load(Ordering::Acquire) {
            let left = if patience == Patience::InTime { task::left() } else { None };
            if left.is_some_and(|left| left.is_zero()) {
                return Err(Interrupted::Deadline);
            }
            // Whether the time is over is seen in the next round.
            let _ = self.parker.park(left);
        }
        Ok(())
    }

    /// The thread waits, and all its coroutines with it: none of them may run in the midst of a panic.
    #[cold]
    fn wait_unwinding(&self, patience: Patience) -> Result<(), Interrupted> {
        let begun = Instant::now();
        while !self.is_called.load(Ordering::Acquire) {
            if patience == Patience::InTime {
                return Err(Interrupted::Unwinding);
            }
            if begun.elapsed() > UNWINDING_MAX {
                eprintln!("a `Drop` waits for a lock in the midst of a panic, for ever: the process ends");
                std::process::abort();
            }
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }
}
