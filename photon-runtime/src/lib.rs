//! Runs the HTTP servers that `photon-build` generates.

mod blocking;
pub mod exchange;
pub mod http;
pub mod server;
mod sleep;
pub mod sync;

pub use blocking::{Overloaded, blocking};
pub use server::{Limits, Running, Server};
pub use sleep::sleep;
