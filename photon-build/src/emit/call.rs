//! Calls of the runtime's macros, as items.

use crate::item::{Call, Item};

/// `photon::name! { head part part }`.
pub(crate) fn call(name: &'static str, head: String, parts: Vec<String>) -> Item {
    Item::Call(Call { name, head, parts, tail: "" })
}

/// `photon::name! { head part, part, part }`.
pub(crate) fn call_list(name: &'static str, head: String, parts: Vec<String>) -> Item {
    let last = parts.len().saturating_sub(1);
    let separated = |(index, part): (usize, String)| if index == last { part } else { part + "," };
    call(name, head, parts.into_iter().enumerate().map(separated).collect())
}
