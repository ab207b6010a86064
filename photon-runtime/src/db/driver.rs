//! The drivers: what is asked of one connection, whatever the database.
//!
//! This module knows neither who asks nor for how long.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use sea_orm::sea_query::Values;
#[cfg(feature = "db-mysql")]
use sea_orm::sqlx::mysql::{MySql, MySqlConnectOptions, MySqlConnection};
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection, Postgres};
use sea_orm::sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _};
use sea_orm::{DbBackend, ExecResult, QueryResult, Statement};
use sea_query_sqlx::SqlxValues;

/// How many steps of SQLite pass between looks at whether the statement is still wanted.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// The first PostgreSQL that stops statements of clients that have gone.
const PG_CHECKS_CLIENTS: u32 = 140_000;

/// How connections are made.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Postgres(Box<PgConnectOptions>),
    Sqlite(Box<SqliteConnectOptions>),
    #[cfg(feature = "db-mysql")]
    MySql(Box<MySqlConnectOptions>),
}

impl Target {
    pub(super) fn backend(&self) -> DbBackend {
        match self {
            Self::Postgres(_) => DbBackend::Postgres,
            Self::Sqlite(_) => DbBackend::Sqlite,
            #[cfg(feature = "db-mysql")]
            Self::MySql(_) => DbBackend::MySql,
        }
    }

    /// Whether the database ends with its last connection.
    pub(super) fn is_in_memory(&self) -> bool {
        let name = |path: &Path| path.to_string_lossy().contains("in-memory");
        matches!(self, Self::Sqlite(options) if name(options.get_filename()))
    }

    /// The file of the database, if it is one.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(options) if !self.is_in_memory() => Some(options.get_filename()),
            _ => None,
        }
    }

    /// The same without a limit to how long statements take.
    pub(super) fn unhurried(&self) -> Self {
        match self {
            Self::Postgres(options) => {
                Self::Postgres(Box::new(options.as_ref().clone().options([("statement_timeout", "0")])))
            }
            Self::Sqlite(_) => self.clone(),
            #[cfg(feature = "db-mysql")]
            Self::MySql(_) => self.clone(),
        }
    }

    pub(super) async fn connect(&self) -> Result<Driver, sqlx::Error> {
        Ok(match self {
            Self::Postgres(options) => {
                let mut connection = options.connect().await?;
                if connection.server_version_num().is_some_and(|version| version >= PG_CHECKS_CLIENTS) {
                    // Where the platform cannot, statements end by their own timeout.
                    let _ = connection.execute("SET client_connection_check_interval = '1s'").await;
                }
                Driver::Postgres(connection)
            }
            Self::Sqlite(options) => {
                let mut connection = options.connect().await?;
                let is_given_up = Arc::new(AtomicBool::new(false));
                let look = Arc::clone(&is_given_up);
                let mut handle = connection.lock_handle().await?;
                handle.set_progress_handler(STEPS_BETWEEN_LOOKS, move || !look.load(Ordering::Relaxed));
                drop(handle);
                Driver::Sqlite(connection, is_given_up)
            }
            #[cfg(feature = "db-mysql")]
            Self::MySql(options) => Driver::MySql(options.connect().await?),
        })
    }
}

/// One connection.
#[derive(Debug)]
pub(super) enum Driver {
    Postgres(PgConnection),
    /// And what stops its present statement.
    Sqlite(SqliteConnection, Arc<AtomicBool>),
    #[cfg(feature = "db-mysql")]
    MySql(MySqlConnection),
}

/// A statement with its values.
pub(super) struct Query {
    pub(super) sql: Arc<String>,
    values: SqlxValues,
}

impl From<Statement> for Query {
    fn from(statement: Statement) -> Self {
        let values = statement.values.unwrap_or(Values(Vec::new()));
        Self { sql: Arc::new(statement.sql), values: SqlxValues(values) }
    }
}

/// Does the same with whichever connection it is.
macro_rules! each {
    ($driver:expr, $query:expr, |$sqlx:ident, $connection:ident| $work:expr) => {{
        let Query { sql, values } = $query;
        let sql = AssertSqlSafe(sql);
        match $driver {
            Driver::Postgres($connection) => {
                let $sqlx = sqlx::query_with::<Postgres, _>(sql, values);
                $work
            }
            Driver::Sqlite($connection, _) => {
                let $sqlx = sqlx::query_with::<Sqlite, _>(sql, values);
                $work
            }
            #[cfg(feature = "db-mysql")]
            Driver::MySql($connection) => {
                let $sqlx = sqlx::query_with::<MySql, _>(sql, values);
                $work
            }
        }
    }};
}

impl Driver {
    pub(super) async fn execute(&mut self, query: Query) -> Result<ExecResult, sqlx::Error> {
        each!(self, query, |query, connection| query.execute(connection).await.map(Into::into))
    }

    pub(super) async fn one(&mut self, query: Query) -> Result<Option<QueryResult>, sqlx::Error> {
        each!(self, query, |query, connection| {
            Ok(query.fetch_optional(connection).await?.map(Into::into))
        })
    }

    pub(super) async fn all(&mut self, query: Query) -> Result<Vec<QueryResult>, sqlx::Error> {
        each!(self, query, |query, connection| {
            Ok(query.fetch_all(connection).await?.into_iter().map(Into::into).collect())
        })
    }

    /// The rows as they come.
    pub(super) fn rows(&mut self, query: Query) -> BoxStream<'_, Result<QueryResult, sqlx::Error>> {
        each!(self, query, |query, connection| {
            query.fetch(connection).map(|row| row.map(QueryResult::from)).boxed()
        })
    }

    /// Runs statements without values, one after another.
    pub(super) async fn batch(&mut self, sql: Arc<String>) -> Result<ExecResult, sqlx::Error> {
        let sql = AssertSqlSafe(sql);
        match self {
            Self::Postgres(connection) => connection.execute(sql).await.map(Into::into),
            Self::Sqlite(connection, _) => connection.execute(sql).await.map(Into::into),
            #[cfg(feature = "db-mysql")]
            Self::MySql(connection) => connection.execute(sqlx::raw_sql(sql)).await.map(Into::into),
        }
    }

    pub(super) async fn ping(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Postgres(connection) => connection.ping().await,
            Self::Sqlite(connection, _) => connection.ping().await,
            #[cfg(feature = "db-mysql")]
            Self::MySql(connection) => connection.ping().await,
        }
    }

    /// Says good-bye.
    pub(super) async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Postgres(connection) => connection.close().await,
            Self::Sqlite(connection, _) => connection.close().await,
            #[cfg(feature = "db-mysql")]
            Self::MySql(connection) => connection.close().await,
        }
    }

    /// Nobody wants the outcome of the present statement: one that runs in this process is stopped.
    pub(super) fn give_up(&self) {
        if let Self::Sqlite(_, is_given_up) = self {
            is_given_up.store(true, Ordering::Relaxed);
        }
    }
}
