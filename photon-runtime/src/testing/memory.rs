//! The driver of requests in memory. Knows no service.

use std::borrow::Cow;
use std::io;
use std::net::SocketAddr;
#[cfg(feature = "websocket")]
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::Answer;
#[cfg(feature = "websocket")]
use crate::exchange::Duplex;
use crate::exchange::{BodyError, BodyLength, ClientCertificate, Exchange, Field, Sent};

/// The longest body unless an operation says otherwise, in bytes; the same as the server's.
const BODY_BYTES_MAX: u64 = 2 * 1024 * 1024;

/// The driver: one request, one answer, all in memory.
pub(crate) struct Memory {
    request: Option<Vec<u8>>,
    pub(super) certificate: Option<Vec<u8>>,
    read: usize,
    limit: u64,
    is_head: bool,
    status: Option<u16>,
    fields: Vec<Field>,
    body: Vec<u8>,
    is_complete: bool,
    pub(super) departure: Option<String>,
    /// What the connection becomes where protocols are switched.
    #[cfg(feature = "websocket")]
    pub(super) stream: Option<super::websocket::Stream>,
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
            #[cfg(feature = "websocket")]
            stream: None,
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

    pub(super) fn into_answer(self) -> Answer {
        let status = self.status.and_then(|status| StatusCode::from_u16(status).ok());
        Answer {
            status: status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: headers(&self.fields),
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

    #[cfg(feature = "websocket")]
    fn interrupter(&self) -> Option<Arc<dyn Fn() + Send + Sync>> {
        self.stream.as_ref().map(Duplex::interrupter)
    }

    #[cfg(feature = "websocket")]
    fn upgrade(&mut self, fields: &[Field]) -> io::Result<&mut dyn Duplex> {
        if self.stream.is_none() {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "the request asks for an answer"));
        }
        self.head(101, fields);
        let headers = headers(&self.fields);
        match &mut self.stream {
            Some(stream) if self.status == Some(101) => {
                stream.opened(headers);
                Ok(stream)
            }
            _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "the answer cannot be sent")),
        }
    }
}

fn headers(fields: &[Field]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for field in fields {
        let name = HeaderName::from_bytes(field.name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(field.value.as_bytes())) {
            headers.append(name, value);
        }
    }
    headers
}
