//! Generated operations stay short: lines in function bodies, counted by `syn`. The whole corpus is `verify`'s.

// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};

use photon_tests::corpus;
use photon_tests::generate::{Job, generate_here};
use photon_tests::generated::{Generated, body_lines};
use photon_tests::probe::Answering;

/// The most lines that half of all operations, and 95 % of them, may have.
const MEDIAN_MAX: usize = 20;
const TAIL_MAX: usize = 40;
/// Larger documents take too long without optimisation.
const DOCUMENT_BYTES_MAX: u64 = 100_000;

fn lines(document: &Path, vendor: Option<PathBuf>) -> Vec<usize> {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lines");
    let job = Job { vendor, ..Job::new(document, &out, "api", Answering::Nothing) };
    match generate_here(&job) {
        Ok(_) => body_lines(&Generated::parse(&std::fs::read_to_string(job.file()).unwrap()).unwrap()),
        Err(error) => {
            eprintln!("{}: {error}", document.display());
            Vec::new()
        }
    }
}

fn check(mut lines: Vec<usize>) {
    lines.sort_unstable();
    let at = |percent: usize| lines.get(lines.len().saturating_sub(1) * percent / 100).copied().unwrap_or(0);
    assert!(!lines.is_empty(), "no operation was generated");
    assert!(at(50) <= MEDIAN_MAX, "median {}", at(50));
    assert!(at(95) <= TAIL_MAX, "95 % {}", at(95));
}

#[test]
fn own_documents() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    check(
        ["petstore.yaml", "conformance.yaml"]
            .iter()
            .flat_map(|name| lines(&folder.join(name), None))
            .collect(),
    );
}

#[test]
fn real_documents() {
    let Some((documents, vendor)) = corpus::small(DOCUMENT_BYTES_MAX) else { return };
    check(documents.iter().flat_map(|path| lines(path, Some(vendor.clone()))).collect());
}
