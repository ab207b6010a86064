//! Locks and channels for coroutines: waiting for one lets other coroutines go on, and a guard may be held while its
//! coroutine waits for something else. Those of the standard library would stop the whole worker, or deadlock it.
//!
//! There is no poisoning: a panic in a handler is a 500 for one client, and no reason to refuse all the others. Keep
//! what a lock guards consistent at every step, or compute first and assign last.
//!
//! Those that end in `_in_time` fail when the time of the operation is over ([`Context::deadline`]); pass that on with
//! `?`, and the client is answered 503. A `Drop` should not wait: in the midst of a panic no other coroutine may run, so
//! that the whole thread waits with it.
//!
//! [`Context::deadline`]: crate::Context::deadline
//!
//! ```
//! let counter = photon_runtime::sync::Mutex::new(0);
//! *counter.lock() += 1;
//! assert_eq!(*counter.lock(), 1);
//! ```

mod channel;
mod condvar;
mod gate;
mod mutex;
mod rw_lock;
mod topic;

pub(crate) use channel::{Polled, Wake};
pub use channel::{Receiver, SendError, Sender, TimedOut, channel};
pub use condvar::Condvar;
pub use mutex::{Mutex, MutexGuard};
pub use rw_lock::{RwLock, RwLockReadGuard, RwLockWriteGuard};
pub use topic::Topic;

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::task::{self, Interrupted};

    #[test]
    fn a_panic_does_not_poison() {
        let mutex = Mutex::new(1);
        let lock = RwLock::new(1);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _guards = (mutex.lock(), lock.write());
            panic!("while holding both");
        }));
        assert!(panicked.is_err());
        *mutex.lock() += 1;
        *lock.write() += 1;
        assert_eq!((*mutex.lock(), *lock.read()), (2, 2));
        assert_eq!((mutex.into_inner(), lock.into_inner()), (2, 2));
    }

    #[test]
    fn held_locks_are_not_free() {
        let mutex = Mutex::new(());
        let guard = mutex.lock();
        assert!(mutex.try_lock().is_none());
        drop(guard);
        assert!(mutex.try_lock().is_some());
        let lock = RwLock::new(());
        let guard = lock.read();
        assert!(lock.try_write().is_none() && lock.try_read().is_some());
        drop(guard);
        assert!(lock.try_write().is_some());
    }

    #[test]
    fn a_condition_wakes_its_waiter() {
        let shared = Arc::new((Mutex::new(false), Condvar::new()));
        let other = Arc::clone(&shared);
        let waiter = std::thread::spawn(move || {
            let mut ready = other.0.lock();
            while !*ready {
                ready = other.1.wait(ready);
            }
        });
        *shared.0.lock() = true;
        shared.1.notify_all();
        waiter.join().unwrap();
    }

    #[test]
    fn many_take_turns() {
        const TURNS: usize = 2_000;
        let shared = Arc::new((Mutex::new(0), RwLock::new(0)));
        let work = |shared: Arc<(Mutex<usize>, RwLock<usize>)>| {
            move || {
                for _ in 0..TURNS {
                    *shared.0.lock() += 1;
                    let before = *shared.1.read();
                    *shared.1.write() += 1;
                    assert!(*shared.1.read() > before);
                }
            }
        };
        let threads: Vec<_> = (0..3).map(|_| std::thread::spawn(work(Arc::clone(&shared)))).collect();
        // SAFETY: the coroutines use no thread-local storage across a wait, and little stack.
        #[allow(unsafe_code)]
        let coroutines: Vec<_> =
            (0..3).map(|_| unsafe { may::coroutine::spawn(work(Arc::clone(&shared))) }).collect();
        for thread in threads {
            thread.join().unwrap();
        }
        for coroutine in coroutines {
            coroutine.join().unwrap();
        }
        assert_eq!((*shared.0.lock(), *shared.1.read()), (6 * TURNS, 6 * TURNS));
    }

    #[test]
    fn who_gives_up_is_in_nobodys_way() {
        let lock = RwLock::new(());
        let condition = Condvar::new();
        let mutex = Mutex::new(());
        let reading = lock.read();
        let time = task::until(Instant::now() + Duration::from_millis(20));
        assert_eq!(lock.write_in_time().map(drop), Err(Interrupted::Deadline));
        assert!(lock.try_read().is_some(), "nobody waits to write any more");
        assert_eq!(condition.wait_in_time(mutex.lock()).map(drop), Err(Interrupted::Deadline));
        assert!(mutex.try_lock().is_some(), "the lock was given up");
        drop((time, reading));
        assert!(lock.write_in_time().is_ok() && mutex.lock_in_time().is_ok());
    }
}
