//! TLS 1.2 and 1.3 in front of HTTP/1.1: what a user says of it, and the configuration that comes of it.
//!
//! ```text
//! files ──load──▶ Keeper (the present configuration) ──session──▶ Session (one connection) ◀──bytes──▶ Io
//! ```
//!
//! Knows files and records, no HTTP.

mod files;
mod names;
mod session;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustls::ServerConfig;

use self::files::Stamp;

pub(super) use self::session::Session;

/// How often it is looked whether files have changed.
const RELOAD_EVERY: Duration = Duration::from_secs(10);

/// TLS for a server: its certificates, and whether clients show theirs.
///
/// Files are PEM. They are read again when they change; connections that exist keep what they began with, and files that
/// cannot be used change nothing, which is logged.
#[derive(Clone, Debug)]
pub struct Tls {
    first: Identity,
    /// Those of other names.
    others: Vec<Identity>,
    clients: Option<Clients>,
    reload_every: Duration,
}

/// The files of a certificate and its key.
#[derive(Clone, Debug)]
struct Identity {
    certificates: PathBuf,
    key: PathBuf,
}

/// What is asked of clients.
#[derive(Clone, Debug)]
struct Clients {
    authorities: PathBuf,
    are_required: bool,
}

impl Tls {
    /// The server's certificate with those that lead to its authority, and its private key (PKCS #8, PKCS #1 or SEC 1).
    pub fn files(certificates: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        let first = Identity { certificates: certificates.into(), key: key.into() };
        Self { first, others: Vec::new(), clients: None, reload_every: RELOAD_EVERY }
    }

    /// Another certificate with its key, for the names that it holds. A client gets the first of all that holds the name it
    /// asks for and that it can check; so there may be several for one name, of different kinds. Who asks for a name that
    /// none holds, or for no name, gets the one of [`files`](Self::files).
    ///
    /// ```no_run
    /// use photon_runtime::server::Tls;
    ///
    /// let tls = Tls::files("example.org.pem", "example.org.key").and_files("example.net.pem", "example.net.key");
    /// ```
    #[must_use]
    pub fn and_files(mut self, certificates: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.others.push(Identity { certificates: certificates.into(), key: key.into() });
        self
    }

    /// Lets nobody in who shows no certificate of one of these authorities. An operation of the scheme `mutualTLS` gets
    /// it as [`Certificate`](crate::Certificate); the header `Client-Cert` counts for nothing then.
    #[must_use]
    pub fn client_certificates(mut self, authorities: impl Into<PathBuf>) -> Self {
        self.clients = Some(Clients { authorities: authorities.into(), are_required: true });
        self
    }

    /// The same, but a client may show none: operations of the scheme `mutualTLS` refuse it, others do not care. One that
    /// shows a certificate of somebody else is not let in.
    #[must_use]
    pub fn optional_client_certificates(mut self, authorities: impl Into<PathBuf>) -> Self {
        self.clients = Some(Clients { authorities: authorities.into(), are_required: false });
        self
    }

    /// How often it is looked whether the files have changed. Defaults to 10 s.
    #[must_use]
    pub fn reload_every(mut self, interval: Duration) -> Self {
        self.reload_every = interval;
        self
    }
}

/// The configuration of new connections, as the files say.
pub(super) struct Keeper {
    tls: Tls,
    config: Mutex<Arc<ServerConfig>>,
    seen: Mutex<Seen>,
}

/// When the files were last looked at, and how they looked.
struct Seen {
    at: Instant,
    stamps: Vec<Option<Stamp>>,
}

impl Keeper {
    /// Reads the files; here what cannot be used is an error.
    pub(super) fn new(tls: Tls) -> crate::Result<Self> {
        let stamps = files::stamps(&tls);
        let config = files::load(&tls)?;
        Ok(Self {
            tls,
            config: Mutex::new(Arc::new(config)),
            seen: Mutex::new(Seen { at: Instant::now(), stamps }),
        })
    }

    /// Another connection's part of TLS.
    pub(super) fn session(&self) -> io::Result<Session> {
        let config = Arc::clone(&self.config.lock().unwrap_or_else(PoisonError::into_inner));
        Session::new(config, self.tls.clients.is_some()).map_err(io::Error::other)
    }

    /// Reads the files again if it is time to look, and they have changed. For one thread only.
    pub(super) fn look(&self) {
        let Ok(mut seen) = self.seen.try_lock() else { return };
        if seen.at.elapsed() < self.tls.reload_every {
            return;
        }
        seen.at = Instant::now();
        // Looked at before they are read: a change in between is seen the next time.
        let stamps = files::stamps(&self.tls);
        if stamps == seen.stamps {
            return;
        }
        seen.stamps = stamps;
        drop(seen);
        match files::load(&self.tls) {
            Ok(config) => {
                *self.config.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
                tracing::info!(file = %self.tls.first.certificates.display(), "certificates were read again");
            }
            Err(error) => {
                tracing::error!(?error, "certificates have changed but cannot be used; the old ones stay");
            }
        }
    }
}
