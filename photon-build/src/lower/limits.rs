//! `x-photon-limits` of an operation.
//!
//! Knows sizes as people write them. Must not know what they limit.

use crate::codes;
use crate::finding::Findings;
use crate::node::Node;
use crate::size;
use crate::spec;

/// The largest body in bytes, where the operation has its own: `{ body: 10 MiB }` or a number of bytes.
pub(super) fn body_bytes_max(findings: &mut Findings, operation: &spec::Operation) -> Option<u64> {
    let limits = operation.extensions.get("x-photon-limits")?;
    let Some(limits) = limits.as_object() else {
        let message = "`x-photon-limits` must be a mapping";
        findings.add(&codes::LIMITS, limits.span, message);
        return None;
    };
    let mut bytes_max = None;
    for limit in limits.iter() {
        if &*limit.key != "body" {
            let message = format!("there is no limit `{}`", limit.key);
            findings.add(&codes::LIMITS, limit.key_span, message);
        } else if let Some(parsed) = bytes(&limit.value) {
            bytes_max = Some(parsed);
        } else {
            let text = limit.value.as_text().unwrap_or("this");
            findings.add(&codes::LIMITS, limit.value.span, format!("`{text}` is no size"));
        }
    }
    bytes_max
}

fn bytes(node: &Node) -> Option<u64> {
    match node.as_number() {
        Some(number) => number.as_u64(),
        None => size::bytes(node.as_str()?),
    }
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
}
