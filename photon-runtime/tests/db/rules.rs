//! The rules, by number: each is something that was seen to go wrong.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use photon_runtime::db::sea_orm::{DbBackend, Statement};
use photon_runtime::db::{Cause, StreamTrait as _, TransactionSession as _};
use photon_runtime::db::{ConnectionTrait as _, Db, DbErr, TransactionTrait as _, Wait as _, WaitEach as _};

use crate::app::{get, serve};
use crate::ledger::{self, Migrator, balance};
use crate::place::Place;

/// The thread that runs this, seen anew at each call.
#[inline(never)]
fn here() -> ThreadId {
    thread::current().id()
}

fn ask(db: &impl photon_runtime::db::ConnectionTrait, sql: &str) -> Result<i64, DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).wait()?.ok_or(DbErr::RecordNotFound(String::new()))?;
    row.try_get_by(0)
}

const ONE: &str = "SELECT CAST(1 AS bigint)";

/// Rule 1 and 2: whoever waits goes on where it was, and tokio is there on every worker.
#[test]
fn rule_1_waits_end_on_their_own_worker() {
    const COROUTINES: usize = 256;
    // A million in all where it is fast.
    let waits = if cfg!(debug_assertions) { 40 } else { 1_954 };
    for place in Place::each() {
        let moved = Arc::new(AtomicUsize::new(0));
        let done = Arc::new(AtomicUsize::new(0));
        let (away, counts) = (Arc::clone(&moved), Arc::clone(&done));
        let running = serve(&place.open(), move |db, _| {
            let home = here();
            for _ in 0..waits {
                ask(db, ONE)?;
                counts.fetch_add(1, Ordering::Relaxed);
                away.fetch_add(usize::from(here() != home), Ordering::Relaxed);
            }
            Ok(String::new())
        });
        let address = running.address();
        let clients: Vec<_> =
            (0..COROUTINES).map(|_| thread::spawn(move || get(address, "/work").0)).collect();
        let answers: Vec<u16> = clients.into_iter().map(|client| client.join().unwrap()).collect();
        assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
        assert_eq!(done.load(Ordering::Relaxed), COROUTINES * waits, "none is lost");
        assert_eq!(moved.load(Ordering::Relaxed), 0, "none moves");
        running.stop();
    }
}

/// Rule 4: a future that is dropped half way closes its connection, and its statement is stopped.
#[test]
fn rule_4_what_is_dropped_half_way_is_closed() {
    for place in Place::each() {
        let db = place.options().connections_max(2).connect().unwrap();
        let long = if place.is_sqlite() {
            "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i < 3000000000) SELECT sum(i) FROM c"
        } else {
            "SELECT pg_sleep(60)"
        };
        let begun = Instant::now();
        let statement = Statement::from_string(db.backend(), long);
        assert!(db.query_one_raw(statement).wait_timeout(Duration::from_millis(100)).is_err());
        assert_eq!(db.connections(), (0, 0));
        assert_eq!(ask(&db, ONE).unwrap(), 1);
        assert!(begun.elapsed() < Duration::from_secs(10), "nobody waits for the old statement");
    }
}

/// Rule 5: no `Drop` talks to the server; what was left open is rolled back before others get the connection.
#[test]
fn rule_5_what_is_dropped_open_is_rolled_back() {
    for place in Place::each() {
        let db = place.options().connections_max(1).migrate::<Migrator>().connect().unwrap();
        let tx = db.begin().wait().unwrap();
        ledger::add(&tx, 1, 5).unwrap();
        drop(tx);
        assert_eq!(balance(&db, 1), ledger::BALANCE);
        let tx = db.begin().wait().unwrap();
        let savepoint = tx.begin().wait().unwrap();
        ledger::add(&savepoint, 1, 5).unwrap();
        drop(savepoint);
        assert_eq!(balance(&tx, 1), ledger::BALANCE);
        tx.commit().wait().unwrap();
        assert_eq!(db.connections(), (1, 1));
    }
}

