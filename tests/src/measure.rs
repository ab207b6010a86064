//! Runs a command to its end or to its time limit, and tells what it took. Knows nothing of what it runs.
//!
//! The kernel counts the memory of the process that starts a command as the command's own until it has replaced it. So
//! whoever wants the peak of small commands exactly starts them by [`run_apart`]: a small process in between.

use std::fs::File;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The argument that makes this binary the small process in between.
pub const CHILD: &str = "--child-measure";

/// How often a running command is looked at.
const POLL: Duration = Duration::from_millis(4);

/// What a command took and how it ended.
#[derive(Debug)]
pub struct Measured {
    /// How it ended; `None` when it was stopped at its time limit.
    pub status: Option<ExitStatus>,
    /// Time from start to end.
    pub wall: Duration,
    /// CPU seconds, those of its own children included.
    pub cpu: Duration,
    /// The largest resident set of it or of one of its children, in bytes.
    pub peak_bytes: u64,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

impl Measured {
    /// Whether it ended by itself with status 0.
    pub fn success(&self) -> bool {
        self.status.is_some_and(|status| status.success())
    }
}

/// Runs `command`; its output goes through files in `scratch`, so that no pipe can fill up.
pub fn run(command: &mut Command, limit: Duration, scratch: &Path) -> io::Result<Measured> {
    std::fs::create_dir_all(scratch)?;
    let paths =
        ["stdout", "stderr"].map(|name| scratch.join(format!("{name}.{:?}", std::thread::current().id())));
    let outputs = [File::create(&paths[0])?, File::create(&paths[1])?];
    let [stdout, stderr] = outputs.map(Stdio::from);
    let start = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(stdout).stderr(stderr).process_group(0).spawn()?;
    let pid = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;

    let mut stopped = false;
    let (status, usage) = loop {
        if let Some(ended) = wait(pid)? {
            break ended;
        }
        if start.elapsed() > limit && !stopped {
            stopped = true;
            stop_group(pid);
        }
        std::thread::sleep(POLL);
    };
    let wall = start.elapsed();
    let read = |path: &Path| -> io::Result<String> {
        let text = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
        std::fs::remove_file(path)?;
        Ok(text)
    };
    Ok(Measured {
        status: (!stopped).then_some(status),
        wall,
        cpu: duration(usage.ru_utime) + duration(usage.ru_stime),
        peak_bytes: u64::try_from(usage.ru_maxrss).unwrap_or(0) * 1024,
        stdout: read(&paths[0])?,
        stderr: read(&paths[1])?,
    })
}

/// Runs `command` as [`run`] does, but below a small process of this binary that measures it.
pub fn run_apart(command: &Command, limit: Duration, scratch: &Path) -> io::Result<Measured> {
    let told = scratch.join(format!("usage.{:?}", std::thread::current().id()));
    let mut apart = Command::new(std::env::current_exe()?);
    apart.arg(CHILD).arg(&told).arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        apart.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => apart.env(name, value),
            None => apart.env_remove(name),
        };
    }
    let mut measured = run(&mut apart, limit, scratch)?;
    let usage = std::fs::read_to_string(&told).unwrap_or_default();
    let mut numbers = usage.split_whitespace().filter_map(|number| number.parse().ok());
    if let (Some(cpu), Some(peak)) = (numbers.next(), numbers.next()) {
        measured.cpu = Duration::from_micros(cpu);
        measured.peak_bytes = peak;
        std::fs::remove_file(&told)?;
    }
    Ok(measured)
}

/// The side of the small process: the file to tell in, then the command.
pub fn child(mut arguments: impl Iterator<Item = String>) -> ExitCode {
    let (Some(told), Some(program)) = (arguments.next(), arguments.next()) else { return ExitCode::from(2) };
    let Ok(child) = Command::new(program).args(arguments).spawn() else { return ExitCode::from(2) };
    let Ok(pid) = libc::pid_t::try_from(child.id()) else { return ExitCode::from(2) };
    loop {
        match wait(pid) {
            Ok(None) => std::thread::sleep(POLL),
            Ok(Some((status, usage))) => {
                let cpu = (duration(usage.ru_utime) + duration(usage.ru_stime)).as_micros();
                let peak = u64::try_from(usage.ru_maxrss).unwrap_or(0) * 1024;
                // Without the file the caller's own figures stand.
                let _ = std::fs::write(told, format!("{cpu} {peak}"));
                return status
                    .code()
                    .and_then(|code| u8::try_from(code).ok())
                    .map_or(ExitCode::FAILURE, ExitCode::from);
            }
            Err(_) => return ExitCode::from(2),
        }
    }
}

/// The peak memory of this very process, of what it runs now alone.
pub fn own_peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    let kilobytes = line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

/// The state of a child of ours, with its resources once it has ended.
fn wait(pid: libc::pid_t) -> io::Result<Option<(ExitStatus, libc::rusage)>> {
    let mut status = 0;
    // SAFETY: both places are ours and live through the call; `rusage` is plain data for which zeroes are valid.
    let (ended, usage) = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        (libc::wait4(pid, &raw mut status, libc::WNOHANG, &raw mut usage), usage)
    };
    match ended {
        0 => Ok(None),
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(Some((ExitStatus::from_raw(status), usage))),
    }
}

/// Ends a process group that we started.
pub(crate) fn stop_group(pid: libc::pid_t) {
    // SAFETY: a plain system call; the group is that of a child which was not waited for yet.
    unsafe {
        libc::kill(-pid, libc::SIGKILL);
    }
}

fn duration(time: libc::timeval) -> Duration {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_micros(u64::try_from(time.tv_usec).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, limit_ms: u64) -> Measured {
        let scratch = std::env::temp_dir().join(format!("photon-measure-{}", std::process::id()));
        run(Command::new("sh").args(["-c", script]), Duration::from_millis(limit_ms), &scratch).unwrap()
    }

    #[test]
    fn output_and_status() {
        let measured = sh("echo out; echo err >&2; exit 3", 10_000);
        assert_eq!((measured.stdout.as_str(), measured.stderr.as_str()), ("out\n", "err\n"));
        assert_eq!(measured.status.and_then(|status| status.code()), Some(3));
        assert!(measured.peak_bytes > 0);
    }

    #[test]
    fn a_hang_is_stopped() {
        let measured = sh("sleep 60 & sleep 60", 50);
        assert!(measured.status.is_none() && measured.wall < Duration::from_secs(20));
    }
}
