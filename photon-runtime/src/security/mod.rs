//! Who calls, and whether they may: alternatives of combinations of schemes, as the document lists them.
//!
//! The caller is known before anything else of a request is looked at. This module knows no handler.

mod credential;
mod gate;
mod scheme;

pub use credential::{ApiKey, Authorization, Basic, Bearer, Certificate, Credential};
pub(crate) use gate::{Gate, Refusal, Verified, admit};
pub use scheme::{Scheme, api_key, basic, bearer, http_scheme, mutual_tls};
