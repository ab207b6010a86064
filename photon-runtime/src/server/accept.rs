//! Takes connections from the listening socket. Knows no bytes.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, ToSocketAddrs};
use std::os::fd::{FromRawFd as _, IntoRawFd as _, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use may::io::WaitIo as _;
use may::net::TcpListener;
use socket2::{Domain, Socket, Type};

use super::engine::Engine;

/// How long no connection is accepted while there are as many as may be.
const FULL_BACKOFF: Duration = Duration::from_millis(20);

/// A listening socket at the first of these addresses that can be had. A port that is taken is an error: the socket is
/// not shared with another process.
pub(super) fn bind(address: impl ToSocketAddrs, backlog: u16) -> io::Result<(Socket, SocketAddr)> {
    let mut last = io::Error::new(ErrorKind::InvalidInput, "the address names no host");
    for address in address.to_socket_addrs()? {
        match bind_one(address, backlog) {
            Ok(bound) => return Ok(bound),
            Err(error) => last = io::Error::new(error.kind(), format!("cannot listen on {address}: {error}")),
        }
    }
    Err(last)
}

fn bind_one(address: SocketAddr, backlog: u16) -> io::Result<(Socket, SocketAddr)> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(i32::from(backlog))?;
    let bound = socket.local_addr()?.as_socket().unwrap_or(address);
    Ok((socket, bound))
}

/// The same socket as `may` waits for it.
#[allow(unsafe_code)]
pub(super) fn listener(socket: Socket) -> TcpListener {
    // SAFETY: the descriptor is released by its only owner just here.
    unsafe { TcpListener::from_raw_fd(socket.into_raw_fd()) }
}

/// Accepts until the server stops; then takes what the kernel has accepted already, and closes the socket.
pub(super) fn run(engine: &Arc<Engine>, listener: &TcpListener) {
    loop {
        let draining = engine.is_draining();
        if !engine.has_room() && !draining {
            crate::sleep::nap(FULL_BACKOFF);
            continue;
        }
        match accept(listener) {
            Ok(socket) => {
                engine.registry.came();
                if !engine.launch(socket, None) {
                    tracing::warn!("a connection was closed for want of a coroutine");
                    crate::sleep::nap(engine.settings.limits.accept_backoff);
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                if draining {
                    return;
                }
                listener.wait_io();
            }
            // The client has left before it was accepted.
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::Interrupted) => {}
            Err(error) => {
                // Descriptors or memory have run out; trying again at once would only burn the processor.
                tracing::warn!(%error, "no connection can be accepted");
                if draining {
                    return;
                }
                crate::sleep::nap(engine.settings.limits.accept_backoff);
            }
        }
    }
}

fn accept(listener: &TcpListener) -> io::Result<OwnedFd> {
    let (stream, _) = listener.inner().accept()?;
    // Answers are sent whole; waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    Ok(stream.into())
}
