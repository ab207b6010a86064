//! What the tests of the server share: a handler, a client of bytes, and programs that are this test over again.

// Each test uses some of it; a failure in here is a failure of the test.
#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used)]

use std::io::{BufRead as _, BufReader, Error, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use photon_runtime::Server;
use photon_runtime::exchange::{Exchange, Handler, Head};

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The client of WebSocket that everybody uses in Python.
const WEBSOCKETS: &str = "websockets==15.0.1";

/// Set in a process that is to be a server.
pub const ROLE: &str = "PHOTON_TEST_ROLE";

/// Tells the client's address, the process and the target; `/slow` takes its time.
pub struct Teller;

impl Handler for Teller {
    fn handle(&self, request: &Head<'_>, exchange: &mut dyn Exchange) {
        if request.target == "/slow" {
            let _ = photon_runtime::sleep(Duration::from_millis(300));
        }
        let _ = exchange.read_all();
        let peer = exchange.peer().map_or("nobody".to_owned(), |peer| peer.ip().to_string());
        let text = format!("peer={peer} process={} target={}", std::process::id(), request.target);
        exchange.send(200, &[], text.as_bytes());
    }
}

pub fn server() -> Server {
    Server::new(Teller).workers(2)
}

/// Sends a request, and returns status line to body of the answer.
pub fn ask(stream: &mut (impl Read + Write), target: &str) -> String {
    write!(stream, "GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    read_answer(stream).unwrap()
}

/// Reads one answer with a `Content-Length`; one that is cut is `InvalidData`.
pub fn read_answer(stream: &mut impl Read) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    read_into(stream, &mut bytes).map_err(|error| match bytes.as_slice() {
        [] => error,
        some => Error::new(ErrorKind::InvalidData, format!("{} bytes, then {error}", some.len())),
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn read_into(stream: &mut impl Read, bytes: &mut Vec<u8>) -> std::io::Result<()> {
    let mut byte = [0u8];
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        bytes.push(byte[0]);
    }
    let head = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    bytes.extend_from_slice(&body);
    Ok(())
}

pub fn connect(address: SocketAddr) -> std::net::TcpStream {
    let stream = std::net::TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// A folder of the test's own, empty.
pub fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("photon-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Arguments that make this program run its test `name` and nothing else.
pub fn test_arguments(name: &str) -> [String; 4] {
    [name.to_owned(), "--exact".to_owned(), "--nocapture".to_owned(), "--test-threads=1".to_owned()]
}

/// This program over again, to run its test `name` as a server.
pub fn again(name: &str, role: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(test_arguments(name)).env(ROLE, role);
    command
}

/// Whether a program is there; told loudly if not.
pub fn has(program: &str, argument: &str) -> bool {
    let found = Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let found = found.is_ok_and(|status| status.success());
    if !found {
        eprintln!("SKIPPED: `{program}` is not installed");
    }
    found
}

/// A Python with the package `websockets`, in an environment that the first test to ask for it makes; none, told loudly,
/// where there is no Python or the package cannot be had.
pub fn python() -> Option<PathBuf> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    PYTHON.get_or_init(make_python).clone()
}

fn make_python() -> Option<PathBuf> {
    if !has("python3", "--version") {
        return None;
    }
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(WEBSOCKETS.replace("==", "-"));
    let python = home.join("bin/python");
    if python.is_file() {
        return Some(python);
    }
    // Made elsewhere first, so that nobody takes one for whole that is not.
    let draft = home.with_extension(std::process::id().to_string());
    let made = Command::new("python3").args(["-m", "venv"]).arg(&draft).output();
    let pip = || {
        let mut pip = Command::new(draft.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", WEBSOCKETS]).output()
    };
    for output in [made, pip()] {
        match output {
            Ok(output) if output.status.success() => {}
            Ok(output) => {
                eprintln!("SKIPPED: no {WEBSOCKETS}: {}", String::from_utf8_lossy(&output.stderr));
                return None;
            }
            Err(error) => {
                eprintln!("SKIPPED: no {WEBSOCKETS}: {error}");
                return None;
            }
        }
    }
    // Another process may have been as fast.
    let _ = std::fs::rename(&draft, &home);
    python.is_file().then_some(python)
}

/// Polls until it holds.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A process that is killed when this is dropped.
pub struct Process(pub Child);

impl Process {
    /// Starts it, and waits until it says on its standard error stream that it listens.
    pub fn start(command: &mut Command) -> (Self, String) {
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut process = Self(child);
        let mut lines = BufReader::new(process.0.stderr.take().unwrap()).lines();
        let said = lines.by_ref().map_while(Result::ok).find_map(|line| {
            line.strip_prefix("listening on ").map(str::to_owned).or_else(|| {
                eprintln!("child: {line}");
                None
            })
        });
        // Somebody has to go on reading.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| eprintln!("child: {line}")));
        (process, said.expect("the process ended before it listened"))
    }

    pub fn signal(&self, signal: libc::c_int) {
        signal_process(self.0.id(), signal);
    }

    /// Its exit code once it has ended.
    pub fn wait(&mut self) -> Option<i32> {
        until("the process ends", || self.0.try_wait().unwrap().is_some());
        self.0.wait().unwrap().code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn signal_process(process: u32, signal: libc::c_int) {
    // SAFETY: the call has no conditions.
    unsafe { libc::kill(libc::pid_t::try_from(process).unwrap(), signal) };
}
