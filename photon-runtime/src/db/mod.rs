//! Databases for handlers that block: SeaORM as it is, on SQLite and PostgreSQL (and MySQL, by the feature `db-mysql`).
//!
//! ```no_run
//! use photon_runtime::NotFound;
//! use photon_runtime::db::sea_orm::{self, entity::prelude::*};
//! use photon_runtime::db::{Db, Wait as _};
//!
//! #[sea_orm::model]
//! #[derive(Clone, Debug, DeriveEntityModel)]
//! #[sea_orm(table_name = "users")]
//! pub struct Model {
//!     #[sea_orm(primary_key)]
//!     pub id: i64,
//!     pub name: String,
//! }
//!
//! impl ActiveModelBehavior for ActiveModel {}
//!
//! fn name(db: &Db, id: i64) -> photon_runtime::Result<String> {
//!     let user = Entity::find_by_id(id).one(db).wait()?;
//!     Ok(user.ok_or_else(|| NotFound::new("no such user"))?.name)
//! }
//! ```
//!
//! [`Db`] and [`Tx`] are connections to all of SeaORM; [`Wait::wait`] waits for what it promises, on a coroutine while
//! others go on, on a plain thread (in `main`, in tests) as one blocks. Nothing needs another runtime.
//!
//! **Errors** are passed on with `?`, in handlers too: [`Cause`] says what is answered.
//!
#![doc = include_str!("errors.md")]
//!
//! **Transactions** are functions: [`Db::transaction`], [`Tx::transaction`] for savepoints, [`Db::transaction_with`] to
//! try again. Within one use its `tx`, never the `Db`: that would wait for a second connection while it holds one.
//!
//! **Migrations** are SeaORM's: [`Db::migrate`], or [`Options::migrate`] when it connects.
//!
//! **At the end** of a server [`Server::database`](crate::Server::database) closes the connections once all requests are
//! answered; `Health::check("database", |app: &App| Ok(app.db.check()?))` makes readiness depend on it.
//!
//! Statements of 500 ms and more are told in the log, target `photon::db`, with the operation and without values. With
//! the feature `metrics`: `db_client_operation_duration_seconds` by `operation` and `outcome`,
//! `db_client_connection_wait_seconds`, `db_client_connections`.

mod alarm;
mod connection;
mod driver;
mod error;
mod migrate;
mod observe;
mod options;
mod pool;
mod reactor;
pub(crate) mod scratch;
mod transaction;
mod wait;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use self::driver::Target;
use self::pool::Pool;

pub use sea_orm;
pub use sea_orm::{
    ConnectionTrait, DbErr, IsolationLevel, StreamTrait, TransactionSession, TransactionTrait,
};
pub use sea_orm_migration as migration;

pub use self::error::Cause;
#[doc(hidden)]
pub use self::error::answer;
pub(crate) use self::error::is_unavailable;
pub use self::options::Options;
pub use self::transaction::{Tx, TxOptions};
pub use self::wait::{Each, Wait, WaitEach};

/// How long the database may take to say that it works.
const CHECK_MAX: Duration = Duration::from_secs(2);

/// How long connections in use are waited for at the end.
const CLOSE_MAX: Duration = Duration::from_secs(10);

/// A database, with its connections; clones share them.
#[derive(Clone)]
pub struct Db(Arc<Pool>);

impl Db {
    /// The database that the environment names (`DATABASE_URL`), else SQLite in the folder `data`:
    /// [`Options::from_env`].
    pub fn open() -> Result<Self, DbErr> {
        Options::from_env().connect()
    }

    /// The database of this URL: [`Options::new`]. `sqlite::memory:` is one for a test, empty and its own.
    pub fn connect(url: &str) -> Result<Self, DbErr> {
        Options::new(url).connect()
    }

    fn new(target: Target, options: &Options) -> Result<Self, DbErr> {
        let pool = Arc::new(Pool::new(target, options));
        pool.open().wait()?;
        Ok(Self(pool))
    }

    /// What database this is.
    pub fn backend(&self) -> sea_orm::DbBackend {
        self.0.target.backend()
    }

    /// Fails where the database does not answer: for [`Health::check`](crate::Health::check).
    pub fn check(&self) -> Result<(), DbErr> {
        let answered = self.execute_unprepared("SELECT 1").wait_timeout(CHECK_MAX);
        answered.unwrap_or_else(|_| Err(error::Halt::Statement.db_err())).map(drop)
    }

    /// Connections that are open, and those of them that nobody uses just now.
    pub fn connections(&self) -> (usize, usize) {
        self.0.count()
    }

    /// Closes all connections when those that are in use have come back, 10 s at most. Nobody gets one any more.
    pub fn close(&self) {
        if self.0.close().wait_timeout(CLOSE_MAX).is_err() {
            tracing::warn!("connections to a database were still in use at the end");
        }
    }

    fn pool(&self) -> &Arc<Pool> {
        &self.0
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, idle) = self.connections();
        f.debug_struct("Db")
            .field("backend", &self.backend())
            .field("open", &open)
            .field("idle", &idle)
            .finish()
    }
}
