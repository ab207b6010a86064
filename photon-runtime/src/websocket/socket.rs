//! A WebSocket whose messages a document describes: JSON of one type in, JSON of another out.

use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, Instant};

use super::{Close, CloseCode, Message, Received, Request, Session, WebSocket};
use crate::contract::{Body, Operation};
use crate::error::Result;
use crate::exchange::Duplex;
use crate::model::{Rule, Value};

/// An operation that opens a WebSocket. Generated code implements it.
pub trait Switching: Operation<Output = ()> {
    /// What clients send.
    type Receive: Value;
    /// What clients are sent.
    type Send: Value;
    /// What each message from a client must keep.
    const RECEIVE: &'static Body;
}

/// What a document's WebSocket knows of the request that opened it: its operation has told the handler all.
static REQUEST: Request<'static> = Request { path: Vec::new(), query: "", protocol: None };

/// What opens a WebSocket when it is first needed.
pub(crate) trait Door {
    /// Answers the handshake, unless that was done before.
    fn open(&mut self) -> Result<(&mut Session, &mut dyn Duplex)>;

    fn session(&self) -> &Session;
}

/// A WebSocket that receives `In` and sends `Out`, both as JSON.
///
/// The handshake is answered when the handler first receives, sends or closes, or when it [opens](Self::open). An error
/// that the handler returns before that is the answer, as the document declares it; one that it returns later is logged,
/// and closes the WebSocket with 1011.
pub struct Socket<'s, In, Out> {
    door: &'s mut (dyn Door + 's),
    rule: &'static Rule,
    types: PhantomData<fn(Out) -> In>,
}

impl<'s, In: Value, Out: Value> Socket<'s, In, Out> {
    pub(crate) fn new(door: &'s mut (dyn Door + 's), rule: &'static Rule) -> Self {
        Self { door, rule, types: PhantomData }
    }

    /// Answers the handshake now, for a handler that waits for other things first: its client waits, too.
    pub fn open(&mut self) -> Result<()> {
        self.door.open().map(|_| ())
    }

    /// Waits for a message. `None` once the WebSocket is closed. One that does not fit the document closes the WebSocket,
    /// with 1003, 1007 or 1008, and is a [`Failure`](super::Failure).
    pub fn receive(&mut self) -> Result<Option<In>> {
        let rule = self.rule;
        Ok(self.opened()?.receive_ruled(rule, None)?.message())
    }

    /// Waits for a message, but not longer than this, as [`WebSocket::receive_within`] does.
    pub fn receive_within(&mut self, time: Duration) -> Result<Received<In>> {
        let rule = self.rule;
        self.opened()?.receive_ruled(rule, Instant::now().checked_add(time))
    }

    /// Sends a message. Waits while the client does not read, for as long as the server's limits allow.
    pub fn send(&mut self, value: &Out) -> Result<()> {
        self.opened()?.send_json(value)
    }

    /// Tells the client that this is the end, as [`WebSocket::close`] does.
    pub fn close(&mut self, code: CloseCode, reason: &str) -> Result<()> {
        self.opened()?.close(code, reason)
    }

    /// How the WebSocket was closed, as [`WebSocket::closed`] tells it.
    pub fn closed(&self) -> Option<&Close> {
        self.door.session().closed()
    }

    /// A way to send from other coroutines and threads. What is sent before the WebSocket is opened waits for that.
    pub fn sender(&self) -> Sender<Out> {
        Sender { sender: super::Sender::new(self.door.session().outbox()), types: PhantomData }
    }

    fn opened(&mut self) -> Result<WebSocket<'_>> {
        let (session, stream) = self.door.open()?;
        Ok(WebSocket::new(session, stream, &REQUEST))
    }
}

impl<In, Out> fmt::Debug for Socket<'_, In, Out> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("closed", &self.door.session().closed()).finish_non_exhaustive()
    }
}

/// Sends JSON of one type; [`untyped`](Self::untyped) is what joins a [`Room`](super::Room).
pub struct Sender<Out> {
    sender: super::Sender,
    types: PhantomData<fn(Out)>,
}

impl<Out: Value> Sender<Out> {
    /// Sends a value, as [`websocket::Sender::send`](super::Sender::send) does.
    pub fn send(&self, value: &Out) -> Result<()> {
        self.sender.send(Message::json(value))
    }

    /// The same for messages of any kind.
    pub fn untyped(&self) -> &super::Sender {
        &self.sender
    }
}

impl<Out> Clone for Sender<Out> {
    fn clone(&self) -> Self {
        Self { sender: self.sender.clone(), types: PhantomData }
    }
}

impl<Out> fmt::Debug for Sender<Out> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sender.fmt(f)
    }
}
