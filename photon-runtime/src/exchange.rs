//! What a driver (the HTTP/1.1 engine, the in-memory test client, an adapter) and a handler say to each other.
//!
//! The driver parses a request head, then calls [`Handler::handle`] once, on the connection's own coroutine. The handler
//! reads the body through the [`Exchange`], and answers through it exactly once: with [`Exchange::send`], or piece by
//! piece with [`Exchange::begin`], [`Exchange::write`], [`Exchange::finish`]. This module knows no socket and no route.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "websocket")]
use crate::websocket::WebSocketLimits;

/// Answers requests: implemented by `Service` and by middleware around it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not answer requests",
    note = "a server runs a service: the generated module's `service(..)` makes one of an application"
)]
pub trait Handler: Send + Sync + 'static {
    /// Answers one request. A panic in here must not end the server: drivers answer it with 500.
    fn handle(&self, request: &Head<'_>, exchange: &mut dyn Exchange);
}

/// The head of a request, as received: nothing is decoded (RFC 9112, sections 3 and 5).
#[derive(Clone, Copy, Debug)]
pub struct Head<'r> {
    /// The method, case-sensitive: `GET`.
    pub method: &'r str,
    /// The request target in origin form or `*`, query included: `/pets?limit=3`.
    /// Drivers take scheme and authority off an absolute form before.
    pub target: &'r str,
    /// The minor version of HTTP/1: 0 or 1.
    pub minor: u8,
    /// The header fields in the order received.
    pub headers: &'r [Header<'r>],
}

/// One header field of a request: the name as received, the value without surrounding blanks.
pub type Header<'r> = httparse::Header<'r>;

impl<'r> Head<'r> {
    /// The first value of a header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&'r [u8]> {
        self.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
    }

    /// All values of a header, in the order received.
    pub fn header_all<'n>(&self, name: &'n str) -> impl Iterator<Item = &'r [u8]> + Clone + use<'r, 'n> {
        let headers = self.headers;
        headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
    }
}

/// What an operation is called; known for as long as the process runs, so that anybody may name it at any time.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct OperationName {
    /// The `operationId`.
    pub id: &'static str,
    /// The method: `GET`.
    pub method: &'static str,
    /// The path template: `/pets/{petId}`.
    pub path: &'static str,
}

/// How far the answer to a request has come.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Sent {
    /// The status; 0 before the answer has begun.
    pub status: u16,
    /// Bytes of the body so far, without its framing.
    pub body_bytes: u64,
}

/// One header field of an answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Field {
    /// The name, lower case.
    pub name: Cow<'static, str>,
    /// The value. A driver never sends one that holds CR, LF or NUL: it answers 500 instead.
    pub value: Cow<'static, str>,
}

/// How long the body of a request is, as its head says (RFC 9112, section 6.3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BodyLength {
    /// There is none.
    Empty,
    /// `Content-Length`, in bytes.
    Exact(u64),
    /// `Transfer-Encoding: chunked`.
    Chunked,
}

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BodyError {
    /// It is longer than the limit: 413.
    TooLarge,
    /// It did not come in time: 408.
    Timeout,
    /// Its framing is broken or the client left: 400, and the connection closes.
    Broken,
}

impl BodyError {
    /// The status that tells the client.
    pub fn status(self) -> u16 {
        match self {
            Self::TooLarge => 413,
            Self::Timeout => 408,
            Self::Broken => 400,
        }
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the body is larger than this operation allows",
            Self::Timeout => "the body did not arrive in time",
            Self::Broken => "the body is not framed as HTTP demands, or the client left",
        })
    }
}

impl std::error::Error for BodyError {}

/// One request's way in and out.
///
/// After the handler has returned without answering, the driver answers 500. Bytes of the body that nobody read are the
/// driver's business (RFC 9112, section 9.3).
pub trait Exchange {
    /// How long the body is.
    fn body_length(&self) -> BodyLength;

    /// Limits the body, in bytes; replaces the driver's default. Call it before the first read.
    fn limit_body(&mut self, bytes: u64);

    /// Reads the next piece of the body into `buffer`; 0 is its end. Waits, parking the coroutine.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, BodyError>;

    /// Reads the whole rest of the body, without a copy where it has arrived already.
    fn read_all(&mut self) -> Result<Cow<'_, [u8]>, BodyError>;

    /// Answers: the driver adds `Date`, `Content-Length` and `Connection`, and drops the body where the method or the
    /// status has none (HEAD, 1xx, 204, 304); for HEAD the length stays told.
    fn send(&mut self, status: u16, fields: &[Field], body: &[u8]);

    /// Begins an answer in pieces, and sends its head. A `content-length` among the fields tells the length of the
    /// whole, which the pieces must then add up to; without it the length is unknown.
    fn begin(&mut self, status: u16, fields: &[Field]) -> io::Result<()>;

