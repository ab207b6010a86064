//! The life of one connection: read, answer every request that is there, send the answers in one write, wait.
//!
//! Each round of [`run`] works through what was received; the handler is called directly, on this coroutine. A
//! connection that has been quiet for a while leaves its socket to the keeper and ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::answer::{Answer, Turn};
use super::engine::Engine;
use super::input::Input;
use super::io::{Deadline, Io};
use super::watch::Watch;
use crate::exchange::Handler;
use crate::http::clock;
use crate::http::encode;
use crate::http::head::{self, Refusal, Request, Slots};
use crate::observe;
use crate::park;
use crate::task;

/// How long a connection that was just in use may bring one more request while the server stops.
const DRAIN_QUIET_MS: u64 = 250;

/// The same for a connection that has brought none yet.
const DRAIN_QUIET_NEW_MS: u64 = 1000;

/// An output buffer larger than this is given back once it is sent.
const OUTPUT_KEPT_MAX: usize = 64 << 10;

/// An output buffer larger than this is given back before a wait.
const OUTPUT_IDLE_MAX: usize = 4 << 10;

/// What is done next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Next {
    /// Wait for more bytes.
    Read,
    /// Serve what is there.
    Serve,
    /// Leave the socket to the keeper.
    Park,
    /// End the connection; there is nothing that the client could miss.
    Close,
    /// Send the end of the stream, then end the connection.
    Finish,
    /// Let the client read the last answer, though it has sent more than was read.
    Linger,
}

/// Runs a connection until it ends or is parked; `resumed` is the deadline of one that was parked.
pub(super) fn run(mut io: Io, resumed: Option<u64>) {
    let engine = io.engine_shared();
    if let Err(error) = io.shake_hands(Deadline::after(engine.settings.handshake_ms)) {
        return tracing::debug!(%error, "a client was not let in");
    }
    let head_ms = engine.settings.head_ms;
    let mut connection = Connection {
        engine,
        io,
        input: Input::new(),
        output: Vec::new(),
        deadline: resumed.map_or_else(|| Deadline::after(head_ms), Deadline),
        in_head: false,
        new_since: if resumed.is_none() { clock::now_ms() } else { 0 },
        turns: 0,
    };
    connection.io.active().begin(&connection);
    let _task = task::enter(Some(connection.io.active().settle()));
    let mut next = Next::Read;
    loop {
        next = match next {
            Next::Serve => connection.serve(),
            Next::Read => connection.receive(),
            Next::Park => return connection.io.park(connection.deadline),
            Next::Close => return,
            Next::Finish => return connection.io.finish(),
            Next::Linger => return connection.io.linger(),
        };
    }
}

struct Connection {
    engine: Arc<Engine>,
    io: Io,
    input: Input,
    /// Answers that are not sent yet.
    output: Vec<u8>,
    /// When the present head must be complete, or the idle connection is closed.
    deadline: Deadline,
    /// Part of a head has come.
    in_head: bool,
    /// When the connection could bring its first request, on the coarse clock; 0 once it has.
    new_since: u64,
    /// Requests since the last wait.
    turns: u32,
}

impl Connection {
    /// Serves the requests that are there, then sends their answers.
    fn serve(&mut self) -> Next {
        let mut next = Next::Serve;
        while next == Next::Serve {
            next = self.serve_one();
        }
        if !self.output.is_empty() {
            let sent = self.io.write(&self.output);
            self.output.clear();
            if sent.is_err() {
                return Next::Close;
            }
            if self.output.capacity() > OUTPUT_KEPT_MAX {
                self.output = Vec::new();
            }
        }
        next
    }

    fn serve_one(&mut self) -> Next {
        let mut slots = Slots::new();
        let bytes = self.input.bytes();
        let request = match head::parse(&self.engine.settings.head, &mut slots, bytes) {
            Ok(Some(request)) => request,
            Ok(None) => return Next::Read,
            Err(refusal) => return self.refuse(refusal),
        };
        let head_bytes = request.head_bytes;
        let turn = Turn::new(&mut self.io, &mut self.output, &request, &bytes[head_bytes..]);
        let Handled { next, used, rest } = handle(&*self.engine.handler, turn, &request);
        self.input.consume(head_bytes + used);
        if !rest.is_empty() {
            self.input.replace(&rest);
        }
        self.in_head = false;
        self.new_since = 0;
        if next != Next::Serve {
            return next;
        }
        self.deadline = Deadline::after(self.engine.settings.idle_ms);
        self.after_turn()
    }

    /// Sends what has piled up, and lets other connections have their turn.
    #[inline]
    fn after_turn(&mut self) -> Next {
        self.turns += 1;
        let limits = &self.engine.settings.limits;
        let is_long = self.turns >= limits.requests_per_turn;
        if is_long || self.output.len() >= limits.flush_bytes {
            let sent = self.io.write(&self.output);
            self.output.clear();
            if sent.is_err() {
                return Next::Close;
            }
        }
        if is_long {
            self.turns = 0;
            park::take_turn();
        }
        if self.input.is_empty() { Next::Read } else { Next::Serve }
    }

