//! What a database's errors mean: for those who wait for it, and for the client of an operation.
//! `errors.md` is the table, for the documentation too.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;

use http::StatusCode;
use sea_orm::sqlx::{self, error::DatabaseError};
use sea_orm::{DbErr, RuntimeErr, SqlErr};

use crate::error::Error;
use crate::problem::{self, Problem};
use crate::status::Unauthorized;
use crate::task::Interrupted;

/// What is wrong, whatever the database.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// Something of this key is there already.
    Unique,
    /// What a row refers to is not there, or others refer to it.
    ForeignKey,
    /// There is no such row.
    NoRow,
    /// The database has no room or cannot be reached, or another transaction was faster: it may succeed later.
    Busy,
    /// It took too long.
    Deadline,
    /// Anything else.
    Other,
}

impl Cause {
    /// What an error means.
    pub fn of(error: &DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => return Self::Unique,
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => return Self::ForeignKey,
            _ => {}
        }
        match error {
            DbErr::RecordNotFound(_) | DbErr::RecordNotUpdated => Self::NoRow,
            DbErr::ConnectionAcquire(_) => Self::Busy,
            DbErr::Conn(RuntimeErr::SqlxError(error))
            | DbErr::Exec(RuntimeErr::SqlxError(error))
            | DbErr::Query(RuntimeErr::SqlxError(error)) => of_driver(error),
            _ => Self::Other,
        }
    }

    /// The statuses that tell it, the best first.
    fn statuses(self) -> &'static [u16] {
        match self {
            Self::Unique => &[409],
            Self::ForeignKey => &[409, 404],
            Self::NoRow => &[404],
            Self::Busy | Self::Deadline | Self::Other => &[],
        }
    }

    /// What clients are told; never the names of tables.
    fn detail(self) -> &'static str {
        match self {
            Self::Unique => "something of this key is there already",
            Self::ForeignKey => "something that this depends on is not there, or depends on it",
            Self::NoRow => "there is no such thing",
            Self::Busy | Self::Deadline | Self::Other => "",
        }
    }
}

fn of_driver(error: &sqlx::Error) -> Cause {
    if let Some(halt) = halt_of(error) {
        return halt.cause();
    }
    match error {
        sqlx::Error::RowNotFound => Cause::NoRow,
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Cause::Busy,
        sqlx::Error::Database(error) if is_restricted(&**error) => Cause::ForeignKey,
        sqlx::Error::Database(error) if is_conflict(&**error) || is_full(&**error) => Cause::Busy,
        sqlx::Error::Database(error) if code_is(&**error, &["57014"]) => Cause::Deadline,
        error if is_lost(error) => Cause::Busy,
        _ => Cause::Other,
    }
}

/// Whether a row stays because others refer to it by `RESTRICT`, which has codes of its own: PostgreSQL's from 18 on, and
/// SQLite's, which are those of any trigger that raises an error.
fn is_restricted(error: &dyn DatabaseError) -> bool {
    code_is(error, &["23001"]) || code_is(error, &["1811"]) && error.message().contains("FOREIGN KEY")
}

/// Whether nothing can be said any more over the connection that failed so.
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Tls(error) => error.is::<io::Error>(),
        // The server ends, has ended, or does not serve yet; it closed an idle session.
        sqlx::Error::Database(error) => {
            code_is(&**error, &["57P01", "57P02", "57P05", "25P03", "25P04", "08006", "08P01"])
        }
        _ => false,
    }
}

/// Whether a transaction failed because of another one, so that it may succeed when it is tried again.
pub(super) fn is_conflict(error: &dyn DatabaseError) -> bool {
    // Of PostgreSQL, SQLite (busy, locked, and their extended codes) and MySQL.
    code_is(error, &["40001", "40P01", "55P03", "5", "6", "261", "262", "517", "1205", "1213"])
}

/// Whether the server does not serve yet, but will.
pub(super) fn is_starting(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if code_is(&**error, &["57P03"]))
}

/// Whether the server has no room for another connection.
fn is_full(error: &dyn DatabaseError) -> bool {
    code_is(error, &["53300", "53400", "1040"])
}

/// Whether a statement was prepared for tables that have changed since.
pub(super) fn is_outdated(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error)
        if code_is(&**error, &["0A000"]) && error.message().contains("cached plan"))
}

fn code_is(error: &dyn DatabaseError, codes: &[&str]) -> bool {
    error.code().is_some_and(|code| codes.contains(&&*code))
}

