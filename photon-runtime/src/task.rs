//! What is known of a coroutine's present request by all that waits in its name: which operation it is, whether a
//! handler has the worker just now, and until when it may wait.
//!
//! The connection writes, with plain stores to a line of memory of its own; waits and the watchdog read. A wait finds
//! the task of its coroutine by `may`'s coroutine-local storage, which follows the coroutine from thread to thread. This
//! module knows no socket and no lock.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::exchange::OperationName;
use crate::http::clock;
use crate::park::Home;

/// The deadline of who has none.
const NEVER: u64 = u64::MAX;

/// What a coroutine is at.
#[derive(Debug)]
pub(crate) struct Task {
    /// Counts spells: odd while a handler has the worker, even while it waits or there is none.
    spell: AtomicU64,
    operation: AtomicPtr<OperationName>,
    /// Milliseconds on the clock, or [`NEVER`].
    deadline: AtomicU64,
    home: OnceLock<Home>,
    /// The number of the client's socket, which is open as long as its coroutine lives.
    #[cfg(feature = "db")]
    client: OnceLock<i32>,
}

may::coroutine_local!(static CURRENT: RefCell<Option<Arc<Task>>> = RefCell::new(None));

impl Task {
    pub(crate) fn new() -> Self {
        Self {
            spell: AtomicU64::new(0),
            operation: AtomicPtr::new(std::ptr::null_mut()),
            deadline: AtomicU64::new(NEVER),
            home: OnceLock::new(),
            #[cfg(feature = "db")]
            client: OnceLock::new(),
        }
    }

    /// Remembers the worker that it belongs to, which is the present one.
    pub(crate) fn settle(&self, id: usize) {
        self.home.get_or_init(|| Home::here(id));
    }

    /// Serves the client of this socket.
    #[cfg(feature = "db")]
    pub(crate) fn serve(&self, client: i32) {
        self.client.get_or_init(|| client);
    }

    /// The worker that it belongs to, if any.
    pub(crate) fn home(&self) -> Option<Home> {
        self.home.get().copied()
    }

    /// A handler has the worker from now on, until [`end`](Self::end).
    #[inline]
    pub(crate) fn begin(&self) {
        self.spell.store(self.spell.load(Ordering::Relaxed) | 1, Ordering::Relaxed);
    }

    /// The handler is done with its request.
    #[inline]
    pub(crate) fn end(&self) {
        self.operation.store(std::ptr::null_mut(), Ordering::Relaxed);
        self.stop();
    }

    /// Tells the operation.
    #[inline]
    pub(crate) fn name(&self, operation: &'static OperationName) {
        self.operation.store(std::ptr::from_ref(operation).cast_mut(), Ordering::Relaxed);
    }

    /// Gives the worker up, and tells whether a handler had it: for [`resume`](Self::resume).
    #[inline]
    pub(crate) fn pause(&self) -> bool {
        let had = self.spell.load(Ordering::Relaxed) & 1 == 1;
        if had {
            self.stop();
        }
        had
    }

    /// Takes the worker again, if a handler had it.
    #[inline]
    pub(crate) fn resume(&self, had: bool) {
        if had {
            self.begin();
        }
    }

    /// The operation of the present request, if that is known.
    #[cfg(feature = "db")]
    fn operation(&self) -> Option<&'static OperationName> {
        let operation = self.operation.load(Ordering::Relaxed).cast_const();
        // SAFETY: whatever was stored is null or came from a `&'static`.
        #[allow(unsafe_code)]
        unsafe {
            operation.as_ref()
        }
    }

    /// The number of the present spell with the worker, and its operation, if that is known.
    pub(crate) fn running(&self) -> Option<(u64, Option<&'static OperationName>)> {
        let spell = self.spell.load(Ordering::Relaxed);
        if spell & 1 == 0 {
            return None;
        }
        let operation = self.operation.load(Ordering::Relaxed).cast_const();
        // SAFETY: whatever was stored is null or came from a `&'static`.
        #[allow(unsafe_code)]
        let operation = unsafe { operation.as_ref() };
        Some((spell, operation))
    }

    /// When waits end, in milliseconds on the clock.
    #[inline]
    pub(crate) fn deadline_ms(&self) -> u64 {
        self.deadline.load(Ordering::Relaxed)
    }

    /// Only its own coroutine counts, so that no lock is needed.
    #[inline]
    fn stop(&self) {
        let spell = self.spell.load(Ordering::Relaxed);
        self.spell.store(spell.wrapping_add(1) & !1, Ordering::Relaxed);
    }
}

