//! A WebSocket as generated, over a real socket: who is let in, what is typed, how it ends.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use photon_runtime::Server;

use crate::service;

const KEY: [u8; 4] = [1, 2, 3, 4];

/// Asks for a WebSocket, and returns the head of the answer.
fn ask(address: SocketAddr, target: &str, more: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let request = format!(
        "GET /v1{target} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    (stream, String::from_utf8(head).unwrap())
}

/// Sends a short text.
fn send(stream: &mut TcpStream, text: &str) {
    let masked = text.bytes().zip(KEY.iter().cycle()).map(|(byte, key)| byte ^ key);
    let mut frame = vec![0x81, 0x80 | u8::try_from(text.len()).unwrap()];
    frame.extend(KEY);
    frame.extend(masked);
    stream.write_all(&frame).unwrap();
}

/// The first byte of the next frame, and its payload, which is short.
fn receive(stream: &mut TcpStream) -> (u8, Vec<u8>) {
    let mut head = [0; 2];
    stream.read_exact(&mut head).unwrap();
    let mut payload = vec![0; usize::from(head[1])];
    stream.read_exact(&mut payload).unwrap();
    (head[0], payload)
}

#[test]
fn who_does_not_fit_is_told_before_the_protocol_is_switched() {
    let running = Server::new(service()).address("127.0.0.1:0").start().unwrap();
    for (target, more, status) in [
        ("/talk/a", "", "401 Unauthorized"),
        ("/talk/a", "X-Key: nobody\r\n", "401 Unauthorized"),
        ("/talk/much-too-long", "X-Key: ada\r\n", "422 Unprocessable Content"),
        ("/talk/a?scale=0", "X-Key: ada\r\n", "422 Unprocessable Content"),
        ("/talk/full", "X-Key: ada\r\n", "422 Unprocessable Content"),
        ("/talk/a", "X-Key: ada\r\nSec-WebSocket-Version: 8\r\n", "426 Upgrade Required"),
    ] {
        let (_, head) = ask(running.address(), target, more);
        assert!(head.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{target} {more}{head}");
    }
    running.stop();
}

#[test]
fn messages_have_the_types_of_the_document() {
    let running = Server::new(service()).address("127.0.0.1:0").start().unwrap();
    let (mut stream, head) = ask(running.address(), "/talk/a?scale=10", "X-Key: ada\r\n");
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    send(&mut stream, r#"[{"x":1,"y":2},{"x":3,"y":4}]"#);
    assert_eq!(receive(&mut stream), (0x81, br#"{"x":40,"y":60}"#.to_vec()));
    // The document allows two.
    send(&mut stream, r#"[{"x":1,"y":2},{"x":1,"y":2},{"x":1,"y":2}]"#);
    let (first, payload) = receive(&mut stream);
    assert_eq!((first, &payload[..2]), (0x88, &1008_u16.to_be_bytes()[..]));
    running.stop();
}

#[test]
fn an_error_after_the_beginning_is_too_late_to_be_told() {
    let running = Server::new(service()).address("127.0.0.1:0").start().unwrap();
    let (mut stream, head) = ask(running.address(), "/talk/late", "X-Key: ada\r\n");
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    let (first, payload) = receive(&mut stream);
    assert_eq!((first, payload), (0x88, 1011_u16.to_be_bytes().to_vec()));
    running.stop();

    let refused = service().get("/v1/talk/full").header("x-key", "ada").websocket(|_| ()).unwrap_err();
    assert_eq!(
        refused.text(),
        r#"{"title":"Unprocessable Content","status":422,"detail":"the room is full"}"#
    );
}
