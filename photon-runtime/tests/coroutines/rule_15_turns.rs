//! Rule 15: nothing can be taken from a handler that computes: many requests on one connection give others their turn,
//! and a handler that holds its thread is named.

use std::io::{Read as _, Write as _};
use std::thread;
use std::time::{Duration, Instant};

use photon_runtime::exchange::{Exchange, Head};
use photon_runtime::{Limits, Server};

use crate::app::{App, SPIN, plain, service, spin};
use crate::listener::{heard, listen};
use crate::{answer, connect, get, in_own_process, request, serve, serve_with};

const VARIABLE: &str = "PHOTON_TEST_TURNS";

/// Not a test of its own: another runs it in another process, for the first server decides on the workers.
#[test]
fn serve_with_one_worker() {
    const REQUESTS: usize = 400;
    if std::env::var_os(VARIABLE).is_none() {
        return;
    }
    let handler =
        plain(
            |request: &Head<'_>, _: &mut dyn Exchange| {
                if request.target == "/work" { spin(Duration::from_millis(4)) } else { String::new() }
            },
        );
    let limits = Limits { requests_per_turn: 4, ..Limits::default() };
    let running = Server::new(handler).address("127.0.0.1:0").limits(limits).workers(1).start().unwrap();
    let mut greedy = connect(running.address());
    let work = "GET /work HTTP/1.1\r\nHost: a\r\n\r\n".repeat(REQUESTS);
    greedy.write_all((work + &request("/last")).as_bytes()).unwrap();
    greedy.read_exact(&mut [0]).unwrap();
    let begun = Instant::now();
    let mut others = Vec::new();
    for _ in 0..5 {
        assert_eq!(get(running.address(), "/").0, 200);
        others.push(begun.elapsed());
    }
    greedy.read_to_end(&mut Vec::new()).unwrap();
    let all = begun.elapsed();
    assert!(others[4] < all / 2, "others were served after {others:?} of {all:?}");
    running.stop();
}

#[test]
fn many_requests_on_one_connection_let_others_in_between() {
    let output = in_own_process("rule_15_turns::serve_with_one_worker", VARIABLE);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn who_holds_its_thread_is_named_once() {
    const TOLD: &str = "held its thread";
    listen();
    let running = serve(service(App::default()));
    let address = running.address();
    assert_eq!(get(address, "/spin").0, 200);
    // These wait, or do it elsewhere.
    assert_eq!(get(address, "/offloaded").0, 200);
    assert_eq!(get(address, "/yielding").0, 200);
    assert_eq!(get(address, "/identity").0, 200);
    let begun = Instant::now();
    while heard("operation=\"spin\"").is_empty() && begun.elapsed() < Duration::from_secs(5) {
        thread::sleep(Duration::from_millis(5));
    }
    thread::sleep(Duration::from_millis(100));
    let spins: Vec<_> = heard(TOLD).into_iter().filter(|line| line.contains("operation=\"spin\"")).collect();
    assert_eq!(spins.len(), 1, "{spins:?}");
    assert!(spins[0].starts_with("WARN "), "{spins:?}");
    assert!(spins[0].contains("method=\"GET\" path=\"/spin\""), "{spins:?}");
    let held: u128 = spins[0].split("held_ms=").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let spun = SPIN.as_millis();
    assert!((spun - 100..spun + 300).contains(&held), "{held} ms of {spun}");
    for other in ["offloaded", "yielding", "identity"] {
        let lines: Vec<_> =
            heard(TOLD).into_iter().filter(|line| line.contains(&format!("{other:?}"))).collect();
        assert_eq!(lines, Vec::<String>::new());
    }
    running.stop();
}

#[test]
fn who_never_ends_is_named_meanwhile() {
    let output = in_own_process("rule_15_turns::spin_without_an_end", VARIABLE);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// Not a test of its own: the one before runs it in another process, for the log is one for all.
#[test]
fn spin_without_an_end() {
    if std::env::var_os(VARIABLE).is_none() {
        return;
    }
    listen();
    let limits = Limits { worker_hold_max: Duration::from_millis(20), ..Limits::default() };
    let running = serve_with(limits, service(App::default()));
    let mut stream = connect(running.address());
    stream.write_all(request("/spin").as_bytes()).unwrap();
    let begun = Instant::now();
    while heard("still holds its thread").is_empty() {
        assert!(begun.elapsed() < SPIN * 20, "nothing was said");
        thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(answer(&mut stream).0, 200);
    running.stop();
}
