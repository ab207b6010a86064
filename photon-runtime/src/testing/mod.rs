//! Calls a service in memory: no socket, no coroutine, the same path from head to answer.
//!
//! ```
//! # use photon_runtime::{Service, StatusCode};
//! let service = Service::new((), "{}");
//! assert_eq!(service.get("/nowhere").send().status, StatusCode::NOT_FOUND);
//! assert_eq!(service.get("/openapi.json").send().text(), "{}");
//! ```

mod memory;
#[cfg(feature = "websocket")]
mod websocket;

use std::borrow::Cow;
use std::fmt;

use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::escape;
use crate::exchange::{Handler, Head, Header};
use crate::model::types::Base64;
use crate::service::Service;

pub(crate) use self::memory::Memory;
#[cfg(feature = "websocket")]
pub use self::websocket::Client;

impl<A: Send + Sync + 'static> Service<A> {
    /// A GET request to be sent in memory.
    pub fn get(&self, path: &str) -> Request<'_> {
        self.request("GET", path)
    }

    /// A POST request to be sent in memory.
    pub fn post(&self, path: &str) -> Request<'_> {
        self.request("POST", path)
    }

    /// A PUT request to be sent in memory.
    pub fn put(&self, path: &str) -> Request<'_> {
        self.request("PUT", path)
    }

    /// A PATCH request to be sent in memory.
    pub fn patch(&self, path: &str) -> Request<'_> {
        self.request("PATCH", path)
    }

    /// A DELETE request to be sent in memory.
    pub fn delete(&self, path: &str) -> Request<'_> {
        self.request("DELETE", path)
    }

    /// A request of any method to be sent in memory. The target may hold a query.
    pub fn request(&self, method: &str, target: &str) -> Request<'_> {
        Request {
            handler: self,
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            cookies: String::new(),
            body: None,
            certificate: None,
        }
    }
}

/// A request being made.
#[must_use = "a request does nothing until it is sent"]
pub struct Request<'s> {
    handler: &'s dyn Handler,
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    cookies: String,
    body: Option<Vec<u8>>,
    certificate: Option<Vec<u8>>,
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers, `content-length` included.
    pub headers: HeaderMap,
    /// The body; empty for HEAD.
    pub body: Vec<u8>,
    /// Whether the answer ended as it should: false for a stream that was cut.
    pub is_complete: bool,
}

impl Request<'_> {
    /// Adds a pair to the query, escaped.
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.target.push(if self.target.contains('?') { '&' } else { '?' });
        pair(name, &value.to_string(), &mut self.target);
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Presents a bearer token.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// Presents a name and a password.
    pub fn basic(self, username: &str, password: &str) -> Self {
        let pair = Base64(format!("{username}:{password}").into_bytes());
        self.header("authorization", format!("Basic {pair}"))
    }

    /// Shows a certificate, DER, as on a connection of a server that asks for one.
    pub fn client_certificate(mut self, der: impl Into<Vec<u8>>) -> Self {
        self.certificate = Some(der.into());
        self
    }

    /// Adds a cookie, as it stands.
    pub fn cookie(mut self, name: &str, value: &str) -> Self {
        if !self.cookies.is_empty() {
            self.cookies.push_str("; ");
        }
        self.cookies.extend([name, "=", value]);
        self
    }

    /// Sets the body to the JSON of a value.
    ///
    /// Panics if the value cannot be JSON.
    #[allow(clippy::expect_used, reason = "for tests, which fail by panics")]
    pub fn json(self, value: &(impl Serialize + ?Sized)) -> Self {
        let json = serde_json::to_vec(value).expect("the value can be JSON");
        self.body(json, "application/json")
    }

    /// Sets the body to an urlencoded form.
    pub fn form(self, pairs: &[(&str, &str)]) -> Self {
        let mut text = String::new();
        for (name, value) in pairs {
            if !text.is_empty() {
                text.push('&');
            }
            pair(name, value, &mut text);
        }
        self.body(text, "application/x-www-form-urlencoded")
    }

    /// Sets the body and its media type.
    pub fn body(mut self, bytes: impl Into<Vec<u8>>, media_type: &str) -> Self {
        self.body = Some(bytes.into());
        self.header("content-type", media_type)
    }

    /// Sends the request, and waits for the answer.
    ///
    /// Panics if the answer is not what the document says, where the service checks its answers:
    /// [`Service::check_answers`].
    #[allow(clippy::panic, reason = "for tests, which fail by panics")]
    pub fn send(mut self) -> Answer {
        let memory = Memory::new(self.body.take(), self.method == "HEAD");
        self.run(memory)
    }

    /// Opens a WebSocket, and talks over it while the handler runs beside, on a thread of its own; then waits for both to
    /// come to their end. A WebSocket that `talk` leaves open is closed with 1000. Fails with the answer of a service that
    /// opens none.
    ///
    /// ```
    /// # use photon_runtime::Service;
    /// # use photon_runtime::websocket::WebSocket;
    /// # let service = Service::new((), "{}").websocket("/echo", |_cx, mut socket: WebSocket| {
    /// #     while let Some(message) = socket.receive()? { socket.send(message)?; }
    /// #     Ok(())
    /// # });
    /// let heard = service.get("/echo").websocket(|socket| {
    ///     socket.send("hello");
    ///     socket.receive()
    /// });
    /// assert_eq!(heard.unwrap(), Some("hello".into()));
    /// assert_eq!(service.get("/openapi.json").websocket(|_| ()).unwrap_err().status, 200);
    /// ```
    ///
    /// Panics as [`send`](Self::send) does, and if the handler lets [10 s](Client) go by where `talk` waits for it.
    #[cfg(feature = "websocket")]
    pub fn websocket<R>(mut self, talk: impl FnOnce(&mut Client) -> R) -> Result<R, Box<Answer>> {
        let body = self.body.take();
        websocket::open(websocket::handshake(self), Memory::new(body, false), talk)
    }

    #[allow(clippy::panic, reason = "for tests, which fail by panics")]
    fn run(mut self, mut memory: Memory) -> Answer {
        if !self.cookies.is_empty() {
            let cookies = std::mem::take(&mut self.cookies);
            self = self.header("cookie", cookies);
        }
        let headers: Vec<Header<'_>> =
            self.headers.iter().map(|(name, value)| Header { name, value: value.trim_ascii() }).collect();
        let head = Head { method: &self.method, target: &self.target, minor: 1, headers: &headers };
        memory.certificate = self.certificate;
        self.handler.handle(&head, &mut memory);
        if let Some(departure) = &memory.departure {
            panic!("{departure}");
        }
        memory.into_answer()
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.target)
    }
}

impl Answer {
    /// The body as JSON.
    ///
    /// Panics if it is none, or does not fit.
    #[allow(clippy::panic, reason = "for tests, which fail by panics")]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("the body is no such JSON ({error}): {}", self.text()))
    }

    /// The body as text; what is not UTF-8 is replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

fn pair(name: &str, value: &str, out: &mut String) {
    escape::encode(name, out);
    out.push('=');
    escape::encode(value, out);
}
