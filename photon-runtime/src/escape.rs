//! Percent-encoding (RFC 3986, section 2.1) and its form variant with `+` for a space.
//!
//! This module knows no delimiters: callers split first and decode the pieces, each exactly once.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Decodes the percent escapes of a piece of a path, a header or a cookie. None where an escape is broken or the octets
/// are not UTF-8.
pub(crate) fn decode(raw: &str) -> Option<Cow<'_, str>> {
    if !raw.as_bytes().contains(&b'%') {
        return Some(Cow::Borrowed(raw));
    }
    unescape(raw.as_bytes(), false)
}

/// Decodes a piece of a query or of an urlencoded form, where `+` is a space too.
pub(crate) fn decode_form(raw: &str) -> Option<Cow<'_, str>> {
    if !raw.bytes().any(|byte| byte == b'%' || byte == b'+') {
        return Some(Cow::Borrowed(raw));
    }
    unescape(raw.as_bytes(), true)
}

/// Whether a piece of a query is this text once decoded.
pub(crate) fn is_form_of(raw: &str, text: &str) -> bool {
    let mut raw = raw.bytes();
    let mut octets = text.bytes();
    while let Some(byte) = raw.next() {
        let octet = match byte {
            b'%' => {
                let mut digit = || raw.next().and_then(hex);
                digit().and_then(|high| Some(high << 4 | digit()?))
            }
            b'+' => Some(b' '),
            _ => Some(byte),
        };
        if octet.is_none() || octet != octets.next() {
            return false;
        }
    }
    octets.next().is_none()
}

/// Encodes all but the unreserved characters.
pub(crate) fn encode(text: &str, out: &mut String) {
    encode_but(text, b"", out);
}

/// Encodes all but the unreserved characters and those kept.
pub(crate) fn encode_but(text: &str, kept: &[u8], out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

fn unescape(raw: &[u8], plus: bool) -> Option<Cow<'static, str>> {
    let mut octets = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'%' => {
                let (escape, tail) = rest.split_at_checked(2)?;
                octets.push(hex(escape[0])? << 4 | hex(escape[1])?);
                rest = tail;
            }
            b'+' if plus => octets.push(b' '),
            _ => octets.push(byte),
        }
    }
    String::from_utf8(octets).ok().map(Cow::Owned)
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_decoded_once() {
        let cases = [
            ("plain", Some("plain")),
            ("a%20b", Some("a b")),
            ("a+b", Some("a+b")),
            ("%2525", Some("%25")),
            ("%E2%9C%93%c3%a9", Some("✓é")),
            ("%00", Some("\0")),
            ("%FF", None),
            ("%C0%AF", None),
            ("%ED%A0%80", None),
            ("%", None),
            ("%2", None),
            ("%G0", None),
            ("%+1", None),
            ("", Some("")),
        ];
        for (raw, text) in cases {
            assert_eq!(decode(raw).as_deref(), text, "{raw}");
        }
        assert_eq!(decode_form("a+b%2B").as_deref(), Some("a b+"));
        assert_eq!(decode_form("a;b=c").as_deref(), Some("a;b=c"));
        for (raw, text) in cases {
            assert!(text.is_none_or(|text| raw.contains('+') || is_form_of(raw, text)), "{raw}");
        }
        for (raw, text) in
            [("a", "ab"), ("ab", "a"), ("%", ""), ("%4", "@"), ("%G0", "\0"), ("+", "+"), ("", "a")]
        {
            assert!(!is_form_of(raw, text), "{raw} {text}");
        }
        assert!(is_form_of("a+b%2B", "a b+"));
    }

    #[test]
    fn what_is_encoded_decodes_to_itself() {
        let mut out = String::new();
        encode("a b/ü~%", &mut out);
        assert_eq!(out, "a%20b%2F%C3%BC~%25");
        assert_eq!(decode(&out).as_deref(), Some("a b/ü~%"));
    }
}
