//! Statements over a connection in use, and what SeaORM asks of [`Db`] and [`Tx`].
//!
//! This module knows no pool but as where connections come from.

use std::future::Future;
use std::ops::DerefMut;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_stream::stream;
use futures_util::{Stream, StreamExt as _};
use sea_orm::sqlx;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, StreamTrait,
};

use super::Db;
use super::alarm::Limit;
use super::driver::Query;
use super::error::{Halt, halt_of, is_conflict, is_lost, is_outdated};
use super::observe::Watch;
use super::pool::{Fate, Lease, Link, Want};
use super::transaction::Tx;
use crate::task;

/// What an error of a statement is wrapped in.
type Wrap = fn(RuntimeErr) -> DbErr;

impl Lease {
    async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        let (query, watch, limit) = self.begin(statement.into())?;
        let link = self.link()?;
        let outcome = link.alarm.within(Some(limit), link.driver.execute(query)).await;
        self.end(watch, outcome, DbErr::Exec)
    }

    async fn one(&mut self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let (query, watch, limit) = self.begin(statement.into())?;
        let link = self.link()?;
        let outcome = link.alarm.within(Some(limit), link.driver.one(query)).await;
        self.end(watch, outcome, DbErr::Query)
    }

    async fn all(&mut self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (query, watch, limit) = self.begin(statement.into())?;
        let link = self.link()?;
        let outcome = link.alarm.within(Some(limit), link.driver.all(query)).await;
        self.end(watch, outcome, DbErr::Query)
    }

    /// Runs statements without values.
    pub(super) async fn batch(&mut self, sql: impl Into<String>) -> Result<ExecResult, DbErr> {
        let sql = Arc::new(sql.into());
        let limit = self.ready()?;
        let watch = Watch::begin(Arc::clone(&sql));
        self.is_busy = true;
        let link = self.link()?;
        let outcome = link.alarm.within(Some(limit), link.driver.batch(sql)).await;
        self.end(watch, outcome, DbErr::Exec)
    }

    /// Undoes what was done; has its own time, for that of the operation may be over.
    pub(super) async fn roll_back(&mut self, sql: String, time: Duration) -> Result<(), DbErr> {
        let limit = Limit { at: Instant::now() + time, halt: Halt::Gone };
        let watch = Watch::begin(Arc::new(sql.clone()));
        self.is_busy = true;
        let link = self.link()?;
        let outcome = link.alarm.within(Some(limit), link.driver.batch(Arc::new(sql))).await;
        self.end(watch, outcome, DbErr::Exec).map(drop)
    }

    fn begin(&mut self, query: Query) -> Result<(Query, Watch, Limit), DbErr> {
        let limit = self.ready()?;
        let watch = Watch::begin(Arc::clone(&query.sql));
        self.is_busy = true;
        Ok((query, watch, limit))
    }

    /// Until when a statement may take, if one may begin.
    pub(super) fn ready(&mut self) -> Result<Limit, DbErr> {
        if self.is_busy || self.fate == Fate::Close {
            // Its answer, or the end of its connection, is still to come.
            self.fate = Fate::Close;
            return Err(Halt::Abandoned.db_err());
        }
        if self.fate == Fate::Dead {
            return Err(Halt::Gone.db_err());
        }
        if task::is_unwinding() {
            return Err(Halt::Unwinding.db_err());
        }
        let limit = self.limit();
        if limit.halt == Halt::Deadline && limit.at <= Instant::now() {
            return Err(Halt::Deadline.db_err());
        }
        Ok(limit)
    }

    fn limit(&self) -> Limit {
        let now = Instant::now();
        let statement = Limit { at: now + self.pool.statement_max, halt: Halt::Statement };
        let deadline = |at| Limit { at, halt: Halt::Deadline };
        let own = self.until.map(deadline);
        let operation = task::left().map(|left| deadline(now + left));
        [own, operation]
            .into_iter()
            .flatten()
            .fold(statement, |least, limit| if limit.at < least.at { limit } else { least })
    }

    pub(super) fn link(&mut self) -> Result<&mut Link, DbErr> {
        self.link.as_mut().ok_or_else(|| Halt::Gone.db_err())
    }

    /// What a statement came to, and what that means for the connection.
    fn end<T>(&mut self, watch: Watch, outcome: Result<T, sqlx::Error>, wrap: Wrap) -> Result<T, DbErr> {
        self.is_busy = false;
        let slow = self.pool.slow_statement;
        match outcome {
            Ok(value) => {
                watch.end(slow, None);
                Ok(value)
            }
            Err(error) => {
                watch.end(slow, Some(&error));
                self.fail(&error);
                Err(wrap(RuntimeErr::SqlxError(error.into())))
            }
        }
    }

    fn fail(&mut self, error: &sqlx::Error) {
        self.has_failed = true;
        if halt_of(error).is_some() || is_outdated(error) {
            self.fate = Fate::Close;
        } else if is_lost(error) {
            self.fate = Fate::Dead;
        } else if let sqlx::Error::Database(error) = error {
            self.had_conflict |= is_conflict(&**error);
        }
    }
}

