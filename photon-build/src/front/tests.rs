//! The front over real documents and over those of other projects' suites, where they exist beside the checkout.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::front;
use crate::config::Config;
use crate::finding::{Findings, Severity};
use crate::spec::Document;

/// The folder of shared data, which a user's clone does not have.
fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let path = std::env::var_os("PHOTON_SHARED").map_or(beside, PathBuf::from);
    if path.join("corpus/index.tsv").exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: there is no corpus at {}", path.display());
    None
}

fn rows(index: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(index).unwrap();
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn run(path: &Path, vendor: &Path) -> (Option<Document>, Findings) {
    let mut findings = Findings::default();
    let document = front(&Config::default().vendor(vendor), path, &mut findings);
    (document, findings)
}

#[test]
fn real_documents_load() {
    let Some(shared) = shared() else { return };
    let corpus = shared.join("corpus");
    let verbose = std::env::var_os("PHOTON_VERBOSE").is_some();
    let (mut loaded, mut all, mut served, mut refused) = (0, 0, 0, 0);
    let mut failed = Vec::new();
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows(&corpus.join("index.tsv")).iter().filter(|row| row[1] == "primary") {
        all += 1;
        let start = Instant::now();
        let (document, findings) = run(&corpus.join(&row[0]), &corpus.join("_vendor"));
        let time = start.elapsed();
        for finding in findings.iter() {
            *codes.entry(finding.code.id).or_default() += 1;
        }
        if verbose {
            let counts = document.as_ref().map(|d| (d.operations.len(), d.refused.len(), d.schemas.len()));
            eprintln!("{:60} {:?} {:?}", row[0], time, counts);
            for finding in findings.iter().filter(|finding| finding.severity > Severity::Warning) {
                eprintln!("{}", finding.render(&findings.sources));
            }
        }
        let Some(document) = document else {
            failed.push(row[0].clone());
            continue;
        };
        loaded += 1;
        served += document.operations.len();
        refused += document.refused.len();
    }
    eprintln!("{loaded} of {all} documents load, {served} operations are served, {refused} refused");
    eprintln!("{codes:?}");
    assert_eq!(failed, Vec::<String>::new());
    assert!(refused * 100 <= served, "at most one operation of a hundred may be refused");
}

#[test]
fn suites_are_answered_as_expected() {
    let Some(shared) = shared() else { return };
    let corpus = shared.join("corpus");
    let suites = corpus.join("_suites");
    let mut wrong = Vec::new();
    for row in rows(&suites.join("index.tsv")) {
        let (document, findings) = run(&suites.join(&row[0]), &corpus.join("_vendor"));
        let told = findings.iter().count() > 0;
        let fine = match row[1].as_str() {
            "generate" => document.is_some_and(|document| document.refused.is_empty()),
            // Some faults are seen only where types are made.
            "finding" => told,
            _ => true,
        };
        if !fine {
            wrong.push(format!("{} should be {}\n{}", row[0], row[1], findings.render()));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} are wrong", wrong.join("\n"), wrong.len());
}

/// Documents that end too early or hold a wrong byte, from every suite.
#[test]
fn damaged_documents_give_findings_and_never_a_panic() {
    let Some(shared) = shared() else { return };
    let suites = shared.join("corpus/_suites");
    let folder = std::env::temp_dir().join(format!("photon-damaged-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (number, row) in rows(&suites.join("index.tsv")).iter().enumerate() {
        let Ok(bytes) = std::fs::read(suites.join(&row[0])) else { continue };
        if bytes.is_empty() || bytes.len() > 20_000 {
            continue;
        }
        let extension = Path::new(&row[0]).extension().unwrap_or_default();
        let path = folder.join("damaged").with_extension(extension);
        let at = (number * 7_919) % bytes.len();
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x15;
        let mut doubled = bytes.clone();
        doubled.extend_from_slice(&bytes[at..]);
        for damaged in [&bytes[..at], &bytes[at..], &flipped[..], &doubled[..]] {
            std::fs::write(&path, damaged).unwrap();
            let (_, findings) = run(&path, &folder);
            findings.render();
        }
    }
    _ = std::fs::remove_dir_all(&folder);
}
