//! The engine over real sockets: bytes in, bytes out.

use std::borrow::Cow;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use photon_runtime::exchange::{Exchange, Field, Handler, Head};
use photon_runtime::{Limits, Running, Server};

/// Answers by path; each path stands for one habit of a handler.
struct App;

impl Handler for App {
    fn handle(&self, request: &Head<'_>, exchange: &mut dyn Exchange) {
        let path = request.target.split('?').next().unwrap_or_default();
        match path {
            "/echo" => match exchange.read_all() {
                Ok(body) => {
                    let body = body.into_owned();
                    exchange.send(200, &[], &body);
                }
                Err(error) => exchange.send(error.status(), &[], b""),
            },
            "/small" => {
                exchange.limit_body(4);
                let status = exchange.read_all().map_or_else(|error| error.status(), |_| 200);
                exchange.send(status, &[], b"");
            }
            "/pieces" => {
                let mut sum = 0;
                let mut buffer = [0; 7];
                while let Ok(count @ 1..) = exchange.read(&mut buffer) {
                    sum += count;
                }
                exchange.send(200, &[], sum.to_string().as_bytes());
            }
            "/slow" => {
                photon_runtime::sleep(Duration::from_millis(300));
                exchange.send(200, &[], b"slow");
            }
            "/stream" => {
                exchange.begin(200, &[]).unwrap();
                exchange.write(b"one").unwrap();
                exchange.write(b"two").unwrap();
                exchange.finish().unwrap();
            }
            "/told" => {
                exchange.begin(200, &[field("content-length", "6")]).unwrap();
                exchange.write(b"one").unwrap();
                exchange.write(b"two").unwrap();
                exchange.finish().unwrap();
            }
            "/cut" => {
                exchange.begin(200, &[]).unwrap();
                exchange.write(b"one").unwrap();
            }
            "/split" => exchange.send(200, &[field("x-a", "a\r\nx-b: c")], b"never"),
            "/silent" => {}
            "/panic" => panic!("asked for"),
            "/big" => exchange.send(200, &[], &vec![b'x'; 300_000]),
            "/none" => exchange.send(204, &[], b"dropped"),
            "/blocking" => {
                let name = photon_runtime::blocking(|| thread::current().name().map(str::to_owned));
                exchange.send(200, &[], name.unwrap().unwrap_or_default().as_bytes());
            }
            "/upgrade" => {
                let mut buffer = [0; 64];
                let stream = exchange.upgrade(&[field("upgrade", "echo")]).unwrap();
                while let Ok(count @ 1..) = stream.read(&mut buffer) {
                    stream.write_all(&buffer[..count]).unwrap();
                }
            }
            _ => exchange.send(200, &[field("content-type", "text/plain")], request.target.as_bytes()),
        }
    }
}

fn field(name: &'static str, value: &'static str) -> Field {
    Field { name: Cow::Borrowed(name), value: Cow::Borrowed(value) }
}

fn serve() -> Running {
    serve_with(Limits::default())
}

fn serve_with(limits: Limits) -> Running {
    Server::new(App).address("127.0.0.1:0").limits(limits).workers(2).start().unwrap()
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// Sends everything, then reads until the server closes. Dates are taken out.
fn talk(address: SocketAddr, parts: &[&str]) -> String {
    let mut stream = connect(address);
    for part in parts {
        stream.write_all(part.as_bytes()).unwrap();
        if parts.len() > 1 {
            stream.set_nodelay(true).unwrap();
            thread::sleep(Duration::from_millis(1));
        }
    }
    stream.shutdown(Shutdown::Write).unwrap();
    rest(&mut stream)
}

fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    undated(&String::from_utf8(bytes).unwrap())
}

/// Reads until `end` has come.
fn until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.ends_with(end) {
        let count = stream.read(&mut buffer).unwrap();
        assert!(count > 0, "the server closed after {text:?}");
        text.push_str(str::from_utf8(&buffer[..count]).unwrap());
    }
    undated(&text)
}

fn undated(text: &str) -> String {
    text.split_inclusive("\r\n").filter(|line| !line.starts_with("date: ")).collect()
}

