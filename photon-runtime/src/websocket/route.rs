//! What is said of a path before anybody asks for it: its handler, its subprotocols, who is let in.

use std::fmt;

use super::WebSocket;
use crate::context::Context;
use crate::error::Result;
use crate::problem::Problem;

/// The handler of a path.
pub(crate) type Handler = Box<dyn Fn(&Context<'_>, WebSocket<'_>) -> Result<()> + Send + Sync>;

/// Who is let in.
pub(crate) type Admit = Box<dyn Fn(&Context<'_>) -> Result<(), Problem> + Send + Sync>;

/// A handler with what it asks of its clients; for [`Service::websocket_route`](crate::Service::websocket_route).
///
/// ```
/// use photon_runtime::websocket::{Route, WebSocket};
/// use photon_runtime::{Context, Problem, Result, Service, StatusCode};
///
/// fn chat(_cx: &Context, mut socket: WebSocket) -> Result<()> {
///     socket.send("welcome")
/// }
///
/// let route = Route::new(chat)
///     .protocols(&["chat.v2", "chat.v1"])
///     .origins(&["https://example.com"])
///     .admit(|cx| match cx.header("authorization") {
///         Some(_) => Ok(()),
///         None => Err(Problem::of(StatusCode::UNAUTHORIZED)),
///     });
/// let service = Service::new((), "{}").websocket_route("/chat", route);
/// ```
#[must_use = "a route does nothing until a service has it"]
pub struct Route {
    pub(crate) handler: Handler,
    pub(crate) protocols: &'static [&'static str],
    pub(crate) origins: Option<&'static [&'static str]>,
    pub(crate) admit: Option<Admit>,
    pub(crate) message_bytes_max: Option<usize>,
}

impl Route {
    /// A route of this handler, which lets everybody in.
    pub fn new(handler: impl Fn(&Context<'_>, WebSocket<'_>) -> Result<()> + Send + Sync + 'static) -> Self {
        Self {
            handler: Box::new(handler),
            protocols: &[],
            origins: None,
            admit: None,
            message_bytes_max: None,
        }
    }

    /// The subprotocols that the handler speaks; the client's favourite among them is chosen
    /// ([`WebSocket::protocol`]). A client that offers none of them is let in and spoken to without one. Defaults to none.
    pub fn protocols(mut self, protocols: &'static [&'static str]) -> Self {
        self.protocols = protocols;
        self
    }

    /// The origins that pages may come from, as browsers tell them: `https://example.com`. Pages of others are answered
    /// with 403; clients that tell no origin are no browsers, and are let in (RFC 6455, section 10.2). Defaults to all
    /// origins: a WebSocket that trusts cookies must name its own.
    pub fn origins(mut self, origins: &'static [&'static str]) -> Self {
        self.origins = Some(origins);
        self
    }

    /// Lets only those in for whom this returns `Ok`; others are answered with the problem. It sees requests that are
    /// handshakes otherwise, before they are answered, and may leave values for the handler in the context. Defaults to
    /// everybody.
    pub fn admit(
        mut self,
        admit: impl Fn(&Context<'_>) -> Result<(), Problem> + Send + Sync + 'static,
    ) -> Self {
        self.admit = Some(Box::new(admit));
        self
    }

    /// The longest message from a client, in bytes. Defaults to the server's
    /// [`WebSocketLimits::message_bytes_max`](super::WebSocketLimits::message_bytes_max).
    pub fn message_bytes_max(mut self, bytes: usize) -> Self {
        self.message_bytes_max = Some(bytes);
        self
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Route")
            .field("protocols", &self.protocols)
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}
