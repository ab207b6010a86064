//! HTTP/1.1, WebSocket and fault suites: all against the binary `conformance`.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::figures::Figures;
use crate::options::Options;
use crate::server::Server;

use super::Tally;
use super::script::{Script, ids};

/// The largest shares of SHOULD cases that may fail, in percent.
const HTTP1_SHOULD_MAX: f64 = 6.5;
const WS_SHOULD_MAX: f64 = 5.0;
const FAULTS_SHOULD_MAX: f64 = 10.0;

pub(super) fn http1(options: &Options, figures: &mut Figures) -> Result<Tally, String> {
    let binary = binary(options)?;
    let server = start(options, &binary)?;
    let script = Script::new(options, "http1", "http1_conformance/h1run.py");
    let cases = script.beside("cases.json");
    let mut script = script
        .with("--base", server.base())
        .with("--get", "/get")
        .with("--post", "/echo")
        .with("--cases", cases.display());
    if !options.verbose {
        script = script.flag("--quiet");
    }
    let tally = script.third(&ids(&cases, "id")?).run()?;
    tally.report("http1", figures);
    tally.demand("http1", HTTP1_SHOULD_MAX, figures);
    Ok(tally)
}

pub(super) fn websocket(options: &Options, figures: &mut Figures) -> Result<Tally, String> {
    let binary = binary(options)?;
    let server = start(options, &binary)?;
    let script = Script::new(options, "ws", "ws/wsrun.py");
    let cases = script.beside("cases.json");
    let mut script = script
        .with("--url", format!("ws://127.0.0.1:{}/ws", server.port))
        .with("--cases", cases.display())
        .with("--max-message", limit(&limits(&binary)?, "message_bytes_max")?);
    if !options.verbose {
        script = script.flag("--quiet");
    }
    let tally = script.third(&ids(&cases, "id")?).run()?;
    tally.report("ws", figures);
    tally.demand("ws", WS_SHOULD_MAX, figures);
    Ok(tally)
}

pub(super) fn faults(options: &Options, figures: &mut Figures) -> Result<Tally, String> {
    let binary = binary(options)?;
    let limits = limits(&binary)?;
    let script = Script::new(options, "faults", "faults/faultrun.py");
    let names = listed(&script.beside("faultrun.py"))?;
    let port = crate::server::free_port().map_err(|error| error.to_string())?;
    let log = options.scratch.join("log/faults-server.log");
    std::fs::create_dir_all(options.scratch.join("log")).map_err(|error| error.to_string())?;
    let tally = script
        .with("--base", format!("http://127.0.0.1:{port}"))
        .with("--cmd", format!("{} --port {{port}}", binary.display()))
        .with("--get", "/get")
        .with("--post", "/echo")
        .with("--slow", "/slow?ms={ms}")
        .with("--big", "/big?n={n}")
        .with("--panic", "/panic")
        .with("--multipart", "/multipart")
        .with("--form", "/form")
        .with("--header-timeout", limit(&limits, "header_seconds")?)
        .with("--body-timeout", limit(&limits, "body_seconds")?)
        .with("--idle-timeout", limit(&limits, "idle_seconds")?)
        .with("--max-body", limit(&limits, "body_bytes_max")?)
        .with("--grace", limit(&limits, "grace_seconds")?)
        .with("--soak", options.soak)
        .with("--log", log.display())
        .third(&names)
        .run()?;
    tally.report("faults", figures);
    tally.demand("faults", FAULTS_SHOULD_MAX, figures);
    Ok(tally)
}

/// Builds the server of these suites.
fn binary(options: &Options) -> Result<PathBuf, String> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| options.project.join("target"), PathBuf::from);
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--release", "-p", "photon-tests", "--bin", "conformance"])
        .current_dir(&options.project)
        .status()
        .map_err(|error| format!("cargo: {error}"))?;
    let binary = target.join("release/conformance");
    if status.success() && binary.exists() {
        Ok(binary)
    } else {
        Err("the conformance server does not build".to_owned())
    }
}

fn start(options: &Options, binary: &PathBuf) -> Result<Server, String> {
    let command = |port: u16| {
        let mut command = Command::new(binary);
        command.args(["--port", &port.to_string()]);
        command
    };
    Server::start(command, &options.scratch)
}

/// The server's own limits, as it tells them.
fn limits(binary: &PathBuf) -> Result<Value, String> {
    let output = Command::new(binary).arg("--limits").output().map_err(|error| error.to_string())?;
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("the server does not tell its limits: {error}"))
}

fn limit(limits: &Value, name: &str) -> Result<String, String> {
    let value = limits.get(name).filter(|value| value.is_number());
    value.map(ToString::to_string).ok_or_else(|| format!("the server does not tell its limit {name}"))
}

/// The names of a script's cases: the first word of each line of its list.
fn listed(script: &PathBuf) -> Result<Vec<String>, String> {
    let output = Command::new("python3")
        .arg(script)
        .arg("--list")
        .output()
        .map_err(|error| format!("python3: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect())
}
