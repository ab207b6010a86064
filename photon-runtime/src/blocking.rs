//! Threads for what would stop a worker: blocking calls, long computations, C libraries, deep recursion.
//!
//! ```
//! let text = photon_runtime::blocking(|| std::fs::read_to_string("Cargo.toml"));
//! assert!(text.is_ok());
//! ```

#![allow(unsafe_code)]

use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::park::Parker;
use crate::task;

/// Threads for each processor, and the least number of them.
const THREADS_PER_CORE: usize = 4;
const THREADS_MIN: usize = 16;

/// Work that waits for a thread; more is refused.
const QUEUE_MAX: usize = 1024;

/// The stack of each thread; only touched pages cost memory.
const STACK_BYTES: usize = 8 << 20;

/// Runs `work` on a thread where blocking is allowed, and waits for its result; other coroutines go on meanwhile. A
/// panic in `work` goes on here. Outside of coroutines `work` runs where it is called.
///
/// At most four threads a processor (at least 16) do so at a time, and 1,024 calls wait for one; beyond that the call
/// fails: pass it on with `?`, and the client is answered 503. The call returns when the work is done, whatever the time,
/// for the work may borrow from its caller; sleeps and locks within it end with the time of the operation.
pub fn blocking<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Overloaded> {
    run_on(&POOL, work)
}

fn run_on<T: Send>(pool: &'static LazyLock<Pool>, work: impl FnOnce() -> T + Send) -> Result<T, Overloaded> {
    // In the midst of a panic nobody else may run meanwhile.
    if !may::coroutine::is_coroutine() || task::is_unwinding() {
        return Ok(work());
    }
    let task = task::current();
    let mut result = None;
    let done = Arc::new(Done { flag: AtomicBool::new(false), waiter: Arc::new(Parker::new()) });
    let told = Arc::clone(&done);
    let place = &mut result;
    let job: Box<dyn FnOnce() + Send + '_> = Box::new(move || {
        // Waits of the work end when those of its caller would.
        let entered = task::enter(task);
        *place = Some(catch_unwind(AssertUnwindSafe(work)));
        drop(entered);
        told.tell();
    });
    // SAFETY: only the lifetime changes. This function does not return, nor unwind, before the job has told that it is
    // done or was dropped unrun, so all that it borrows outlives it.
    let job = unsafe { std::mem::transmute::<Box<dyn FnOnce() + Send + '_>, Job>(job) };
    pool.submit(job)?;
    done.wait();
    match result {
        Some(Ok(value)) => Ok(value),
        Some(Err(panic)) => resume_unwind(panic),
        None => Err(Overloaded),
    }
}

/// All threads are busy, and the queue is full.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Overloaded;

impl fmt::Display for Overloaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("too much blocking work is waiting")
    }
}

impl std::error::Error for Overloaded {}

type Job = Box<dyn FnOnce() + Send>;

struct Done {
    flag: AtomicBool,
    waiter: Arc<Parker>,
}

impl Done {
    fn tell(&self) {
        self.flag.store(true, Ordering::Release);
        self.waiter.unpark();
    }

    /// Neither returns early nor panics: the job still borrows from our caller.
    fn wait(&self) {
        while !self.flag.load(Ordering::Acquire) {
            let _ = self.waiter.park(None);
        }
    }
}

static POOL: LazyLock<Pool> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Pool::new((cores * THREADS_PER_CORE).max(THREADS_MIN), QUEUE_MAX)
});

struct Pool {
    state: Mutex<State>,
    work_came: Condvar,
    threads_max: usize,
    queue_max: usize,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Job>,
    threads: usize,
    idle: usize,
}

impl Pool {
    fn new(threads_max: usize, queue_max: usize) -> Self {
        Self { state: Mutex::default(), work_came: Condvar::new(), threads_max, queue_max }
    }

    /// Queues a job, and starts a thread for it if none is free; a job that is refused is dropped.
    fn submit(&'static self, job: Job) -> Result<(), Overloaded> {
        let mut state = self.lock();
        if state.queue.len() >= self.queue_max {
            return Err(Overloaded);
        }
        if state.idle <= state.queue.len() && state.threads < self.threads_max {
            let builder = thread::Builder::new().name("photon-blocking".to_owned()).stack_size(STACK_BYTES);
            match builder.spawn(|| self.serve()) {
                Ok(_) => state.threads += 1,
                Err(_) if state.threads == 0 => return Err(Overloaded),
                // The threads that there are will come to it.
                Err(_) => {}
            }
        }
        state.queue.push_back(job);
        #[cfg(feature = "metrics")]
        crate::observe::metrics::blocking_queue(state.queue.len());
        drop(state);
        self.work_came.notify_one();
        Ok(())
    }

    /// What each thread does, for ever. Jobs catch their own panics.
    fn serve(&self) {
        loop {
            let mut state = self.lock();
            let job = loop {
                if let Some(job) = state.queue.pop_front() {
                    #[cfg(feature = "metrics")]
                    crate::observe::metrics::blocking_queue(state.queue.len());
                    break job;
                }
                state.idle += 1;
                state = self.work_came.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.idle -= 1;
            };
            drop(state);
            job();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Runs `body` on a coroutine.
    fn on_coroutine<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> thread::Result<T> {
        // SAFETY: the body uses no thread-local storage across a wait, and little stack.
        unsafe { may::coroutine::spawn(body) }.join()
    }

    #[test]
    fn work_may_borrow_and_runs_on_a_thread_of_its_own() {
        let name = on_coroutine(|| {
            let text = "borrowed".to_owned();
            let (name, length) =
                blocking(|| (thread::current().name().map(str::to_owned), text.len())).unwrap();
            assert_eq!(length, text.len());
            name
        });
        assert_eq!(name.unwrap().as_deref(), Some("photon-blocking"));
    }

    #[test]
    fn a_panic_comes_back() {
        let outcome = on_coroutine(|| catch_unwind(|| blocking(|| -> u8 { panic!("in the work") })).is_err());
        assert!(outcome.unwrap());
    }

    #[test]
    fn more_work_than_fits_is_refused() {
        const THREADS: usize = 2;
        const QUEUE: usize = 3;
        const CALLS: usize = THREADS + QUEUE + 10;
        // A pool of its own: other tests need room in theirs.
        static FULL: LazyLock<Pool> = LazyLock::new(|| Pool::new(THREADS, QUEUE));
        let (release, gate) = std::sync::mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let (tell, told) = std::sync::mpsc::channel();
        for _ in 0..CALLS {
            let (gate, tell) = (Arc::clone(&gate), tell.clone());
            // SAFETY: the body uses no thread-local storage across a wait, and little stack.
            unsafe {
                may::coroutine::spawn(move || {
                    let outcome = run_on(&FULL, || gate.lock().unwrap().recv().is_ok());
                    tell.send(outcome.is_err()).unwrap();
                })
            };
        }
        let wait = Duration::from_mins(1);
        let outcome = || told.recv_timeout(wait).unwrap();
        for _ in THREADS + QUEUE..CALLS {
            assert!(outcome(), "no more than fit are taken");
        }
        drop(release);
        // As many as fit the queue are done; more if the threads had begun before all came.
        let done = (0..THREADS + QUEUE).filter(|_| !outcome()).count();
        assert!(done >= QUEUE, "{done} calls were done");
    }
}
