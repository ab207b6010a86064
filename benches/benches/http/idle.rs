//! Idle keep-alive connections: what each costs, how soon one that was idle is answered, and whether a busy load beside
//! them notices.

use std::io::Result;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::time::Duration;

use photon_benches::holder::{Holder, connections_max};
use photon_benches::loader::Load;
use photon_benches::nginx;
use photon_benches::process::Process;
use photon_benches::row::{Target, note, row, skip};

use crate::Failure;
use crate::load::measure;
use crate::servers::{PEERS, Server};

use Target::{AtLeast, AtMost};

/// Connections are parked within a second, and the allocator gives back what they had soon after.
const SETTLE: Duration = Duration::from_secs(4);

/// How many connections are asked, one after another.
const PROBES: usize = 2_000;

/// What one connection may take, in KiB.
const KIB_MAX: f64 = 1.0;

/// How long the first answer may take, in microseconds.
const P99_MAX: f64 = 5_000.0;

const FEW: usize = 10_000;
const MANY: usize = 100_000;

pub(crate) fn run() -> std::result::Result<(), Failure> {
    let mut few = Crowd::gather(FEW)?;
    few.tell()?;
    beside(few.servers.remove(0), &few.holders)?;
    drop(few);
    Crowd::gather(MANY)?.tell()?;
    for name in PEERS {
        if let Some(peer) = Server::peer(name) {
            tell_peer(name, &peer.process)?;
        }
    }
    match nginx::start(FEW + 1_000) {
        Ok(process) => tell_peer("nginx", &process)?,
        Err(error) => skip("nginx", &error.to_string()),
    }
    Ok(())
}

/// Servers with their idle connections: as many processes as descriptors ask for, each on a loopback address of its own.
struct Crowd {
    count: usize,
    servers: Vec<Server>,
    holders: Vec<Holder>,
    /// The resident memory of all servers before the first connection, in MB.
    rest_mb: f64,
}

impl Crowd {
    fn gather(count: usize) -> Result<Self> {
        let processes = count.div_ceil(connections_max());
        let servers = (0..processes).map(|_| Server::ours("idle")).collect::<Result<Vec<_>>>()?;
        let rest_mb = resident_mb(&servers)?;
        let share = count / processes;
        let addresses = servers.iter().zip(1..).map(|(server, host)| {
            SocketAddr::new(Ipv4Addr::new(127, 0, 0, host).into(), server.process.address.port())
        });
        let holders = addresses.map(|address| hold(address, share)).collect::<Result<_>>()?;
        std::thread::sleep(SETTLE);
        Ok(Self { count: share * processes, servers, holders, rest_mb })
    }

    fn tell(&mut self) -> Result<()> {
        let Self { count, servers, holders, rest_mb } = self;
        let kib = kib_each(resident_mb(servers)? - *rest_mb, *count);
        let name = format!("{count} idle connections, {} processes", servers.len());
        row(&format!("{name}, KiB each (peer: the limit)"), kib, KIB_MAX, AtMost(1.0));
        let probed = holders.iter_mut().map(|holder| holder.probe(PROBES)).collect::<Result<Vec<_>>>()?;
        let worst = |pick: fn(&(f64, f64)) -> f64| probed.iter().map(pick).fold(0.0, f64::max);
        note(&format!("{name}: the median first answer took {:.0} us", worst(|probe| probe.0)));
        row(&format!("{name}, p99 us (peer: the limit)"), worst(|probe| probe.1), P99_MAX, AtMost(1.0));
        Ok(())
    }
}

/// A busy load on a server with idle connections, and on one without.
fn beside(mut crowded: Server, _holders: &[Holder]) -> Result<()> {
    let mut alone = Server::ours("idle")?;
    (crowded.name, alone.name) = ("crowded", "alone");
    let table = measure("GET JSON beside 10000 idle", &Load::get("/json"), &[crowded, alone])?;
    // A twentieth is what two equal servers differ by on a machine that does other things too.
    table.cpu("crowded", "alone", AtMost(1.05));
    table.rate("crowded", "alone", AtLeast(0.95));
    Ok(())
}

fn tell_peer(name: &str, process: &Process) -> Result<()> {
    let rest_mb = process.resident_mb()?;
    let _holder = match hold(process.address, FEW) {
        Ok(holder) => holder,
        Err(error) => {
            skip(name, &error.to_string());
            return Ok(());
        }
    };
    std::thread::sleep(SETTLE);
    let kib = kib_each(process.resident_mb()? - rest_mb, FEW);
    note(&format!("{FEW} idle connections: {name} takes {kib:.2} KiB each"));
    Ok(())
}

#[allow(clippy::cast_precision_loss)] // Far fewer than 52 bits.
fn kib_each(mb: f64, count: usize) -> f64 {
    mb * 1e6 / 1024.0 / count as f64
}

fn hold(address: SocketAddr, count: usize) -> Result<Holder> {
    Holder::start(Command::new(std::env::current_exe()?).arg("hold"), address, count)
}

fn resident_mb(servers: &[Server]) -> Result<f64> {
    servers.iter().map(|server| server.process.resident_mb()).sum()
}
