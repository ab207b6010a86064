//! Makes requests from a document's schemas: one that fits, and one that lacks a part which must be there.
//!
//! Knows no server and no generated code. What it makes is checked against the schema by the `jsonschema` crate.

mod body;
mod export;
mod instance;
mod pattern;
mod request;
mod text;
mod wire;

pub use instance::{Synth, instances};
pub use request::{Lacking, Request, fnv, lacking, whole};
