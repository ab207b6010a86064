//! A run: the steps from a document to the text of a module, one after another.
//!
//! Knows the order of the steps. Must not know what they do.

use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::error::{Error, Result};
use crate::finding::{Findings, Severity};
use crate::{api, check, emit, format, front, ir, lower, name, write};

/// The stack that a run may use, in bytes: documents nested as deep as is allowed need more than a thread's default.
const STACK_BYTES: usize = 64 << 20;

/// What the steps give, before anything is written.
struct Generated {
    /// The name of the module: `pet_store` for `pet-store.yaml`.
    module: String,
    /// The text of the module.
    code: String,
    /// The document as one JSON text. The code includes it as a file of the name `<module>.openapi.json`.
    openapi: String,
    report: Report,
}

/// What became of a document.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// Operations that are served.
    pub operations: usize,
    /// Operations that are left out; each has a finding of [`Severity::Refusal`].
    pub refused: usize,
    /// Schemas that are any JSON although they say more; what they say is checked all the same.
    pub opaque: usize,
    /// What was found, in the order of the document.
    pub findings: Vec<Told>,
    /// The same as text, with the lines that it is about; empty where nothing was found.
    pub text: String,
    /// The module that was written; the document stands beside it as `<module>.openapi.json`.
    pub file: PathBuf,
}

/// A finding as a tool reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Told {
    /// The stable code: `P0107`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What is done about it and what helps.
    pub help: Option<String>,
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Config {
    /// Generates the server of `document`: writes the module and the document beside it, and tells cargo which files
    /// were read and what was found.
    pub fn generate(self, document: impl AsRef<Path>) -> Result {
        let mut findings = Findings::default();
        let generated = steps(&self, document.as_ref(), &mut findings);
        write::rerun_if_changed(&findings.sources);
        let generated = generated?;
        self.write(&generated)?;
        write::warn(&generated.report.text);
        Ok(())
    }

    /// Generates the server of `document` as [`Config::generate`] does, and tells what came of it instead of printing:
    /// for use outside of build scripts, with [`Config::out_dir`].
    pub fn run(self, document: impl AsRef<Path>) -> Result<Report> {
        let mut generated = steps(&self, document.as_ref(), &mut Findings::default())?;
        generated.report.file = self.write(&generated)?;
        Ok(generated.report)
    }

    /// Compares a checked-in `copy` with what `document` generates, as [`check`](crate::check()) does.
    pub fn check(self, document: impl AsRef<Path>, copy: impl AsRef<Path>) -> Result {
        let generated = steps(&self, document.as_ref(), &mut Findings::default())?;
        let copy = copy.as_ref();
        let update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
        check::compare(copy, &generated.code, update)?;
        let beside = copy.with_file_name(emit::openapi_file(&generated.module));
        check::compare(&beside, &generated.openapi, update)
    }

    /// Writes what was generated; the path of the module.
    fn write(&self, generated: &Generated) -> Result<PathBuf> {
        let folder = match &self.out_dir {
            Some(folder) => folder.clone(),
            None => std::env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| {
                Error::new("`OUT_DIR` is not set: call this from a build script, or set `out_dir`")
            })?,
        };
        let file = folder.join(self.file.clone().unwrap_or_else(|| format!("{}.rs", generated.module)));
        write::write_if_changed(&file, &generated.code)?;
        let beside = file.with_file_name(emit::openapi_file(&generated.module));
        write::write_if_changed(&beside, &generated.openapi)?;
        Ok(file)
    }
}

/// All steps, on a stack of their own. The findings stay the caller's only when the run succeeds; an error takes them
/// along.
fn steps(config: &Config, path: &Path, findings: &mut Findings) -> Result<Generated> {
    on_a_stack(|| steps_here(config, path, findings))?
}