    /// Sends a piece of the body of an answer that has begun. Waits while the client does not read.
    fn write(&mut self, piece: &[u8]) -> io::Result<()>;

    /// Ends an answer that has begun.
    fn finish(&mut self) -> io::Result<()>;

    /// Cuts an answer that has begun: the connection closes so that the client cannot take it for complete.
    fn abort(&mut self);

    /// Runs a task once the answer is on its way to the client, before the connection's next request. By default at
    /// once, for drivers that send at once.
    fn after(&mut self, task: Box<dyn FnOnce() + Send>) {
        task();
    }

    /// Whether an answer was sent or begun.
    fn answered(&self) -> bool;

    /// How far the answer has come, for logs and metrics. Drivers that do not count say nothing.
    fn sent(&self) -> Sent {
        Sent::default()
    }

    /// Says which operation the request is for, so that the driver can name it to people.
    fn name(&mut self, operation: &'static OperationName) {
        let _ = operation;
    }

    /// Told of an answer that is not what the document says, before another is sent in its place: where answers are
    /// checked. The in-memory client of tests panics.
    fn departs(&mut self, departure: &str) {
        let _ = departure;
    }

    /// Whether the client has gone or the server is asked to stop at once; long work should look now and then.
    fn is_cancelled(&self) -> bool;

    /// The certificate that the client has shown on this connection.
    fn client_certificate(&self) -> ClientCertificate<'_> {
        ClientCertificate::Unknown
    }

    /// Whether the server stops, and what could go on for ever should end.
    fn is_stopping(&self) -> bool {
        false
    }

    /// Whether balancers should send requests here: not from the moment that the server is asked to stop, unless another
    /// takes its place.
    fn is_ready(&self) -> bool {
        true
    }

    /// The address of the client, where it has one.
    fn peer(&self) -> Option<SocketAddr>;

    /// Waits for this time, while an answer is sent piece by piece and there is nothing to send.
    fn pause(&mut self, timeout: Duration) -> Pause {
        // Whoever pauses looks at the time itself.
        let _ = crate::sleep(timeout.min(POLL));
        Pause::Over
    }

    /// A function that ends the present or the next [pause](Self::pause), from any thread or coroutine. None where
    /// pauses are short anyway.
    fn interrupter(&self) -> Option<Arc<dyn Fn() + Send + Sync>> {
        None
    }

    /// How long an answer that waits for something to send may be silent. Defaults to 15 s.
    fn keep_alive(&self) -> Duration {
        Duration::from_secs(15)
    }

    /// Answers `101 Switching Protocols` and hands out the connection as a stream of bytes, for as long as the handler
    /// runs; the connection ends with it. The driver adds `Connection: upgrade`.
    ///
    /// Reading from the stream fails once with `WouldBlock` when the server is stopping, so that the client can be told;
    /// [`Duplex::is_stopping`] says so.
    fn upgrade(&mut self, fields: &[Field]) -> io::Result<&mut dyn Duplex> {
        let _ = fields;
        Err(io::Error::new(io::ErrorKind::Unsupported, "this driver does not switch protocols"))
    }

    /// What a WebSocket over this connection may cost. Defaults to [`WebSocketLimits::default`].
    #[cfg(feature = "websocket")]
    fn websocket_limits(&self) -> WebSocketLimits {
        WebSocketLimits::default()
    }
}

/// What a driver knows of the client's certificate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClientCertificate<'e> {
    /// It does not ask for any; whoever ends TLS in front of it may tell it in a header.
    Unknown,
    /// It asks, and the client has shown none.
    Missing,
    /// One whose authority is trusted, DER; the client has proved that it is its own.
    Verified(&'e [u8]),
}

/// Why a [pause](Exchange::pause) is over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Pause {
    /// Its time is over, or somebody interrupted it, or there was no reason: look again.
    Over,
    /// The client sends no more. Whether it still reads is seen once something is sent to it. Told once.
    HungUp,
    /// The server is stopping: what could go on for ever should end.
    Stopping,
    /// The client has left, or the server has lost patience.
    Gone,
}

/// How often a driver that cannot be interrupted looks whether it is.
const POLL: Duration = Duration::from_millis(20);

/// A stream of bytes in both directions: what a connection is once protocols are switched.
pub trait Duplex: io::Read + io::Write {
    /// How long a read may wait before it fails with `TimedOut`; the stream goes on after that.
    fn set_read_timeout(&mut self, timeout: Duration);

    /// A function that makes the present or the next read fail with `WouldBlock`, from any thread or coroutine: how
    /// others get the handler's attention.
    fn interrupter(&self) -> Arc<dyn Fn() + Send + Sync>;

    /// Whether the server stops, and the stream should come to its end.
    fn is_stopping(&self) -> bool;
}
