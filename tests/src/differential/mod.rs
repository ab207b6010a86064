//! Every schema that has a type, judged twice: by its generated decoder, and by the `jsonschema` crate.
//!
//! Two rules are Photon's: nobody has to give a property that is `readOnly`, although it is `required` (OpenAPI 3.0: "If
//! the property has `readOnly` and is in the required list, required takes effect on the response only"); and whether null
//! fits is for the place that a model is used at to say, so it is not asked at a model's root.
//!
//! Instances are made from the schema as Photon reads it (`photon_build::Api::schemas`): 2020-12 whatever the version,
//! for one direction, schemas without `type` as what they speak of, a discriminator as what decides. So these are no
//! differences. `format` is Photon's own on both sides, integers beyond 64 bits and numbers beyond a double are left out,
//! and so are schemas that the crate does not take. Whatever else differs is a fault.

mod mutant;
mod oracle;
mod site;
mod syntax;
mod unit;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::Document;
use crate::figures::Figures;
use crate::generate::Job;
use crate::options::Options;
use crate::synth::fnv;

use oracle::Oracle;
use syntax::{Random, changed, is_json};
use unit::{Instance, make};

/// What instances are made from by chance is the same in every run.
const SEED: u64 = 1;
/// How many instances a document has, and at least each of its schemas; with `--third`, a part of it.
const INSTANCES_MAX: usize = 60_000;
const SCHEMA_INSTANCES_MIN: usize = 120;
const SCHEMA_INSTANCES_MAX: usize = 1_500;
const THIRD_PART: usize = 6;
/// How many texts with a changed byte a schema has.
const CHANGED: usize = 12;
/// How many disagreements are told of a document, and with `--verbose` of each of its schemas.
const TOLD_MAX: usize = 12;
const TOLD_OF_SCHEMA_MAX: usize = 2;
/// How much of an instance is told, in characters.
const TOLD_CHARS_MAX: usize = 600;
/// Where the hook tells the schemas, beside the generated file.
const UNITS: &str = "units.json";

/// The schemas of a document, in the order of the table of decoders.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Units {
    /// `{"$defs": {..}}`.
    pub(crate) schemas: Value,
    /// The key of each, and its place.
    pub(crate) units: Vec<(String, String)>,
}

impl Units {
    /// Writes them where [`Units::read`] looks.
    pub(crate) fn write(&self, out_dir: &Path) -> std::io::Result<()> {
        fs::write(out_dir.join(UNITS), serde_json::to_vec(self)?)
    }

    fn read(job: &Job) -> Result<Self, String> {
        let bytes = fs::read(job.out_dir.join(UNITS)).map_err(|error| error.to_string())?;
        serde_json::from_slice(&bytes).map_err(|error| error.to_string())
    }
}

/// What was found, of one document or of all.
#[derive(Debug, Default)]
pub(crate) struct Found {
    schemas: usize,
    /// Schemas that the crate does not take.
    untaken: usize,
    instances: usize,
    texts: usize,
    beyond: usize,
    disagreements: usize,
    /// Documents that could not be judged.
    pub(crate) unjudged: usize,
    /// By keyword: mutants, those refused, occurrences that could not be violated alone.
    keywords: BTreeMap<&'static str, [usize; 3]>,
    /// Disagreements, as they are told.
    pub(crate) told: Vec<String>,
}

impl Found {
    pub(crate) fn merge(&mut self, other: Self) {
        self.schemas += other.schemas;
        self.untaken += other.untaken;
        self.instances += other.instances;
        self.texts += other.texts;
        self.beyond += other.beyond;
        self.disagreements += other.disagreements;
        self.unjudged += other.unjudged;
        for (keyword, counts) in other.keywords {
            let all = self.keywords.entry(keyword).or_default();
            all.iter_mut().zip(counts).for_each(|(all, count)| *all += count);
        }
    }

    /// Prints what was found and keeps the figures.
    #[allow(clippy::cast_precision_loss)] // Counts of a corpus.
    pub(crate) fn report(&self, figures: &mut Figures) {
        for (keyword, [all, refused, not_isolable]) in &self.keywords {
            println!("  {keyword}: mutants refused {refused} of {all}, not isolable {not_isolable}");
        }
        let sum = |at: usize| self.keywords.values().map(|counts| counts[at]).sum::<usize>();
        println!(
            "differential: schemas {}, instances {}, texts {}, disagreements {}, mutants refused {} of {}, not isolable {}, \
             left out: {} schemas that the crate does not take, {} instances beyond 64 bits; seed {SEED}",
            self.schemas,
            self.instances,
            self.texts,
            self.disagreements,
            sum(1),
            sum(0),
            sum(2),
            self.untaken,
            self.beyond
        );
        figures.set("differential.instances", self.instances as f64);
        figures.set("differential.disagreements failed", self.disagreements as f64);
        figures.demand(self.unjudged == 0, || {
            format!("differential: {} documents were not judged", self.unjudged)
        });
        figures.demand(self.disagreements == 0, || {
            format!("differential: {} disagreements", self.disagreements)
        });
    }
}

/// An instance on its way to the binary.
struct Asked {
    unit: usize,
    bytes: Vec<u8>,
    expected: Expected,
    violates: Option<&'static str>,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Expected {
    Fits,
    Misfits,
    /// Only whether it is JSON.
    Json(bool),
}

