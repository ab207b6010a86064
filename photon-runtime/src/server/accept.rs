//! Takes connections from a listening socket. Knows no bytes.

use std::io::{self, ErrorKind};
use std::os::fd::{AsRawFd as _, FromRawFd as _, IntoRawFd as _, OwnedFd, RawFd};
use std::sync::Arc;
use std::time::{Duration, Instant};

use may::coroutine::{self, JoinHandle};
use may::io::{WaitIo as _, WaitIoWaker};
use may::net::TcpListener;
use socket2::SockRef;

use super::engine::Engine;
use super::listen::{Address, Bound};
use super::overflow;
use super::unix::SocketFile;

/// How long no connection is accepted while there are as many as may be.
const FULL_BACKOFF: Duration = Duration::from_millis(20);

/// How long connections that are half made may become whole before the socket is closed.
const LAST_CALL: Duration = Duration::from_millis(100);

/// How often it is looked for them.
const LAST_CALL_POLL: Duration = Duration::from_millis(5);

/// A listening socket at work.
pub(super) struct Accepting {
    pub(super) address: Address,
    /// Open until the server stops.
    pub(super) fd: RawFd,
    pub(super) is_own: bool,
    waker: WaitIoWaker,
    ended: JoinHandle<()>,
}

impl Accepting {
    /// Accepts from now on, on a coroutine.
    pub(super) fn begin(engine: &Arc<Engine>, bound: Bound) -> io::Result<Self> {
        let Bound { socket, address, is_own, file } = bound;
        let fd = socket.as_raw_fd();
        let is_tcp = matches!(address, Address::Tcp(_));
        // SAFETY: the descriptor is released by its only owner just here. `may` waits for any kind of socket.
        #[allow(unsafe_code)]
        let listener = unsafe { TcpListener::from_raw_fd(socket.into_raw_fd()) };
        let waker = listener.waker();
        let door = Door { listener, is_tcp, is_own, file };
        let engine = Arc::clone(engine);
        let ended = spawn(move || {
            overflow::watch(&engine);
            run(&engine, &door);
            if !engine.is_handed_over()
                && let Some(file) = &door.file
            {
                file.remove();
            }
        })?;
        Ok(Self { address, fd, is_own, waker, ended })
    }

    /// Has the coroutine see that the server stops.
    pub(super) fn wake(&self) {
        self.waker.wakeup();
    }

    /// Waits until the socket is closed.
    pub(super) fn join(self) {
        self.ended.wait();
    }
}

#[allow(unsafe_code)]
fn spawn(body: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    // SAFETY: the accepting loop uses no thread-local storage across a wait, and little stack.
    unsafe { coroutine::Builder::new().name("photon-accept".to_owned()).spawn(body) }
}

struct Door {
    listener: TcpListener,
    is_tcp: bool,
    is_own: bool,
    file: Option<SocketFile>,
}

/// Accepts until the server stops; then takes what the kernel has accepted already, unless another process does.
fn run(engine: &Arc<Engine>, door: &Door) {
    let mut closing_at = None;
    loop {
        let draining = engine.is_draining();
        if draining && engine.is_handed_over() {
            return;
        }
        if draining && closing_at.is_none() {
            closing_at = Some(door.last_call());
        }
        if !engine.has_room() && !draining {
            crate::sleep::nap(FULL_BACKOFF);
            continue;
        }
        match door.accept() {
            Ok(socket) => {
                let session = match &engine.tls {
                    Some(tls) if door.is_tcp => tls.session().map(|session| Some(Box::new(session))),
                    _ => Ok(None),
                };
                let Ok(session) =
                    session.inspect_err(|error| tracing::error!(%error, "no TLS can be spoken"))
                else {
                    continue;
                };
                engine.registry.came();
                if !engine.launch(socket, session, None) {
                    tracing::warn!("a connection was closed for want of a coroutine");
                    crate::sleep::nap(engine.settings.limits.accept_backoff);
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => match closing_at {
                None => {
                    door.listener.wait_io();
                }
                Some(at) if at <= Instant::now() => return,
                Some(_) => crate::sleep::nap(LAST_CALL_POLL),
            },
            // The client has left before it was accepted.
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::Interrupted) => {}
            Err(error) => {
                // Descriptors or memory have run out; trying again at once would only burn the processor.
                tracing::warn!(%error, "no connection can be accepted");
                if closing_at.is_some_and(|at| at <= Instant::now()) {
                    return;
                }
                crate::sleep::nap(engine.settings.limits.accept_backoff);
            }
        }
    }
}

impl Door {
    fn accept(&self) -> io::Result<OwnedFd> {
        let (socket, _) = SockRef::from(self.listener.inner()).accept()?;
        if self.is_tcp {
            // Answers are sent whole; waiting for more to send would only delay them.
            let _ = socket.set_nodelay(true);
        }
        Ok(socket.into())
    }

    /// Lets no new connection begin, and says until when those that have begun may be accepted. Closing the socket would
    /// reset those that nobody has accepted, though their clients may have sent requests already.
    fn last_call(&self) -> Instant {
        if !self.is_own {
            return Instant::now();
        }
        if let Some(file) = &self.file {
            file.remove();
        }
        if self.is_tcp {
            refuse_new(&self.listener);
        }
        Instant::now() + LAST_CALL
    }
}

/// Has the kernel drop the first packet of new connections: their clients send it again after a second, and find the
/// port closed.
#[cfg(target_os = "linux")]
#[allow(unsafe_code, clippy::cast_possible_truncation)]
fn refuse_new(listener: &TcpListener) {
    const FLAGS_AT: u32 = 13;
    const SYN: u32 = 2;
    let step = |code: u32, yes, no, k| libc::sock_filter { code: code as u16, jt: yes, jf: no, k };
    let mut steps = [
        step(libc::BPF_LD | libc::BPF_B | libc::BPF_ABS, 0, 0, FLAGS_AT),
        step(libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K, 0, 1, SYN),
        step(libc::BPF_RET | libc::BPF_K, 0, 0, 0),
        step(libc::BPF_RET | libc::BPF_K, 0, 0, u32::MAX),
    ];
    let program = libc::sock_fprog { len: steps.len() as u16, filter: steps.as_mut_ptr() };
    // SAFETY: the kernel copies the program, which outlives the call.
    let status = unsafe {
        libc::setsockopt(
            listener.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_ATTACH_FILTER,
            (&raw const program).cast(),
            size_of::<libc::sock_fprog>() as libc::socklen_t,
        )
    };
    if status != 0 {
        tracing::debug!(error = %io::Error::last_os_error(), "connections may begin until the port is closed");
    }
}

#[cfg(not(target_os = "linux"))]
fn refuse_new(_listener: &TcpListener) {}