/// Rows that come one by one.
type Rows<'r> = Pin<Box<dyn Stream<Item = Result<QueryResult, DbErr>> + Send + 'r>>;

/// The rows of a statement, asked for one by one. Whoever drops them half way leaves the connection busy, so that it is
/// closed.
fn rows<'r>(mut lease: impl DerefMut<Target = Lease> + Send + 'r, statement: Statement) -> Rows<'r> {
    Box::pin(stream! {
        let (query, watch, limit) = match lease.begin(statement.into()) {
            Ok(begun) => begun,
            Err(error) => return yield Err(error),
        };
        let mut outcome = Ok(());
        if let Some(Link { driver, alarm, .. }) = &mut lease.link {
            let mut rows = driver.rows(query);
            loop {
                let next = async { rows.next().await.transpose() };
                match alarm.within(Some(limit), next).await {
                    Ok(Some(row)) => yield Ok(row),
                    Ok(None) => break,
                    Err(error) => {
                        outcome = Err(error);
                        break;
                    }
                }
            }
        }
        if let Err(error) = lease.end(watch, outcome, DbErr::Query) {
            yield Err(error);
        }
    })
}

/// The same for whatever has a connection, or gets one.
macro_rules! connection {
    ($type:ty, |$this:ident, $statement:ident| $lease:expr, |$held:ident| $owned:expr) => {
        #[async_trait::async_trait]
        impl ConnectionTrait for $type {
            fn get_database_backend(&self) -> DbBackend {
                self.backend()
            }

            async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
                let ($this, $statement) = (self, statement.sql.as_str());
                let mut lease = $lease;
                lease.execute(statement).await
            }

            async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
                let ($this, $statement) = (self, sql);
                let mut lease = $lease;
                lease.batch(sql).await
            }

            async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
                let ($this, $statement) = (self, statement.sql.as_str());
                let mut lease = $lease;
                lease.one(statement).await
            }

            async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
                let ($this, $statement) = (self, statement.sql.as_str());
                let mut lease = $lease;
                lease.all(statement).await
            }
        }

        impl StreamTrait for $type {
            type Stream<'a> = Rows<'a>;

            fn get_database_backend(&self) -> DbBackend {
                self.backend()
            }

            fn stream_raw<'a>(
                &'a self,
                statement: Statement,
            ) -> Pin<Box<dyn Future<Output = Result<Rows<'a>, DbErr>> + Send + 'a>> {
                Box::pin(async move {
                    let ($this, $statement) = (self, statement.sql.as_str());
                    let $held = $lease;
                    Ok(rows($owned, statement))
                })
            }
        }
    };
}

connection!(Db, |db, sql| db.pool().lease(want(db.backend(), sql)).await?, |lease| Box::new(lease));
connection!(Tx, |tx, _sql| tx.lease().await?, |lease| lease);

/// SQLite lets one write at a time, so that it is good to know who will.
fn want(backend: DbBackend, sql: &str) -> Want {
    let word = sql.split_ascii_whitespace().next().unwrap_or_default();
    let reads = ["SELECT", "EXPLAIN", "PRAGMA", "VALUES"];
    let is_read = backend != DbBackend::Sqlite || reads.iter().any(|read| word.eq_ignore_ascii_case(read));
    if is_read { Want::Read } else { Want::Write }
}
