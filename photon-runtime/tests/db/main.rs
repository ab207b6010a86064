//! Databases: the rules by number, transactions, errors, faults, on SQLite and on PostgreSQL.
//!
//! PostgreSQL is that of `DATABASE_URL`, else one of the tests' own; without either its half is skipped, and says so.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A broken expectation fails the test.
#![cfg(target_os = "linux")]

mod app;
mod cluster;
mod faults;
mod ledger;
mod place;
mod rules;
mod transactions;
