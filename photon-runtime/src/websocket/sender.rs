//! Sending from elsewhere than the handler: a queue with bounds that the handler's `receive` empties.
//!
//! The socket belongs to the coroutine of its handler alone. Whoever sends from elsewhere puts the message into the
//! queue and interrupts the handler's wait. No lock is held over a wait, and nothing waits in a `Drop`.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::park::Parker;

use super::failure::Failure;
use super::limits::WebSocketLimits;
use super::message::{Close, CloseCode, Message};
use crate::error::Result;

/// Sends over a WebSocket from any coroutine or thread, for as long as it is open. Clones send over the same one.
///
/// Messages of one sender arrive in the order in which they were sent. They go out while the handler waits in
/// [`receive`](super::WebSocket::receive) or sends itself; a handler that does neither holds them up, and so must not
/// [`send`](Self::send) to itself this way.
#[derive(Clone)]
pub struct Sender(Arc<Outbox>);

impl Sender {
    pub(super) fn new(outbox: Arc<Outbox>) -> Self {
        Self(outbox)
    }

    /// Puts a message into the queue. Waits while the queue is full, and fails once it has been so for
    /// [`WebSocketLimits::queue_timeout`], or when the WebSocket is closed.
    pub fn send(&self, message: impl Into<Message>) -> Result<()> {
        let deadline = Instant::now().checked_add(self.0.queue_timeout);
        let mut message = message.into();
        loop {
            let parker = match self.0.push(message, true) {
                Ok(()) => return Ok(()),
                Err(Refused::Closed) => return Err(Failure::Closed.into()),
                Err(Refused::Full(back, parker)) => {
                    message = back;
                    parker
                }
            };
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                self.0.forget(parker.as_ref());
                return Err(Failure::Full.into());
            }
            if let Some(parker) = parker {
                // Whether the time is over is seen in the next round.
                let _ = parker.park(left);
            }
        }
    }

    /// Puts a message into the queue, or fails at once where [`send`](Self::send) would wait.
    pub fn try_send(&self, message: impl Into<Message>) -> Result<(), Failure> {
        self.0.push(message.into(), false).map_err(|refused| match refused {
            Refused::Closed => Failure::Closed,
            Refused::Full(..) => Failure::Full,
        })
    }

    /// Closes the WebSocket once what is in the queue has been sent.
    pub fn close(&self, code: CloseCode, reason: &str) {
        self.0.close(Close::new(code, reason), false);
    }

    /// Closes the WebSocket, and throws away what is in the queue.
    pub fn close_now(&self, code: CloseCode, reason: &str) {
        self.0.close(Close::new(code, reason), true);
    }

    /// Whether messages are still taken.
    pub fn is_open(&self) -> bool {
        self.0.lock().is_open
    }

    /// Whether both send over the same WebSocket.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("is_open", &self.is_open()).finish_non_exhaustive()
    }
}

/// The queue of one WebSocket.
pub(super) struct Outbox {
    state: Mutex<State>,
    messages_max: usize,
    bytes_max: usize,
    queue_timeout: Duration,
    /// Ends the handler's wait.
    interrupt: Arc<dyn Fn() + Send + Sync>,
}

struct State {
    queue: VecDeque<Message>,
    bytes: usize,
    /// What ends the WebSocket after the queue.
    close: Option<Close>,
    is_open: bool,
    waiting: Vec<Arc<Parker>>,
}

/// Why a message is not taken.
enum Refused {
    Closed,
    /// The message comes back, with what to wait by.
    Full(Message, Option<Arc<Parker>>),
}

impl Outbox {
    pub(super) fn new(limits: &WebSocketLimits, interrupt: Arc<dyn Fn() + Send + Sync>) -> Self {
        let state =
            State { queue: VecDeque::new(), bytes: 0, close: None, is_open: true, waiting: Vec::new() };
        Self {
            state: Mutex::new(state),
            messages_max: limits.queue_messages_max,
            bytes_max: limits.queue_bytes_max,
            queue_timeout: limits.queue_timeout,
            interrupt,
        }
    }

    fn push(&self, message: Message, may_wait: bool) -> Result<(), Refused> {
        let mut state = self.lock();
        if !state.is_open {
            return Err(Refused::Closed);
        }
        let bytes = state.bytes.saturating_add(message.as_bytes().len());
        let was_empty = state.queue.is_empty();
        if !was_empty && (state.queue.len() >= self.messages_max || bytes > self.bytes_max) {
            let parker = may_wait.then(|| Arc::new(Parker::new()));
            state.waiting.extend(parker.clone());
            return Err(Refused::Full(message, parker));
        }
        state.bytes = bytes;
        state.queue.push_back(message);
        drop(state);
        if was_empty {
            (self.interrupt)();
        }
        Ok(())
    }

