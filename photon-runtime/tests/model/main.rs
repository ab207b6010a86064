//! Models as generated code writes them, from outside the crate.

#![deny(warnings, unused_qualifications, unreachable_pub, missing_debug_implementations)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "these are tests, helpers included"
)]

mod differential;
mod leaves;
mod models;
mod prelude;
mod records;
mod serde;
mod shapes;
mod suite;
mod text;
mod unions;
