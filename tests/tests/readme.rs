//! The README says what is so: its quickstart is an excerpt of the sample, its commands are two.

#![allow(clippy::unwrap_used)] // A test: a file that is not there fails it.

use std::path::Path;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The code blocks of a language, without their fences.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn the_quickstart_is_an_excerpt_of_the_sample() {
    let (readme, sample) = (read("../README.md"), read("tests/sample.rs"));
    let quickstart = *blocks(&readme, "rust,ignore").last().unwrap();
    assert!(quickstart.lines().count() <= 30, "{} lines", quickstart.lines().count());

    let mut rest = sample.lines();
    for line in quickstart.lines().filter(|line| !line.is_empty()) {
        assert!(rest.any(|own| own == line), "not in the sample, or not in this order: {line}");
    }
}

#[test]
fn the_commands_are_two() {
    let readme = read("../README.md");
    let commands = blocks(&readme, "sh")[0];
    assert_eq!(commands.lines().count(), 2);
    assert!(commands.lines().all(|line| line.starts_with("cargo ")));
}

#[test]
fn continuous_integration_runs_the_test_command() {
    let readme = read("../README.md");
    let command = blocks(&readme, "sh")[0].lines().last().unwrap();
    let command = command.split('#').next().unwrap().trim();
    assert!(read("../.ci/run").contains(command), "{command}");
}
