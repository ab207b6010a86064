//! Answers and bodies that take their time, over real sockets.

use std::fs;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use ::photon_runtime as photon;
use photon::sync::{Receiver, Topic, channel};
use photon::{BodyReader, Context, Event, Events, Limits, Lines, ResultExt as _, Running, Server, Service};

use crate::{connect, rest, until};

/// Operations without parameters.
macro_rules! operations {
    ($($name:ident $(: $body:ty)?, $table:ident = $meta:expr => $output:ty $(, $sink:ty)?;)*) => { $(
        struct $name { $(body: $body)? }
        static $table: photon::Meta = $meta;
        operations!(@ $name $table $output $(, $body)?);
        $(impl photon::Streaming for $name { type Sink = $sink; })?
    )* };
    (@ $name:ident $table:ident $output:ty) => { photon::operation! { $name -> $output, photon::Error = $table } };
    (@ $name:ident $table:ident $output:ty, $body:ty) => {
        photon::operation! { $name -> $output, photon::Error = $table; body: reader }
    };
}

operations! {
    Follow, FOLLOW = photon::meta("follow", "GET", "/follow", 200).answers(&["text/event-stream"]) => (), Events<String>;
    Tail, TAIL = photon::meta("tail", "GET", "/tail", 200).answers(&["application/x-ndjson"]) => (), Lines<i64>;
    Count: BodyReader, COUNT = photon::meta("count", "POST", "/count", 200)
        .body(&[photon::bytes()]).body_max(1 << 30).answers(&["text/plain"]) => String;
    Short: BodyReader, SHORT = photon::meta("short", "POST", "/short", 200)
        .body(&[photon::bytes()]).body_max(10) => String;
    Ignore: BodyReader, IGNORE = photon::meta("ignore", "POST", "/ignore", 204).body(&[photon::bytes()]) => ();
}

#[derive(Default)]
struct State {
    news: Option<Topic<String>>,
    /// Handlers whose wait failed.
    left: AtomicUsize,
    /// Says when `count` may read.
    gate: Mutex<Option<Receiver<()>>>,
}

fn serve(state: State, limits: Limits) -> (Running, Arc<State>) {
    let state = Arc::new(state);
    let service = Service::new(Arc::clone(&state), "{}")
        .stream(|state: &Arc<State>, _: &Context, _: Follow, mut events: Events<String>| {
            let Some(news) = state.news.as_ref().map(Topic::subscribe) else { return Ok(()) };
            let from = events.last_id().unwrap_or_default();
            events.send_event(Event { id: Some("1"), ..Event::default() }, &from)?;
            loop {
                match events.recv(&news) {
                    Ok(Some(item)) => events.send(&item)?,
                    Ok(None) => return Ok(()),
                    Err(error) => {
                        state.left.fetch_add(1, Ordering::SeqCst);
                        return Err(error);
                    }
                }
            }
        })
        .stream(|_: &Arc<State>, _: &Context, _: Tail, mut lines: Lines<i64>| {
            lines.send(&1)?;
            lines.sleep(Duration::from_mins(1))
        })
        .route(|state: &Arc<State>, _: &Context, mut req: Count| {
            let gate = state.gate.lock().unwrap().take();
            gate.map(|gate| gate.recv());
            std::io::copy(&mut req.body, &mut std::io::sink()).internal().map(|count| count.to_string())
        })
        .route(|_: &Arc<State>, _: &Context, mut req: Short| {
            let mut text = String::new();
            req.body.read_to_string(&mut text).internal()?;
            Ok(text)
        })
        .route(|_: &Arc<State>, _: &Context, _: Ignore| Ok(()))
        .files("/files", folder());
    (Server::new(service).address("127.0.0.1:0").limits(limits).workers(2).start().unwrap(), state)
}

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("wire_files");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("large.bin");
    if fs::metadata(&path).is_ok_and(|data| data.len() == LARGE) {
        return folder;
    }
    let own = folder.join(format!("large.{:?}", thread::current().id()));
    fs::write(&own, content(0, LARGE)).unwrap();
    fs::rename(own, path).unwrap();
    folder
}

