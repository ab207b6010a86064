//! The listening sockets of a server: those it inherits, or else those it binds. Accepts nothing.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use socket2::{Domain, Socket, Type};

use super::inherit::{self, Inherited};
use super::unix::{self, SocketFile};

/// Where a server listens when nobody says otherwise.
const HOST: &str = "127.0.0.1";
const PORT: u16 = 8080;

/// An address that a server listens on.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Address {
    /// A TCP port.
    Tcp(SocketAddr),
    /// A Unix socket; its path in the file system, or `@` with its name where it has none there.
    Unix(PathBuf),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// What a server is asked to listen on.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    /// `host:port`, each.
    pub(super) addresses: Vec<String>,
    pub(super) paths: Vec<PathBuf>,
    /// The mode of the files of Unix sockets.
    pub(super) mode: Option<u32>,
    pub(super) reuse_port: bool,
}

/// A listening socket.
pub(super) struct Bound {
    pub(super) socket: Socket,
    pub(super) address: Address,
    /// Nobody listens on it when this process no longer does, so that what it holds then must not get lost.
    pub(super) is_own: bool,
    /// The file that goes with the socket.
    pub(super) file: Option<SocketFile>,
}

/// The sockets that were handed to the process, or else those of the wanted addresses, or else that of the environment's
/// address. A port or a path that is taken is an error.
///
/// With sockets of a former generation comes the way to tell it that this one is ready.
pub(super) fn open(wanted: &Wanted, backlog: u16) -> io::Result<(Vec<Bound>, Option<UnixStream>)> {
    let (inherited, ready) = inherit::take()?;
    let bound = if inherited.is_empty() {
        bind_all(wanted, backlog)?
    } else {
        inherited.into_iter().map(adopt).collect::<io::Result<_>>()?
    };
    Ok((bound, ready))
}

fn bind_all(wanted: &Wanted, backlog: u16) -> io::Result<Vec<Bound>> {
    let mut bound = Vec::new();
    let asked: Vec<Vec<SocketAddr>> = if wanted.addresses.is_empty() && wanted.paths.is_empty() {
        vec![environment()?.to_socket_addrs()?.collect()]
    } else {
        wanted.addresses.iter().map(|address| resolve(address)).collect::<io::Result<_>>()?
    };
    for choices in &asked {
        let (socket, address) = bind_first(choices, &asked, wanted.reuse_port, backlog)?;
        bound.push(Bound { socket, address: Address::Tcp(address), is_own: true, file: None });
    }
    for path in &wanted.paths {
        let (socket, file) = unix::bind(path, wanted.mode, backlog)
            .map_err(|error| told(&format!("unix:{}", path.display()), &error))?;
        bound.push(Bound { socket, address: Address::Unix(path.clone()), is_own: true, file: Some(file) });
    }
    Ok(bound)
}

/// An address that can be listened on, by listening there for a moment.
#[cfg(feature = "minihttp")]
pub(super) fn free(address: &str) -> io::Result<SocketAddr> {
    let choices = resolve(address)?;
    bind_first(&choices, &[], false, 1).map(|(_, address)| address)
}

fn resolve(address: &str) -> io::Result<Vec<SocketAddr>> {
    let addresses: Vec<_> = address.to_socket_addrs().map_err(|error| told(address, &error))?.collect();
    if addresses.is_empty() {
        return Err(io::Error::new(ErrorKind::InvalidInput, format!("`{address}` names no host")));
    }
    Ok(addresses)
}

/// A listening socket at the first of these addresses that can be had.
fn bind_first(
    choices: &[SocketAddr],
    all: &[Vec<SocketAddr>],
    reuse_port: bool,
    backlog: u16,
) -> io::Result<(Socket, SocketAddr)> {
    let mut last = io::Error::new(ErrorKind::InvalidInput, "the address names no host");
    for &address in choices {
        // An IPv6 socket for all hosts takes IPv4 too, unless that has a socket of its own.
        let has_other =
            || all.iter().flatten().any(|other| other.is_ipv4() && other.port() == address.port());
        let only_v6 = address.is_ipv6() && (address.port() != 0 && has_other());
        match bind(address, only_v6, reuse_port, backlog) {
            Ok(bound) => return Ok(bound),
            Err(error) => last = told(&address.to_string(), &error),
        }
    }
    Err(last)
}

fn bind(
    address: SocketAddr,
    only_v6: bool,
    reuse_port: bool,
    backlog: u16,
) -> io::Result<(Socket, SocketAddr)> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // A port that a former server's connections still linger on can be had; one that is listened on cannot.
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(only_v6)?;
    }
    if reuse_port {
        #[allow(clippy::disallowed_methods, reason = "the application asks for it")]
        socket.set_reuse_port(true)?;
    }
    socket.bind(&address.into())?;
    socket.listen(i32::from(backlog))?;
    let bound = socket.local_addr()?.as_socket().unwrap_or(address);
    Ok((socket, bound))
}

fn told(address: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
}

/// A socket that another process has bound.
fn adopt(inherited: Inherited) -> io::Result<Bound> {
    let Inherited { socket, is_own } = inherited;
    let name = socket.local_addr()?;
    let address = if let Some(address) = name.as_socket() {
        Address::Tcp(address)
    } else if let Some(path) = name.as_pathname() {
        Address::Unix(path.to_owned())
    } else {
        let name = name.as_abstract_namespace().unwrap_or_default();
        Address::Unix(PathBuf::from(format!("@{}", String::from_utf8_lossy(name))))
    };
    let file = match &address {
        Address::Unix(path) if is_own => SocketFile::of(path).ok(),
        _ => None,
    };
    Ok(Bound { socket, address, is_own, file })
}

/// The address that the environment asks for.
fn environment() -> io::Result<(String, u16)> {
    let host = std::env::var("HOST").ok().filter(|host| !host.is_empty()).unwrap_or_else(|| HOST.to_owned());
    let port = match std::env::var("PORT") {
        Ok(text) if !text.is_empty() => text.parse().map_err(|_| {
            io::Error::new(ErrorKind::InvalidInput, format!("PORT is not a port number: `{text}`"))
        })?,
        _ => PORT,
    };
    Ok((host, port))
}