    /// Answers a request that the engine does not hand on.
    #[cold]
    fn refuse(&mut self, refusal: Refusal) -> Next {
        observe::refused(refusal.status, refusal.detail);
        encode::refusal(&mut self.output, refusal);
        Next::Linger
    }

    /// Reads what comes next.
    fn receive(&mut self) -> Next {
        let head_bytes_max = self.engine.settings.limits.head_bytes_max;
        if !self.input.is_empty() && !self.in_head {
            self.in_head = true;
            self.deadline = Deadline::after(self.engine.settings.head_ms);
        }
        loop {
            let space = self.input.space(head_bytes_max);
            match self.io.try_read(space) {
                Ok(Some(0)) | Err(_) => return Next::Close,
                Ok(Some(count)) => {
                    self.input.fill(count);
                    return Next::Serve;
                }
                Ok(None) => {}
            }
            self.turns = 0;
            let next = if self.input.is_empty() { self.wait_idle() } else { self.wait_for_head() };
            if next != Next::Read {
                return next;
            }
        }
    }

    /// Waits for the rest of a head.
    fn wait_for_head(&mut self) -> Next {
        match self.io.wait(self.deadline) {
            Ok(()) => Next::Read,
            Err(_) if self.deadline.is_past() => {
                encode::refusal(
                    &mut self.output,
                    Refusal::new(408, "the head of the request did not come in time"),
                );
                // Whether it arrives or not, the connection ends.
                let _ = self.io.write(&self.output);
                Next::Finish
            }
            Err(_) => Next::Close,
        }
    }

    /// Waits for a request.
    fn wait_idle(&mut self) -> Next {
        if self.output.capacity() > OUTPUT_IDLE_MAX {
            self.output = Vec::new();
        }
        let draining_since = self.engine.draining_since();
        let until = match draining_since {
            Some(since) => {
                let quiet = if self.new_since == 0 { DRAIN_QUIET_MS } else { DRAIN_QUIET_NEW_MS };
                Deadline(since.max(self.new_since).saturating_add(quiet))
            }
            None => Deadline::after(self.engine.settings.park_ms),
        };
        if draining_since.is_some() && until.is_past() {
            return self.finish_or_read();
        }
        match self.io.wait(until.min(self.deadline)) {
            Ok(()) => Next::Read,
            Err(_) if self.deadline.is_past() => self.finish_or_read(),
            Err(_) if draining_since.is_none() && until.is_past() => self.park_or_stay(),
            Err(_) => self.finish_or_read(),
        }
    }

    /// A request that came at the last moment is answered, unless nothing is any more.
    fn finish_or_read(&mut self) -> Next {
        let is_cut = self.io.active().abort.load(Ordering::Relaxed);
        if !is_cut && self.io.has_more() { Next::Read } else { Next::Finish }
    }

    /// A connection is not parked once the server stops.
    fn park_or_stay(&self) -> Next {
        if Watch::WORKS && !self.engine.is_draining() { Next::Park } else { Next::Read }
    }
}

/// What came of one request.
struct Handled {
    next: Next,
    /// Bytes of the body that had come with the head.
    used: usize,
    /// Bytes after the body that were read with it.
    rest: Vec<u8>,
}

/// Calls the handler, makes sure of an answer, and does what the handler put off until then.
#[inline]
fn handle(handler: &dyn Handler, mut turn: Turn<'_>, request: &Request<'_>) -> Handled {
    turn.active().work(&request.head);
    let panicked = catch_unwind(AssertUnwindSafe(|| handler.handle(&request.head, &mut turn))).is_err();
    if panicked {
        tracing::error!(method = request.head.method, target = request.head.target, "the handler panicked");
    }
    match turn.answer {
        Answer::Nothing => {
            if !panicked {
                tracing::error!(method = request.head.method, "the handler gave no answer");
            }
            turn.fail();
        }
        Answer::Begun(_) => {
            tracing::error!(method = request.head.method, "an answer was not finished, and is cut");
            turn.answer = Answer::Cut;
        }
        Answer::Done | Answer::Cut | Answer::Switched => {}
    }
    turn.run_tasks();
    turn.active().rest();
    let next = match turn.answer {
        Answer::Cut => Next::Close,
        // The client may still be sending; it must get to read how the stream ended.
        Answer::Switched => Next::Linger,
        _ if turn.keep => Next::Serve,
        _ if turn.body.is_done() => Next::Finish,
        _ => Next::Linger,
    };
    Handled { next, used: turn.body.buffered_used(), rest: turn.body.into_rest() }
}
