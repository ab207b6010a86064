//! All or nothing, whatever happens within.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use photon_runtime::db::{Cause, DbErr, IsolationLevel, TxOptions};
use photon_runtime::{Error, Problem, sleep};

use crate::app::{connect, get, send, serve};
use crate::ledger::{self, BALANCE, Migrator, balance};
use crate::place::Place;

#[test]
fn errors_and_panics_roll_back() {
    for place in Place::each() {
        let db = place.options().migrate::<Migrator>().connect().unwrap();
        let failed: Result<(), DbErr> = db.transaction(|tx| {
            ledger::add(tx, 1, 1)?;
            Err(DbErr::Custom("no".to_owned()))
        });
        assert!(failed.is_err());
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _: Result<(), DbErr> = db.transaction(|tx| {
                ledger::add(tx, 1, 1)?;
                panic!("asked for");
            });
        }));
        assert!(panicked.is_err());
        let nested: Result<(), DbErr> = db.transaction(|tx| {
            ledger::add(tx, 2, 1)?;
            let undone: Result<(), DbErr> = tx.transaction(|savepoint| {
                ledger::add(savepoint, 1, 1)?;
                Err(DbErr::Custom("no".to_owned()))
            });
            assert!(undone.is_err());
            tx.transaction(|savepoint| ledger::add(savepoint, 2, 1))
        });
        assert!(nested.is_ok());
        assert_eq!((balance(&db, 1), balance(&db, 2)), (BALANCE, BALANCE + 2));
        assert_eq!(db.connections(), (1, 1));
    }
}

#[test]
fn the_time_of_the_operation_rolls_back() {
    for place in Place::each() {
        let db = place.options().migrate::<Migrator>().connect().unwrap();
        let running = serve(&db, |db, _| {
            db.transaction(|tx| -> Result<(), DbErr> {
                ledger::add(tx, 1, 1)?;
                let _ = sleep(Duration::from_secs(20));
                Ok(())
            })?;
            Ok(String::new())
        });
        assert_eq!(get(running.address(), "/hurried").0, 503);
        assert_eq!(balance(&db, 1), BALANCE);
        running.stop();
    }
}

#[test]
fn a_client_that_left_and_a_panic_roll_back() {
    for place in Place::each() {
        let db = place.options().migrate::<Migrator>().connect().unwrap();
        let running = serve(&db, |db, cx| {
            db.transaction(|tx| -> Result<(), DbErr> {
                ledger::add(tx, 1, 1)?;
                assert!(cx.header("x").is_none());
                let _ = sleep(Duration::from_millis(300));
                Ok(())
            })?;
            Ok(String::new())
        });
        let mut stream = connect(running.address());
        send(&mut stream, "/work");
        thread::sleep(Duration::from_millis(100));
        let socket = socket2::SockRef::from(&stream);
        socket.set_linger(Some(Duration::ZERO)).unwrap();
        drop(stream); // With a reset.
        running.stop();
        assert_eq!(balance(&db, 1), BALANCE, "nobody learned of it");
    }
}

#[test]
fn conflicts_are_tried_again() {
    for place in Place::each() {
        let db = place.options().migrate::<Migrator>().connect().unwrap();
        let start = Arc::new(Barrier::new(4));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let (db, start) = (db.clone(), Arc::clone(&start));
                thread::spawn(move || {
                    start.wait();
                    let options = TxOptions::new().isolation(IsolationLevel::Serializable).retries(200);
                    for _ in 0..25 {
                        let outcome: Result<(), DbErr> = db.transaction_with(options, |tx| {
                            let now = balance(tx, 1);
                            ledger::add(tx, 1, i64::from(now > 0))
                        });
                        outcome.unwrap();
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(balance(&db, 1), BALANCE + 100);
    }
}

#[test]
fn constraints_have_their_causes() {
    use photon_runtime::db::{ConnectionTrait as _, Wait as _};
    for place in Place::each() {
        let db = place.options().migrate::<Migrator>().connect().unwrap();
        for (sql, cause) in [
            ("INSERT INTO account VALUES (1, 'new', 0)", Cause::Unique),
            ("INSERT INTO account VALUES (99, 'account 1', 0)", Cause::Unique),
            ("INSERT INTO transfer (debit, credit, amount) VALUES (1, 999, 1)", Cause::ForeignKey),
            ("SELECT nothing FROM nowhere", Cause::Other),
        ] {
            assert_eq!(Cause::of(&db.execute_unprepared(sql).wait().unwrap_err()), cause, "{sql}");
        }
    }
}

/// As `photon-build` writes it for an operation.
#[derive(Debug)]
enum TransferError {
    NotFound(Problem),
    Conflict(Problem),
    Internal(Error),
}

photon_runtime::errors! { TransferError, problem NotFound not_found 404, problem Conflict conflict 409 }

#[test]
fn an_operation_answers_what_it_declares() {
    let status = |error: DbErr| match TransferError::from(error) {
        TransferError::NotFound(problem) | TransferError::Conflict(problem) => problem.status().as_u16(),
        TransferError::Internal(_) => 500,
    };
    for place in Place::each() {
        let db = place.options().migrate::<Migrator>().connect().unwrap();
        let handler = |sql: &str| -> Result<(), TransferError> {
            use photon_runtime::db::{ConnectionTrait as _, Wait as _};
            db.transaction(|tx| tx.execute_unprepared(sql).wait().map(drop))?;
            Ok(())
        };
        let failed = handler("INSERT INTO account VALUES (1, 'new', 0)").unwrap_err();
        assert!(matches!(failed, TransferError::Conflict(_)), "{failed:?}");
        assert_eq!(status(DbErr::RecordNotFound("account".to_owned())), 404);
        assert_eq!(status(DbErr::Custom("x".to_owned())), 500);
    }
}
