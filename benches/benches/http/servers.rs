//! The servers under load: ours, which are this binary again, and the peers.

use std::io::Result;
use std::process::{Command, Stdio};

use photon_benches::process::Process;
use photon_benches::row::skip;
use photon_benches::workshop;

/// Who is compared with: the binaries of `benches/peers`.
pub(crate) const PEERS: [&str; 5] = ["minihttp", "axum", "actix", "ntex", "xitca"];

/// One server.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) process: Process,
}

impl Server {
    /// This binary again, as a server: see `service::run`.
    pub(crate) fn ours(name: &'static str) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["serve", name]);
        if name == "watched" {
            command.stderr(Stdio::null());
        }
        Self::start(name, &mut command)
    }

    /// A peer, or none where it cannot be built.
    pub(crate) fn peer(name: &'static str) -> Option<Self> {
        let started = workshop::peer(name).and_then(|binary| Self::start(name, &mut Command::new(binary)));
        started.map_err(|error| skip(name, &error.to_string())).ok()
    }

    fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        Ok(Self { name, process: Process::start(command)? })
    }
}

/// A number that the environment may set.
pub(crate) fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}
