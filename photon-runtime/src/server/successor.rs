//! The process that takes over from this one: it gets the listening sockets, says when it can accept, and is told to.
//!
//! ```text
//! this process      starts ─────────▶ waits ◀─READY── successor: sockets taken, application made
//!                                       └────GO─────▶ accepts
//! drains, ends
//! ```
//!
//! The successor accepts nothing before it is told to, so that one that is given up has taken nothing on.

#![allow(unsafe_code)]

use std::env;
use std::ffi::{CString, OsString, c_char};
use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::fd::{AsRawFd as _, RawFd};
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::inherit::{COUNT, FIRST, NAMES, OTHER, OWN, PROCESS, READY};

/// What the two say to each other.
const IS_READY: u8 = b'R';
const GO: u8 = b'G';

/// How often it is looked whether the successor is still wanted.
const POLL: Duration = Duration::from_millis(100);

/// How long a successor waits to be told to accept; its predecessor has ended if nothing comes.
const GO_WAIT: Duration = Duration::from_secs(10);

/// The program that takes over from a server: for [`Running::hand_over`](crate::Running::hand_over).
///
/// It must run a server of this crate, which takes the sockets; the addresses that it is told itself are not listened on.
#[derive(Clone, Debug)]
pub struct Successor {
    program: PathBuf,
    arguments: Vec<OsString>,
    patience: Duration,
}

impl Successor {
    /// This program over again, as it was called: whatever stands at its path now, with the same arguments.
    pub fn again() -> Self {
        let mut arguments = env::args_os();
        let program = arguments.next().filter(|program| !program.is_empty()).map(PathBuf::from);
        let program = program.or_else(|| env::current_exe().ok()).unwrap_or_default();
        Self { program, arguments: arguments.collect(), patience: Duration::from_secs(30) }
    }

