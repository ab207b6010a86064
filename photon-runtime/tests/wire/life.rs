//! The life of connections: timeouts, parking, draining.

use std::io::Write as _;
use std::net::{Shutdown, TcpStream};
use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use photon_runtime::{Limits, Server};

use crate::app::{App, left, tasks};
use crate::{GET, GOT, POST, answer, connect, rest, serve, serve_with, until};

#[test]
fn slow_clients_are_told_and_closed() {
    let brief = Duration::from_millis(300);
    let limits =
        Limits { head_timeout: brief, body_stall_timeout: brief, idle_timeout: brief, ..Limits::default() };
    let running = serve_with(limits);
    let mut silent = connect(running.address());
    let mut head = connect(running.address());
    head.write_all(b"GET / HT").unwrap();
    let mut body = connect(running.address());
    body.write_all(format!("{POST}Content-Length: 5\r\n\r\nhe").as_bytes()).unwrap();
    let mut idle = connect(running.address());
    idle.write_all(GET.as_bytes()).unwrap();
    assert_eq!(rest(&mut silent), "");
    assert!(rest(&mut head).starts_with("HTTP/1.1 408 Request Timeout\r\n"));
    assert!(rest(&mut body).starts_with("HTTP/1.1 408 Request Timeout\r\n"));
    assert_eq!(rest(&mut idle), GOT);
    running.stop();
}

#[test]
fn parked_connections_are_served_again() {
    let running = serve_with(Limits { park_after: Duration::from_millis(100), ..Limits::default() });
    let mut streams: Vec<_> = (0..50).map(|_| connect(running.address())).collect();
    for _ in 0..3 {
        for stream in &mut streams {
            stream.write_all(&GET.as_bytes()[..10]).unwrap();
            thread::sleep(Duration::from_millis(1));
            stream.write_all(&GET.as_bytes()[10..]).unwrap();
        }
        for stream in &mut streams {
            assert_eq!(until(stream, "/a"), GOT);
        }
        // Longer than two ticks of the clock after the time to park.
        thread::sleep(Duration::from_millis(400));
    }
    assert_eq!(running.connections(), 50);
    // A last request before the end of the stream is answered.
    let mut last = streams.pop().unwrap();
    last.write_all(GET.as_bytes()).unwrap();
    last.shutdown(Shutdown::Write).unwrap();
    assert_eq!(rest(&mut last), GOT);
    let begun = Instant::now();
    assert_eq!(running.stop(), 0);
    assert!(begun.elapsed() < Duration::from_secs(2), "parked connections are closed at once");
    for stream in &mut streams {
        assert_eq!(rest(stream), "");
    }
}

#[test]
fn what_is_in_flight_is_finished() {
    let running = serve();
    let address = running.address();
    let mut slow = connect(address);
    slow.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let mut upload = connect(address);
    upload.write_all(format!("{POST}Content-Length: 5\r\n\r\nhe").as_bytes()).unwrap();
    let mut idle = connect(address);
    idle.write_all(GET.as_bytes()).unwrap();
    assert_eq!(until(&mut idle, "/a"), GOT);
    let (sender, stopped) = mpsc::channel();
    thread::spawn(move || sender.send(running.stop()));
    thread::sleep(Duration::from_millis(100));
    upload.write_all(b"llo").unwrap();
    let last = |body: &str| answer(body).replace("content-length", "connection: close\r\ncontent-length");
    assert_eq!(rest(&mut upload), last("hello"));
    assert_eq!(rest(&mut slow), last("slow"));
    assert_eq!(rest(&mut idle), "");
    assert_eq!(stopped.recv_timeout(Duration::from_secs(5)), Ok(0));
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
}

/// The only test with such tasks, for they are counted for all of the process.
#[test]
fn tasks_run_after_their_answer_and_before_the_next_request() {
    let running = serve();
    let address = running.address();
    let after = "GET /after HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut stream = connect(address);
    stream.write_all(format!("{GET}{after}{}", after.replace("after", "tasks")).as_bytes()).unwrap();
    let begun = Instant::now();
    let told = until(&mut stream, "\r\n\r\n0");
    assert_eq!(told, format!("{GOT}{}", answer("0")));
    assert!(begun.elapsed() < Duration::from_millis(900), "the answer does not wait for the tasks");
    assert_eq!(until(&mut stream, "2"), answer("2"));
    assert!(begun.elapsed() >= Duration::from_secs(1));

    // The client sees the end before the tasks are done, yet the server does not stop without them.
    let mut last = connect(address);
    last.write_all(after.replace("Host", "Connection: close\r\nHost").as_bytes()).unwrap();
    let closing = answer("2").replace("content-length", "connection: close\r\ncontent-length");
    assert_eq!(rest(&mut last), closing);
    assert_eq!(tasks(), "2");
    assert_eq!(running.stop(), 0);
    assert_eq!(tasks(), "4");
}

#[test]
fn who_does_not_finish_is_cut() {
    let running = serve_with(Limits { drain_grace: Duration::from_millis(300), ..Limits::default() });
    let mut stuck = connect(running.address());
    stuck.write_all(format!("{POST}Content-Length: 5\r\n\r\nhe").as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(50));
    assert_eq!(running.stop(), 1);
}

#[test]
fn an_answer_that_waits_hears_of_its_client_and_its_server() {
    let running = serve();
    let feed = "GET /feed HTTP/1.1\r\nHost: a\r\n\r\n";
    let begun = Instant::now();
    let mut leaving = connect(running.address());
    leaving.write_all(feed.as_bytes()).unwrap();
    until(&mut leaving, "Over\n\r\n");
    drop(leaving);
    while left() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(9), "nobody saw the client leave");
        thread::sleep(Duration::from_millis(5));
    }

    // Who sends no more may still read.
    let mut quiet = connect(running.address());
    quiet.write_all(feed.as_bytes()).unwrap();
    quiet.shutdown(Shutdown::Write).unwrap();
    let mut staying = connect(running.address());
    staying.write_all(feed.as_bytes()).unwrap();
    until(&mut quiet, "Over\n\r\n");
    until(&mut staying, "Over\n\r\n");
    assert_eq!(running.stop(), 0);
    assert!(rest(&mut quiet).ends_with("Stopping\n\r\n0\r\n\r\n"));
    assert_eq!(rest(&mut staying), "9\r\nStopping\n\r\n0\r\n\r\n");
    assert_eq!(left(), 1);
}

#[test]
fn a_taken_port_is_an_error() {
    let running = serve();
    let error = Server::new(App).address(running.address().to_string()).start().unwrap_err();
    let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    assert_eq!(kind, Some(std::io::ErrorKind::AddrInUse), "{error}");
    running.stop();
}

/// Not a test of its own: the next one runs it in another process, which it ends.
#[test]
fn overflow_in_this_process() {
    if std::env::var_os("PHOTON_TEST_OVERFLOW").is_some() {
        let running = serve();
        let mut stream = connect(running.address());
        stream.write_all(b"GET /deep?secret HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        rest(&mut stream);
    }
}

#[test]
fn an_overflowing_stack_is_told_and_ends_the_process() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["life::overflow_in_this_process", "--exact", "--nocapture"])
        .env("PHOTON_TEST_OVERFLOW", "1")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.signal(), Some(libc::SIGSEGV), "{told}");
    assert!(told.contains("stack overflow while handling GET /deep: the stack has "), "{told}");
}
