//! Migrations, by as many processes at once as like: one applies them, the others wait for it.
//!
//! PostgreSQL keeps the lock (`pg_advisory_lock`) until the process that has it ends, however it ends; so does MySQL
//! (`GET_LOCK`); for SQLite it is a lock on a file beside the database. This module knows no migration.

use std::fs::{File, TryLockError};
use std::time::Duration;

use sea_orm::sqlx::{self, pool::PoolOptions};
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseExecutor, DbBackend, DbErr, IntoDatabaseExecutor,
    Statement, TryGetable as _,
};
use sea_orm_migration::MigratorTrait;

use super::driver::Target;
use super::error::connection_error;
use super::{Db, Wait as _, reactor};

/// What the lock is called. Any number would do that nobody else uses.
const LOCK: i64 = 0x0070_686f_746f_6e31;

/// How often it is tried.
const LOCK_POLL: Duration = Duration::from_millis(50);

/// How long the migrations of another process are waited for.
const LOCK_WAIT_MAX: Duration = Duration::from_mins(10);

/// How long the connection that migrations run on stays when they are done.
const PLAIN_IDLE: Duration = Duration::from_secs(1);

impl Db {
    /// Applies all migrations that are not applied yet. Many processes may do so at once: one applies them while the
    /// others wait, ten minutes at most.
    ///
    /// A migration is written as SeaORM's are; statements of migrations have no time limit.
    pub fn migrate<M: MigratorTrait>(&self) -> Result<(), DbErr> {
        let migrated = async {
            let _one = self.pool().migrating.lock().await;
            match self.backend() {
                DbBackend::Sqlite => self.migrate_by_file::<M>().await,
                backend => self.migrate_by_server::<M>(backend).await,
            }
        };
        let too_late = || DbErr::Migration("another process takes too long with its migrations".to_owned());
        migrated.wait_timeout(LOCK_WAIT_MAX).unwrap_or_else(|_| Err(too_late()))
    }

    async fn migrate_by_server<M: MigratorTrait>(&self, backend: DbBackend) -> Result<(), DbErr> {
        let (take, leave) = match backend {
            DbBackend::MySql => {
                (format!("SELECT GET_LOCK('{LOCK}', 0) = 1"), format!("SELECT RELEASE_LOCK('{LOCK}')"))
            }
            _ => {
                (format!("SELECT pg_try_advisory_lock({LOCK})"), format!("SELECT pg_advisory_unlock({LOCK})"))
            }
        };
        // Of its own, for the lock lasts as long as its connection.
        let keeper = plain(self.pool().target.unhurried());
        loop {
            let row = keeper.query_one_raw(Statement::from_string(backend, take.clone())).await?;
            if row.is_some_and(|row| bool::try_get_by(&row, 0).unwrap_or(false)) {
                break;
            }
            tokio::time::sleep(LOCK_POLL).await;
        }
        let outcome = M::up(self, None).await;
        let _ = keeper.query_one_raw(Statement::from_string(backend, leave)).await;
        let _ = keeper.close().await;
        outcome
    }

    async fn migrate_by_file<M: MigratorTrait>(&self) -> Result<(), DbErr> {
        let Some(path) = self.pool().target.file() else { return M::up(self, None).await };
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let file = File::create(name).map_err(|error| connection_error(error.into()))?;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_POLL).await,
                Err(TryLockError::Error(error)) => return Err(connection_error(error.into())),
            }
        }
        // The lock ends with `file`.
        M::up(self, None).await
    }
}

/// What SeaORM's migrations run on: a connection of their own, which is made when it is needed and closed soon after.
impl<'c> IntoDatabaseExecutor<'c> for &'c Db {
    fn into_database_executor(self) -> DatabaseExecutor<'c> {
        let pool = self.pool();
        DatabaseExecutor::Connection(pool.plain.get_or_init(|| plain(pool.target.unhurried())))
    }
}

fn plain(target: Target) -> DatabaseConnection {
    let _entered = reactor::enter();
    match target {
        Target::Postgres(options) => lazy::<sqlx::Postgres>().connect_lazy_with(*options).into(),
        Target::Sqlite(options) => lazy::<sqlx::Sqlite>().connect_lazy_with(*options).into(),
        #[cfg(feature = "db-mysql")]
        Target::MySql(options) => lazy::<sqlx::MySql>().connect_lazy_with(*options).into(),
    }
}

fn lazy<D: sqlx::Database>() -> PoolOptions<D> {
    PoolOptions::new().max_connections(1).min_connections(0).idle_timeout(PLAIN_IDLE)
}
