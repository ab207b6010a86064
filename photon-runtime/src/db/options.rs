//! Which database, how many connections, and how long anything may take.

use std::env;
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use sea_orm::DbErr;
#[cfg(feature = "db-mysql")]
use sea_orm::sqlx::mysql::MySqlConnectOptions;
use sea_orm::sqlx::postgres::PgConnectOptions;
#[cfg(feature = "tls")]
use sea_orm::sqlx::postgres::PgSslMode;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, ConnectOptions as _};
use sea_orm_migration::MigratorTrait;

use super::driver::Target;
use super::error::connection_error;
use super::{Db, pool};

/// Where the embedded database is, unless something else is said.
const FOLDER: &str = "data";

/// Applies migrations.
type Migrate = fn(&Db) -> Result<(), DbErr>;

/// How to use a database.
///
/// ```no_run
/// # fn main() -> photon_runtime::Result<()> {
/// use std::time::Duration;
///
/// use photon_runtime::db::Options;
///
/// let db = Options::from_env().connections_max(32).statement_timeout(Duration::from_secs(5)).connect()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a database is not reached before it is connected to"]
pub struct Options {
    /// None is the embedded database in this folder.
    url: Option<String>,
    folder: PathBuf,
    pub(super) connections_max: usize,
    pub(super) acquire_timeout: Duration,
    pub(super) statement_timeout: Duration,
    pub(super) slow_statement: Duration,
    pub(super) idle_unchecked: Duration,
    pub(super) lifetime_max: Duration,
    is_durable: bool,
    #[cfg(feature = "tls")]
    root_certificates: Option<PathBuf>,
    migrate: Option<Migrate>,
}

