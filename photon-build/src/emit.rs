//! The IR as Rust items, in order.
//!
//! Every decision is taken: emission asks the IR nothing but what it says. It knows no document and no layout.

mod api;
mod call;
mod descriptor;
mod doc;
mod errors;
mod markdown;
pub(crate) mod migration;
mod model;
mod operation;
mod prose;
mod reply;
mod request;
mod rule;
mod security;
#[cfg(test)]
mod tests;
mod tokens;
mod ty;
mod union;
pub(crate) mod view;

pub(crate) use api::{emit, openapi_file};
