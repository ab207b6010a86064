//! What a handler may know and do beyond its request: the id, the deadline, the client, the answer's headers.
//!
//! Made for each request without allocation; what costs something is made when it is asked for. This module knows no
//! operation and no route.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, Ref, RefCell, RefMut};
use std::fmt;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use tracing::Span;

use crate::exchange::{Exchange, Field, Head, OperationName};
use crate::http::conditional::{self, Condition, Validators};
use crate::media;
use crate::status::PreconditionFailed;
use crate::trace::Trace;

/// The longest request id that is taken over from the client, in bytes.
const REQUEST_ID_BYTES_MAX: usize = 128;

/// What is said where no operation was found.
const NO_OPERATION: OperationName = OperationName { id: "", method: "", path: "" };

/// The driver's side of a request, shared by all that look at it while its handler runs.
pub(crate) type Line<'r> = RefCell<&'r mut dyn Exchange>;

type Task = Box<dyn FnOnce() + Send>;

/// The circumstances of one request.
pub struct Context<'r> {
    operation: &'static OperationName,
    head: Option<&'r Head<'r>>,
    line: Option<&'r dyn Probe>,
    deadline: Option<Instant>,
    /// The client, remembered where the driver cannot be asked any more.
    peer: OnceCell<Option<SocketAddr>>,
    request_id: OnceCell<String>,
    trace: OnceCell<Trace>,
    span: Span,
    headers: OnceCell<HeaderMap>,
    response_headers: RefCell<HeaderMap>,
    extensions: RefCell<Extensions>,
    tasks: RefCell<Vec<Task>>,
    /// The client has the representation already.
    not_modified: Cell<bool>,
}

/// What a context asks of the driver while others may be using it.
trait Probe {
    fn is_cancelled(&self) -> bool;
    fn is_stopping(&self) -> bool;
    fn peer(&self) -> Option<SocketAddr>;
}

impl Probe for Line<'_> {
    fn is_cancelled(&self) -> bool {
        self.try_borrow().is_ok_and(|exchange| exchange.is_cancelled())
    }

    fn is_stopping(&self) -> bool {
        self.try_borrow().is_ok_and(|exchange| exchange.is_stopping())
    }

    fn peer(&self) -> Option<SocketAddr> {
        self.try_borrow().ok().and_then(|exchange| exchange.peer())
    }
}

impl Context<'static> {
    /// A context for tests of handlers: no headers, no client, no deadline.
    pub fn test() -> Self {
        Self {
            operation: &OperationName { id: "test", method: "", path: "" },
            head: None,
            line: None,
            deadline: None,
            peer: OnceCell::new(),
            request_id: OnceCell::new(),
            trace: OnceCell::new(),
            span: Span::none(),
            headers: OnceCell::new(),
            response_headers: RefCell::default(),
            extensions: RefCell::default(),
            tasks: RefCell::default(),
            not_modified: Cell::new(false),
        }
    }
}

impl<'r> Context<'r> {
    pub(crate) fn new(head: &'r Head<'r>, line: &'r Line<'r>) -> Self {
        Self { head: Some(head), line: Some(line), operation: &NO_OPERATION, ..Context::test() }
    }

    pub(crate) fn enter(&mut self, operation: &'static OperationName, deadline: Option<Instant>) {
        self.operation = operation;
        self.deadline = deadline;
    }

    /// Takes the span of the request, in which nobody is.
    pub(crate) fn set_span(&mut self, span: Span) {
        self.span = span;
    }

