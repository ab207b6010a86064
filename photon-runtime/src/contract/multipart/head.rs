//! The headers of one part (RFC 7578, section 4). Knows bytes only.

use bytes::Bytes;

use super::{Broken, Part};
use crate::media;

/// How long the headers of a part may be, in bytes.
pub(super) const PART_HEAD_BYTES_MAX: usize = 8 * 1024;
/// How many headers a part may have.
const PART_HEADERS_MAX: usize = 16;

/// Reads the headers of a part, and where its content begins.
pub(super) fn part_head(rest: &[u8]) -> Result<(Part, usize), Broken> {
    let window = &rest[..rest.len().min(PART_HEAD_BYTES_MAX)];
    let mut headers = http::HeaderMap::new();
    let mut name_and_file = None;
    let mut at = 0;
    loop {
        let len = memchr::memchr(b'\n', &window[at..])
            .ok_or("has a part whose headers do not end, or are too long")?;
        let line =
            window[at..at + len].strip_suffix(b"\r").ok_or("has a part whose headers end without CRLF")?;
        at += len + 1;
        if line.is_empty() {
            break;
        }
        let (name, value) = header(line).ok_or("has a part whose headers are not well-formed")?;
        let is_disposition = name == http::header::CONTENT_DISPOSITION;
        if headers.contains_key(&name) || (is_disposition && name_and_file.is_some()) {
            return Err("has a part with a header given twice".into());
        }
        if headers.len() == PART_HEADERS_MAX {
            return Err("has a part with too many headers".into());
        }
        if is_disposition {
            name_and_file = Some(disposition(value)?);
        }
        match http::HeaderValue::from_bytes(value) {
            Ok(value) => drop(headers.insert(name, value)),
            // Browsers send control characters in the names of fields and files as they are, and RFC 9110, section 5.5
            // lets a recipient keep them inside of a quoted string. A header they would not be safe in.
            Err(_) if is_disposition => {}
            Err(_) => return Err("has a part whose headers are not well-formed".into()),
        }
    }
    check_transfer_encoding(&headers)?;
    let (name, file_name) = name_and_file.ok_or("has a part without a disposition")?;
    Ok((Part { name, file_name, headers, content: Bytes::new() }, at))
}

/// The name and the value of one line (RFC 9112, section 5); folded lines are none.
fn header(line: &[u8]) -> Option<(http::HeaderName, &[u8])> {
    if memchr::memchr2(b'\r', b'\0', line).is_some() {
        return None;
    }
    let colon = memchr::memchr(b':', line)?;
    let name = http::HeaderName::from_bytes(&line[..colon]).ok()?;
    Some((name, line[colon + 1..].trim_ascii()))
}

/// RFC 7578, section 4.7: contents are not encoded.
fn check_transfer_encoding(headers: &http::HeaderMap) -> Result<(), Broken> {
    match headers.get("content-transfer-encoding").map(http::HeaderValue::as_bytes) {
        None => Ok(()),
        Some(value)
            if [&b"7bit"[..], b"8bit", b"binary"].iter().any(|known| value.eq_ignore_ascii_case(known)) =>
        {
            Ok(())
        }
        Some(_) => Err("has a part with a content transfer encoding".into()),
    }
}

/// `form-data; name="file"; filename="a.txt"`.
fn disposition(value: &[u8]) -> Result<(String, Option<String>), Broken> {
    let value = std::str::from_utf8(value).map_err(|_| "has a part whose disposition is not UTF-8")?;
    let (kind, mut rest) = value.split_once(';').unwrap_or((value, ""));
    if !kind.trim_matches(media::BLANKS).eq_ignore_ascii_case("form-data") {
        return Err("has a part that is not form-data".into());
    }
    let (mut name, mut file_name) = (None, None);
    loop {
        rest = rest.trim_start_matches(media::BLANKS);
        if rest.is_empty() {
            break;
        }
        let (key, value, tail) = attribute(rest).ok_or("has a part whose disposition is not well-formed")?;
        let before = match key.trim_matches(media::BLANKS).to_ascii_lowercase().as_str() {
            "name" => name.replace(value),
            "filename" => file_name.replace(value),
            _ => None,
        };
        if before.is_some() {
            return Err("has a part whose disposition says something twice".into());
        }
        rest = tail;
    }
    Ok((name.ok_or("has a part without a name")?, file_name))
}

/// One `key=value` or `key="value"`, and what follows its semicolon.
fn attribute(text: &str) -> Option<(&str, String, &str)> {
    let (key, rest) = text.split_once('=')?;
    let rest = rest.trim_start_matches(media::BLANKS);
    let Some(quoted) = rest.strip_prefix('"') else {
        let (value, tail) = rest.split_once(';').unwrap_or((rest, ""));
        return Some((key, value.trim_matches(media::BLANKS).to_owned(), tail));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    loop {
        match chars.next()? {
            (at, '"') => {
                let tail = quoted[at + 1..].trim_start_matches(media::BLANKS);
                let tail = if tail.is_empty() { tail } else { tail.strip_prefix(';')? };
                return Some((key, unescape_name(value), tail));
            }
            // Browsers of old send paths of Windows: only these two are escapes.
            (at, '\\') if quoted[at + 1..].starts_with(['"', '\\']) => {
                value.extend(chars.next().map(|(_, char)| char));
            }
            (_, char) => value.push(char),
        }
    }
}

/// Browsers escape just these three in names.
fn unescape_name(name: String) -> String {
    if !name.contains('%') {
        return name;
    }
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}
