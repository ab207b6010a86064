//! Makes texts for formats, patterns and lengths.

use crate::document::Shape;

use super::pattern::matching;

/// A text that meets the patterns, formats and lengths of `shape`; `salt` tells texts apart.
pub(super) fn text(shape: &Shape<'_>, salt: usize) -> Option<String> {
    let length_min = whole(shape.bound("minLength", true).unwrap_or(0.0));
    let length_max = shape.bound("maxLength", false).map_or(usize::MAX, whole);
    if length_min > length_max {
        return None;
    }
    let fits = |text: &String| (length_min..=length_max).contains(&text.chars().count());

    let patterns = shape.texts("pattern");
    if let Some(pattern) = patterns.first() {
        let formatted = shape.texts("format").into_iter().find_map(|format| formatted(format, salt));
        let formatted = formatted.filter(|text| fits(text) && matches_all(&patterns, text));
        return formatted
            .or_else(|| written(shape, &patterns).filter(|text| fits(text) && salt == 0))
            .or_else(|| {
                let made = |salt| matching(pattern, length_min, length_max, salt);
                (salt..salt + 8)
                    .filter_map(made)
                    .find(|text| matches_all(&patterns, text))
                    .or_else(|| made(salt))
            });
    }
    for format in shape.texts("format") {
        if let Some(text) = formatted(format, salt) {
            return Some(text)
                .filter(|text| fits(text))
                .or_else(|| stretched(format, length_min, length_max));
        }
    }
    Some(plain(length_min, length_max, salt))
}

/// A value of this format that a strict reader takes; `None` for formats that say nothing to us.
fn formatted(format: &str, salt: usize) -> Option<String> {
    let digit = salt % 10;
    Some(match format {
        "date-time" => format!("2024-02-0{}T10:20:30Z", salt % 9 + 1),
        "date" => format!("2024-02-0{}", salt % 9 + 1),
        "time" => "10:20:30Z".to_owned(),
        "duration" => "PT5M".to_owned(),
        "uuid" => format!("3f2504e0-4f89-41d3-9a0c-0305e82c330{digit}"),
        "email" | "idn-email" => format!("photon{salt}@example.com"),
        "hostname" | "idn-hostname" => format!("host{salt}.example.com"),
        "ipv4" | "ip" => format!("192.0.2.{}", salt % 200 + 1),
        "ipv6" => format!("2001:db8::{digit}"),
        "uri" | "url" | "iri" => format!("https://example.com/{salt}"),
        "uri-reference" | "iri-reference" => format!("/{salt}"),
        "uri-template" => "/a/{b}".to_owned(),
        "json-pointer" => "/a/b".to_owned(),
        "relative-json-pointer" => "1/a".to_owned(),
        "regex" => "^a+$".to_owned(),
        "byte" | "base64" | "base64url" => "cGhvdG9u".to_owned(),
        "decimal" | "double" | "float" => "12.5".to_owned(),
        "int32" | "int64" | "uint32" | "uint64" | "integer" => (salt + 7).to_string(),
        _ => return None,
    })
}

/// A longer or shorter value of a format, where the format leaves room.
fn stretched(format: &str, length_min: usize, length_max: usize) -> Option<String> {
    let filler = |count: usize| "a".repeat(count);
    let long = match format {
        "uri" | "url" | "iri" if length_max >= 10 => {
            format!("https://a/{}", filler(length_min.saturating_sub(10)))
        }
        "email" if length_max >= 5 => {
            format!("a@{}b.c", filler(length_min.saturating_sub(5).min(60)))
        }
        "hostname" => filler(length_min.max(1)),
        "uri-reference" | "iri-reference" => format!("/{}", filler(length_min.saturating_sub(1))),
        "byte" | "base64" => "AAAA".repeat(length_min.div_ceil(4)),
        _ => return None,
    };
    (long.chars().count() <= length_max).then_some(long)
}

fn plain(length_min: usize, length_max: usize, salt: usize) -> String {
    let mut text = format!("photon{}", if salt == 0 { String::new() } else { salt.to_string() });
    if text.len() > length_max {
        let digits = salt.to_string();
        text = if salt == 0 { "photon".to_owned() } else { format!("{digits}photon") };
        text.truncate(length_max);
    }
    while text.len() < length_min {
        text.push('x');
    }
    text
}

/// An example of the document itself that matches.
fn written(shape: &Shape<'_>, patterns: &[&str]) -> Option<String> {
    let examples = shape.parts.iter().flat_map(|part| {
        let many = part.get("examples").into_iter().flat_map(|list| list.items());
        part.get("example").into_iter().chain(part.get("default")).chain(many)
    });
    examples
        .filter_map(|example| example.value.as_str())
        .map(str::to_owned)
        .find(|text| matches_all(patterns, text))
}

/// Whether the text matches every pattern that can be read; one that cannot be read is not held against the text.
fn matches_all(patterns: &[&str], text: &str) -> bool {
    patterns.iter().all(|pattern| {
        let schema = serde_json::json!({ "pattern": pattern });
        jsonschema::validator_for(&schema)
            .is_ok_and(|validator| validator.is_valid(&serde_json::Value::String(text.to_owned())))
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Lengths of a document; saturates.
fn whole(value: f64) -> usize {
    value.max(0.0) as usize
}
