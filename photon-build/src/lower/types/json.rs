//! Values of the document as JSON text, every number as it was written.
//!
//! Knows JSON. Must not know schemas.

use crate::node::Node;
pub(super) use crate::node_serde::write_string as string;

/// The JSON text of a value.
pub(super) fn text(node: &Node) -> String {
    node.to_json()
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
