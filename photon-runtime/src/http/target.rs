//! The request target and the `Host` field (RFC 9112, sections 3.2 and 3.2.2). Knows text only.

/// Bytes that may stand in the `Host` field or in an authority without user information.
///
/// A comma is grammatical in a name but refused: it is how intermediaries join two `Host` fields.
static AUTHORITY: [bool; 256] = table(b"-._~!$&'()*+;=%:[]");

/// What a request target says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Target<'r> {
    /// `/path?query` or `*`, to be handed on as it stands.
    Origin(&'r str),
    /// `http://authority/path?query`, taken apart. `path` lacks its `/` where the text did.
    Absolute {
        /// Host and port, which take the place of the `Host` field.
        authority: &'r str,
        /// What follows the authority.
        path: &'r str,
    },
}

/// Reads a target; `None` when it has no form that an origin server takes.
#[inline]
pub(crate) fn parse<'r>(method: &str, target: &'r str) -> Option<Target<'r>> {
    if !target.bytes().all(|byte| byte > b' ' && byte < 0x7f && byte != b'#') || method == "CONNECT" {
        return None;
    }
    if target.starts_with('/') {
        return Some(Target::Origin(target));
    }
    parse_other(method, target)
}

#[cold]
fn parse_other<'r>(method: &str, target: &'r str) -> Option<Target<'r>> {
    if target == "*" {
        return (method == "OPTIONS").then_some(Target::Origin(target));
    }
    let (scheme, rest) = target.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    (!authority.is_empty() && is_authority(authority.as_bytes()))
        .then_some(Target::Absolute { authority, path })
}

/// Whether these bytes name a host, with or without a port. The empty name is one: some targets have no host.
#[inline]
pub(crate) fn is_authority(bytes: &[u8]) -> bool {
    if !bytes.iter().all(|byte| AUTHORITY[usize::from(*byte)]) {
        return false;
    }
    let (host, port) = match bytes.iter().rposition(|byte| *byte == b':') {
        Some(colon) if !bytes[colon..].contains(&b']') => (&bytes[..colon], &bytes[colon + 1..]),
        _ => (bytes, &bytes[..0]),
    };
    let bracketed = host.first() == Some(&b'[') && host.last() == Some(&b']') && host.len() > 2;
    let inner = if bracketed { &host[1..host.len() - 1] } else { host };
    port.iter().all(u8::is_ascii_digit)
        && port.len() <= 5
        && !inner.iter().any(|byte| matches!(byte, b'[' | b']') || (*byte == b':' && !bracketed))
}

const fn table(marks: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        // Narrowing is exact: the loop ends at 128.
        #[allow(clippy::cast_possible_truncation)]
        let character = byte as u8;
        table[byte] = character.is_ascii_alphanumeric();
        byte += 1;
    }
    let mut mark = 0;
    while mark < marks.len() {
        table[marks[mark] as usize] = true;
        mark += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        let origin = |text| Some(Target::Origin(text));
        let absolute = |authority, path| Some(Target::Absolute { authority, path });
        let cases = [
            ("GET", "/a?b=c", origin("/a?b=c")),
            ("GET", "//evil.example/x", origin("//evil.example/x")),
            ("OPTIONS", "*", origin("*")),
            ("GET", "*", None),
            ("GET", "a", None),
            ("GET", "", None),
            ("GET", "/a#b", None),
            ("GET", "/\u{e9}", None),
            ("GET", "example.com:80", None),
            ("CONNECT", "example.com:80", None),
            ("CONNECT", "/", None),
            ("GET", "http://a.example:80/x?y", absolute("a.example:80", "/x?y")),
            ("GET", "HTTPS://[::1]:8080", absolute("[::1]:8080", "")),
            ("GET", "http://a?x=1", absolute("a", "?x=1")),
            ("GET", "http://user@a/x", None),
            ("GET", "http:///x", None),
            ("GET", "ftp://a/x", None),
        ];
        for (method, target, expected) in cases {
            assert_eq!(parse(method, target), expected, "{method} {target}");
        }
    }

    #[test]
    fn authorities() {
        for good in ["", "a", "a.example:8080", "a:", "[::1]", "[::1]:80", "127.0.0.1:1", "a_b", "%41"] {
            assert!(is_authority(good.as_bytes()), "{good}");
        }
        for bad in
            ["a b", "a/b", "a@b", "a,b", "a:x", "a:123456", "::1", "[::1", "a]", "[]", "a<b", "a#", "a\\b"]
        {
            assert!(!is_authority(bad.as_bytes()), "{bad}");
        }
    }
}
