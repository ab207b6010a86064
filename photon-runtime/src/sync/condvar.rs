//! Waiting for another coroutine to change something.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex as StdMutex, MutexGuard as StdGuard, PoisonError};

use super::gate::{Patience, Waiter};
use super::mutex::MutexGuard;
use crate::task::Interrupted;

/// Waits until another coroutine has changed what a [`Mutex`](super::Mutex) guards.
#[derive(Default)]
pub struct Condvar {
    waiters: StdMutex<VecDeque<Arc<Waiter>>>,
}

impl Condvar {
    /// A condition that nobody waits for.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives up the lock and waits to be notified; look at the condition in a loop, for others may be faster.
    pub fn wait<'a, T: ?Sized>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        let mutex = guard.mutex;
        let waiter = self.join();
        drop(guard);
        // Endless patience is not interrupted.
        let _ = waiter.wait(Patience::Endless);
        mutex.lock()
    }

    /// The same until the time of the operation is over; the lock is given up then.
    pub fn wait_in_time<'a, T: ?Sized>(
        &self,
        guard: MutexGuard<'a, T>,
    ) -> Result<MutexGuard<'a, T>, Interrupted> {
        let mutex = guard.mutex;
        let waiter = self.join();
        drop(guard);
        let locked = waiter.wait(Patience::InTime).and_then(|()| mutex.lock_in_time());
        if locked.is_err() && !self.leave(&waiter) {
            // Somebody else is to have the notification that came too late.
            self.notify_one();
        }
        locked
    }

    /// Wakes one of those that wait.
    pub fn notify_one(&self) {
        let waiter = self.waiters().pop_front();
        if let Some(waiter) = waiter {
            waiter.call();
        }
    }

    /// Wakes all of those that wait.
    pub fn notify_all(&self) {
        let waiters = std::mem::take(&mut *self.waiters());
        for waiter in waiters {
            waiter.call();
        }
    }

    fn join(&self) -> Arc<Waiter> {
        let waiter = Arc::new(Waiter::new());
        self.waiters().push_back(Arc::clone(&waiter));
        waiter
    }

    /// Whether it was still waiting.
    fn leave(&self, waiter: &Arc<Waiter>) -> bool {
        let mut waiters = self.waiters();
        let at = waiters.iter().position(|other| Arc::ptr_eq(other, waiter));
        at.and_then(|at| waiters.remove(at)).is_some()
    }

    /// Held for a few instructions, never over a wait.
    fn waiters(&self) -> StdGuard<'_, VecDeque<Arc<Waiter>>> {
        self.waiters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Condvar").finish_non_exhaustive()
    }
}
