//! Formats that are small grammars of their own: durations, mail addresses, pointers, UUIDs.

use super::{host, uri};

/// How long the local part of a mail address may be, in bytes (RFC 5321, 4.5.3.1.1).
const LOCAL_BYTES_MAX: usize = 64;

/// Whether a text is a duration of RFC 3339, appendix A: `P3Y6M4DT12H30M5S`, `P2W`. A unit is followed by the next
/// smaller one, or by none.
pub(super) fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else { return false };
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let clock = time.is_none_or(|time| is_run(time, "HMS"));
    match (date.is_empty(), time) {
        (true, None) => false,
        (true, Some(_)) => clock,
        (false, None) => is_run(date, "YMD") || is_run(date, "W"),
        (false, Some(_)) => is_run(date, "YMD") && clock,
    }
}

/// Whether a text is one or more numbers, each with the next of these units.
fn is_run(text: &str, units: &str) -> bool {
    let mut last = None;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = rest[digits..].chars().next().and_then(|unit| units.find(unit));
        let Some(unit) = unit.filter(|unit| digits > 0 && last.is_none_or(|last| *unit == last + 1)) else {
            return false;
        };
        last = Some(unit);
        rest = &rest[digits + 1..];
    }
    last.is_some()
}

/// Whether a text is a mail address: RFC 5321, or with `unicode` RFC 6531.
pub(super) fn is_email(text: &str, unicode: bool) -> bool {
    if !unicode && !text.is_ascii() {
        return false;
    }
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let domain = match domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(literal) => match literal.get(..5) {
            Some(prefix) if prefix.eq_ignore_ascii_case("IPv6:") => uri::is_ipv6(&literal[5..]),
            _ => uri::is_ipv4(literal),
        },
        None if unicode => host::is_unicode(domain),
        None => host::is_ascii(domain),
    };
    domain && local.len() <= LOCAL_BYTES_MAX && is_local(local)
}

fn is_local(local: &str) -> bool {
    match local.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"').is_some_and(is_quoted),
        None => local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom)),
    }
}

fn is_quoted(text: &str) -> bool {
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let fits = match character {
            '\\' => rest.next().is_some_and(|next| matches!(next, ' '..='~')),
            '"' => false,
            _ => !character.is_control(),
        };
        if !fits {
            return false;
        }
    }
    true
}

fn is_atom(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(
            character,
            '!' | '#'
                | '$'
                | '%'
                | '&'
                | '\''
                | '*'
                | '+'
                | '-'
                | '/'
                | '='
                | '?'
                | '^'
                | '_'
                | '`'
                | '{'
                | '|'
                | '}'
                | '~'
        )
        || (!character.is_ascii() && !character.is_control() && !character.is_whitespace())
}

/// Whether a text is a JSON pointer.
pub(super) fn is_pointer(text: &str) -> bool {
    (text.is_empty() || text.starts_with('/'))
        && text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']))
}

/// Whether a text is a relative JSON pointer.
pub(super) fn is_relative_pointer(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (levels, rest) = text.split_at(digits);
    !levels.is_empty() && (levels == "0" || !levels.starts_with('0')) && (rest == "#" || is_pointer(rest))
}

/// Whether a text is a UUID with its hyphens, in letters of either case.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