impl Options {
    /// The database of this URL: `postgres://user:password@host/name`, `sqlite:data/app.db`, `sqlite::memory:`, with the
    /// feature `db-mysql` also `mysql://user:password@host/name`.
    ///
    /// With the feature `tls` connections to PostgreSQL are encrypted where the server can; `?sslmode=verify-full` (and
    /// `&sslrootcert=ca.pem`) insists on it.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..Self::embedded() }
    }

    /// SQLite in the folder `data`, in a file of the program's name. The folder is made where there is none.
    pub fn embedded() -> Self {
        Self {
            url: None,
            folder: PathBuf::from(FOLDER),
            connections_max: 16,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            slow_statement: Duration::from_millis(500),
            idle_unchecked: Duration::from_secs(30),
            lifetime_max: Duration::from_mins(30),
            is_durable: false,
            #[cfg(feature = "tls")]
            root_certificates: None,
            migrate: None,
        }
    }

    /// What the environment says, else [`embedded`](Self::embedded).
    ///
    /// | variable | |
    /// |---|---|
    /// | `DATABASE_URL` | the [URL](Self::new) |
    /// | `DATABASE_FOLDER` | the [folder](Self::folder) of the embedded database |
    /// | `DATABASE_CONNECTIONS` | [`connections_max`](Self::connections_max) |
    /// | `DATABASE_STATEMENT_TIMEOUT` | [`statement_timeout`](Self::statement_timeout), in seconds |
    ///
    /// Numbers that are none are ignored, with a warning in the log.
    pub fn from_env() -> Self {
        let mut options = Self::embedded();
        options.url = env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
        if let Some(folder) = env::var_os("DATABASE_FOLDER").filter(|folder| !folder.is_empty()) {
            options.folder = folder.into();
        }
        if let Some(connections) = number("DATABASE_CONNECTIONS") {
            options = options.connections_max(usize::try_from(connections).unwrap_or(usize::MAX));
        }
        if let Some(seconds) = number("DATABASE_STATEMENT_TIMEOUT") {
            options = options.statement_timeout(Duration::from_secs(seconds));
        }
        options
    }

    /// Where the embedded database is. Defaults to `data`.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    /// Connections at most, 1 to 1,024. More than a few for each processor of the server make everything slower.
    /// Defaults to 16.
    pub fn connections_max(mut self, connections: usize) -> Self {
        self.connections_max = connections.clamp(1, pool::CONNECTIONS_MAX);
        self
    }

    /// How long a free connection is waited for; then the client is answered 503 with `Retry-After`. Defaults to 5 s.
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.acquire_timeout = timeout;
        self
    }

    /// How long a statement may take, the sending of its rows included. The server is told to stop it then; if that does
    /// not answer either, the connection is given up a quarter of a second later. Defaults to 30 s.
    pub fn statement_timeout(mut self, timeout: Duration) -> Self {
        self.statement_timeout = timeout;
        self
    }

    /// Statements that take longer are told in the log. Defaults to 500 ms.
    pub fn slow_statement(mut self, duration: Duration) -> Self {
        self.slow_statement = duration;
        self
    }

    /// How long a connection may lie idle and be used without asking first whether it still works. Defaults to 30 s.
    pub fn idle_unchecked(mut self, duration: Duration) -> Self {
        self.idle_unchecked = duration;
        self
    }

    /// How old a connection may get. Defaults to 30 minutes.
    pub fn lifetime_max(mut self, duration: Duration) -> Self {
        self.lifetime_max = duration;
        self
    }

    /// Whether SQLite waits for the disk at each commit. Without, a commit survives the end of the process but may be lost
    /// when the machine loses its power; the file stays whole either way. Defaults to `false`.
    pub fn durable(mut self, durable: bool) -> Self {
        self.is_durable = durable;
        self
    }

    /// Encrypts connections to PostgreSQL, and trusts servers whose certificate one in this file has signed, and none
    /// else. Defaults to what the URL says.
    #[cfg(feature = "tls")]
    pub fn root_certificates(mut self, file: impl Into<PathBuf>) -> Self {
        self.root_certificates = Some(file.into());
        self
    }

    /// Applies these migrations when it connects, as [`Db::migrate`] does. Defaults to none.
    pub fn migrate<M: MigratorTrait>(mut self) -> Self {
        self.migrate = Some(Db::migrate::<M>);
        self
    }

    /// Connects, and fails where the database cannot be reached or its migrations cannot be applied.
    pub fn connect(self) -> Result<Db, DbErr> {
        let migrate = self.migrate;
        let target = self.target().map_err(connection_error)?;
        let db = Db::new(target, &self)?;
        if let Some(migrate) = migrate {
            migrate(&db)?;
        }
        Ok(db)
    }

    fn target(&self) -> Result<Target, sqlx::Error> {
        let Some(url) = &self.url else {
            fs::create_dir_all(&self.folder)?;
            let path = self.folder.join(format!("{}.db", program()));
            return Ok(self.sqlite(SqliteConnectOptions::new().filename(path)));
        };
        match url.split(':').next() {
            Some("sqlite") => Ok(self.sqlite(url.parse()?)),
            Some("postgres" | "postgresql") => Ok(self.postgres(url.parse()?)),
            #[cfg(feature = "db-mysql")]
            Some("mysql" | "mariadb") => {
                let options: MySqlConnectOptions = url.parse()?;
                Ok(Target::MySql(Box::new(options.disable_statement_logging())))
            }
            scheme => {
                let scheme = scheme.unwrap_or_default();
                Err(sqlx::Error::Configuration(format!("there is no database of the kind `{scheme}`").into()))
            }
        }
    }

    fn sqlite(&self, options: SqliteConnectOptions) -> Target {
        let synchronous = if self.is_durable { SqliteSynchronous::Full } else { SqliteSynchronous::Normal };
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .busy_timeout(self.acquire_timeout)
            .foreign_keys(true)
            .disable_statement_logging();
        Target::Sqlite(Box::new(options))
    }

    fn postgres(&self, options: PgConnectOptions) -> Target {
        let timeout_ms = self.statement_timeout.as_millis().clamp(1, i32::MAX as u128);
        let mut options =
            options.options([("statement_timeout", timeout_ms.to_string())]).disable_statement_logging();
        if options.get_application_name().is_none() {
            options = options.application_name(&program());
        }
        #[cfg(feature = "tls")]
        if let Some(file) = &self.root_certificates {
            options = options.ssl_mode(PgSslMode::VerifyFull).ssl_root_cert(file);
        }
        Target::Postgres(Box::new(options))
    }
}

/// Without the URL, which holds the password.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("folder", &self.folder)
            .field("connections_max", &self.connections_max)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("statement_timeout", &self.statement_timeout)
            .finish_non_exhaustive()
    }
}

/// The name of the program.
fn program() -> String {
    let path = env::current_exe().unwrap_or_default();
    path.file_stem().map_or_else(|| "app".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    let number = text.parse().ok();
    if number.is_none() {
        tracing::warn!(variable, text, "not a number");
    }
    number
}
