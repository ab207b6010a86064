//! Runs the HTTP servers that `photon-build` generates.

#![deny(unsafe_code)] // Allowed, each with its reason, where sockets, signals and borrowed work need it.

mod blocking;
pub mod exchange;
pub mod http;
pub mod server;
mod sleep;
pub mod sync;

pub use blocking::{Overloaded, blocking};
pub use server::{Limits, Running, Server};
pub use sleep::sleep;
