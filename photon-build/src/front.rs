//! The front of a run: bytes on disk to a typed document and its one JSON text, every finding collected.

use std::path::Path;

use crate::bundle;
use crate::config::Config;
use crate::finding::Findings;
use crate::load;
use crate::parse;
use crate::spec::Document;

/// Reads the document at `path` with all that it refers to, and makes one JSON text of it. `None` where no document can
/// be made of it; the findings say why. There may be errors among the findings all the same, so that the later steps
/// can add theirs.
pub(crate) fn read(config: &Config, path: &Path, findings: &mut Findings) -> Option<(Document, String)> {
    let files = load::load(config, findings, path)?;
    let document = parse::parse(config, findings, &files);
    if document
        .as_ref()
        .is_some_and(|document| document.operations.is_empty() && !document.refused.is_empty())
    {
        findings.harden_refusals();
    }
    let openapi = if findings.has_errors() { String::new() } else { bundle::json(&files) };
    document.map(|document| (document, openapi))
}

/// The document alone, where there is no error.
#[cfg(test)]
pub(crate) fn front(config: &Config, path: &Path, findings: &mut Findings) -> Option<Document> {
    let read = read(config, path, findings);
    findings.sort();
    if config.strict {
        findings.harden();
    }
    if findings.has_errors() { None } else { read.map(|(document, _)| document) }
}

#[cfg(test)]
mod cases;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod oracles;
#[cfg(test)]
mod tests;
