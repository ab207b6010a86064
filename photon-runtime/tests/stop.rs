//! How a server ends: whatever has come in before its end is answered.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::HashSet;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use photon_runtime::exchange::{Exchange, Handler, Head};
use photon_runtime::{Health, Limits, Server, Service};

use common::{PATIENCE, Process, Teller, again, ask, connect, read_answer, server};

fn closes(answer: &str) -> bool {
    answer.to_ascii_lowercase().contains("connection: close")
}

fn is_at_end(stream: &mut TcpStream) -> bool {
    matches!(stream.read(&mut [0]), Ok(0))
}

#[test]
fn idle_connections_are_answered_if_they_have_asked() {
    for park_ms in [50, 60_000] {
        let limits = Limits { park_after: Duration::from_millis(park_ms), ..Limits::default() };
        let running = server().address("127.0.0.1:0").limits(limits).start().unwrap();
        let mut streams: Vec<_> = (0..40).map(|_| connect(running.address())).collect();
        for stream in &mut streams {
            ask(stream, "/a");
        }
        thread::sleep(Duration::from_millis(500));
        let (asking, idle) = streams.split_at_mut(20);
        for stream in asking.iter_mut() {
            stream.write_all(b"GET /last HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        }
        let begun = Instant::now();
        assert_eq!(running.stop(), 0);
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        for stream in asking {
            let answer = read_answer(stream).unwrap();
            assert!(answer.contains("target=/last"), "{answer}");
            assert!(is_at_end(stream));
        }
        assert!(idle.iter_mut().all(is_at_end));
    }
}

/// Holds the first connection of each worker with its worker, so that nobody else gets on there.
#[derive(Clone, Default)]
struct Stubborn(Arc<Held>);

#[derive(Default)]
struct Held {
    workers: Mutex<HashSet<ThreadId>>,
    are_let_go: AtomicBool,
}

impl Handler for Stubborn {
    fn handle(&self, request: &Head<'_>, exchange: &mut dyn Exchange) {
        if request.target == "/stubborn" && self.0.workers.lock().unwrap().insert(thread::current().id()) {
            while !self.0.are_let_go.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(5));
            }
            thread::sleep(Duration::from_millis(400));
        }
        Teller.handle(request, exchange);
    }
}

