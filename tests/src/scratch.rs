//! The workspace in which generated code is checked and built, with the runtime compiled once.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::generate::Job;
use crate::measure::{self, Measured};

/// How long one check or build may take.
const BUILD_TIME_MAX: Duration = Duration::from_mins(20);
/// How many messages of a failed build are kept.
const MESSAGES_MAX: usize = 4;

const BUILD_RS: &str = r#"//! Puts the generated files where `include_api!` looks for them.
fn main() {
    println!("cargo::rerun-if-changed=generated");
    let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    for file in std::fs::read_dir("generated").expect("the folder").map(|file| file.expect("an entry").path()) {
        std::fs::copy(&file, out.join(file.file_name().expect("a name"))).expect("a copy");
    }
}
"#;

/// A workspace of one binary crate.
#[derive(Debug)]
pub struct Scratch {
    root: PathBuf,
    target: PathBuf,
}

/// What the compiler said.
#[derive(Debug)]
pub struct Compiled {
    /// Whether it went through, under `-D warnings`.
    pub ok: bool,
    /// How many warnings it would have given.
    pub warnings: usize,
    /// The first messages.
    pub messages: Vec<String>,
    /// The generated files that messages point into, by their stems.
    pub blamed: Vec<String>,
    /// What it took.
    pub measured: Measured,
    /// The binary, when one was built.
    pub binary: Option<PathBuf>,
}

impl Scratch {
    /// Makes the workspace `name` below `root`; `project` is the checkout whose runtime is used.
    pub fn new(root: &Path, name: &str, project: &Path) -> io::Result<Self> {
        let scratch = Self { root: root.join(name), target: root.join("target") };
        fs::create_dir_all(scratch.root.join("src"))?;
        scratch.clear()?;
        let runtime = project.join("photon-runtime");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nphoton-runtime = {{ path = {:?} }}\n\n\
             [lints.rust]\nwarnings = \"deny\"\n\n\
             [profile.dev]\ndebug = 0\nincremental = false\nopt-level = 0\n",
            runtime.display().to_string()
        );
        fs::write(scratch.root.join("Cargo.toml"), manifest)?;
        fs::write(scratch.root.join("build.rs"), BUILD_RS)?;
        fs::copy(project.join("Cargo.lock"), scratch.root.join("Cargo.lock"))?;
        scratch.main("fn main() {}\n")?;
        Ok(scratch)
    }

    /// The folder for generated files.
    pub fn generated(&self) -> PathBuf {
        self.root.join("generated")
    }

    /// Adds what a generation made: the module, and whatever it reads from beside itself.
    pub fn add(&self, job: &Job) -> io::Result<()> {
        for file in fs::read_dir(&job.out_dir)? {
            let path = file?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with(&format!("{}.", job.module)) {
                fs::copy(&path, self.generated().join(name))?;
            }
        }
        Ok(())
    }

    /// Empties the folder for generated files.
    pub fn clear(&self) -> io::Result<()> {
        if self.generated().exists() {
            fs::remove_dir_all(self.generated())?;
        }
        fs::create_dir_all(self.generated())
    }

    /// Writes `main.rs`.
    pub fn main(&self, text: &str) -> io::Result<()> {
        fs::write(self.root.join("src/main.rs"), text)
    }

    /// `cargo check`.
    pub fn check(&self) -> io::Result<Compiled> {
        self.cargo("check", &[])
    }

    /// `cargo build`, without debug information.
    pub fn build(&self) -> io::Result<Compiled> {
        self.cargo("build", &[])
    }

    /// `cargo build --release`.
    pub fn build_release(&self) -> io::Result<Compiled> {
        self.cargo("build", &["--release"])
    }

    fn cargo(&self, verb: &str, more: &[&str]) -> io::Result<Compiled> {
        let mut command = Command::new("cargo");
        command.args([verb, "--quiet", "--message-format=json"]).args(more).current_dir(&self.root);
        command
            .env("CARGO_TARGET_DIR", &self.target)
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        let measured = measure::run_apart(&command, BUILD_TIME_MAX, &self.root.join("log"))?;
        let mut compiled = Compiled {
            ok: measured.success(),
            warnings: 0,
            messages: Vec::new(),
            blamed: Vec::new(),
            binary: None,
            measured,
        };
        let lines = std::mem::take(&mut compiled.measured.stdout);
        lines
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .for_each(|line| compiled.take(&line));
        if !compiled.ok && compiled.messages.is_empty() {
            compiled.messages.push(compiled.measured.stderr.chars().take(2_000).collect());
        }
        Ok(compiled)
    }
}

impl Compiled {
    /// The first line of the first message.
    pub fn reason(&self) -> String {
        let first = self.messages.first().map(String::as_str).unwrap_or_default();
        first.lines().take(2).collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn take(&mut self, line: &Value) {
        if let Some(path) = line.get("executable").and_then(Value::as_str) {
            self.binary = Some(PathBuf::from(path));
        }
        let Some(message) = line.get("message") else { return };
        let level = message.get("level").and_then(Value::as_str).unwrap_or_default();
        let rendered = message.get("rendered").and_then(Value::as_str).unwrap_or_default();
        let spans = message.get("spans").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if !matches!(level, "error" | "warning") || spans.is_empty() {
            return;
        }
        // A denied lint is an error whose code is the lint's name; the compiler's own errors have E and a number.
        let code = message.get("code").and_then(|code| code.get("code")).and_then(Value::as_str);
        let is_lint = code.is_some_and(|code| {
            !code.starts_with('E') || !code[1..].bytes().all(|byte| byte.is_ascii_digit())
        });
        self.warnings += usize::from(level == "warning" || is_lint);
        for span in spans {
            self.blame(span);
        }
        if self.messages.len() < MESSAGES_MAX {
            self.messages.push(rendered.to_owned());
        }
    }

    fn blame(&mut self, span: &Value) {
        let mut span = Some(span);
        while let Some(here) = span {
            let file = here.get("file_name").and_then(Value::as_str).unwrap_or_default();
            let stem = Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
            if let Some(stem) = stem.filter(|stem| !self.blamed.contains(stem)) {
                self.blamed.push(stem);
            }
            span = here.get("expansion").and_then(|expansion| expansion.get("span"));
        }
    }
}
