//! Crates that hold generated code, ours or a peer's: made from a document, then type-checked and measured.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::measure::{self, Taken};
use crate::workshop;

/// A crate whose library is generated.
#[derive(Debug)]
pub struct Generated {
    folder: PathBuf,
}

/// What type-checking generated code takes, less what an empty crate with the same dependencies takes.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Lines of generated code.
    pub lines: usize,
    /// CPU seconds.
    pub cpu_seconds: f64,
    /// Peak memory in MB.
    pub memory_mb: f64,
}

impl Generated {
    /// The code of Photon for a document, by the binary `generate`.
    pub fn photon(generate: &Path, document: &Path, name: &str) -> Result<Self> {
        let this = Self::new(&format!("check/photon-{name}"))?;
        let out = this.folder.join("src/gen");
        fs::create_dir_all(&out)?;
        measure::run(Command::new(generate).arg(document).arg(&out))?;
        let module = fs::read_dir(&out)?.filter_map(|entry| Some(entry.ok()?.path()));
        let module =
            module.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "rs"));
        let module = module.ok_or_else(|| io::Error::other("nothing was generated"))?;
        fs::rename(module, out.join("mod.rs"))?;
        let runtime = workshop::root().canonicalize()?.join("photon-runtime");
        this.manifest(&format!("photon-runtime = {{ path = \"{}\" }}\n", runtime.display()))?;
        fs::copy(workshop::root().join("Cargo.lock"), this.folder.join("Cargo.lock"))?;
        this.library("#![allow(warnings)]\npub mod r#gen;\n")?;
        Ok(this)
    }

    /// The code of openapi-to-rust for the same operations: server, validation on, models pruned to them.
    pub fn openapi_to_rust(document: &Path, name: &str, operations: &[String]) -> Result<Self> {
        let binary = workshop::install("openapi-to-rust", "0.23.0")?;
        let this = Self::new(&format!("check/openapi-to-rust-{name}"))?;
        let config = format!(
            "[generator]\nspec_path = \"{}\"\noutput_dir = \"src/gen\"\nmodule_name = \"api\"\n\n\
             [features]\nenable_async_client = false\n\n\
             [server]\nframework = \"axum\"\nprune_models = true\noperations = {operations:?}\n",
            document.canonicalize()?.display()
        );
        fs::write(this.folder.join("openapi-to-rust.toml"), config)?;
        let command = &mut Command::new(binary);
        command.args(["generate", "--config", "openapi-to-rust.toml"]).current_dir(&this.folder);
        measure::run(command)?;
        let required = fs::read_to_string(this.folder.join("src/gen/REQUIRED_DEPS.toml"))?;
        let start = required.find("[dependencies]").map_or(0, |at| at + "[dependencies]".len());
        this.manifest(&required[start..])?;
        this.library("#![allow(warnings)]\npub mod r#gen;\n")?;
        Ok(this)
    }

    /// The code of oas3-gen: a server crate as it writes it.
    pub fn oas3_gen(document: &Path, name: &str) -> Result<Self> {
        let binary = workshop::install("oas3-gen", "0.29.0")?;
        let folder = workshop::scratch("check")?.join(format!("oas3-gen-{name}"));
        let _ = fs::remove_dir_all(&folder);
        let command = &mut Command::new(binary);
        command.args(["generate", "server-mod", "--workspace", "-i"]).arg(document).arg("-o").arg(&folder);
        measure::run(command)?;
        let manifest = folder.join("Cargo.toml");
        fs::write(&manifest, fs::read_to_string(&manifest)? + "\n[workspace]\n")?;
        Ok(Self { folder })
    }

    fn new(name: &str) -> Result<Self> {
        let folder = workshop::scratch(name)?;
        fs::remove_dir_all(&folder)?;
        fs::create_dir_all(folder.join("src"))?;
        Ok(Self { folder })
    }

    fn manifest(&self, dependencies: &str) -> Result<()> {
        let mut text =
            String::from("[package]\nname = \"generated\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n");
        let _ = write!(text, "[workspace]\n\n[dependencies]\n{dependencies}");
        fs::write(self.folder.join("Cargo.toml"), text)
    }

    fn library(&self, text: &str) -> Result<()> {
        fs::write(self.folder.join("src/lib.rs"), text)
    }

    /// The operations of our code as `METHOD /path`.
    pub fn operations(&self) -> Result<Vec<String>> {
        let text = fs::read_to_string(self.folder.join("src/gen/mod.rs"))?;
        let metas = text.split("photon::meta(").skip(1);
        let literals =
            metas.map(|meta| meta.split('"').skip(1).step_by(2).skip(1).take(2).collect::<Vec<_>>());
        Ok(literals.map(|literals| literals.join(" ")).collect())
    }

    /// Type-checks this crate and the peer's in turn, each with its code and without; medians of so many rounds.
    /// Dependencies are built before.
    pub fn beside(&self, peer: &Self) -> Result<[Cost; 2]> {
        let mut both = [Checked::new(self)?, Checked::new(peer)?];
        for _ in 0..ROUNDS {
            both.iter_mut().try_for_each(Checked::round)?;
        }
        let [ours, theirs] = both;
        Ok([ours.cost()?, theirs.cost()?])
    }

    fn check(&self) -> Result<Taken> {
        let target = workshop::scratch("check/target")?;
        let mut command = workshop::cargo();
        command.args(["check", "--lib", "--quiet"]).current_dir(&self.folder);
        command.env("CARGO_TARGET_DIR", target).env("CARGO_INCREMENTAL", "0");
        measure::run(&mut command)
    }
}

/// How often each side is type-checked.
const ROUNDS: usize = 5;

/// A crate with what its checks took.
struct Checked<'g> {
    generated: &'g Generated,
    code: String,
    empty: Vec<Taken>,
    full: Vec<Taken>,
}

impl<'g> Checked<'g> {
    fn new(generated: &'g Generated) -> Result<Self> {
        let code = fs::read_to_string(generated.folder.join("src/lib.rs"))?;
        generated.check()?;
        Ok(Self { generated, code, empty: Vec::new(), full: Vec::new() })
    }

    fn round(&mut self) -> Result<()> {
        self.generated.library("")?;
        self.empty.push(self.generated.check()?);
        self.generated.library(&self.code)?;
        self.full.push(self.generated.check()?);
        Ok(())
    }

    fn cost(&self) -> Result<Cost> {
        let more = |of: fn(&Taken) -> f64| median(&self.full, of) - median(&self.empty, of);
        Ok(Cost {
            lines: workshop::lines(&self.generated.folder.join("src"))?,
            cpu_seconds: more(Taken::cpu_seconds),
            memory_mb: more(Taken::peak_mb),
        })
    }
}

/// Of an odd number of runs.
fn median(taken: &[Taken], of: fn(&Taken) -> f64) -> f64 {
    let mut values: Vec<f64> = taken.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
