//! Rule 5: what blocks its thread does so on threads that are there for it, and everybody else goes on.

use std::thread;
use std::time::{Duration, Instant};

use crate::app::{App, SPIN, plain, service};
use crate::{get, serve};

#[test]
fn blocking_work_stops_nobody() {
    let running = serve(plain(
        |request: &photon_runtime::exchange::Head<'_>, _: &mut dyn photon_runtime::exchange::Exchange| {
            if request.target == "/blocks" {
                let work = || {
                    thread::sleep(Duration::from_millis(600));
                    thread::current().name().unwrap_or_default().to_owned()
                };
                return photon_runtime::blocking(work).unwrap();
            }
            String::new()
        },
    ));
    let address = running.address();
    let blocked: Vec<_> = (0..8).map(|_| thread::spawn(move || get(address, "/blocks"))).collect();
    thread::sleep(Duration::from_millis(100));
    let begun = Instant::now();
    for _ in 0..20 {
        assert_eq!(get(address, "/").0, 200);
    }
    assert!(begun.elapsed() < Duration::from_millis(400), "{:?}", begun.elapsed());
    for client in blocked {
        assert_eq!(client.join().unwrap(), (200, "photon-blocking".to_owned()));
    }
    running.stop();
}

#[test]
fn operations_that_block_leave_the_workers_alone() {
    let running = serve(service(App::default()));
    let address = running.address();
    let blocked: Vec<_> = (0..4).map(|_| thread::spawn(move || get(address, "/offloaded").0)).collect();
    thread::sleep(SPIN / 4);
    assert_eq!(get(address, "/quick"), (200, "quick".to_owned()));
    assert!(blocked.iter().any(|client| !client.is_finished()), "they still compute");
    assert!(blocked.into_iter().all(|client| client.join().unwrap() == 200));
    running.stop();
}
