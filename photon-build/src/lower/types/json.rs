//! Values of the document as JSON text, every number as it was written.
//!
//! Knows JSON. Must not know schemas.

use crate::node::{Node, Value};

/// The JSON text of a value.
pub(super) fn text(node: &Node) -> String {
    let mut out = String::new();
    write(&mut out, node);
    out
}

/// Writes a value.
pub(super) fn write(out: &mut String, node: &Node) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => out.push_str(number.as_str()),
        Value::String(text) => string(out, text),
        Value::Array(items) => {
            out.push('[');
            separated(out, items, write);
            out.push(']');
        }
        Value::Object(object) => {
            out.push('{');
            separated(out, &object.entries, |out, entry| {
                string(out, &entry.key);
                out.push(':');
                write(out, &entry.value);
            });
            out.push('}');
        }
    }
}

/// Writes a string with its quotes.
pub(super) fn string(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                out.push_str("\\u00");
                for shift in [4, 0] {
                    let digit = (control as u32 >> shift) & 15;
                    out.push(char::from_digit(digit, 16).unwrap_or('0'));
                }
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
}

/// Writes items with commas between them.
pub(super) fn separated<T>(out: &mut String, items: &[T], mut item: impl FnMut(&mut String, &T)) {
    for (at, value) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        item(out, value);
    }
}
