//! The engine over real sockets: bytes in, bytes out.

#![allow(clippy::unwrap_used)] // A broken expectation fails the test.

mod app;
mod life;
mod messages;
mod streams;
#[cfg(feature = "websocket")]
mod websocket;

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use photon_runtime::{Limits, Running, Server};

use crate::app::App;

pub(crate) const POST: &str = "POST /echo HTTP/1.1\r\nHost: a\r\n";
pub(crate) const GET: &str = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
pub(crate) const GOT: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\n/a";

pub(crate) fn serve() -> Running {
    serve_with(Limits::default())
}

pub(crate) fn serve_with(limits: Limits) -> Running {
    Server::new(App).address("127.0.0.1:0").limits(limits).workers(2).start().unwrap()
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// Sends everything, then reads until the server closes. Dates are taken out.
pub(crate) fn talk(address: SocketAddr, parts: &[&str]) -> String {
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

pub(crate) fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    undated(&String::from_utf8(bytes).unwrap())
}

/// Reads until `end` has come.
pub(crate) fn until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.ends_with(end) {
        let count = stream.read(&mut buffer).unwrap();
        assert!(count > 0, "the server closed after {text:?}");
        text.push_str(str::from_utf8(&buffer[..count]).unwrap());
    }
    undated(&text)
}

pub(crate) fn undated(text: &str) -> String {
    text.split_inclusive("\r\n").filter(|line| !line.starts_with("date: ")).collect()
}

pub(crate) fn answer(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}
