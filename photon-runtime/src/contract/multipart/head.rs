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
    let mut slots = [httparse::EMPTY_HEADER; PART_HEADERS_MAX];
    let (len, headers) = match httparse::parse_headers(window, &mut slots) {
        Ok(httparse::Status::Complete((len, headers))) if window[..len].ends_with(b"\r\n") => (len, headers),
        Ok(httparse::Status::Complete(_)) => return Err("has a part whose headers end without CRLF".into()),
        Ok(httparse::Status::Partial) => {
            return Err("has a part whose headers do not end, or are too long".into());
        }
        Err(_) => return Err("has a part whose headers are not well-formed".into()),
    };
    let mut map = http::HeaderMap::with_capacity(headers.len());
    for header in headers {
        let name = http::HeaderName::from_bytes(header.name.as_bytes());
        let value = http::HeaderValue::from_bytes(header.value);
        let (Ok(name), Ok(value)) = (name, value) else {
            return Err("has a part whose headers are not well-formed".into());
        };
        if map.insert(name, value).is_some() {
            return Err("has a part with a header given twice".into());
        }
    }
    check_transfer_encoding(&map)?;
    let (name, file_name) = disposition(&map)?;
    Ok((Part { name, file_name, headers: map, content: Bytes::new() }, len))
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
fn disposition(headers: &http::HeaderMap) -> Result<(String, Option<String>), Broken> {
    let value = headers.get(http::header::CONTENT_DISPOSITION).ok_or("has a part without a disposition")?;
    let value =
        std::str::from_utf8(value.as_bytes()).map_err(|_| "has a part whose disposition is not UTF-8")?;
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
