//! Writing the heads of answers (RFC 9112, sections 4 to 6). Knows bytes only.

use std::io::Write as _;

use super::chunked::is_token;
use super::clock;
use super::head::Refusal;
use super::status::reason;
use crate::exchange::Field;

/// Why an answer cannot be sent as the handler gave it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Invalid {
    /// The status is not one of a final answer.
    Status,
    /// The name of a field is not a token.
    Name,
    /// The value of a field holds CR, LF or NUL.
    Value,
}

/// What the fields of an answer say to the engine.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Said {
    /// `Connection: close`.
    pub(crate) close: bool,
    /// `Content-Length`, where it is a number.
    pub(crate) length: Option<u64>,
}

/// Appends the status line, the date and the fields.
///
/// The fields that frame the message are the engine's own (`Connection`, `Content-Length`, `Date`,
/// `Transfer-Encoding`): they are left out here, and what they say is returned. Nothing is appended on error.
#[inline]
pub(crate) fn head(out: &mut Vec<u8>, status: u16, fields: &[Field]) -> Result<Said, Invalid> {
    let before = out.len();
    status_line(out, status);
    self::fields(out, fields).inspect_err(|_| out.truncate(before))
}

/// Appends the fields, without those that are the engine's own; some of them on error.
#[inline]
pub(crate) fn fields(out: &mut Vec<u8>, fields: &[Field]) -> Result<Said, Invalid> {
    let mut said = Said::default();
    for field in fields {
        let (name, value) = (field.name.as_bytes(), field.value.as_bytes());
        check(name, value)?;
        if is_own(name, value, &mut said) {
            continue;
        }
        out.extend_from_slice(name);
        out.extend_from_slice(b": ");
        out.extend_from_slice(value);
        out.extend_from_slice(b"\r\n");
    }
    Ok(said)
}

/// Whether a final answer may have this status.
#[inline]
pub(crate) fn is_final(status: u16) -> bool {
    (200..=999).contains(&status)
}

/// Appends the status line and the date.
#[inline]
pub(crate) fn status_line(out: &mut Vec<u8>, status: u16) {
    if status == 200 {
        out.extend_from_slice(b"HTTP/1.1 200 OK\r\ndate: ");
    } else {
        out.extend_from_slice(b"HTTP/1.1 ");
        push_number(out, u64::from(status));
        out.push(b' ');
        out.extend_from_slice(reason(status).as_bytes());
        out.extend_from_slice(b"\r\ndate: ");
    }
    clock::push_date(out);
    out.extend_from_slice(b"\r\n");
}

/// Appends `Content-Length`.
#[inline]
pub(crate) fn content_length(out: &mut Vec<u8>, bytes: u64) {
    out.extend_from_slice(b"content-length: ");
    push_number(out, bytes);
    out.extend_from_slice(b"\r\n");
}

/// Appends a whole answer of the engine's own: a problem (RFC 9457), after which the connection closes.
#[cold]
pub(crate) fn refusal(out: &mut Vec<u8>, refusal: Refusal) {
    let Refusal { status, detail } = refusal;
    let body = problem(status, detail);
    status_line(out, status);
    // Writing to memory cannot fail.
    let _ = write!(
        out,
        "content-type: application/problem+json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len(),
    );
}

/// A problem document. The detail is our own text and needs no escaping.
pub(crate) fn problem(status: u16, detail: &'static str) -> String {
    let title = reason(status);
    if detail.is_empty() {
        format!(r#"{{"type":"about:blank","title":"{title}","status":{status}}}"#)
    } else {
        format!(r#"{{"type":"about:blank","title":"{title}","status":{status},"detail":"{detail}"}}"#)
    }
}

#[inline]
fn push_number(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

#[inline]
fn check(name: &[u8], value: &[u8]) -> Result<(), Invalid> {
    if name.is_empty() || !name.iter().all(|byte| is_token(*byte)) {
        return Err(Invalid::Name);
    }
    if value.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
        return Err(Invalid::Value);
    }
    Ok(())
}

#[inline]
fn is_own(name: &[u8], value: &[u8], said: &mut Said) -> bool {
    match name.len() {
        4 => name.eq_ignore_ascii_case(b"date"),
        10 if name.eq_ignore_ascii_case(b"connection") => {
            said.close |= value.eq_ignore_ascii_case(b"close");
            true
        }
        14 if name.eq_ignore_ascii_case(b"content-length") => {
            said.length = str::from_utf8(value).ok().and_then(|text| text.parse().ok());
            true
        }
        17 => name.eq_ignore_ascii_case(b"transfer-encoding"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn field(name: &'static str, value: &'static str) -> Field {
        Field { name: Cow::Borrowed(name), value: Cow::Borrowed(value) }
    }

    #[test]
    fn fields_are_written_and_own_ones_left_out() {
        let mut out = b"before".to_vec();
        let fields = [
            field("x-a", "1"),
            field("Connection", "Close"),
            field("content-length", "7"),
            field("transfer-encoding", "chunked"),
            field("date", "never"),
        ];
        let said = head(&mut out, 201, &fields).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("beforeHTTP/1.1 201 Created\r\ndate: "), "{text}");
        assert!(text.ends_with(" GMT\r\nx-a: 1\r\n") || text.contains("\r\nx-a: 1\r\n"), "{text}");
        assert!(said.close && said.length == Some(7));
        assert!(!text.contains("never") && !text.contains("chunked"), "{text}");
    }

    #[test]
    fn splitting_is_refused() {
        let cases = [
            (field("x", "a\r\nb: c"), Invalid::Value),
            (field("x", "a\nb"), Invalid::Value),
            (field("x", "a\0"), Invalid::Value),
            (field("x y", "a"), Invalid::Name),
            (field("x\r\ny", "a"), Invalid::Name),
            (field("", "a"), Invalid::Name),
        ];
        for (bad, expected) in cases {
            let mut out = b"kept".to_vec();
            let error = head(&mut out, 200, &[field("a", "b"), bad]).unwrap_err();
            assert_eq!((error, out), (expected, b"kept".to_vec()));
        }
    }

    #[test]
    fn a_refusal_is_a_problem() {
        let mut out = Vec::new();
        refusal(&mut out, Refusal::new(400, "why"));
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("content-type: application/problem+json\r\nconnection: close\r\n"), "{text}");
        assert!(
            text.ends_with(r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"why"}"#),
            "{text}"
        );
    }
}
