//! A WebSocket in memory: frames as a client makes them, over two pipes to a handler on a thread of its own.
//!
//! ```text
//! Client ──frames──▶ Pipe ──bytes──▶ Stream (the handler's)
//!        ◀─────────  Pipe ◀───────
//! ```

#![allow(clippy::panic, clippy::expect_used, reason = "for tests, which fail by panics")]

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use http::HeaderMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tungstenite::protocol::{Role, WebSocket};

use super::{Answer, Memory, Request};
use crate::exchange::Duplex;
use crate::websocket::{Close, CloseCode, Message};

/// How long a client waits for anything.
const PATIENCE: Duration = Duration::from_secs(10);

/// A key as clients choose them.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// The client of a WebSocket in memory: see [`Request::websocket`]. It waits for 10 s at most, then it panics.
pub struct Client {
    socket: WebSocket<ClientEnd>,
    headers: HeaderMap,
    closed: Option<Close>,
}

impl Client {
    /// The headers of the answer that opened it.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Sends a message. One that the service does not want any more is lost, as it would be.
    pub fn send(&mut self, message: impl Into<Message>) {
        let _ = self.socket.send(message.into().into());
    }

    /// Sends the JSON of a value, as a text.
    ///
    /// Panics if the value cannot be JSON.
    pub fn send_json(&mut self, value: &(impl Serialize + ?Sized)) {
        self.send(serde_json::to_string(value).expect("the value can be JSON"));
    }

    /// Waits for a message; pings are answered meanwhile. `None` once the service has closed the WebSocket:
    /// [`closed`](Self::closed) tells how.
    pub fn receive(&mut self) -> Option<Message> {
        loop {
            match self.socket.read() {
                Ok(tungstenite::Message::Text(text)) => return Some(Message::Text(text)),
                Ok(tungstenite::Message::Binary(bytes)) => return Some(Message::Binary(bytes)),
                Ok(tungstenite::Message::Close(frame)) => {
                    self.closed.get_or_insert(Close::received(frame));
                    // The answer goes out, and then the stream ends.
                    let _ = self.socket.flush();
                    return None;
                }
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) if error.kind() == ErrorKind::TimedOut => {
                    panic!("nothing was sent within {PATIENCE:?}")
                }
                Err(_) => return None,
            }
        }
    }

    /// Waits for a message that is JSON of this type.
    ///
    /// Panics if it is none, or if the WebSocket is closed.
    pub fn receive_json<T: DeserializeOwned>(&mut self) -> T {
        let Some(message) = self.receive() else { panic!("the WebSocket is closed: {:?}", self.closed) };
        let bytes = message.as_bytes();
        serde_json::from_slice(bytes).unwrap_or_else(|error| {
            panic!("the message is no such JSON ({error}): {}", String::from_utf8_lossy(bytes))
        })
    }

    /// Says that this is the end, and waits until the service has said so too; messages that are under way are lost.
    pub fn close(&mut self, code: CloseCode, reason: &str) {
        let _ = self.socket.close(Close::new(code, reason).frame());
        while self.receive().is_some() {}
    }

    /// How the service has closed the WebSocket; none while it is open, or if it was lost.
    pub fn closed(&self) -> Option<&Close> {
        self.closed.as_ref()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("headers", &self.headers)
            .field("closed", &self.closed)
            .finish_non_exhaustive()
    }
}

/// The request with what asks for a WebSocket, where it does not say so itself.
pub(super) fn handshake(mut request: Request<'_>) -> Request<'_> {
    let fields = [
        ("upgrade", "websocket"),
        ("connection", "upgrade"),
        ("sec-websocket-key", KEY),
        ("sec-websocket-version", "13"),
    ];
    for (name, value) in fields {
        if !request.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name)) {
            request = request.header(name, value);
        }
    }
    request
}

