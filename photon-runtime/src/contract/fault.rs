//! What becomes an answer of failure.

use super::response::Response;
use crate::error::Error;

/// A declared error, or a 500. `photon::errors!` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an error of an operation",
    note = "handlers fail with the error type that `photon-build` generates for them, or with `photon_runtime::Error`"
)]
pub trait Fault {
    /// Writes the answer.
    fn fault(self, response: &mut Response);
}

impl Fault for Error {
    fn fault(self, response: &mut Response) {
        response.internal(self);
    }
}
