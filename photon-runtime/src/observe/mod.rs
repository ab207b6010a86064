//! What people and their tools get to see of requests: a span and a line in the access log by `tracing`, metrics by the
//! feature `metrics`.
//!
//! Nothing is computed where nobody listens: then a request costs one look at a number. Nobody is ever in a request's
//! span, for that would hold for the thread, and the thread serves others while a handler waits. This module knows the
//! request and how far its answer has come, no socket and no route.

#[cfg(feature = "metrics")]
pub(crate) mod metrics;

use std::time::{Duration, Instant};

use tracing::field::Empty;
use tracing::{Level, event_enabled, span_enabled};

use crate::context::{Context, Line};
use crate::exchange::{Head, OperationName, Sent};

/// The target of the spans of requests.
macro_rules! request {
    () => {
        "photon::request"
    };
}

/// The target of the lines of the access log.
macro_rules! access {
    () => {
        "photon::access"
    };
}

/// One request, from when it has come until it is answered.
pub(crate) struct Observation {
    /// None where nobody listens.
    since: Option<Instant>,
    #[cfg(feature = "metrics")]
    _in_flight: metrics::InFlight,
}

impl Observation {
    #[inline]
    pub(crate) fn begin() -> Self {
        let is_wanted = cfg!(feature = "metrics")
            || event_enabled!(target: access!(), Level::INFO)
            || span_enabled!(target: request!(), Level::INFO);
        Self {
            since: is_wanted.then(Instant::now),
            #[cfg(feature = "metrics")]
            _in_flight: metrics::InFlight::begin(),
        }
    }

    /// Gives the request its span, once its operation is known, or that it has none.
    #[inline]
    pub(crate) fn open(&self, cx: &mut Context<'_>, method: &str) {
        if self.since.is_some() && span_enabled!(target: request!(), Level::INFO) {
            open_span(cx, method);
        }
    }

    /// Tells how it ended.
    #[inline]
    pub(crate) fn close(self, cx: &Context<'_>, head: &Head<'_>, line: &Line<'_>) {
        if let Some(since) = self.since {
            let sent = line.try_borrow().map(|exchange| exchange.sent()).unwrap_or_default();
            close(cx, head, sent, since.elapsed());
        }
    }
}

/// Tells of what was no request.
#[cold]
pub(crate) fn refused(status: u16, detail: &str) {
    tracing::info!(target: access!(), status, detail, "refused");
    #[cfg(feature = "metrics")]
    metrics::request("", status, Duration::ZERO);
}

#[cold]
fn open_span(cx: &mut Context<'_>, method: &str) {
    let OperationName { id, path, .. } = *cx.name();
    let trace = cx.trace();
    let span = tracing::info_span!(
        target: request!(),
        parent: None,
        "request",
        operation = id,
        method,
        route = path,
        request_id = cx.request_id(),
        trace_id = %trace.trace_id(),
        span_id = %trace.span_id(),
        parent_id = trace.parent_id().map(tracing::field::display),
        status = Empty,
        body_bytes = Empty,
        duration_us = Empty,
    );
    cx.set_span(span);
}

#[cold]
fn close(cx: &Context<'_>, head: &Head<'_>, sent: Sent, took: Duration) {
    let Sent { status, body_bytes } = sent;
    let duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let OperationName { id, path: route, .. } = *cx.name();
    let span = cx.span();
    span.record("status", status);
    span.record("body_bytes", body_bytes);
    span.record("duration_us", duration_us);
    if event_enabled!(target: access!(), Level::INFO) {
        // The query may hold secrets.
        let path = head.target.split('?').next().unwrap_or_default();
        tracing::info!(
            target: access!(),
            parent: span,
            operation = id,
            method = head.method,
            route,
            path,
            status,
            duration_us,
            body_bytes,
            request_id = cx.request_id(),
            traceparent = cx.trace().traceparent(),
        );
    }
    #[cfg(feature = "metrics")]
    metrics::request(id, status, took);
}
