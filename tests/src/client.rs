//! A plain HTTP/1.1 client for one request a connection: what it sends is exactly what it was given.

use std::fmt::Write as _;
use std::io::{self, Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::synth::Request;

/// How long an answer may take.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(10);
/// How long an answer may be, in bytes.
const ANSWER_BYTES_MAX: usize = 32 << 20;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The header fields, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, with a chunked framing still around it.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// Sends the request to a server on this machine.
pub fn send(port: u16, request: &Request) -> io::Result<Answer> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut stream = TcpStream::connect_timeout(&address, ANSWER_TIME_MAX)?;
    stream.set_read_timeout(Some(ANSWER_TIME_MAX))?;
    stream.set_write_timeout(Some(ANSWER_TIME_MAX))?;

    let mut head = format!("{} {} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n", request.method, request.target);
    for (name, value) in &request.headers {
        let _ = write!(head, "{name}: {}\r\n", value.replace(['\r', '\n'], " "));
    }
    let body = request.body.as_deref().unwrap_or_default();
    if request.body.is_some() {
        let _ = write!(head, "Content-Length: {}\r\n", body.len());
    }
    head.push_str("Connection: close\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    // A server may answer and close before it has read the whole body: its answer counts all the same.
    let written = stream.write_all(body);

    let deadline = Instant::now() + ANSWER_TIME_MAX;
    let mut bytes = Vec::new();
    let mut piece = [0; 16 * 1024];
    let ended = loop {
        match stream.read(&mut piece) {
            Ok(0) => break Ok(()),
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
            Err(error) => break Err(error),
        }
        if bytes.len() > ANSWER_BYTES_MAX || Instant::now() > deadline {
            break Err(io::ErrorKind::TimedOut.into());
        }
    };
    match parse(&bytes) {
        Some(answer) => Ok(answer),
        None => Err(written.and(ended).err().unwrap_or_else(|| io::ErrorKind::InvalidData.into())),
    }
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status: u16 = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    if status < 200 && status != 101 {
        return parse(&bytes[end + 4..]);
    }
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Some(Answer { status, headers, body: bytes[end + 4..].to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read() {
        let answer =
            parse(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n").unwrap();
        assert_eq!((answer.status, answer.header("x-a")), (204, Some("b")));
        assert!(parse(b"HTTP/1.1 200 OK\r\n").is_none());
    }
}
