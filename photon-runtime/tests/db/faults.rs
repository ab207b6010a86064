//! What happens to those in the midst of it when a server dies, transactions block one another, or the process is killed.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use photon_runtime::db::{Cause, Db, DbErr, Options};

use crate::app::{get, serve};
use crate::cluster::Cluster;
use crate::ledger::{self, Migrator};
use crate::place::Place;

#[test]
fn a_server_that_dies_and_comes_back() {
    let Some(mut cluster) = Cluster::start() else {
        eprintln!("\n*** SKIPPED: there is no PostgreSQL on this machine to kill ***\n");
        return;
    };
    let db = Options::new(cluster.url()).migrate::<Migrator>().connect().unwrap();
    let turn = AtomicU64::new(0);
    let running = serve(&db, move |db, _| {
        let turn = turn.fetch_add(1, Ordering::Relaxed).cast_signed();
        db.transaction(|tx| ledger::transfer(tx, turn))?;
        Ok(String::new())
    });
    let (address, ends) = (running.address(), Arc::new(AtomicBool::new(false)));
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let ends = Arc::clone(&ends);
            thread::spawn(move || {
                let mut done = 0;
                while !ends.load(Ordering::Relaxed) {
                    match get(address, "/work").0 {
                        200 => done += 1,
                        status => assert_eq!(status, 503),
                    }
                }
                done
            })
        })
        .collect();
    for _ in 0..3 {
        thread::sleep(Duration::from_millis(400));
        cluster.kill();
        thread::sleep(Duration::from_millis(100));
        cluster.run();
        let up = Instant::now();
        while get(address, "/work").0 != 200 {
            assert!(up.elapsed() < Duration::from_secs(2), "it is found again at once");
        }
    }
    ends.store(true, Ordering::Relaxed);
    let done: u64 = clients.into_iter().map(|client| client.join().unwrap()).sum();
    running.stop();
    assert!(ledger::audit(&db) > 0 && done > 0, "whatever was told to be done is done");
}

#[test]
fn a_deadlock_is_one_transaction_s_and_told() {
    let Some(place) = Place::postgres() else { return };
    let db = place.options().migrate::<Migrator>().connect().unwrap();
    let start = Arc::new(std::sync::Barrier::new(2));
    let threads = [(1, 2), (2, 1)].map(|(first, second)| {
        let (db, start) = (db.clone(), Arc::clone(&start));
        thread::spawn(move || {
            db.transaction(|tx| -> Result<(), DbErr> {
                ledger::add(tx, first, 1)?;
                start.wait();
                ledger::add(tx, second, 1)
            })
        })
    });
    let outcomes = threads.map(|thread| thread.join().unwrap());
    let failed: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    assert_eq!(failed.len(), 1, "{outcomes:?}");
    assert_eq!(Cause::of(failed[0]), Cause::Busy);
}

const FILE: &str = "PHOTON_TEST_LEDGER";

/// Not a test of its own: others run it in processes of their own, some of which they kill.
#[test]
fn transfers_in_this_process() {
    let Ok(url) = std::env::var(FILE) else { return };
    let db = Options::new(url).migrate::<Migrator>().connect().unwrap();
    if std::env::var_os("PHOTON_TEST_ONCE").is_some() {
        return;
    }
    println!("begun");
    let threads: Vec<_> = (0..4)
        .map(|writer: i64| {
            let db: Db = db.clone();
            thread::spawn(move || {
                for turn in 0.. {
                    db.transaction(|tx| ledger::transfer(tx, writer + turn * 4)).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

fn process(url: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["faults::transfers_in_this_process", "--exact", "--nocapture"]).env(FILE, url);
    command
}

#[test]
fn sqlite_survives_its_process_being_killed() {
    let kills: u32 = if cfg!(debug_assertions) { 15 } else { 100 };
    let place = Place::sqlite();
    let mut before = 0;
    for kill in 0..kills {
        let mut child = process(&place.url).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut reader = std::io::BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("begun") {
            line.clear();
            assert!(std::io::BufRead::read_line(&mut reader, &mut line).unwrap() > 0, "it begins");
        }
        thread::sleep(Duration::from_millis(u64::from(20 + kill * 13 % 60)));
        child.kill().unwrap();
        child.wait().unwrap();
        let db = place.open();
        let count = ledger::audit(&db);
        assert!(count >= before, "nothing is lost");
        before = count;
        db.close();
    }
    assert!(before > 0);
}

#[test]
fn eight_processes_migrate_once() {
    for place in Place::each() {
        let children: Vec<_> = (0..8)
            .map(|_| process(&place.url).env("PHOTON_TEST_ONCE", "1").stdout(Stdio::null()).spawn().unwrap())
            .collect();
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
        assert_eq!(ledger::audit(&place.open()), 0);
    }
}
