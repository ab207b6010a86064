//! What users read who made one mistake: each program in `ui/` is written on the petstore and does not compile, and the
//! `.stderr` beside it is what `rustc` says of it. The first error names what is missing and where it is to be written.
//!
//! `UPDATE=1 cargo test -p photon-tests --test ui` rewrites them: after a change of what is generated, which is to be
//! read as its users will, or of the compiler's words. Compilers but the [`RECORDED`] one are held to the first line.
//!
//! Where the first error is not what it should be: `async fn` with `&Context` is refused for the lifetime that is not
//! written before anything else is looked at (`handler_async.rs`); once it is, what is wrong is told
//! (`handler_async_spelt.rs`). What `?` cannot convert names the type to convert into, but no generated code can add
//! that the document may declare another status (`error_*.rs`, `status_*.rs`).

#![allow(clippy::unwrap_used)] // A test: a compiler that is not there fails it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The compiler whose words were kept.
const RECORDED: &str = "rustc 1.95.";
/// The programs, seen from the root of the repository.
const PROGRAMS: &str = "tests/tests/ui";
/// The program that nothing was generated for.
const UNBUILT: &str = "unbuilt.rs";
/// What compiles: the control.
const RIGHT: &str = "tests/tests/sample.rs";
/// The width that numbers of lines are given, whatever the longest is.
const GUTTER: usize = 4;

#[test]
fn mistakes_are_told_as_users_read_them() {
    let runtime = runtime();
    let is_recorded = version().starts_with(RECORDED);
    let mut programs: Vec<PathBuf> = std::fs::read_dir(root().join(PROGRAMS))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    programs.sort();
    assert!(!programs.is_empty(), "{PROGRAMS} holds no program");

    let mut differing = String::new();
    for program in programs {
        let output = compile(program.strip_prefix(root()).unwrap(), &runtime);
        assert!(!output.status.success(), "{} compiles", program.display());
        let told = normal(&String::from_utf8(output.stderr).unwrap());

        let kept = program.with_extension("stderr");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&kept, &told).unwrap();
        }
        let expected = std::fs::read_to_string(&kept).unwrap_or_default();
        let same =
            if is_recorded { told == expected } else { told.lines().next() == expected.lines().next() };
        if !same {
            writeln!(differing, "--- {}\n{expected}+++ told\n{told}", kept.display()).unwrap();
        }
    }
    assert!(differing.is_empty(), "UPDATE=1 rewrites what differs\n{differing}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn rustc() -> Command {
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.current_dir(root());
    command
}

fn version() -> String {
    String::from_utf8(rustc().arg("--version").output().unwrap().stdout).unwrap()
}

/// photon-runtime as a crate gets it that asks for no feature, whatever features this workspace's other members ask for.
fn runtime() -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--package", "photon-runtime", "--locked", "--quiet", "--message-format=json"])
        .current_dir(root())
        .stderr(std::process::Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "photon-runtime does not build");
    let told = String::from_utf8(output.stdout).unwrap();
    let libraries = told.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let library = libraries
        .filter(|message| message["target"]["name"] == "photon_runtime")
        .find_map(|message| message["filenames"][0].as_str().map(PathBuf::from))
        .unwrap();
    let right = compile(Path::new(RIGHT), &library);
    assert!(right.status.success(), "{RIGHT}: {}", String::from_utf8_lossy(&right.stderr));
    library
}

/// Compiles a program as Cargo would one whose only dependency is photon-runtime; that of [`UNBUILT`] has no `build.rs`.
fn compile(program: &Path, runtime: &Path) -> Output {
    let out_dir = (!program.ends_with(UNBUILT)).then_some(("OUT_DIR", env!("OUT_DIR")));
    rustc()
        .env_remove("OUT_DIR")
        .envs(out_dir)
        .args(["--edition=2024", "--emit=metadata", "--color=never", "--diagnostic-width=140", "--out-dir"])
        .arg(env!("CARGO_TARGET_TMPDIR"))
        .arg("-L")
        .arg(format!("dependency={}", runtime.parent().unwrap().join("deps").display()))
        .arg("--extern")
        .arg(format!("photon_runtime={}", runtime.display()))
        .arg(program)
        .output()
        .unwrap()
}

/// The text without what differs between machines: folders, numbers of lines outside of the program, the count.
fn normal(text: &str) -> String {
    let text = text.replace(env!("OUT_DIR"), "$OUT_DIR").replace(&format!("{}/", root().display()), "");
    let findings = text.trim_end().split("\n\n").filter(|finding| {
        let count = ["error: aborting", "Some errors have", "For more information"];
        !count.iter().any(|opening| finding.starts_with(opening))
    });
    let findings: Vec<String> = findings.map(finding).collect();
    findings.join("\n")
}

/// Where the lines that follow are from.
#[derive(Clone, Copy, PartialEq)]
enum Origin {
    Program,
    Generated,
    /// Shown only where the compiler's own sources are installed.
    Rust,
}

fn finding(text: &str) -> String {
    let arrow = text.lines().find_map(|line| line.find("--> ").filter(|at| line[..*at].trim().is_empty()));
    let width = arrow.unwrap_or_default();
    let mut origin = Origin::Program;
    let mut told = String::new();
    for line in text.lines() {
        let (gutter, rest) = line.split_at_checked(width).unwrap_or((line, ""));
        let number = gutter.trim();
        if !number.chars().all(|character| character.is_ascii_digit()) || line.is_empty() {
            origin = Origin::Program;
            told.push_str(line);
        } else if let Some(place) = rest.strip_prefix("--> ").or_else(|| rest.strip_prefix("::: ")) {
            let (place, from) = located(place);
            origin = from;
            write!(told, "{:GUTTER$}{}{place}", "", &rest[..4]).unwrap();
        } else if origin == Origin::Rust && rest.starts_with(" |") {
            continue;
        } else {
            let number = if origin == Origin::Program || number.is_empty() { number } else { "LL" };
            write!(told, "{number:>GUTTER$}{rest}").unwrap();
        }
        told.push('\n');
    }
    told
}

/// A place as it is on every machine.
fn located(place: &str) -> (String, Origin) {
    if place.starts_with(PROGRAMS) {
        return (place.to_owned(), Origin::Program);
    }
    let file = place.split(".rs:").next().unwrap_or(place);
    match file.split_once("/library/") {
        Some((_, file)) => (format!("$RUST/{file}.rs"), Origin::Rust),
        None => (format!("{file}.rs"), Origin::Generated),
    }
}
