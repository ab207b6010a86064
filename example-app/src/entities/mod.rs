//! The tables as entities, each with what the document makes of a row.
//!
//! Knows rows and the document's models, no query and no HTTP. `migrations.rs` makes the tables.

#![allow(unreachable_pub, reason = "SeaORM's derives write `pub`")]

pub(crate) mod attachment;
pub(crate) mod comment;
pub(crate) mod project;
pub(crate) mod task;
pub(crate) mod user;
