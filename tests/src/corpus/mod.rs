//! Real documents: generated, compiled, served, and asked.
//!
//! Three steps run side by side, each on its own document: generate, compile, ask. What is measured is measured in
//! child processes.

mod ask;
mod compile;
mod produce;
mod row;
mod samples;

use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::thread;

use crate::differential::{self, Found};
use crate::figures::Figures;
use crate::options::{Options, Part};
use crate::scratch::Scratch;

pub(crate) use compile::program;
use produce::Case;
pub use row::Row;
use row::Total;

/// The least share of operations that must be generated, in percent.
const OPERATIONS_MIN: f64 = 99.0;
/// The largest share of schemas that may be given up, in percent.
const OPAQUE_MAX: f64 = 1.0;
/// The least share of operations whose request must reach the handler, in percent.
const REACHED_MIN: f64 = 98.0;
/// The least share of incomplete requests that must be refused, in percent.
const REFUSED_MIN: f64 = 98.0;
/// The least share of small documents that must go as expected, in percent.
const SAMPLES_MIN: f64 = 97.0;
/// The most lines in function bodies that half of all operations, and 95 % of them, may have.
const LINES_MEDIAN_MAX: usize = 20;
const LINES_TAIL_MAX: usize = 40;

/// A document of the corpus.
#[derive(Clone, Debug)]
struct Entry {
    name: String,
    path: PathBuf,
}

/// Judges every primary document and every small one.
pub fn run(options: &Options, figures: &mut Figures) -> Result<(), String> {
    let corpus = options.shared.join("corpus");
    let entries: Vec<Entry> = primary(&corpus)?
        .into_iter()
        .filter(|name| options.chooses(name))
        .map(|name| Entry { path: corpus.join(&name), name })
        .collect();

    let mut found = Found::default();
    let total = documents(options, &corpus, entries, &mut found)?;
    if options.judges(Part::Differential) && !options.check_only {
        found.report(figures);
    }
    if !options.judges(Part::Corpus) {
        return Ok(());
    }
    summarize(options, &total, figures);
    samples::run(options, &corpus, figures)
}

/// The primary documents up to a size, for what reads them without optimisation, and the folder of what they refer to on
/// other machines. None where there is no corpus, which is told.
pub fn small(bytes_max: u64) -> Option<(Vec<PathBuf>, PathBuf)> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("PHOTON_SHARED").map_or(beside, PathBuf::from);
    let corpus = shared.join("corpus");
    let Ok(names) = primary(&corpus) else {
        eprintln!("SKIPPED: there is no {}", corpus.display());
        return None;
    };
    let is_small = |path: &PathBuf| path.metadata().is_ok_and(|data| data.len() <= bytes_max);
    let documents = names.iter().map(|name| corpus.join(name)).filter(is_small).collect();
    Some((documents, corpus.join("_vendor")))
}

/// The names of the documents that operations are counted of.
fn primary(corpus: &Path) -> Result<Vec<String>, String> {
    let rows = table(&corpus.join("index.tsv"))?.into_iter();
    let rows = rows.filter(|row| row.get("role").is_some_and(|role| role == "primary"));
    Ok(rows.filter_map(|mut row| row.remove("file")).collect())
}

/// The stack of the thread that walks documents and generated code: schemas refer to each other hundreds deep.
const READER_STACK_BYTES: usize = 512 << 20;

fn documents(
    options: &Options,
    corpus: &Path,
    entries: Vec<Entry>,
    found: &mut Found,
) -> Result<Total, String> {
    let scratch =
        Scratch::new(&options.scratch, "case", &options.project).map_err(|error| error.to_string())?;
    compile::warm_up(&scratch)?;
    let (produced, compile_next) = sync_channel(2);
    let (compiled, ask_next) = sync_channel(2);
    let mut total = Total::default();
    thread::scope(|scope| -> Result<(), String> {
        let reading = move || {
            for (turn, entry) in entries.into_iter().enumerate() {
                if produced.send(produce::produce(options, corpus, entry, turn)).is_err() {
                    break;
                }
            }
        };
        thread::Builder::new()
            .stack_size(READER_STACK_BYTES)
            .spawn_scoped(scope, reading)
            .map_err(|error| error.to_string())?;
        let scratch = &scratch;
        scope.spawn(move || {
            for case in compile_next {
                if compiled.send(compile::compile(options, scratch, case)).is_err() {
                    break;
                }
            }
        });
        for mut case in ask_next {
            if !options.check_only && options.judges(Part::Corpus) {
                ask::ask(options, &mut case);
            }
            if case.job.judged {
                differ(options, &mut case, found);
            }
            case.clean();
            println!("{}", case.row.told(options.verbose));
            total.add(case.row, options.verbose);
        }
        Ok(())
    })?;
    Ok(total)
}