    /// The operation with its method and path; all empty where none was found.
    pub(crate) fn name(&self) -> &'static OperationName {
        self.operation
    }

    /// The `operationId`; empty where no operation was found.
    pub fn operation(&self) -> &'static str {
        self.operation.id
    }

    /// The place of this request in a trace, by its `traceparent` or new.
    ///
    /// [`Trace::inject`] tells the services that are asked on behalf of this request.
    pub fn trace(&self) -> &Trace {
        self.trace.get_or_init(|| {
            let values = |name| self.head.into_iter().flat_map(move |head| head.header_all(name));
            Trace::from_headers(values("traceparent"), values("tracestate"))
        })
    }

    /// The span of this request, to name as the parent of events and spans:
    /// `tracing::info!(parent: cx.span(), "sold")`. Never [`enter`](Span::enter) a span over a wait: what other
    /// coroutines of the thread tell meanwhile would belong to it, too. Nobody listens to a disabled one.
    pub fn span(&self) -> &Span {
        &self.span
    }

    /// What names this request in logs: the client's `X-Request-Id` where it is sensible, else one of our own.
    pub fn request_id(&self) -> &str {
        self.request_id.get_or_init(|| {
            let sent = self.head.and_then(|head| head.header("x-request-id"));
            sent.and_then(sensible_id).map_or_else(fresh_id, str::to_owned)
        })
    }

    /// When the answer must be on its way, if the operation has a limit (`x-photon-limits: { timeout: 5s }`). Waits end
    /// then with [`Interrupted::Deadline`](crate::Interrupted::Deadline); a handler that fails with it is answered 503.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Whether the work is in vain: the client has left, the server stops at once, or the deadline has passed.
    pub fn is_cancelled(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= Instant::now())
            || self.line.is_some_and(Probe::is_cancelled)
    }

    /// Whether the server stops: an answer that could go on for ever should end.
    pub fn is_stopping(&self) -> bool {
        self.line.is_some_and(Probe::is_stopping)
    }

    /// The address of the client, or of the proxy in front.
    pub fn peer(&self) -> Option<SocketAddr> {
        match self.peer.get() {
            Some(peer) => *peer,
            None => self.line.and_then(Probe::peer),
        }
    }

    /// Remembers what the driver knows, for it is lent out from here on.
    #[cfg(feature = "websocket")]
    pub(crate) fn remember(&self, exchange: &dyn Exchange) {
        self.peer.get_or_init(|| exchange.peer());
    }

    /// One header of the request, if it is there and text. Cheaper than [`headers`](Self::headers).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.and_then(|head| head.header(name)).and_then(|value| std::str::from_utf8(value).ok())
    }

    /// The headers of the request.
    pub fn headers(&self) -> &HeaderMap {
        self.headers.get_or_init(|| {
            let mut map = HeaderMap::new();
            for header in self.head.into_iter().flat_map(|head| head.headers) {
                let name = HeaderName::from_bytes(header.name.as_bytes());
                let value = HeaderValue::from_bytes(header.value);
                if let (Ok(name), Ok(value)) = (name, value) {
                    map.append(name, value);
                }
            }
            map
        })
    }

    /// Headers of the answer beyond the declared ones: cookies, caching. They win over those of the same name.
    pub fn response_headers(&self) -> RefMut<'_, HeaderMap> {
        self.response_headers.borrow_mut()
    }

    /// Holds the conditions of the request (`If-Match`, `If-Unmodified-Since`, `If-None-Match`, `If-Modified-Since`)
    /// against the present state of the resource, in the order of RFC 9110, section 13.2.2.
    ///
    /// For what changes a resource this is optimistic locking: `?` answers 412 where somebody else was faster. Look and
    /// change under one lock. For GET and HEAD it also sets `ETag` and `Last-Modified`, and a success that the client
    /// has already becomes a 304.
    ///
    /// ```
    /// use photon_runtime::{Context, Etag, PreconditionFailed, Validators};
    ///
    /// fn change(cx: &Context, version: u64) -> Result<(), PreconditionFailed> {
    ///     cx.precondition(Etag::strong(version))?;
    ///     Ok(())
    /// }
    ///
    /// fn create(cx: &Context) -> Result<(), PreconditionFailed> {
    ///     cx.precondition(Validators::absent())
    /// }
    /// # assert!(change(&Context::test(), 7).is_ok() && create(&Context::test()).is_ok());
    /// ```
    pub fn precondition(&self, known: impl Into<Validators>) -> Result<(), PreconditionFailed> {
        let Some(head) = self.head else { return Ok(()) };
        let known = known.into();
        let condition = conditional::evaluate(head, &known);
        if conditional::reads(head.method) {
            self.not_modified.set(condition == Condition::NotModified);
            let mut headers = self.response_headers();
            for (name, text) in [
                (http::header::ETAG, known.etag_text()),
                (http::header::LAST_MODIFIED, known.last_modified_text()),
            ] {
                if let Some(value) = text.and_then(|text| HeaderValue::from_bytes(text.as_bytes()).ok()) {
                    headers.insert(name, value);
                }
            }
        }
        if condition == Condition::Failed {
            return Err(PreconditionFailed::new("the resource is not in the state that the request expects"));
        }
        Ok(())
    }

    /// Values of any type, handed on by their type.
    pub fn extensions(&self) -> Ref<'_, Extensions> {
        self.extensions.borrow()
    }

    /// Values of any type, to put some in.
    pub fn extensions_mut(&self) -> RefMut<'_, Extensions> {
        self.extensions.borrow_mut()
    }

    /// Runs a task once the answer is sent. Tasks run in order; a panic in one is logged and the others still run.
    pub fn after(&self, task: impl FnOnce() + Send + 'static) {
        self.tasks.borrow_mut().push(Box::new(task));
    }

    /// Whether the client accepts this media type, by its `Accept` headers.
    pub fn accepts(&self, media_type: &str) -> bool {
        self.preferred(&[media_type]).is_some()
    }

    /// The media type that the client likes best; of equals the first.
    pub fn preferred<'m>(&self, media_types: &[&'m str]) -> Option<&'m str> {
        let headers = self.head.map_or(&[][..], |head| head.headers);
        let accept = headers.iter().filter(|header| header.name.eq_ignore_ascii_case("accept"));
        let index = media::negotiate(accept.map(|header| header.value), media_types)?;
        media_types.get(index).copied()
    }

    /// Adds the handler's own headers, in place of declared ones of the same name.
    pub(crate) fn add_response_headers(&self, fields: &mut Vec<Field>) {
        let headers = self.response_headers.take();
        if headers.is_empty() {
            return;
        }
        fields.retain(|field| !headers.contains_key(&*field.name));
        for (name, value) in &headers {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            fields.push(Field { name: Cow::Owned(name.as_str().to_owned()), value: Cow::Owned(value) });
        }
    }

    /// The head of the request, but in tests of handlers.
    pub(crate) fn head(&self) -> Option<&'r Head<'r>> {
        self.head
    }

    /// The status that is told in place of this one: 304 instead of a success that the client has already, without the
    /// fields that speak of a content.
    pub(crate) fn told_status(&self, status: u16, fields: &mut Vec<Field>) -> u16 {
        if !self.not_modified.get() || !(200..300).contains(&status) {
            return status;
        }
        fields.retain(|field| !field.name.starts_with("content-") || field.name == "content-location");
        304
    }

    pub(crate) fn take_tasks(&self) -> Vec<Task> {
        self.tasks.take()
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}

