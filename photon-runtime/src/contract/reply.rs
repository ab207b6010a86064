//! What becomes an answer of success.

use super::response::Response;
use crate::model::Value;
use crate::problem::Problem;

/// An answer. Every value is one: JSON, or the value as it is where the operation answers in another media type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an answer",
    note = "answers are values of the document's schemas and what `photon-build` generates for an operation"
)]
pub trait Reply {
    /// Writes the answer. The status is set already where the document knows one.
    fn reply(self, response: &mut Response);
}

impl<T: Value> Reply for T {
    fn reply(self, response: &mut Response) {
        response.value(&self);
    }
}

/// An answer without a body.
impl Reply for () {
    fn reply(self, _response: &mut Response) {}
}

impl Reply for Problem {
    fn reply(self, response: &mut Response) {
        response.problem(self);
    }
}
