//! A server at work, and how it is asked to end.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use super::accept::Accepting;
use super::engine::Engine;
use super::listen::Address;
use super::shutdown;
use super::successor::Successor;
use crate::error::Error;

/// A server that was started. It goes on in the background when this is dropped.
pub struct Running {
    engine: Arc<Engine>,
    addresses: Vec<Address>,
    accepting: Vec<Accepting>,
    #[cfg(feature = "db")]
    databases: Vec<crate::db::Db>,
}

impl Running {
    pub(super) fn new(engine: Arc<Engine>, accepting: Vec<Accepting>) -> Self {
        let addresses = accepting.iter().map(|accepting| accepting.address.clone()).collect();
        Self {
            engine,
            addresses,
            accepting,
            #[cfg(feature = "db")]
            databases: Vec::new(),
        }
    }

    #[cfg(feature = "db")]
    pub(super) fn with_databases(mut self, databases: Vec<crate::db::Db>) -> Self {
        self.databases = databases;
        self
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

    pub(super) fn scheme(&self) -> &'static str {
        if self.engine.tls.is_some() { "https" } else { "http" }
    }

    /// Connections that are open, idle ones included.
    pub fn connections(&self) -> usize {
        self.engine.registry.live()
    }

    /// Starts a process that listens on the same sockets, and returns its number once it is about to accept. This server
    /// goes on, too, until it is told to [`stop`](Self::stop), which is what comes next; it leaves the sockets to the
    /// successor then, so that no connection is refused or lost. If the successor does not become ready it is killed, and
    /// nothing has changed.
    ///
    /// ```no_run
    /// # fn restart(running: photon_runtime::Running) -> photon_runtime::Result<()> {
    /// use photon_runtime::server::Successor;
    ///
    /// running.hand_over(&Successor::again())?;
    /// running.stop();
    /// # Ok(())
    /// # }
    /// ```
    pub fn hand_over(&self, successor: &Successor) -> crate::Result<u32> {
        self.hand_over_while(successor, || true)
    }

    pub(super) fn hand_over_while(
        &self,
        successor: &Successor,
        is_wanted: impl Fn() -> bool,
    ) -> crate::Result<u32> {
        if self.engine.is_handed_over() {
            return Err(Error::new("another process has taken over already"));
        }
        let sockets: Vec<_> =
            self.accepting.iter().map(|accepting| (accepting.fd, accepting.is_own)).collect();
        let process = successor.start(&sockets, is_wanted)?;
        self.engine.hand_over();
        Ok(process)
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
        #[cfg(feature = "db")]
        self.databases.iter().for_each(crate::db::Db::close);
        cut
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}