/// Runs something that may nest as deeply as documents do.
pub(crate) fn on_a_stack<T: Send>(run: impl FnOnce() -> T + Send) -> Result<T> {
    let failed = |error| Error::new(format!("no thread can be started: {error}"));
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let running = thread.spawn_scoped(scope, run).map_err(failed)?;
        Ok(running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

fn steps_here(config: &Config, path: &Path, findings: &mut Findings) -> Result<Generated> {
    let Some((document, openapi)) = front::read(config, path, findings) else {
        settle(config, findings);
        findings.propagate()?;
        return Err(Error::new(format!("`{}` is no document that can be generated from", path.display())));
    };

    // Also where there are errors already: all findings are told at once.
    let mut api = lower::lower(&document, config, findings);
    let known = document.operations.len() + document.refused.len();
    // A large document, its model and its code never stand in memory together.
    drop(document);
    if api.traits.is_empty() {
        findings.harden_refusals();
    }
    settle(config, findings);
    findings.propagate()?;
    set_module(&mut api, config, path);
    api.openapi = openapi;
    name::assign(&mut api);
    let code = text(config, &api)?;
    let report = report(known, &api, findings);
    Ok(Generated { module: api.module, code, openapi: api.openapi, report })
}

/// Findings are told in the order of the document, under `strict` as errors.
pub(crate) fn settle(config: &Config, findings: &mut Findings) {
    findings.sort();
    if config.strict {
        findings.harden();
    }
}

/// The module is named after the generated file, or else after the document.
fn set_module(api: &mut ir::Api, config: &Config, path: &Path) {
    let file = config.file.as_deref().map_or(path, Path::new);
    let stem = file.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    api.module = module_name(&stem);
    // Where a folder lies differs from machine to machine, and what is generated must not.
    let shown = if path.is_absolute() { path.file_name().map_or(path, Path::new) } else { path };
    api.source = shown.display().to_string().replace('\\', "/");
    for owner in api.traits.iter_mut().filter(|owner| owner.tag.is_none()) {
        owner.name.wire.clone_from(&api.module);
    }
}

/// `pet-store.v1` is `pet_store_v1`.
fn module_name(stem: &str) -> String {
    let mut name = String::with_capacity(stem.len());
    for letter in stem.chars() {
        if letter.is_alphanumeric() {
            name.extend(letter.to_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    let name = name.trim_end_matches('_');
    match name.chars().next() {
        Some(first) if !first.is_numeric() => name.to_owned(),
        _ => format!("api_{name}").trim_end_matches('_').to_owned(),
    }
}

fn text(config: &Config, api: &ir::Api) -> Result<String> {
    let mut file = format::File::new(&api.source);
    let mut faults = Vec::new();
    emit::emit(api, &mut |item| faults.extend(file.push(item).err()));
    if !config.hooks.is_empty() {
        let items = config.hooks.items(&api::Api::new(api));
        let items = items.map_err(|error| Error::new(format!("a hook does not give Rust items: {error}")))?;
        for item in items {
            faults.extend(file.push(crate::item::Item::Code(quote::quote!(#item))).err());
        }
    }
    match faults.first() {
        Some(fault) => {
            Err(Error::new(format!("the generated code is no Rust, which is a fault of Photon: {fault}")))
        }
        None => Ok(file.finish()),
    }
}

/// `known` operations stand in the document.
fn report(known: usize, api: &ir::Api, findings: &Findings) -> Report {
    let operations = api.traits.iter().map(|owner| owner.operations.len()).sum();
    let told = findings.iter().map(|finding| {
        let source = findings.sources.get(finding.span.file);
        let position = source.map(|source| source.position(finding.span.start));
        Told {
            code: finding.code.id,
            severity: finding.severity,
            message: finding.message.clone(),
            help: finding.help.clone(),
            file: source.map(|source| source.path().to_owned()).unwrap_or_default(),
            line: position.as_ref().map_or(1, |position| position.line),
            column: position.as_ref().map_or(1, |position| position.column),
        }
    });
    Report {
        operations,
        refused: known - operations,
        opaque: api.opaque,
        findings: told.collect(),
        text: findings.render(),
        file: PathBuf::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn modules_are_named_after_files() {
        let check = |stem: &str, expected: &str| assert_eq!(module_name(stem), expected);
        check("petstore", "petstore");
        check("pet-store", "pet_store");
        check("PetStore.v1", "petstore_v1");
        check("3d", "api_3d");
        check("-", "api");
    }

    const PETS: &str = "openapi: 3.1.0
info: { title: Pets, version: '1' }
paths:
  /pets: { get: { operationId: listPets, tags: [pets], responses: { '204': { description: x } } } }
  /{name}: { get: { operationId: broken, responses: { '204': { description: x } } } }
";

    /// A folder of the test's own that goes with it.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("photon-run-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            std::fs::write(path.join("pets.yaml"), PETS).unwrap();
            Self(path)
        }

        fn read(&self, name: &str) -> String {
            std::fs::read_to_string(self.0.join(name)).unwrap()
        }

        fn document(&self) -> PathBuf {
            self.0.join("pets.yaml")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(std::fs::remove_dir_all(&self.0));
        }
    }

    #[test]
    fn a_run_reports_what_it_leaves_out() {
        let folder = Folder::new("report");
        let report = Config::default().out_dir(&folder.0).run(folder.document()).unwrap();
        assert_eq!((report.operations, report.refused, report.opaque), (1, 1, 0));
        let told: Vec<_> = report.findings.iter().map(|told| (told.code, told.severity, told.line)).collect();
        assert_eq!(told, [("P0107", Severity::Refusal, 5)]);
        assert_eq!(report.file, folder.0.join("pets.rs"));
        assert!(folder.read("pets.rs").starts_with("// @generated by photon-build from pets.yaml."));
        assert!(folder.read("pets.rs").contains("pub trait PetsApi"));
        assert!(folder.read("pets.openapi.json").starts_with("{\"openapi\":\"3.1.0\""));
    }

    #[test]
    fn findings_are_errors_where_nothing_is_tolerated() {
        let folder = Folder::new("strict");
        let error = Config::default().strict().run(folder.document()).unwrap_err();
        assert_eq!(error.codes().collect::<Vec<_>>(), ["P0107"]);
    }

    #[test]
    fn every_idle_selection_is_told() {
        let folder = Folder::new("selection");
        let config = || Config::default().out_dir(&folder.0).operation("listPets");
        assert_eq!(config().path("/pet*").run(folder.document()).unwrap().operations, 1);
        let error = config().tag("no such tag").operation("lisPets").run(folder.document()).unwrap_err();
        assert_eq!(error.codes().collect::<Vec<_>>(), ["P0509", "P0509"]);
        assert!(error.to_string().contains("did you mean `listPets`?"), "{error}");
    }

    #[test]
    fn files_are_written_and_compared() {
        let folder = Folder::new("write");
        let config = || Config::default().out_dir(&folder.0).operation("listPets");
        config().generate(folder.document()).unwrap();
        let copy = folder.0.join("pets.rs");
        config().check(folder.document(), &copy).unwrap();
        std::fs::write(&copy, "// stale").unwrap();
        let error = config().check(folder.document(), &copy).unwrap_err();
        assert!(error.to_string().contains("does not match its document"), "{error}");
    }

    #[test]
    fn hooks_add_items() {
        let folder = Folder::new("hook");
        let hook = |api: &api::Api| {
            let count = api.traits().len();
            quote::quote!(
                pub const TRAITS: usize = #count;
            )
        };
        Config::default().out_dir(&folder.0).hook(hook).run(folder.document()).unwrap();
        assert!(folder.read("pets.rs").contains("pub const TRAITS: usize = 1usize;"));
    }

    /// A chain of schemas, each written by `link` from the one before: ends although there are 2^40 ways through it.
    fn check_chain(name: &str, link: impl Fn(&str) -> String) {
        let folder = Folder::new(name);
        let mut text = format!(
            "{PETS}  /a: {{ post: {{ requestBody: {{ content: {{ application/json: {{ schema: \
             {{ $ref: '#/components/schemas/A0' }} }} }} }}, responses: {{ '204': {{ description: x }} }} }} }}\n\
             components:\n  schemas:\n"
        );
        for at in 0..40 {
            let next = link(&format!("{{ $ref: '#/components/schemas/A{}' }}", at + 1));
            writeln!(text, "    A{at}: {next}").unwrap();
        }
        text += "    A40: { type: object, properties: { x: { type: string } } }\n";
        std::fs::write(folder.document(), text).unwrap();
        Config::default().out_dir(&folder.0).run(folder.document()).unwrap();
    }

    #[test]
    fn schemas_that_multiply_come_to_an_end() {
        let twice = |link: &str, keyword: &str| {
            format!(
                "{{ {keyword}: [{{ allOf: [{link}], title: a }}, {{ allOf: [{link}], required: [x] }}] }}"
            )
        };
        check_chain("all", |link| twice(link, "allOf"));
        check_chain("any", |link| twice(link, "anyOf"));
        check_chain("one", |link| twice(link, "oneOf"));
        check_chain("mixed", |link| {
            format!("{{ oneOf: [{link}, {{ type: object, allOf: [{link}], properties: {{ p: {link} }} }}] }}")
        });
    }
}
