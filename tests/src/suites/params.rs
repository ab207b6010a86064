//! Parameter serialisation: a server that echoes what was decoded. Also: how a suite's document becomes a server.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::corpus::program;
use crate::document::Document;
use crate::figures::Figures;
use crate::generate::{Job, generate};
use crate::options::Options;
use crate::probe::Answering;
use crate::scratch::Scratch;
use crate::server::Server;

use super::Tally;
use super::script::{Script, ids};

/// How long the generation of a suite's document may take.
const GENERATION_TIME_MAX: Duration = Duration::from_mins(2);
/// The extension by which an operation of the suite gives its answer itself.
const FIXED: &str = "x-fixed";
/// The largest share of SHOULD cases that may fail, in percent.
const SHOULD_MAX: f64 = 6.5;

pub(super) fn run(options: &Options, figures: &mut Figures) -> Result<Tally, String> {
    let script = Script::new(options, "params", "params/prun.py");
    let document = script.beside("openapi.json");
    let vectors = script.beside("vectors.json");
    let server = serve(options, &document, Serve::Echo, true)?;
    let mut script = script.with("--base", server.base()).with("--vectors", vectors.display());
    if !options.verbose {
        script = script.flag("--quiet");
    }
    let tally = script.third(&ids(&vectors, "id")?).run()?;
    tally.report("params", figures);
    tally.demand("params", SHOULD_MAX, figures);
    Ok(tally)
}

/// What the handlers of a suite's server do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Serve {
    Success,
    Echo,
}

/// Generates, builds and starts the server of a suite's document.
pub(super) fn serve(
    options: &Options,
    path: &Path,
    what: Serve,
    formats_asserted: bool,
) -> Result<Server, String> {
    let vendor = vendor(options, path);
    let document = Document::load(path, Some(&vendor))?;
    let operations = document.operations();
    let answering = match what {
        Serve::Success => Answering::Success { scopes: document.scopes() },
        Serve::Echo => {
            let fixed: BTreeMap<_, _> = operations
                .iter()
                .filter_map(|operation| Some((operation.title(), operation.node.get(FIXED)?.value.clone())))
                .collect();
            Answering::Echo { fixed }
        }
    };
    let fail = |error: std::io::Error| error.to_string();
    let out = options.scratch.join("suite");
    let job = Job {
        vendor: Some(vendor),
        formats_asserted,
        to_the_letter: what == Serve::Success,
        ..Job::new(path, &out, "api", answering)
    };
    let generated = generate(&job, GENERATION_TIME_MAX)?;
    if !generated.ok {
        return Err(format!("not generated: {}", generated.error));
    }
    if generated.refused > 0 {
        println!("    {} operations of {} are not generated", generated.refused, path.display());
    }
    let scratch = Scratch::new(&options.scratch, "suite-crate", &options.project).map_err(fail)?;
    scratch.add(&job).map_err(fail)?;
    scratch.main(&program(operations.len(), false)).map_err(fail)?;
    let built = scratch.build().map_err(fail)?;
    let Some(binary) = built.binary.as_ref().filter(|_| built.ok) else {
        return Err(format!("does not compile: {}", built.messages.join("\n")));
    };
    let own = out.join("server");
    // A server of the class before may still be ending.
    let _ = fs::remove_file(&own);
    fs::rename(binary, &own).map_err(fail)?;
    let command = |port: u16| {
        let mut command = Command::new(&own);
        command.env("HOST", "127.0.0.1").env("PORT", port.to_string());
        command
    };
    Server::start(command, &options.scratch)
}

/// The folder with the files behind remote references: the suite's own, or that of the corpus.
fn vendor(options: &Options, document: &Path) -> PathBuf {
    let own = document.ancestors().skip(1).take(2).map(|folder| folder.join("_vendor"));
    own.into_iter().find(|folder| folder.is_dir()).unwrap_or_else(|| options.shared.join("corpus/_vendor"))
}
