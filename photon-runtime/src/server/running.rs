//! A server at work, and how it is asked to end.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use super::accept::Accepting;
use super::engine::Engine;
use super::listen::Address;
use super::shutdown;

/// A server that was started. It goes on in the background when this is dropped.
pub struct Running {
    engine: Arc<Engine>,
    addresses: Vec<Address>,
    accepting: Vec<Accepting>,
}

impl Running {
    pub(super) fn new(engine: Arc<Engine>, accepting: Vec<Accepting>) -> Self {
        let addresses = accepting.iter().map(|accepting| accepting.address.clone()).collect();
        Self { engine, addresses, accepting }
    }

    /// Where the server listens: its first TCP address, `0.0.0.0:0` if it has none.
    pub fn address(&self) -> SocketAddr {
        let first = self.addresses.iter().find_map(|address| match address {
            Address::Tcp(address) => Some(*address),
            Address::Unix(_) => None,
        });
        first.unwrap_or_else(|| (Ipv4Addr::UNSPECIFIED, 0).into())
    }

    /// Everywhere the server listens.
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// Connections that are open, idle ones included.
    pub fn connections(&self) -> usize {
        self.engine.registry.live()
    }

    /// Ends the server in order:
    ///
    /// 1. It tells that it is not ready ([`Health`](crate::Health)), and goes on for
    ///    [`Limits::unready_for`](super::Limits::unready_for).
    /// 2. It accepts the connections that clients have begun, and closes its listening sockets.
    /// 3. Each request that has come in is answered, the last of a connection with `Connection: close`; WebSockets are
    ///    closed with 1001. Idle connections are closed.
    ///
    /// It returns when everything has ended. Connections that take longer than [`Limits::drain_grace`](super::Limits::drain_grace) are cut; their number is
    /// returned.
    pub fn stop(self) -> usize {
        self.engine.begin_leaving();
        if !self.engine.is_handed_over() {
            std::thread::sleep(self.engine.settings.limits.unready_for);
        }
        self.engine.begin_draining();
        for accepting in &self.accepting {
            accepting.wake();
        }
        for accepting in self.accepting {
            accepting.join();
        }
        let cut = shutdown::drain(&self.engine, self.engine.settings.limits.drain_grace);
        self.engine.stop();
        cut
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}