/// Judges every schema of a document by the binary made from it.
pub(crate) fn judge(job: &Job, binary: &Path, options: &Options) -> Result<Found, String> {
    let units = Units::read(job)?;
    let oracle = Oracle::new(&units.schemas);
    let mut schemas = units.schemas.clone();
    schemas["openapi"] = "3.1.0".into();
    let document = Document::of(schemas);
    let part = if options.third { THIRD_PART } else { 1 };
    let fair = INSTANCES_MAX / units.units.len().max(1);
    let most = fair.clamp(SCHEMA_INSTANCES_MIN, SCHEMA_INSTANCES_MAX) / part;
    let mut found = Found::default();
    let mut asked = Vec::new();
    for (unit, (key, place)) in units.units.iter().enumerate() {
        let Some(made) = make(&oracle, &document, key, most) else {
            found.untaken += 1;
            continue;
        };
        found.schemas += 1;
        found.beyond += made.beyond;
        for (keyword, count) in made.not_isolable {
            found.keywords.entry(keyword).or_default()[2] += count;
        }
        let mut random = Random::new(SEED ^ fnv(place));
        for bytes in texts(&made.instances, &mut random, (CHANGED / part).max(1)) {
            let expected = Expected::Json(is_json(&bytes));
            asked.push(Asked { unit, bytes, expected, violates: None });
        }
        asked.extend(made.instances.into_iter().map(|Instance { text, fits, violates }| Asked {
            unit,
            bytes: text.into_bytes(),
            expected: if fits { Expected::Fits } else { Expected::Misfits },
            violates,
        }));
    }
    let answers = answers(binary, &asked, &options.scratch)?;
    let mut lines = answers.lines();
    let mut told = vec![0; units.units.len()];
    for asked in &asked {
        let answer = lines.next().ok_or("the binary ended before its answers")?;
        let Some(differs) = found.take(asked, answer, &units) else { continue };
        let told = &mut told[asked.unit];
        *told += 1;
        if if options.verbose { *told <= TOLD_OF_SCHEMA_MAX } else { found.told.len() < TOLD_MAX } {
            found.told.push(differs);
        }
    }
    Ok(found)
}

impl Found {
    /// Counts an answer; what differs, as it is told.
    fn take(&mut self, asked: &Asked, answer: &str, units: &Units) -> Option<String> {
        let verdict = answer.as_bytes().first().copied().unwrap_or_default();
        let agrees = match asked.expected {
            Expected::Fits => verdict == b'v',
            Expected::Misfits => verdict == b'i',
            Expected::Json(is_json) => (verdict != b's') == is_json,
        };
        if let Expected::Json(_) = asked.expected {
            self.texts += 1;
        } else {
            self.instances += 1;
        }
        if let Some(keyword) = asked.violates {
            let counts = self.keywords.entry(keyword).or_default();
            counts[0] += 1;
            counts[1] += usize::from(verdict == b'i');
        }
        if agrees {
            return None;
        }
        self.disagreements += 1;
        let (key, place) = &units.units[asked.unit];
        let text = String::from_utf8_lossy(&asked.bytes);
        let text: String = text.chars().take(TOLD_CHARS_MAX).collect();
        let expected = match asked.expected {
            Expected::Fits => "fits",
            Expected::Misfits => "does not fit",
            Expected::Json(true) => "is JSON",
            Expected::Json(false) => "is not JSON",
        };
        let by = asked.violates.map(|keyword| format!(" by {keyword}")).unwrap_or_default();
        Some(format!("differs: {place} ({key}): {expected}{by}, but the decoder says {answer}: {text}"))
    }
}

/// Texts with a changed byte, from the shortest instances.
fn texts(instances: &[Instance], random: &mut Random, count: usize) -> Vec<Vec<u8>> {
    let mut shortest: Vec<&Instance> = instances.iter().filter(|instance| instance.text.len() > 2).collect();
    shortest.sort_by_key(|instance| (!instance.fits, instance.text.len()));
    let some = shortest.iter().take(4).cycle().take(if shortest.is_empty() { 0 } else { count });
    some.filter_map(|instance| changed(&instance.text, random)).collect()
}

/// A line for each: `v`, `i` or `s` for what fits, does not fit, and is no JSON, with the reason.
fn answers(binary: &Path, asked: &[Asked], scratch: &Path) -> Result<String, String> {
    let fail = |error: std::io::Error| format!("cannot ask the binary: {error}");
    let path: PathBuf = scratch.join("instances");
    let mut out = BufWriter::new(File::create(&path).map_err(fail)?);
    for Asked { unit, bytes, .. } in asked {
        for number in [*unit, bytes.len()] {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            out.write_all(&number.to_le_bytes()).map_err(fail)?;
        }
        out.write_all(bytes).map_err(fail)?;
    }
    out.into_inner().map_err(|error| fail(error.into_error()))?;
    let input = File::open(&path).map_err(fail)?;
    let output = Command::new(binary)
        .env("PHOTON_JUDGE", "1")
        .stdin(input)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .map_err(fail)?;
    // It is overwritten by the next document.
    let _ = fs::remove_file(&path);
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        let error: Vec<&str> = error.lines().filter(|line| !line.trim().is_empty()).take(3).collect();
        return Err(format!("the binary ended with {}: {}", output.status, error.join(" ")));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}
