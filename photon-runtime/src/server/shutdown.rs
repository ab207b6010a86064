//! Draining what is in flight. Knows no bytes.

use std::time::{Duration, Instant};

use super::engine::Engine;

/// How often it is looked whether all connections have ended.
const POLL: Duration = Duration::from_millis(10);

/// How often idle connections are told that the server stops.
const NUDGE: Duration = Duration::from_millis(100);

/// How long connections that were cut are waited for.
const CUT_WAIT: Duration = Duration::from_millis(500);

/// Waits until all connections have ended, cuts those that have not after `grace`, and returns how many that were.
pub(super) fn drain(engine: &Engine, grace: Duration) -> usize {
    let begun = Instant::now();
    let mut nudged = None::<Instant>;
    while engine.registry.live() > 0 && begun.elapsed() < grace {
        if nudged.is_none_or(|at| at.elapsed() >= NUDGE) {
            engine.registry.wake_idle();
            nudged = Some(Instant::now());
        }
        std::thread::sleep(POLL);
    }
    let cut = engine.registry.live();
    if cut > 0 {
        engine.registry.abort();
        let aborted = Instant::now();
        while engine.registry.live() > 0 && aborted.elapsed() < CUT_WAIT {
            std::thread::sleep(POLL);
        }
    }
    cut
}
