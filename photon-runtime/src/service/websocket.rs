//! A WebSocket from its request to its end: who may open it, its handler, what the client is told.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::dispatch::panic_message;
use super::route::{self, Call, Outcome, Run};
use crate::context::{Context, Line};
use crate::contract::Response;
use crate::error::{Error, Result};
use crate::exchange::{BodyLength, Duplex, Head};
use crate::rejection::{Rejection, RejectionKind};
use crate::task;
use crate::websocket::{
    Close, CloseCode, Failure, Handshake, Request, Route, Session, Socket, Switching, WebSocket,
};

/// A method of the application that talks over a WebSocket.
pub(super) type Handler<A, O> =
    fn(&A, &Context<'_>, O, Socket<'_, <O as Switching>::Receive, <O as Switching>::Send>) -> Result<()>;

/// An operation that opens a WebSocket.
pub(super) struct Opened<A, O: Switching> {
    pub(super) api: Arc<A>,
    pub(super) handler: Handler<A, O>,
}

impl Run for Route {
    #[cfg(feature = "minihttp")]
    fn demand(&self) -> route::Demand {
        route::Demand::Switch
    }

    fn run(&self, call: Call<'_>) -> Outcome {
        let Call { cx, line, input, .. } = call;
        let judged = judge(input.head(), line, self.protocols).and_then(|handshake| {
            known_origin(self, cx)?;
            Ok(handshake)
        });
        let handshake = match judged {
            Ok(handshake) => handshake,
            Err(rejection) => return Outcome::Rejected(rejection),
        };
        let Some(path) = input.path_values() else {
            let detail = "the path is not UTF-8 once it is unescaped";
            return Outcome::Rejected(Rejection::new(RejectionKind::Syntax, detail));
        };
        if let Some(Err(problem)) = self.admit.as_ref().map(|admit| admit(cx)) {
            let mut response = Response::new(problem.status().as_u16(), &[]);
            response.problem(problem);
            return Outcome::Answer(response);
        }
        let request = Request { path, query: input.query_string(), protocol: handshake.protocol() };
        let limit = self.message_bytes_max;
        open(cx, line, handshake, limit, &mut |session, stream| {
            (self.handler)(cx, WebSocket::new(session, stream, &request))
        })
    }
}

impl<A: Send + Sync, O: Switching> Run for Opened<A, O> {
    #[cfg(feature = "minihttp")]
    fn demand(&self) -> route::Demand {
        route::Demand::Switch
    }

    fn run(&self, call: Call<'_>) -> Outcome {
        let (cx, line) = (call.cx, call.line);
        let handshake = judge(call.input.head(), line, &[]);
        let asked = handshake.and_then(|handshake| Ok((handshake, route::request::<O>(call)?)));
        let (handshake, (asked, _)) = match asked {
            Ok(asked) => asked,
            Err(rejection) => return Outcome::Rejected(rejection),
        };
        let mut asked = Some(asked);
        let request = Request { path: Vec::new(), query: "", protocol: None };
        open(cx, line, handshake, None, &mut |session, stream| match asked.take() {
            Some(asked) => {
                let socket = WebSocket::new(session, stream, &request);
                (self.handler)(&self.api, cx, asked, Socket::new(socket, &O::RECEIVE.rule))
            }
            None => Ok(()),
        })
    }
}

/// Whether a request asks for a WebSocket as it should.
fn judge(
    head: &Head<'_>,
    line: &Line<'_>,
    protocols: &[&'static str],
) -> std::result::Result<Handshake, Rejection> {
    let handshake = Handshake::judge(head, protocols)?;
    if line.try_borrow().is_ok_and(|exchange| exchange.body_length() != BodyLength::Empty) {
        return Err(Rejection::new(RejectionKind::Syntax, "a request for WebSocket has no body"));
    }
    Ok(handshake)
}

fn known_origin(route: &Route, cx: &Context<'_>) -> std::result::Result<(), Rejection> {
    let Some(origins) = route.origins else { return Ok(()) };
    match cx.header("origin") {
        Some(origin) if !origins.iter().any(|known| known.eq_ignore_ascii_case(origin)) => {
            Err(Rejection::new(RejectionKind::Forbidden, "pages of this origin are not let in"))
        }
        _ => Ok(()),
    }
}

/// A handler with all that it takes but its WebSocket.
type Talk<'t> = dyn FnMut(&mut Session, &mut dyn Duplex) -> Result<()> + 't;

/// Answers the handshake, runs the handler, and closes.
fn open(
    cx: &Context<'_>,
    line: &Line<'_>,
    handshake: Handshake,
    message_bytes_max: Option<usize>,
    talk: &mut Talk<'_>,
) -> Outcome {
    let Ok(mut exchange) = line.try_borrow_mut() else {
        return Outcome::Rejected(Rejection::new(RejectionKind::Internal, ""));
    };
    // The context looks at the driver, which is lent to the WebSocket from here on.
    cx.remember(&**exchange);
    let mut fields = handshake.fields();
    cx.add_response_headers(&mut fields);
    let mut limits = exchange.websocket_limits();
    limits.message_bytes_max = message_bytes_max.unwrap_or(limits.message_bytes_max);
    let stream = match exchange.upgrade(&fields) {
        Ok(stream) => stream,
        Err(error) => {
            tracing::warn!(parent: cx.span(), operation = cx.operation(), %error, "a WebSocket could not be opened");
            if exchange.answered() {
                return Outcome::Streamed(None);
            }
            return Outcome::Rejected(Rejection::new(RejectionKind::Internal, ""));
        }
    };
    // The time of the operation was that of its handshake.
    task::forget_deadline();
    let mut session = Session::new(limits, stream);
    let handled = catch_unwind(AssertUnwindSafe(|| talk(&mut session, &mut *stream)));
    session.finish(stream, verdict(cx, handled));
    Outcome::Streamed(None)
}

/// What the client is told of the handler's end.
fn verdict(cx: &Context<'_>, handled: std::thread::Result<Result<()>>) -> Close {
    let error = match handled {
        Ok(Ok(())) => return Close::new(CloseCode::NORMAL, ""),
        Ok(Err(error)) if error.downcast_ref::<Failure>().is_some() => {
            // The client's doing, which it was told, or a client that has left.
            tracing::debug!(parent: cx.span(), operation = cx.operation(), ?error, "a WebSocket ended early");
            return Close::new(CloseCode::ERROR, "");
        }
        Ok(Err(error)) => error,
        Err(panic) => Error::new(format!("the handler panicked: {}", panic_message(&*panic))),
    };
    let (operation, request_id) = (cx.operation(), cx.request_id());
    tracing::error!(parent: cx.span(), operation, request_id, ?error, "a WebSocket failed");
    Close::new(CloseCode::ERROR, "")
}