/// Makes this the task of the present coroutine, or of the present thread where there is none; the one before comes back
/// when the scope is dropped.
pub(crate) fn enter(task: Option<Arc<Task>>) -> Entered {
    Entered(CURRENT.with(|current| current.replace(task)))
}

/// A task is entered.
pub(crate) struct Entered(Option<Arc<Task>>);

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.with(|current| current.replace(self.0.take()));
    }
}

/// The task of the present coroutine.
pub(crate) fn current() -> Option<Arc<Task>> {
    CURRENT.with(|current| current.borrow().clone())
}

/// Ends the waits of this coroutine at `deadline`, until this is dropped.
pub(crate) fn until(deadline: Instant) -> Until {
    let task = current();
    // Tests call handlers on threads that are nobody's task yet.
    let entered = task.is_none().then(|| enter(Some(Arc::new(Task::new()))));
    let task = task.or_else(current);
    if let Some(task) = &task {
        task.deadline.store(clock::ms_at(deadline), Ordering::Relaxed);
    }
    Until { task, _entered: entered }
}

/// Waits have a deadline.
pub(crate) struct Until {
    task: Option<Arc<Task>>,
    _entered: Option<Entered>,
}

impl Drop for Until {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.deadline.store(NEVER, Ordering::Relaxed);
        }
    }
}

/// Lets the waits of this coroutine take as long as they like, from now on.
#[cfg(feature = "websocket")]
pub(crate) fn forget_deadline() {
    if let Some(task) = current() {
        task.deadline.store(NEVER, Ordering::Relaxed);
    }
}

/// The operation in whose name this coroutine runs.
#[cfg(feature = "db")]
pub(crate) fn operation() -> Option<&'static OperationName> {
    current()?.operation()
}

/// The number of the socket of the client that this coroutine serves: only to be asked about, never to be used up.
#[cfg(feature = "db")]
pub(crate) fn client() -> Option<i32> {
    current()?.client.get().copied()
}

/// How long a wait may take at most; none where there is no deadline.
pub(crate) fn left() -> Option<Duration> {
    let deadline = current()?.deadline_ms();
    (deadline != NEVER).then(|| clock::instant_at(deadline).saturating_duration_since(Instant::now()))
}

/// Marks that this coroutine waits, until the guard is dropped.
pub(crate) fn pause() -> Paused {
    let task = current();
    let had = task.as_ref().is_some_and(|task| task.pause());
    Paused { task, had }
}

/// The coroutine waits.
pub(crate) struct Paused {
    task: Option<Arc<Task>>,
    had: bool,
}

impl Drop for Paused {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.resume(self.had);
        }
    }
}

/// Whether a wait would let other coroutines run in the midst of a panic. The standard library counts panics by thread,
/// so that others would seem to panic too, and the next real one would end the process.
#[inline]
pub(crate) fn is_unwinding() -> bool {
    std::thread::panicking() && may::coroutine::is_coroutine()
}

/// Why a wait ended before what it waited for had come.
///
/// A handler passes it on with `?`; the client is then answered 503, for nobody has done anything wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Interrupted {
    /// The time of the operation is over: [`Context::deadline`](crate::Context::deadline).
    Deadline,
    /// The coroutine panics: a `Drop` that would wait in the midst of it does not.
    Unwinding,
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deadline => "the operation took longer than it may",
            Self::Unwinding => "a panic is under way, in which nothing may wait",
        })
    }
}

impl Error for Interrupted {}

#[cfg(test)]
mod tests {
    use super::*;

    static NAME: OperationName = OperationName { id: "getPet", method: "GET", path: "/pets/{id}" };

    #[test]
    fn spells_are_told_apart() {
        let task = Task::new();
        assert_eq!(task.running(), None);
        task.begin();
        let (first, operation) = task.running().unwrap();
        assert_eq!(operation, None);
        task.name(&NAME);
        let had = task.pause();
        assert_eq!(task.running(), None);
        task.resume(had);
        let (second, operation) = task.running().unwrap();
        assert_ne!(first, second);
        assert_eq!(operation, Some(&NAME));
        task.end();
        assert_eq!(task.running(), None);
        assert!(!task.pause(), "who has no worker gives none up");
    }

    #[test]
    fn a_deadline_holds_within_its_scope() {
        assert_eq!(left(), None);
        let scope = until(Instant::now());
        assert!(left().is_some_and(|left| left <= Duration::from_millis(1)), "rounded up at most");
        drop(scope);
        assert_eq!(left(), None);
    }
}
