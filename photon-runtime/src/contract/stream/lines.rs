//! Lists of any length: one JSON value a line, or a JSON text sequence (RFC 7464) where the document says so.

use std::marker::PhantomData;
use std::time::Duration;

use super::{Sink, Stream};
use crate::error::Result;
use crate::model::{Value, encode};
use crate::sync::Receiver;

/// Sends items of `T`, each on its own.
#[derive(Debug)]
pub struct Lines<T> {
    stream: Stream,
    is_sequence: bool,
    values: PhantomData<fn(T)>,
}

impl<T: Value> Sink for Lines<T> {
    fn open(stream: Stream) -> Self {
        let media = stream.declared_media().unwrap_or("application/x-ndjson");
        stream.set_media(media);
        let is_sequence = media.to_ascii_lowercase().contains("json-seq");
        Self { stream, is_sequence, values: PhantomData }
    }
}

impl<T: Value> Lines<T> {
    /// Sends an item. Fails once the client has left.
    pub fn send(&mut self, value: &T) -> Result<()> {
        self.stream.shared.judge(value)?;
        let mut piece = if self.is_sequence { vec![0x1e] } else { Vec::new() };
        encode(value, &mut piece);
        piece.push(b'\n');
        self.stream.write(&piece)
    }

    /// Waits for this time. Every so often ([`Limits::stream_keep_alive`](crate::Limits::stream_keep_alive)) an empty line
    /// is sent, which readers skip. Fails once the client has left, the handler's time is over or the server stops.
    pub fn sleep(&mut self, duration: Duration) -> Result<()> {
        self.stream.sleep(duration, self.silence())
    }

    /// Waits for the next value of a channel as [`sleep`](Self::sleep) does; None once all its senders are gone.
    pub fn recv<M>(&mut self, receiver: &Receiver<M>) -> Result<Option<M>> {
        self.stream.recv(receiver, self.silence())
    }

    /// What says nothing.
    fn silence(&self) -> &'static [u8] {
        if self.is_sequence { b"\x1e" } else { b"\n" }
    }

    /// Whether the client has left or the handler's time is over.
    pub fn is_cancelled(&self) -> bool {
        self.stream.is_cancelled()
    }
}
