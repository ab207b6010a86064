//! The second step: check the generated code in a binary crate, and build its server.

use std::fs;

use crate::options::Options;
use crate::scratch::Scratch;

use super::produce::Case;

/// The program around a document's operations; it listens where `HOST` and `PORT` say.
const SERVER: &str = "//! Serves one document.

photon_runtime::include_api!(mod api);

fn main() {
    if std::env::var_os(\"PHOTON_JUDGE\").is_some() {
        return judge();
    }
    // The answers are the least values of their types: it is requests that are judged.
    let service = api::service(api::Probe).check_answers(false);
    if let Err(error) = photon_runtime::Server::new(service).run() {
        eprintln!(\"{error:?}\");
        std::process::exit(1);
    }
}
";
/// The program around a document without operations.
const MODELS: &str = "//! Holds one document.

photon_runtime::include_api!(mod api);

fn main() {
    judge();
}
";
/// What judges the values on its standard input by the table of decoders: four bytes for the place in the table, four for
/// the length, the value. A line for each.
const JUDGE: &str = "
fn judge() {
    // Deep values, read without optimization, need more than a thread has by default.
    let judge = std::thread::Builder::new().stack_size(256 << 20).spawn(judge_all);
    judge.expect(\"a thread\").join().expect(\"no panic\");
}

fn judge_all() {
    use std::io::{Read as _, Write as _};
    let mut input = Vec::new();
    std::io::stdin().lock().read_to_end(&mut input).expect(\"readable\");
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut rest = &input[..];
    while let Some((head, after)) = rest.split_first_chunk::<8>() {
        let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]) as usize;
        let (value, after) = after.split_at(number(4));
        rest = after;
        let mut decoder = photon_runtime::Decoder::json(value);
        api::JUDGED[number(0)](&mut decoder);
        let violations = decoder.into_violations();
        let told = violations.iter().next().map(ToString::to_string).unwrap_or_default().replace(['\\n', '\\r'], \" \");
        let is_syntax = violations.iter().any(|violation| violation.kind == photon_runtime::ViolationKind::Syntax);
        let verdict = if violations.is_empty() { 'v' } else if is_syntax { 's' } else { 'i' };
        writeln!(out, \"{verdict} {told}\").expect(\"writable\");
    }
}
";
/// In place of it where nothing is judged.
const NO_JUDGE: &str = "
fn judge() {}
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
pub(crate) fn program(operations: usize, judged: bool) -> String {
    let program = if operations == 0 { MODELS } else { SERVER };
    program.to_owned() + if judged { JUDGE } else { NO_JUDGE }
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
    scratch.main(&program(case.row.operations.0, case.job.judged))?;
    let checked = scratch.check()?;
    case.row.compiled = checked.ok;
    case.row.warnings = checked.warnings;
    case.row.check = (checked.measured.cpu.as_secs_f64(), checked.measured.peak_bytes);
    if !checked.ok {
        case.row.notes.insert(0, checked.reason());
        return Ok(());
    }
    if options.check_only || (case.row.operations.0 == 0 && !case.job.judged) {
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
