//! What is generic of an operation: its caller, its request, its handler, its answer. All else is in `dispatch`.

use std::any::Any;
use std::sync::Arc;

use http::StatusCode;

use super::api::{Api, Endpoint};
use crate::context::{Context, Line};
use crate::contract::{
    Fault as _, Input, Instead, Lease, Meta, Operation, ReadLease, Reply as _, Response, Sink as _, Stage,
    Streaming,
};
use crate::error::Error;
use crate::rejection::{Rejection, RejectionKind};
use crate::security::{Refusal, admit};

/// Runs one operation.
pub(super) trait Run: Send + Sync {
    fn run(&self, call: Call<'_>) -> Outcome;

    /// What it asks of whoever carries its answers.
    #[cfg(feature = "minihttp")]
    fn demand(&self) -> Demand {
        Demand::Whole
    }
}

/// What an operation asks of a driver.
#[cfg(feature = "minihttp")]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Demand {
    /// To send answers whole.
    Whole,
    /// To send answers piece by piece.
    Pieces,
    /// To hand out the connection.
    #[cfg_attr(not(feature = "websocket"), expect(dead_code, reason = "nothing else asks for it"))]
    Switch,
}

/// One request on its way to its operation.
pub(super) struct Call<'r> {
    pub(super) endpoint: &'r Endpoint,
    pub(super) cx: &'r Context<'r>,
    pub(super) line: &'r Line<'r>,
    pub(super) input: Input<'r>,
    pub(super) api: &'r Api,
}

/// What an operation comes to.
pub(super) enum Outcome {
    /// An answer to send.
    Answer(Response),
    /// No handler saw the request, or there was no room for it.
    Rejected(Rejection),
    /// The answer was sent piece by piece; an error after its beginning cuts it.
    Streamed(Option<Error>),
}