    /// Another program, with no arguments.
    pub fn program(path: impl Into<PathBuf>) -> Self {
        Self { program: path.into(), arguments: Vec::new(), ..Self::again() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// How long it may take until it is ready; it is killed then. Defaults to 30 s.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Starts it with these sockets, of which some are this server's own, and waits until it is about to accept.
    /// Whatever fails, and when it is wanted no more, it is killed.
    pub(super) fn start(&self, sockets: &[(RawFd, bool)], is_wanted: impl Fn() -> bool) -> io::Result<u32> {
        let (mut channel, theirs) = UnixStream::pair()?;
        let mut child = self.spawn(sockets, &theirs)?;
        drop(theirs);
        let ready = self.wait(&mut channel, is_wanted).and_then(|()| channel.write_all(&[GO]));
        if let Err(error) = ready {
            // It fails only if the process has ended, which is what is wanted.
            let _ = child.kill();
            let status = child.wait()?;
            return Err(io::Error::new(error.kind(), format!("{error} ({status})")));
        }
        Ok(child.id())
    }

    fn spawn(&self, sockets: &[(RawFd, bool)], theirs: &UnixStream) -> io::Result<Child> {
        let mut sources: Vec<RawFd> = sockets.iter().map(|(fd, _)| *fd).collect();
        sources.push(theirs.as_raw_fd());
        let names: Vec<&str> = sockets.iter().map(|(_, is_own)| if *is_own { OWN } else { OTHER }).collect();
        let count = RawFd::try_from(sources.len()).map_err(io::Error::other)?;
        let end = FIRST + count;
        let mut environment = Environment::new(&[
            (COUNT, sockets.len().to_string()),
            (NAMES, names.join(":")),
            (READY, (end - 1).to_string()),
        ]);
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        // SAFETY: between fork and exec only system calls are made, and memory is written that was allocated before.
        unsafe {
            command.pre_exec(move || {
                place(&mut sources, end)?;
                environment.enter();
                Ok(())
            });
        }
        // What the standard library opens in order to start a process must not lie where the sockets go.
        let _low = fill_below(end)?;
        command.spawn()
    }

    fn wait(&self, channel: &mut UnixStream, is_wanted: impl Fn() -> bool) -> io::Result<()> {
        let begun = Instant::now();
        channel.set_read_timeout(Some(POLL))?;
        let mut byte = [0u8];
        while is_wanted() && begun.elapsed() < self.patience {
            match channel.read(&mut byte) {
                Ok(1) if byte == [IS_READY] => return Ok(()),
                Ok(_) => {
                    let message = "the successor ended before it was ready";
                    return Err(io::Error::new(ErrorKind::UnexpectedEof, message));
                }
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
                    ) => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::new(ErrorKind::TimedOut, "the successor was given up before it was ready"))
    }
}

/// Tells the predecessor that this process is ready, and waits until it may accept.
pub(super) fn tell_ready(mut channel: UnixStream) -> io::Result<()> {
    channel.set_read_timeout(Some(GO_WAIT))?;
    // If the predecessor has ended, or ends before it answers, there is nobody else to accept.
    if channel.write_all(&[IS_READY]).is_ok() {
        let _ = channel.read(&mut [0u8]);
    }
    Ok(())
}

/// Puts the descriptors at [`FIRST`] and after it, whatever stands there, for the program that is executed next.
fn place(sources: &mut [RawFd], end: RawFd) -> io::Result<()> {
    // Out of the way first, for one may stand where another goes.
    for source in sources.iter_mut() {
        // SAFETY: the call has no conditions.
        *source = check(unsafe { libc::fcntl(*source, libc::F_DUPFD_CLOEXEC, end) })?;
    }
    for (at, source) in (FIRST..).zip(sources) {
        // SAFETY: the process ends as what it is, so whoever owned the descriptor does not miss it.
        check(unsafe { libc::dup2(*source, at) })?;
    }
    Ok(())
}

fn check(status: libc::c_int) -> io::Result<libc::c_int> {
    if status < 0 { Err(io::Error::last_os_error()) } else { Ok(status) }
}

/// Opens so much that no descriptor below `end` is free.
fn fill_below(end: RawFd) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    loop {
        let file = File::open("/dev/null")?;
        if file.as_raw_fd() >= end {
            return Ok(files);
        }
        files.push(file);
    }
}

unsafe extern "C" {
    static mut environ: *const *const c_char;
}

/// The environment of a program that is about to be executed. The number of its process is known only after the fork,
/// where nothing may be allocated any more.
struct Environment {
    /// `LISTEN_PID=`, and room for digits and a zero byte.
    process: Vec<u8>,
    /// Pointers to `process` and into `_entries`, then a null pointer.
    pointers: Vec<*const c_char>,
    _entries: Vec<CString>,
}

// SAFETY: the pointers lead to memory on the heap that the same value owns and never moves.
unsafe impl Send for Environment {}
// SAFETY: see above; nothing is written through a shared reference.
unsafe impl Sync for Environment {}

impl Environment {
    fn new(added: &[(&str, String)]) -> Self {
        const DIGITS: usize = 12;
        let mut process = format!("{PROCESS}=").into_bytes();
        process.extend_from_slice(&[0; DIGITS]);
        let replaced = [COUNT, PROCESS, NAMES, READY];
        let kept = env::vars_os().filter(|(name, _)| replaced.iter().all(|replaced| name != replaced));
        let added = added.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let entries: Vec<CString> = kept
            .chain(added)
            .filter_map(|(mut name, value)| {
                name.push("=");
                name.push(value);
                CString::new(name.into_vec()).ok()
            })
            .collect();
        let pointers = std::iter::once(process.as_ptr().cast())
            .chain(entries.iter().map(|entry| entry.as_ptr()))
            .chain(std::iter::once(std::ptr::null()))
            .collect();
        Self { process, pointers, _entries: entries }
    }

    /// Makes it this process's. Allocates nothing; for use between fork and exec.
    fn enter(&mut self) {
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(std::process::id()).as_bytes();
        let at = PROCESS.len() + 1;
        self.process[at..at + digits.len()].copy_from_slice(digits);
        // SAFETY: there is one thread after a fork, and the value lives until exec has copied it.
        unsafe { environ = self.pointers.as_ptr() };
    }
}
