//! What `emit` hands to `format`: one item of the generated file at a time.
//!
//! Knows neither documents nor layout.

use proc_macro2::TokenStream;

/// A piece of the generated file, in order.
#[derive(Debug)]
pub(crate) enum Item {
    /// One Rust item.
    Code(TokenStream),
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
