//! Findings: what is wrong in a document, where, and what helps; and the collector of a run.
//!
//! Knows how a finding is printed. Must not know who finds.

use crate::codes::Code;
use crate::source::{Sources, Span};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A server can live with it.
    Warning,
    /// One operation cannot be served; the rest can. Under `strict` an error.
    Refusal,
    /// Nothing can be generated.
    Error,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind it is.
    pub code: &'static Code,
    /// How much it matters here.
    pub severity: Severity,
    /// Where it is.
    pub span: Span,
    /// What is wrong, in this document's words.
    pub message: String,
    /// What helps, in this document's words or the code's.
    pub help: Option<String>,
    /// Other places that belong to it, each with a word why.
    pub notes: Vec<(Span, String)>,
}

/// Every finding of a run, and the files that they are in.
#[derive(Debug, Default)]
pub struct Findings {
    /// The files that were read.
    pub sources: Sources,
    list: Vec<Finding>,
}

impl Findings {
    /// Adds a finding of `code` at `span`, with the code's severity and help.
    pub fn add(&mut self, code: &'static Code, span: Span, message: impl Into<String>) -> &mut Finding {
        let at = self.list.len();
        self.list.push(Finding {
            code,
            severity: code.severity,
            span,
            message: message.into(),
            help: (!code.help.is_empty()).then(|| code.help.to_owned()),
            notes: Vec::new(),
        });
        &mut self.list[at]
    }

    /// All findings in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.list.iter()
    }

    /// Whether nothing can be generated.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|finding| finding.severity == Severity::Error)
    }
}