/// Why we gave up what a database had been asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Halt {
    /// The time of the operation or of the transaction is over.
    Deadline,
    /// A panic is under way.
    Unwinding,
    /// The statement took longer than any may.
    Statement,
    /// Another statement of the connection was given up half way.
    Abandoned,
    /// The transaction had failed before, and its error was ignored.
    Failed,
    /// The client has left, so that nobody learns of the outcome.
    ClientLeft,
    /// The connection is not there any more.
    Gone,
}

impl Halt {
    pub(super) fn error(self) -> sqlx::Error {
        let kind = match self {
            Self::Deadline | Self::Statement => io::ErrorKind::TimedOut,
            _ => io::ErrorKind::ConnectionAborted,
        };
        sqlx::Error::Io(io::Error::new(kind, self))
    }

    pub(super) fn db_err(self) -> DbErr {
        DbErr::Conn(RuntimeErr::SqlxError(Arc::new(self.error())))
    }

    fn cause(self) -> Cause {
        match self {
            Self::Deadline | Self::Statement | Self::Unwinding => Cause::Deadline,
            Self::ClientLeft | Self::Gone => Cause::Busy,
            Self::Abandoned | Self::Failed => Cause::Other,
        }
    }
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deadline => "the operation took longer than it may",
            Self::Unwinding => "a panic is under way, in which nothing may wait",
            Self::Statement => "the statement took longer than it may",
            Self::Abandoned => "a statement of this transaction was given up half way",
            Self::Failed => "a statement of this transaction had failed: rolled back",
            Self::ClientLeft => "the client has left: rolled back",
            Self::Gone => "the connection is closed",
        })
    }
}

impl StdError for Halt {}

impl From<Interrupted> for Halt {
    fn from(interrupted: Interrupted) -> Self {
        match interrupted {
            Interrupted::Deadline => Self::Deadline,
            Interrupted::Unwinding => Self::Unwinding,
        }
    }
}

/// Why we gave it up, if we did.
pub(super) fn halt_of(error: &sqlx::Error) -> Option<Halt> {
    let sqlx::Error::Io(error) = error else { return None };
    error.get_ref()?.downcast_ref().copied()
}

pub(super) fn connection_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)))
}

/// The answer to a handler's database error, of the statuses that its operation declares with a problem.
#[doc(hidden)]
pub fn answer(error: &DbErr, declared: &[u16]) -> Option<(u16, Problem)> {
    let cause = Cause::of(error);
    let status = cause.statuses().iter().copied().find(|status| declared.contains(status))?;
    tracing::debug!(%error, status, "the database refused");
    Some((status, problem::of_code(status, cause.detail().to_owned())))
}

/// Whether a handler failed because the database has no room or took too long: 503 whatever the operation declares.
pub(crate) fn is_unavailable(error: &Error) -> bool {
    error.cause::<DbErr>().is_some_and(|error| matches!(Cause::of(error), Cause::Busy | Cause::Deadline))
}

/// A verifier that cannot look its caller up: 503 or 500 as of handlers, and never 401, which would have clients throw
/// their credentials away.
impl From<DbErr> for Unauthorized {
    fn from(error: DbErr) -> Self {
        let status = match Cause::of(&error) {
            Cause::Busy | Cause::Deadline => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        tracing::error!(%error, "a caller could not be looked up");
        Self(Problem::of(status))
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnAcquireErr;

    use super::*;

    #[test]
    fn errors_are_answered_by_the_table() {
        let refused = sqlx::Error::Io(io::ErrorKind::ConnectionRefused.into());
        for (error, cause, declared, status) in [
            (DbErr::RecordNotFound("user".to_owned()), Cause::NoRow, &[409, 404][..], Some(404)),
            (DbErr::RecordNotUpdated, Cause::NoRow, &[409], None),
            (DbErr::ConnectionAcquire(ConnAcquireErr::Timeout), Cause::Busy, &[503], None),
            (connection_error(refused), Cause::Busy, &[404], None),
            (Halt::Statement.db_err(), Cause::Deadline, &[404], None),
            (Halt::Failed.db_err(), Cause::Other, &[404], None),
            (DbErr::Custom("x".to_owned()), Cause::Other, &[404, 409], None),
        ] {
            assert_eq!(Cause::of(&error), cause, "{error}");
            assert_eq!(answer(&error, declared).map(|(status, _)| status), status, "{error}");
            let is_unavailable = is_unavailable(&Error::from(error));
            assert_eq!(is_unavailable, matches!(cause, Cause::Busy | Cause::Deadline));
        }
        assert_eq!(Cause::ForeignKey.statuses(), [409, 404]);
    }
}
