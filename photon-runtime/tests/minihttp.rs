//! The same services through `may_minihttp`: what it carries, what it refuses at start, and what may not reach a handler.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::trivially_copy_pass_by_ref,
    reason = "as generated modules are"
)]
#![allow(clippy::unwrap_used)] // A broken expectation fails the test.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ::photon_runtime as photon;
use photon::minihttp::{MiniHttp, Serving};
use photon::{BodyReader, Context, Limits, ResultExt as _, Service};

/// An operation without parameters beside its body.
macro_rules! operation {
    ($name:ident: $meta:expr, $body:ty as $kind:ident => $output:ty) => {
        #[derive(Debug)]
        pub struct $name {
            pub body: $body,
        }

        const _: () = {
            static TABLE: photon::Meta = $meta;
            photon::operation! { $name -> $output, photon::Error = TABLE; body: $kind }
        };
    };
}

operation!(Echo: photon::meta("echo", "POST", "/echo", 201)
    .body(&[photon::plain()]).body_max(200_000).answers(&["text/plain"]), String as body => String);
operation!(Sum: photon::meta("sum", "POST", "/sum", 200)
    .body(&[photon::bytes()]).body_max(1 << 30), BodyReader as reader => String);
operation!(Unread: photon::meta("unread", "PUT", "/unread", 204)
    .body(&[photon::bytes()]).body_max(1 << 30), BodyReader as reader => ());

#[derive(Debug)]
pub struct Act;

const _: () = {
    static ACT: photon::Meta = photon::meta("act", "GET", "/act", 200).answers(&["text/plain"]);
    photon::operation! { Act -> String, photon::Error = ACT }
};

/// Requests that handlers have seen, and tasks that ran after answers.
static SEEN: AtomicUsize = AtomicUsize::new(0);
static TASKS: AtomicUsize = AtomicUsize::new(0);

fn service() -> Service<()> {
    Service::new((), "{}")
        .route(|(): &(), cx: &Context, _: Act| {
            SEEN.fetch_add(1, Ordering::SeqCst);
            photon::sleep(Duration::from_millis(2)).internal()?;
            let what = cx.header("x-do").unwrap_or_default();
            assert_ne!(what, "panic", "asked for");
            for number in 0..20 {
                let name: photon::HeaderName = format!("x-field-{number}").parse().internal()?;
                cx.response_headers().insert(name, "value".parse().internal()?);
            }
            cx.after(|| _ = TASKS.fetch_add(1, Ordering::SeqCst));
            Ok(format!("{what} from {}", cx.peer().map_or("nobody".into(), |peer| peer.ip().to_string())))
        })
        .route(|(): &(), _: &Context, req: Echo| Ok(req.body))
        .route(|(): &(), _: &Context, mut req: Sum| {
            let (mut sum, mut piece) = (0, [0; 700]);
            loop {
                match req.body.read(&mut piece).internal()? {
                    0 => return Ok(sum.to_string()),
                    count => sum += piece[..count].iter().map(|byte| u64::from(*byte)).sum::<u64>(),
                }
            }
        })
        .route(|(): &(), _: &Context, _: Unread| Ok(()))
}

/// One server for all tests: it cannot be stopped.
fn address() -> SocketAddr {
    static SERVING: OnceLock<Serving> = OnceLock::new();
    let limits = Limits { body_bytes_max: 1 << 20, ..Limits::default() };
    let server =
        || MiniHttp::new(service()).address("127.0.0.1:0").workers(2).limits(limits).start().unwrap();
    SERVING.get_or_init(server).address()
}

fn connect() -> TcpStream {
    let stream = TcpStream::connect(address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// Reads one answer: head and body.
fn read_answer(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).unwrap() == 0 {
            return String::new();
        }
        bytes.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    bytes.extend(body);
    String::from_utf8(bytes).unwrap()
}

fn ask(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).unwrap();
    read_answer(stream)
}

/// What is left until the server ends the connection; nothing if that was reset.
fn rest(stream: &mut TcpStream) -> String {
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    String::from_utf8_lossy(&rest).into_owned()
}

