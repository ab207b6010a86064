//! Names the operations that held a worker for too long, for all other connections of that worker had to wait.
//!
//! Nothing can take a worker from a handler that computes, or that blocks by calls which know no coroutines; it can
//! only be told who that was. Connections count their spells with the worker, this thread looks at the counts; a spell
//! that stands still is measured from when it was first seen until it is seen to be over. Waits through this crate end a
//! spell; work on the blocking threads is none.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::engine::Engine;
use crate::exchange::OperationName;

/// Looks within the time that a spell may last.
const LOOKS: u32 = 10;

/// Looking takes at most this part of a processor, however many connections there are.
const SHARE: u32 = 50;

/// A spell this many times too long is told before it ends, which it may never do.
const STUCK: u32 = 10;

/// What is said where no operation is known: a handler without a service, or a path that nobody has.
const NAMELESS: OperationName = OperationName { id: "", method: "", path: "" };

/// Starts the thread, unless nothing is to be looked at.
pub(super) fn start(engine: &Arc<Engine>) -> io::Result<()> {
    if engine.settings.limits.worker_hold_max.is_zero() {
        return Ok(());
    }
    let engine = Arc::clone(engine);
    thread::Builder::new().name("photon-watchdog".to_owned()).spawn(move || run(&engine)).map(drop)
}

fn run(engine: &Engine) {
    let limit = engine.settings.limits.worker_hold_max;
    let mut watchdog = Watchdog { limit, spells: HashMap::new() };
    while !engine.is_stopped() {
        let begun = Instant::now();
        watchdog.look(engine, begun);
        let is_idle = engine.registry.active() == 0;
        let pause = if is_idle { limit } else { (limit / LOOKS).max(begun.elapsed() * SHARE) };
        thread::sleep(pause.max(Duration::from_millis(1)));
    }
}

struct Watchdog {
    limit: Duration,
    /// Present spells by their task's place, which is theirs as long as they last.
    spells: HashMap<usize, Spell>,
}

#[derive(Clone, Copy, Debug)]
struct Spell {
    number: u64,
    operation: &'static OperationName,
    first_seen: Instant,
    last_seen: Instant,
    is_told: bool,
}

impl Watchdog {
    fn look(&mut self, engine: &Engine, now: Instant) {
        engine.registry.each_task(|task| {
            if let Some((number, operation)) = task.running() {
                self.see(Arc::as_ptr(task).addr(), number, operation, now);
            }
        });
        let limit = self.limit;
        self.spells.retain(|_, spell| {
            let is_over = spell.last_seen != now;
            if is_over {
                spell.tell_end(limit, now);
            } else {
                spell.tell_stuck(limit);
            }
            !is_over
        });
    }

    fn see(&mut self, place: usize, number: u64, operation: Option<&'static OperationName>, now: Instant) {
        let operation = operation.unwrap_or(&NAMELESS);
        let fresh = Spell { number, operation, first_seen: now, last_seen: now, is_told: false };
        let spell = self.spells.entry(place).or_insert(fresh);
        if spell.number != number {
            spell.tell_end(self.limit, now);
            *spell = fresh;
        }
        // The first look may come before the request has found its operation.
        spell.operation = if operation.id.is_empty() { spell.operation } else { operation };
        spell.last_seen = now;
    }
}

impl Spell {
    /// What is sure: it lasted from the first look to the last at least.
    fn seen(&self) -> Duration {
        self.last_seen.duration_since(self.first_seen)
    }

    fn tell_end(&self, limit: Duration, now: Instant) {
        if self.seen() < limit {
            return;
        }
        let OperationName { id, method, path } = *self.operation;
        #[cfg(feature = "metrics")]
        crate::observe::metrics::held(id);
        tracing::warn!(
            operation = id,
            method,
            path,
            held_ms = millis(now.duration_since(self.first_seen)),
            "a handler held its thread without waiting; other connections had to wait for it: run long work in \
             photon_runtime::blocking"
        );
    }

    fn tell_stuck(&mut self, limit: Duration) {
        if self.is_told || self.seen() < limit.saturating_mul(STUCK) {
            return;
        }
        self.is_told = true;
        let OperationName { id, method, path } = *self.operation;
        tracing::error!(
            operation = id,
            method,
            path,
            holding_ms = millis(self.seen()),
            "a handler still holds its thread, which serves nobody else"
        );
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
