//! Keeps what is counted, by name and labels.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Once};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

static COUNTS: Mutex<BTreeMap<String, Arc<Count>>> = Mutex::new(BTreeMap::new());

/// Begins to record.
pub(crate) fn record() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| assert!(metrics::set_global_recorder(Keeper).is_ok()));
}

/// How often something was told: `name label=value`.
pub(crate) fn count(name: &str) -> u64 {
    COUNTS.lock().unwrap().get(name).map_or(0, |count| count.0.load(Ordering::SeqCst))
}

/// All that was told.
pub(crate) fn names() -> Vec<String> {
    COUNTS.lock().unwrap().keys().cloned().collect()
}

#[derive(Default)]
struct Count(AtomicU64);

impl CounterFn for Count {
    fn increment(&self, value: u64) {
        self.0.fetch_add(value, Ordering::SeqCst);
    }

    fn absolute(&self, _value: u64) {}
}

impl GaugeFn for Count {
    fn increment(&self, _value: f64) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn decrement(&self, _value: f64) {}

    fn set(&self, _value: f64) {}
}

impl HistogramFn for Count {
    fn record(&self, _value: f64) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

struct Keeper;

fn kept(key: &Key) -> Arc<Count> {
    let mut name = key.name().to_owned();
    for label in key.labels() {
        let _ = write!(name, " {}={}", label.key(), label.value());
    }
    Arc::clone(COUNTS.lock().unwrap().entry(name).or_default())
}

impl Recorder for Keeper {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(kept(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(kept(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(kept(key))
    }
}