#[test]
fn answers_are_those_of_the_service() {
    let mut stream = connect();
    for round in 0..3 {
        let answer = ask(&mut stream, "GET /act HTTP/1.1\r\nHost: a\r\nX-Do: look\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{round}: {answer}");
        assert!(
            answer.contains("\r\nx-field-19: value\r\n") && answer.ends_with("look from 127.0.0.1"),
            "{answer}"
        );
        let big = "x".repeat(100_000);
        let request = format!(
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n{big}"
        );
        let answer = ask(&mut stream, &request);
        assert!(
            answer.starts_with("HTTP/1.1 201 Created\r\n") && answer.ends_with(&big),
            "{}",
            &answer[..200]
        );
    }
    let answer = ask(&mut stream, "GET http://b/act?x=1 HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let answer = ask(&mut stream, "GET /act HTTP/1.1\r\nHost: a\r\nX-Do: panic\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
    let answer = ask(&mut stream, "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 404 ") && answer.contains("application/problem+json"), "{answer}");
    let begun = std::time::Instant::now();
    while TASKS.load(Ordering::SeqCst) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "tasks after answers run");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn bodies_are_read_as_they_come_and_what_is_unread_is_no_request() {
    let mut stream = connect();
    stream.write_all(b"POST /sum HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: 300000\r\n\r\n").unwrap();
    for _ in 0..30 {
        stream.write_all(&[1; 10_000]).unwrap();
    }
    assert!(read_answer(&mut stream).ends_with("300000\""), "the sum");
    let seen = SEEN.load(Ordering::SeqCst);
    let smuggled = "GET /act HTTP/1.1\r\nHost: a\r\nX-Do: smuggled\r\n\r\n";
    let put = format!(
        "PUT /unread HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n{smuggled}",
        smuggled.len()
    );
    let answer = ask(&mut stream, &put);
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    let answer = ask(&mut stream, "GET /act HTTP/1.1\r\nHost: a\r\nX-Do: own\r\n\r\n");
    assert!(answer.ends_with("own from 127.0.0.1"), "{answer}");
    assert!(SEEN.load(Ordering::SeqCst) > seen, "one request was seen");
    let mut stream = connect();
    stream
        .write_all(
            b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 300000\r\n\r\n",
        )
        .unwrap();
    let answer = read_answer(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("connection: close"), "{answer}");
    assert_eq!(rest(&mut stream), "");
}

/// Each is refused, and what follows it on the connection reaches nobody.
#[test]
fn what_could_be_understood_in_two_ways_ends_the_connection() {
    let cases = [
        ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "411"),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", "400"),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n", "400"),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", "400"),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", "417"),
        ("GET /act HTTP/1.1\r\n\r\n", "400"),
        ("GET act HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        ("HEAD /act HTTP/1.1\r\nHost: a\r\n\r\n", "501"),
        ("GET /act HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "200"),
        ("GET /act HTTP/1.0\r\n\r\n", "200"),
    ];
    for (request, status) in cases {
        let mut stream = connect();
        let answer = ask(&mut stream, request);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request}: {answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{request}: {answer}");
        assert_eq!(rest(&mut stream), "", "{request}");
    }
    // The same with a request right behind it.
    for (request, _) in cases {
        let mut stream = connect();
        let all = format!("{request}GET /act HTTP/1.1\r\nHost: a\r\nX-Do: smuggled\r\n\r\n");
        stream.write_all(all.as_bytes()).unwrap();
        let answers = rest(&mut stream);
        assert!(!answers.contains("smuggled"), "{request}: {answers}");
    }
    let mut stream = connect();
    let answer = ask(&mut stream, "GET /act HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    assert!(answer.contains("\r\nconnection: keep-alive\r\n"), "{answer}");
    assert!(ask(&mut stream, "GET /act HTTP/1.1\r\nHost: a\r\n\r\n").starts_with("HTTP/1.1 200 "));
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let mut stream = connect();
    let requests = (0..40).map(|number| format!("GET /act HTTP/1.1\r\nHost: a\r\nX-Do: {number}\r\n\r\n"));
    let requests = requests.collect::<Vec<_>>().concat();
    stream.write_all(requests.as_bytes()).unwrap();
    for number in 0..40 {
        let answer = read_answer(&mut stream);
        assert!(answer.ends_with(&format!("\r\n\r\n{number} from 127.0.0.1")), "{number}: {answer}");
    }
}

#[test]
fn what_cannot_be_carried_is_refused_by_name_at_start() {
    let service = service().files("/static", env!("CARGO_MANIFEST_DIR"));
    #[cfg(feature = "websocket")]
    let service = service.websocket("/chat/{room}", |_, _| Ok(()));
    let error = MiniHttp::new(service).address("127.0.0.1:0").start().unwrap_err().to_string();
    assert!(error.contains("`files` (GET /static): it answers piece by piece"), "{error}");
    #[cfg(feature = "websocket")]
    assert!(error.contains("(GET /chat/{room}): it opens a WebSocket"), "{error}");
    assert!(!error.contains("echo"), "{error}");
}

#[test]
fn an_address_that_is_taken_is_an_error() {
    let error = MiniHttp::new(service()).address(address().to_string()).start().unwrap_err().to_string();
    assert!(error.contains("cannot listen on 127.0.0.1:"), "{error}");
}
