//! A WebSocket from its request to its end: who may open it, its handler, what the client is told.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::dispatch::panic_message;
use super::route::{Call, Outcome, Run};
use crate::context::Context;
use crate::contract::Response;
use crate::error::{Error, Result};
use crate::exchange::{BodyLength, Exchange};
use crate::rejection::{Rejection, RejectionKind};
use crate::websocket::{Close, CloseCode, Failure, Handshake, Request, Route, Session, WebSocket};

impl Run for Route {
    fn run(&self, call: Call<'_>) -> Outcome {
        let Call { cx, line, input, .. } = call;
        let Ok(mut exchange) = line.try_borrow_mut() else {
            return Outcome::Rejected(Rejection::new(RejectionKind::Internal, ""));
        };
        let judged = Handshake::judge(input.head(), self.protocols)
            .and_then(|handshake| check(self, cx, &**exchange).map(|()| handshake));
        let handshake = match judged {
            Ok(handshake) => handshake,
            Err(rejection) => return Outcome::Rejected(rejection),
        };
        let Some(path) = input.path_values() else {
            let detail = "the path is not UTF-8 once it is unescaped";
            return Outcome::Rejected(Rejection::new(RejectionKind::Syntax, detail));
        };
        let request = Request { path, query: input.query_string(), protocol: handshake.protocol() };
        // The context looks at the driver, which is lent to the WebSocket from here on.
        cx.remember(&**exchange);
        if let Some(Err(problem)) = self.admit.as_ref().map(|admit| admit(cx)) {
            let mut response = Response::new(problem.status().as_u16(), &[]);
            response.problem(problem);
            return Outcome::Answer(response);
        }
        let mut fields = handshake.fields();
        cx.add_response_headers(&mut fields);
        let mut limits = exchange.websocket_limits();
        limits.message_bytes_max = self.message_bytes_max.unwrap_or(limits.message_bytes_max);
        let stream = match exchange.upgrade(&fields) {
            Ok(stream) => stream,
            Err(error) => {
                tracing::warn!(operation = cx.operation(), %error, "a WebSocket could not be opened");
                let is_answered = exchange.answered();
                let rejection = || Outcome::Rejected(Rejection::new(RejectionKind::Internal, ""));
                return if is_answered { Outcome::Streamed(None) } else { rejection() };
            }
        };
        let mut session = Session::new(limits, stream);
        let handled = catch_unwind(AssertUnwindSafe(|| {
            (self.handler)(cx, WebSocket::new(&mut session, &mut *stream, &request))
        }));
        session.finish(stream, verdict(cx, handled));
        Outcome::Streamed(None)
    }
}

/// What a handshake must not have or come from.
fn check(route: &Route, cx: &Context<'_>, exchange: &dyn Exchange) -> Result<(), Rejection> {
    if exchange.body_length() != BodyLength::Empty {
        return Err(Rejection::new(RejectionKind::Syntax, "a request for WebSocket has no body"));
    }
    let Some(origins) = route.origins else { return Ok(()) };
    match cx.header("origin") {
        Some(origin) if !origins.iter().any(|known| known.eq_ignore_ascii_case(origin)) => {
            Err(Rejection::new(RejectionKind::Forbidden, "pages of this origin are not let in"))
        }
        _ => Ok(()),
    }
}

/// What the client is told of the handler's end.
fn verdict(cx: &Context<'_>, handled: std::thread::Result<Result<()>>) -> Close {
    let error = match handled {
        Ok(Ok(())) => return Close::new(CloseCode::NORMAL, ""),
        Ok(Err(error)) if error.downcast_ref::<Failure>().is_some() => {
            // The client's doing, which it was told, or a client that has left.
            tracing::debug!(operation = cx.operation(), ?error, "a WebSocket ended early");
            return Close::new(CloseCode::ERROR, "");
        }
        Ok(Err(error)) => error,
        Err(panic) => Error::new(format!("the handler panicked: {}", panic_message(&*panic))),
    };
    tracing::error!(operation = cx.operation(), request_id = cx.request_id(), ?error, "a WebSocket failed");
    Close::new(CloseCode::ERROR, "")
}