/// An id may go into logs and answers as it is.
fn sensible_id(sent: &[u8]) -> Option<&str> {
    let is_fit =
        !sent.is_empty() && sent.len() <= REQUEST_ID_BYTES_MAX && sent.iter().all(u8::is_ascii_graphic);
    if is_fit { std::str::from_utf8(sent).ok() } else { None }
}

/// Unique in this process, and most likely among all: its start in microseconds, then a count.
fn fresh_id() -> String {
    static START: AtomicU64 = AtomicU64::new(0);
    static COUNT: AtomicU64 = AtomicU64::new(0);

    let mut start = START.load(Ordering::Relaxed);
    if start == 0 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_micros());
        let now = u64::try_from(now).unwrap_or(1) << 12 | u64::from(std::process::id() & 0xfff);
        start = START
            .compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed)
            .map_or_else(|set| set, |_| now);
    }
    let mut id = String::with_capacity(24);
    let _ = write!(id, "{start:x}-{:x}", COUNT.fetch_add(1, Ordering::Relaxed));
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_context_is_plain() {
        let cx = Context::test();
        assert!(!cx.is_cancelled());
        assert_eq!(cx.peer(), None);
        assert!(cx.headers().is_empty());
        assert!(cx.accepts("text/csv"));
        assert_ne!(cx.request_id(), Context::test().request_id());
        cx.extensions_mut().insert(7_u8);
        assert_eq!(cx.extensions().get::<u8>(), Some(&7));
    }

    #[test]
    fn ids_of_clients_are_taken_when_sensible() {
        for (sent, taken) in
            [("abc-1", true), ("", false), ("a b", false), ("ü", false), (&"x".repeat(200), false)]
        {
            assert_eq!(sensible_id(sent.as_bytes()).is_some(), taken, "{sent}");
        }
    }
}
