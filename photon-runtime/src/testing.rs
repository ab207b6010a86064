//! Calls a service in memory: no socket, no coroutine, the same path from head to answer.
//!
//! ```
//! # use photon_runtime::{Service, StatusCode};
//! let service = Service::new((), "{}");
//! assert_eq!(service.get("/nowhere").send().status, StatusCode::NOT_FOUND);
//! assert_eq!(service.get("/openapi.json").send().text(), "{}");
//! ```

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::net::SocketAddr;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::escape;
use crate::exchange::{
    BodyError, BodyLength, ClientCertificate, Exchange, Field, Handler, Head, Header, Sent,
};
use crate::model::types::Base64;
use crate::service::Service;

/// The longest body unless an operation says otherwise, in bytes; the same as the server's.
const BODY_BYTES_MAX: u64 = 2 * 1024 * 1024;

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
        if !self.cookies.is_empty() {
            let cookies = std::mem::take(&mut self.cookies);
            self = self.header("cookie", cookies);
        }
        let headers: Vec<Header<'_>> =
            self.headers.iter().map(|(name, value)| Header { name, value: value.trim_ascii() }).collect();
        let head = Head { method: &self.method, target: &self.target, minor: 1, headers: &headers };
        let mut memory = Memory::new(self.body, self.method == "HEAD");
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

/// The driver: one request, one answer, all in memory.
pub(crate) struct Memory {
    request: Option<Vec<u8>>,
    certificate: Option<Vec<u8>>,
    read: usize,
    limit: u64,
    is_head: bool,
    status: Option<u16>,
    fields: Vec<Field>,
    body: Vec<u8>,
    is_complete: bool,
    departure: Option<String>,
}

impl Memory {
    pub(crate) fn new(request: Option<Vec<u8>>, is_head: bool) -> Self {
        Self {
            request,
            certificate: None,
            read: 0,
            limit: BODY_BYTES_MAX,
            is_head,
            status: None,
            fields: Vec::new(),
            body: Vec::new(),
            is_complete: true,
            departure: None,
        }
    }

    fn head(&mut self, status: u16, fields: &[Field]) {
        assert!(self.status.is_none(), "a request was answered twice");
        let is_sendable = |field: &Field| !field.value.contains(['\r', '\n', '\0']);
        if fields.iter().all(is_sendable) {
            self.status = Some(status);
            self.fields = fields.to_vec();
        } else {
            self.status = Some(500);
        }
    }

    fn into_answer(self) -> Answer {
        let status = self.status.and_then(|status| StatusCode::from_u16(status).ok());
        let mut headers = HeaderMap::new();
        for field in &self.fields {
            let name = HeaderName::from_bytes(field.name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(field.value.as_bytes())) {
                headers.append(name, value);
            }
        }
        Answer {
            status: status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers,
            body: self.body,
            is_complete: self.is_complete,
        }
    }
}

impl Exchange for Memory {
    fn body_length(&self) -> BodyLength {
        self.request.as_ref().map_or(BodyLength::Empty, |body| BodyLength::Exact(body.len() as u64))
    }

    fn limit_body(&mut self, bytes: u64) {
        self.limit = bytes;
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, BodyError> {
        let body = self.request.as_deref().unwrap_or_default();
        if body.len() as u64 > self.limit {
            return Err(BodyError::TooLarge);
        }
        let rest = &body[self.read..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.read += count;
        Ok(count)
    }

    fn read_all(&mut self) -> Result<Cow<'_, [u8]>, BodyError> {
        let body = self.request.as_deref().unwrap_or_default();
        if body.len() as u64 > self.limit {
            return Err(BodyError::TooLarge);
        }
        let rest = &body[self.read..];
        self.read = body.len();
        Ok(Cow::Borrowed(rest))
    }

    fn send(&mut self, status: u16, fields: &[Field], body: &[u8]) {
        self.head(status, fields);
        let has_content = !matches!(status, 100..=199 | 204 | 304);
        if has_content {
            let length = Cow::Owned(body.len().to_string());
            self.fields.push(Field { name: Cow::Borrowed("content-length"), value: length });
        }
        if has_content && !self.is_head {
            body.clone_into(&mut self.body);
        }
    }

    fn begin(&mut self, status: u16, fields: &[Field]) -> io::Result<()> {
        self.head(status, fields);
        self.is_complete = false;
        Ok(())
    }

    fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        if !self.is_head {
            self.body.extend_from_slice(piece);
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.is_complete = true;
        Ok(())
    }

    fn abort(&mut self) {
        self.is_complete = false;
    }

    fn departs(&mut self, departure: &str) {
        self.departure.get_or_insert_with(|| departure.to_owned());
    }

    fn answered(&self) -> bool {
        self.status.is_some()
    }

    fn sent(&self) -> Sent {
        Sent { status: self.status.unwrap_or(0), body_bytes: self.body.len() as u64 }
    }

    fn is_cancelled(&self) -> bool {
        false
    }

    fn peer(&self) -> Option<SocketAddr> {
        None
    }

    fn client_certificate(&self) -> ClientCertificate<'_> {
        self.certificate.as_deref().map_or(ClientCertificate::Unknown, ClientCertificate::Verified)
    }
}
