//! Every finding: its code, its severity, what it means and what helps.
//!
//! The one table that messages and documentation are made from. Codes never change their meaning.

use crate::finding::Severity;

/// A kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// `P0107`
    pub id: &'static str,
    /// How much it matters by default.
    pub severity: Severity,
    /// What it means, in a sentence without a full stop.
    pub title: &'static str,
    /// What helps.
    pub help: &'static str,
}
