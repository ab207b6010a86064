//! Transactions and savepoints: a function in, all of what it did or nothing.
//!
//! ```text
//! begin ──▶ your function ──Ok──▶ commit
//!                ├──Err, panic──────────────▶ rolled back, then the error or the panic goes on
//!                ├──time over, client gone──▶ rolled back, an error
//!                └──a conflict with another transaction ──▶ rolled back, once more (`TxOptions::retries`)
//! ```
//!
//! A `Tx` that is dropped is rolled back by the reactor, before anybody else gets its connection.

#![allow(unsafe_code)]

use std::fmt::{self, Write as _};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use sea_orm::{
    AccessMode, DbBackend, DbErr, IsolationLevel, TransactionError, TransactionOptions, TransactionSession,
    TransactionTrait,
};
use tokio::sync::{Mutex, MutexGuard};

use super::error::Halt;
use super::pool::{Fate, Lease, ROLLBACK_MAX, Want};
use super::{Db, Wait as _};
use crate::task;

/// How much earlier than we the server gives a statement up, so that its connection stays whole.
const SERVER_LEAD: Duration = Duration::from_millis(250);

/// The first pause before a transaction is tried again; the next are each twice as long.
const RETRY_PAUSE: Duration = Duration::from_millis(2);
const RETRY_PAUSE_MAX: Duration = Duration::from_millis(250);

/// How a transaction is made.
///
/// ```
/// use photon_runtime::db::{IsolationLevel, TxOptions};
///
/// let options = TxOptions::new().isolation(IsolationLevel::Serializable).retries(5);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "options do nothing by themselves"]
pub struct TxOptions {
    isolation: Option<IsolationLevel>,
    is_read_only: bool,
    retries: u32,
    timeout: Option<Duration>,
}

impl TxOptions {
    /// As the database has it, once, with the time of the operation.
    pub fn new() -> Self {
        Self::default()
    }

    /// How much it may see of others. SQLite's are always serializable. Defaults to what the database is set to.
    pub fn isolation(mut self, level: IsolationLevel) -> Self {
        self.isolation = Some(level);
        self
    }

    /// It does not write; those of SQLite then go on beside a writer. Defaults to `false`.
    pub fn read_only(mut self) -> Self {
        self.is_read_only = true;
        self
    }

    /// How often it is tried again where another transaction was in its way (a serialization failure, a deadlock); then
    /// the client is answered 503. Defaults to 0.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// How long it may take in all. Defaults to the time of the operation.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    fn begin(self, until: Option<Instant>) -> Begin {
        Begin {
            isolation: self.isolation,
            access: self.is_read_only.then_some(AccessMode::ReadOnly),
            sqlite: None,
            until,
        }
    }
}

/// How one begins.
#[derive(Default)]
struct Begin {
    isolation: Option<IsolationLevel>,
    access: Option<AccessMode>,
    sqlite: Option<&'static str>,
    until: Option<Instant>,
}

impl From<TransactionOptions> for Begin {
    fn from(options: TransactionOptions) -> Self {
        Self {
            isolation: options.isolation_level,
            access: options.access_mode,
            sqlite: options.sqlite_transaction_mode.map(|mode| mode.sqlite_keyword()),
            until: None,
        }
    }
}

impl Begin {
    fn want(&self) -> Want {
        if self.access == Some(AccessMode::ReadOnly) { Want::Read } else { Want::Write }
    }

