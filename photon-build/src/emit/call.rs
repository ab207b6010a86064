//! Calls of the runtime's macros, as items.

use super::tokens::ident_text;
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

/// The trait for everything behind an `Arc`: `photon::shared! { Api { method(Request) -> Output, Error; .. } }`.
pub(crate) fn shared(name: &str, methods: Vec<String>) -> Item {
    let last = methods.len().saturating_sub(1);
    let separated = |(index, method): (usize, String)| if index == last { method } else { method + ";" };
    Item::Call(Call {
        name: "photon::shared",
        head: format!("{} {{", ident_text(name)),
        parts: methods.into_iter().enumerate().map(separated).collect(),
        tail: " }",
    })
}
