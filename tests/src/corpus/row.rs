//! What is known of one document, and of all.

use std::fmt;

use serde_json::Value;

/// How many notes of a document are printed.
const NOTES_MAX: usize = 6;

/// The line of one document.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Its name in the index.
    pub name: String,
    /// Operations generated, and all.
    pub operations: (usize, usize),
    /// Schemas given up, and all.
    pub opaque: (usize, usize),
    /// Findings of the run.
    pub findings: usize,
    /// Seconds and bytes of the generation.
    pub generation: (f64, u64),
    /// Lines of the generated file.
    pub lines: usize,
    /// CPU seconds and bytes of the check.
    pub check: (f64, u64),
    /// Warnings of the check.
    pub warnings: usize,
    /// Whether there is a file.
    pub generated: bool,
    /// Whether it compiles under `-D warnings`.
    pub compiled: bool,
    /// Requests that reached their handler, and operations.
    pub reached: (usize, usize),
    /// Incomplete requests that were refused, and all.
    pub refused: (usize, usize),
    /// Panics and hangs, of the generator or of the server.
    pub panics: usize,
    /// Whether a server was asked.
    pub asked: bool,
    /// Lines in function bodies, operation by operation.
    pub body_lines: Vec<usize>,
    /// What went wrong.
    pub notes: Vec<String>,
}

/// A row as it is printed.
struct Told<'r> {
    row: &'r Row,
    notes_max: usize,
}

impl Row {
    /// As it is printed, with all its notes or only the first of them.
    pub(super) fn told(&self, verbose: bool) -> impl fmt::Display + '_ {
        Told { row: self, notes_max: if verbose { usize::MAX } else { NOTES_MAX } }
    }
}

impl fmt::Display for Told<'_> {
    #[allow(clippy::cast_precision_loss)] // Megabytes for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = self.row;
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        write!(
            f,
            "{}: operations {}/{}, opaque {}/{}, findings {}, generated {:.2} s {:.0} MB, lines {}, check {:.2} s {:.0} MB, warnings {}",
            row.name,
            row.operations.0,
            row.operations.1,
            row.opaque.0,
            row.opaque.1,
            row.findings,
            row.generation.0,
            megabytes(row.generation.1),
            row.lines,
            row.check.0,
            megabytes(row.check.1),
            row.warnings,
        )?;
        if row.asked {
            write!(
                f,
                ", reached {}/{}, refused {}/{}",
                row.reached.0, row.reached.1, row.refused.0, row.refused.1
            )?;
        }
        let verdict = match (row.generated, row.compiled) {
            (false, _) => " — NOT GENERATED",
            (_, false) => " — DOES NOT COMPILE",
            _ => "",
        };
        f.write_str(verdict)?;
        for note in row.notes.iter().take(self.notes_max) {
            write!(f, "\n    {note}")?;
        }
        if let Some(more @ 1..) = row.notes.len().checked_sub(self.notes_max) {
            write!(f, "\n    and {more} more")?;
        }
        Ok(())
    }
}

impl Row {
    fn json(&self, verbose: bool) -> Value {
        let notes = if verbose { self.notes.len() } else { 50 };
        serde_json::json!({
            "name": self.name,
            "operations": [self.operations.0, self.operations.1],
            "opaque": [self.opaque.0, self.opaque.1],
            "findings": self.findings,
            "generation_seconds": self.generation.0,
            "generation_peak_bytes": self.generation.1,
            "lines": self.lines,
            "check_cpu_seconds": self.check.0,
            "check_peak_bytes": self.check.1,
            "warnings": self.warnings,
            "generated": self.generated,
            "compiled": self.compiled,
            "reached": [self.reached.0, self.reached.1],
            "refused": [self.refused.0, self.refused.1],
            "notes": self.notes.iter().take(notes).collect::<Vec<_>>(),
        })
    }
}

/// All documents together.
#[derive(Debug, Default)]
pub(super) struct Total {
    pub(super) documents: usize,
    pub(super) generated: usize,
    pub(super) compiled: usize,
    pub(super) operations: (usize, usize),
    pub(super) opaque: (usize, usize),
    pub(super) reached: (usize, usize),
    pub(super) refused: (usize, usize),
    pub(super) panics: usize,
    pub(super) rows: Vec<Value>,
    body_lines: Vec<usize>,
}

impl Total {
    pub(super) fn add(&mut self, row: Row, verbose: bool) {
        let sum = |total: &mut (usize, usize), own: (usize, usize)| {
            total.0 += own.0;
            total.1 += own.1;
        };
        self.documents += 1;
        self.generated += usize::from(row.generated);
        self.compiled += usize::from(row.generated && row.compiled);
        self.panics += row.panics;
        sum(&mut self.operations, row.operations);
        sum(&mut self.opaque, row.opaque);
        sum(&mut self.reached, row.reached);
        sum(&mut self.refused, row.refused);
        self.rows.push(row.json(verbose));
        self.body_lines.extend(row.body_lines);
    }

    /// The median and the 95th percentile of the lines in an operation's function bodies.
    pub(super) fn body_lines(&self) -> [usize; 2] {
        percentiles(self.body_lines.clone())
    }
}

/// The median and the 95th percentile.
pub(crate) fn percentiles(mut values: Vec<usize>) -> [usize; 2] {
    values.sort_unstable();
    [50, 95].map(|percent| values.get((values.len().saturating_sub(1)) * percent / 100).copied().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_of_lists() {
        assert_eq!(percentiles(Vec::new()), [0, 0]);
        assert_eq!(percentiles((0..=100).rev().collect()), [50, 95]);
    }
}