/// Judges the schemas of a document, on a stack for deep ones.
fn differ(options: &Options, case: &mut Case, found: &mut Found) {
    let Some(binary) = &case.binary else { return };
    let judged = thread::scope(|scope| {
        let judge = || differential::judge(&case.job, binary, options);
        let judge = thread::Builder::new().stack_size(READER_STACK_BYTES).spawn_scoped(scope, judge);
        judge.map_err(|error| error.to_string())?.join().map_err(|_| "the judge panicked".to_owned())?
    });
    match judged {
        Ok(mut own) => {
            case.row.notes.append(&mut own.told);
            found.merge(own);
        }
        Err(error) => {
            case.row.notes.push(format!("not judged: {error}"));
            found.unjudged += 1;
        }
    }
}

#[allow(clippy::cast_precision_loss)] // Counts of a corpus.
fn summarize(options: &Options, total: &Total, figures: &mut Figures) {
    let Total { documents, generated, compiled, panics, .. } = *total;
    let (operations, opaque, reached, refused) =
        (total.operations, total.opaque, total.reached, total.refused);
    print!(
        "{generated} of {documents} generate, {compiled} of {documents} compile, operations {} of {}, opaque {} of {}",
        operations.0, operations.1, opaque.0, opaque.1
    );
    if options.check_only {
        println!();
    } else {
        println!(", reached {} of {}, refused {} of {}", reached.0, reached.1, refused.0, refused.1);
    }
    let percent =
        |(part, all): (usize, usize)| if all == 0 { 100.0 } else { part as f64 * 100.0 / all as f64 };
    let mut target = |name: &str, share: (usize, usize), least: f64| {
        figures.share(format!("corpus.{name}"), share.0, share.1);
        figures.demand(percent(share) >= least, || {
            format!("corpus: {name} {} of {} is below {least} %", share.0, share.1)
        });
    };
    target("operations", operations, OPERATIONS_MIN);
    target("compiled", (compiled, generated), 100.0);
    if !options.check_only {
        target("reached", reached, REACHED_MIN);
        target("refused", refused, REFUSED_MIN);
    }
    let opaque_percent = percent(opaque);
    let opaque_percent = if opaque.1 == 0 { 0.0 } else { opaque_percent };
    figures.set("corpus.opaque", (opaque_percent * 1000.0).round() / 1000.0);
    figures.demand(opaque_percent <= OPAQUE_MAX, || {
        format!("corpus: opaque {} of {} is above {OPAQUE_MAX} %", opaque.0, opaque.1)
    });
    figures.set("corpus.generated", generated as f64);
    figures.set("corpus.panics", panics as f64);
    figures.demand(panics == 0, || format!("corpus: {panics} panics"));
    let [median, tail] = total.body_lines();
    println!("lines in function bodies per operation: median {median}, 95 % at most {tail}");
    figures.demand(median <= LINES_MEDIAN_MAX && tail <= LINES_TAIL_MAX, || {
        format!("corpus: lines in function bodies: median {median} of {LINES_MEDIAN_MAX}, tail {tail} of {LINES_TAIL_MAX}")
    });
    figures.set("corpus.lines_median", median as f64);
    figures.set("corpus.lines_p95", tail as f64);
    figures.detail("corpus", total.rows.clone().into());
}

/// The rows of a tab-separated table, by the names in its first line.
fn table(path: &Path) -> Result<Vec<std::collections::BTreeMap<String, String>>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let rows = lines.filter(|line| !line.trim().is_empty()).map(|line| {
        names
            .iter()
            .zip(line.split('\t'))
            .map(|(name, value)| ((*name).to_owned(), value.to_owned()))
            .collect()
    });
    Ok(rows.collect())
}
