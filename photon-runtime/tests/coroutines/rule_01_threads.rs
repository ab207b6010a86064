//! Rule 1: thread-locals go stale when a coroutine moves, so that coroutines stay where they are, and nothing of theirs
//! lies in the thread.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::thread;
use std::time::Duration;

use photon_runtime::exchange::Exchange;
use photon_runtime::sleep;
use photon_runtime::sync::Mutex;

use crate::app::{App, here, plain, service};
use crate::source::{lines_with, tree};
use crate::{answer, connect, get, serve};

#[test]
fn nothing_is_kept_in_the_thread() {
    assert_eq!(lines_with(&["thread_local!"]), Vec::<String>::new());
}

#[test]
fn no_work_is_stolen() {
    let text = tree(&["-e", "features", "-i", "may"]);
    assert!(text.contains("io_timeout") && !text.contains("work_steal"), "{text}");
}

#[test]
fn who_waits_for_its_socket_stays_on_its_thread() {
    let running = serve(plain(|_: &_, exchange: &mut dyn Exchange| {
        let mut threads = BTreeSet::from([format!("{:?}", here())]);
        let mut byte = [0];
        while let Ok(1) = exchange.read(&mut byte) {
            threads.insert(format!("{:?}", here()));
        }
        threads.len().to_string()
    }));
    let address = running.address();
    let clients: Vec<_> = (0..16)
        .map(|_| {
            thread::spawn(move || {
                let mut stream = connect(address);
                stream.set_nodelay(true).unwrap();
                stream
                    .write_all(
                        b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 20\r\n\r\n",
                    )
                    .unwrap();
                for _ in 0..20 {
                    thread::sleep(Duration::from_millis(2));
                    stream.write_all(b"x").unwrap();
                }
                answer(&mut stream)
            })
        })
        .collect();
    for client in clients {
        assert_eq!(client.join().unwrap(), (200, "1".to_owned()));
    }
    running.stop();
}

#[test]
fn who_waits_for_anything_else_comes_back_to_its_thread() {
    let lock = Mutex::new(());
    let running = serve(plain(move |_: &_, _: &mut dyn Exchange| {
        let mut threads = vec![here()];
        sleep(Duration::from_millis(1)).unwrap();
        threads.push(here());
        let guard = lock.lock();
        threads.push(here());
        sleep(Duration::from_millis(1)).unwrap();
        drop(guard);
        photon_runtime::blocking(|| thread::sleep(Duration::from_millis(1))).unwrap();
        threads.push(here());
        photon_runtime::yield_now();
        threads.push(here());
        let home = threads[0];
        if threads.iter().all(|thread| *thread == home) {
            "at home".to_owned()
        } else {
            format!("{threads:?}")
        }
    }));
    let address = running.address();
    let clients: Vec<_> = (0..64).map(|_| thread::spawn(move || get(address, "/"))).collect();
    for client in clients {
        assert_eq!(client.join().unwrap(), (200, "at home".to_owned()));
    }
    running.stop();
}

#[test]
fn the_context_follows_the_coroutine() {
    let running = serve(service(App::default()));
    let address = running.address();
    let clients: Vec<_> = (0..32).map(|_| thread::spawn(move || get(address, "/identity"))).collect();
    let mut ids = BTreeSet::new();
    for client in clients {
        let (status, text) = client.join().unwrap();
        assert_eq!(status, 200);
        let id = text.strip_prefix("true ").map(str::to_owned);
        assert!(ids.insert(id.unwrap()), "an id was given twice: {text}");
    }
    running.stop();
}
