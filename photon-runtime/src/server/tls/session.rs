//! One connection's part of TLS, over a socket that does not block. Waits for nothing.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;

use rustls::{ServerConfig, ServerConnection};

use crate::exchange::ClientCertificate;

/// Records that are not read or written yet, and the keys.
pub(in crate::server) struct Session {
    connection: ServerConnection,
    asks_certificate: bool,
}

impl Session {
    pub(super) fn new(config: Arc<ServerConfig>, asks_certificate: bool) -> Result<Self, rustls::Error> {
        Ok(Self { connection: ServerConnection::new(config)?, asks_certificate })
    }

    /// Whether nothing may be said yet.
    pub(in crate::server) fn is_handshaking(&self) -> bool {
        self.connection.is_handshaking()
    }

    /// Takes one read's worth of records from the socket. False when there is nothing to read now.
    pub(in crate::server) fn receive(&mut self, socket: &mut (impl Read + Write)) -> io::Result<bool> {
        match self.connection.read_tls(socket) {
            Ok(0) if self.is_handshaking() => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error),
        }
        let processed = self.connection.process_new_packets();
        // Alerts, new keys: what does not fit now goes along with the next answer.
        let flushed = self.try_flush(socket);
        processed.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
        flushed.map(|_| true)
    }

    /// Reads what is there; `None` when nothing is, and 0 at the end of the stream. A stream that was cut looks the same:
    /// HTTP knows by itself where a message ends.
    pub(in crate::server) fn try_read(
        &mut self,
        socket: &mut (impl Read + Write),
        buffer: &mut [u8],
    ) -> io::Result<Option<usize>> {
        loop {
            match self.connection.reader().read(buffer) {
                Ok(count) => return Ok(Some(count)),
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(Some(0)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
            if !self.receive(socket)? {
                return Ok(None);
            }
        }
    }

    /// Whether something was received that is not read yet.
    pub(in crate::server) fn has_received(&mut self) -> bool {
        self.connection.process_new_packets().is_ok_and(|state| state.plaintext_bytes_to_read() > 0)
    }

    /// Takes bytes to send, and says how many.
    pub(in crate::server) fn push(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.connection.writer().write(bytes)
    }

    /// Sends what there is to send. False when the socket takes no more now.
    pub(in crate::server) fn try_flush(&mut self, socket: &mut impl Write) -> io::Result<bool> {
        while self.connection.wants_write() {
            match self.connection.write_tls(socket) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Tells the client that this is the end, once it is flushed (RFC 8446, section 6.1).
    pub(in crate::server) fn close(&mut self) {
        self.connection.send_close_notify();
    }

    /// What the client has shown.
    pub(in crate::server) fn certificate(&self) -> ClientCertificate<'_> {
        match self.connection.peer_certificates().and_then(<[_]>::first) {
            Some(certificate) => ClientCertificate::Verified(certificate),
            None if self.asks_certificate => ClientCertificate::Missing,
            None => ClientCertificate::Unknown,
        }
    }
}
