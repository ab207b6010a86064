//! Small documents of other projects' tests, each with what is expected of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use crate::figures::Figures;
use crate::generate::{Generated, Job, generate};
use crate::options::Options;
use crate::probe::Answering;
use crate::scratch::Scratch;

use super::{SAMPLES_MIN, table};

/// How long a small document may take before it counts as hung.
const GENERATION_TIME_MAX: Duration = Duration::from_secs(20);
/// How many documents are generated side by side.
const WORKERS: usize = 2;
/// How many times the failing modules are taken out of the common crate and the rest is checked again.
const ROUNDS_MAX: usize = 40;
/// How many deviations are printed.
const DEVIATIONS_MAX: usize = 40;

/// A small document.
struct Sample {
    name: String,
    expect: String,
    module: String,
    job: Job,
    generated: Result<Generated, String>,
}

pub(super) fn run(options: &Options, corpus: &Path, figures: &mut Figures) -> Result<(), String> {
    let folder = corpus.join("_suites");
    let index = folder.join("index.tsv");
    if !index.exists() {
        println!("SKIPPED: no {}", index.display());
        return Ok(());
    }
    let rows: Vec<_> = table(&index)?
        .into_iter()
        .filter_map(|mut row| Some((row.remove("file")?, row.remove("expect")?)))
        .filter(|(name, _)| options.chooses(name))
        .collect();
    let all = rows.len();
    if all == 0 {
        return Ok(());
    }
    let samples = generate_all(options, corpus, &folder, rows);
    let broken = compile_all(options, &samples)?;

    let mut deviations = Vec::new();
    let mut tally: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for sample in &samples {
        let deviation = deviation(sample, &broken);
        let (good, of) = tally.entry(&sample.expect).or_default();
        *good += usize::from(deviation.is_none());
        *of += 1;
        deviations.extend(deviation.map(|why| format!("{} ({}): {why}", sample.name, sample.expect)));
    }
    let shown = if options.verbose { deviations.len() } else { DEVIATIONS_MAX };
    deviations.iter().take(shown).for_each(|deviation| println!("    {deviation}"));
    if deviations.len() > shown {
        println!("    and {} more", deviations.len() - shown);
    }
    let good = all - deviations.len();
    let parts: Vec<String> =
        tally.iter().map(|(expect, (good, of))| format!("{expect} {good} of {of}")).collect();
    println!("{good} of {all} as expected ({})", parts.join(", "));
    figures.share("corpus.suites", good, all);
    #[allow(clippy::cast_precision_loss)] // Counts of a corpus.
    let share = if all == 0 { 100.0 } else { good as f64 * 100.0 / all as f64 };
    figures.demand(share >= SAMPLES_MIN, || {
        format!("_suites: {good} of {all} as expected is below {SAMPLES_MIN} %")
    });
    figures.detail("suites", deviations.into());
    Ok(())
}

fn generate_all(options: &Options, corpus: &Path, folder: &Path, rows: Vec<(String, String)>) -> Vec<Sample> {
    let next = Mutex::new(rows.into_iter().enumerate());
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let taken = next.lock().ok().and_then(|mut rows| rows.next());
                    let Some((turn, (name, expect))) = taken else { break };
                    let module = format!("m{turn}");
                    let out = options.scratch.join("samples").join(&module);
                    let job = Job {
                        vendor: Some(corpus.join("_vendor")),
                        ..Job::new(&folder.join(&name), &out, &module, Answering::Nothing)
                    };
                    let generated = generate(&job, GENERATION_TIME_MAX);
                    if let Ok(mut done) = done.lock() {
                        done.push((turn, Sample { name, expect, module, job, generated }));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(turn, _)| *turn);
    done.into_iter().map(|(_, sample)| sample).collect()
}

/// Compiles all that was generated in one crate; returns the modules that do not compile, with the reason.
fn compile_all(options: &Options, samples: &[Sample]) -> Result<BTreeMap<String, String>, String> {
    let fail = |error: std::io::Error| format!("cannot compile the small documents: {error}");
    let scratch = Scratch::new(&options.scratch, "samples-crate", &options.project).map_err(fail)?;
    let must_compile = |sample: &&Sample| {
        sample.expect == "generate" && sample.generated.as_ref().is_ok_and(|generated| generated.ok)
    };
    let mut modules: Vec<&str> = Vec::new();
    for sample in samples.iter().filter(must_compile) {
        scratch.add(&sample.job).map_err(fail)?;
        modules.push(&sample.module);
    }
    let mut broken = BTreeMap::new();
    for _ in 0..ROUNDS_MAX {
        let checked = check(&scratch, &modules).map_err(fail)?;
        if checked.ok {
            return Ok(broken);
        }
        let blamed: Vec<&str> = modules
            .iter()
            .copied()
            .filter(|module| checked.blamed.iter().any(|stem| stem == module))
            .collect();
        if blamed.is_empty() {
            break;
        }
        for module in &blamed {
            // Alone it may be innocent: a message can point into two modules.
            let alone =
                if blamed.len() <= 3 { Some(check(&scratch, &[module]).map_err(fail)?) } else { None };
            if alone.as_ref().is_none_or(|alone| !alone.ok) {
                let reason = alone.map_or_else(|| checked.reason(), |alone| alone.reason());
                broken.insert((*module).to_owned(), reason);
            }
        }
        let before = modules.len();
        modules.retain(|module| !broken.contains_key(*module));
        if modules.len() == before {
            break;
        }
    }
    // No message names a module: each is checked alone.
    for module in modules {
        let alone = check(&scratch, &[module]).map_err(fail)?;
        if !alone.ok {
            broken.insert(module.to_owned(), alone.reason());
        }
    }
    Ok(broken)
}

fn check(scratch: &Scratch, modules: &[&str]) -> std::io::Result<crate::scratch::Compiled> {
    let includes: Vec<String> =
        modules.iter().map(|module| format!("photon_runtime::include_api!(mod {module});")).collect();
    let includes = includes.join("\n");
    scratch.main(&format!("//! Holds small documents.\n\n{includes}\n\nfn main() {{}}\n"))?;
    scratch.check()
}

/// Why a sample is not as expected.
fn deviation(sample: &Sample, broken: &BTreeMap<String, String>) -> Option<String> {
    let generated = match &sample.generated {
        Ok(generated) => generated,
        Err(error) => return Some(error.clone()),
    };
    if generated.panicked || generated.hung {
        return Some(generated.reason());
    }
    match sample.expect.as_str() {
        "generate" if !generated.ok => Some(format!("not generated: {}", generated.reason())),
        "generate" => broken.get(&sample.module).map(|reason| format!("does not compile: {reason}")),
        "finding" if !generated.found_with_place() => Some(if generated.ok {
            "nothing was found".to_owned()
        } else {
            format!("no place: {}", generated.reason())
        }),
        "finding" | "any" => None,
        other => Some(format!("the judge does not know `{other}`")),
    }
}
