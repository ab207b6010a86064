//! A server under load: started, waited for, its CPU time and memory read from `/proc`, ended when dropped.

use std::fs;
use std::io::{self, Result};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to listen.
const START_MAX: Duration = Duration::from_secs(10);

/// A running server.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Process {
    /// Starts `command` with a free port as its last argument.
    pub fn start(command: &mut Command) -> Result<Self> {
        let address = free_address()?;
        Self::start_at(command.arg(address.port().to_string()), address)
    }

    /// Starts `command`, which is going to listen there.
    pub fn start_at(command: &mut Command, address: SocketAddr) -> Result<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let process = Self { child, address };
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            if start.elapsed() > START_MAX {
                return Err(io::Error::other(format!("{command:?} does not listen")));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(process)
    }

    /// CPU seconds so far, from `/proc/PID/stat`.
    #[allow(clippy::cast_precision_loss)] // Ticks of a bench have far fewer than 52 bits.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The second field is the name in parentheses, which may hold blanks; user and system time are 14 and 15.
        let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
        let ticks: u64 =
            fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        // SAFETY: a plain system call.
        let per_second = unsafe { libc::sysconf(libc::_SC_CLK_TCK) };
        Ok(ticks as f64 / per_second as f64)
    }

    /// The resident set in MB.
    pub fn resident_mb(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        let kib: f64 = line.trim().trim_end_matches(" kB").parse().map_err(io::Error::other)?;
        Ok(kib * 1024.0 / 1e6)
    }
}

/// An address that nobody listens on.
pub fn free_address() -> Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
