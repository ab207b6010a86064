//! Telling many at once: a set of senders that WebSockets join and leave.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::failure::Failure;
use super::message::{CloseCode, Message};
use super::sender::Sender;

/// What becomes of a member whose queue is full when there is something to tell.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Slow {
    /// It is closed with 1013, and may come again.
    #[default]
    Close,
    /// It misses this message.
    Skip,
}

/// WebSockets that are told the same. Clones are the same room; it is kept in the state of the application.
///
/// Nobody waits in here: a message goes into the queue of each member, as bytes that all share, and who is too slow to
/// have room for it is treated as [`Slow`] says. No lock is held while messages are handed over.
///
/// ```
/// use photon_runtime::{Context, Result};
/// use photon_runtime::websocket::{Room, WebSocket};
///
/// #[derive(Default)]
/// struct Chat {
///     room: Room,
/// }
///
/// impl Chat {
///     fn handle(&self, _cx: &Context, mut socket: WebSocket) -> Result<()> {
///         let _member = self.room.join(&socket.sender());
///         while let Some(message) = socket.receive()? {
///             self.room.broadcast(message);
///         }
///         Ok(())
///     }
/// }
/// ```
#[derive(Clone, Default)]
pub struct Room {
    members: Arc<Mutex<Members>>,
    slow: Slow,
}

#[derive(Default)]
struct Members {
    next: u64,
    senders: Vec<(u64, Sender)>,
}

impl Room {
    /// A room that closes members that are too slow.
    pub fn new() -> Self {
        Self::default()
    }

    /// Treats slow members in this way. Defaults to [`Slow::Close`].
    #[must_use]
    pub fn slow(mut self, slow: Slow) -> Self {
        self.slow = slow;
        self
    }

    /// Adds a member, who leaves when the guard is dropped.
    #[must_use = "who drops the guard leaves the room"]
    pub fn join(&self, sender: &Sender) -> Member {
        let mut members = lock(&self.members);
        let id = members.next;
        members.next += 1;
        members.senders.push((id, sender.clone()));
        drop(members);
        Member { room: self.clone(), id }
    }

    /// Tells all members, and returns how many took it.
    pub fn broadcast(&self, message: impl Into<Message>) -> usize {
        self.tell(&message.into(), None)
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        lock(&self.members).senders.len()
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn tell(&self, message: &Message, but: Option<u64>) -> usize {
        let senders = lock(&self.members).senders.clone();
        let mut told = 0;
        for (_, sender) in senders.iter().filter(|(id, _)| Some(*id) != but) {
            match sender.try_send(message.clone()) {
                Ok(()) => told += 1,
                Err(Failure::Full) if self.slow == Slow::Close => {
                    sender.close_now(CloseCode::TRY_AGAIN, "too slow for this room");
                }
                // It has gone and will leave, or it misses this one.
                Err(_) => {}
            }
        }
        told
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room").field("members", &self.len()).field("slow", &self.slow).finish()
    }
}

/// One member of a room, who leaves when this is dropped.
#[derive(Debug)]
pub struct Member {
    room: Room,
    id: u64,
}

impl Member {
    /// Tells all the other members, and returns how many took it.
    pub fn broadcast(&self, message: impl Into<Message>) -> usize {
        self.room.tell(&message.into(), Some(self.id))
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        lock(&self.room.members).senders.retain(|(id, _)| *id != self.id);
    }
}

/// Nothing waits under this lock, and no code that could panic runs under it.
fn lock(members: &Mutex<Members>) -> MutexGuard<'_, Members> {
    members.lock().unwrap_or_else(PoisonError::into_inner)
}
