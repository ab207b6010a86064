//! Waiting within an answer that is sent piece by piece: for time to pass or for a value, and for the client at once.
//!
//! The coroutine waits on its own socket, and senders interrupt that wait: a client that leaves is noticed when it does,
//! and nothing is looked at again and again.

use std::time::{Duration, Instant};

use super::Stream;
use crate::error::{Error, Result};
use crate::exchange::Pause;
use crate::sync::{Polled, Receiver, Wake};
use crate::task::Interrupted;

/// The shortest wait; the clock is coarse.
const WAIT_MIN: Duration = Duration::from_millis(1);

/// A wait without an end is made of such.
const WAIT_MAX: Duration = Duration::from_hours(1);

impl Stream {
    /// Waits for this time; `silence` is sent now and then.
    pub(super) fn sleep(&self, duration: Duration, silence: &[u8]) -> Result<()> {
        let until = Instant::now().checked_add(duration);
        self.wait(until, silence, |_| None::<()>).map(|_| ())
    }

    /// Waits for the next value of a channel; `silence` is sent now and then.
    pub(super) fn recv<T>(&self, receiver: &Receiver<T>, silence: &[u8]) -> Result<Option<T>> {
        let found = self.wait(None, silence, |wake| match receiver.poll(|| wake.cloned()) {
            Polled::Nothing => None,
            polled => Some(polled),
        })?;
        Ok(if let Some(Polled::Value(value)) = found { Some(value) } else { None })
    }

    /// A header of the request.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let find = |stage: &super::Stage<'_>| Ok(stage.cx.header(name).map(str::to_owned));
        self.shared.with(|stage| find(stage)).ok().flatten()
    }

    pub(super) fn set_endless(&self) {
        self.shared.set_endless();
    }

    /// Waits until there is something or until then. The answer begins before that, so that the client knows.
    fn wait<T>(
        &self,
        until: Option<Instant>,
        silence: &[u8],
        mut look: impl FnMut(Option<&Wake>) -> Option<T>,
    ) -> Result<Option<T>> {
        self.flush()?;
        self.write(b"")?;
        let (wake, deadline, keep_alive) = self.shared.with(|stage| {
            let exchange = stage.line.borrow();
            Ok((exchange.interrupter(), stage.cx.deadline(), exchange.keep_alive()))
        })?;
        let mut beat = Instant::now().checked_add(keep_alive);
        loop {
            if let Some(found) = look(wake.as_ref()) {
                return Ok(Some(found));
            }
            let now = Instant::now();
            let is_past = |at: Option<Instant>| at.is_some_and(|at| at <= now);
            if is_past(until) {
                return Ok(None);
            }
            if is_past(deadline) {
                return Err(Interrupted::Deadline.into());
            }
            if is_past(beat) {
                self.write(silence)?;
                beat = now.checked_add(keep_alive);
            }
            let next = [until, deadline, beat].into_iter().flatten().min();
            let left =
                next.map_or(WAIT_MAX, |next| next.saturating_duration_since(now).clamp(WAIT_MIN, WAIT_MAX));
            match self.shared.with(|stage| Ok(stage.line.borrow_mut().pause(left)))? {
                Pause::Over => {}
                // One that has left answers with a reset, which the next pause sees.
                Pause::HungUp => self.write(silence)?,
                Pause::Stopping => {
                    self.shared.set_stopping();
                    return Err(Error::new("the server is stopping"));
                }
                Pause::Gone => return Err(Error::new("the client has left")),
            }
        }
    }
}
