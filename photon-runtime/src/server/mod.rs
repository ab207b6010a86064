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
mod inherit;
mod input;
mod io;
mod limits;
mod listen;
mod notify;
mod overflow;
mod parking;
mod pieces;
mod registry;
mod running;
mod shutdown;
mod signals;
mod successor;
mod switched;
#[cfg(feature = "tls")]
mod tls;
#[cfg(not(feature = "tls"))]
#[path = "tls_absent.rs"]
mod tls;
mod trim;
mod unix;
#[cfg(target_os = "linux")]
mod watch;
#[cfg(not(target_os = "linux"))]
#[path = "watch_elsewhere.rs"]
mod watch;
mod watchdog;
mod wire;

use std::fmt;
use std::io::Result;
use std::path::PathBuf;
use std::sync::{Arc, Once};
use std::thread;

use self::accept::Accepting;
use self::engine::Engine;
use self::limits::Settings;
use self::listen::Wanted;
use self::signals::{Asked, Signals};
use crate::exchange::Handler;
use crate::http::clock;

pub use self::limits::Limits;
pub use self::listen::Address;
pub use self::running::Running;
pub use self::successor::Successor;
#[cfg(feature = "tls")]
pub use self::tls::Tls;

/// Coroutines whose stacks are kept for the next connection, each with the pages that it has touched: about 20 KiB. They
/// are for connections that come while others go; more would only be filled by waves of them, and stay.
const COROUTINES_KEPT: usize = 128;

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
    wanted: Wanted,
    limits: Limits,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
    successor: Option<Successor>,
    workers: usize,
    #[cfg(feature = "db")]
    databases: Vec<crate::db::Db>,
}

impl Server {
    /// A server of this handler.
    pub fn new(handler: impl Handler) -> Self {
        Self {
            handler: Box::new(handler),
            wanted: Wanted::default(),
            limits: Limits::default(),
            #[cfg(feature = "tls")]
            tls: None,
            successor: None,
            workers: 0,
            #[cfg(feature = "db")]
            databases: Vec::new(),
        }
    }