fn answer(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

const POST: &str = "POST /echo HTTP/1.1\r\nHost: a\r\n";
const GET: &str = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
const GOT: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\n/a";

#[test]
fn one_connection_carries_many_requests() {
    let running = serve();
    let mut stream = connect(running.address());
    for _ in 0..5 {
        stream.write_all(GET.as_bytes()).unwrap();
        assert_eq!(until(&mut stream, "/a"), GOT);
    }
    drop(stream);
    assert_eq!(running.stop(), 0);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let running = serve();
    let requests: String = (0..500).map(|n| format!("GET /{n} HTTP/1.1\r\nHost: a\r\n\r\n")).collect();
    let text = talk(running.address(), &[&requests]);
    let mut at = 0;
    for n in 0..500 {
        let body = format!("\r\n\r\n/{n}");
        at += text[at..].find(&body).unwrap_or_else(|| panic!("no answer to {n}")) + body.len();
    }
    assert_eq!(at, text.len());
    running.stop();
}

#[test]
fn answers_as_told() {
    let running = serve();
    let close = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let cases = [
        (format!("{POST}Content-Length: 5\r\n\r\nhello{GET}"), format!("{}{GOT}", answer("hello"))),
        (
            format!(
                "{POST}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x\r\nllo\r\n0\r\nX: y\r\n\r\n{GET}"
            ),
            format!("{}{GOT}", answer("hello")),
        ),
        (
            format!("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello{GET}"),
            format!("{GOT}{GOT}"),
        ),
        (
            format!("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n{GET}"),
            format!("{}{GOT}", GOT.strip_suffix("/a").unwrap()),
        ),
        (
            format!("GET /none HTTP/1.1\r\nHost: a\r\n\r\n{GET}"),
            format!("HTTP/1.1 204 No Content\r\n\r\n{GOT}"),
        ),
        (close("/a"), GOT.replace("content-length", "connection: close\r\ncontent-length")),
        (
            "GET /a HTTP/1.0\r\n\r\n".to_owned(),
            GOT.replace("content-length", "connection: close\r\ncontent-length"),
        ),
        (
            "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".to_owned(),
            GOT.replace("content-length", "connection: keep-alive\r\ncontent-length"),
        ),
        (
            format!("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n{GET}"),
            format!(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n{GOT}"
            ),
        ),
        (
            "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".to_owned(),
            "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nonetwo".to_owned(),
        ),
        (format!("GET /told HTTP/1.1\r\nHost: a\r\n\r\n{GET}"), format!("{}{GOT}", answer("onetwo"))),
        (
            "GET /cut HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n".to_owned(),
        ),
        (
            format!("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello{GET}"),
            "HTTP/1.1 413 Content Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".to_owned(),
        ),
        ("GET /blocking HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), answer("photon-blocking")),
    ];
    for (request, expected) in cases {
        assert_eq!(talk(running.address(), &[&request]), expected, "{request:?}");
        let bytes: Vec<&str> = request.split_inclusive("").filter(|part| !part.is_empty()).collect();
        assert_eq!(talk(running.address(), &bytes), expected, "byte by byte: {request:?}");
    }
    running.stop();
}

#[test]
fn a_body_that_nobody_reads_is_skipped_or_closes() {
    let running = serve();
    let post = "POST /a HTTP/1.1\r\nHost: a\r\n";
    let closed = GOT.replace("content-length", "connection: close\r\ncontent-length");
    let chunked = "Transfer-Encoding: chunked\r\n\r\n5\r\n0\r\n\r\n\r\n0\r\n\r\n";
    let cases = [
        // It is here already, so the next request is found.
        (format!("{post}Content-Length: 5\r\n\r\nhello{GET}"), format!("{GOT}{GOT}")),
        (format!("{post}{chunked}{GET}"), format!("{GOT}{GOT}")),
        // It is not, and is not waited for.
        (format!("{post}Content-Length: 900\r\n\r\nhello{GET}"), closed.clone()),
        (format!("{post}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n{GET}"), closed.clone()),
        (format!("{post}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"), closed),
    ];
    for (request, expected) in cases {
        assert_eq!(talk(running.address(), &[&request]), expected, "{request:?}");
    }
    running.stop();
}

#[test]
fn failures_of_handlers_are_problems() {
    let running = serve();
    for path in ["/panic", "/silent", "/split"] {
        let text = talk(running.address(), &[&format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n{GET}")]);
        assert!(text.starts_with("HTTP/1.1 500 Internal Server Error\r\n"), "{path}: {text}");
        assert!(text.contains("\r\nconnection: close\r\n"), "{path}: {text}");
        assert!(
            text.ends_with(r#"{"type":"about:blank","title":"Internal Server Error","status":500}"#),
            "{text}"
        );
    }
    assert_eq!(talk(running.address(), &[GET]), GOT);
    running.stop();
}

#[test]
fn a_refused_request_is_the_last_one() {
    let running = serve();
    let cases = [
        ("GET / HTTP/1.1\r\n\r\n", "400 Bad Request"),
        ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", "505 HTTP Version Not Supported"),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", "501 Not Implemented"),
    ];
    for (bad, status) in cases {
        let text = talk(running.address(), &[&format!("{GET}{bad}{GET}")]);
        let (first, second) = text.split_at(GOT.len());
        assert_eq!(first, GOT);
        assert!(
            second.starts_with(&format!("HTTP/1.1 {status}\r\ncontent-type: application/problem+json\r\n"))
        );
        assert_eq!(second.matches("content-length: ").count(), 1, "{second}");
    }
    running.stop();
}

#[test]
fn the_body_is_asked_for_when_it_is_read() {
    let running = serve();
    let mut stream = connect(running.address());
    stream.write_all(format!("{POST}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n").as_bytes()).unwrap();
    assert_eq!(until(&mut stream, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hello").unwrap();
    assert_eq!(until(&mut stream, "hello"), answer("hello"));
    // Who is refused is not asked for the body.
    let refused = "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(refused.as_bytes()).unwrap();
    assert!(until(&mut stream, "\r\n\r\n").starts_with("HTTP/1.1 413 Content Too Large\r\n"));
    running.stop();
}

#[test]
fn large_answers_and_bodies_arrive_whole() {
    let running = serve();
    assert!(
        talk(running.address(), &["GET /big HTTP/1.1\r\nHost: a\r\n\r\n"]).ends_with(&"x".repeat(300_000))
    );
    let body = "y".repeat(1_000_000);
    let text = talk(running.address(), &[&format!("{POST}Content-Length: 1000000\r\n\r\n"), &body]);
    assert_eq!(text, answer(&body));
    let chunks = format!("{}0\r\n\r\n", "3e8\r\nzzzzzzzzzz".repeat(1) + &"z".repeat(990) + "\r\n");
    let text = talk(
        running.address(),
        &["POST /pieces HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", &chunks],
    );
    assert_eq!(text, answer("1000"));
    running.stop();
}

#[test]
fn protocols_are_switched() {
    let running = serve();
    let mut stream = connect(running.address());
    stream.write_all(b"GET /upgrade HTTP/1.1\r\nHost: a\r\n\r\nearly").unwrap();
    let head = "HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\n";
    assert_eq!(until(&mut stream, "early"), format!("{head}early"));
    stream.write_all(b"late").unwrap();
    assert_eq!(until(&mut stream, "late"), "late");
    assert_eq!(running.stop(), 0);
    assert_eq!(rest(&mut stream), "");
}

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

#[test]
fn who_does_not_finish_is_cut() {
    let running = serve_with(Limits { drain_grace: Duration::from_millis(300), ..Limits::default() });
    let mut stuck = connect(running.address());
    stuck.write_all(format!("{POST}Content-Length: 5\r\n\r\nhe").as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(50));
    assert_eq!(running.stop(), 1);
}

#[test]
fn a_taken_port_is_an_error() {
    let running = serve();
    let error = Server::new(App).address(running.address().to_string()).start().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    running.stop();
}
