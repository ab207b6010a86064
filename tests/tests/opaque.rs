//! What photon-build says became any JSON, beside what `syn` finds in its module: the same for each schema below, and of
//! real documents never more.

// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;

use photon_tests::corpus;
use photon_tests::document::Document;
use photon_tests::generate::{Job, generate_here};
use photon_tests::generated::{Generated, opaque};
use photon_tests::probe::Answering;

/// Larger documents take too long without optimisation.
const DOCUMENT_BYTES_MAX: u64 = 60_000;

/// Counts both ways; none where nothing is generated.
fn counts(document: &Path, vendor: Option<&Path>) -> Option<(usize, Vec<String>)> {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("opaque");
    let job =
        Job { vendor: vendor.map(Path::to_owned), ..Job::new(document, &out, "api", Answering::Nothing) };
    let told = generate_here(&job).ok()?;
    let generated = Generated::parse(&std::fs::read_to_string(job.file()).unwrap()).unwrap();
    let found = opaque(&Document::load(document, vendor).ok()?, &generated);
    Some((told, found.schemas.into_iter().chain(found.unexplained).collect()))
}

/// Schemas, and whether one became any JSON although it says something.
const CASES: [(&str, usize); 6] = [
    ("{type: object, properties: {a: {type: integer}}}", 0),
    ("{}", 0),
    ("{anyOf: [{}, {type: 'null'}]}", 0),
    ("{anyOf: [{anyOf: [{}, {type: string}]}, {type: integer}]}", 0),
    ("{minLength: 2, minimum: 1}", 1),
    ("{not: {type: string}}", 1),
];

#[test]
fn one_schema() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("opaque.yaml");
    for (schema, expected) in CASES {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths: {{}}\ncomponents: {{schemas: {{It: \
             {{type: object, properties: {{value: {schema}}}}}}}}}\n"
        );
        std::fs::write(&path, text).unwrap();
        let (told, found) = counts(&path, None).unwrap();
        assert_eq!((told, found.len()), (expected, expected), "{schema}: {found:?}");
    }
}

/// Where `syn` finds more, it took a branch of a union for another one, or knows no schema of a type.
#[test]
fn real_documents_are_told_of_no_more_than_is_found() {
    let Some((documents, vendor)) = corpus::small(DOCUMENT_BYTES_MAX) else { return };
    let mut differing = Vec::new();
    let mut counted = 0;
    for document in &documents {
        let Some((told, found)) = counts(document, Some(&vendor)) else { continue };
        counted += 1;
        if told > found.len() {
            differing.push(format!("{}: told {told}, found {}: {found:#?}", document.display(), found.len()));
        }
    }
    assert!(counted > 0, "nothing was generated of {} documents", documents.len());
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
