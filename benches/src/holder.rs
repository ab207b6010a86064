//! Holds idle keep-alive connections to a server, and asks over some of them how long an answer takes then. A process
//! of its own: each has only so many descriptors.
#![allow(clippy::print_stdout)] // How the two processes talk.

use std::io::{self, BufRead as _, BufReader, Read as _, Result, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

const REQUEST: &[u8] = b"GET /json HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n";

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Descriptors that a process needs for other things than connections.
pub const DESCRIPTORS_LEFT: usize = 500;

/// How many connections one process can have.
pub fn connections_max() -> usize {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the place is ours and lives through the call.
    unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) };
    usize::try_from(limit.rlim_cur).unwrap_or(usize::MAX).saturating_sub(DESCRIPTORS_LEFT)
}

/// Opens the connections, one answered request on each; then does what the standard input says: `probe COUNT`.
pub fn run(address: SocketAddr, count: usize) -> Result<()> {
    let mut buffer = [0; 4096];
    let mut streams = Vec::with_capacity(count);
    for _ in 0..count {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        ask(&mut stream, &mut buffer)?;
        streams.push(stream);
    }
    println!("held");
    for line in io::stdin().lines() {
        let wanted: usize = line?.trim_start_matches("probe ").parse().map_err(io::Error::other)?;
        let step = (count / wanted.max(1)).max(1);
        let mut took = Vec::with_capacity(wanted);
        for stream in streams.iter_mut().step_by(step) {
            let start = Instant::now();
            ask(stream, &mut buffer)?;
            took.push(start.elapsed());
        }
        took.sort();
        let at = |part: usize| took[(took.len() - 1) * part / 1000].as_micros();
        println!("{} {}", at(500), at(990));
    }
    Ok(())
}

fn ask(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<()> {
    stream.write_all(REQUEST)?;
    let mut filled = 0;
    while !buffer[..filled].ends_with(b"}") {
        match stream.read(&mut buffer[filled..])? {
            0 => return Err(io::Error::other("the server closed a connection")),
            count => filled += count,
        }
    }
    Ok(())
}

/// A process that holds connections, until this is dropped.
#[derive(Debug)]
pub struct Holder {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Holder {
    /// Starts `command` with the address and the number of connections, and waits until they are open.
    pub fn start(command: &mut Command, address: SocketAddr, count: usize) -> Result<Self> {
        command.args([address.to_string(), count.to_string()]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("the process has no pipes"));
        };
        let mut holder = Self { child, input, output: BufReader::new(output) };
        match holder.line()?.as_str() {
            "held" => Ok(holder),
            other => Err(io::Error::other(format!("the connections could not be opened: {other}"))),
        }
    }

    /// Asks over so many of the connections, one after another: the median and the 99th percentile in microseconds.
    pub fn probe(&mut self, count: usize) -> Result<(f64, f64)> {
        writeln!(self.input, "probe {count}")?;
        let line = self.line()?;
        let parsed = line.split_once(' ').and_then(|(p50, p99)| Some((p50.parse().ok()?, p99.parse().ok()?)));
        parsed.ok_or_else(|| io::Error::other(format!("the connections could not be asked: {line}")))
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
