//! Counts for whoever installs a recorder of the `metrics` crate.
//!
//! | name | kind | labels |
//! |---|---|---|
//! | `http_server_requests_total` | counter | `operation`, `status` |
//! | `http_server_request_duration_seconds` | histogram | `operation`, `status` |
//! | `http_server_requests_in_flight` | gauge | |
//! | `http_server_connections` | gauge | |
//! | `http_server_blocking_queue` | gauge | |
//! | `http_server_worker_holds_total` | counter | `operation` |
//!
//! Labels are bounded: operations are those of the documents, all that belongs to none is `none`; a status is one of the
//! three digits that HTTP has, or `none` where no answer was given.

use std::sync::LazyLock;
use std::time::Duration;

use ::metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

const REQUESTS: &str = "http_server_requests_total";
const DURATION: &str = "http_server_request_duration_seconds";
const IN_FLIGHT: &str = "http_server_requests_in_flight";
const CONNECTIONS: &str = "http_server_connections";
const BLOCKING_QUEUE: &str = "http_server_blocking_queue";
const HOLDS: &str = "http_server_worker_holds_total";

/// The label of what has none.
const NONE: &str = "none";

/// Statuses as texts, from 100 on.
static STATUSES: LazyLock<Vec<String>> =
    LazyLock::new(|| (100..=599).map(|code: u16| code.to_string()).collect());

/// Says what the names mean.
pub(crate) fn describe() {
    describe_counter!(REQUESTS, Unit::Count, "Requests answered");
    describe_histogram!(DURATION, Unit::Seconds, "From the head of a request to the end of its answer");
    describe_gauge!(IN_FLIGHT, Unit::Count, "Requests that are being answered");
    describe_gauge!(CONNECTIONS, Unit::Count, "Connections that are open, idle ones included");
    describe_gauge!(BLOCKING_QUEUE, Unit::Count, "Work that waits for a thread that may block");
    describe_counter!(HOLDS, Unit::Count, "Handlers that held their thread for too long without waiting");
}

/// Counts an answered request. An empty operation is none.
pub(crate) fn request(operation: &'static str, status: u16, took: Duration) {
    let (operation, status) = (or_none(operation), status_text(status));
    counter!(REQUESTS, "operation" => operation, "status" => status).increment(1);
    histogram!(DURATION, "operation" => operation, "status" => status).record(took.as_secs_f64());
}

/// A request that is being answered, until this is dropped.
pub(super) struct InFlight(());

impl InFlight {
    pub(super) fn begin() -> Self {
        gauge!(IN_FLIGHT).increment(1);
        Self(())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        gauge!(IN_FLIGHT).decrement(1);
    }
}

/// A connection has come.
pub(crate) fn connected() {
    gauge!(CONNECTIONS).increment(1);
}

/// A connection has gone.
pub(crate) fn disconnected() {
    gauge!(CONNECTIONS).decrement(1);
}

/// So much work waits for a thread.
#[allow(clippy::cast_precision_loss)] // The queue is short.
pub(crate) fn blocking_queue(length: usize) {
    gauge!(BLOCKING_QUEUE).set(length as f64);
}

/// A handler has held its thread for too long.
pub(crate) fn held(operation: &'static str) {
    counter!(HOLDS, "operation" => or_none(operation)).increment(1);
}

fn or_none(operation: &'static str) -> &'static str {
    if operation.is_empty() { NONE } else { operation }
}

fn status_text(status: u16) -> &'static str {
    let at = usize::from(status).checked_sub(100);
    at.and_then(|at| STATUSES.get(at)).map_or(NONE, String::as_str)
}
