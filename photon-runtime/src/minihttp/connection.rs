//! One connection of `may_minihttp`: what its requests mean, and when it ends.
//!
//! ```text
//! Open ──request──▶ Open        Open ──refused, or the client's last──▶ Ending ──bytes──▶ cut
//! ```
//!
//! `may_minihttp` decodes and encodes, and goes on after whatever it is told; so once a request could be understood in
//! two ways, nothing that follows it may reach a handler.

#![allow(unsafe_code)]

use std::io;
use std::net::Shutdown;
use std::os::fd::{BorrowedFd, RawFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use may_minihttp::{HttpService, HttpServiceFactory, Request, Response};
use socket2::SockRef;

use super::exchange::{Turn, refuse};
use crate::exchange::{BodyLength, Handler, Head, Header};
use crate::http::fields::{self, Fields};
use crate::http::head::Refusal;
use crate::http::target::{self, Target};
use crate::observe;
use crate::server::Limits;
use crate::task::{self, Task};

/// Header fields that `may_minihttp` reads.
const HEADERS_MAX: usize = 16;

/// Bytes of an answer that the kernel takes at once, so that the connection may end behind it.
const SENT_AT_ONCE: usize = 8 << 10;

/// Makes a [`Connection`] for each socket.
pub(super) struct Connections {
    pub(super) handler: Arc<dyn Handler>,
    pub(super) limits: Arc<Limits>,
}

impl HttpServiceFactory for Connections {
    type Service = Connection;

    fn new_service(&self, id: usize) -> Connection {
        Connection {
            handler: Arc::clone(&self.handler),
            limits: Arc::clone(&self.limits),
            socket: RawFd::try_from(id).unwrap_or(-1),
            task: Arc::new(Task::new()),
            state: State::Open,
            copied: Vec::new(),
            lines: String::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Open,
    /// What comes now belongs to nobody.
    Ending,
}

/// One connection.
pub(super) struct Connection {
    handler: Arc<dyn Handler>,
    limits: Arc<Limits>,
    /// Open for as long as this lives: both belong to the same coroutine.
    socket: RawFd,
    task: Arc<Task>,
    state: State,
    /// The head of a request whose body is read into the buffer that the head stands in.
    copied: Vec<u8>,
    /// The header fields of the present answer.
    lines: String,
}

impl HttpService for Connection {
    fn call(&mut self, request: Request, response: &mut Response) -> io::Result<()> {
        if self.state == State::Ending {
            self.shut(Shutdown::Both);
            return Ok(());
        }
        let id = usize::try_from(self.socket).unwrap_or(0);
        self.task.settle(id);
        #[cfg(feature = "db")]
        self.task.serve(self.socket);
        let _entered = task::enter(Some(Arc::clone(&self.task)));
        self.task.begin();
        let sent = self.serve(request, response).unwrap_or_else(|refusal| {
            observe::refused(refusal.status, refusal.detail);
            Some(refuse(response, refusal))
        });
        self.task.end();
        if let Some(bytes) = sent {
            self.state = State::Ending;
            response.header("connection: close");
            // A longer answer needs more than one write, which an end would prevent; its client ends the connection then.
            if bytes <= SENT_AT_ONCE {
                self.shut(Shutdown::Read);
            }
        }
        Ok(())
    }
}

impl Connection {
    /// Answers one request; the size of an answer that is the connection's last.
    fn serve(
        &mut self,
        request: Request<'_, '_, '_>,
        response: &mut Response<'_>,
    ) -> Result<Option<usize>, Refusal> {
        let minor = request.version();
        let said = fields::interpret(minor, request.headers())?;
        let form = target::parse(request.method(), request.path());
        let Some(form) = form else { return Err(Refusal::new(400, "the request target has no valid form")) };
        check(request.method(), &said)?;
        let Self { handler, limits, socket, copied, lines, .. } = self;
        let mut turn = Turn::new(limits, *socket, response, lines);
        if said.body == BodyLength::Empty {
            let mut room = [httparse::EMPTY_HEADER; HEADERS_MAX];
            let headers = headers_of(&request, &mut room);
            let target = origin(form, headers, said.host);
            handle(&**handler, &Head { method: request.method(), target, minor, headers }, &mut turn);
        } else {
            let mut room = [httparse::EMPTY_HEADER; HEADERS_MAX];
            let (method, path, headers) = copy(&request, copied, &mut room);
            // The same text as before, and so of the same form.
            let form = target::parse(method, path).unwrap_or(Target::Origin(path));
            let target = origin(form, headers, said.host);
            turn.take_body(request.body(), said.body);
            handle(&**handler, &Head { method, target, minor, headers }, &mut turn);
        }
        let end = turn.end();
        if minor == 0 && said.keep_alive && end.keep {
            response.header("connection: keep-alive");
        }
        Ok((!(said.keep_alive && end.keep)).then_some(end.bytes))
    }

    /// Ends a direction of the connection.
    fn shut(&self, how: Shutdown) {
        // SAFETY: the socket is open for as long as the connection's coroutine runs, which runs this.
        let socket = unsafe { BorrowedFd::borrow_raw(self.socket) };
        // It fails only where the client has gone.
        let _ = SockRef::from(&socket).shutdown(how);
    }
}

/// What `may_minihttp` would read or answer in a way that others understand otherwise.
fn check(method: &str, said: &Fields) -> Result<(), Refusal> {
    if said.body == BodyLength::Chunked {
        return Err(Refusal::new(411, "the length of the body must be told in Content-Length"));
    }
    if said.expects_continue && said.body != BodyLength::Empty {
        return Err(Refusal::new(417, "the body must be sent without waiting for 100 Continue"));
    }
    if method == "HEAD" {
        return Err(Refusal::new(501, ""));
    }
    Ok(())
}

/// Calls the handler, and makes sure of an answer.
fn handle(handler: &dyn Handler, head: &Head<'_>, turn: &mut Turn<'_, '_, '_, '_>) {
    // The body, which waits when it is dropped, belongs to the turn and is not dropped by a panic in here.
    if catch_unwind(AssertUnwindSafe(|| handler.handle(head, turn))).is_err() {
        tracing::error!(method = head.method, target = head.target, "the handler panicked");
    }
}

fn headers_of<'h, 'r>(
    request: &'r Request<'_, '_, '_>,
    room: &'h mut [Header<'r>; HEADERS_MAX],
) -> &'h mut [Header<'r>] {
    let mut count = 0;
    for (slot, header) in room.iter_mut().zip(request.headers()) {
        *slot = Header { name: header.name, value: header.value };
        count += 1;
    }
    &mut room[..count]
}

/// The head in memory of our own.
fn copy<'h, 'c>(
    request: &Request<'_, '_, '_>,
    copied: &'c mut Vec<u8>,
    room: &'h mut [Header<'c>; HEADERS_MAX],
) -> (&'c str, &'c str, &'h mut [Header<'c>]) {
    copied.clear();
    let texts = [request.method().as_bytes(), request.path().as_bytes()];
    let pairs = request.headers().iter().flat_map(|header| [header.name.as_bytes(), header.value]);
    let mut ends = [0; 2 + 2 * HEADERS_MAX];
    let mut count = 0;
    for (end, text) in ends.iter_mut().zip(texts.into_iter().chain(pairs)) {
        copied.extend_from_slice(text);
        *end = copied.len();
        count += 1;
    }
    let piece = |at: usize| &copied[if at == 0 { 0 } else { ends[at - 1] }..ends[at]];
    // It was text before it was copied.
    let text = |at: usize| std::str::from_utf8(piece(at)).unwrap_or_default();
    let headers = (count - 2) / 2;
    for (at, slot) in room[..headers].iter_mut().enumerate() {
        *slot = Header { name: text(2 + 2 * at), value: piece(3 + 2 * at) };
    }
    (text(0), text(1), &mut room[..headers])
}

/// The target as handlers get it: scheme and authority are taken off an absolute form.
fn origin<'r>(form: Target<'r>, headers: &mut [Header<'r>], host: Option<usize>) -> &'r str {
    match form {
        Target::Origin(text) => text,
        Target::Absolute { authority, path } => {
            if let Some(host) = host.and_then(|at| headers.get_mut(at)) {
                host.value = authority.as_bytes();
            }
            // A path that is only a query needs memory of its own, which nobody has asked for in a proxy's request.
            if path.starts_with('/') { path } else { "/" }
        }
    }
}
