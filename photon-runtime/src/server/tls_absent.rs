//! Without TLS: there is no such session.

use std::io;
use std::io::{Read, Write};

use crate::exchange::ClientCertificate;

/// What no server has.
pub(super) enum Keeper {}

impl Keeper {
    pub(super) fn session(&self) -> io::Result<Session> {
        match *self {}
    }

    pub(super) fn look(&self) {
        match *self {}
    }
}

/// What no connection has.
pub(super) enum Session {}

impl Session {
    pub(super) fn is_handshaking(&self) -> bool {
        match *self {}
    }

    pub(super) fn receive(&mut self, _socket: &mut (impl Read + Write)) -> io::Result<bool> {
        match *self {}
    }

    pub(super) fn try_read(
        &mut self,
        _socket: &mut (impl Read + Write),
        _buffer: &mut [u8],
    ) -> io::Result<Option<usize>> {
        match *self {}
    }

    pub(super) fn has_received(&mut self) -> bool {
        match *self {}
    }

    pub(super) fn push(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        match *self {}
    }

    pub(super) fn try_flush(&mut self, _socket: &mut impl Write) -> io::Result<bool> {
        match *self {}
    }

    pub(super) fn close(&mut self) {
        match *self {}
    }

    pub(super) fn certificate(&self) -> ClientCertificate<'_> {
        match *self {}
    }
}
