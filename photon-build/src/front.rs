//! The front of a run: bytes on disk to a typed document, every finding collected.

use std::path::Path;

use crate::config::Config;
use crate::finding::Findings;
use crate::load::{self, Files};
use crate::parse;
use crate::spec::Document;

/// Reads the document at `path` with all that it refers to. `None` where nothing can be generated from it; the
/// findings say why.
pub(crate) fn read(config: &Config, path: &Path, findings: &mut Findings) -> Option<(Document, Files)> {
    let files = load::load(config, findings, path)?;
    let document = parse::parse(config, findings, &files);
    if config.strict {
        findings.harden();
    }
    if document
        .as_ref()
        .is_some_and(|document| document.operations.is_empty() && !document.refused.is_empty())
    {
        findings.harden_refusals();
    }
    findings.sort();
    if findings.has_errors() { None } else { document.map(|document| (document, files)) }
}

/// The document alone.
#[cfg(test)]
pub(crate) fn front(config: &Config, path: &Path, findings: &mut Findings) -> Option<Document> {
    read(config, path, findings).map(|(document, _)| document)
}

#[cfg(test)]
mod cases;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod oracles;
#[cfg(test)]
mod tests;
