//! Tells many what happens: each subscriber gets every value from when it came.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::channel::{Receiver, SendError, Sender, channel};

/// Sends values to all who subscribed.
///
/// A subscriber that is as many values behind as its channel holds is let go: its channel ends after these, so that one
/// slow client neither holds up the others nor misses a value without knowing.
///
/// ```
/// let topic = photon_runtime::sync::Topic::new(16);
/// let (first, second) = (topic.subscribe(), topic.subscribe());
/// topic.publish(&"news");
/// assert_eq!((first.recv(), second.recv()), (Some("news"), Some("news")));
/// ```
pub struct Topic<T> {
    subscribers: Mutex<Vec<Sender<T>>>,
    capacity: usize,
}

impl<T: Clone> Topic<T> {
    /// A topic whose subscribers may each be so many values behind, at least one.
    pub fn new(capacity: usize) -> Self {
        Self { subscribers: Mutex::new(Vec::new()), capacity }
    }

    /// All values from now on.
    pub fn subscribe(&self) -> Receiver<T> {
        let (sender, receiver) = channel(self.capacity);
        self.subscribers.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }

    /// Sends a value to all who subscribed, and returns how many these are. Never waits.
    pub fn publish(&self, value: &T) -> usize {
        let mut gone = Vec::new();
        let mut subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut at = 0;
        while let Some(subscriber) = subscribers.get(at) {
            match subscriber.try_send(value.clone()) {
                Ok(()) => at += 1,
                Err(SendError::Full(_) | SendError::Closed(_)) => gone.push(subscribers.swap_remove(at)),
            }
        }
        let count = subscribers.len();
        drop(subscribers);
        // Those who are let go are woken without the lock.
        drop(gone);
        count
    }
}

impl<T> fmt::Debug for Topic<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Topic").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_slow_or_gone_is_let_go() {
        let topic = Topic::new(2);
        let (slow, fast) = (topic.subscribe(), topic.subscribe());
        for value in 0..3 {
            assert_eq!(topic.publish(&value), if value < 2 { 2 } else { 1 });
            assert_eq!(fast.recv(), Some(value));
        }
        let got: Vec<i32> = std::iter::from_fn(|| slow.recv()).collect();
        assert_eq!(got, [0, 1], "what came in time arrives, then the end");
        drop(fast);
        assert_eq!(topic.publish(&3), 0);
    }
}
