//! Tables from a document: their migration as it is generated, up and down on SQLite and on PostgreSQL, and what they hold
//! rows to.
//!
//! PostgreSQL is that of `DATABASE_URL`, else one of the tests' own; without either its half is skipped, and says so.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A broken expectation fails the test.
#![cfg(target_os = "linux")]

#[path = "../../../photon-runtime/tests/db/cluster.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod cluster;
#[path = "../../../photon-runtime/tests/db/place.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod place;

#[allow(clippy::too_many_lines, reason = "a migration is as long as its tables are many")]
#[allow(unreachable_pub, reason = "a file of the user, which may be a module of a library")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/tables.rs"));
    pub(crate) use migration::Tables;
}

use photon_runtime::db::migration::prelude::{MigrationTrait, MigratorTrait, async_trait};
use photon_runtime::db::sea_orm::{DbBackend, Statement};
use photon_runtime::db::{Cause, ConnectionTrait as _, Db, DbErr, Wait as _};

use crate::place::Place;

struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(generated::Tables)]
    }
}

/// What becomes of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Done,
    NotUnique,
    /// A key that leads nowhere, or would.
    Dangling,
    IsNull,
    /// A check says no.
    Refused,
}

/// One after another, each on what those before it left.
const STATEMENTS: &[(&str, End)] = &[
    // Defaults, and a key that is counted.
    (
        "INSERT INTO users (name, email_key, created_at) VALUES ('Ada', 'a@x', '2026-01-02 03:04:05+00:00')",
        End::Done,
    ),
    (
        "INSERT INTO users (name, email_key, created_at) VALUES ('Ben', 'b@x', '2026-01-02 03:04:05+00:00')",
        End::Done,
    ),
    // Unique, not null, and the check of an enum, a quotation mark among its values.
    ("INSERT INTO users (name, email_key, created_at) VALUES ('Abe', 'a@x', '2026-01-02')", End::NotUnique),
    ("INSERT INTO users (name, created_at) VALUES ('Cy', '2026-01-02')", End::IsNull),
    ("INSERT INTO users (email_key, created_at) VALUES ('c@x', '2026-01-02')", End::IsNull),
    ("UPDATE users SET role = 'it''s' WHERE email_key = 'b@x'", End::Done),
    ("UPDATE users SET role = 'guest' WHERE email_key = 'b@x'", End::Refused),
    // A circle of two tables, and a table that refers to itself.
    ("INSERT INTO teams (id, lead_id) VALUES (11, 9)", End::Dangling),
    ("INSERT INTO teams (id, lead_id) SELECT 11, id FROM users WHERE email_key = 'a@x'", End::Done),
    ("INSERT INTO teams (id, lead_id, parent_id) SELECT 12, lead_id, 77 FROM teams", End::Dangling),
    ("INSERT INTO teams (id, lead_id, parent_id) SELECT 12, lead_id, 11 FROM teams", End::Done),
    ("INSERT INTO teams (id, parent_id) VALUES (13, 11)", End::IsNull),
    ("UPDATE users SET team_id = 55", End::Dangling),
    ("UPDATE users SET team_id = 12", End::Done),
    // `restrict`, and `setNull`.
    ("DELETE FROM users WHERE email_key = 'a@x'", End::Dangling),
    ("DELETE FROM teams WHERE id = 11", End::Dangling),
    ("DELETE FROM teams WHERE id = 12", End::Done),
    // A key of text, several columns that are unique together, integers of an enum.
    (
        r#"INSERT INTO projects (key, owner_id, "order", settings) SELECT 'p', MAX(id), 1, '{}' FROM users"#,
        End::Done,
    ),
    (
        r#"INSERT INTO projects (key, owner_id, "order", settings) SELECT 'p', MAX(id), 2, '{}' FROM users"#,
        End::NotUnique,
    ),
    (
        r#"INSERT INTO projects (key, owner_id, "order", settings) SELECT 'q', MAX(id), 1, '{}' FROM users"#,
        End::NotUnique,
    ),
    (
        r#"INSERT INTO projects (key, owner_id, "order", settings) SELECT 'q', MAX(id), 2, '{}' FROM users"#,
        End::Done,
    ),
    (r#"INSERT INTO projects (key, owner_id, "order") SELECT 'r', MAX(id), 3 FROM users"#, End::IsNull),
    ("UPDATE projects SET level = 4 WHERE key = 'p'", End::Refused),
    ("UPDATE projects SET level = NULL WHERE key = 'p'", End::IsNull),
    ("UPDATE projects SET level = 3, starts_on = NULL, logo = NULL WHERE key = 'p'", End::Done),
    ("DELETE FROM users WHERE email_key = 'b@x'", End::Dangling),
    // A key of two columns, `cascade` for both.
    ("INSERT INTO members (project_id, user_id) SELECT 'p', id FROM users", End::Done),
    ("INSERT INTO members (project_id, user_id) SELECT 'p', id FROM users", End::NotUnique),
    ("INSERT INTO members (project_id, user_id) SELECT 's', id FROM users", End::Dangling),
    ("INSERT INTO members (project_id) VALUES ('p')", End::IsNull),
    ("UPDATE projects SET key = 'o' WHERE key = 'p'", End::Done),
    ("INSERT INTO members (project_id, user_id) SELECT 'o', id FROM users", End::NotUnique),
    ("DELETE FROM projects WHERE key = 'o'", End::Done),
    // A key that is a UUID is the entity's to give.
    ("INSERT INTO devices (seen_at, version) VALUES ('2026-01-02', 1)", End::IsNull),
];

/// What stands in the tables then: a question that answers one number, and the number.
const COUNTS: &[(&str, i64)] = &[
    ("SELECT COUNT(*) FROM users WHERE role = 'member'", 1),
    ("SELECT COUNT(*) FROM users WHERE team_id IS NULL", 2),
    ("SELECT COUNT(*) FROM teams WHERE budget = 12.50", 1),
    ("SELECT COUNT(*) FROM projects WHERE level = 2 AND weight = 0.5 AND archived = FALSE", 1),
    ("SELECT COUNT(*) FROM members", 0),
];

#[test]
fn rows_are_held_to_what_the_document_says() {
    for place in Place::each() {
        let db = place.open();
        db.migrate::<Migrator>().unwrap();
        let mut wrong = Vec::new();
        for (statement, expected) in STATEMENTS {
            let got = end(db.execute_unprepared(statement).wait());
            if got.as_ref() != Ok(expected) {
                wrong.push(format!("{statement}\n    {got:?} instead of {expected:?}"));
            }
        }
        for (question, expected) in COUNTS {
            let got = count(&db, question);
            if got != *expected {
                wrong.push(format!("{question}\n    {got} instead of {expected}"));
            }
        }
        assert!(wrong.is_empty(), "on {}:\n{}", place.url, wrong.join("\n"));
        db.close();
    }
}

#[test]
fn what_is_made_is_taken_away_again() {
    for place in Place::each() {
        let db = place.open();
        let nothing = tables(&db);
        for _ in 0..2 {
            Migrator::up(&db, None).wait().unwrap();
            for (statement, _) in STATEMENTS.iter().filter(|(_, end)| *end == End::Done) {
                db.execute_unprepared(statement).wait().unwrap();
            }
            // A circle of rows.
            let circle = "UPDATE users SET team_id = 11 WHERE email_key = 'a@x'";
            db.execute_unprepared(circle).wait().unwrap();
            Migrator::down(&db, None).wait().unwrap();
            db.execute_unprepared("DROP TABLE seaql_migrations").wait().unwrap();
            assert_eq!(tables(&db), nothing, "on {}", place.url);
        }
        db.close();
    }
}

/// How a statement ended, or an error that none should have.
fn end<T>(result: Result<T, DbErr>) -> Result<End, DbErr> {
    let Err(error) = result else { return Ok(End::Done) };
    let text = error.to_string().to_ascii_lowercase();
    match Cause::of(&error) {
        Cause::Unique => Ok(End::NotUnique),
        Cause::ForeignKey => Ok(End::Dangling),
        _ if text.contains("not null") || text.contains("not-null") => Ok(End::IsNull),
        _ if text.contains("check constraint") => Ok(End::Refused),
        _ => Err(error),
    }
}

fn count(db: &Db, question: &str) -> i64 {
    let row = db.query_one_raw(Statement::from_string(db.backend(), question)).wait().unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

fn tables(db: &Db) -> Vec<String> {
    let question = match db.backend() {
        DbBackend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        _ => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
    };
    let rows = db.query_all_raw(Statement::from_string(db.backend(), question)).wait().unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}
