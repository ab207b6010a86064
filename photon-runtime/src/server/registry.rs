//! Which connections there are: running ones with their deadline, parked ones with their descriptor.
//!
//! Both live in one table by descriptor; the kernel hands out the lowest free number, so the table stays dense. An
//! entry of a running connection goes before its socket is closed, so that whoever holds the table's lock and sees the
//! entry may still use the descriptor. This module knows no bytes.

#![allow(unsafe_code)]

use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use may::io::{WaitIo, WaitIoWaker};
use may::net::TcpStream;
use socket2::SockRef;

use super::engine::Engine;
use super::tls::Session;
use crate::exchange::Head;
use crate::http::clock;
use crate::task::Task;

/// Parts of the table with a lock each.
const SHARDS: usize = 16;

/// What others may see and do of a running connection.
pub(super) struct Active {
    /// When the present wait is over, on the coarse clock; 0 while nothing is waited for.
    pub(super) deadline: AtomicU64,
    /// The server has lost patience: every wait fails.
    pub(super) abort: AtomicBool,
    /// A handler runs, so the coroutine must be woken by its own worker only.
    pub(super) busy: AtomicBool,
    /// Somebody wants the attention of a handler that reads from a switched connection.
    interrupted: AtomicBool,
    /// Where the stack of the connection begins, and the request that a handler is busy with; for the case that the
    /// stack overflows.
    stack: AtomicUsize,
    request: AtomicPtr<Head<'static>>,
    /// What its handler is at; its own line of memory, for it is written at every request.
    pub(super) task: Arc<Task>,
    waker: WaitIoWaker,
    fd: RawFd,
}

/// What a parked connection leaves behind.
pub(super) struct Parked {
    /// When the connection has been idle for too long, on the coarse clock.
    pub(super) deadline: u64,
    pub(super) socket: OwnedFd,
    pub(super) session: Option<Box<Session>>,
}

impl Parked {
    /// Says good-bye, if that is to be said, and closes the socket.
    pub(super) fn close(self) {
        let Some(mut session) = self.session else { return };
        session.close();
        let socket = SockRef::from(&self.socket);
        // If it cannot be sent at once, nobody is there to read it.
        let _ = session.try_flush(&mut &*socket);
    }
}

#[derive(Default)]
enum Slot {
    #[default]
    Empty,
    Active(Arc<Active>),
    Parked(Parked),
}

const _: () = assert!(size_of::<Slot>() <= 32, "a parked connection costs a few words");

/// The table.
#[derive(Default)]
pub(super) struct Registry {
    shards: [Mutex<Vec<Slot>>; SHARDS],
    live: AtomicUsize,
    parked: AtomicUsize,
    /// How often a connection was parked.
    parked_ever: AtomicUsize,
}

impl Registry {
    /// All connections.
    pub(super) fn live(&self) -> usize {
        self.live.load(Ordering::Relaxed)
    }

    /// Those that have a coroutine.
    pub(super) fn active(&self) -> usize {
        self.live().saturating_sub(self.parked())
    }

    /// Those that have none.
    pub(super) fn parked(&self) -> usize {
        self.parked.load(Ordering::Relaxed)
    }

    /// How often a connection was parked, by a counter that may wrap.
    pub(super) fn parked_ever(&self) -> usize {
        self.parked_ever.load(Ordering::Relaxed)
    }

    /// Counts a connection that was accepted.
    pub(super) fn came(&self) {
        self.live.fetch_add(1, Ordering::Relaxed);
        #[cfg(feature = "metrics")]
        crate::observe::metrics::connected();
    }

    /// Counts a connection that has gone.
    pub(super) fn went(&self) {
        self.live.fetch_sub(1, Ordering::Relaxed);
        #[cfg(feature = "metrics")]
        crate::observe::metrics::disconnected();
    }

    /// Takes one parked connection out of the table.
    pub(super) fn take(&self, fd: RawFd) -> Option<Parked> {
        let (shard, at) = self.shard(fd);
        let mut slots = lock(shard);
        let slot = slots.get_mut(at)?;
        if !matches!(slot, Slot::Parked(_)) {
            return None;
        }
        self.parked.fetch_sub(1, Ordering::Relaxed);
        match std::mem::take(slot) {
            Slot::Parked(parked) => Some(parked),
            Slot::Empty | Slot::Active(_) => None,
        }
    }

