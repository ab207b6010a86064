//! Server-sent events (HTML, section 9.2): one JSON value an event.

use std::fmt::Write as _;
use std::marker::PhantomData;
use std::time::Duration;

use super::{Sink, Stream};
use crate::error::{Error, Result};
use crate::model::{Value, encode};
use crate::sync::Receiver;

/// Sends events of `T` as `text/event-stream`.
#[derive(Debug)]
pub struct Events<T> {
    stream: Stream,
    values: PhantomData<fn(T)>,
}

/// A comment, which says nothing.
const SILENCE: &[u8] = b":\n\n";

/// What an event says beside its value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Event<'e> {
    /// Its type. Defaults to the one that the document has for all events; `message` where there is none.
    pub name: Option<&'e str>,
    /// What the client tells in `Last-Event-ID` when it comes back.
    pub id: Option<&'e str>,
}

impl<T: Value> Sink for Events<T> {
    fn open(stream: Stream) -> Self {
        stream.set_media("text/event-stream");
        stream.set_endless();
        Self { stream, values: PhantomData }
    }
}

impl<T: Value> Events<T> {
    /// Sends an event. Fails once the client has left.
    pub fn send(&mut self, value: &T) -> Result<()> {
        self.send_event(Event::default(), value)
    }

    /// Sends an event with a type or an id, neither of which may hold a line break.
    pub fn send_event(&mut self, event: Event<'_>, value: &T) -> Result<()> {
        self.stream.shared.judge(value)?;
        let mut text = String::new();
        let name = event.name.or(self.stream.shared.event());
        for (field, line) in [("event", name), ("id", event.id)] {
            let Some(line) = line else { continue };
            if line.contains(['\r', '\n', '\0']) {
                return Err(Error::new(format!("the {field} of an event holds a line break: {line:?}")));
            }
            let _ = writeln!(text, "{field}: {line}");
        }
        text.push_str("data: ");
        let mut piece = text.into_bytes();
        encode(value, &mut piece);
        piece.extend_from_slice(b"\n\n");
        self.stream.write(&piece)
    }

    /// Sends a comment, which clients ignore: keeps proxies from closing a quiet stream.
    pub fn keep_alive(&mut self) -> Result<()> {
        self.stream.write(SILENCE)
    }

    /// Waits for this time. Every so often ([`Limits::stream_keep_alive`](crate::Limits::stream_keep_alive)) a comment is
    /// sent. Fails once the client has left, the handler's time is over or the server stops; a handler that ends by `?`
    /// then ends the stream in order, and the client comes back.
    pub fn sleep(&mut self, duration: Duration) -> Result<()> {
        self.stream.sleep(duration, SILENCE)
    }

    /// Waits for the next value of a channel as [`sleep`](Self::sleep) does; None once all its senders are gone.
    ///
    /// ```
    /// use photon_runtime::sync::Receiver;
    /// use photon_runtime::{Events, Result};
    ///
    /// fn follow(news: &Receiver<String>, mut events: Events<String>) -> Result<()> {
    ///     while let Some(item) = events.recv(news)? {
    ///         events.send(&item)?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn recv<M>(&mut self, receiver: &Receiver<M>) -> Result<Option<M>> {
        self.stream.recv(receiver, SILENCE)
    }

    /// The last event that the client saw before it came back, by its id (`Last-Event-ID`).
    pub fn last_id(&self) -> Option<String> {
        self.stream.header("last-event-id").filter(|id| !id.is_empty())
    }

    /// Tells clients how long to wait before they come back.
    pub fn retry(&mut self, after: Duration) -> Result<()> {
        self.stream.write(format!("retry: {}\n\n", after.as_millis()).as_bytes())
    }

    /// Whether the client has left, the handler's time is over or the server stops.
    pub fn is_cancelled(&self) -> bool {
        self.stream.is_cancelled()
    }
}
