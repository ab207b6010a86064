//! What is told of statements: a warning for each that is slow, and metrics for whoever installs a recorder.
//!
//! | name | kind | labels |
//! |---|---|---|
//! | `db_client_operation_duration_seconds` | histogram | `operation`, `outcome` (`ok`, `error`) |
//! | `db_client_connection_wait_seconds` | histogram | |
//! | `db_client_connections` | gauge | |
//!
//! Values are never told, for they hold what users keep. This module knows no connection.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::task;

/// A statement that is under way.
pub(super) struct Watch {
    since: Instant,
    sql: Arc<String>,
}

impl Watch {
    pub(super) fn begin(sql: Arc<String>) -> Self {
        Self { since: Instant::now(), sql }
    }

    /// Tells how it ended.
    pub(super) fn end(self, slow: Duration, error: Option<&dyn std::fmt::Display>) {
        let took = self.since.elapsed();
        #[cfg(feature = "metrics")]
        metrics::statement(operation(), error.is_none(), took);
        if took >= slow {
            let (operation, sql) = (operation(), &*self.sql);
            let duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            let error = error.map(tracing::field::display);
            tracing::warn!(target: "photon::db", operation, duration_us, sql, error, "a statement was slow");
        }
    }
}

/// In whose name it runs; empty where that is nobody.
fn operation() -> &'static str {
    task::operation().map_or("", |operation| operation.id)
}

/// Somebody waits for a connection.
pub(super) fn waiting() -> Option<Instant> {
    cfg!(feature = "metrics").then(Instant::now)
}

/// The wait is over.
pub(super) fn waited(since: Option<Instant>) {
    #[cfg(feature = "metrics")]
    if let Some(since) = since {
        metrics::waited(since.elapsed());
    }
    #[cfg(not(feature = "metrics"))]
    let _ = since;
}

/// So many connections are open.
pub(super) fn opened(connections: usize) {
    #[cfg(feature = "metrics")]
    metrics::connections(connections);
    #[cfg(not(feature = "metrics"))]
    let _ = connections;
}

#[cfg(feature = "metrics")]
mod metrics {
    use std::sync::Once;
    use std::time::Duration;

    use ::metrics::{Unit, describe_gauge, describe_histogram, gauge, histogram};

    const DURATION: &str = "db_client_operation_duration_seconds";
    const WAIT: &str = "db_client_connection_wait_seconds";
    const CONNECTIONS: &str = "db_client_connections";

    pub(super) fn statement(operation: &'static str, is_ok: bool, took: Duration) {
        let operation = if operation.is_empty() { "none" } else { operation };
        let outcome = if is_ok { "ok" } else { "error" };
        histogram!(DURATION, "operation" => operation, "outcome" => outcome).record(took.as_secs_f64());
    }

    pub(super) fn waited(took: Duration) {
        histogram!(WAIT).record(took.as_secs_f64());
    }

    #[allow(clippy::cast_precision_loss)] // There are few.
    pub(super) fn connections(count: usize) {
        static DESCRIBED: Once = Once::new();
        DESCRIBED.call_once(|| {
            describe_histogram!(DURATION, Unit::Seconds, "From the sending of a statement to its last row");
            describe_histogram!(WAIT, Unit::Seconds, "How long a free connection was waited for");
            describe_gauge!(CONNECTIONS, Unit::Count, "Connections to databases that are open");
        });
        gauge!(CONNECTIONS).set(count as f64);
    }
}
