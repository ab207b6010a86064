//! A log on the standard error stream, for who wants no other: the access log, warnings, and what handlers say by
//! `tracing`.
//!
//! Lines are written by `tracing-subscriber`, at once and with the thread that speaks. Whoever collects logs elsewhere
//! installs a subscriber of their own instead, and needs no feature for it.

use std::{fmt, io};

use tracing::{Event, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::{Format, Writer};
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::error::{Error, Result};

/// What is written unless `RUST_LOG` says otherwise.
const DEFAULT: &str = "info";

/// The target of the access log.
const ACCESS: &str = "photon::access";

/// Writes what is told from now on, one line each: `2026-01-31T12:00:00Z INFO photon::access: operation="getPet" …`.
///
/// The environment variable `RUST_LOG` says what: a level (`warn`), or levels by target (`info,photon::access=off`).
/// Defaults to `info`. Fails if it says neither, or if somebody else listens already.
///
/// ```no_run
/// fn main() -> photon_runtime::Result<()> {
///     photon_runtime::log::start()?;
///     # Ok(())
/// }
/// ```
pub fn start() -> Result<()> {
    let wanted = std::env::var("RUST_LOG").ok().filter(|wanted| !wanted.is_empty());
    let wanted = wanted.as_deref().unwrap_or(DEFAULT);
    let targets: Targets =
        wanted.parse().map_err(|error| Error::new(format!("RUST_LOG is not understood: {error}")))?;
    let lines = tracing_subscriber::fmt::layer().event_format(Lines).with_writer(io::stderr).with_ansi(false);
    tracing_subscriber::registry().with(targets).with(lines).try_init()?;
    Ok(())
}

/// A line an event, with its spans; but a line of the access log says by itself what the span of its request says.
struct Lines;

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let metadata = event.metadata();
        if metadata.target() != ACCESS {
            return Format::default().format_event(context, writer, event);
        }
        SystemTime.format_time(&mut writer)?;
        write!(writer, " {:>5} {ACCESS}: ", metadata.level())?;
        context.field_format().format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}