/// Rule 6: the server gives a statement up a little before we do, and the connection stays whole.
#[test]
fn rule_6_statements_end_on_the_server() {
    let Some(place) = Place::postgres() else { return };
    let db = place.options().statement_timeout(Duration::from_millis(200)).connect().unwrap();
    let begun = Instant::now();
    let error = ask(&db, "SELECT 1::bigint FROM pg_sleep(30)").unwrap_err();
    assert_eq!(Cause::of(&error), Cause::Deadline, "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(db.connections(), (1, 1), "{error}");
}

/// Rule 7: a commit after an error that was swallowed is one.
#[test]
fn rule_7_a_swallowed_error_fails_the_commit() {
    for place in Place::each() {
        let db = place.options().migrate::<Migrator>().connect().unwrap();
        let swallow = |tx: &photon_runtime::db::Tx| {
            let _ = tx.execute_unprepared("INSERT INTO account VALUES (1, 'x', 0)").wait();
        };
        let outcome: Result<(), DbErr> = db.transaction(|tx| {
            ledger::add(tx, 2, 1)?;
            swallow(tx);
            Ok(())
        });
        assert_eq!(outcome.is_err(), !place.is_sqlite(), "SQLite's transactions go on after an error");
        let kept: Result<(), DbErr> = db.transaction(|tx| {
            ledger::add(tx, 3, 1)?;
            let inner: Result<(), DbErr> = tx.transaction(|savepoint| {
                savepoint.execute_unprepared("INSERT INTO account VALUES (1, 'x', 0)").wait().map(drop)
            });
            assert!(inner.is_err());
            Ok(())
        });
        assert!(kept.is_ok(), "{kept:?}");
        assert_eq!(balance(&db, 3), ledger::BALANCE + 1);
        assert_eq!(balance(&db, 2), ledger::BALANCE + i64::from(place.is_sqlite()));
    }
}

/// Rule 8: writers of SQLite take turns.
#[test]
fn rule_8_writers_of_sqlite_take_turns() {
    const WRITERS: i64 = 8;
    const TURNS: i64 = 50;
    let place = Place::sqlite();
    let db = place.options().connections_max(4).migrate::<Migrator>().connect().unwrap();
    let start = Arc::new(Barrier::new(usize::try_from(WRITERS).unwrap()));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (db, start) = (db.clone(), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                for turn in 0..TURNS {
                    db.transaction(|tx| ledger::transfer(tx, writer * TURNS + turn)).unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    assert!(ledger::audit(&db) > 300);
}

/// Rule 9: the first dead connection empties the pool, and a transaction begins on a fresh one.
#[test]
fn rule_9_dead_connections_cost_one_error() {
    let Some(place) = Place::postgres() else { return };
    let (db, killer) = (place.open(), place.open());
    let fill = |db: &Db| {
        let open: Vec<_> = (0..4).map(|_| db.begin().wait().unwrap()).collect();
        for tx in open {
            tx.rollback().wait().unwrap();
        }
    };
    let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
        WHERE pid <> pg_backend_pid() AND datname = current_database()";
    fill(&db);
    assert!(ask(&killer, kill).unwrap() >= 4);
    let failed = (0..10).filter(|_| ask(&db, ONE).is_err()).count();
    assert_eq!(failed, 1);
    fill(&db);
    ask(&killer, kill).unwrap();
    let outcome: Result<i64, DbErr> = db.transaction(|tx| ask(tx, ONE));
    assert_eq!(outcome, Ok(1));
}

/// Rule 10: a pool is small unless asked; who gets no connection in time is told so.
#[test]
fn rule_10_a_full_pool_is_busy() {
    for place in Place::each() {
        let options = place.options().connections_max(1).acquire_timeout(Duration::from_millis(100));
        let db = options.connect().unwrap();
        let held = db.begin().wait().unwrap();
        let error = ask(&db, ONE).unwrap_err();
        assert_eq!(Cause::of(&error), Cause::Busy);
        let running = serve(&db, |db, _| Ok(ask(db, ONE)?.to_string()));
        for path in ["/work", "/offloaded"] {
            let (status, fields, _) = get(running.address(), path);
            assert_eq!((status, fields.contains("retry-after: 1")), (503, true), "{fields}");
        }
        held.rollback().wait().unwrap();
        assert_eq!(get(running.address(), "/work").0, 200);
        running.stop();
    }
}

/// Rule 11: migrations run on a connection of their own, in memory too.
#[test]
fn rule_11_migrations_are_applied_once() {
    let places = Place::each();
    let urls = places.iter().map(|place| place.url.as_str()).chain(["sqlite::memory:"]);
    for url in urls {
        let db = Db::connect(url).unwrap();
        db.migrate::<Migrator>().unwrap();
        db.migrate::<Migrator>().unwrap();
        assert_eq!(ledger::audit(&db), 0, "{url}");
    }
}

/// Rows come as they are taken.
#[test]
fn rows_come_one_by_one() {
    for place in Place::each() {
        let db = place.open();
        let sql = if db.backend() == DbBackend::Sqlite {
            "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i < 20000) SELECT i FROM c"
        } else {
            "SELECT i::bigint FROM generate_series(1, 20000) i"
        };
        let rows = || db.stream_raw(Statement::from_string(db.backend(), sql)).wait().unwrap();
        let sum: i64 = rows().wait_each().map(|row| row.unwrap().try_get_by::<i64, _>(0).unwrap()).sum();
        assert_eq!(sum, 20_000 * 20_001 / 2);
        assert_eq!(db.connections(), (1, 1));
        assert!(rows().wait_each().next().is_some_and(|row| row.is_ok()));
        assert_eq!(db.connections(), (0, 0), "dropped half way");
    }
}
