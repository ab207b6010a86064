//! What the header fields of a request say about its body and its connection (RFC 9112, sections 6 and 9).
//!
//! Whatever two servers could understand differently is refused. Knows fields only.

use super::head::Refusal;
use super::target;
use crate::exchange::{BodyLength, Header};

/// The digits of a content length that always fit 64 bits.
const LENGTH_DIGITS_MAX: usize = 19;

/// What the fields say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub(crate) body: BodyLength,
    pub(crate) keep_alive: bool,
    pub(crate) expects_continue: bool,
    /// Where the `Host` field stands.
    pub(crate) host: Option<usize>,
}

/// Reads the fields that matter to the engine, or says why the request is refused.
#[inline]
pub(crate) fn interpret(minor: u8, headers: &[Header<'_>]) -> Result<Fields, Refusal> {
    let mut length = None;
    let mut chunked = false;
    let mut options = Options::default();
    let mut fields =
        Fields { body: BodyLength::Empty, keep_alive: false, expects_continue: false, host: None };
    for (at, Header { name, value }) in headers.iter().enumerate() {
        // The length tells most names apart before letters are compared.
        match name.len() {
            4 if name.eq_ignore_ascii_case("host") => {
                if fields.host.is_some() || !target::is_authority(value) {
                    return Err(Refusal::new(400, "the Host field is repeated or does not name a host"));
                }
                fields.host = Some(at);
            }
            6 if name.eq_ignore_ascii_case("expect") => {
                fields.expects_continue |= expects_continue(minor, value)?;
            }
            10 if name.eq_ignore_ascii_case("connection") => options.read(value),
            14 if name.eq_ignore_ascii_case("content-length") => {
                if length.is_some() {
                    return Err(Refusal::new(400, "the Content-Length field is repeated"));
                }
                length = Some(content_length(value)?);
            }
            17 if name.eq_ignore_ascii_case("transfer-encoding") => {
                if chunked || minor == 0 {
                    return Err(Refusal::new(
                        400,
                        "the Transfer-Encoding field is repeated or comes with HTTP/1.0",
                    ));
                }
                if !value.eq_ignore_ascii_case(b"chunked") {
                    return Err(Refusal::new(501, "only the transfer coding `chunked` is known here"));
                }
                chunked = true;
            }
            _ => {}
        }
    }
    if chunked && length.is_some() {
        return Err(Refusal::new(400, "Content-Length and Transfer-Encoding contradict each other"));
    }
    if fields.host.is_none() && minor == 1 {
        return Err(Refusal::new(400, "the Host field is missing"));
    }
    fields.keep_alive = !options.close && (minor == 1 || options.keep_alive);
    fields.body = match length {
        _ if chunked => BodyLength::Chunked,
        None | Some(0) => BodyLength::Empty,
        Some(length) => BodyLength::Exact(length),
    };
    Ok(fields)
}

fn expects_continue(minor: u8, value: &[u8]) -> Result<bool, Refusal> {
    if value.eq_ignore_ascii_case(b"100-continue") {
        Ok(minor == 1)
    } else {
        Err(Refusal::new(417, "only the expectation `100-continue` is known here"))
    }
}

/// What the `Connection` fields ask for, all lines together.
#[derive(Clone, Copy, Debug, Default)]
struct Options {
    close: bool,
    keep_alive: bool,
}

impl Options {
    fn read(&mut self, value: &[u8]) {
        for token in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            self.close |= token.eq_ignore_ascii_case(b"close");
            self.keep_alive |= token.eq_ignore_ascii_case(b"keep-alive");
        }
    }
}

#[inline]
fn content_length(value: &[u8]) -> Result<u64, Refusal> {
    if value.is_empty() || value.len() > LENGTH_DIGITS_MAX || !value.iter().all(u8::is_ascii_digit) {
        return Err(Refusal::new(400, "the Content-Length field is not a number"));
    }
    Ok(value.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}
