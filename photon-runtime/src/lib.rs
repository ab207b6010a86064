//! Runs the HTTP servers that `photon-build` generates.

pub mod exchange;
pub mod http;
pub mod server;
mod sleep;

pub use server::{Limits, Running, Server};
pub use sleep::sleep;
