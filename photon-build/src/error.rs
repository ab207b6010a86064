//! The error of a run: every finding, printed as cargo shows it.

use std::fmt;

use crate::finding::{Finding, Findings};

/// What [`generate`](crate::generate) answers.
pub type Result<T = ()> = std::result::Result<T, Error>;

/// Why nothing was generated: every finding of the run. `Debug` is `Display`, for cargo prints `Error: {:?}`.
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    message: String,
    findings: Vec<Finding>,
}

impl Error {
    /// An error that is no finding in a document: a file that cannot be written, a copy that does not match.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { inner: Box::new(Inner { message: message.into(), findings: Vec::new() }) }
    }

    /// The stable codes of all findings, such as `P0107`, in the order of the documents.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> {
        self.inner.findings.iter().map(|finding| finding.code.id)
    }
}

impl From<Findings> for Error {
    fn from(findings: Findings) -> Self {
        let message = findings.render();
        Self { inner: Box::new(Inner { message, findings: findings.into_list() }) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.inner.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

impl std::error::Error for Error {}
