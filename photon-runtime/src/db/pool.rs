//! The connections of one database: how many there are, who has them, and what becomes of them afterwards.
//!
//! ```text
//! idle ──lease──▶ in use ──whole────────────────────────────────────▶ idle
//!   ▲               ├──a transaction is open──▶ rolled back (reactor) ──▶ idle
//!   └─connect       ├──a statement was given up half way──▶ closed
//!                   └──the server has gone──▶ closed, with all that are idle
//! ```
//!
//! No `Drop` talks to a server. This module knows no statement but `ROLLBACK`.

use std::mem;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::{ConnAcquireErr, DatabaseConnection, DbBackend, DbErr};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::alarm::{Alarm, Limit};
use super::driver::{Driver, Target};
use super::error::{Halt, connection_error, is_starting};
use super::{Options, observe, reactor};
use crate::task;

/// The most connections that a pool may have.
pub(super) const CONNECTIONS_MAX: usize = 1024;

/// How long an idle connection may take to say that it works, and a closing one to say good-bye.
const PING_MAX: Duration = Duration::from_secs(1);

/// How long a rollback may take.
pub(super) const ROLLBACK_MAX: Duration = Duration::from_secs(5);

/// How often a server that is starting is asked again.
const START_POLL: Duration = Duration::from_millis(50);

/// How often it is looked whether all connections have come back.
const CLOSE_POLL: Duration = Duration::from_millis(5);

pub(super) struct Pool {
    pub(super) target: Target,
    permits: Arc<Semaphore>,
    /// Who writes to SQLite, which lets one write at a time: waiting here is fair and costs nothing.
    writer: Option<Arc<Semaphore>>,
    /// Used last come first.
    idle: Mutex<Vec<Link>>,
    open: AtomicUsize,
    connections_max: usize,
    acquire_timeout: Duration,
    /// How long a statement may take, on this side.
    pub(super) statement_max: Duration,
    pub(super) slow_statement: Duration,
    idle_unchecked: Duration,
    lifetime_max: Duration,
    /// Keeps a database in memory, which ends with its last connection.
    anchor: OnceLock<Driver>,
    /// What migrations run on.
    pub(super) plain: OnceLock<DatabaseConnection>,
    /// One migration of this process at a time.
    pub(super) migrating: tokio::sync::Mutex<()>,
}

/// A connection.
pub(super) struct Link {
    pub(super) driver: Driver,
    pub(super) alarm: Alarm,
    since: Instant,
    used: Instant,
}

/// What a connection is wanted for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Want {
    Read,
    Write,
}

/// What becomes of a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fate {
    Keep,
    /// It alone is closed.
    Close,
    /// The server has gone, and all other connections with it.
    Dead,
}

/// A connection in use.
#[allow(clippy::struct_excessive_bools)] // Each is a state of its own.
pub(super) struct Lease {
    pub(super) link: Option<Link>,
    pub(super) pool: Arc<Pool>,
    permits: Option<Permits>,
    /// A statement is under way; one that is dropped meanwhile leaves it so.
    pub(super) is_busy: bool,
    pub(super) fate: Fate,
    /// A transaction is open.
    pub(super) is_open: bool,
    /// A statement of the transaction has failed.
    pub(super) has_failed: bool,
    /// The transaction failed because of another one.
    pub(super) had_conflict: bool,
    /// When the transaction must have ended.
    pub(super) until: Option<Instant>,
}

type Permits = (OwnedSemaphorePermit, Option<OwnedSemaphorePermit>);

impl Pool {
    pub(super) fn new(target: Target, options: &Options) -> Self {
        let writer = (target.backend() == DbBackend::Sqlite).then(|| Arc::new(Semaphore::new(1)));
        Self {
            permits: Arc::new(Semaphore::new(options.connections_max)),
            writer,
            idle: Mutex::default(),
            open: AtomicUsize::new(0),
            connections_max: options.connections_max,
            acquire_timeout: options.acquire_timeout,
            statement_max: options.statement_timeout + Duration::from_millis(250),
            slow_statement: options.slow_statement,
            idle_unchecked: options.idle_unchecked,
            lifetime_max: options.lifetime_max,
            target,
            anchor: OnceLock::new(),
            plain: OnceLock::new(),
            migrating: tokio::sync::Mutex::default(),
        }
    }

    /// Connects once, to see whether it can.
    pub(super) async fn open(self: &Arc<Self>) -> Result<(), DbErr> {
        if self.target.is_in_memory() {
            let anchor = self.target.connect().await.map_err(connection_error)?;
            let _ = self.anchor.set(anchor);
        }
        self.lease(Want::Read).await.map(drop)
    }

    /// A connection, when one is free.
    pub(super) async fn lease(self: &Arc<Self>, want: Want) -> Result<Lease, DbErr> {
        let permits = self.permits(want).await?;
        let mut lease = self.blank(permits);
        let found = self.idle().pop();
        if let Some(mut link) = found {
            if link.used.elapsed() < self.idle_unchecked && link.since.elapsed() < self.lifetime_max {
                lease.link = Some(link);
                return Ok(lease);
            }
            if link.since.elapsed() < self.lifetime_max {
                let limit = Limit { at: Instant::now() + PING_MAX, halt: Halt::Gone };
                if link.alarm.within(Some(limit), link.driver.ping()).await.is_ok() {
                    lease.link = Some(link);
                    return Ok(lease);
                }
                self.forget_idle();
            }
            self.count_closed(1);
        }
        lease.link = Some(self.connect().await?);
        Ok(lease)
    }

