//! Values from one coroutine or thread to another, in order, with a bound.
//!
//! No lock is held over a wait. Who waits is woken by a function, so that a handler may wait for a value and for its
//! client at once.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::park::Parker;

/// A channel that holds so many values, at least one; who sends more waits.
///
/// ```
/// let (sender, receiver) = photon_runtime::sync::channel(8);
/// sender.send("tick").unwrap();
/// drop(sender);
/// assert_eq!(receiver.recv(), Some("tick"));
/// assert_eq!(receiver.recv(), None, "all senders are gone");
/// ```
pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let state = State {
        queue: VecDeque::new(),
        senders: 1,
        is_received: true,
        receiver: None,
        waiting: VecDeque::new(),
    };
    let shared = Arc::new(Shared { state: Mutex::new(state), capacity: capacity.max(1) });
    (Sender(Arc::clone(&shared)), Receiver(shared))
}

/// The end of a channel that values go into. Clones send into the same one.
pub struct Sender<T>(Arc<Shared<T>>);

/// The end of a channel that values come out of.
pub struct Receiver<T>(Arc<Shared<T>>);

/// Why a value was not sent; it comes back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SendError<T> {
    /// There is no room, which [`Sender::send`] waits for.
    Full(T),
    /// Nobody receives any more.
    Closed(T),
}

struct Shared<T> {
    state: Mutex<State<T>>,
    capacity: usize,
}

struct State<T> {
    queue: VecDeque<T>,
    senders: usize,
    is_received: bool,
    /// Wakes the receiver.
    receiver: Option<Wake>,
    /// Those who wait for room.
    waiting: VecDeque<Arc<Parker>>,
}

/// What there is to receive.
pub(crate) enum Polled<T> {
    Value(T),
    /// All senders are gone, and nothing is left.
    Closed,
    /// Nothing yet.
    Nothing,
}

/// Wakes somebody who waits.
pub(crate) type Wake = Arc<dyn Fn() + Send + Sync>;

impl<T> Shared<T> {
    /// No code that could panic runs under this lock.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Sender<T> {
    /// Sends a value. Waits while there is no room; fails once nobody receives any more.
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        let mut value = value;
        loop {
            let parker = Arc::new(Parker::new());
            match self.offer(value, Some(&parker)) {
                Err(SendError::Full(back)) => value = back,
                outcome => return outcome,
            }
            // Whoever wakes it has made room; else it looks again.
            let _ = parker.park(None);
        }
    }

    /// Sends a value, or fails at once where [`send`](Self::send) would wait.
    pub fn try_send(&self, value: T) -> Result<(), SendError<T>> {
        self.offer(value, None)
    }

    fn offer(&self, value: T, parker: Option<&Arc<Parker>>) -> Result<(), SendError<T>> {
        let mut state = self.0.lock();
        if !state.is_received {
            return Err(SendError::Closed(value));
        }
        if state.queue.len() >= self.0.capacity {
            state.waiting.extend(parker.cloned());
            return Err(SendError::Full(value));
        }
        state.queue.push_back(value);
        let wake = state.receiver.take();
        drop(state);
        if let Some(wake) = wake {
            wake();
        }
        Ok(())
    }
}

impl<T> Receiver<T> {
    /// Waits for the next value. None once all senders are gone and nothing is left.
    pub fn recv(&self) -> Option<T> {
        self.recv_until(None).unwrap_or_default()
    }

    /// The next value, at most after this time: `Err` when there was none until then.
    pub fn recv_timeout(&self, timeout: Duration) -> Result<Option<T>, TimedOut> {
        self.recv_until(Instant::now().checked_add(timeout))
    }

    /// The next value, if there is one.
    pub fn try_recv(&self) -> Option<T> {
        match self.poll(|| None) {
            Polled::Value(value) => Some(value),
            Polled::Closed | Polled::Nothing => None,
        }
    }

