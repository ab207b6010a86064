//! What `emit` hands to `format`: one item of the generated file at a time.
//!
//! Knows neither documents nor layout.

use proc_macro2::TokenStream;

/// A piece of the generated file, in order.
#[derive(Debug)]
pub(crate) enum Item {
    /// One Rust item.
    Code(TokenStream),
    /// A static that lists data, a row a line.
    Table(Table),
    /// A static of one line, whatever its length; its like follow without a blank line.
    Line(String),
    /// A call of one of the runtime's macros.
    Call(Call),
    /// An inline module begins: its attributes and its head, `pub mod models`.
    Open {
        /// The documentation, a line each.
        doc: Vec<String>,
        /// Visibility, keyword and name.
        head: String,
    },
    /// The inline module ends.
    Close,
}

/// `photon::name! { head, part part; tail }`.
#[derive(Debug, Default)]
pub(crate) struct Call {
    /// The macro: `photon::model`.
    pub name: &'static str,
    /// What comes first, up to and including its comma or brace: `Pet, PET,`.
    pub head: String,
    /// The parts, each with its own separator.
    pub parts: Vec<String>,
    /// What closes the head: empty or ` }`.
    pub tail: &'static str,
}

/// `static PET: photon::Record = photon::record("Pet", &[row, row]).call();`
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Up to the bracket: `static PET: photon::Record = photon::record("Pet", &[`. Without a bracket there are no rows.
    pub head: String,
    /// The rows, each a chain of calls.
    pub rows: Vec<Vec<String>>,
    /// The calls on the whole: `.deny_extra()`. One with line breaks keeps them.
    pub calls: Vec<String>,
}