const LARGE: u64 = 3_000_000;

fn content(from: u64, to: u64) -> Vec<u8> {
    (from..to).map(|at| (at % 251).to_le_bytes()[0]).collect()
}

fn head(line: &str, fields: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: a\r\n{fields}\r\n")
}

/// Sends a request that ends the connection; what comes back, as head and body.
fn fetch(address: SocketAddr, line: &str, fields: &str) -> (String, Vec<u8>) {
    let mut stream = connect(address);
    stream.write_all(head(line, &format!("Connection: close\r\n{fields}")).as_bytes()).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    let body = bytes.split_off(end);
    (String::from_utf8(bytes).unwrap(), body)
}

#[test]
fn files_arrive_whole_in_part_and_not_at_all() {
    let (running, _) = serve(State::default(), Limits::default());
    let get = |fields: &str| fetch(running.address(), "GET /files/large.bin", fields);
    let (told, body) = get("");
    assert!(
        told.starts_with("HTTP/1.1 200 OK\r\n") && told.contains("\r\ncontent-length: 3000000\r\n"),
        "{told}"
    );
    assert!(body == content(0, LARGE));
    let (told, body) = get("Range: bytes=1000000-2000000\r\n");
    assert!(told.starts_with("HTTP/1.1 206 Partial Content\r\n"), "{told}");
    assert!(
        told.contains("\r\ncontent-range: bytes 1000000-2000000/3000000\r\n")
            && body == content(1_000_000, 2_000_001)
    );
    let (told, body) = fetch(running.address(), "HEAD /files/large.bin", "");
    assert!(told.contains("\r\ncontent-length: 3000000\r\n") && body.is_empty(), "{told}");

    // The connection goes on after a file, an unmodified one and a refusal.
    let mut stream = connect(running.address());
    let again = "If-None-Match: *\r\n";
    for (fields, status) in [
        (again, "304 Not Modified"),
        ("Range: bytes=9999999-\r\n", "416 Range Not Satisfiable"),
        (again, "304 Not Modified"),
    ] {
        stream.write_all(head("GET /files/large.bin", fields).as_bytes()).unwrap();
        let end = if status.starts_with('4') {
            "416,\"detail\":\"the file has no bytes there\"}"
        } else {
            "\r\n\r\n"
        };
        let told = until(&mut stream, end);
        assert!(told.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{told}");
    }

    // Who leaves in the middle holds nothing up.
    let mut leaving = connect(running.address());
    leaving.write_all(head("GET /files/large.bin", "").as_bytes()).unwrap();
    leaving.read_exact(&mut [0; 1000]).unwrap();
    drop(leaving);
    assert_eq!(running.stop(), 0);
}

#[test]
fn events_wait_for_news_and_for_their_client() {
    let limits = Limits { stream_keep_alive: Duration::from_millis(200), ..Limits::default() };
    let (running, state) = serve(State { news: Some(Topic::new(8)), ..State::default() }, limits);
    let news = state.news.as_ref().unwrap();
    let follow = head("GET /follow", "Last-Event-ID: 41\r\n");
    let mut staying = connect(running.address());
    staying.write_all(follow.as_bytes()).unwrap();
    let begun = until(&mut staying, "id: 1\ndata: \"41\"\n\n\r\n");
    assert!(begun.contains("\r\ncontent-type: text/event-stream\r\n"), "{begun}");
    assert_eq!(until(&mut staying, ":\n\n\r\n"), "3\r\n:\n\n\r\n", "a quiet stream says that it lives");

    let mut leaving = connect(running.address());
    leaving.write_all(follow.as_bytes()).unwrap();
    until(&mut leaving, "data: \"41\"\n\n\r\n");
    news.publish(&"both".to_owned());
    until(&mut leaving, "data: \"both\"\n\n\r\n");
    until(&mut staying, "data: \"both\"\n\n\r\n");
    drop(leaving);
    let left = Instant::now();
    while state.left.load(Ordering::SeqCst) == 0 {
        assert!(left.elapsed() < Duration::from_secs(5), "nobody saw the client leave");
        thread::sleep(Duration::from_millis(2));
    }
    while news.publish(&"one".to_owned()) > 1 {
        thread::sleep(Duration::from_millis(2));
    }
    until(&mut staying, "data: \"one\"\n\n\r\n");

    let mut tail = connect(running.address());
    tail.write_all(head("GET /tail", "").as_bytes()).unwrap();
    until(&mut tail, "2\r\n1\n\r\n");
    let stopping = Instant::now();
    assert_eq!(running.stop(), 0);
    assert!(stopping.elapsed() < Duration::from_secs(3), "whoever waits is told that the server stops");
    assert!(rest(&mut staying).ends_with("0\r\n\r\n"), "events end in order");
    assert!(!rest(&mut tail).contains("0\r\n\r\n"), "a list that is not whole is cut");
}

#[test]
fn a_body_comes_no_faster_than_it_is_read() {
    let (open, gate) = channel(1);
    let (running, _) = serve(State { gate: Mutex::new(Some(gate)), ..State::default() }, Limits::default());
    let mut stream = connect(running.address());
    let length = 64 << 20;
    let fields = format!("Content-Type: application/octet-stream\r\nContent-Length: {length}\r\n");
    stream.write_all(head("POST /count", &fields).as_bytes()).unwrap();
    stream.set_write_timeout(Some(Duration::from_millis(300))).unwrap();
    let piece = vec![b'x'; 1 << 20];
    let mut sent = 0;
    let stuck = loop {
        match stream.write(&piece[..piece.len().min(length - sent)]) {
            Ok(0) => break false,
            Ok(count) => sent += count,
            Err(error) => break matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        }
    };
    assert!(stuck && sent < length / 2, "{sent} bytes were taken though nobody read them");
    open.send(()).unwrap();
    stream.set_write_timeout(None).unwrap();
    while sent < length {
        sent += stream.write(&piece[..piece.len().min(length - sent)]).unwrap();
    }
    assert!(until(&mut stream, &length.to_string()).ends_with(&format!("\r\n\r\n{length}")));
    running.stop();
}

#[test]
fn a_body_is_asked_for_when_it_is_first_read() {
    let (open, gate) = channel(1);
    let limits = Limits { body_stall_timeout: Duration::from_millis(300), ..Limits::default() };
    let (running, _) = serve(State { gate: Mutex::new(Some(gate)), ..State::default() }, limits);
    let expect = "Content-Type: application/octet-stream\r\nContent-Length: 5\r\nExpect: 100-continue\r\n";
    let mut stream = connect(running.address());
    stream.write_all(head("POST /count", expect).as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    assert!(stream.read(&mut [0; 1]).is_err(), "the handler has not read yet");
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    open.send(()).unwrap();
    assert_eq!(until(&mut stream, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hello").unwrap();
    assert!(until(&mut stream, "\r\n\r\n5").starts_with("HTTP/1.1 200 OK\r\n"));

    let mut ignored = connect(running.address());
    ignored.write_all(head("POST /ignore", expect).as_bytes()).unwrap();
    let told = rest(&mut ignored);
    assert!(told.starts_with("HTTP/1.1 204 No Content\r\n") && told.contains("connection: close"), "{told}");

    // The limits of bodies hold while a handler reads: too long, too slow, broken off.
    let chunked = "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n";
    for (body, status) in [
        ("b\r\nhello world\r\n0\r\n\r\n", "413 Content Too Large"),
        ("5\r\nhel", "408 Request Timeout"),
        ("x\r\n", "400 Bad Request"),
    ] {
        let mut stream = connect(running.address());
        stream.write_all((head("POST /short", chunked) + body).as_bytes()).unwrap();
        let told = rest(&mut stream);
        assert!(told.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{told}");
        assert!(told.contains("application/problem+json") && told.contains("connection: close"), "{told}");
    }
    running.stop();
}