/// Runs the handler of `request` and `talk` beside each other.
pub(super) fn open<R>(
    request: Request<'_>,
    mut memory: Memory,
    talk: impl FnOnce(&mut Client) -> R,
) -> Result<R, Box<Answer>> {
    let (up, down) = (Arc::new(Pipe::default()), Arc::new(Pipe::default()));
    let (opening, opened) = mpsc::sync_channel(1);
    memory.stream = Some(Stream {
        from: Arc::clone(&up),
        to: Arc::clone(&down),
        opening,
        interrupted: Arc::default(),
        patience: PATIENCE,
    });
    thread::scope(|scope| {
        let serving = scope.spawn(move || request.run(memory));
        let Ok(headers) = opened.recv() else {
            // It came to an answer, or to a panic that goes on here.
            let answer = serving.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            return Err(Box::new(answer));
        };
        let socket = WebSocket::from_raw_socket(ClientEnd { from: down, to: up }, Role::Client, None);
        let mut client = Client { socket, headers, closed: None };
        let result = talk(&mut client);
        if client.closed.is_none() {
            client.close(CloseCode::NORMAL, "");
        }
        drop(client);
        match serving.join() {
            Ok(_) => Ok(result),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Bytes in one direction.
#[derive(Default)]
struct Pipe {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    bytes: VecDeque<u8>,
    has_ended: bool,
}

impl Pipe {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.lock();
        if state.has_ended {
            return Err(ErrorKind::BrokenPipe.into());
        }
        state.bytes.extend(bytes);
        self.changed.notify_all();
        Ok(bytes.len())
    }

    fn end(&self) {
        self.lock().has_ended = true;
        self.changed.notify_all();
    }

    /// Waits for bytes, unless `interrupted` is set meanwhile.
    fn read(
        &self,
        buffer: &mut [u8],
        patience: Duration,
        interrupted: Option<&AtomicBool>,
    ) -> io::Result<usize> {
        let until = Instant::now() + patience;
        let mut state = self.lock();
        loop {
            if !state.bytes.is_empty() {
                return state.bytes.read(buffer);
            }
            if state.has_ended {
                return Ok(0);
            }
            if interrupted.is_some_and(|interrupted| interrupted.swap(false, Ordering::SeqCst)) {
                return Err(io::Error::new(ErrorKind::WouldBlock, "the read was interrupted"));
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ErrorKind::TimedOut.into());
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// The client's end of both pipes; they end with it.
struct ClientEnd {
    from: Arc<Pipe>,
    to: Arc<Pipe>,
}

impl Read for ClientEnd {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.from.read(buffer, PATIENCE, None)
    }
}

impl Write for ClientEnd {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for ClientEnd {
    fn drop(&mut self) {
        self.from.end();
        self.to.end();
    }
}

/// The handler's end of both pipes; they end with it.
pub(super) struct Stream {
    from: Arc<Pipe>,
    to: Arc<Pipe>,
    /// Tells the client that it is opened; dropped without that where it is not.
    opening: SyncSender<HeaderMap>,
    interrupted: Arc<AtomicBool>,
    patience: Duration,
}

impl Stream {
    /// The client may begin.
    pub(super) fn opened(&self, headers: HeaderMap) {
        // There is room for one, and somebody waits for it.
        let _ = self.opening.try_send(headers);
    }
}

impl Duplex for Stream {
    fn set_read_timeout(&mut self, timeout: Duration) {
        self.patience = timeout.min(Duration::from_hours(1));
    }

    fn interrupter(&self) -> Arc<dyn Fn() + Send + Sync> {
        let (interrupted, from) = (Arc::clone(&self.interrupted), Arc::clone(&self.from));
        Arc::new(move || {
            interrupted.store(true, Ordering::SeqCst);
            // Under the lock, so that whoever is about to wait sees it.
            let _state = from.lock();
            from.changed.notify_all();
        })
    }

    fn is_stopping(&self) -> bool {
        false
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.from.read(buffer, self.patience, Some(&self.interrupted))
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.from.end();
        self.to.end();
    }
}
