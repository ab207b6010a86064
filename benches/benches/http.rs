//! Server CPU per request and throughput beside peers, each a process with two workers, in alternating rounds.
//!
//! `cargo bench -p photon-benches --bench http`, with `PHOTON_BENCH_ROUNDS` (5) rounds of `PHOTON_BENCH_SECONDS` (3).

use std::io::Result;
use std::process::Command;
use std::time::Duration;

use photon_benches::loader::Load;
use photon_benches::process::Process;
use photon_benches::row::{Target, head, median, note, row, skip};
use photon_benches::{body, service, workshop};

use Target::{AtLeast, AtMost};

const PEERS: [&str; 3] = ["minihttp", "axum", "actix"];
const WARM_UP: Duration = Duration::from_millis(300);
/// How large the process may be before the first request, in MB.
const REST_MB_MAX: f64 = 15.0;

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [serve, which, port] = arguments.as_slice()
        && serve == "serve"
    {
        match which.as_str() {
            "engine" => service::run_engine(port).map_err(|error| error.to_string())?,
            _ => service::run_generated(port).map_err(|error| error.to_string())?,
        }
        return Ok(());
    }
    head();
    let mut servers = vec![Server::ours("engine")?, Server::ours("generated")?];
    row("process at rest, MB (peer: the limit)", servers[1].process.resident_mb()?, REST_MB_MAX, AtMost(1.0));
    for name in PEERS {
        match workshop::peer(name).and_then(|binary| Server::start(name, &mut Command::new(binary))) {
            Ok(server) => servers.push(server),
            Err(error) => skip(name, &error.to_string()),
        }
    }
    get(&servers)?;
    parameters(&servers)?;
    post(&servers)?;
    pipelined(&servers)?;
    sleep(&servers)?;
    Ok(())
}

fn get(servers: &[Server]) -> Result<()> {
    let table = measure("GET JSON", &Load::get("/json"), servers)?;
    table.cpu("engine", "minihttp", AtMost(0.88));
    table.cpu("generated", "minihttp", AtMost(1.0));
    table.rate("engine", "axum", AtLeast(1.12));
    table.rate("engine", "actix", AtLeast(1.12));
    table.rate("generated", "axum", AtLeast(1.03));
    Ok(())
}

fn parameters(servers: &[Server]) -> Result<()> {
    let load = Load::get("/users/481516?limit=42&verbose=true");
    let table = measure("GET path and query, validated", &load, &without_engine(servers))?;
    table.cpu("generated", "minihttp", AtMost(1.15));
    table.cpu("generated", "axum", AtMost(1.0));
    table.cpu("generated", "actix", AtMost(1.0));
    Ok(())
}

fn post(servers: &[Server]) -> Result<()> {
    let load = Load::post("/orders", body::VALID);
    let table = measure("POST JSON of 1 kB, echoed typed", &load, &without_engine(servers))?;
    table.cpu("generated", "minihttp", AtMost(0.95));
    table.cpu("generated", "axum", AtMost(0.85));
    Ok(())
}

fn pipelined(servers: &[Server]) -> Result<()> {
    let table = measure("GET JSON, pipelined x 16", &Load::get("/json").pipelined(16), servers)?;
    table.rate("engine", "minihttp", AtLeast(0.98));
    table.rate("engine", "axum", AtLeast(7.0));
    table.rate("engine", "actix", AtLeast(1.5));
    Ok(())
}

fn sleep(servers: &[Server]) -> Result<()> {
    let table = measure("10 ms sleeping handler", &Load::get("/sleep"), servers)?;
    table.rate("engine", "minihttp", AtLeast(0.95));
    table.rate("generated", "minihttp", AtLeast(0.95));
    Ok(())
}

fn without_engine(servers: &[Server]) -> Vec<&Server> {
    servers.iter().filter(|server| server.name != "engine").collect()
}

struct Server {
    name: &'static str,
    process: Process,
}

impl Server {
    /// This binary again, as a server.
    fn ours(name: &'static str) -> Result<Self> {
        Self::start(name, Command::new(std::env::current_exe()?).args(["serve", name]))
    }

    fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        Ok(Self { name, process: Process::start(command)? })
    }
}

/// What one kind of work took on each server.
struct Table {
    work: &'static str,
    rows: Vec<(&'static str, f64, f64)>,
}

impl Table {
    /// Compares CPU per request, in microseconds.
    fn cpu(&self, ours: &str, peer: &str, target: Target) {
        self.compare("CPU us", ours, peer, target, |&(_, cpu, _)| cpu);
    }

    /// Compares requests per second.
    fn rate(&self, ours: &str, peer: &str, target: Target) {
        self.compare("req/s", ours, peer, target, |&(_, _, rate)| rate);
    }

    fn compare(
        &self,
        unit: &str,
        ours: &str,
        peer: &str,
        target: Target,
        figure: impl Fn(&(&str, f64, f64)) -> f64,
    ) {
        let find = |name: &str| self.rows.iter().find(|row| row.0 == name).map(&figure);
        let name = format!("{} {unit} {ours}/{peer}", self.work);
        match (find(ours), find(peer)) {
            (Some(ours), Some(peer)) => drop(row(&name, ours, peer, target)),
            _ => skip(&name, "a server is missing"),
        }
    }
}

/// Medians over alternating rounds.
fn measure<S: std::borrow::Borrow<Server>>(work: &'static str, load: &Load, servers: &[S]) -> Result<Table> {
    let (rounds, seconds) = (setting("PHOTON_BENCH_ROUNDS", 5), setting("PHOTON_BENCH_SECONDS", 3));
    let mut figures = vec![(Vec::new(), Vec::new()); servers.len()];
    for _ in 0..rounds {
        for (server, (cpu, rate)) in servers.iter().zip(&mut figures) {
            let process = &server.borrow().process;
            load.run(process.address, WARM_UP)?;
            let before = process.cpu_seconds()?;
            let (answered, elapsed) = load.run(process.address, Duration::from_secs(seconds))?;
            #[allow(clippy::cast_precision_loss)] // Far fewer than 52 bits.
            let answered = answered as f64;
            cpu.push((process.cpu_seconds()? - before) * 1e6 / answered);
            rate.push(answered / elapsed.as_secs_f64());
        }
    }
    let medians = servers.iter().zip(&mut figures);
    let rows = medians.map(|(server, (cpu, rate))| (server.borrow().name, median(cpu), median(rate)));
    let table = Table { work, rows: rows.collect() };
    for (name, cpu, rate) in &table.rows {
        note(&format!("{work}: {name} {cpu:.2} us CPU, {rate:.0} req/s"));
    }
    Ok(table)
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}
