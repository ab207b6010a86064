//! Turns an OpenAPI document into a typed Rust HTTP server.

mod api;
mod emit;
mod format;
mod ir;
mod item;
mod name;
mod source;

pub use api::{Api, Operation, Parameter, Trait, Verifier};