/// A method of the application that answers at once.
pub(super) type Handler<A, O> =
    fn(&A, &Context<'_>, O) -> Result<<O as Operation>::Output, <O as Operation>::Error>;

/// A method of the application that answers piece by piece.
pub(super) type StreamHandler<A, O> =
    fn(&A, &Context<'_>, O, <O as Streaming>::Sink) -> Result<(), <O as Operation>::Error>;

/// An operation that answers at once.
pub(super) struct Plain<A, O: Operation> {
    pub(super) api: Arc<A>,
    pub(super) handler: Handler<A, O>,
}

/// An operation that answers piece by piece.
pub(super) struct Streamed<A, O: Streaming> {
    pub(super) api: Arc<A>,
    pub(super) handler: StreamHandler<A, O>,
}

impl<A: Send + Sync, O: Operation> Run for Plain<A, O> {
    fn run(&self, call: Call<'_>) -> Outcome {
        let (meta, cx) = (call.endpoint.meta, call.cx);
        let (request, body) = match request::<O>(call) {
            Ok(request) => request,
            Err(rejection) => return Outcome::Rejected(rejection),
        };
        let handled = run_where_allowed(meta, || {
            let body = body; // Its loan ends with the handler, on the same thread.
            let mut response = Response::new(0, meta.answers);
            match (self.handler)(&self.api, cx, request) {
                Ok(output) => {
                    response.status(meta.status);
                    output.reply(&mut response);
                }
                Err(error) => {
                    error.fault(&mut response);
                    if let Some(rejection) = refusal(&response, body.as_ref()) {
                        return Outcome::Rejected(rejection);
                    }
                }
            }
            Outcome::Answer(response)
        });
        handled.unwrap_or_else(Outcome::Rejected)
    }
}

impl<A: Send + Sync, O: Streaming> Run for Streamed<A, O> {
    #[cfg(feature = "minihttp")]
    fn demand(&self) -> Demand {
        Demand::Pieces
    }

    fn run(&self, call: Call<'_>) -> Outcome {
        let (meta, cx, line) = (call.endpoint.meta, call.cx, call.line);
        let held_to = call.api.checks_answers.then_some(meta);
        let (request, body) = match request::<O>(call) {
            Ok(request) => request,
            Err(rejection) => return Outcome::Rejected(rejection),
        };
        let status = if meta.status == 0 { 200 } else { meta.status };
        let stage = Stage { line, cx, status, answers: meta.answers, event: meta.event, held_to };
        let handled = run_where_allowed(meta, || {
            let body = body; // Its loan ends with the handler, on the same thread.
            let lease = Lease::new(&stage);
            let result = (self.handler)(&self.api, cx, request, O::Sink::open(lease.stream()));
            match result {
                Ok(()) => finish(&lease),
                Err(error) => {
                    let mut response = Response::new(0, &[]);
                    error.fault(&mut response);
                    if !lease.has_begun() {
                        let refusal = refusal(&response, body.as_ref());
                        return refusal.map_or(Outcome::Answer(response), Outcome::Rejected);
                    }
                    let failure = response.failure.take();
                    if failure.is_some() && lease.may_end() {
                        return finish(&lease);
                    }
                    let told =
                        || Error::new(format!("status {} after the answer had begun", response.status));
                    Outcome::Streamed(Some(failure.unwrap_or_else(told)))
                }
            }
        });
        handled.unwrap_or_else(Outcome::Rejected)
    }
}

/// Why a handler failed, where it is not to blame but the body that it read.
fn refusal(response: &Response, body: Option<&ReadLease<'_>>) -> Option<Rejection> {
    response.failure.as_ref().and(body)?.take_refusal()
}

/// Ends what a handler has sent, or answers what it came to instead.
pub(super) fn finish(lease: &Lease<'_>) -> Outcome {
    match lease.take_instead() {
        None => Outcome::Streamed(lease.finish().err().map(Error::from)),
        Some(Instead::Refused(rejection)) => Outcome::Rejected(rejection),
        Some(Instead::NotModified(fields)) => {
            let mut response = Response::new(304, &[]);
            response.fields = fields;
            Outcome::Answer(response)
        }
    }
}

/// The caller first, then the request, and what lends it its body.
pub(super) fn request<O: Operation>(call: Call<'_>) -> Result<(O, Option<ReadLease<'_>>), Rejection> {
    let mut caller: Option<O::Principal> = None;
    let mut input = call.input;
    let_in(call.endpoint, call.cx, &input, &mut caller)?;
    let caller =
        caller.ok_or_else(|| Rejection::new(RejectionKind::Unauthorized, "nobody verified the caller"))?;
    let decoded = O::decode(&mut input, caller);
    let is_known = !call.api.refuses_unknown_query || input.refuse_unknown_query();
    match decoded {
        Some(request) if is_known && !input.is_refused() => Ok((request, input.take_lease())),
        _ => Err(input.into_rejection()),
    }
}

/// Fills the slot of the caller, an `Option` of the operation's principal; then looks at what the client accepts.
fn let_in(
    endpoint: &Endpoint,
    cx: &Context<'_>,
    input: &Input<'_>,
    slot: &mut dyn Any,
) -> Result<(), Rejection> {
    if let Some(gate) = &endpoint.gate {
        admit(&**gate, cx, endpoint.meta.security, input, slot).map_err(not_let_in)?;
    } else if let Some(slot) = slot.downcast_mut::<Option<()>>() {
        *slot = Some(());
    }
    let answers = endpoint.meta.answers;
    if answers.is_empty() || cx.preferred(answers).is_some() {
        return Ok(());
    }
    Err(Rejection::new(RejectionKind::NotAcceptable, format!("the answer comes as {}", answers.join(" or "))))
}

fn not_let_in(refusal: Refusal) -> Rejection {
    let detail = refusal.problem.detail().unwrap_or_default().to_owned();
    match refusal.problem.status() {
        StatusCode::FORBIDDEN => {
            Rejection::new(RejectionKind::Forbidden, detail).with_field("www-authenticate", refusal.challenge)
        }
        StatusCode::SERVICE_UNAVAILABLE => Rejection::come_back(detail),
        StatusCode::INTERNAL_SERVER_ERROR => Rejection::new(RejectionKind::Internal, detail),
        _ => Rejection::new(RejectionKind::Unauthorized, detail)
            .with_field("www-authenticate", refusal.challenge),
    }
}

/// Runs a handler on this coroutine, or on a thread for blocking work where the operation says so.
fn run_where_allowed<R>(meta: &Meta, handler: impl FnOnce() -> R) -> Result<R, Rejection> {
    let mut handler = Some(handler);
    let mut result = None;
    let mut work = || result = handler.take().map(|handler| handler());
    if meta.blocking {
        // Once for all operations, not once for each.
        super::offload::run(&mut work)
            .map_err(|error| Rejection::new(RejectionKind::Unavailable, error.to_string()))?;
    } else {
        work();
    }
    result.ok_or_else(|| Rejection::new(RejectionKind::Internal, ""))
}
