//! Runs the HTTP servers that `photon-build` generates.

pub mod exchange;
