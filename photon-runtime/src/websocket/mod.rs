//! WebSocket (RFC 6455) on the port and among the paths of HTTP.
//!
//! A handler is plain blocking code on the connection's own coroutine: it receives and sends until the WebSocket is
//! closed, and the WebSocket ends with it.
//!
//! ```
//! use photon_runtime::websocket::WebSocket;
//! use photon_runtime::{Context, Result, Service};
//!
//! fn echo(_cx: &Context, mut socket: WebSocket) -> Result<()> {
//!     while let Some(message) = socket.receive()? {
//!         socket.send(message)?;
//!     }
//!     Ok(())
//! }
//!
//! let service = Service::new((), "{}").websocket("/echo/{name}", echo);
//! ```
//!
//! # Opening (section 4.2)
//!
//! A request is let in if it is a `GET` of HTTP/1.1 with `Upgrade: websocket`, `Connection: upgrade`, one
//! `Sec-WebSocket-Key` of 16 bytes in base64 and `Sec-WebSocket-Version: 13`. What asks for no upgrade, or for another
//! version, is answered with 426 and what to ask for; a bad key with 400; an origin that is not let in with 403. These
//! are rejections as any other: the service's hook may put them into its own format. [`Route`] chooses subprotocols and
//! says who is let in. No extension is negotiated: messages are never compressed (`permessage-deflate`, RFC 7692).
//!
//! An operation with `x-photon-websocket` has a [`Socket`] of its own types, which is opened when its handler first needs
//! it. So a handler can still refuse: the error that it returns before is the answer, as the document declares it.
//!
//! # Messages (sections 5 and 6)
//!
//! [`WebSocket::receive`] returns whole messages, texts checked to be UTF-8. Pings are answered while a handler
//! receives; a client that is silent is asked for a sign of life, and given up if it shows none ([`WebSocketLimits`]).
//! To send from elsewhere than the handler there is [`WebSocket::sender`]; to tell many at once a [`Room`].
//!
//! # Closing (section 7)
//!
//! | code | when |
//! |---|---|
//! | 1000 | the handler returned `Ok` |
//! | 1001 | the server stops: `receive` returns `None`; a handler that never waits there may go on for a second |
//! | 1002 | the client broke the protocol |
//! | 1003 | a binary message came where [`receive_json`](WebSocket::receive_json) waited for JSON |
//! | 1007 | a text is no UTF-8, or not the JSON that was waited for |
//! | 1008 | JSON breaks its schema, or the client was silent for too long |
//! | 1009 | a message or a frame is longer than it may be |
//! | 1011 | the handler failed or panicked; the error is logged, never told |
//! | 1013 | a member of a room was too slow |
//!
//! What the client did wrong it is told at once, by a closing frame, and the handler gets a [`Failure`] that it may
//! simply return. After a closing frame the client's own is waited for, and then the connection ends.

mod failure;
mod handshake;
mod limits;
mod message;
mod room;
mod route;
mod scan;
mod sender;
mod session;
mod sha1;
mod socket;
mod wire;

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, Instant};

pub use failure::Failure;
pub use limits::WebSocketLimits;
pub use message::{Close, CloseCode, Message, Received, Text};
pub use room::{Member, Room, Slow};
pub use route::Route;
pub use sender::Sender;
pub(crate) use socket::Door;
pub use socket::{Sender as SocketSender, Socket, Switching};

pub(crate) use handshake::Handshake;
pub(crate) use session::Session;

use crate::error::Result;
use crate::exchange::Duplex;
use crate::model::{ANY, Decoder, Rule, Value};

/// One WebSocket, in the hands of its handler.
pub struct WebSocket<'s> {
    session: &'s mut Session,
    stream: &'s mut (dyn Duplex + 's),
    request: &'s Request<'s>,
}

/// What a handler may know of the request that opened its WebSocket.
pub(crate) struct Request<'r> {
    /// The parameters of the path, decoded.
    pub(crate) path: Vec<(&'r str, Cow<'r, str>)>,
    /// The query, as sent.
    pub(crate) query: &'r str,
    pub(crate) protocol: Option<&'static str>,
}

