//! Runs a command to its end and tells what it took. Knows nothing of what it runs.

use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// What a command took.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// From its start to its end.
    pub wall: Duration,
    /// CPU time, that of its own children included.
    pub cpu: Duration,
    /// The largest resident set of it or of one of its children, in bytes.
    pub peak_bytes: u64,
}

impl Taken {
    /// CPU seconds.
    pub fn cpu_seconds(&self) -> f64 {
        self.cpu.as_secs_f64()
    }

    /// The peak in MB.
    #[allow(clippy::cast_precision_loss)] // A size in bytes has far fewer than 52 bits.
    pub fn peak_mb(&self) -> f64 {
        self.peak_bytes as f64 / 1e6
    }
}

/// Runs `command`, whose output goes to standard error; an error where it does not end with status 0.
pub fn run(command: &mut Command) -> io::Result<Taken> {
    let start = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(io::stderr()).spawn()?;
    let pid = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    let (status, usage) = wait(pid)?;
    if !status.success() {
        return Err(io::Error::other(format!("{command:?} ended with {status}")));
    }
    Ok(Taken {
        wall: start.elapsed(),
        cpu: duration(usage.ru_utime) + duration(usage.ru_stime),
        peak_bytes: u64::try_from(usage.ru_maxrss).unwrap_or(0) * 1024,
    })
}

fn wait(pid: libc::pid_t) -> io::Result<(ExitStatus, libc::rusage)> {
    let mut status = 0;
    // SAFETY: both places are ours and live through the call; `rusage` is plain data for which zeroes are valid.
    let (ended, usage) = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        (libc::wait4(pid, &raw mut status, 0, &raw mut usage), usage)
    };
    if ended == -1 { Err(io::Error::last_os_error()) } else { Ok((ExitStatus::from_raw(status), usage)) }
}

fn duration(time: libc::timeval) -> Duration {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_micros(u64::try_from(time.tv_usec).unwrap_or(0))
}
