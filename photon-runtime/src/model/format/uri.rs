//! URIs (RFC 3986), IRIs (RFC 3987) and URI templates (RFC 6570).

use std::net::{Ipv4Addr, Ipv6Addr};

/// Which characters a reference may be written in.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Alphabet {
    /// RFC 3986.
    Ascii,
    /// RFC 3987.
    Unicode,
}

/// Whether a text is a reference with a scheme.
pub(super) fn is_absolute(text: &str, alphabet: Alphabet) -> bool {
    scheme(text).is_some_and(|rest| is_relative_part(rest, alphabet))
}

/// Whether a text is a reference, with or without a scheme.
pub(super) fn is_reference(text: &str, alphabet: Alphabet) -> bool {
    if is_absolute(text, alphabet) {
        return true;
    }
    // The first segment of a relative path must not look like a scheme.
    let path = &text[..text.find(['?', '#']).unwrap_or(text.len())];
    let first = path.split('/').next().unwrap_or_default();
    !first.contains(':') && is_relative_part(text, alphabet)
}

/// What follows the scheme.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    (scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(letters))
        .then_some(rest)
}

/// Authority, path, query and fragment.
fn is_relative_part(text: &str, alphabet: Alphabet) -> bool {
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (text, query) = text.split_once('?').unwrap_or((text, ""));
    let tail = |character: char| is_path(character, alphabet) || character == '?';
    let in_query =
        |character: char| tail(character) || (alphabet == Alphabet::Unicode && is_private(character));
    if !all(fragment, tail) || !all(query, in_query) {
        return false;
    }
    let path = match text.strip_prefix("//") {
        None => text,
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            if !is_authority(&rest[..end], alphabet) {
                return false;
            }
            &rest[end..]
        }
    };
    all(path, |character| is_path(character, alphabet))
}

fn is_authority(text: &str, alphabet: Alphabet) -> bool {
    let (user, host) = match text.rsplit_once('@') {
        Some((user, host)) => (user, host),
        None => ("", text),
    };
    let (host, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let Some((literal, port)) = rest.split_once(']') else { return false };
            if !is_literal(literal) || !(port.is_empty() || port.starts_with(':')) {
                return false;
            }
            ("", port)
        }
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    all(user, |character| is_name(character, alphabet) || character == ':')
        && all(host, |character| is_name(character, alphabet))
        && port.bytes().skip(1).all(|byte| byte.is_ascii_digit())
}

/// What stands in brackets: an IPv6 address, or one of a version to come.
fn is_literal(text: &str) -> bool {
    let Some(future) = text.strip_prefix(['v', 'V']) else { return is_ipv6(text) };
    let Some((version, address)) = future.split_once('.') else { return false };
    let letters = |character: char| is_name(character, Alphabet::Ascii) || character == ':';
    !version.is_empty()
        && version.bytes().all(|byte| byte.is_ascii_hexdigit())
        && !address.is_empty()
        && address.chars().all(letters)
}

/// Whether every character is allowed or part of `%XX`.
fn all(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let fits = match character {
            '%' => [rest.next(), rest.next()]
                .iter()
                .all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit())),
            _ => allowed(character),
        };
        if !fits {
            return false;
        }
    }
    true
}

fn is_path(character: char, alphabet: Alphabet) -> bool {
    is_name(character, alphabet) || matches!(character, ':' | '@' | '/')
}

/// `unreserved` and `sub-delims`.
fn is_name(character: char, alphabet: Alphabet) -> bool {
    character.is_ascii_alphanumeric()
        || "-._~!$&'()*+,;=".contains(character)
        || (alphabet == Alphabet::Unicode && is_ucs(character))
}

/// `ucschar` of RFC 3987.
fn is_ucs(character: char) -> bool {
    let code = u32::from(character);
    match code {
        0xA0..=0xD7FF | 0xF900..=0xFDCF | 0xFDF0..=0xFFEF => true,
        0x1_0000..0xE_0000 | 0xE_1000..0xF_0000 => code & 0xFFFF < 0xFFFE,
        _ => false,
    }
}

/// `iprivate` of RFC 3987.
fn is_private(character: char) -> bool {
    let code = u32::from(character);
    matches!(code, 0xE000..=0xF8FF) || (code >= 0xF_0000 && code & 0xFFFF < 0xFFFE)
}

/// Whether a text is a dotted quad without leading zeros.
pub(super) fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

/// Whether a text is an IPv6 address without a zone.
pub(super) fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

/// Whether a text is a URI template.
pub(super) fn is_template(text: &str) -> bool {
    let mut rest = text;
    while let Some((literal, more)) = rest.split_once('{') {
        let Some((expression, more)) = more.split_once('}') else { return false };
        if !all(literal, is_template_literal) || !is_expression(expression) {
            return false;
        }
        rest = more;
    }
    all(rest, is_template_literal)
}

fn is_template_literal(character: char) -> bool {
    match character {
        '\0'..=' ' | '\x7f' | '"' | '%' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => false,
        _ => character.is_ascii() || is_ucs(character) || is_private(character),
    }
}

fn is_expression(text: &str) -> bool {
    let variables =
        text.strip_prefix(['+', '#', '.', '/', ';', '?', '&', '=', ',', '!', '@', '|']).unwrap_or(text);
    variables.split(',').all(is_variable)
}

fn is_variable(text: &str) -> bool {
    let name = match text.split_once(':') {
        Some((name, length)) => {
            let digits = length.bytes().all(|byte| byte.is_ascii_digit());
            if !digits || length.starts_with('0') || !(1..=4).contains(&length.len()) {
                return false;
            }
            name
        }
        None => text.strip_suffix('*').unwrap_or(text),
    };
    let part =
        |part: &str| !part.is_empty() && all(part, |letter| letter.is_ascii_alphanumeric() || letter == '_');
    name.split('.').all(part)
}
