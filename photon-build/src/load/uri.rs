//! References as RFC 3986 has them: taken apart, resolved against a base, and turned into paths of files.
//!
//! Knows texts only. Must not touch the disk.

use std::path::{Path, PathBuf};

/// A reference, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parts<'a> {
    scheme: Option<&'a str>,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
}

fn take_apart(text: &str) -> Parts<'_> {
    let (rest, query) = match text.split_once('?') {
        Some((rest, query)) => (rest, Some(query)),
        None => (text, None),
    };
    let (scheme, rest) = match rest.split_once(':') {
        Some((scheme, after)) if is_scheme(scheme) => (Some(scheme), after),
        _ => (None, rest),
    };
    let (authority, path) = match rest.strip_prefix("//") {
        Some(after) => {
            let end = after.find('/').unwrap_or(after.len());
            (Some(&after[..end]), &after[end..])
        }
        None => (None, rest),
    };
    Parts { scheme, authority, path, query }
}

fn is_scheme(text: &str) -> bool {
    // One letter is a drive of Windows.
    text.len() > 1
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// Resolves `reference` (without a fragment) against the absolute URI `base`.
pub(crate) fn resolve(base: &str, reference: &str) -> String {
    if reference.is_empty() {
        return base.to_owned();
    }
    let to = take_apart(reference);
    if to.scheme.is_some() {
        return put_together(Parts { path: &without_dots(to.path), ..to });
    }
    let from = take_apart(base);
    let scheme = from.scheme;
    if to.authority.is_some() {
        return put_together(Parts { scheme, path: &without_dots(to.path), ..to });
    }
    let path = if to.path.is_empty() {
        from.path.to_owned()
    } else if to.path.starts_with('/') {
        without_dots(to.path)
    } else {
        let folder = from.path.rfind('/').map_or("/", |at| &from.path[..=at]);
        without_dots(&format!("{folder}{}", to.path))
    };
    put_together(Parts { scheme, authority: from.authority, path: &path, query: to.query })
}

fn put_together(parts: Parts<'_>) -> String {
    let mut text = String::new();
    if let Some(scheme) = parts.scheme {
        text.push_str(scheme);
        text.push(':');
    }
    if let Some(authority) = parts.authority {
        text.push_str("//");
        text.push_str(authority);
    }
    text.push_str(parts.path);
    if let Some(query) = parts.query {
        text.push('?');
        text.push_str(query);
    }
    text
}

fn without_dots(path: &str) -> String {
    if !path.starts_with('/') {
        return path.to_owned();
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path[1..].split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

/// Splits a reference at its first `#`.
pub(crate) fn split_fragment(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// The URI of a file.
pub(crate) fn of_file(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let text = absolute.to_string_lossy().replace('\\', "/");
    let text = without_dots(if text.starts_with('/') { &text } else { return format!("file:///{text}") });
    let mut uri = String::from("file://");
    for c in text.chars() {
        match c {
            '%' => uri.push_str("%25"),
            '#' => uri.push_str("%23"),
            '?' => uri.push_str("%3F"),
            c => uri.push(c),
        }
    }
    uri
}

/// Where the file behind a URI would lie on this machine: its own path, or `vendor/HOST/PATH`.
pub(crate) fn to_file(uri: &str, vendor: Option<&Path>) -> Option<PathBuf> {
    let parts = take_apart(uri);
    match parts.scheme? {
        "file" => {
            let path = percent_decode(parts.path);
            // `/C:/x` on Windows.
            let path = if path.as_bytes().get(2) == Some(&b':') { path[1..].to_owned() } else { path };
            Some(PathBuf::from(path))
        }
        "http" | "https" => {
            let host = parts.authority?;
            let path = percent_decode(parts.path);
            Some(vendor?.join(host).join(path.trim_start_matches('/')))
        }
        _ => None,
    }
}

/// Whether a URI names another machine.
pub(crate) fn is_remote(uri: &str) -> bool {
    !uri.starts_with("file:")
}

/// Decodes `%41`; what is malformed stays as it is.
pub(crate) fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let decoded = match (first, after) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        bytes.push(decoded.unwrap_or(first));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    (digit as char).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_resolve_as_rfc_3986_has_it() {
        let base = "http://a/b/c/d;p?q";
        for (reference, expected) in [
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../../g", "http://a/g"),
            ("../../../g", "http://a/g"),
            ("g:h", "http://a/b/c/g:h"),
            ("urn:x:y", "urn:x:y"),
        ] {
            assert_eq!(resolve(base, reference), expected, "{reference}");
        }
        assert_eq!(resolve("file:///a/b.yaml", "../c.yaml"), "file:///c.yaml");
    }

    #[test]
    fn files_go_there_and_back() {
        for path in ["/a/b c.yaml", "/a/100%.yaml", "/a/b#c.yaml"] {
            assert_eq!(to_file(&of_file(Path::new(path)), None), Some(PathBuf::from(path)));
        }
        assert_eq!(to_file("https://h.example/a%20b", Some(Path::new("v"))), Some("v/h.example/a b".into()));
        assert_eq!(to_file("https://h.example/a", None), None);
    }
}
