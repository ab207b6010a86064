//! Property-based requests against the example app, by the recipe that stands in the shared folder.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use regex::Regex;
use serde_json::Value;

use crate::client;
use crate::figures::Figures;
use crate::measure;
use crate::options::Options;
use crate::server::Server;
use crate::synth::Request;

use super::Tally;

/// The seeds of the recipe's runs.
const SEEDS: [u32; 3] = [1, 2, 3];
/// How many of them a third is, and with how many examples for each operation.
const THIRD_SEEDS: usize = 1;
const THIRD_EXAMPLES: u32 = 20;
/// Who asks: the user that the example app begins with.
const TOKEN: &str = "Authorization: Bearer demo";
/// How long the tool reads an answer that does not end, such as a stream of events, in seconds.
const ANSWER_TIME_MAX: u32 = 2;
/// How long one run may take.
const RUN_TIME_MAX: Duration = Duration::from_mins(30);

pub(super) fn run(options: &Options, figures: &mut Figures) -> Result<Tally, String> {
    let readme = options.shared.join("harness/schemathesis/README.md");
    let recipe = fs::read_to_string(&readme).map_err(|error| format!("{}: {error}", readme.display()))?;
    let tool = tool(options, &recipe)?;
    let server = example(options)?;
    let base = base_path(options)?;
    let document = options.scratch.join("example-openapi.json");
    let request = Request {
        method: "GET".to_owned(),
        target: format!("{base}/openapi.json"),
        headers: Vec::new(),
        body: None,
    };
    let answer = client::send(server.port, &request).map_err(|error| error.to_string())?;
    if answer.status != 200 {
        return Err(format!("{base}/openapi.json answers {}", answer.status));
    }
    fs::write(&document, &answer.body).map_err(|error| error.to_string())?;
    let sockets = sockets(&answer.body)?;
    for socket in &sockets {
        println!("    not asked: {socket}, which speaks WebSocket");
    }

    let mut tally = Tally::default();
    let seeds = if options.third { THIRD_SEEDS } else { SEEDS.len() };
    let examples = options.third.then_some(THIRD_EXAMPLES);
    for seed in SEEDS.into_iter().take(seeds) {
        let mut command = Command::new(&tool);
        command
            .arg("run")
            .arg(&document)
            .args(["--url", &format!("{}{base}", server.base())])
            .args(arguments(&recipe, seed, examples)?)
            .args(["--header", TOKEN, "--request-timeout", &ANSWER_TIME_MAX.to_string()])
            .args(sockets.iter().flat_map(|id| ["--exclude-operation-id", id]));
        let log = options.scratch.join("log");
        let measured = measure::run(&mut command, RUN_TIME_MAX, &log).map_err(|error| error.to_string())?;
        fs::write(log.join(format!("schemathesis-{seed}.log")), &measured.stdout)
            .map_err(|error| error.to_string())?;
        let number = |pattern: &str| -> Option<usize> {
            Regex::new(pattern).ok()?.captures_iter(&measured.stdout).last()?.get(1)?.as_str().parse().ok()
        };
        let generated = number(r"(\d+) generated").unwrap_or(0);
        let failures = number(r"(\d+) (?:unique )?failures?").unwrap_or(usize::from(!measured.success()));
        if !measured.success() {
            let end: Vec<&str> = measured.stdout.lines().rev().take(20).collect();
            end.into_iter().rev().for_each(|line| println!("    {line}"));
        }
        for case in 0..generated.max(failures) {
            tally.add(&format!("seed {seed}"), false, case >= failures);
        }
    }
    tally.report("schemathesis", figures);
    tally.demand("schemathesis", 0.0, figures);
    Ok(tally)
}

/// The `operationId`s of what no plain request succeeds at.
fn sockets(document: &[u8]) -> Result<Vec<String>, String> {
    let document: Value = serde_json::from_slice(document).map_err(|error| error.to_string())?;
    let items = document["paths"].as_object().into_iter().flat_map(serde_json::Map::values);
    let operations = items.filter_map(Value::as_object).flat_map(serde_json::Map::values);
    let sockets = operations.filter(|operation| operation.get("x-photon-websocket").is_some());
    Ok(sockets.filter_map(|operation| operation["operationId"].as_str()).map(str::to_owned).collect())
}

