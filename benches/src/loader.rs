//! A load of HTTP/1.1 requests from one thread: every connection sends a batch, reads all its answers, sends again.
//! It checks the status of each batch and the length of every answer; it knows no server.

use std::io::{self, ErrorKind, Read as _, Result, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsRawFd as _;
use std::time::{Duration, Instant};

const BUFFER: usize = 256 << 10;
const EVENTS: usize = 64;
const WAIT_MS: i32 = 100;
const OK: &[u8] = b"HTTP/1.1 200";

/// What is sent.
#[derive(Clone, Debug)]
pub struct Load {
    /// One request.
    pub request: Vec<u8>,
    /// How many of them are sent at once.
    pub batch: usize,
    /// How many connections send.
    pub connections: usize,
}

impl Load {
    /// A GET without a body, one request at a time.
    pub fn get(target: &str) -> Self {
        let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n");
        Self { request: request.into_bytes(), batch: 1, connections: 64 }
    }

    /// A POST of JSON.
    pub fn post(target: &str, body: &str) -> Self {
        let request = format!(
            "POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        Self { request: request.into_bytes(), batch: 1, connections: 64 }
    }

    /// The same in batches.
    #[must_use]
    pub fn pipelined(mut self, batch: usize) -> Self {
        self.batch = batch;
        self
    }

    /// Sends for `duration`; the number of requests answered and the time they took. An answer other than 200, or of
    /// another length than the first, is an error.
    pub fn run(&self, address: SocketAddr, duration: Duration) -> Result<(u64, Duration)> {
        let answer = answer_bytes(address, &self.request)?;
        let batch = self.request.repeat(self.batch);
        let mut connections = (0..self.connections)
            .map(|_| Connection::open(address, &batch, answer * self.batch))
            .collect::<Result<Vec<_>>>()?;
        let poll = Poll::new(&connections)?;
        let mut buffer = vec![0; BUFFER];
        let (mut answered, start) = (0, Instant::now());
        while start.elapsed() < duration {
            for index in poll.wait()? {
                if connections[index].advance(&batch, &mut buffer)? {
                    answered += self.batch as u64;
                }
            }
        }
        Ok((answered, start.elapsed()))
    }
}

struct Connection {
    stream: TcpStream,
    expected: usize,
    received: usize,
}

impl Connection {
    fn open(address: SocketAddr, batch: &[u8], expected: usize) -> Result<Self> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.write_all(batch)?;
        stream.set_nonblocking(true)?;
        Ok(Self { stream, expected, received: 0 })
    }

    /// Reads what has come; whether the batch is answered and the next one sent.
    fn advance(&mut self, batch: &[u8], buffer: &mut [u8]) -> Result<bool> {
        let bytes = match self.stream.read(buffer) {
            Ok(0) => return Err(io::Error::other("the server closed a connection")),
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error),
        };
        if self.received == 0 && !buffer.starts_with(OK) {
            return Err(io::Error::other(format!("answered {}", String::from_utf8_lossy(&buffer[..bytes]))));
        }
        self.received += bytes;
        if self.received > self.expected {
            return Err(io::Error::other("an answer is longer than the first one"));
        }
        if self.received < self.expected {
            return Ok(false);
        }
        self.received = 0;
        // A batch is far smaller than an empty socket's buffer.
        self.stream.write_all(batch)?;
        Ok(true)
    }
}

/// The length of the whole answer to a request.
fn answer_bytes(address: SocketAddr, request: &[u8]) -> Result<usize> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(request)?;
    let (mut answer, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let bytes = stream.read(&mut piece)?;
        answer.extend_from_slice(&piece[..bytes]);
        let text = String::from_utf8_lossy(&answer);
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.to_ascii_lowercase();
            let length = length.split("content-length:").nth(1).and_then(|rest| rest.lines().next());
            let length = length.and_then(|length| length.trim().parse::<usize>().ok());
            let length = length.ok_or_else(|| io::Error::other("an answer without a length"))?;
            return Ok(head.len() + 4 + length);
        }
        if bytes == 0 {
            return Err(io::Error::other(format!("the server closed after `{text}`")));
        }
    }
}

/// An epoll over the connections.
struct Poll(std::os::fd::OwnedFd);

impl Poll {
    fn new(connections: &[Connection]) -> Result<Self> {
        use std::os::fd::FromRawFd as _;
        // SAFETY: the descriptor is new and ours alone; the events live through the calls.
        unsafe {
            let epoll = check(libc::epoll_create1(libc::EPOLL_CLOEXEC))?;
            for (index, connection) in connections.iter().enumerate() {
                let mut event =
                    libc::epoll_event { events: libc::EPOLLIN.cast_unsigned(), u64: index as u64 };
                check(libc::epoll_ctl(
                    epoll,
                    libc::EPOLL_CTL_ADD,
                    connection.stream.as_raw_fd(),
                    &raw mut event,
                ))?;
            }
            Ok(Self(std::os::fd::OwnedFd::from_raw_fd(epoll)))
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // Both are the small numbers of this file.
    fn wait(&self) -> Result<impl Iterator<Item = usize> + use<>> {
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; EVENTS];
        // SAFETY: the place for the events is ours and as long as it is said to be.
        let ready = unsafe {
            check(libc::epoll_wait(self.0.as_raw_fd(), events.as_mut_ptr(), EVENTS as i32, WAIT_MS))?
        };
        Ok(events.into_iter().take(ready.unsigned_abs() as usize).map(|event| event.u64 as usize))
    }
}

fn check(result: i32) -> Result<i32> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}