#[test]
fn connections_that_the_kernel_has_accepted_are_answered() {
    let path = common::folder("queue").join("socket");
    let stubborn = Stubborn::default();
    let running =
        Server::new(stubborn.clone()).workers(2).address("127.0.0.1:0").unix(&path).start().unwrap();
    // Both workers are held, so nobody accepts. Which connection gets which worker is the kernel's to say.
    let held = stubborn.0;
    let mut holding: Vec<_> = (0..16).map(|_| connect(running.address())).collect();
    for stream in &mut holding {
        ask(stream, "/");
    }
    for stream in &mut holding {
        if held.workers.lock().unwrap().len() < 2 {
            stream.write_all(b"GET /stubborn HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
            thread::sleep(Duration::from_millis(50));
        }
    }
    assert_eq!(held.workers.lock().unwrap().len(), 2);
    held.are_let_go.store(true, Ordering::SeqCst);
    let mut queued: Vec<_> = (0..50).map(|_| connect(running.address())).collect();
    let mut local: Vec<_> =
        (0..20).map(|_| std::os::unix::net::UnixStream::connect(&path).unwrap()).collect();
    for stream in &mut queued {
        stream.write_all(b"GET /queued HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    }
    for stream in &mut local {
        stream.write_all(b"GET /queued HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    }
    let address = running.address();
    assert_eq!(running.stop(), 0);
    for stream in &mut queued {
        assert!(read_answer(stream).unwrap().contains("target=/queued"));
        assert!(is_at_end(stream));
    }
    for stream in &mut local {
        assert!(read_answer(stream).unwrap().contains("target=/queued"));
    }
    assert_eq!(TcpStream::connect(address).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}

#[test]
fn all_requests_of_a_pipeline_are_answered() {
    let running = server().address("127.0.0.1:0").start().unwrap();
    let mut stream = connect(running.address());
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    thread::sleep(Duration::from_millis(50));
    // These are not even read yet.
    stream
        .write_all(b"POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /3 HTTP/1.1\r\n")
        .unwrap();
    let mut last = stream.try_clone().unwrap();
    let stopping = thread::spawn(move || running.stop());
    thread::sleep(Duration::from_millis(450));
    last.write_all(b"Host: a\r\n\r\n").unwrap();
    for target in ["/slow", "/1", "/2", "/3"] {
        let answer = read_answer(&mut stream).unwrap();
        assert!(answer.contains(&format!("target={target}")), "{answer}");
        assert_eq!(closes(&answer), target == "/3", "{answer}");
    }
    assert!(is_at_end(&mut stream));
    assert_eq!(stopping.join().unwrap(), 0);
}

#[test]
fn a_server_that_stops_tells_first() {
    let health = Health::new().live("/livez").ready("/readyz").check("always", |(): &()| Ok(()));
    let limits = Limits { unready_for: Duration::from_millis(600), ..Limits::default() };
    let running = Server::new(Service::new((), "{}").health(health))
        .limits(limits)
        .address("127.0.0.1:0")
        .start()
        .unwrap();
    let address = running.address();
    let mut stream = connect(address);
    assert!(ask(&mut stream, "/readyz").contains("200 OK"));
    let stopping = thread::spawn(move || running.stop());
    thread::sleep(Duration::from_millis(150));
    let answer = ask(&mut stream, "/readyz");
    assert!(answer.contains("503 ") && answer.ends_with("stopping\n") && !closes(&answer), "{answer}");
    let answer = ask(&mut connect(address), "/livez");
    assert!(answer.contains("200 OK"), "new connections are still served: {answer}");
    assert_eq!(stopping.join().unwrap(), 0);
    assert!(TcpStream::connect(address).is_err());
}

/// Not a test of its own: the server of others in here.
#[test]
fn serves_as_a_process() {
    let Ok(role) = std::env::var(common::ROLE) else { return };
    let grace = if role == "impatient" { Duration::from_millis(100) } else { Duration::from_secs(30) };
    let limits = Limits { drain_grace: grace, ..Limits::default() };
    let ended = Server::new(Teller).workers(2).address("127.0.0.1:0").limits(limits).run();
    if let Err(error) = ended {
        eprintln!("{error}");
        std::process::exit(1);
    }
    std::process::exit(0);
}

fn process(role: &str) -> (Process, SocketAddr) {
    let (process, said) = Process::start(&mut again("serves_as_a_process", role));
    (process, said.strip_prefix("http://").unwrap().parse().unwrap())
}

#[test]
fn the_exit_code_says_whether_something_was_cut() {
    let (mut patient, address) = process("patient");
    let mut stream = connect(address);
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    thread::sleep(Duration::from_millis(100));
    patient.signal(libc::SIGTERM);
    let answer = read_answer(&mut stream).unwrap();
    assert!(closes(&answer), "{answer}");
    assert_eq!(patient.wait(), Some(0));

    let (mut impatient, address) = process("impatient");
    let mut stream = connect(address);
    // A body that never comes.
    stream.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n").unwrap();
    thread::sleep(Duration::from_millis(100));
    impatient.signal(libc::SIGTERM);
    assert_eq!(impatient.wait(), Some(1));

    let (mut hurried, address) = process("patient");
    let mut stream = connect(address);
    stream.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n").unwrap();
    thread::sleep(Duration::from_millis(100));
    hurried.signal(libc::SIGTERM);
    thread::sleep(Duration::from_millis(200));
    hurried.signal(libc::SIGINT);
    assert_eq!(hurried.wait(), Some(128 + libc::SIGINT));
}

/// Requests of one load, on 16 kept connections, that may cross the end of theirs.
const RETRIED_MAX: usize = 4;

/// What became of the requests of a load.
#[derive(Default)]
struct Tally {
    answered: AtomicUsize,
    /// The server had closed a kept connection before it read the request: to be sent again elsewhere.
    retried: AtomicUsize,
    refused: AtomicUsize,
}

#[test]
fn under_load_every_request_gets_its_whole_answer() {
    for round in 0..4 {
        let (mut process, address) = process("patient");
        let (tally, stop) = (Arc::new(Tally::default()), Arc::new(AtomicBool::new(false)));
        let clients: Vec<_> = (0..24)
            .map(|client| {
                let (tally, stop) = (Arc::clone(&tally), Arc::clone(&stop));
                // Some keep their connections, some make a new one for each request.
                thread::spawn(move || load(address, if client % 3 == 0 { 1 } else { 50 }, &tally, &stop))
            })
            .collect();
        thread::sleep(Duration::from_millis(300 + 37 * round));
        process.signal(libc::SIGTERM);
        assert_eq!(process.wait(), Some(0));
        stop.store(true, Ordering::SeqCst);
        for client in clients {
            client.join().expect("a request got no answer");
        }
        let count = |of: &AtomicUsize| of.load(Ordering::Relaxed);
        let (answered, retried, refused) =
            (count(&tally.answered), count(&tally.retried), count(&tally.refused));
        eprintln!("answered {answered}, to be sent again {retried}, refused {refused}");
        assert!(answered > 100 && refused > 0);
        // A kept connection tells with its last answer that it ends; only requests that cross that end are sent again.
        assert!(retried <= RETRIED_MAX, "{retried} of {answered}");
    }
}

/// Asks until nobody listens any more; panics if a request is lost.
fn load(address: SocketAddr, requests_per_connection: usize, tally: &Tally, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        let mut stream = match TcpStream::connect(address) {
            Ok(stream) => stream,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
                tally.refused.fetch_add(1, Ordering::Relaxed);
                return;
            }
        };
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        for request in 0..requests_per_connection {
            let target = format!("/{request}");
            let sent = write!(stream, "GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
            match sent.and_then(|()| read_answer(&mut stream)) {
                Ok(answer) => {
                    assert!(answer.ends_with(&format!("target={target}")), "{answer}");
                    tally.answered.fetch_add(1, Ordering::Relaxed);
                    if closes(&answer) {
                        break;
                    }
                }
                // A kept connection may be closed while a request is on its way (RFC 9112, section 9.3.1).
                Err(error) => {
                    assert!(request > 0, "a new connection was not answered: {error}");
                    assert_ne!(error.kind(), ErrorKind::InvalidData, "an answer was cut: {error}");
                    tally.retried.fetch_add(1, Ordering::Relaxed);
                    break;
                }
            }
        }
    }
}
