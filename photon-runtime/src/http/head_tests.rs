//! Heads: bytes in, meaning or refusal out, at every split of the input.

use super::*;

const LIMITS: HeadLimits = HeadLimits { headers_max: 100, head_bytes_max: 4096, target_bytes_max: 1024 };

/// The meaning in a line: method, target, minor, headers, body, keep-alive, expectation, bytes.
fn read(text: &str) -> Result<Option<String>, u16> {
    let mut slots = Slots::new();
    let parsed = parse(&LIMITS, &mut slots, text.as_bytes()).map_err(|refusal| refusal.status)?;
    Ok(parsed.map(|request| {
        let Head { method, target, minor, headers } = request.head;
        format!(
            "{method} {target} {minor} {} {:?} {} {}",
            headers.len(),
            request.body,
            request.keep_alive,
            request.expects_continue
        )
    }))
}

#[test]
fn every_split_waits_then_parses_alike() {
    let head =
        "POST /a?b=c HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\ncontent-length: 12\r\n\r\n";
    for split in 0..head.len() {
        assert_eq!(read(&head[..split]), Ok(None), "split at {split}");
    }
    let whole = Ok(Some("POST /a?b=c 1 3 Exact(12) true true".to_owned()));
    assert_eq!(read(head), whole);
    assert_eq!(read(&format!("{head}GET / HT")), whole);
}

#[test]
fn meanings() {
    let cases = [
        ("GET / HTTP/1.1\r\nHost: a\r\n", "GET / 1 1 Empty true false"),
        ("\r\nGET / HTTP/1.1\r\nHost: a\r\n", "GET / 1 1 Empty true false"),
        ("GET / HTTP/1.1\r\nHost:\r\n", "GET / 1 1 Empty true false"),
        ("GET / HTTP/1.0\r\n", "GET / 0 0 Empty false false"),
        ("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n", "GET / 0 1 Empty true false"),
        ("GET / HTTP/1.0\r\nConnection: close\r\nConnection: keep-alive\r\n", "GET / 0 2 Empty false false"),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n", "GET / 1 2 Empty false false"),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: disclose\r\n", "GET / 1 2 Empty true false"),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n", "POST / 1 2 Empty true false"),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ChUnKeD\r\n", "POST / 1 2 Chunked true false"),
        ("GET http://b/x?y HTTP/1.1\r\nHost: a\r\n", "GET /x?y 1 1 Empty true false"),
        ("GET http://b?y HTTP/1.1\r\nHost: a\r\n", "GET /?y 1 1 Empty true false"),
        ("GET HTTP://b HTTP/1.1\r\nHost: a\r\n", "GET / 1 1 Empty true false"),
        ("OPTIONS http://b HTTP/1.1\r\nHost: a\r\n", "OPTIONS * 1 1 Empty true false"),
        ("OPTIONS * HTTP/1.1\r\nHost: a\r\n", "OPTIONS * 1 1 Empty true false"),
    ];
    for (head, expected) in cases {
        assert_eq!(read(&format!("{head}\r\n")), Ok(Some(expected.to_owned())), "{head:?}");
    }
}

#[test]
fn an_absolute_target_names_the_host() {
    let mut slots = Slots::new();
    let bytes = b"GET http://b.example/ HTTP/1.1\r\nHost: a\r\n\r\n";
    let request = parse(&LIMITS, &mut slots, bytes).unwrap().unwrap();
    assert_eq!(request.head.header("host"), Some(&b"b.example"[..]));
}

#[test]
fn many_headers_take_the_second_try() {
    for (count, expected) in [(31, Ok(32)), (32, Ok(33)), (99, Ok(100)), (100, Err(431))] {
        let fields = "x: y\r\n".repeat(count);
        let text = format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
        let mut slots = Slots::new();
        let result = parse(&LIMITS, &mut slots, text.as_bytes());
        assert_eq!(result.map(|head| head.unwrap().head.headers.len()).map_err(|r| r.status), expected);
    }
}

#[test]
fn refusals() {
    let post = "POST / HTTP/1.1\r\nHost: a\r\n";
    let long = "a".repeat(5000);
    let cases = [
        (400, "GET / HTTP/1.1\r\n".to_owned()),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n".to_owned()),
        (400, "GET / HTTP/1.1\r\nHost: a/b\r\n".to_owned()),
        (400, "GET / HTTP/1.1\nHost: a\r\n".to_owned()),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n".to_owned()),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n".to_owned()),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nX: 1\x002\r\n".to_owned()),
        (400, "GET /#a HTTP/1.1\r\nHost: a\r\n".to_owned()),
        (400, "GET  / HTTP/1.1\r\nHost: a\r\n".to_owned()),
        (400, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n".to_owned()),
        (400, format!("{post}Content-Length: +1\r\n")),
        (400, format!("{post}Content-Length: 1, 1\r\n")),
        (400, format!("{post}Content-Length:\r\n")),
        (400, format!("{post}Content-Length: 99999999999999999999\r\n")),
        (400, format!("{post}Content-Length: 1\r\nContent-Length: 1\r\n")),
        (400, format!("{post}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n")),
        (400, format!("{post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")),
        (400, "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n".to_owned()),
        (501, format!("{post}Transfer-Encoding: gzip, chunked\r\n")),
        (501, format!("{post}Transfer-Encoding: identity\r\n")),
        (417, format!("{post}Expect: miracles\r\n")),
        (505, "GET / HTTP/2.0\r\nHost: a\r\n".to_owned()),
        (414, format!("GET /{} HTTP/1.1\r\nHost: a\r\n", "a".repeat(1100))),
        (414, format!("GET /{long} HTTP/1.1\r\nHost: a\r\n")),
        (431, format!("{post}X: {long}\r\n")),
    ];
    for (expected, head) in cases {
        assert_eq!(read(&format!("{head}\r\n")), Err(expected), "{head:?}");
    }
    assert_eq!(read(&format!("GET /{long}")), Err(414), "an endless line");
    assert_eq!(read(&format!("{post}X: {long}")), Err(431), "an endless field");
}
