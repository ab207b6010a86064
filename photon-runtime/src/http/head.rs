//! The head of a request: `httparse`, then strict line ends and limits (RFC 9112, sections 2 to 5).
//!
//! What the fields mean for the message is decided in `fields`. Knows bytes only.

use std::mem::MaybeUninit;

use super::fields::{self, Fields};
use super::target::{self, Target};
use crate::exchange::{BodyLength, Head, Header};

/// Header fields for which there is room on the stack; a request with more is parsed again, with room on the heap.
const FEW: usize = 32;

/// A request that the engine itself refuses; the connection closes after the answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Refusal {
    /// The status of the answer.
    pub(crate) status: u16,
    /// What is wrong, for people. Never text of the request.
    pub(crate) detail: &'static str,
}

impl Refusal {
    pub(crate) const fn new(status: u16, detail: &'static str) -> Self {
        Self { status, detail }
    }
}

/// How large a head may be.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_field_names)] // Limits end in `max` everywhere.
pub(crate) struct HeadLimits {
    pub(crate) headers_max: usize,
    pub(crate) head_bytes_max: usize,
    pub(crate) target_bytes_max: usize,
}

/// A parsed head, and what it says about the message and the connection.
#[derive(Debug)]
pub(crate) struct Request<'r> {
    pub(crate) head: Head<'r>,
    /// The bytes of the head, its empty line included.
    pub(crate) head_bytes: usize,
    pub(crate) body: BodyLength,
    pub(crate) keep_alive: bool,
    pub(crate) expects_continue: bool,
}

/// Room for the header fields of one request; made anew for each.
pub(crate) struct Slots<'r> {
    few: [MaybeUninit<Header<'r>>; FEW],
    many: Vec<Header<'r>>,
    target: String,
}

impl Slots<'_> {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { few: [const { MaybeUninit::uninit() }; FEW], many: Vec::new(), target: String::new() }
    }
}

/// Parses the head at the front of `bytes`; `None` while it is not complete.
#[inline]
pub(crate) fn parse<'r>(
    limits: &HeadLimits,
    slots: &'r mut Slots<'r>,
    bytes: &'r [u8],
) -> Result<Option<Request<'r>>, Refusal> {
    let Slots { few, many, target } = slots;
    let mut parsed = httparse::Request::new(&mut []);
    let room = limits.headers_max.min(FEW);
    let mut status = parsed.parse_with_uninit_headers(bytes, &mut few[..room]);
    if matches!(status, Err(httparse::Error::TooManyHeaders)) && limits.headers_max > FEW {
        many.resize(limits.headers_max, httparse::EMPTY_HEADER);
        parsed = httparse::Request::new(many);
        status = parsed.parse(bytes);
    }
    let head_bytes = match status {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return incomplete(limits, bytes),
        Err(error) => return Err(refusal_of(error)),
    };
    let (Some(method), Some(text), Some(minor)) = (parsed.method, parsed.path, parsed.version) else {
        return Err(Refusal::new(400, "the request line is not complete"));
    };
    if text.len() > limits.target_bytes_max {
        return Err(Refusal::new(414, "the request target is too long"));
    }
    check_lines(limits, bytes, head_bytes)?;
    let form =
        target::parse(method, text).ok_or(Refusal::new(400, "the request target has no valid form"))?;
    let headers = parsed.headers;
    let Fields { body, keep_alive, expects_continue, host } = fields::interpret(minor, headers)?;
    let text = match form {
        Target::Origin(text) => text,
        Target::Absolute { authority, path } => {
            // The authority takes the place of the Host field (RFC 9112, section 3.2.2).
            if let Some(host) = host.and_then(|at| headers.get_mut(at)) {
                host.value = authority.as_bytes();
            }
            origin_form(method, path, target)
        }
    };
    let head = Head { method, target: text, minor, headers };
    Ok(Some(Request { head, head_bytes, body, keep_alive, expects_continue }))
}

/// Line ends are CR LF, and nothing else; the head keeps its size.
#[inline]
fn check_lines(limits: &HeadLimits, bytes: &[u8], head_bytes: usize) -> Result<(), Refusal> {
    if head_bytes > limits.head_bytes_max {
        return Err(Refusal::new(431, "the head of the request is too large"));
    }
    let head = &bytes[..head_bytes];
    for at in memchr::memchr_iter(b'\n', head) {
        if at == 0 || head[at - 1] != b'\r' {
            return Err(Refusal::new(400, "a line of the head does not end in CR LF"));
        }
    }
    Ok(())
}

/// The head goes on, unless it is too large already.
#[cold]
fn incomplete<'r>(limits: &HeadLimits, bytes: &[u8]) -> Result<Option<Request<'r>>, Refusal> {
    if bytes.len() <= limits.head_bytes_max {
        return Ok(None);
    }
    Err(if memchr::memchr(b'\n', &bytes[..limits.head_bytes_max]).is_none() {
        Refusal::new(414, "the request line is too long")
    } else {
        Refusal::new(431, "the head of the request is too large")
    })
}

#[cold]
fn refusal_of(error: httparse::Error) -> Refusal {
    match error {
        httparse::Error::TooManyHeaders => Refusal::new(431, "the request has too many header fields"),
        httparse::Error::Version => Refusal::new(505, "only HTTP/1.1 and HTTP/1.0 are spoken here"),
        httparse::Error::HeaderName => Refusal::new(400, "the name of a header field is not a token"),
        httparse::Error::HeaderValue => {
            Refusal::new(400, "the value of a header field holds a control character")
        }
        httparse::Error::NewLine => Refusal::new(400, "a line of the head does not end in CR LF"),
        _ => Refusal::new(400, "the request line is malformed"),
    }
}

/// The origin form of what follows the authority in an absolute form.
#[cold]
fn origin_form<'r>(method: &str, path: &'r str, room: &'r mut String) -> &'r str {
    if path.starts_with('/') {
        return path;
    }
    if path.is_empty() {
        return if method == "OPTIONS" { "*" } else { "/" };
    }
    room.push('/');
    room.push_str(path);
    room
}

#[cfg(test)]
#[path = "head_tests.rs"]
mod tests;
