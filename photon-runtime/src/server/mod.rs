//! The HTTP/1.1 server: sockets, connections on coroutines, limits, and an orderly end.
//!
//! ```text
//! accept ──▶ connection (a coroutine: read, answer, write) ──idle──▶ keeper (parked: a descriptor, no coroutine)
//!                  ▲                                                    │
//!                  └────────────────────readable────────────────────────┘
//! ```
//!
//! Requests go to one [`Handler`]; nothing in here knows routes or documents.

mod accept;
mod answer;
mod body;
mod connection;
mod engine;
mod input;
mod io;
mod limits;
mod overflow;
mod parking;
mod registry;
mod shutdown;
#[cfg(target_os = "linux")]
mod watch;
#[cfg(not(target_os = "linux"))]
#[path = "watch_elsewhere.rs"]
mod watch;
mod watchdog;

use std::fmt;
use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::sync::{Arc, Once};
use std::thread;

use may::coroutine::{self, JoinHandle};
use may::io::{WaitIo as _, WaitIoWaker};

use self::engine::Engine;
use self::limits::Settings;
use self::shutdown::Signals;
use crate::exchange::Handler;
use crate::http::clock;

pub use self::limits::Limits;

/// Where a server listens when nobody says otherwise.
const HOST: &str = "127.0.0.1";
const PORT: u16 = 8080;

/// Coroutines whose stacks are kept for the next connection.
const COROUTINES_KEPT: usize = 1024;

/// A server that is not running yet.
///
/// ```no_run
/// use photon_runtime::Server;
/// use photon_runtime::exchange::{Exchange, Handler, Head};
///
/// struct Hello;
///
/// impl Handler for Hello {
///     fn handle(&self, _request: &Head<'_>, exchange: &mut dyn Exchange) {
///         exchange.send(200, &[], b"hello");
///     }
/// }
///
/// fn main() -> photon_runtime::Result<()> {
///     Server::new(Hello).address("127.0.0.1:8080").run()
/// }
/// ```
#[must_use = "a server does nothing until it is run"]
pub struct Server {
    handler: Box<dyn Handler>,
    address: Option<String>,
    limits: Limits,
    workers: usize,
}

impl Server {
    /// A server of this handler.
    pub fn new(handler: impl Handler) -> Self {
        Self { handler: Box::new(handler), address: None, limits: Limits::default(), workers: 0 }
    }

    /// Listens on this address, `host:port`; port 0 takes any free one. Defaults to what the environment variables
    /// `HOST` and `PORT` say, or `127.0.0.1:8080`.
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// Allows this much. Defaults to [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Threads that run coroutines; the first server of a process decides. Defaults to the number of processors.
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers;
        self
    }

    /// Serves until the process is asked to end (`SIGTERM` or `SIGINT`), then finishes what is in flight. A second
    /// signal ends the process at once.
    pub fn run(self) -> crate::Result<()> {
        let mut signals = Signals::install()?;
        let running = self.start()?;
        announce(running.address());
        signals.wait()?;
        tracing::info!("stopping: requests in flight are finished");
        let cut = running.stop();
        if cut > 0 {
            tracing::warn!(connections = cut, "connections were cut after the grace period");
        }
        Ok(())
    }

    /// Serves in the background; for tests, and for programs that handle signals themselves.
    pub fn start(self) -> crate::Result<Running> {
        #[cfg(feature = "metrics")]
        crate::observe::metrics::describe();
        let settings = Settings::new(self.limits);
        configure(&settings, self.workers);
        let backlog = settings.limits.backlog;
        let (socket, address) = match &self.address {
            Some(address) => accept::bind(address.as_str(), backlog)?,
            None => accept::bind(environment()?, backlog)?,
        };
        clock::tick();
        let engine = Arc::new(Engine::new(self.handler, settings)?);
        let keeper = Arc::clone(&engine);
        thread::Builder::new().name("photon-keeper".to_owned()).spawn(move || parking::run(keeper))?;
        watchdog::start(&engine)?;
        let listener = accept::listener(socket);
        let waker = listener.waker();
        let accepting = Arc::clone(&engine);
        let accepted = spawn(move || {
            overflow::watch(&accepting);
            accept::run(&accepting, &listener);
        })?;
        Ok(Running { engine, address, waker, accepted })
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("address", &self.address)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// A server that was started. It goes on in the background when this is dropped.
pub struct Running {
    engine: Arc<Engine>,
    address: SocketAddr,
    waker: WaitIoWaker,
    accepted: JoinHandle<()>,
}

impl Running {
    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Connections that are open, idle ones included.
    pub fn connections(&self) -> usize {
        self.engine.registry.live()
    }

    /// Stops accepting, finishes what is in flight with `Connection: close`, and returns when everything has ended.
    /// Connections that take longer than [`Limits::drain_grace`] are cut; their number is returned.
    pub fn stop(self) -> usize {
        self.engine.begin_draining();
        self.waker.wakeup();
        self.accepted.wait();
        let cut = shutdown::drain(&self.engine, self.engine.settings.limits.drain_grace);
        self.engine.stop();
        cut
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Sets up the coroutine runtime, which there is one of in a process.
fn configure(settings: &Settings, workers: usize) {
    static CONFIGURED: Once = Once::new();
    CONFIGURED.call_once(|| {
        let workers =
            if workers == 0 { thread::available_parallelism().map_or(1, usize::from) } else { workers };
        may::config()
            .set_workers(workers)
            .set_pool_capacity(COROUTINES_KEPT)
            .set_stack_size(settings.stack_words());
        // A worker that may not leave its processor starves where others share it.
        may::config().set_worker_pin(false);
    });
}

/// The address that the environment asks for.
fn environment() -> Result<(String, u16)> {
    let host = std::env::var("HOST").ok().filter(|host| !host.is_empty()).unwrap_or_else(|| HOST.to_owned());
    let port = match std::env::var("PORT") {
        Ok(text) if !text.is_empty() => text.parse().map_err(|_| {
            Error::new(ErrorKind::InvalidInput, format!("PORT is not a port number: `{text}`"))
        })?,
        _ => PORT,
    };
    Ok((host, port))
}

#[allow(unsafe_code)]
fn spawn(body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    // SAFETY: the accepting loop uses no thread-local storage across a wait, and little stack.
    unsafe { coroutine::Builder::new().name("photon-accept".to_owned()).spawn(body) }
}

/// Tells people and logs where the server is.
fn announce(address: SocketAddr) {
    tracing::info!(%address, "listening");
    eprintln!("listening on http://{address}");
}
