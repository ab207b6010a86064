//! From request to answer: route, caller, request, handler, answer, what follows. Nothing in here is generic.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::api::Api;
use super::route::{Call, Outcome};
use crate::blocking::Overloaded;
use crate::context::{Context, Line};
use crate::contract::{Departure, Input, Meta, Outgoing, Response, Target, judge};
use crate::error::Error;
use crate::exchange::{Exchange, Head};
use crate::observe::Observation;
use crate::rejection::{Rejection, RejectionKind};
use crate::router::{Allow, Asked, Captures, Found};
use crate::task::{self, Interrupted};

/// What is said of a path that nobody knows.
const NO_PATH: &str = "there is no such path";

/// What is said where operations of the path and method ask for what the request does not carry.
const UNMEANT: &str = "the query and the headers fit no operation of this path";

/// Answers one request.
pub(super) fn handle(apis: &[Api], head: &Head<'_>, exchange: &mut dyn Exchange) {
    let observation = Observation::begin();
    let line = Line::new(exchange);
    let mut cx = Context::new(head, &line);
    let (path, query) = head.target.split_once('?').unwrap_or((head.target, ""));

    let asked = Asked { method: head.method, query, headers: head.headers };
    let chosen = find(apis, &asked, path);
    if let Chosen::Route { api, route, .. } = &chosen {
        let meta = api.endpoints[*route].meta;
        let timeout = meta.timeout_ms.map(Duration::from_millis);
        cx.enter(&meta.name, timeout.and_then(|timeout| Instant::now().checked_add(timeout)));
        line.borrow_mut().name(&meta.name);
    }
    observation.open(&mut cx, head.method);
    match chosen {
        Chosen::Route { api, route, captures } => {
            let endpoint = &api.endpoints[route];
            let target = Target { query, names: &endpoint.names, captures, shapes: &endpoint.shapes };
            let input = Input::new(head, &line, target, endpoint.meta);
            let call = Call { endpoint, cx: &cx, line: &line, input, api };
            let until = cx.deadline().map(task::until);
            let outcome = catch_unwind(AssertUnwindSafe(|| endpoint.run.run(call)));
            // The answer itself may take its time.
            drop(until);
            conclude(api, endpoint.meta, &cx, &line, outcome);
        }
        Chosen::Methods { api, allow } => send(&cx, &line, answer_methods(api, &cx, head.method, &allow)),
        Chosen::Document(api) => send(&cx, &line, document(api)),
        #[cfg(feature = "docs")]
        Chosen::Docs { api, rest } => send(&cx, &line, super::docs::answer(&api.base, rest)),
        Chosen::Nothing(api, detail) => {
            let rejection = Rejection::new(RejectionKind::NotFound, detail);
            send(&cx, &line, refuse(api, &cx, &rejection));
        }
    }

    observation.close(&cx, head, &line);
    for task in cx.take_tasks() {
        let guarded = move || {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(task)) {
                tracing::error!(panic = panic_message(&*panic), "a task after an answer panicked");
            }
        };
        line.borrow_mut().after(Box::new(guarded));
    }
}