    /// What the server is told, its own time limit included where that is shorter than for others.
    fn sql(&self, backend: DbBackend, statement_max: Duration) -> String {
        let mut sql = match backend {
            DbBackend::Sqlite => {
                let writes = self.want() == Want::Write;
                let mode = self.sqlite.unwrap_or(if writes { "IMMEDIATE" } else { "DEFERRED" });
                return format!("BEGIN {mode}");
            }
            DbBackend::MySql => {
                let level = self.isolation.map(|level| format!("SET TRANSACTION ISOLATION LEVEL {level}; "));
                let access = self.access.map(|access| format!(" {access}"));
                return format!(
                    "{}START TRANSACTION{}",
                    level.unwrap_or_default(),
                    access.unwrap_or_default()
                );
            }
            _ => "BEGIN".to_owned(),
        };
        if let Some(level) = self.isolation {
            let _ = write!(sql, " ISOLATION LEVEL {level}");
        }
        if let Some(access) = self.access {
            let _ = write!(sql, " {access}");
        }
        let own = self.until.map(|until| until.saturating_duration_since(Instant::now()));
        if let Some(left) = [own, task::left()].into_iter().flatten().min()
            && left < statement_max
        {
            let server = left.saturating_sub(SERVER_LEAD).max(left / 2).as_millis().max(1);
            let _ = write!(sql, "; SET LOCAL statement_timeout = {server}");
        }
        sql
    }
}

/// A transaction, or a savepoint within one: what functions get that are to do all or nothing.
pub struct Tx {
    shared: Arc<Shared>,
    /// How many savepoints it is in.
    depth: u32,
    is_ended: bool,
}

struct Shared {
    lease: Mutex<Lease>,
    /// The outermost savepoint that was dropped and is not undone yet; 0 is none.
    undo: AtomicU32,
    backend: DbBackend,
}

impl Db {
    /// Runs `work` in a transaction: committed where it succeeds, rolled back where it fails or panics, where the time of
    /// the operation is over, and where the client has left meanwhile.
    ///
    /// ```no_run
    /// # use photon_runtime::db::{Db, DbErr, Tx, sea_orm::ConnectionTrait, Wait};
    /// # fn debit(tx: &Tx) -> Result<(), DbErr> { Ok(()) }
    /// # fn credit(tx: &Tx) -> Result<(), DbErr> { Ok(()) }
    /// # fn f(db: &Db) -> Result<(), DbErr> {
    /// db.transaction(|tx| {
    ///     debit(tx)?;
    ///     tx.transaction(|savepoint| credit(savepoint))
    /// })
    /// # }
    /// ```
    pub fn transaction<T, E: From<DbErr>>(&self, work: impl FnOnce(&Tx) -> Result<T, E>) -> Result<T, E> {
        let tx = self.begin_tx(Begin::default()).wait()?;
        run(tx, work).0
    }

    /// The same with options. `work` may run several times: where it is told to retry, all that it does besides its
    /// statements is done again.
    pub fn transaction_with<T, E: From<DbErr>>(
        &self,
        options: TxOptions,
        mut work: impl FnMut(&Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let until = options.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut tries = 0;
        loop {
            let tx = self.begin_tx(options.begin(until)).wait()?;
            let (outcome, had_conflict) = run(tx, &mut work);
            if outcome.is_ok() || !had_conflict || tries >= options.retries {
                return outcome;
            }
            tries += 1;
            if pause(tries).is_err() {
                return outcome;
            }
        }
    }

    async fn begin_tx(&self, begin: Begin) -> Result<Tx, DbErr> {
        let pool = self.pool();
        let backend = self.backend();
        let sql = begin.sql(backend, pool.statement_max);
        let mut lease = pool.lease(begin.want()).await?;
        lease.until = begin.until;
        if let Err(error) = lease.batch(sql.clone()).await {
            if lease.fate != Fate::Dead {
                return Err(error);
            }
            // Nothing was done on a connection that had died before.
            drop(lease);
            lease = pool.lease_fresh(begin.want()).await?;
            lease.until = begin.until;
            lease.batch(sql).await?;
        }
        lease.is_open = true;
        let shared = Shared { lease: Mutex::new(lease), undo: AtomicU32::new(0), backend };
        Ok(Tx { shared: Arc::new(shared), depth: 0, is_ended: false })
    }
}

impl Tx {
    /// Runs `work` in a savepoint: kept where it succeeds; where it fails or panics, what it did is undone, and nothing
    /// else of the transaction.
    pub fn transaction<T, E: From<DbErr>>(&self, work: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        let tx = self.begin_tx(Begin::default()).wait()?;
        run(tx, work).0
    }

