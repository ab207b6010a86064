//! The connection as the codec reads and writes it: what passes by is looked at, and others get their turn.

use std::io::{self, ErrorKind, Read, Write};
use std::time::Instant;

use super::scan::{Fault, Scan};
use crate::exchange::Duplex;

/// Reads after which other coroutines of the worker get their turn.
const READS_PER_TURN: u32 = 64;

/// What is known of the client by what it sent.
#[derive(Debug)]
pub(super) struct Pulse {
    /// When anything was heard last.
    pub(super) heard: Instant,
    pub(super) scan: Scan,
    /// What is wrong with the bytes after those that were handed on.
    fault: Option<Fault>,
    reads: u32,
}

impl Pulse {
    pub(super) fn new() -> Self {
        Self { heard: Instant::now(), scan: Scan::default(), fault: None, reads: 0 }
    }
}

/// The two together, for one call of the codec.
pub(super) struct Wire<'a> {
    pub(super) stream: &'a mut dyn Duplex,
    pub(super) pulse: &'a mut Pulse,
}

impl Read for Wire<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let pulse = &mut *self.pulse;
        if let Some(fault) = pulse.fault {
            return Err(io::Error::new(ErrorKind::InvalidData, fault));
        }
        pulse.reads += 1;
        if pulse.reads >= READS_PER_TURN {
            pulse.reads = 0;
            may::coroutine::yield_now();
        }
        let room = pulse.scan.room(buffer.len());
        let count = self.stream.read(&mut buffer[..room])?;
        if count > 0 {
            pulse.heard = Instant::now();
        }
        match pulse.scan.take(&buffer[..count]) {
            Ok(()) => Ok(count),
            Err((0, fault)) => Err(io::Error::new(ErrorKind::InvalidData, fault)),
            // What came before is in order.
            Err((before, fault)) => {
                pulse.fault = Some(fault);
                Ok(before)
            }
        }
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes).map_err(|error| match error.kind() {
            // A write whose time is over is the end; a read's is not.
            ErrorKind::TimedOut | ErrorKind::WouldBlock => ErrorKind::BrokenPipe.into(),
            _ => error,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
