//! The bytes of a socket that does not block, read no more often than there is something to read.

use std::io::{self, ErrorKind, Read, Write};

use may::net::TcpStream;

/// A socket, and what is known of it.
pub(super) struct Wire {
    pub(super) stream: TcpStream,
    /// The last read was short, so the socket is empty until an event says otherwise.
    pub(super) drained: bool,
    /// The end of the stream is in sight, which no event tells twice.
    pub(super) hung_up: bool,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, drained: false, hung_up: false }
    }
}

impl Read for Wire {
    #[inline]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.drained && !self.hung_up {
            return Err(ErrorKind::WouldBlock.into());
        }
        loop {
            match self.stream.inner_mut().read(buffer) {
                Ok(count) => {
                    // Elsewhere than with epoll the end of the stream may come along with the last bytes, unseen.
                    self.drained = cfg!(target_os = "linux") && count < buffer.len();
                    return Ok(count);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Write for Wire {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match self.stream.inner_mut().write(bytes) {
                Ok(0) if !bytes.is_empty() => return Err(ErrorKind::WriteZero.into()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                written => return written,
            }
        }
    }

    fn write_vectored(&mut self, pieces: &[io::IoSlice<'_>]) -> io::Result<usize> {
        self.stream.inner_mut().write_vectored(pieces)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
