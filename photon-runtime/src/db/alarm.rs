//! Ends what takes too long.
//!
//! Each connection keeps one timer and sets it on only when it goes off too early: statements that end in time, which
//! is nearly all, cost no timer. This module knows no statement.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Instant;

use sea_orm::sqlx;
use tokio::time::{Sleep, sleep_until};

use super::error::Halt;

/// When something must have ended, and what it is told else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    pub(super) at: Instant,
    pub(super) halt: Halt,
}

/// A timer.
#[derive(Debug, Default)]
pub(super) struct Alarm(Option<Pin<Box<Sleep>>>);

impl Alarm {
    /// The outcome of `work`, which is dropped where it takes longer than it may.
    pub(super) async fn within<T>(
        &mut self,
        limit: Option<Limit>,
        work: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, sqlx::Error> {
        let Some(limit) = limit else { return work.await };
        let mut work = pin!(work);
        poll_fn(|cx| {
            if let Poll::Ready(outcome) = work.as_mut().poll(cx) {
                return Poll::Ready(outcome);
            }
            self.poll(cx, limit.at).map(|()| Err(limit.halt.error()))
        })
        .await
    }

    fn poll(&mut self, cx: &mut Context<'_>, at: Instant) -> Poll<()> {
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(at.into())));
        if sleep.deadline() > at.into() {
            sleep.as_mut().reset(at.into());
        }
        while sleep.as_mut().poll(cx).is_ready() {
            if Instant::now() >= at {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(at.into());
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::time::Duration;

    use super::*;
    use crate::db::{Wait as _, error::halt_of};

    #[test]
    fn one_timer_serves_many_limits() {
        let mut alarm = Alarm::default();
        let begun = Instant::now();
        let within =
            |ms| Some(Limit { at: Instant::now() + Duration::from_millis(ms), halt: Halt::Statement });
        assert!(alarm.within(within(10_000), async { Ok(()) }).wait().is_ok());
        for ms in [30, 10, 40] {
            let outcome = alarm.within(within(ms), pending::<Result<(), _>>()).wait();
            assert_eq!(halt_of(&outcome.unwrap_err()), Some(Halt::Statement));
        }
        assert!(begun.elapsed() >= Duration::from_millis(80));
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}
