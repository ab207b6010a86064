//! Turns an OpenAPI document into a typed Rust HTTP server, during `cargo build`.
//!
//! A `build.rs` of one line is all it takes:
//!
//! ```no_run
//! fn main() -> photon_build::Result {
//!     photon_build::generate("openapi/petstore.yaml")
//! }
//! ```
//!
//! It writes `$OUT_DIR/petstore.rs`, which the crate includes by `photon_runtime::include_api!(mod petstore);`. What is
//! generated there is plain code to be read: a handler trait for each tag, a request for each operation, a model for
//! each schema, and `service(api)`, which serves an implementation of the traits.
//!
//! # Options
//!
//! ```no_run
//! fn main() -> photon_build::Result {
//!     photon_build::configure()
//!         .replace("Money", "crate::money::Money") // use this type instead of generating one
//!         .principal("crate::User") // what verified callers are
//!         .tag("pets") // only these operations
//!         .generate("openapi/petstore.yaml")
//! }
//! ```
//!
//! [`Config`] lists all of them with their defaults.
//!
//! # Documents
//!
//! OpenAPI 3.0, 3.1 and 3.2 in YAML or JSON, in one file or in many; nothing is ever downloaded. What is wrong in a
//! document is told with file, line and column, all at once:
//!
//! ```text
//! error[P0107]: parameter `petId` of the path is not declared
//!   --> openapi/petstore.yaml:14:19
//!    |
//! 14 |         - { name: id, in: path, required: true, schema: { type: integer } }
//!    |                   ^^
//!    = help: rename it to `petId`, or change the path to `/pets/{id}`
//! ```
//!
//! A fault that breaks one operation leaves that operation out and is a warning of the build; [`Config::strict`] makes
//! every finding an error. [`check`] keeps a checked-in copy of the generated file honest.
//!
//! # Tables
//!
//! `x-photon-entity` on a schema says in which table its values are kept; [`entities`] is the page about it, and
//! [`first_migration`] makes the tables, [`tables`](tables()) tells of each change that needs another migration.
//!
//! # Contracts
//!
//! A document is a promise to clients. [`lock`](lock()) keeps it in a checked-in file, and [`assert_compatible`] fails
//! the test of a change that breaks it; [`contract_checks`] is the page about it, [`changes`] lists every kind of change.

mod api;
mod bundle;
mod check;
mod codes;
mod component;
mod config;
mod drift;
mod emit;
mod entity;
mod error;
mod finding;
mod format;
mod front;
mod hook;
mod ir;
mod item;
mod load;
mod lower;
mod migrate;
mod name;
mod nearest;
mod node;
mod node_serde;
mod parse;
mod resolve;
mod run;
mod schema;
#[cfg(test)]
mod schema_json;
mod size;
mod source;
mod spec;
mod write;

use std::path::Path;

pub use api::{Api, Model, Operation, Parameter, Trait, Verifier};
pub use codes::Code;
pub use config::{Config, DateTimeCrate, Formats, Integers, UnknownMedia, Untyped};
pub use drift::{Area, Change, ChangeKind, ChangePlace, Changes, Direction, Verdict};
pub use error::{Error, Result};
pub use finding::Severity;
pub use run::{Report, Told};

#[doc = include_str!("findings.md")]
#[allow(clippy::doc_markdown, reason = "made of what users read elsewhere as plain text")]
pub mod findings {}

#[doc = include_str!("entity/entity.md")]
pub mod entities {}

#[doc = include_str!("drift/changes.md")]
#[allow(clippy::doc_markdown, reason = "made of what users read elsewhere as plain text")]
pub mod changes {}

#[doc = include_str!("drift/ci.md")]
pub mod contract_checks {}

/// Generates the server of `document` into `OUT_DIR`, with every option at its default.
pub fn generate(document: impl AsRef<Path>) -> Result {
    configure().generate(document)
}

/// Options, all at their defaults.
pub fn configure() -> Config {
    Config::default()
}

/// Compares a checked-in `copy` with what `document` generates: an error with the difference where they do not match.
/// With the environment variable `UPDATE=1` the copy is rewritten instead.
///
/// For a test; a build script never writes into `src/`.
pub fn check(document: impl AsRef<Path>, copy: impl AsRef<Path>) -> Result {
    configure().check(document, copy)
}

/// Keeps the checked-in lock of `document` honest: an error with every change where the lock beside it, `openapi.lock`
/// of `openapi.yaml`, lacks what the document says. With the environment variable `UPDATE=1` the lock is written instead,
/// unless the document breaks clients without raising `info.version`; `UPDATE=breaking` accepts that, too.
///
/// For a test, after [`assert_compatible`]; [`contract_checks`] shows it whole.
pub fn lock(document: impl AsRef<Path>) -> Result {
    configure().lock(document)
}

/// Panics with a report where `document` breaks clients that keep to its lock, unless its `info.version` says so. Never
/// writes; [`lock`](lock()) does, and where it is about to write a first lock or one that breaks, this lets it.
#[track_caller]
pub fn assert_compatible(document: impl AsRef<Path>) {
    configure().assert_compatible(document);
}

/// The migration that makes the tables of `document`, as the text of a Rust file: of every schema that has an
/// [`x-photon-entity`](entities). Never writes; to be called once, for a file that is the user's from then on.
///
/// ```no_run
/// let migration = photon_build::first_migration("openapi/petstore.yaml")?;
/// std::fs::write("src/migrations/tables.rs", migration)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn first_migration(document: impl AsRef<Path>) -> Result<String> {
    configure().first_migration(document)
}

/// Keeps the checked-in record of the tables of `document` honest: an error with what differs where the record beside it,
/// `openapi.tables` of `openapi.yaml`, lacks what the document says. A change of the record is a change of the tables,
/// which needs a migration. With the environment variable `UPDATE=1` the record is written instead.
///
/// For a test, beside [`lock`](lock()); a document tells of its tables by [`x-photon-entity`](entities).
pub fn tables(document: impl AsRef<Path>) -> Result {
    configure().tables(document)
}

/// Every change from the contract `old` to the contract `new`, with what it means to clients; each is a document or a
/// lock.
pub fn compare(old: impl AsRef<Path>, new: impl AsRef<Path>) -> Result<Changes> {
    drift::compare(&configure(), old.as_ref(), new.as_ref())
}

/// Every kind of change there is, area by area; [`changes`] lists them.
///
/// ```
/// let mut kinds = photon_build::change_kinds();
/// let required = kinds.find(|kind| kind.id == "request-property-became-required").unwrap();
/// assert_eq!(required.verdict, photon_build::Verdict::Breaking);
/// assert_eq!(required.back, "request-property-became-optional");
/// ```
pub fn change_kinds() -> impl Iterator<Item = &'static ChangeKind> {
    drift::kinds()
}

/// Every kind of finding there is, in the order of the codes; [`findings`] lists them.
///
/// ```
/// let undeclared = photon_build::codes().iter().find(|code| code.id == "P0107");
/// assert!(undeclared.is_some_and(|code| code.title.contains("path")));
/// ```
pub fn codes() -> &'static [Code] {
    codes::ALL
}

/// What real documents get wrong and a server can live with: the code of each warning, and what is done about it. Under
/// [`Config::strict`] each is an error.
pub fn tolerated() -> impl Iterator<Item = (&'static Code, &'static str)> {
    codes::TOLERATED.iter().copied()
}