    /// A connection that nobody has used.
    pub(super) async fn lease_fresh(self: &Arc<Self>, want: Want) -> Result<Lease, DbErr> {
        let permits = self.permits(want).await?;
        let mut lease = self.blank(permits);
        lease.link = Some(self.connect().await?);
        Ok(lease)
    }

    fn blank(self: &Arc<Self>, permits: Permits) -> Lease {
        Lease {
            link: None,
            pool: Arc::clone(self),
            permits: Some(permits),
            is_busy: false,
            fate: Fate::Keep,
            is_open: false,
            has_failed: false,
            had_conflict: false,
            until: None,
        }
    }

    /// The right to a connection; a writer of SQLite waits for the others first, so that it does not wait with one.
    async fn permits(&self, want: Want) -> Result<Permits, DbErr> {
        let begun = observe::waiting();
        let writer = match &self.writer {
            Some(writer) if want == Want::Write => Some(self.permit(writer).await?),
            _ => None,
        };
        let permit = self.permit(&self.permits).await?;
        observe::waited(begun);
        Ok((permit, writer))
    }

    async fn permit(&self, semaphore: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, DbErr> {
        if let Ok(permit) = Arc::clone(semaphore).try_acquire_owned() {
            return Ok(permit);
        }
        if task::is_unwinding() {
            return Err(Halt::Unwinding.db_err());
        }
        let timed_out = DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        let (time, error) = match task::left() {
            Some(left) if left < self.acquire_timeout => (left, Halt::Deadline.db_err()),
            _ => (self.acquire_timeout, timed_out),
        };
        let acquired = tokio::time::timeout(time, Arc::clone(semaphore).acquire_owned()).await;
        acquired.map_err(|_| error)?.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }

    async fn connect(&self) -> Result<Link, DbErr> {
        let mut alarm = Alarm::default();
        let patience = Limit { at: Instant::now() + self.acquire_timeout, halt: Halt::Gone };
        let limit = match task::left() {
            Some(left) if left < self.acquire_timeout => {
                Limit { at: Instant::now() + left, halt: Halt::Deadline }
            }
            _ => patience,
        };
        let connecting = async {
            loop {
                match self.target.connect().await {
                    Err(error) if is_starting(&error) => tokio::time::sleep(START_POLL).await,
                    outcome => return outcome,
                }
            }
        };
        let driver = alarm.within(Some(limit), connecting).await.map_err(connection_error)?;
        self.open.fetch_add(1, Ordering::Relaxed);
        observe::opened(self.open.load(Ordering::Relaxed));
        let now = Instant::now();
        Ok(Link { driver, alarm, since: now, used: now })
    }

    /// Connections that are open, and those of them that nobody uses.
    pub(super) fn count(&self) -> (usize, usize) {
        (self.open.load(Ordering::Relaxed), self.idle().len())
    }

    /// Lets nobody have a connection any more, waits for those that are in use, and closes all.
    pub(super) async fn close(&self) {
        self.permits.close();
        while self.permits.available_permits() < self.connections_max {
            tokio::time::sleep(CLOSE_POLL).await;
        }
        let idle = mem::take(&mut *self.idle());
        self.count_closed(idle.len());
        for mut link in idle {
            let limit = Limit { at: Instant::now() + PING_MAX, halt: Halt::Gone };
            let _ = link.alarm.within(Some(limit), link.driver.close()).await;
        }
        if let Some(plain) = self.plain.get() {
            let _ = plain.close_by_ref().await;
        }
    }

    fn give_back(&self, mut link: Link) {
        link.used = Instant::now();
        self.idle().push(link);
    }

    fn forget_idle(&self) {
        let idle = mem::take(&mut *self.idle());
        self.count_closed(idle.len());
    }

    fn count_closed(&self, connections: usize) {
        let before = self.open.fetch_sub(connections, Ordering::Relaxed);
        observe::opened(before.saturating_sub(connections));
    }

    /// Never held over a wait.
    fn idle(&self) -> MutexGuard<'_, Vec<Link>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(link) = self.link.take() else { return };
        if self.fate == Fate::Dead {
            self.pool.count_closed(1);
            self.pool.forget_idle();
        } else if self.is_busy || self.fate == Fate::Close {
            link.driver.give_up();
            self.pool.count_closed(1);
        } else if self.is_open {
            reactor::spawn(roll_back(link, Arc::clone(&self.pool), self.permits.take()));
        } else {
            self.pool.give_back(link);
        }
    }
}

/// Ends the transaction that somebody has left open.
async fn roll_back(mut link: Link, pool: Arc<Pool>, permits: Option<Permits>) {
    let limit = Limit { at: Instant::now() + ROLLBACK_MAX, halt: Halt::Gone };
    match link.alarm.within(Some(limit), link.driver.batch(Arc::new("ROLLBACK".to_owned()))).await {
        Ok(_) => pool.give_back(link),
        Err(error) => {
            tracing::warn!(%error, "a transaction was not rolled back: its connection is closed");
            link.driver.give_up();
            pool.count_closed(1);
        }
    }
    drop(permits);
}
