//! What is emitted: plain data, every decision taken.
//!
//! `lower` writes it from the resolved document, `name` fills in the Rust names, `emit` reads it and asks nothing. It
//! knows neither documents nor tokens.

#![allow(clippy::struct_excessive_bools, reason = "facts that a document states, not states of ours")]
#![allow(clippy::large_enum_variant, reason = "few of them, each made once")]

mod model;
mod operation;
mod rule;
mod table;

pub(crate) use model::*;
pub(crate) use operation::*;
pub(crate) use rule::*;
pub(crate) use table::*;

/// One generated module.
#[derive(Debug, Default)]
pub(crate) struct Api {
    /// The module's name, from the file's: `pet_store`.
    pub module: String,
    /// `info.title`, for prose.
    pub title: String,
    /// The document's path as the user wrote it, for the header.
    pub source: String,
    /// The document as JSON, bundled, for `/openapi.json`.
    pub openapi: String,
    /// The path all routes are mounted under: empty or `/v1`.
    pub base_path: String,
    /// One trait a tag, in the order of the document.
    pub traits: Vec<Trait>,
    /// Every security scheme that an operation uses.
    pub schemes: Vec<Scheme>,
    /// What verified callers are: a Rust path, `photon::Principal` by default.
    pub principal: String,
    /// Error types that `?` turns into a logged 500.
    pub internal_errors: Vec<String>,
    /// The schemas, in the order of emission; [`ModelId`] is the index.
    pub models: Vec<Model>,
    /// The static that holds each model's table, assigned by `name`; the index is a [`ModelId`].
    pub tables: Vec<String>,
    /// The tables that models are kept in, in the order in which they are created.
    pub entities: Vec<Table>,
    /// How many schemas say something and are free JSON all the same.
    pub opaque: usize,
    /// The regular expressions in use, deduplicated; [`PatternId`] is the index.
    pub patterns: Vec<Pattern>,
    /// The schemas that only the exact check understands; [`CheckId`] is the index.
    pub checks: Vec<Check>,
    /// `{"$defs": {..}}` with every schema that a check refers to, in 2020-12; empty when there is no check.
    pub check_defs: String,
    /// `{"$defs": {..}}` with the schema that each model stands for, for hooks; empty where there are none.
    pub stated: String,
}

/// A name: what the document says, what the user wants, what Rust gets.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Name {
    /// As it stands in the document, or a sensible name made from the place (`getPet body`, `Pet owner`).
    pub wire: String,
    /// `x-photon-name`, already a Rust identifier.
    pub wanted: Option<String>,
    /// The Rust identifier, assigned by `name` (without `r#`; `emit` adds it where needed).
    pub rust: String,
}

impl Name {
    /// A name yet to be assigned.
    pub(crate) fn new(wire: impl Into<String>) -> Self {
        Self { wire: wire.into(), wanted: None, rust: String::new() }
    }
}
