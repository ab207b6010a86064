//! Runs one script of the shared folder and reads the verdicts that it writes as JSON.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::measure;
use crate::options::Options;

use super::Tally;

/// How long a script may take, beside what it is asked to soak.
const SCRIPT_TIME_MAX: Duration = Duration::from_hours(3);
/// How many lines of failures are printed.
const LINES_MAX: usize = 25;

/// A script with its arguments.
pub(super) struct Script<'o> {
    options: &'o Options,
    name: String,
    path: PathBuf,
    arguments: Vec<String>,
}

impl<'o> Script<'o> {
    /// The script at `path` below the folder of the suites.
    pub(super) fn new(options: &'o Options, name: &str, path: &str) -> Self {
        let path = options.shared.join("harness").join(path);
        let mut script = Self { options, name: name.to_owned(), path, arguments: Vec::new() };
        if let Some(only) = &options.only {
            script = script.with("--only", only.as_str());
        }
        script
    }

    /// A file beside the script.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.path.with_file_name(name)
    }

    /// With one more argument and its value.
    pub(super) fn with(mut self, argument: &str, value: impl std::fmt::Display) -> Self {
        self.arguments.push(argument.to_owned());
        self.arguments.push(value.to_string());
        self
    }

    /// With one more argument that has no value.
    pub(super) fn flag(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// With only those of `ids` that are in the third, where a third is asked for.
    pub(super) fn third(self, ids: &[String]) -> Self {
        if !self.options.third {
            return self;
        }
        let chosen: Vec<String> = ids
            .iter()
            .filter(|id| self.options.chooses(id))
            .map(|id| regex::escape(id).replace("\\-", "-"))
            .collect();
        self.with("--only", format!("^(?:{})$", chosen.join("|")))
    }

    /// Runs it; prints what failed.
    pub(super) fn run(self) -> Result<Tally, String> {
        let log = self.options.scratch.join("log");
        fs::create_dir_all(&log).map_err(|error| error.to_string())?;
        let json = log.join(format!("{}.json", self.name));
        if json.exists() {
            fs::remove_file(&json).map_err(|error| error.to_string())?;
        }
        let mut command = Command::new("python3");
        command.arg(&self.path).args(&self.arguments).arg("--json").arg(&json);
        if let Some(folder) = self.path.parent() {
            command.current_dir(folder);
        }
        let limit = SCRIPT_TIME_MAX + Duration::from_secs(u64::from(self.options.soak) * 4);
        let measured =
            measure::run(&mut command, limit, &log).map_err(|error| format!("python3: {error}"))?;
        let all = log.join(format!("{}.log", self.name));
        fs::write(&all, format!("{}{}", measured.stdout, measured.stderr))
            .map_err(|error| error.to_string())?;

        let shown: Vec<&str> = measured
            .stdout
            .lines()
            .filter(|line| self.options.verbose || line.starts_with("FAIL") || line.starts_with("SKIP"))
            .collect();
        let most = if self.options.verbose { shown.len() } else { LINES_MAX };
        shown.iter().take(most).for_each(|line| println!("    {line}"));
        if shown.len() > most {
            println!("    and {} more, all in {}", shown.len() - most, all.display());
        }
        verdicts(&json).map_err(|error| {
            let said: String = measured
                .stdout
                .lines()
                .chain(measured.stderr.lines())
                .take(12)
                .collect::<Vec<_>>()
                .join("\n");
            format!("the script did not come to an end: {error}\n{said}")
        })
    }
}

/// The verdicts in a script's JSON: `id`, `ok`, and a `severity` where the suite has them.
fn verdicts(path: &Path) -> Result<Tally, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let verdicts: Vec<Value> = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    let mut tally = Tally::default();
    for verdict in &verdicts {
        let text = |key: &str| verdict.get(key).and_then(Value::as_str).unwrap_or_default();
        let ok = verdict.get("ok").and_then(Value::as_bool).unwrap_or(false);
        tally.add(text("id"), text("severity") == "SHOULD", ok);
    }
    Ok(tally)
}

/// The values of `key` in a JSON list of cases.
pub(super) fn ids(path: &Path, key: &str) -> Result<Vec<String>, String> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let cases: Vec<Value> =
        serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(cases.iter().filter_map(|case| case.get(key)?.as_str().map(str::to_owned)).collect())
}
