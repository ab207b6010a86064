//! A WebSocket from its request to its end: who may open it, its handler, what the client is told.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use super::dispatch::panic_message;
use super::route::{self, Call, Outcome, Run};
use crate::context::{Context, Line};
use crate::contract::{Fault, Operation, Response};
use crate::error::{Error, Result};
use crate::exchange::{BodyLength, Duplex, Exchange, Field, Head};
use crate::rejection::{Rejection, RejectionKind};
use crate::task;
use crate::websocket::{
    Close, CloseCode, Door, Failure, Handshake, Request, Route, Session, Socket, Switching, WebSocket,
};

/// A method of the application that talks over a WebSocket.
pub(super) type Handler<A, O> = fn(
    &A,
    &Context<'_>,
    O,
    Socket<'_, <O as Switching>::Receive, <O as Switching>::Send>,
) -> std::result::Result<(), <O as Operation>::Error>;

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
        talk(cx, line, handshake, limit, &mut |opening| {
            let opened = opening.open();
            let handled = opened
                .and_then(|(session, stream)| (self.handler)(cx, WebSocket::new(session, stream, &request)));
            handled.map_err(failed)
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
        talk(cx, line, handshake, None, &mut |opening| match asked.take() {
            Some(asked) => {
                (self.handler)(&self.api, cx, asked, Socket::new(opening, &O::RECEIVE.rule)).map_err(failed)
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

/// A WebSocket that is opened when it is needed.
struct Opening<'e> {
    cx: &'e Context<'e>,
    session: Session,
    /// Those of the answer.
    fields: Vec<Field>,
    way: Way<'e>,
}

/// How far it is to the client.
enum Way<'e> {
    /// The handshake is not answered yet.
    Asked(&'e mut dyn Exchange),
    Open(&'e mut dyn Duplex),
    /// It could not be answered.
    Lost,
}

impl Door for Opening<'_> {
    fn open(&mut self) -> Result<(&mut Session, &mut dyn Duplex)> {
        if matches!(self.way, Way::Asked(_))
            && let Way::Asked(exchange) = mem::replace(&mut self.way, Way::Lost)
        {
            // The handler may have had something to add until now.
            self.cx.add_response_headers(&mut self.fields);
            let stream = exchange.upgrade(&self.fields).inspect_err(|error| {
                let operation = self.cx.operation();
                tracing::warn!(parent: self.cx.span(), operation, %error, "a WebSocket could not be opened");
            })?;
            // The time of the operation was that of its handshake.
            task::forget_deadline();
            self.way = Way::Open(stream);
        }
        match &mut self.way {
            Way::Open(stream) => Ok((&mut self.session, &mut **stream)),
            Way::Asked(_) | Way::Lost => Err(Error::new("the WebSocket could not be opened")),
        }
    }

    fn session(&self) -> &Session {
        &self.session
    }
}

/// A handler with all that it takes but its WebSocket; it fails with its answer, if it is not too late for one.
type Talk<'t> = dyn FnMut(&mut Opening<'_>) -> std::result::Result<(), Box<Response>> + 't;

/// Runs the handler, which answers the handshake, and closes.
fn talk(
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
    let mut limits = exchange.websocket_limits();
    limits.message_bytes_max = message_bytes_max.unwrap_or(limits.message_bytes_max);
    // Who cannot be interrupted cannot be opened either.
    let interrupter = exchange.interrupter().unwrap_or_else(|| Arc::new(|| ()));
    let session = Session::new(limits, interrupter);
    let mut opening = Opening { cx, session, fields: handshake.fields(), way: Way::Asked(&mut **exchange) };
    let handled = catch_unwind(AssertUnwindSafe(|| talk(&mut opening)));
    if matches!(handled, Ok(Ok(()))) {
        // A handler that has nothing to say opens it all the same; that it could not was told.
        let _ = opening.open();
    }
    let Opening { mut session, way, .. } = opening;
    match way {
        Way::Open(stream) => {
            session.finish(stream, verdict(cx, handled));
            return Outcome::Streamed(None);
        }
        Way::Asked(_) | Way::Lost => session.abandon(),
    }
    match handled {
        Err(panic) => resume_unwind(panic),
        Ok(_) if exchange.answered() => Outcome::Streamed(None),
        Ok(Err(response)) => Outcome::Answer(*response),
        Ok(Ok(())) => Outcome::Rejected(Rejection::new(RejectionKind::Internal, "")),
    }
}

/// The answer that an error of a handler is.
#[allow(clippy::unnecessary_box_returns, reason = "it stands in a `Result` that is small otherwise")]
fn failed(error: impl Fault) -> Box<Response> {
    let mut response = Box::new(Response::new(0, &[]));
    error.fault(&mut response);
    response
}

/// What the client is told of the end of a handler that has opened its WebSocket.
fn verdict(cx: &Context<'_>, handled: std::thread::Result<std::result::Result<(), Box<Response>>>) -> Close {
    let error = match handled {
        Ok(Ok(())) => return Close::new(CloseCode::NORMAL, ""),
        Ok(Err(mut response)) => response.failure.take().unwrap_or_else(|| {
            Error::new(format!("status {} after the WebSocket was opened", response.status))
        }),
        Err(panic) => Error::new(format!("the handler panicked: {}", panic_message(&*panic))),
    };
    if error.downcast_ref::<Failure>().is_some() {
        // The client's doing, which it was told, or a client that has left.
        tracing::debug!(parent: cx.span(), operation = cx.operation(), ?error, "a WebSocket ended early");
        return Close::new(CloseCode::ERROR, "");
    }
    let (operation, request_id) = (cx.operation(), cx.request_id());
    tracing::error!(parent: cx.span(), operation, request_id, ?error, "a WebSocket failed");
    Close::new(CloseCode::ERROR, "")
}