    /// Takes those parked connections out whose deadline has come before `now`.
    pub(super) fn take_due(&self, now: u64) -> Vec<Parked> {
        let mut due = Vec::new();
        for shard in &self.shards {
            for slot in lock(shard).iter_mut() {
                if matches!(slot, Slot::Parked(parked) if now >= parked.deadline)
                    && let Slot::Parked(parked) = std::mem::take(slot)
                {
                    due.push(parked);
                }
            }
        }
        self.parked.fetch_sub(due.len(), Ordering::Relaxed);
        due
    }

    /// Wakes the running connections whose wait is over.
    pub(super) fn wake_due(&self, now: u64) {
        self.each_active(|active| {
            let deadline = active.deadline.load(Ordering::Relaxed);
            if deadline != 0 && now >= deadline {
                active.wake();
            }
        });
    }

    /// Looks at what each running connection is at.
    pub(super) fn each_task(&self, mut look: impl FnMut(&Arc<Task>)) {
        self.each_active(|active| look(&active.task));
    }

    /// Wakes the connections that wait for a request.
    pub(super) fn wake_idle(&self) {
        self.each_active(|active| {
            if !active.busy.load(Ordering::Relaxed) {
                active.waker.wakeup();
            }
        });
    }

    /// Ends every wait of every running connection, and both directions of its socket.
    pub(super) fn abort(&self) {
        self.each_active(|active| {
            active.abort.store(true, Ordering::SeqCst);
            active.shutdown(libc::SHUT_RDWR);
            if !active.busy.load(Ordering::Relaxed) {
                active.waker.wakeup();
            }
        });
    }

    fn each_active(&self, mut visit: impl FnMut(&Active)) {
        for shard in &self.shards {
            for slot in lock(shard).iter() {
                if let Slot::Active(active) = slot {
                    visit(active);
                }
            }
        }
    }

    /// Whether `wanted` holds for a running connection. Never waits for a lock, but tries each so many times: for
    /// signal handlers.
    pub(super) fn find_active(&self, tries: usize, wanted: impl Fn(&Active) -> bool) -> bool {
        self.shards.iter().any(|shard| {
            let Some(slots) = (0..tries).find_map(|_| shard.try_lock().ok()) else { return false };
            slots.iter().any(|slot| matches!(slot, Slot::Active(active) if wanted(active)))
        })
    }

    #[allow(clippy::cast_sign_loss)] // Descriptors are not negative.
    fn shard(&self, fd: RawFd) -> (&Mutex<Vec<Slot>>, usize) {
        let fd = fd as usize;
        (&self.shards[fd % SHARDS], fd / SHARDS)
    }
}

impl Active {
    /// Tells where the stack begins: somewhere near `place`.
    pub(super) fn begin<T>(&self, place: &T) {
        self.stack.store(std::ptr::from_ref(place).addr(), Ordering::Relaxed);
    }

    /// Belongs to the present worker, and returns its task.
    pub(super) fn settle(&self) -> Arc<Task> {
        self.task.settle(usize::try_from(self.fd).unwrap_or(0));
        #[cfg(feature = "db")]
        self.task.serve(self.fd);
        Arc::clone(&self.task)
    }

    /// A handler is busy with this request, until [`rest`](Self::rest).
    #[inline]
    pub(super) fn work(&self, head: &Head<'_>) {
        self.request.store(std::ptr::from_ref(head).cast_mut().cast(), Ordering::Relaxed);
        self.busy.store(true, Ordering::Relaxed);
        self.task.begin();
    }

    /// The handler reads from the switched connection now and waits for its client, so anybody may wake it.
    pub(super) fn switch(&self) {
        self.busy.store(false, Ordering::Relaxed);
    }

    /// The handler goes on after a wait in which anybody might wake it.
    pub(super) fn go_on(&self) {
        self.busy.store(true, Ordering::Relaxed);
    }