    /// What database this is.
    pub fn backend(&self) -> DbBackend {
        self.shared.backend
    }

    /// The connection, with all undone that was dropped.
    pub(super) async fn lease(&self) -> Result<MutexGuard<'_, Lease>, DbErr> {
        let mut lease = self.shared.lease.lock().await;
        let depth = self.shared.undo.swap(0, Ordering::AcqRel);
        if depth > 0 {
            lease.batch(undo(depth)).await?;
            lease.has_failed = false;
        }
        Ok(lease)
    }

    async fn begin_tx(&self, _: Begin) -> Result<Self, DbErr> {
        let depth = self.depth + 1;
        self.lease().await?.batch(format!("SAVEPOINT sp{depth}")).await?;
        Ok(Self { shared: Arc::clone(&self.shared), depth, is_ended: false })
    }

    async fn keep(mut self) -> Result<(), DbErr> {
        let shared = Arc::clone(&self.shared);
        let mut lease = self.lease().await?;
        lease.ready()?;
        // PostgreSQL would answer a commit with a rollback, and no error.
        let has_failed = lease.has_failed && shared.backend == DbBackend::Postgres;
        let refusal = if has_failed {
            Some(Halt::Failed)
        } else if self.depth == 0 && is_client_gone() {
            Some(Halt::ClientLeft)
        } else {
            None
        };
        if let Some(refusal) = refusal {
            drop(lease);
            self.undo().await?;
            return Err(refusal.db_err());
        }
        if self.depth > 0 {
            lease.batch(format!("RELEASE SAVEPOINT sp{}", self.depth)).await?;
        } else {
            lease.batch("COMMIT").await?;
            lease.is_open = false;
        }
        drop(lease);
        self.is_ended = true;
        Ok(())
    }

    /// Has its own time, for the operation's may be over.
    async fn undo(mut self) -> Result<(), DbErr> {
        let shared = Arc::clone(&self.shared);
        self.is_ended = true;
        let mut lease = shared.lease.lock().await;
        if lease.is_busy || lease.fate != Fate::Keep {
            // It is closed when it is given back, and then the server rolls back.
            return Ok(());
        }
        let sql = if self.depth > 0 { undo(self.depth) } else { "ROLLBACK".to_owned() };
        lease.roll_back(sql, ROLLBACK_MAX).await?;
        lease.has_failed = false;
        if self.depth == 0 {
            lease.is_open = false;
        }
        Ok(())
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if !self.is_ended && self.depth > 0 {
            let outer = |undo: u32| Some(if undo == 0 { self.depth } else { undo.min(self.depth) });
            let _ = self.shared.undo.fetch_update(Ordering::AcqRel, Ordering::Acquire, outer);
        }
    }
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx").field("depth", &self.depth).finish_non_exhaustive()
    }
}

/// Runs `work` and ends its transaction; also tells whether another transaction was in its way.
fn run<T, E: From<DbErr>>(tx: Tx, work: impl FnOnce(&Tx) -> Result<T, E>) -> (Result<T, E>, bool) {
    let shared = Arc::clone(&tx.shared);
    let outcome = match catch_unwind(AssertUnwindSafe(|| work(&tx))) {
        Ok(Ok(value)) => tx.keep().wait().map(|()| value).map_err(E::from),
        Ok(Err(error)) => {
            undo_or_leave(tx);
            Err(error)
        }
        Err(panic) => {
            undo_or_leave(tx);
            // Only here, for nothing may wait while a panic unwinds.
            resume_unwind(panic)
        }
    };
    let had_conflict = shared.lease.try_lock().is_ok_and(|lease| lease.had_conflict);
    (outcome, had_conflict)
}

