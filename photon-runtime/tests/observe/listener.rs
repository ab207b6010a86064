//! Hears what is told by `tracing`, for all of the process.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// A span, or an event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heard {
    pub(crate) target: String,
    /// Of a span; 0 for an event.
    pub(crate) id: u64,
    pub(crate) parent: Option<u64>,
    pub(crate) fields: BTreeMap<String, String>,
}

static HEARD: Mutex<Vec<Heard>> = Mutex::new(Vec::new());
static ENTERED: AtomicUsize = AtomicUsize::new(0);

/// Begins to listen, and returns what was heard so far.
pub(crate) fn listen() -> Vec<Heard> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Listener).unwrap());
    HEARD.lock().unwrap().clone()
}

/// How often somebody entered a span.
pub(crate) fn entered() -> usize {
    ENTERED.load(Ordering::SeqCst)
}

struct Listener;

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::INFO
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut heard = Heard { target: span.metadata().target().to_owned(), ..Heard::default() };
        span.record(&mut heard);
        let mut all = HEARD.lock().unwrap();
        heard.id = all.len() as u64 + 1;
        let id = Id::from_u64(heard.id);
        all.push(heard);
        id
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut all = HEARD.lock().unwrap();
        values.record(all.iter_mut().find(|heard| heard.id == span.into_u64()).unwrap());
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let target = event.metadata().target().to_owned();
        let mut heard = Heard { target, parent: event.parent().map(Id::into_u64), ..Heard::default() };
        event.record(&mut heard);
        HEARD.lock().unwrap().push(heard);
    }

    fn enter(&self, _span: &Id) {
        ENTERED.fetch_add(1, Ordering::SeqCst);
    }

    fn exit(&self, _span: &Id) {}
}

impl Visit for Heard {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields.insert(field.name().to_owned(), format!("{value:?}"));
    }
}
