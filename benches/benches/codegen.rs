//! What generation takes, what generated code takes to type-check beside its peers', and what a fresh crate costs.
//!
//! `cargo bench -p photon-benches --bench codegen [-- generation|check|fresh]`

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

use photon_benches::generated::Generated;
use photon_benches::larger::larger;
use photon_benches::measure::{self, Taken};
use photon_benches::row::{Target, head, note, row, skip};
use photon_benches::workshop;

use Target::AtMost;

/// The generator, optimised as this bench is.
const GENERATE: &str = env!("CARGO_BIN_EXE_generate");
const LARGE: &str = "github/api.github.com.json";
const CHECKED: [(&str, &str); 3] = [
    ("airflow", "airflow/apacheorgairflow.yaml"),
    ("clerk", "clerk/2025-11-10.yml"),
    ("asana", "asana/asana_oas.yaml"),
];
const CRATES_MAX: f64 = 120.0;
const RELEASE_MB_MAX: f64 = 4.0;

fn main() -> Result<()> {
    let chosen: BTreeSet<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_chosen = |part: &str| chosen.is_empty() || chosen.contains(part);
    head();
    if is_chosen("generation") {
        generation()?;
    }
    if is_chosen("check") {
        check()?;
    }
    if is_chosen("fresh") {
        fresh()?;
    }
    Ok(())
}

fn generation() -> Result<()> {
    let Some(document) = workshop::document(LARGE) else {
        skip("generation", &format!("{LARGE} is not in the shared folder"));
        return Ok(());
    };
    #[allow(clippy::cast_precision_loss)] // A size in bytes has far fewer than 52 bits.
    let megabytes = fs::metadata(&document)?.len() as f64 / 1e6;
    let scratch = workshop::scratch("generation")?;
    let fast = generate(Path::new(GENERATE), &document, &scratch)?;
    row("github, optimised, CPU s (peer: the limit)", fast.cpu_seconds(), 1.0, AtMost(1.0));
    row("github, peak MB (peer: the document)", fast.peak_mb(), megabytes, AtMost(10.0));

    let slow = generate(&unoptimised()?, &document, &scratch)?;
    row("github, opt-level 0, CPU s (peer: the limit)", slow.cpu_seconds(), 6.0, AtMost(1.0));

    let text = fs::read(&document)?;
    let four = scratch.join("four.json");
    fs::write(&four, serde_json::to_vec_pretty(&larger(&serde_json::from_slice(&text)?, 3))?)?;
    let taken = generate(Path::new(GENERATE), &four, &scratch)?;
    row("github x 4 / x 1, CPU s", taken.cpu_seconds(), fast.cpu_seconds(), AtMost(5.0));
    row("github x 4, peak MB (peer: x 1)", taken.peak_mb(), fast.peak_mb(), AtMost(5.0));
    Ok(())
}

/// The best of three, for the machine is shared.
fn generate(binary: &Path, document: &Path, out: &Path) -> Result<Taken> {
    let runs = (0..3).map(|_| measure::run(Command::new(binary).arg(document).arg(out)));
    let runs = runs.collect::<Result<Vec<_>>>()?;
    runs.into_iter().min_by_key(|taken| taken.cpu).ok_or_else(|| io::Error::other("no run"))
}

/// The generator as cargo builds it for build scripts by default.
fn unoptimised() -> Result<PathBuf> {
    let target = workshop::root().join("target");
    let built = workshop::cargo()
        .args(["build", "--quiet", "-p", "photon-benches", "--bin", "generate"])
        .current_dir(workshop::root())
        .env("CARGO_TARGET_DIR", &target)
        .status()?;
    if built.success() {
        Ok(target.join("debug/generate"))
    } else {
        Err(io::Error::other("the generator does not build"))
    }
}

fn check() -> Result<()> {
    for (name, file) in CHECKED {
        let Some(document) = workshop::document(file) else {
            skip(&format!("check {name}"), &format!("{file} is not in the shared folder"));
            continue;
        };
        let generated = Generated::photon(Path::new(GENERATE), &document, name)?;
        let operations = generated.operations()?;
        note(&format!("{name}: {} operations", operations.len()));
        let peer = Generated::openapi_to_rust(&document, name, &operations);
        compare(&format!("check {name}, openapi-to-rust"), &generated, peer, [0.4, 0.25, 0.4]);
        let peer = Generated::oas3_gen(&document, name);
        compare(&format!("check {name}, oas3-gen"), &generated, peer, [1.0, 1.0, 1.0]);
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss)] // Lines have far fewer than 52 bits.
fn compare(name: &str, ours: &Generated, peer: Result<Generated>, bounds: [f64; 3]) {
    let [ours, peer] = match peer.and_then(|peer| ours.beside(&peer)) {
        Ok(costs) => costs,
        Err(error) => return skip(name, &format!("one of the two fails: {error}")),
    };
    let [lines, cpu, memory] = bounds.map(AtMost);
    row(&format!("{name}, lines"), ours.lines as f64, peer.lines as f64, lines);
    row(&format!("{name}, CPU s"), ours.cpu_seconds, peer.cpu_seconds, cpu);
    row(&format!("{name}, peak MB"), ours.memory_mb, peer.memory_mb, memory);
}

fn fresh() -> Result<()> {
    let [ours, peer] = ["photon", "axum"].map(|name| workshop::root().join("benches/fresh").join(name));
    row("fresh crate, crates in its tree (peer: the limit)", crates(&ours)?, CRATES_MAX, AtMost(1.0));
    note(&format!("axum + serde + validator: {} crates", crates(&peer)?));
    let [our_build, peer_build] = [cold(&ours)?, cold(&peer)?];
    row(
        "fresh crate, cold debug build, CPU s",
        our_build.cpu_seconds(),
        peer_build.cpu_seconds(),
        AtMost(1.2),
    );
    row("fresh crate, release binary stripped, MB", release_mb(&ours)?, RELEASE_MB_MAX, AtMost(1.0));
    note(&format!("axum + serde + validator: {:.2} MB", release_mb(&peer)?));
    Ok(())
}

/// Crates that are built for it, those of build scripts and the crate itself included.
#[allow(clippy::cast_precision_loss)] // A handful.
fn crates(folder: &Path) -> Result<f64> {
    let arguments = ["tree", "--locked", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"];
    let tree = workshop::cargo().args(arguments).current_dir(folder).output()?;
    let tree = String::from_utf8_lossy(&tree.stdout);
    let names = tree.lines().map(|line| line.trim_end_matches(" (*)").trim_end_matches(" (proc-macro)"));
    Ok(names.filter(|name| !name.is_empty()).collect::<BTreeSet<_>>().len() as f64)
}

/// A debug build with nothing built before.
fn cold(folder: &Path) -> Result<Taken> {
    let target = workshop::scratch("fresh/cold")?;
    fs::remove_dir_all(&target)?;
    let arguments = ["build", "--locked", "--quiet"];
    measure::run(workshop::cargo().args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", target))
}

#[allow(clippy::cast_precision_loss)] // A size in bytes has far fewer than 52 bits.
fn release_mb(folder: &Path) -> Result<f64> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let target = workshop::scratch("fresh/release")?;
    let arguments = ["build", "--locked", "--quiet", "--release"];
    measure::run(workshop::cargo().args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", &target))?;
    let binary = target.join("release").join(format!("fresh-{name}"));
    Ok(fs::metadata(binary)?.len() as f64 / 1e6)
}
