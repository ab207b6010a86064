//! A client that sends any bytes, right or wrong.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use crate::{connect, undated};

pub(crate) const TEXT: u8 = 0x81;
pub(crate) const BINARY: u8 = 0x82;
pub(crate) const CLOSE: u8 = 0x88;
pub(crate) const PING: u8 = 0x89;
pub(crate) const PONG: u8 = 0x8a;

const MASK: [u8; 4] = [0x5a, 0x01, 0xff, 0x80];

/// The handshake for a path, with more headers.
pub(crate) fn handshake(path: &str, more: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
    )
}

/// A frame as clients send them; `first` holds the opcode and whether it is the last one.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        length @ 0..126 => bytes.push(0x80 | u8::try_from(length).unwrap()),
        length @ 126..0x1_0000 => {
            bytes.push(0xfe);
            bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            bytes.push(0xff);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// A closing frame of a server: its code and reason.
pub(crate) fn close(code: u16, reason: &str) -> (u8, Vec<u8>) {
    (CLOSE, [&code.to_be_bytes()[..], reason.as_bytes()].concat())
}

pub(crate) fn text(text: &str) -> (u8, Vec<u8>) {
    (TEXT, text.as_bytes().to_vec())
}

pub(crate) struct Client(pub(crate) TcpStream);

impl Client {
    /// A client that was let in.
    pub(crate) fn open(address: SocketAddr, path: &str) -> Self {
        let (client, answer) = Self::ask(address, handshake(path, ""));
        assert_eq!(
            answer,
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\
             sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nconnection: upgrade\r\n\r\n"
        );
        client
    }

    /// Sends a request, and returns the head of its answer.
    pub(crate) fn ask(address: SocketAddr, request: impl AsRef<[u8]>) -> (Self, String) {
        let mut client = Self(connect(address));
        client.raw(request.as_ref());
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(client.exactly::<1>()[0]);
        }
        (client, undated(str::from_utf8(&head).unwrap()))
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
    }

    pub(crate) fn send(&mut self, first: u8, payload: &[u8]) {
        self.raw(&frame(first, payload));
    }

    /// The next frame: its first byte, and its payload.
    pub(crate) fn receive(&mut self) -> (u8, Vec<u8>) {
        let [first, length] = self.exactly();
        let length = match length {
            126 => u64::from(u16::from_be_bytes(self.exactly())),
            127 => u64::from_be_bytes(self.exactly()),
            length => u64::from(length),
        };
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.0.read_exact(&mut payload).unwrap();
        (first, payload)
    }

    /// Answers a closing frame, if any is owed, and waits for the end of the connection.
    pub(crate) fn end(mut self) {
        // The server may have closed already.
        let _ = self.0.write_all(&frame(CLOSE, &1000_u16.to_be_bytes()));
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, b"", "nothing follows a closing frame");
    }

    /// Closes, and waits for the answer and the end of the connection.
    pub(crate) fn end_in_order(mut self) {
        self.send(CLOSE, &1000_u16.to_be_bytes());
        assert_eq!(self.receive(), close(1000, ""));
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, b"", "nothing follows a closing frame");
    }

    fn exactly<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.read_exact(&mut bytes).unwrap();
        bytes
    }
}
