//! Judges a folder of documents and suites: see the crate's modules.

// A judge prints its verdicts.
#![allow(clippy::print_stdout)]

use std::path::Path;
use std::process::ExitCode;

use photon_tests::figures::Figures;
use photon_tests::generate;
use photon_tests::measure;
use photon_tests::options::{Options, Part};
use photon_tests::{corpus, suites};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.next_if(|argument| argument == generate::CHILD).is_some() {
        return arguments.next().map_or(ExitCode::from(2), |order| generate::child(Path::new(&order)));
    }
    if arguments.next_if(|argument| argument == measure::CHILD).is_some() {
        return measure::child(arguments);
    }
    match judge(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("verify: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether everything is as it must be.
fn judge(arguments: impl Iterator<Item = String>) -> Result<bool, String> {
    let options = Options::parse(arguments)?;
    for folder in ["corpus", "harness"] {
        let folder = options.shared.join(folder);
        if !folder.is_dir() {
            return Err(format!(
                "there is no {}: PHOTON_SHARED names the folder with both",
                folder.display()
            ));
        }
    }
    let mut figures = Figures::default();
    if options.judges(Part::Corpus) || options.judges(Part::Differential) {
        corpus::run(&options, &mut figures)?;
    }
    suites::run(&options, &mut figures)?;
    if let Some(json) = &options.json {
        figures.write(json)?;
    }
    for miss in figures.misses() {
        println!("MISS {miss}");
    }
    // A floor says what was reached; with one, a target that was never reached is told, but only a step back fails.
    let Some(floor) = &options.floor else { return Ok(figures.misses().is_empty()) };
    let fallen = figures.below(floor)?;
    for figure in &fallen {
        println!("BELOW THE FLOOR {figure}");
    }
    Ok(fallen.is_empty())
}
