//! Turns an OpenAPI document into a typed Rust HTTP server.
