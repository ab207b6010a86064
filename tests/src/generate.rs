//! Generates one document in a process of its own, so that time, memory, panics and hangs are this document's.
//!
//! It is the one place that calls photon-build.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::measure;
use crate::probe::{Answering, decoders, implementation};

/// The argument that makes this binary a child which generates.
pub const CHILD: &str = "--child-generate";
/// Where the child tells what came out, beside the generated file.
const OUTCOME: &str = "outcome.json";

/// What to generate, and how.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Job {
    /// The document.
    pub document: PathBuf,
    /// The folder that the file goes into.
    pub out_dir: PathBuf,
    /// The module's name: the file is `{module}.rs`.
    pub module: String,
    /// The folder of vendored remote files.
    pub vendor: Option<PathBuf>,
    /// What the handlers do.
    pub answering: Answering,
    /// Formats are asserted, else they only annotate.
    pub formats_asserted: bool,
    /// Integers of any size are kept.
    pub to_the_letter: bool,
    /// With a table of all decoders, for whoever judges schemas.
    pub judged: bool,
}

impl Job {
    /// Generates `document` as `{module}.rs` in `out_dir`, with photon-build's defaults.
    pub fn new(document: &Path, out_dir: &Path, module: &str, answering: Answering) -> Self {
        Self {
            document: document.to_owned(),
            out_dir: out_dir.to_owned(),
            module: module.to_owned(),
            vendor: None,
            answering,
            formats_asserted: true,
            to_the_letter: false,
            judged: false,
        }
    }

    /// The file that it makes.
    pub fn file(&self) -> PathBuf {
        self.out_dir.join(format!("{}.rs", self.module))
    }
}

/// What the child says.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Outcome {
    error: Option<String>,
    findings: Vec<String>,
    refused: usize,
    opaque: usize,
    seconds: f64,
    peak_bytes: u64,
}

/// What came of a generation.
#[derive(Debug)]
pub struct Generated {
    /// Whether there is a file.
    pub ok: bool,
    /// Whether it panicked or was ended by a signal.
    pub panicked: bool,
    /// Whether it did not come to an end in its time.
    pub hung: bool,
    /// The error as it is printed, or the panic's message.
    pub error: String,
    /// The findings of a run that succeeded, as they are printed.
    pub findings: Vec<String>,
    /// How many operations it says it refused.
    pub refused: usize,
    /// How many schemas it says became any JSON.
    pub opaque: usize,
    /// The time that it took, without the process around it.
    pub seconds: f64,
    /// Its peak memory.
    pub peak_bytes: u64,
}

impl Generated {
    /// Whether it was refused or warned about, at a place of the document.
    pub fn found_with_place(&self) -> bool {
        has_place(&self.error) || self.findings.iter().any(|finding| has_place(finding))
    }

    /// The first line of what went wrong.
    pub fn reason(&self) -> String {
        let line = self.error.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        match (self.hung, self.panicked) {
            (true, _) => "hangs".to_owned(),
            (_, true) => format!("panics: {line}"),
            _ => line.trim().to_owned(),
        }
    }
}

/// Whether a rendered finding names a file, a line and a column.
fn has_place(text: &str) -> bool {
    text.lines().filter_map(|line| line.trim_start().strip_prefix("--> ")).any(|place| {
        let mut parts = place.trim().rsplitn(3, ':');
        let mut number =
            || parts.next().and_then(|part| part.parse::<u32>().ok()).is_some_and(|number| number > 0);
        number() && number() && parts.next().is_some_and(|file| !file.is_empty())
    })
}

/// Generates in a child of this binary, for at most `limit`.
pub fn generate(job: &Job, limit: Duration) -> Result<Generated, String> {
    let fail = |error: std::io::Error| format!("cannot generate: {error}");
    fs::create_dir_all(&job.out_dir).map_err(fail)?;
    let outcome = job.out_dir.join(OUTCOME);
    for stale in [&outcome, &job.file()] {
        if stale.exists() {
            fs::remove_file(stale).map_err(fail)?;
        }
    }
    let order = serde_json::to_string(job).map_err(|error| error.to_string())?;
    let order_file = job.out_dir.join("job.json");
    fs::write(&order_file, order).map_err(fail)?;

    let binary = std::env::current_exe().map_err(fail)?;
    let mut command = Command::new(binary);
    command.arg(CHILD).arg(&order_file);
    let measured = measure::run(&mut command, limit, &job.out_dir).map_err(fail)?;
    let said: Option<Outcome> = fs::read(&outcome).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());

    let hung = measured.status.is_none();
    let panicked = !hung && said.is_none();
    let said = said.unwrap_or_else(|| Outcome { error: Some(measured.stderr.clone()), ..Outcome::default() });
    Ok(Generated {
        ok: !hung && said.error.is_none() && job.file().exists(),
        panicked,
        hung,
        error: said.error.unwrap_or_default(),
        findings: said.findings,
        refused: said.refused,
        opaque: said.opaque,
        seconds: if hung { measured.wall.as_secs_f64() } else { said.seconds },
        peak_bytes: if said.peak_bytes > 0 { said.peak_bytes } else { measured.peak_bytes },
    })
}

/// The child's side.
pub fn child(order: &Path) -> ExitCode {
    let job: Option<Job> = fs::read(order).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let Some(job) = job else { return ExitCode::from(2) };
    let start = Instant::now();
    let mut outcome = run(&job);
    outcome.seconds = start.elapsed().as_secs_f64();
    outcome.peak_bytes = measure::own_peak_bytes();
    let written = serde_json::to_vec(&outcome).map(|bytes| fs::write(job.out_dir.join(OUTCOME), bytes));
    if matches!(written, Ok(Ok(()))) { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

/// Generates in this very process, for tests of what comes out; how many schemas it says became any JSON.
pub fn generate_here(job: &Job) -> Result<usize, String> {
    fs::create_dir_all(&job.out_dir).map_err(|error| error.to_string())?;
    let outcome = run(job);
    outcome.error.map_or(Ok(outcome.opaque), Err)
}

fn run(job: &Job) -> Outcome {
    let answering = job.answering.clone();
    let mut config = photon_build::configure()
        .out_dir(&job.out_dir)
        .file(format!("{}.rs", job.module))
        .hook(move |api: &photon_build::Api| implementation(api, &answering));
    if job.judged {
        let out_dir = job.out_dir.clone();
        config = config.hook(move |api: &photon_build::Api| decoders(api, &out_dir));
    }
    if let Some(vendor) = &job.vendor {
        config = config.vendor(vendor);
    }
    if !job.formats_asserted {
        config = config.formats(photon_build::Formats::Annotate);
    }
    if job.to_the_letter {
        config = config.integers(photon_build::Integers::Arbitrary).untyped(photon_build::Untyped::Exact);
    }
    let report = match config.run(&job.document) {
        Ok(report) => report,
        Err(error) => return Outcome { error: Some(error.to_string()), ..Outcome::default() },
    };
    let findings = report.findings.iter();
    Outcome {
        error: None,
        findings: findings
            .map(|told| {
                let (file, line, column) = (told.file.display(), told.line, told.column);
                format!("{:?}[{}]: {}\n  --> {file}:{line}:{column}", told.severity, told.code, told.message)
            })
            .collect(),
        refused: report.refused,
        opaque: report.opaque,
        ..Outcome::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        assert!(has_place("error[P0107]: x\n  --> openapi/petstore.yaml:14:9\n   |"));
        assert!(!has_place("error[P0107]: x\n  --> openapi/petstore.yaml\n"));
        assert!(!has_place("error: no place"));
    }
}
