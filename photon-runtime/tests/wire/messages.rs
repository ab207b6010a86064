//! Requests and answers: framing, pipelining, bodies, refusals, failures.

use std::io::Write as _;

use crate::{GET, GOT, POST, answer, connect, rest, serve, talk, until};

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
    let requests: Vec<_> = (0..500).map(|n| format!("GET /{n} HTTP/1.1\r\nHost: a\r\n\r\n")).collect();
    let requests = requests.concat();
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
    let chunks = format!("{}0\r\n\r\n", "3e8\r\nzzzzzzzzzz".to_string() + &"z".repeat(990) + "\r\n");
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
    stream.write_all(b"nudge").unwrap();
    assert_eq!(until(&mut stream, "interrupted"), "the read was interrupted");
    assert_eq!(running.stop(), 0);
    assert_eq!(rest(&mut stream), "the server is stopping");
}
