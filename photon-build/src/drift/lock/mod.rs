//! The lock: a contract in normal form as a text that people read and git compares.
//!
//! ```yaml
//! # The contract of `pets.yaml`, kept by photon_build::lock. Not edited by hand: UPDATE=1 rewrites it.
//! photon-lock: 1
//! files:
//!   - pets.yaml
//! contract:
//!   info:
//!     version: "1.0.0"
//!   ..
//! documentation:
//!   /info#title: 1f2e3d4c Pets
//! places:
//!   - 0 +6 /paths/~1pets/get 0 1 1 2
//! ```
//!
//! It is YAML. What is said to people is kept apart as marks, so that a change of words is one line of its own; lines
//! of the sources are kept at the end, a line for each operation and component, each relative to the one before, so that
//! an edit changes the line of what it touches and that of its neighbour.

mod places;
mod read;
mod write;

pub(super) use read::read;
pub(super) use write::write;

/// The version of the format.
const FORMAT: u32 = 1;

/// The key that tells a lock from a document.
pub(super) const KEY: &str = "photon-lock";
