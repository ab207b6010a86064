//! Judges photon-build and photon-runtime: by real documents, by suites, by measurement.
//!
//! The binary `verify` is its front door. It must know no document, no case and no suite's content.

// A judge prints its verdicts.
#![allow(clippy::print_stdout)]

pub mod client;
pub mod corpus;
mod differential;
pub mod document;
pub mod figures;
pub mod generate;
pub mod generated;
pub mod measure;
pub mod options;
pub mod probe;
pub mod scratch;
pub mod server;
pub mod suites;
pub mod synth;