    /// No handler is busy.
    #[inline]
    pub(super) fn rest(&self) {
        self.task.end();
        self.busy.store(false, Ordering::Relaxed);
        self.request.store(std::ptr::null_mut(), Ordering::Relaxed);
    }

    /// Ends the present or the next wait.
    pub(super) fn interrupt(&self) {
        self.interrupted.store(true, Ordering::Release);
        self.waker.wakeup();
    }

    /// Whether the connection was interrupted since this was last asked.
    pub(super) fn take_interrupt(&self) -> bool {
        self.interrupted.swap(false, Ordering::Acquire)
    }

    /// Where the stack begins, and the request that it serves. The request may be looked at only while the coroutine
    /// stands still.
    pub(super) fn serving(&self) -> Option<(usize, *const Head<'static>)> {
        let request = self.request.load(Ordering::Relaxed);
        (!request.is_null()).then(|| (self.stack.load(Ordering::Relaxed), request.cast_const()))
    }

    /// Ends the present wait. A wake-up from another thread lets a coroutine go on wherever it likes, which is no
    /// matter to an idle one; a busy one is reached through its socket, and wakes where it belongs.
    fn wake(&self) {
        if self.busy.load(Ordering::Relaxed) {
            self.shutdown(libc::SHUT_RD);
        } else {
            self.waker.wakeup();
        }
    }

    fn shutdown(&self, how: libc::c_int) {
        // SAFETY: callers hold the lock of the table that this entry stands in, so the descriptor is still open.
        unsafe { libc::shutdown(self.fd, how) };
    }
}

/// The entry of one running connection; dropped before its socket.
pub(super) struct Registration {
    pub(super) active: Arc<Active>,
    pub(super) engine: Arc<Engine>,
}

impl Registration {
    pub(super) fn new(engine: Arc<Engine>, stream: &TcpStream) -> Self {
        let fd = stream.as_raw_fd();
        let active = Arc::new(Active {
            deadline: AtomicU64::new(0),
            abort: AtomicBool::new(false),
            busy: AtomicBool::new(false),
            interrupted: AtomicBool::new(false),
            stack: AtomicUsize::new(0),
            request: AtomicPtr::new(std::ptr::null_mut()),
            task: Arc::new(Task::new()),
            waker: stream.waker(),
            fd,
        });
        let (shard, at) = engine.registry.shard(fd);
        let mut slots = lock(shard);
        if slots.len() <= at {
            slots.resize_with(at + 1, Slot::default);
        }
        slots[at] = Slot::Active(Arc::clone(&active));
        drop(slots);
        Self { active, engine }
    }

    /// Leaves the connection to the keeper.
    ///
    /// The entry is written and the descriptor watched under one lock, so that neither an event nor a sweep can see
    /// one without the other. Bytes that came since the last read fire at once.
    pub(super) fn park(self, stream: TcpStream, session: Option<Box<Session>>, deadline: u64) {
        // `may` forgets the descriptor while it is open, then it is ours.
        let fd = stream.into_raw_fd();
        // SAFETY: the descriptor was just released by its only owner.
        let socket = unsafe { OwnedFd::from_raw_fd(fd) };
        let registry = &self.engine.registry;
        let (shard, at) = registry.shard(fd);
        let mut slots = lock(shard);
        if self.engine.watch.add(fd).is_ok() {
            registry.parked.fetch_add(1, Ordering::Relaxed);
            registry.parked_ever.fetch_add(1, Ordering::Relaxed);
            slots[at] = Slot::Parked(Parked { deadline: deadline.max(clock::now_ms()), socket, session });
        } else {
            slots[at] = Slot::Empty;
            registry.went();
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let registry = &self.engine.registry;
        let (shard, at) = registry.shard(self.active.fd);
        let mut slots = lock(shard);
        // A parked connection stands there as such, or somebody else does already.
        if matches!(&slots[at], Slot::Active(active) if Arc::ptr_eq(active, &self.active)) {
            slots[at] = Slot::Empty;
            registry.went();
        }
    }
}

/// No code that could panic runs under these locks, and nothing waits under them.
fn lock(shard: &Mutex<Vec<Slot>>) -> MutexGuard<'_, Vec<Slot>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
