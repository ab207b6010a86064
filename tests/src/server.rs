//! Starts a server on a free port, waits until it listens, and stops it.

use std::fs::File;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::measure::stop_group;

/// How long a server may take to listen.
const START_TIME_MAX: Duration = Duration::from_secs(20);
/// How much of a server's own output is kept in messages, in characters.
const LOG_CHARS_MAX: usize = 2_000;

/// A running server; it is stopped when this is dropped.
#[derive(Debug)]
pub struct Server {
    /// The port it listens on, on 127.0.0.1.
    pub port: u16,
    child: Child,
    log: PathBuf,
}

impl Server {
    /// Starts what `command` makes for a free port, and waits until it listens.
    pub fn start(command: impl Fn(u16) -> Command, scratch: &Path) -> Result<Self, String> {
        let port = free_port().map_err(|error| format!("no free port: {error}"))?;
        std::fs::create_dir_all(scratch).map_err(|error| error.to_string())?;
        let log = scratch.join(format!("server-{port}.log"));
        let output = File::create(&log).map_err(|error| error.to_string())?;
        let errors = output.try_clone().map_err(|error| error.to_string())?;
        let mut command = command(port);
        command.stdin(Stdio::null()).stdout(output).stderr(errors).process_group(0);
        let child = command.spawn().map_err(|error| format!("the server does not start: {error}"))?;

        let mut server = Self { port, child, log };
        let deadline = Instant::now() + START_TIME_MAX;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if !server.alive() {
                return Err(format!("the server ended at once: {}", server.log()));
            }
            if Instant::now() > deadline {
                return Err(format!("the server does not listen: {}", server.log()));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(server)
    }

    /// Whether it still runs.
    pub fn alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The end of what it wrote.
    pub fn log(&self) -> String {
        let text = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let skip = text.chars().count().saturating_sub(LOG_CHARS_MAX);
        text.chars().skip(skip).collect()
    }

    /// The address to give to scripts.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let (true, Ok(pid)) = (self.alive(), libc::pid_t::try_from(self.child.id())) {
            stop_group(pid);
        }
        // Both may fail only when the process or the file is gone already.
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.log);
    }
}

/// A port of this machine that nobody listens on just now.
pub fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
