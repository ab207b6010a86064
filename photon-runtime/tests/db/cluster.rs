//! A PostgreSQL of the tests' own, from the machine's binaries: made, started, killed, removed.

#![allow(unsafe_code)]

use std::ffi::CString;
use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How long it may take to start.
const START_MAX: Duration = Duration::from_mins(1);

/// A server with its data.
pub(crate) struct Cluster {
    folder: PathBuf,
    binaries: PathBuf,
    port: u16,
    server: Option<Child>,
}

impl Cluster {
    /// None where the machine has no PostgreSQL.
    pub(crate) fn start() -> Option<Self> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let binaries = binaries()?;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("photon-postgres-{}-{count}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        if let Some(user) = user() {
            chown(&folder, Some(user), Some(user)).unwrap();
        }
        let mut cluster = Self { folder, binaries, port: free_port(), server: None };
        let made = cluster
            .command("initdb")
            .args(["--username=photon", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"])
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success(), "initdb");
        cluster.run();
        Some(cluster)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://photon@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts the server, and waits until it answers.
    pub(crate) fn run(&mut self) {
        let mut command = self.command("postgres");
        command
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=100"])
            .args(["-c", &format!("port={}", self.port), "-c", "deadlock_timeout=200ms"])
            .args(["-c", &format!("unix_socket_directories={}", self.folder.display())])
            .stdout(Stdio::null())
            .stderr(Stdio::from(fs::File::create(self.folder.with_extension("log")).unwrap()));
        self.server = Some(spawn_for_good(command));
        let begun = Instant::now();
        while !self.answers() {
            assert!(begun.elapsed() < START_MAX, "PostgreSQL does not start");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it at once, as a crash would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            signal(server.id(), libc::SIGQUIT);
            server.wait().unwrap();
        }
    }

    fn answers(&self) -> bool {
        let mut command = self.command("pg_isready");
        command.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]).env_remove("PGDATA");
        match command.status() {
            Ok(status) => status.success(),
            // Some packages have no such program.
            Err(_) => std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok(),
        }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.join(program));
        command.env("PGDATA", &self.folder).current_dir("/");
        if let Some(user) = user() {
            command.uid(user).gid(user);
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_dir_all(&self.folder);
        let _ = fs::remove_file(self.folder.with_extension("log"));
    }
}

/// Where the programs of PostgreSQL are.
fn binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders.into_iter().find(|folder| has(folder, "postgres") && has(folder, "initdb"))
}

fn has(folder: &Path, program: &str) -> bool {
    folder.join(program).exists()
}

/// Who runs it, where we are root, as which PostgreSQL does not run.
fn user() -> Option<u32> {
    // SAFETY: always succeeds.
    if unsafe { libc::geteuid() } != 0 {
        return None;
    }
    ["postgres", "nobody"].into_iter().find_map(|name| {
        let name = CString::new(name).unwrap();
        // SAFETY: the name is a C string; what comes back is null or valid until the next call.
        unsafe { libc::getpwnam(name.as_ptr()).as_ref() }.map(|user| user.pw_uid)
    })
}

/// Starts a process that ends when this one does. The kernel looks at the thread that started it, so that this has one
/// that does not end.
fn spawn_for_good(mut command: Command) -> Child {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        // SAFETY: `prctl` may be called between fork and exec.
        unsafe {
            command.pre_exec(|| match libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGQUIT) {
                0 => Ok(()),
                _ => Err(io::Error::last_os_error()),
            })
        };
        tell.send(command.spawn().unwrap()).unwrap();
        loop {
            thread::park();
        }
    });
    told.recv().unwrap()
}

pub(crate) fn signal(process: u32, signal: i32) {
    // SAFETY: a child of ours that nobody has waited for.
    unsafe { libc::kill(i32::try_from(process).unwrap(), signal) };
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