impl<'s> WebSocket<'s> {
    pub(crate) fn new(
        session: &'s mut Session,
        stream: &'s mut (dyn Duplex + 's),
        request: &'s Request<'s>,
    ) -> Self {
        Self { session, stream, request }
    }

    /// Waits for a message. `None` once the WebSocket is closed: by the client, by this side, or because the server
    /// stops; a loss or a fault is a [`Failure`].
    pub fn receive(&mut self) -> Result<Option<Message>> {
        Ok(self.session.receive(self.stream, None)?.message())
    }

    /// Waits for a message, but not longer than this; the clock of waits ticks ten times a second. For handlers that have
    /// something to send now and then: they answer pings and learn that the server stops while they wait here.
    pub fn receive_within(&mut self, time: Duration) -> Result<Received<Message>> {
        Ok(self.session.receive(self.stream, Instant::now().checked_add(time))?)
    }

    /// Waits for a text that is JSON of this type. Anything else closes the WebSocket, with 1003, 1007 or 1008, and is a
    /// [`Failure`].
    pub fn receive_json<T: Value>(&mut self) -> Result<Option<T>> {
        Ok(self.receive_ruled(&ANY, None)?.message())
    }

    fn receive_ruled<T: Value>(&mut self, rule: &Rule, until: Option<Instant>) -> Result<Received<T>> {
        let failure = match self.session.receive(self.stream, until)? {
            Received::Closed => return Ok(Received::Closed),
            Received::Nothing => return Ok(Received::Nothing),
            Received::Message(Message::Binary(_)) => Failure::Unsupported,
            Received::Message(Message::Text(text)) => match Decoder::json(text.as_bytes()).decode(rule) {
                Ok(value) => return Ok(Received::Message(value)),
                Err(violations) => Failure::Unfit(violations),
            },
        };
        Ok(self.session.fail(self.stream, failure)?)
    }

    /// Sends a message. Waits while the client does not read, for as long as the server's limits allow.
    pub fn send(&mut self, message: impl Into<Message>) -> Result<()> {
        Ok(self.session.send(self.stream, message.into())?)
    }

    /// Sends the JSON of a value, as a text.
    pub fn send_json(&mut self, value: &dyn Value) -> Result<()> {
        self.send(Message::json(value))
    }

    /// Tells the client that this is the end. Nothing is sent after that; `receive` returns `None`.
    pub fn close(&mut self, code: CloseCode, reason: &str) -> Result<()> {
        Ok(self.session.close(self.stream, Close::new(code, reason))?)
    }

    /// How the WebSocket was closed, by the client or by this side; none while it is open, or if it was lost.
    pub fn closed(&self) -> Option<&Close> {
        self.session.closed()
    }

    /// A way to send from other coroutines and threads.
    pub fn sender(&self) -> Sender {
        Sender::new(self.session.outbox())
    }

    /// A parameter of the path, by its name in the template.
    pub fn path(&self, name: &str) -> Option<&str> {
        self.request.path.iter().find(|(given, _)| *given == name).map(|(_, value)| &**value)
    }

    /// The query of the request, as sent, without its question mark.
    pub fn query_string(&self) -> &str {
        self.request.query
    }

    /// The subprotocol that was chosen, one of the [`Route`]'s.
    pub fn protocol(&self) -> Option<&'static str> {
        self.request.protocol
    }
}

impl fmt::Debug for WebSocket<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocket").field("closed", &self.closed()).finish_non_exhaustive()
    }
}

/// Whether a request opens a WebSocket, and the status of its answer where not. For the laws of `fuzzing`.
#[cfg(any(test, fuzzing))]
pub(crate) fn judge(
    head: &crate::exchange::Head<'_>,
) -> std::result::Result<Vec<crate::exchange::Field>, u16> {
    let judged = Handshake::judge(head, &["a", "b"]);
    judged.map(Handshake::fields).map_err(|rejection| rejection.status.as_u16())
}
