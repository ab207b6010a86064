//! Runs the HTTP servers that `photon-build` generates.

mod error;
mod escape;
pub mod exchange;
mod media;
mod principal;
mod problem;
mod router;
mod status;

pub use error::{Error, Result, ResultExt};
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use principal::{Principal, Scopes};
pub use problem::Problem;
pub use status::*;
