//! The first step: read the document ourselves, have it generated, and hold one against the other.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::document::{Document, schema_nodes};
use crate::generate::{Job, generate};
use crate::generated::{Generated, body_lines, opaque};
use crate::options::{Options, Part};
use crate::probe::{Answering, DECODERS};

use super::{Entry, Row};

/// How long a generation may take before it counts as hung.
const GENERATION_TIME_MAX: Duration = Duration::from_mins(2);
/// The module that is generated.
const MODULE: &str = "api";

/// A document on its way through the steps.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) row: Row,
    pub(super) document: Option<Document>,
    pub(super) job: Job,
    pub(super) binary: Option<PathBuf>,
}

impl Case {
    /// Removes what was made for it.
    pub(super) fn clean(&self) {
        // What is left behind is overwritten by the next run.
        let _ = fs::remove_dir_all(&self.job.out_dir);
        if let Some(binary) = &self.binary {
            let _ = fs::remove_file(binary);
        }
    }
}

pub(super) fn produce(options: &Options, corpus: &Path, entry: Entry, turn: usize) -> Case {
    let folder = options.scratch.join(format!("generated-{turn}"));
    let vendor = corpus.join("_vendor");
    let mut case = Case {
        row: Row { name: entry.name, ..Row::default() },
        document: None,
        job: Job {
            vendor: Some(vendor.clone()),
            judged: options.judges(Part::Differential) && !options.check_only,
            ..Job::new(&entry.path, &folder, MODULE, Answering::Nothing)
        },
        binary: None,
    };
    let row = &mut case.row;
    let document = match Document::load(&entry.path, Some(&vendor)) {
        Ok(document) => document,
        Err(error) => {
            row.notes.push(format!("the judge cannot read it: {error}"));
            return case;
        }
    };
    row.operations.1 = document.operations().len();
    row.opaque.1 = schema_nodes(&document);

    case.job.answering = Answering::Success { scopes: document.scopes() };
    match generate(&case.job, GENERATION_TIME_MAX) {
        Ok(generated) => {
            row.generated = generated.ok;
            row.findings = generated.findings.len();
            row.generation = (generated.seconds, generated.peak_bytes);
            row.panics += usize::from(generated.panicked || generated.hung);
            if !generated.ok {
                row.notes.push(generated.reason());
            }
        }
        Err(error) => row.notes.push(error),
    }
    if row.generated {
        let text = fs::read_to_string(case.job.file()).unwrap_or_default();
        // The table for the judge is no part of what is judged.
        let text = text.split(DECODERS).next().unwrap_or_default();
        match Generated::parse(text) {
            Ok(generated) => read(row, &document, &generated),
            Err(error) => row.notes.push(format!("the generated file is not Rust: {error}")),
        }
    }
    case.document = Some(document);
    case
}

fn read(row: &mut Row, document: &Document, generated: &Generated) {
    let mut served = generated.served();
    for operation in document.operations() {
        let path = operation.path.split(['?', '#']).next().unwrap_or_default();
        let base = document.base_path_of(&operation);
        let found = served.iter().position(|served| {
            let own = served.path.split(['?', '#']).next().unwrap_or_default();
            served.method == operation.method && (own == path || own.strip_suffix(path) == Some(&base))
        });
        match found {
            Some(at) => {
                served.swap_remove(at);
                row.operations.0 += 1;
            }
            None => row.notes.push(format!("not generated: {}", operation.title())),
        }
    }
    row.lines = generated.lines;
    row.body_lines = body_lines(generated);
    let opaque = opaque(document, generated);
    row.opaque.0 = opaque.count();
    row.notes.extend(opaque.schemas.into_iter().map(|place| format!("given up: {place}")));
    row.notes.extend(opaque.unexplained.into_iter().map(|ty| format!("free JSON without a schema: {ty}")));
}