/// Who answers a method and a path.
enum Chosen<'a, 'p> {
    Route {
        api: &'a Api,
        route: usize,
        captures: Captures<'p>,
    },
    Methods {
        api: &'a Api,
        allow: Allow,
    },
    Document(&'a Api),
    #[cfg(feature = "docs")]
    Docs {
        api: &'a Api,
        rest: &'p str,
    },
    /// This one refuses, for this reason.
    Nothing(&'a Api, &'static str),
}

fn find<'a, 'p>(apis: &'a [Api], asked: &Asked<'_>, path: &'p str) -> Chosen<'a, 'p> {
    let first = &apis[0];
    if path == "*" {
        return Chosen::Methods { api: first, allow: first.router.allow_any() };
    }
    let mut captures = Captures::default();
    let mut other: Option<Chosen<'a, 'p>> = None;
    let mut nearest: Option<&Api> = None;
    for api in apis {
        let Some(rest) = api.below(path) else { continue };
        match api.router.find(asked, rest, &mut captures) {
            Found::Route(route) => return Chosen::Route { api, route, captures },
            Found::Methods(allow) if other.is_none() => other = Some(Chosen::Methods { api, allow }),
            Found::Unmeant if other.is_none() => other = Some(Chosen::Nothing(api, UNMEANT)),
            Found::Nothing if other.is_none() && matches!(asked.method, "GET" | "HEAD") => {
                other = embedded(api, rest);
            }
            _ => {}
        }
        captures.truncate(0);
        if nearest.is_none_or(|nearest| nearest.base.len() < api.base.len()) {
            nearest = Some(api);
        }
    }
    // Who knows nothing of the path leaves it to the one whose base is nearest.
    other.unwrap_or_else(|| Chosen::Nothing(nearest.unwrap_or(first), NO_PATH))
}

/// What every API has beside its operations.
fn embedded<'a, 'p>(api: &'a Api, rest: &'p str) -> Option<Chosen<'a, 'p>> {
    if rest == "/openapi.json" {
        return Some(Chosen::Document(api));
    }
    #[cfg(feature = "docs")]
    if let Some(rest) = rest.strip_prefix("/docs").filter(|rest| rest.is_empty() || rest.starts_with('/')) {
        return Some(Chosen::Docs { api, rest });
    }
    None
}

fn document(api: &Api) -> Response {
    let mut response = Response::new(200, &[]);
    response.media("application/json").text(api.document);
    response
}

fn answer_methods(api: &Api, cx: &Context<'_>, method: &str, allow: &Allow) -> Response {
    if method == "OPTIONS" {
        let mut response = Response::new(204, &[]);
        response.header("allow", &allow.to_string());
        return response;
    }
    let rejection = Rejection::new(RejectionKind::MethodNotAllowed, "the path does not answer this method")
        .with_field("allow", allow.to_string());
    refuse(api, cx, &rejection)
}

/// Sends what an operation came to.
fn conclude(
    api: &Api,
    meta: &'static Meta,
    cx: &Context<'_>,
    line: &Line<'_>,
    outcome: std::thread::Result<Outcome>,
) {
    let mut is_refusal = true;
    let mut response = match outcome {
        Ok(Outcome::Answer(mut response)) => match response.failure.take() {
            None => {
                is_refusal = false;
                response
            }
            Some(error) => failed(api, cx, &error),
        },
        Ok(Outcome::Rejected(rejection)) => refuse(api, cx, &rejection),
        Ok(Outcome::Streamed(None)) => return,
        Ok(Outcome::Streamed(Some(error))) => return cut(cx, line, &error),
        Err(panic) => {
            let error = Error::new(format!("the handler panicked: {}", panic_message(&*panic)));
            if line.try_borrow().is_ok_and(|exchange| exchange.answered()) {
                return cut(cx, line, &error);
            }
            internal(api, cx, &error)
        }
    };
    settle(cx, &mut response);
    if api.checks_answers
        && let Some(departure) = departure(meta, &response, is_refusal)
    {
        let (operation, request_id) = (cx.operation(), cx.request_id());
        tracing::error!(parent: cx.span(), operation, request_id, "{departure}");
        if let Ok(mut exchange) = line.try_borrow_mut() {
            exchange.departs(&departure.to_string());
        }
        // A refusal in place of another would depart as well.
        if !is_refusal {
            response = departed(api, cx, &departure);
        }
    }
    transmit(line, &response);
}

/// What of an answer is not what the document says of its operation.
fn departure(meta: &'static Meta, response: &Response, is_refusal: bool) -> Option<Departure> {
    let (status, fields) = (response.status, response.fields.as_slice());
    judge(meta, &Outgoing { status, fields, body: Some(&response.body), is_refusal })
}

/// The answer in place of one that is not what the document says.
fn departed(api: &Api, cx: &Context<'_>, departure: &Departure) -> Response {
    let mut response = refuse(api, cx, &Rejection::new(RejectionKind::Internal, departure.to_string()));
    settle(cx, &mut response);
    response
}

/// Ends an answer that has begun so that nobody takes it for whole.
fn cut(cx: &Context<'_>, line: &Line<'_>, error: &Error) {
    if cx.is_cancelled() {
        tracing::debug!(parent: cx.span(), operation = cx.operation(), ?error, "a stream ended early: its client has left");
    } else {
        let (operation, request_id) = (cx.operation(), cx.request_id());
        tracing::error!(parent: cx.span(), operation, request_id, ?error, "a stream was cut");
    }
    if let Ok(mut exchange) = line.try_borrow_mut() {
        exchange.abort();
    }
}

/// The answer to a handler's failure. One that ran out of time or found no room is told so: 503, for 504 is said by
/// gateways, of others (RFC 9110, sections 15.6.4 and 15.6.5).
fn failed(api: &Api, cx: &Context<'_>, error: &Error) -> Response {
    let kind = if error.is_caused_by::<Interrupted>() {
        RejectionKind::Deadline
    } else if error.is_caused_by::<Overloaded>() {
        RejectionKind::Unavailable
    } else if is_database_unavailable(error) {
        let rejection = Rejection::come_back("the answer could not be made in time");
        return give_up(api, cx, error, &rejection);
    } else {
        return internal(api, cx, error);
    };
    give_up(api, cx, error, &Rejection::new(kind, "the answer could not be made in time"))
}

#[cfg(feature = "db")]
use crate::db::is_unavailable as is_database_unavailable;

#[cfg(not(feature = "db"))]
fn is_database_unavailable(_: &Error) -> bool {
    false
}

fn give_up(api: &Api, cx: &Context<'_>, error: &Error, rejection: &Rejection) -> Response {
    let (operation, request_id) = (cx.operation(), cx.request_id());
    tracing::warn!(parent: cx.span(), operation, request_id, ?error, "a request was given up");
    refuse(api, cx, rejection)
}

fn internal(api: &Api, cx: &Context<'_>, error: &Error) -> Response {
    if let Some(departure) = error.cause::<Departure>() {
        // It was logged where it was found.
        return refuse(api, cx, &Rejection::new(RejectionKind::Internal, departure.to_string()));
    }
    let (operation, request_id) = (cx.operation(), cx.request_id());
    tracing::error!(parent: cx.span(), operation, request_id, ?error, "a request failed");
    refuse(api, cx, &Rejection::new(RejectionKind::Internal, ""))
}

/// The answer to what is refused: the hook's, or a problem.
fn refuse(api: &Api, cx: &Context<'_>, rejection: &Rejection) -> Response {
    let retold = catch_unwind(AssertUnwindSafe(|| api.retold(cx, rejection))).unwrap_or_else(|panic| {
        tracing::error!(panic = panic_message(&*panic), "the wording of rejections panicked");
        None
    });
    let rejection = retold.as_ref().unwrap_or(rejection);
    let blank = || {
        let mut response = Response::new(rejection.status.as_u16(), &[]);
        response.fields.clone_from(&rejection.fields);
        response
    };
    if let Some(hook) = &api.reject {
        let hooked = catch_unwind(AssertUnwindSafe(|| {
            let mut response = blank();
            hook(cx, rejection, &mut response);
            response
        }));
        match hooked {
            Ok(response) => return response,
            Err(panic) => tracing::error!(panic = panic_message(&*panic), "the hook for rejections panicked"),
        }
    }
    let mut response = blank();
    response.problem(rejection.problem());
    response
}

fn send(cx: &Context<'_>, line: &Line<'_>, mut response: Response) {
    settle(cx, &mut response);
    transmit(line, &response);
}

/// Adds what the handler and the request have to say to an answer's head.
fn settle(cx: &Context<'_>, response: &mut Response) {
    cx.add_response_headers(&mut response.fields);
    let status = if response.status == 0 { 500 } else { response.status };
    response.status = cx.told_status(status, &mut response.fields);
}

fn transmit(line: &Line<'_>, response: &Response) {
    if let Ok(mut exchange) = line.try_borrow_mut() {
        exchange.send(response.status, &response.fields, &response.body);
    }
}

/// What a panic says.
pub(super) fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
