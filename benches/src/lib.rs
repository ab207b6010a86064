//! What the benches share: the bench service, a body for it, a loader, and how commands and rows are measured and told.
//!
//! Peers are never dependencies of this crate: cargo would unify their features with ours. They live in `peers/` and
//! `fresh/`, workspaces of their own.

pub mod body;
pub mod generated;
pub mod holder;
pub mod larger;
pub mod loader;
pub mod measure;
pub mod nginx;
pub mod order;
pub mod process;
pub mod row;
pub mod service;
pub mod workshop;