/// One that cannot be rolled back is rolled back by the server, when its connection is closed.
fn undo_or_leave(tx: Tx) {
    if let Err(error) = tx.undo().wait() {
        tracing::debug!(%error, "a transaction was given up with its connection");
    }
}

fn undo(depth: u32) -> String {
    format!("ROLLBACK TO SAVEPOINT sp{depth}; RELEASE SAVEPOINT sp{depth}")
}

/// Waits a little, a little longer each time, and not as long as others do.
fn pause(tries: u32) -> Result<(), task::Interrupted> {
    let base = RETRY_PAUSE.saturating_mul(1 << tries.min(16)).min(RETRY_PAUSE_MAX);
    let noise = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
    crate::sleep::sleep(base / 2 + base.mul_f64(f64::from(noise % 1024) / 1024.0))
}

/// Whether nobody will read the answer: the client's connection was reset, or the server has lost its patience with it.
fn is_client_gone() -> bool {
    let Some(fd) = task::client() else { return false };
    let mut asked = libc::pollfd { fd, events: 0, revents: 0 };
    // SAFETY: one valid entry; nothing is waited for. The socket is open as long as its coroutine lives.
    let count = unsafe { libc::poll(&raw mut asked, 1, 0) };
    count == 1 && asked.revents & (libc::POLLERR | libc::POLLHUP) != 0
}

/// The same for whatever transactions begin in.
macro_rules! transactions {
    ($type:ty) => {
        #[async_trait::async_trait]
        impl TransactionTrait for $type {
            type Transaction = Tx;

            async fn begin(&self) -> Result<Tx, DbErr> {
                self.begin_tx(Begin::default()).await
            }

            async fn begin_with_config(
                &self,
                isolation_level: Option<IsolationLevel>,
                access_mode: Option<AccessMode>,
            ) -> Result<Tx, DbErr> {
                let options =
                    TransactionOptions { isolation_level, access_mode, sqlite_transaction_mode: None };
                self.begin_tx(options.into()).await
            }

            async fn begin_with_options(&self, options: TransactionOptions) -> Result<Tx, DbErr> {
                self.begin_tx(options.into()).await
            }

            async fn transaction<F, T, E>(&self, work: F) -> Result<T, TransactionError<E>>
            where
                F: for<'c> FnOnce(&'c Tx) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>> + Send,
                T: Send,
                E: fmt::Display + fmt::Debug + Send,
            {
                run_async(TransactionTrait::begin(self).await, work).await
            }

            async fn transaction_with_config<F, T, E>(
                &self,
                work: F,
                isolation_level: Option<IsolationLevel>,
                access_mode: Option<AccessMode>,
            ) -> Result<T, TransactionError<E>>
            where
                F: for<'c> FnOnce(&'c Tx) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>> + Send,
                T: Send,
                E: fmt::Display + fmt::Debug + Send,
            {
                run_async(self.begin_with_config(isolation_level, access_mode).await, work).await
            }
        }
    };
}

transactions!(Db);
transactions!(Tx);

async fn run_async<T, E: fmt::Display + fmt::Debug>(
    tx: Result<Tx, DbErr>,
    work: impl for<'c> FnOnce(&'c Tx) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>,
) -> Result<T, TransactionError<E>> {
    let tx = tx.map_err(TransactionError::Connection)?;
    match work(&tx).await {
        Ok(value) => {
            tx.keep().await.map_err(TransactionError::Connection)?;
            Ok(value)
        }
        Err(error) => {
            let _ = tx.undo().await;
            Err(TransactionError::Transaction(error))
        }
    }
}

#[async_trait::async_trait]
impl TransactionSession for Tx {
    async fn commit(self) -> Result<(), DbErr> {
        self.keep().await
    }

    async fn rollback(self) -> Result<(), DbErr> {
        self.undo().await
    }
}
