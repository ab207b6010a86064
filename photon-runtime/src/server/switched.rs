//! The connection as a stream of bytes, once its handler has switched protocols: WebSocket.

use std::io::{self, ErrorKind};
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use super::answer::Turn;
use super::io::Deadline;
use crate::exchange::Duplex;

impl Duplex for Turn<'_> {
    fn set_read_timeout(&mut self, timeout: Duration) {
        self.read_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
    }

    fn interrupter(&self) -> Arc<dyn Fn() + Send + Sync> {
        let active = self.io.active_shared();
        Arc::new(move || active.interrupt())
    }

    fn is_stopping(&self) -> bool {
        self.io.engine().is_draining()
    }
}

impl io::Read for Turn<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let received = self.body.take_received(buffer);
        if received > 0 {
            return Ok(received);
        }
        let deadline = Deadline::after(self.read_ms);
        loop {
            if let Some(count) = self.io.try_read(buffer)? {
                return Ok(count);
            }
            if self.active().take_interrupt() {
                return Err(io::Error::new(ErrorKind::WouldBlock, "the read was interrupted"));
            }
            if Duplex::is_stopping(self) && !mem::replace(&mut self.told.stopping, true) {
                return Err(io::Error::new(ErrorKind::WouldBlock, "the server is stopping"));
            }
            self.io.wait(deadline)?;
        }
    }
}

impl io::Write for Turn<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.io.write(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
