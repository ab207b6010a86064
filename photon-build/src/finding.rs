//! Findings: what is wrong in a document, where, and what helps; and the collector of a run.
//!
//! Knows how a finding is printed. Must not know who finds.

use std::fmt::Write as _;

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::error::Error;
use crate::source::{Source, Sources, Span};

/// Findings of one code that are shown in full.
const SHOWN_MAX: usize = 20;

/// Characters of a source line that are shown.
const LINE_CHARS_MAX: usize = 120;

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

    /// Makes every finding an error, as `strict` wants it.
    pub fn harden(&mut self) {
        self.list.iter_mut().for_each(|finding| finding.severity = Severity::Error);
    }

    /// Makes every refusal an error: for documents of which nothing would remain.
    pub fn harden_refusals(&mut self) {
        for finding in self.list.iter_mut().filter(|finding| finding.severity == Severity::Refusal) {
            finding.severity = Severity::Error;
        }
    }

    /// Puts the findings in the order of the files and of their places in them.
    pub fn sort(&mut self) {
        self.list.sort_by_key(|finding| (finding.span, finding.code.id));
    }

    /// Ends the run with all findings if one of them is an error.
    pub fn propagate(&mut self) -> Result<(), Error> {
        if self.has_errors() { Err(std::mem::take(self).into()) } else { Ok(()) }
    }

    /// All findings as text, in their order; of one code the first few are shown and the rest is counted.
    pub fn render(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut listings = Vec::new();
        for finding in &self.list {
            let count = counts.entry(finding.code.id).or_default();
            *count += 1;
            if *count <= SHOWN_MAX {
                listings.push(finding.render(&self.sources));
            }
        }
        for (code, count) in counts.into_iter().filter(|(_, count)| *count > SHOWN_MAX) {
            listings.push(format!("note: {} more of {code}", count - SHOWN_MAX));
        }
        listings.extend(self.summary());
        listings.join("\n\n")
    }

    /// How many there are of each severity; nothing where all are alike.
    fn summary(&self) -> Option<String> {
        let words =
            [(Severity::Error, "error"), (Severity::Refusal, "refusal"), (Severity::Warning, "warning")];
        let counts = words.map(|(severity, word)| {
            let count = self.list.iter().filter(|finding| finding.severity == severity).count();
            (count > 0).then(|| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
        });
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        (counts.len() > 1).then(|| format!("note: {} in all", counts.join(", ")))
    }

    /// All findings, without the files.
    pub fn into_list(self) -> Vec<Finding> {
        self.list
    }

    /// Whether nothing can be generated.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|finding| finding.severity == Severity::Error)
    }
}

impl Finding {
    /// The finding as rustc would print it.
    pub fn render(&self, sources: &Sources) -> String {
        let label = if self.severity == Severity::Warning { "warning" } else { "error" };
        let mut text = format!("{label}[{}]: {}", self.code.id, self.message);
        let width = std::iter::once(self.span)
            .chain(self.notes.iter().map(|(span, _)| *span))
            .filter_map(|span| sources.get(span.file).map(|source| source.position(span.start).line))
            .max()
            .map_or(1, |line| line.to_string().len());
        text.push_str(&listing(sources, self.span, width));
        let pad = " ".repeat(width);
        if let Some(help) = &self.help {
            _ = write!(text, "\n{pad} = help: {help}");
        }
        if self.severity == Severity::Refusal {
            _ = write!(text, "\n{pad} = note: operations that need this are left out");
        }
        for (span, note) in &self.notes {
            _ = write!(text, "\nnote: {note}{}", listing(sources, *span, width));
        }
        text
    }
}

/// The place, and its line with carets below.
pub(crate) fn listing(sources: &Sources, span: Span, width: usize) -> String {
    let Some(source) = sources.get(span.file) else { return String::new() };
    let position = source.position(span.start);
    let pad = " ".repeat(width);
    let path = source.path().display();
    if source.text().is_empty() {
        return format!("\n{pad}--> {path}");
    }
    let place = format!("\n{pad}--> {path}:{}:{}", position.line, position.column);
    let (line, before, carets) = excerpt(source, span, position.column);
    let number = position.line;
    format!(
        "{place}\n{pad} |\n{number:>width$} | {line}\n{pad} | {}{}",
        " ".repeat(before),
        "^".repeat(carets)
    )
}

/// A piece of the line that fits the screen, how many characters stand before the span in it, and how many in it.
fn excerpt(source: &Source, span: Span, column: usize) -> (String, usize, usize) {
    let line: Vec<char> =
        source.line(span.start).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let start = (column - 1).min(line.len());
    let end = span.start as usize + span.len as usize;
    let within = source.text().get(span.start as usize..end).unwrap_or("");
    let len = within.lines().next().map_or(0, |first| first.chars().count()).max(1);
    if line.len() <= LINE_CHARS_MAX {
        let carets = len.min(line.len().saturating_sub(start).max(1));
        return (line.into_iter().collect(), start, carets);
    }
    let from = start.saturating_sub(LINE_CHARS_MAX / 3);
    let until = (from + LINE_CHARS_MAX).min(line.len());
    let mut shown: String = line[from..until].iter().collect();
    let before = start - from + if from > 0 { 3 } else { 0 };
    if from > 0 {
        shown.insert_str(0, "...");
    }
    if until < line.len() {
        shown.push_str("...");
    }
    (shown, before, len.min(until - start).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;
    use std::sync::Arc;

    fn findings(text: &str) -> Findings {
        let mut findings = Findings::default();
        findings.sources.add("openapi/petstore.yaml".into(), Arc::from(text));
        findings
    }

    #[test]
    fn a_finding_looks_like_rustc_s() {
        let mut findings = findings("paths:\n  /pets:\n    - { name: id, in: path }\n");
        let span = Span::new(crate::source::FileId(0), 30, 2);
        let finding =
            findings.add(&codes::PATH_UNDECLARED, span, "parameter `petId` of the path is not declared");
        finding.help = Some("rename it to `petId`".into());
        finding.severity = Severity::Error;
        let expected = "error[P0107]: parameter `petId` of the path is not declared
 --> openapi/petstore.yaml:3:15
  |
3 |     - { name: id, in: path }
  |               ^^
  = help: rename it to `petId`";
        assert_eq!(findings.render(), expected);
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let text = format!("{}x{}", "a".repeat(500), "b".repeat(500));
        let mut findings = findings(&text);
        findings.add(&codes::SHAPE, Span::new(crate::source::FileId(0), 500, 1), "wrong");
        let rendered = findings.render();
        let lines: Vec<&str> = rendered.lines().collect();
        assert!(lines[3].chars().count() < 140, "{rendered}");
        let caret = lines[4].find('^').unwrap();
        assert_eq!(lines[3].chars().nth(caret), Some('x'));
    }

    #[test]
    fn many_of_one_code_are_counted() {
        let mut findings = findings("a: 1");
        for _ in 0..100 {
            findings.add(&codes::UNKNOWN_FIELD, Span::default(), "no such field");
        }
        assert!(findings.render().ends_with("note: 80 more of P0102"));
    }
}
