//! Turns an OpenAPI document into a typed Rust HTTP server.

mod codes;
mod finding;
mod node;
mod schema;
mod source;
mod spec;
