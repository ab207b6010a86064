//! CPU per request and throughput of each kind of work, over 64 connections.

use std::io::Result;
use std::time::Duration;

use photon_benches::body;
use photon_benches::loader::Load;
use photon_benches::row::{Target, median, note, row, skip};

use crate::Failure;
use crate::servers::{PEERS, Server, setting};

use Target::{AtLeast, AtMost};

const WARM_UP: Duration = Duration::from_millis(300);

/// How large the process may be before the first request, in MB.
const REST_MB_MAX: f64 = 15.0;

pub(crate) fn run() -> std::result::Result<(), Failure> {
    let mut servers = vec![Server::ours("engine")?, Server::ours("generated")?];
    row("process at rest, MB (peer: the limit)", servers[1].process.resident_mb()?, REST_MB_MAX, AtMost(1.0));
    servers.extend(PEERS.into_iter().filter_map(Server::peer));
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
    table.rate("engine", "ntex", AtLeast(1.0));
    table.rate("engine", "xitca", AtLeast(1.0));
    table.rate("generated", "axum", AtLeast(1.03));
    Ok(())
}

fn parameters(servers: &[Server]) -> Result<()> {
    let load = Load::get("/users/481516?limit=42&verbose=true");
    let table = measure("GET path and query, validated", &load, &without_engine(servers))?;
    table.cpu("generated", "minihttp", AtMost(1.15));
    for peer in &PEERS[1..] {
        table.cpu("generated", peer, AtMost(1.0));
    }
    Ok(())
}

fn post(servers: &[Server]) -> Result<()> {
    let load = Load::post("/orders", body::VALID);
    let table = measure("POST JSON of 1 kB, echoed typed", &load, &without_engine(servers))?;
    table.cpu("generated", "minihttp", AtMost(0.95));
    table.cpu("generated", "axum", AtMost(0.85));
    for peer in &PEERS[2..] {
        table.cpu("generated", peer, AtMost(1.0));
    }
    Ok(())
}

fn pipelined(servers: &[Server]) -> Result<()> {
    let table = measure("GET JSON, pipelined x 16", &Load::get("/json").pipelined(16), servers)?;
    table.rate("engine", "minihttp", AtLeast(0.98));
    table.rate("engine", "axum", AtLeast(7.0));
    table.rate("engine", "actix", AtLeast(1.5));
    table.rate("engine", "ntex", AtLeast(1.5));
    table.rate("engine", "xitca", AtLeast(1.5));
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

/// What one kind of work took on each server.
pub(crate) struct Table {
    work: &'static str,
    rows: Vec<(&'static str, f64, f64)>,
}

impl Table {
    /// Compares CPU per request, in microseconds.
    pub(crate) fn cpu(&self, ours: &str, peer: &str, target: Target) {
        self.compare("CPU us", ours, peer, target, |&(_, cpu, _)| cpu);
    }

    /// Compares requests per second.
    pub(crate) fn rate(&self, ours: &str, peer: &str, target: Target) {
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

/// Medians over alternating rounds. An error of one round stops the bench: figures of half a load say nothing.
pub(crate) fn measure<S: std::borrow::Borrow<Server>>(
    work: &'static str,
    load: &Load,
    servers: &[S],
) -> Result<Table> {
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