    fn recv_until(&self, until: Option<Instant>) -> Result<Option<T>, TimedOut> {
        loop {
            let parker = Arc::new(Parker::new());
            let wake = || -> Option<Wake> {
                let parker = Arc::clone(&parker);
                Some(Arc::new(move || parker.unpark()))
            };
            match self.poll(wake) {
                Polled::Value(value) => return Ok(Some(value)),
                Polled::Closed => return Ok(None),
                Polled::Nothing => {}
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Err(TimedOut);
            }
            // Whether the time is over is seen in the next round.
            let _ = parker.park(left);
        }
    }

    /// The next value; where there is nothing yet, `wake` makes what is called when to ask again.
    pub(crate) fn poll(&self, wake: impl FnOnce() -> Option<Wake>) -> Polled<T> {
        let mut state = self.0.lock();
        if let Some(value) = state.queue.pop_front() {
            let waiting = state.waiting.pop_front();
            drop(state);
            if let Some(parker) = waiting {
                parker.unpark();
            }
            return Polled::Value(value);
        }
        if state.senders == 0 {
            return Polled::Closed;
        }
        state.receiver = wake();
        Polled::Nothing
    }
}

/// Nothing came in time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TimedOut;

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing came in time")
    }
}

impl std::error::Error for TimedOut {}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.0.lock().senders += 1;
        Self(Arc::clone(&self.0))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.senders -= 1;
        let wake = if state.senders == 0 { state.receiver.take() } else { None };
        drop(state);
        if let Some(wake) = wake {
            wake();
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.is_received = false;
        state.receiver = None;
        let (waiting, queue) = (std::mem::take(&mut state.waiting), std::mem::take(&mut state.queue));
        drop(state);
        drop(queue);
        for parker in waiting {
            parker.unpark();
        }
    }
}

impl<T> SendError<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        match self {
            Self::Full(value) | Self::Closed(value) => value,
        }
    }
}

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "the channel is full",
            Self::Closed(_) => "nobody receives any more",
        })
    }
}

impl<T: fmt::Debug> std::error::Error for SendError<T> {}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn values_arrive_in_order_and_senders_wait_for_room() {
        let (sender, receiver) = channel(2);
        let other = sender.clone();
        let thread = thread::spawn(move || (0..100).for_each(|value| other.send(value).unwrap()));
        drop(sender);
        let values: Vec<i32> = std::iter::from_fn(|| receiver.recv()).collect();
        assert_eq!(values, (0..100).collect::<Vec<_>>());
        thread.join().unwrap();
        assert_eq!(receiver.try_recv(), None);
    }

    #[test]
    #[allow(unsafe_code)] // Only to have a coroutine.
    fn coroutines_wait_for_each_other() {
        let (sender, receiver) = channel(1);
        // SAFETY: the body uses no thread-local storage across a wait, and little stack.
        let coroutine =
            unsafe { may::coroutine::spawn(move || std::iter::from_fn(|| receiver.recv()).sum::<u32>()) };
        (1..=50).for_each(|value| sender.send(value).unwrap());
        drop(sender);
        assert_eq!(coroutine.join().unwrap(), 1275);
    }

    #[test]
    fn ends_are_told() {
        let (sender, receiver) = channel(1);
        assert_eq!(receiver.recv_timeout(Duration::from_millis(5)), Err(TimedOut));
        assert_eq!(sender.try_send(1), Ok(()));
        assert_eq!(sender.try_send(2), Err(SendError::Full(2)));
        assert_eq!(receiver.recv_timeout(Duration::from_secs(9)), Ok(Some(1)));
        drop(receiver);
        assert_eq!(sender.send(3), Err(SendError::Closed(3)));
        let (sender, receiver) = channel::<()>(1);
        let waiting = thread::spawn(move || receiver.recv());
        drop(sender);
        assert_eq!(waiting.join().unwrap(), None);
    }
}
