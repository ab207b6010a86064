//! `x-photon-limits` of an operation.
//!
//! Knows sizes and times as people write them. Must not know what they limit.

use crate::codes;
use crate::finding::Findings;
use crate::node::Node;
use crate::size;
use crate::spec;

/// What an operation allows, where it says so.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Limits {
    /// `body: 10 MiB`, or a number of bytes.
    pub(super) body_bytes_max: Option<u64>,
    /// `timeout: 5s`, or a number of milliseconds.
    pub(super) timeout_ms: Option<u64>,
}

/// Reads the limits of an operation; what is not understood is told and left out.
pub(super) fn limits(findings: &mut Findings, operation: &spec::Operation) -> Limits {
    let mut read = Limits::default();
    let Some(limits) = operation.extensions.get("x-photon-limits") else { return read };
    let Some(limits) = limits.as_object() else {
        let message = "`x-photon-limits` must be a mapping";
        findings.add(&codes::LIMITS, limits.span, message);
        return read;
    };
    for limit in limits.iter() {
        let (parsed, kind) = match &*limit.key {
            "body" => (&mut read.body_bytes_max, "size"),
            "timeout" => (&mut read.timeout_ms, "time"),
            other => {
                findings.add(&codes::LIMITS, limit.key_span, format!("there is no limit `{other}`"));
                continue;
            }
        };
        *parsed = if kind == "size" { bytes(&limit.value) } else { milliseconds(&limit.value) };
        if parsed.is_none() {
            let text = limit.value.as_text().unwrap_or("this");
            findings.add(&codes::LIMITS, limit.value.span, format!("`{text}` is no {kind}"));
        }
    }
    read
}

fn bytes(node: &Node) -> Option<u64> {
    match node.as_number() {
        Some(number) => number.as_u64(),
        None => size::bytes(node.as_str()?),
    }
}

/// No time at all is no limit that anything could keep.
fn milliseconds(node: &Node) -> Option<u64> {
    let time = measure(node, |unit| {
        Some(match unit {
            "" | "ms" => 1,
            "s" => 1_000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            _ => return None,
        })
    });
    time.filter(|milliseconds| *milliseconds > 0)
}

/// A number, or a text of a number and a unit: `10 MiB`.
fn measure(node: &Node, unit: impl FnOnce(&str) -> Option<u64>) -> Option<u64> {
    if let Some(number) = node.as_number() {
        return number.as_u64();
    }
    let text = node.as_str()?.trim();
    let digits_end =
        text.find(|letter: char| !letter.is_ascii_digit() && letter != '_').unwrap_or(text.len());
    let number: u64 = text[..digits_end].replace('_', "").parse().ok()?;
    number.checked_mul(unit(&text[digits_end..].trim().to_ascii_lowercase())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Value;

    #[test]
    fn sizes_are_read() {
        let check = |text: &str, expected| {
            let node = Node { span: crate::source::Span::default(), value: Value::String(text.into()) };
            assert_eq!(bytes(&node), expected, "{text}");
        };
        check("1024", Some(1024));
        check("10 MiB", Some(10 << 20));
        check("1KB", Some(1000));
        check("1_000", Some(1000));
        check("ten", None);
        check("10 furlongs", None);
    }

    #[test]
    fn times_are_read() {
        let check = |text: &str, expected| {
            let node = Node { span: crate::source::Span::default(), value: Value::String(text.into()) };
            assert_eq!(milliseconds(&node), expected, "{text}");
        };
        check("250", Some(250));
        check("250ms", Some(250));
        check("5 s", Some(5_000));
        check("2 min", Some(120_000));
        check("1h", Some(3_600_000));
        check("0s", None);
        check("soon", None);
        check("5 MiB", None);
    }
}
