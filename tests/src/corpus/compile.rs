//! The second step: check the generated code in a binary crate, and build its server.

use std::fs;

use crate::options::Options;
use crate::scratch::Scratch;

use super::produce::Case;

/// The program around a document's operations; it listens where `HOST` and `PORT` say.
const SERVER: &str = "//! Serves one document.

photon_runtime::include_api!(mod api);

fn main() {
    if let Err(error) = photon_runtime::Server::new(api::service(api::Probe)).run() {
        eprintln!(\"{error:?}\");
        std::process::exit(1);
    }
}
";
/// The program around a document without operations.
const MODELS: &str = "//! Holds one document.

photon_runtime::include_api!(mod api);

fn main() {}
";

/// Compiles the dependencies once, so that no document is charged for them.
pub(super) fn warm_up(scratch: &Scratch) -> Result<(), String> {
    for compiled in [scratch.check(), scratch.build()] {
        let compiled = compiled.map_err(|error| format!("cargo does not run: {error}"))?;
        if !compiled.ok {
            return Err(format!("the runtime does not compile: {}", compiled.messages.join("\n")));
        }
    }
    Ok(())
}

/// The program for generated code whose traits `Probe` implements.
pub(crate) fn program(operations: usize) -> &'static str {
    if operations == 0 { MODELS } else { SERVER }
}

pub(super) fn compile(options: &Options, scratch: &Scratch, mut case: Case) -> Case {
    if !case.row.generated {
        return case;
    }
    if let Err(error) = compiled(options, scratch, &mut case) {
        case.row.notes.push(format!("cannot compile: {error}"));
    }
    case
}

fn compiled(options: &Options, scratch: &Scratch, case: &mut Case) -> std::io::Result<()> {
    scratch.clear()?;
    scratch.add(&case.job)?;
    scratch.main(program(case.row.operations.0))?;
    let checked = scratch.check()?;
    case.row.compiled = checked.ok;
    case.row.warnings = checked.warnings;
    case.row.check = (checked.measured.cpu.as_secs_f64(), checked.measured.peak_bytes);
    if !checked.ok {
        case.row.notes.insert(0, checked.reason());
        return Ok(());
    }
    if options.check_only || case.row.operations.0 == 0 {
        return Ok(());
    }
    let built = scratch.build()?;
    match built.binary {
        Some(binary) if built.ok => {
            // The next document is built while this one is asked.
            let own = case.job.out_dir.join("server");
            fs::rename(binary, &own)?;
            case.binary = Some(own);
        }
        _ => case.row.notes.insert(0, format!("does not link: {}", built.reason())),
    }
    Ok(())
}