    /// Listens on this address, `host:port`, among others; port 0 takes any free one. `[::]:8080` takes IPv4 too, unless
    /// an IPv4 address with the same port is listened on as well. Without any address the server listens where the
    /// environment variables `HOST` and `PORT` say, or on `127.0.0.1:8080`.
    ///
    /// A process that is handed listening sockets by systemd's protocol (`LISTEN_FDS`, `LISTEN_PID`) listens on those
    /// instead of all addresses that are told here.
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.wanted.addresses.push(address.into());
        self
    }

    /// Listens on a Unix socket at this path, among others. A socket file that nobody listens on is replaced; the file is
    /// removed at the end. Clients have no address there: `cx.peer()` is `None`.
    pub fn unix(mut self, path: impl Into<PathBuf>) -> Self {
        self.wanted.paths.push(path.into());
        self
    }

    /// The mode of the files of Unix sockets, such as `0o660`: who may write, may connect. Defaults to what the process's
    /// file mode mask leaves.
    pub fn unix_mode(mut self, mode: u32) -> Self {
        self.wanted.mode = Some(mode);
        self
    }

    /// Shares TCP ports with other processes of the same user that do so too (`SO_REUSEPORT`); the kernel spreads new
    /// connections over them. Defaults to `false`: a port that is taken is an error.
    pub fn reuse_port(mut self, reuse: bool) -> Self {
        self.wanted.reuse_port = reuse;
        self
    }

    /// Allows this much. Defaults to [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Speaks TLS on all TCP ports; Unix sockets stay as they are. Defaults to no TLS, for a proxy in front to do it.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Who takes over when the process is asked to hand over (`SIGUSR2`). Defaults to [`Successor::again`].
    pub fn successor(mut self, successor: Successor) -> Self {
        self.successor = Some(successor);
        self
    }

    /// Threads that run coroutines; the first server of a process decides. Defaults to the number of processors.
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers;
        self
    }

    /// Closes the connections of this database, among others, when the server has stopped and every request is answered.
    #[cfg(feature = "db")]
    pub fn database(mut self, db: &crate::db::Db) -> Self {
        self.databases.push(db.clone());
        self
    }

    /// Serves until the process is asked to end, and then [in order](Running::stop).
    ///
    /// | signal | |
    /// |---|---|
    /// | `SIGTERM`, `SIGINT` | ends in order; the second one ends the process at once, with exit code 128 + its number |
    /// | `SIGUSR2` | starts [this program over again](Self::successor), and ends in order once that accepts connections on the same sockets; goes on as before if it does not |
    ///
    /// systemd is told what it wants to know (`Type=notify`; with `NotifyAccess=all` and
    /// `ExecReload=kill -USR2 $MAINPID` it follows to the new process).
    ///
    /// Returns an error if connections had to be cut, so that a `main` that returns it ends with exit code 1, and with 0
    /// where every request got its answer.
    pub fn run(mut self) -> crate::Result<()> {
        let mut signals = Signals::install()?;
        let successor = self.successor.take().unwrap_or_else(Successor::again);
        let running = self.start()?;
        announce(running.addresses(), running.scheme());
        notify::tell("READY=1");
        while signals.wait()? == Asked::HandOver {
            match running.hand_over_while(&successor, || !Signals::is_asked_to_stop()) {
                Ok(process) => {
                    tracing::info!(process, "another process has taken over");
                    notify::tell(&format!("MAINPID={process}"));
                    return end(running);
                }
                Err(error) => tracing::error!(?error, "nobody has taken over; this process goes on"),
            }
        }
        notify::tell("STOPPING=1");
        end(running)
    }

    /// Serves in the background; for tests, and for programs that handle signals themselves.
    ///
    /// Sockets that the process inherits ([`address`](Self::address)) are taken by its first server, which removes
    /// their variables from the environment: no other thread may use C's `getenv` then.
    pub fn start(self) -> crate::Result<Running> {
        #[cfg(feature = "metrics")]
        crate::observe::metrics::describe();
        let settings = Settings::new(self.limits);
        configure(&settings, self.workers);
        #[cfg(feature = "tls")]
        let tls = self.tls.map(tls::Keeper::new).transpose()?;
        #[cfg(not(feature = "tls"))]
        let tls = None;
        let (bound, ready) = listen::open(&self.wanted, settings.limits.backlog)?;
        clock::tick();
        let engine = Arc::new(Engine::new(self.handler, settings, tls)?);
        let keeper = Arc::clone(&engine);
        thread::Builder::new().name("photon-keeper".to_owned()).spawn(move || parking::run(keeper))?;
        watchdog::start(&engine)?;
        if let Some(ready) = ready {
            successor::tell_ready(ready)?;
        }
        let accepting =
            bound.into_iter().map(|bound| Accepting::begin(&engine, bound)).collect::<Result<_>>()?;
        let running = Running::new(engine, accepting);
        #[cfg(feature = "db")]
        let running = running.with_databases(self.databases);
        Ok(running)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("wanted", &self.wanted)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Finishes what is in flight.
fn end(running: Running) -> crate::Result<()> {
    tracing::info!("stopping: requests in flight are finished");
    let cut = running.stop();
    if cut == 0 {
        return Ok(());
    }
    tracing::warn!(connections = cut, "connections were cut after the grace period");
    Err(crate::Error::new(format!("{cut} connections were cut after the grace period")))
}

/// Sets up the coroutine runtime for a driver that is not this one.
#[cfg(feature = "minihttp")]
pub(crate) fn set_up_coroutines(limits: Limits, workers: usize) {
    configure(&Settings::new(limits), workers);
}

/// The address, if nobody listens there.
#[cfg(feature = "minihttp")]
pub(crate) fn free_address(address: &str) -> Result<std::net::SocketAddr> {
    listen::free(address)
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

/// Tells people and logs where the server is.
fn announce(addresses: &[Address], scheme: &str) {
    for address in addresses {
        tracing::info!(%address, "listening");
        match address {
            Address::Tcp(address) => eprintln!("listening on {scheme}://{address}"),
            Address::Unix(_) => eprintln!("listening on {address}"),
        }
    }
}
