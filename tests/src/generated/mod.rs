//! Reads generated code by `syn`: which operations it serves, what its types are, how long its functions are.
//!
//! Knows Rust, not documents; only `opaque` holds the two side by side.

mod bodies;
mod index;
mod opaque;

pub use bodies::body_lines;
pub use index::{Generated, Served};
pub use opaque::{Opaque, opaque};
