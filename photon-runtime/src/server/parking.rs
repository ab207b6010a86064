//! The keeper: one thread that ticks the clock, ends waits that are over, and owns the parked connections.
//!
//! Only this thread removes a parked connection from the registry, so a descriptor cannot be used again while an event
//! for it is under way.

use std::collections::VecDeque;
use std::os::fd::AsRawFd as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::engine::Engine;
use super::registry::Parked;
use super::trim::Trim;
use super::watch::{Event, has_bytes};
use crate::http::clock;

/// How often the clock ticks.
const TICK: Duration = Duration::from_millis(100);

/// How long readable connections wait for a coroutine before it is tried again.
const LATE_RETRY: Duration = Duration::from_millis(2);

/// Runs until the server has stopped.
pub(super) fn run(engine: Arc<Engine>) {
    let mut keeper = Keeper { engine, late: VecDeque::new(), events: Vec::new() };
    let mut trim = Trim::new();
    let mut next_tick = Instant::now();
    while !keeper.engine.is_stopped() {
        let now = Instant::now();
        if now >= next_tick {
            clock::tick();
            keeper.reap();
            trim.look(keeper.engine.registry.parked_ever(), now);
            next_tick = now + TICK;
        }
        if keeper.engine.is_draining() && keeper.engine.registry.parked() > 0 {
            keeper.release(u64::MAX);
        }
        keeper.revive_late();
        let timeout =
            if keeper.late.is_empty() { next_tick.saturating_duration_since(now) } else { LATE_RETRY };
        keeper.watch(timeout.max(Duration::from_millis(1)));
    }
}

struct Keeper {
    engine: Arc<Engine>,
    /// Readable connections that wait until fewer coroutines exist.
    late: VecDeque<Parked>,
    events: Vec<Event>,
}

impl Keeper {
    fn reap(&mut self) {
        let now = clock::now_ms();
        if let Some(tls) = &self.engine.tls {
            tls.look();
        }
        self.engine.registry.wake_due(now);
        self.release(now);
    }

    /// Closes the parked connections whose deadline is before `now`, but for those that have just sent something.
    fn release(&mut self, now: u64) {
        for parked in self.engine.registry.take_due(now) {
            self.engine.watch.remove(parked.socket.as_raw_fd());
            if has_bytes(&parked.socket) {
                self.revive(parked);
            } else {
                self.close(parked);
            }
        }
    }

    fn watch(&mut self, timeout: Duration) {
        let mut events = std::mem::take(&mut self.events);
        self.engine.watch.wait(timeout, &mut events);
        for Event { fd, hung_up } in events.drain(..) {
            let Some(parked) = self.engine.registry.take(fd) else { continue };
            // Before anybody else may own the descriptor.
            self.engine.watch.remove(fd);
            // There may be a last request before the end of the stream.
            if hung_up && !has_bytes(&parked.socket) {
                self.close(parked);
            } else {
                self.revive(parked);
            }
        }
        self.events = events;
    }

    fn revive(&mut self, parked: Parked) {
        if self.late.is_empty() && self.engine.has_room() {
            // A connection that cannot have a coroutine is closed.
            self.engine.launch(parked.socket, parked.session, Some(parked.deadline));
        } else {
            self.late.push_back(parked);
        }
    }

    fn revive_late(&mut self) {
        while self.engine.has_room()
            && let Some(parked) = self.late.pop_front()
        {
            self.engine.launch(parked.socket, parked.session, Some(parked.deadline));
        }
    }

    fn close(&self, parked: Parked) {
        parked.close();
        self.engine.registry.went();
    }
}