    fn close(&self, close: Close, at_once: bool) {
        let mut state = self.lock();
        if !state.is_open {
            return;
        }
        state.is_open = false;
        state.close = Some(close);
        if at_once {
            state.queue = VecDeque::new();
            state.bytes = 0;
        }
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        wake(&waiting);
        (self.interrupt)();
    }

    /// Takes everything out: what is to be sent, and what is to end the WebSocket then.
    pub(super) fn drain(&self) -> (VecDeque<Message>, Option<Close>) {
        let mut state = self.lock();
        if state.queue.is_empty() && state.close.is_none() {
            return (VecDeque::new(), None);
        }
        let queue = std::mem::take(&mut state.queue);
        let close = state.close.take();
        state.bytes = 0;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        wake(&waiting);
        (queue, close)
    }

    /// Takes no more messages, and forgets those that were taken.
    pub(super) fn shut(&self) {
        let mut state = self.lock();
        state.is_open = false;
        state.queue = VecDeque::new();
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        wake(&waiting);
    }

    fn forget(&self, parker: Option<&Arc<Parker>>) {
        if let Some(parker) = parker {
            self.lock().waiting.retain(|waiting| !Arc::ptr_eq(waiting, parker));
        }
    }

    /// Nothing waits under this lock, and no code that could panic runs under it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wake(waiting: &[Arc<Parker>]) {
    for parker in waiting {
        parker.unpark();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A sender with room for two messages of ten bytes together, and how often its handler was interrupted.
    fn sender() -> (Sender, Arc<AtomicUsize>) {
        let interrupts = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&interrupts);
        let limits = WebSocketLimits {
            queue_messages_max: 2,
            queue_bytes_max: 10,
            queue_timeout: Duration::from_millis(20),
            ..WebSocketLimits::default()
        };
        let interrupt = Arc::new(move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        (Sender::new(Arc::new(Outbox::new(&limits, interrupt))), interrupts)
    }

    #[test]
    fn the_queue_has_bounds() {
        let (sender, interrupts) = sender();
        sender.try_send("a").unwrap();
        sender.try_send("b").unwrap();
        assert!(matches!(sender.try_send("c"), Err(Failure::Full)));
        assert_eq!(interrupts.load(Ordering::SeqCst), 1, "one interruption is enough");
        let (queue, close) = sender.0.drain();
        assert_eq!((queue.len(), close), (2, None));
        sender.try_send("longer than the queue").unwrap();
        assert!(matches!(sender.try_send("d"), Err(Failure::Full)));
        let error = sender.send("d").unwrap_err();
        assert!(matches!(error.downcast_ref(), Some(Failure::Full)));
        assert!(sender.0.lock().waiting.is_empty() || sender.0.lock().waiting.len() < 2);
    }

    #[test]
    fn who_waits_goes_on_when_there_is_room() {
        let (sender, _) = sender();
        let limits = WebSocketLimits { queue_messages_max: 1, ..WebSocketLimits::default() };
        let outbox = Arc::new(Outbox::new(&limits, Arc::clone(&sender.0.interrupt)));
        let sender = Sender::new(Arc::clone(&outbox));
        sender.try_send("a").unwrap();
        let other = sender.clone();
        let waiter = std::thread::spawn(move || other.send("b").is_ok());
        let mut received = Vec::new();
        while received.len() < 2 {
            received.extend(outbox.drain().0);
            std::thread::yield_now();
        }
        assert!(waiter.join().unwrap());
        assert_eq!(received, [Message::from("a"), Message::from("b")]);
    }

    #[test]
    fn closing_comes_after_what_was_sent_or_at_once() {
        for (at_once, left) in [(false, 1), (true, 0)] {
            let (sender, _) = sender();
            sender.try_send("a").unwrap();
            if at_once {
                sender.close_now(CloseCode::POLICY, "now");
            } else {
                sender.close(CloseCode::POLICY, "now");
            }
            assert!(!sender.is_open());
            assert!(matches!(sender.try_send("b"), Err(Failure::Closed)));
            let (queue, close) = sender.0.drain();
            assert_eq!((queue.len(), close.and_then(|close| close.code)), (left, Some(CloseCode::POLICY)));
        }
    }
}
