//! Serves a [`Service`] through [`may_minihttp`](https://docs.rs/may_minihttp) instead of Photon's own engine: for who
//! wants that one behind a proxy that is trusted. The feature is `minihttp`.
//!
//! ```no_run
//! use photon_runtime::Service;
//! use photon_runtime::minihttp::MiniHttp;
//!
//! fn main() -> photon_runtime::Result<()> {
//!     MiniHttp::new(Service::new((), "{}")).address("127.0.0.1:8080").run()
//! }
//! ```
//!
//! The handlers, the checks and the answers are the same. What `may_minihttp` cannot carry is refused by name when the
//! server starts, so that nobody learns of it from a client:
//!
//! | | |
//! |---|---|
//! | answers sent piece by piece: events, lines, `x-photon-stream`, [`Service::files`] | refused at start |
//! | WebSocket | refused at start |
//! | operations with the method `HEAD` | refused at start |
//! | requests with the method `HEAD` | 501: their length could not be told |
//! | chunked request bodies | 411, and the connection ends |
//! | `Expect: 100-continue` before a body | 417, and the connection ends; clients send it again without |
//! | more than 16 header fields in a request | the connection ends without an answer |
//! | a head that is not HTTP | the connection ends without an answer |
//! | no limit on heads and on pipelined requests, no timeout, no limit on connections | the proxy's business |
//! | no TLS, no Unix sockets, no order at the end: `SIGTERM` cuts | |
//! | `Content-Length: 0` in answers with the status 204 and 304 | though RFC 9110 has none there |
//!
//! Request bodies are read as they come, those of streaming operations too, where `Content-Length` tells their length.
//! Proxies in front send it if they collect bodies before they pass them on, as nginx does by default.
//!
//! This module is a driver as `server` is one; it knows no route.

mod connection;
mod exchange;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use may::coroutine::JoinHandle;
use may_minihttp::HttpServiceFactory as _;

use self::connection::Connections;
use crate::exchange::OperationName;
use crate::server::{self, Limits};
use crate::service::{Demand, Service};
use crate::{Error, Result};

/// Where it listens unless it is told otherwise.
const ADDRESS: &str = "127.0.0.1:8080";

/// A server on `may_minihttp` that is not running yet.
#[must_use = "a server does nothing until it is run"]
pub struct MiniHttp<A> {
    service: Service<A>,
    address: String,
    limits: Limits,
    workers: usize,
}

impl<A: Send + Sync + 'static> MiniHttp<A> {
    /// A server of this service.
    pub fn new(service: Service<A>) -> Self {
        Self { service, address: ADDRESS.to_owned(), limits: Limits::default(), workers: 0 }
    }

    /// Listens on this address, `host:port`; port 0 takes any free one. Defaults to `127.0.0.1:8080`.
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.address = address.into();
        self
    }

    /// Allows this much, of which only `body_bytes_max`, `unread_bytes_max` and `stack_bytes` count here. Defaults to
    /// [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Threads that run coroutines; the first server of a process decides. Defaults to the number of processors.
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers;
        self
    }

    /// Serves until the process is ended.
    ///
    /// Returns an error that names every operation of the service that cannot be carried, and one if the address is taken.
    pub fn run(self) -> Result<()> {
        let serving = self.start()?;
        tracing::info!(address = %serving.address, "listening");
        eprintln!("listening on http://{}", serving.address);
        serving.accepting.join().map_err(|_| Error::new("connections are no longer accepted"))
    }

    /// Serves in the background, for as long as the process lives: this server cannot be stopped.
    ///
    /// Fails as [`run`](Self::run) does.
    pub fn start(self) -> Result<Serving> {
        refuse(&self.service.demands())?;
        server::set_up_coroutines(self.limits.clone(), self.workers);
        // `may_minihttp` would share it with whoever listens there, silently.
        let address = server::free_address(&self.address)?;
        let connections = Connections { handler: Arc::new(self.service), limits: Arc::new(self.limits) };
        let accepting = connections.start(address)?;
        Ok(Serving { address, accepting })
    }
}

impl<A> fmt::Debug for MiniHttp<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MiniHttp")
            .field("address", &self.address)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// A server on `may_minihttp` at work.
pub struct Serving {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Serving {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl fmt::Debug for Serving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serving").field("address", &self.address).finish_non_exhaustive()
    }
}

/// An error that names all operations that cannot be carried, if there are any.
fn refuse(demands: &[(&OperationName, Demand)]) -> Result<()> {
    let named = |(name, demand): &(&OperationName, Demand)| {
        let why = match demand {
            _ if name.method == "HEAD" => "its answers have a length and no body",
            Demand::Whole => return None,
            Demand::Pieces => "it answers piece by piece",
            Demand::Switch => "it opens a WebSocket",
        };
        Some(format!("`{}` ({} {}): {why}", name.id, name.method, name.path))
    };
    let refused: Vec<String> = demands.iter().filter_map(named).collect();
    if refused.is_empty() {
        return Ok(());
    }
    Err(Error::new(format!("may_minihttp cannot carry these operations:\n  {}", refused.join("\n  "))))
}
