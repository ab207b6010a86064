//! Waiting for a future where one would block: on a coroutine others go on meanwhile, a thread sleeps.
//!
//! ```text
//! poll (on a stack of the worker) ──pending──▶ park ──woken, by an errand to the own worker──▶ poll
//! ```
//!
//! This module knows no database.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use futures_util::{Stream, StreamExt as _};

use super::{reactor, scratch};
use crate::park::Parker;
use crate::sync::TimedOut;
use crate::task::{self, Interrupted};

/// Waits for a future, as if it were a call that blocks.
///
/// On a coroutine, other coroutines of the worker go on meanwhile, and it goes on where it was; on a plain thread the
/// thread sleeps. The futures of [`Db`](super::Db) and [`Tx`](super::Tx) end with the time of the operation; others
/// take as long as they like, but for [`wait_in_time`](Self::wait_in_time).
///
/// ```
/// use photon_runtime::db::Wait;
///
/// assert_eq!(async { 1 + 1 }.wait(), 2);
/// ```
pub trait Wait: Future + Sized {
    /// Waits for the outcome.
    fn wait(self) -> Self::Output {
        block_on(self)
    }

    /// Waits at most this long. A future whose time is up is dropped; a database connection that was at work for it is
    /// closed, and its statement stopped.
    fn wait_timeout(self, timeout: Duration) -> Result<Self::Output, TimedOut> {
        block_on(async move { tokio::time::timeout(timeout, self).await.map_err(|_| TimedOut) })
    }

    /// Waits at most until the time of the operation is over.
    fn wait_in_time(self) -> Result<Self::Output, Interrupted> {
        if task::is_unwinding() {
            return Err(Interrupted::Unwinding);
        }
        match task::left() {
            None => Ok(self.wait()),
            Some(left) => self.wait_timeout(left).map_err(|TimedOut| Interrupted::Deadline),
        }
    }
}

impl<F: Future> Wait for F {}

/// Takes the items of a stream one by one in a plain loop. Nothing is asked for before it is taken, so that what sends
/// them waits for whoever takes them.
pub trait WaitEach: Stream + Sized {
    /// The items.
    ///
    /// ```no_run
    /// # use photon_runtime::db::{Db, DbErr, StreamTrait, Wait, WaitEach, sea_orm::Statement};
    /// # fn f(db: &Db, every: Statement) -> Result<(), DbErr> {
    /// for row in db.stream_raw(every).wait()?.wait_each() {
    ///     let id: i64 = row?.try_get("", "id")?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    fn wait_each(self) -> Each<Self> {
        Each(Box::pin(self))
    }
}

impl<S: Stream> WaitEach for S {}

/// The items of a stream, each waited for.
#[derive(Debug)]
pub struct Each<S>(Pin<Box<S>>);

impl<S: Stream> Iterator for Each<S> {
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        self.0.next().wait()
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    // In the midst of a panic nobody else may run meanwhile: then the whole thread waits.
    if !may::coroutine::is_coroutine() || task::is_unwinding() {
        return block_thread(future);
    }
    let parker = Arc::new(Parker::new());
    let waker = Waker::from(Arc::clone(&parker));
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    let worker = parker.home().map_or(0, |home| home.id);
    let operation = task::operation();
    loop {
        reactor::enter_for_good();
        let polled = scratch::on(worker, operation, || future.as_mut().poll(&mut cx));
        if let Poll::Ready(output) = polled {
            return output;
        }
        let _ = parker.park(None);
    }
}

fn block_thread<F: Future>(future: F) -> F::Output {
    assert!(!reactor::is_here(), "a task of the reactor that waits would stop all databases");
    let entered = reactor::enter();
    let waker = Waker::from(Arc::new(Sleeper(thread::current())));
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        // A panic must not leave the reactor's guard behind other guards of the thread.
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut cx)));
        match polled {
            Ok(Poll::Ready(output)) => {
                drop(entered);
                return output;
            }
            Ok(Poll::Pending) => thread::park(),
            Err(panic) => {
                drop(entered);
                std::panic::resume_unwind(panic);
            }
        }
    }
}

/// A thread that waits.
struct Sleeper(Thread);

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.unpark();
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::time::Instant;

    use super::*;

    /// Ready after a few polls, each of which another thread asks for.
    async fn hop(times: usize) -> usize {
        for _ in 0..times {
            let mut is_asked = false;
            std::future::poll_fn(|cx| {
                if is_asked {
                    return Poll::Ready(());
                }
                is_asked = true;
                let waker = cx.waker().clone();
                thread::spawn(move || waker.wake());
                Poll::Pending
            })
            .await;
        }
        times
    }

    fn everywhere(body: impl Fn() + Clone + Send + 'static) {
        body();
        // SAFETY: the body uses no thread-local storage across a wait, and little stack.
        #[allow(unsafe_code)]
        let coroutine = unsafe { may::coroutine::spawn(body) };
        coroutine.join().unwrap();
    }

    #[test]
    fn futures_end_on_threads_and_coroutines() {
        everywhere(|| {
            assert_eq!(hop(20).wait(), 20);
            assert_eq!(async { hop(3).wait() }.wait(), 3, "a wait within a poll");
            assert!(catch_unwind(|| async { assert_eq!(hop(1).await, 2) }.wait()).is_err());
            let items = futures_util::stream::iter([1, 2, 3]).then(|number| async move { hop(number).await });
            assert_eq!(items.wait_each().sum::<usize>(), 6);
        });
    }

    #[test]
    fn time_ends_waits() {
        everywhere(|| {
            let begun = Instant::now();
            assert_eq!(pending::<()>().wait_timeout(Duration::from_millis(20)), Err(TimedOut));
            assert!(begun.elapsed() >= Duration::from_millis(20));
            assert_eq!(hop(2).wait_in_time(), Ok(2));
            let until = task::until(Instant::now() + Duration::from_millis(20));
            assert_eq!(pending::<()>().wait_in_time(), Err(Interrupted::Deadline));
            drop(until);
        });
    }
}