/// The tool of the recipe's version, in an environment of its own.
fn tool(options: &Options, recipe: &str) -> Result<PathBuf, String> {
    let folder = options.scratch.join("schemathesis");
    let tool = folder.join("bin/st");
    if tool.exists() {
        return Ok(tool);
    }
    let version = Regex::new(r"schemathesis==[0-9.]+[0-9]").map_err(|error| error.to_string())?;
    let package = version.find(recipe).ok_or("the recipe names no version")?.as_str();
    let succeeds = |command: &mut Command| command.status().is_ok_and(|status| status.success());
    let made = succeeds(Command::new("python3").args(["-m", "venv"]).arg(&folder))
        && succeeds(Command::new(folder.join("bin/pip")).args(["install", "--quiet", package]));
    if made { Ok(tool) } else { Err(format!("SKIPPED, {package} cannot be installed: is there a network?")) }
}

/// The arguments of the recipe's `run` beside document, address and seed, with another number of examples if there is one.
fn arguments(recipe: &str, seed: u32, examples: Option<u32>) -> Result<Vec<String>, String> {
    let text = recipe.replace("\\\n", " ");
    let line = text.lines().find(|line| line.contains("st run")).ok_or("the recipe has no run")?;
    let mut words = line.split_whitespace().skip_while(|word| *word != "run").skip(1).map(str::to_owned);
    let mut arguments = Vec::new();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--url" | "--seed" => drop(words.next()),
            "--max-examples" if examples.is_some() => drop(words.next()),
            _ if word.starts_with("--") || !arguments.is_empty() => arguments.push(word),
            _ => {}
        }
    }
    arguments.extend(["--seed".to_owned(), seed.to_string()]);
    if let Some(examples) = examples {
        arguments.extend(["--max-examples".to_owned(), examples.to_string()]);
    }
    Ok(arguments)
}

/// The path below which the app serves: that of its document's first server.
fn base_path(options: &Options) -> Result<String, String> {
    let path = options.project.join("openapi/example.yaml");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let document: serde_yaml::Value = serde_yaml::from_str(&text).map_err(|error| error.to_string())?;
    let url = document.get("servers").and_then(|servers| servers.get(0)).and_then(|server| server.get("url"));
    Ok(url.and_then(serde_yaml::Value::as_str).unwrap_or_default().trim_end_matches('/').to_owned())
}

/// The example app in a debug build: the one that holds its own answers to the document, too.
fn example(options: &Options) -> Result<Server, String> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| options.project.join("target"), PathBuf::from);
    let status = Command::new("cargo")
        .args(["build", "--quiet", "-p", "example-app"])
        .current_dir(&options.project)
        .status()
        .map_err(|error| format!("cargo: {error}"))?;
    if !status.success() {
        return Err("the example app does not build".to_owned());
    }
    let binary = target.join("debug/example-app");
    // What a run before this one left there is not to be met. `DATABASE_URL` has it on PostgreSQL.
    let folder = options.scratch.join("example-data");
    let _ = fs::remove_dir_all(&folder);
    let command = |port: u16| {
        let mut command = Command::new(&binary);
        command.env("HOST", "127.0.0.1").env("PORT", port.to_string()).env("DATABASE_FOLDER", &folder);
        command
    };
    Server::start(command, &options.scratch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipe_is_read() {
        let recipe = "    st/bin/st run openapi.json --url http://x --checks all \\\n        --seed 1 --max-examples 9\n";
        assert_eq!(
            arguments(recipe, 2, None).unwrap(),
            ["--checks", "all", "--max-examples", "9", "--seed", "2"]
        );
        assert_eq!(
            arguments(recipe, 2, Some(3)).unwrap(),
            ["--checks", "all", "--seed", "2", "--max-examples", "3"]
        );
    }
}
