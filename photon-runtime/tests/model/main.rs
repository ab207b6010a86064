//! Models as generated code writes them, from outside the crate.

#![deny(warnings, unused_qualifications, unreachable_pub, missing_debug_implementations)]

mod differential;
mod leaves;
mod models;
mod prelude;
mod records;
mod serde;
mod shapes;
mod text;
mod unions;
