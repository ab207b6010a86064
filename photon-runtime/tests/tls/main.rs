//! TLS: versions, bodies, idle connections, who is not let in, and how it ends; certificates have a file of their own.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod authority;
mod certificates;
#[path = "../common/mod.rs"]
mod common;
#[cfg(feature = "websocket")]
mod websocket;

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use photon_runtime::Limits;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use authority::{Authority, Shown, connect, curl, start};
use common::{PATIENCE, Teller, ask, has, read_answer};

#[test]
fn curl_speaks_both_versions() {
    if !has("curl", "--version") {
        return;
    }
    let authority = Authority::new("versions");
    authority.sign("server");
    let running = start(Teller, authority.tls(), Limits::default());
    for (arguments, version) in
        [(&["--tlsv1.2", "--tls-max", "1.2"][..], "TLSv1.2"), (&["--tlsv1.3"][..], "TLSv1.3")]
    {
        let output = curl(&authority, running.address(), arguments);
        let (said, text) = (
            String::from_utf8_lossy(&output.stderr).into_owned(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        );
        assert!(output.status.success(), "{said}");
        assert!(text.contains("target=/a") && text.contains("target=/b"), "{text}");
        assert!(said.contains(&format!("SSL connection using {version}")), "{said}");
        assert!(said.contains("server accepted http/1.1"), "{said}");
        assert!(said.contains("Re-using existing connection"), "{said}");
    }
    let output = curl(&authority, running.address(), &["--tls-max", "1.1"]);
    assert!(!output.status.success());
    assert_eq!(running.stop(), 0);
}

#[test]
fn idle_connections_are_parked_and_come_back() {
    let authority = Authority::new("parked");
    authority.sign("server");
    let limits = Limits { park_after: Duration::from_millis(50), ..Limits::default() };
    let running = start(Teller, authority.tls(), limits);
    let config = authority.client(None);
    let mut streams: Vec<_> = (0..20).map(|_| connect(running.address(), &config)).collect();
    for round in 0..3 {
        for stream in &mut streams {
            let answer = ask(stream, &format!("/{round}"));
            assert!(answer.contains(&format!("target=/{round}")), "{answer}");
        }
        thread::sleep(Duration::from_millis(400));
    }
    // Those that have asked are answered; all hear that it is over.
    let (asking, idle) = streams.split_at_mut(10);
    for stream in asking.iter_mut() {
        stream.write_all(b"GET /last HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    }
    let begun = Instant::now();
    assert_eq!(running.stop(), 0);
    assert!(begun.elapsed() < Duration::from_secs(2));
    for stream in asking {
        assert!(read_answer(stream).unwrap().contains("target=/last"));
        assert_eq!(stream.read(&mut [0]).unwrap(), 0, "the end is told, not cut");
    }
    for stream in idle {
        assert_eq!(stream.read(&mut [0]).unwrap(), 0, "the end is told, not cut");
    }
}

#[test]
fn bodies_of_any_length_pass() {
    let authority = Authority::new("bodies");
    authority.sign("server");
    let limits = Limits { body_bytes_max: 64 << 20, ..Limits::default() };
    let running = start(Shown, authority.tls(), limits);
    let config = authority.client(None);
    let mut stream = connect(running.address(), &config);
    for length in [1, 1000, 16 << 10, (16 << 10) + 1, 100_000, 8 << 20] {
        let body: Vec<u8> =
            (0..length).map(|at: usize| at.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
        let mut sent = format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n").into_bytes();
        sent.extend_from_slice(&body);
        stream.write_all(&sent).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        if length > 1 << 20 {
            // A client that does not read for a while holds nobody up.
            thread::sleep(Duration::from_millis(300));
            assert!(ask(&mut connect(running.address(), &config), "/").contains("200 OK"));
        }
        let mut back = vec![0; length];
        stream.read_exact(&mut back).unwrap();
        assert!(back == body, "{length}");
    }
    // In pieces of a few bytes.
    let mut pieces = connect(running.address(), &config);
    for piece in
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n".chunks(5)
    {
        pieces.write_all(piece).unwrap();
        thread::sleep(Duration::from_millis(5));
    }
    assert!(read_answer(&mut pieces).unwrap().ends_with("\r\n\r\nabc"));
    running.stop();
}

#[test]
fn who_speaks_no_tls_is_not_let_in() {
    let authority = Authority::new("strangers");
    authority.sign("server");
    let limits = Limits { handshake_timeout: Duration::from_millis(500), ..Limits::default() };
    let running = start(Teller, authority.tls(), limits);

    let mut plain = common::connect(running.address());
    plain.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let mut said = Vec::new();
    let _ = plain.read_to_end(&mut said);
    assert!(!said.starts_with(b"HTTP"), "{said:?}");

    for silent in [&b""[..], &[22, 3, 1, 2]] {
        let mut stream = common::connect(running.address());
        stream.write_all(silent).unwrap();
        let begun = Instant::now();
        assert!(matches!(stream.read(&mut [0]), Ok(0)) || !silent.is_empty());
        assert!(begun.elapsed() < PATIENCE / 2, "the time is limited");
    }

    let mut config = (*authority.client(None)).clone();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let mut stream = connect(running.address(), &Arc::new(config));
    let error =
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").and_then(|()| stream.flush()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData, "no protocol in common: {error}");
    assert_eq!(running.stop(), 0);
}

#[test]
fn a_server_that_stops_under_load_answers_whoever_it_let_in() {
    let authority = Authority::new("load");
    authority.sign("server");
    let running = start(Teller, authority.tls(), Limits::default());
    let (address, config) = (running.address(), authority.client(None));
    let clients: Vec<_> = (0..8)
        .map(|client| {
            let config = Arc::clone(&config);
            thread::spawn(move || load(address, &config, if client % 2 == 0 { 1 } else { 20 }))
        })
        .collect();
    thread::sleep(Duration::from_millis(400));
    assert_eq!(running.stop(), 0);
    let answered: usize = clients.into_iter().map(|client| client.join().expect("a request was lost")).sum();
    assert!(answered > 20, "{answered}");
}

/// Asks until nobody listens any more; panics if a request is lost.
fn load(address: SocketAddr, config: &Arc<ClientConfig>, requests_per_connection: usize) -> usize {
    let mut answered = 0;
    loop {
        let Ok(socket) = TcpStream::connect(address) else { return answered };
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let mut stream = StreamOwned::new(ClientConnection::new(Arc::clone(config), name).unwrap(), socket);
        for request in 0..requests_per_connection {
            let sent = write!(stream, "GET /{request} HTTP/1.1\r\nHost: a\r\n\r\n");
            match sent.and_then(|()| read_answer(&mut stream)) {
                Ok(answer) => {
                    assert!(answer.ends_with(&format!("target=/{request}")), "{answer}");
                    answered += 1;
                    if answer.to_ascii_lowercase().contains("connection: close") {
                        break;
                    }
                }
                // A kept connection may be closed while a request is on its way (RFC 9112, section 9.3.1).
                Err(error) => {
                    assert!(request > 0, "a new connection was not answered: {error}");
                    assert_ne!(error.kind(), ErrorKind::InvalidData, "an answer was cut: {error}");
                    break;
                }
            }
        }
    }
}
