//! A WebSocket whose messages a document describes: JSON of one type in, JSON of another out.

use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, Instant};

use super::{Close, CloseCode, Message, Received, WebSocket};
use crate::contract::{Body, Operation};
use crate::error::{Error, Result};
use crate::model::{Rule, Value};

/// An operation that opens a WebSocket. Generated code implements it.
pub trait Switching: Operation<Output = (), Error = Error> {
    /// What clients send.
    type Receive: Value;
    /// What clients are sent.
    type Send: Value;
    /// What each message from a client must keep.
    const RECEIVE: &'static Body;
}

/// A WebSocket that receives `In` and sends `Out`, both as JSON.
pub struct Socket<'s, In, Out> {
    inner: WebSocket<'s>,
    rule: &'static Rule,
    types: PhantomData<fn(Out) -> In>,
}

impl<'s, In: Value, Out: Value> Socket<'s, In, Out> {
    pub(crate) fn new(socket: WebSocket<'s>, rule: &'static Rule) -> Self {
        Self { inner: socket, rule, types: PhantomData }
    }

    /// Waits for a message. `None` once the WebSocket is closed. One that does not fit the document closes the WebSocket,
    /// with 1003, 1007 or 1008, and is a [`Failure`](super::Failure).
    pub fn receive(&mut self) -> Result<Option<In>> {
        Ok(self.inner.receive_ruled(self.rule, None)?.message())
    }

    /// Waits for a message, but not longer than this, as [`WebSocket::receive_within`] does.
    pub fn receive_within(&mut self, time: Duration) -> Result<Received<In>> {
        self.inner.receive_ruled(self.rule, Instant::now().checked_add(time))
    }

    /// Sends a message. Waits while the client does not read, for as long as the server's limits allow.
    pub fn send(&mut self, value: &Out) -> Result<()> {
        self.inner.send_json(value)
    }

    /// Tells the client that this is the end, as [`WebSocket::close`] does.
    pub fn close(&mut self, code: CloseCode, reason: &str) -> Result<()> {
        self.inner.close(code, reason)
    }

    /// How the WebSocket was closed, as [`WebSocket::closed`] tells it.
    pub fn closed(&self) -> Option<&Close> {
        self.inner.closed()
    }

    /// A way to send from other coroutines and threads.
    pub fn sender(&self) -> Sender<Out> {
        Sender { sender: self.inner.sender(), types: PhantomData }
    }
}

impl<In, Out> fmt::Debug for Socket<'_, In, Out> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
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
