//! Turns an OpenAPI document into a typed Rust HTTP server.

mod check;
mod codes;
mod config;
mod error;
mod finding;
mod front;
mod ir;
mod load;
mod lower;
mod node;
mod node_serde;
mod parse;
mod resolve;
mod schema;
mod schema_json;
mod source;
mod spec;
mod write;

pub use config::{Config, DateTimeCrate, Formats, Integers, UnknownMedia};
pub use error::{Error, Result};
