//! Lends the driver of one request to a sink that may outlive it.
//!
//! Sinks have no lifetime, so that handlers need none. What they hold is a pointer that is taken away when the handler
//! has returned, however it returned; a sink kept beyond that writes to nothing. Sinks cannot leave their thread.

#![allow(unsafe_code)]

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::io;
use std::marker::PhantomData;
use std::ptr::NonNull;
use std::rc::Rc;

use super::super::conform::{self, Departure, Outgoing};
use super::super::operation::Meta;
use super::Stream;
use crate::context::{Context, Line};
use crate::exchange::Field;
use crate::model::Value;
use crate::rejection::Rejection;

/// How much a writer gathers before it sends, in bytes.
const BUFFER_BYTES: usize = 16 * 1024;

/// What one streamed answer is made of: the driver, the context and what the document says.
pub(crate) struct Stage<'r> {
    pub(crate) line: &'r Line<'r>,
    pub(crate) cx: &'r Context<'r>,
    pub(crate) status: u16,
    pub(crate) answers: &'static [&'static str],
    pub(crate) event: Option<&'static str>,
    /// The operation, where its answers are held to the document.
    pub(crate) held_to: Option<&'static Meta>,
}

/// What is answered where the sink was given something that is not sent.
pub(crate) enum Instead {
    /// The client has it already: 304 with these fields.
    NotModified(Vec<Field>),
    /// It is refused.
    Refused(Rejection),
}

/// The lender's side: ends the loan when it is dropped.
pub(crate) struct Lease<'s> {
    shared: Shared,
    stage: PhantomData<&'s ()>,
}

/// The side of the sink.
#[derive(Clone)]
pub(super) struct Shared(Rc<Loan>);

struct Loan {
    stage: Cell<Option<NonNull<Stage<'static>>>>,
    has_begun: Cell<bool>,
    media: RefCell<Option<Cow<'static, str>>>,
    declared: Option<&'static str>,
    event: Option<&'static str>,
    buffer: RefCell<Vec<u8>>,
    instead: RefCell<Option<Instead>>,
    /// A wait was told that the server stops.
    stopping: Cell<bool>,
    /// Whoever gets a part of the answer knows that it is one, for it never ends by itself.
    is_endless: Cell<bool>,
}

impl Stage<'_> {
    /// Tells of an answer that is not what the document says.
    fn tell(&self, departure: Departure) -> io::Error {
        tracing::error!(parent: self.cx.span(), operation = self.cx.operation(), request_id = self.cx.request_id(), "{departure}");
        self.line.borrow_mut().departs(&departure.to_string());
        io::Error::other(departure)
    }
}

impl<'s> Lease<'s> {
    pub(crate) fn new(stage: &'s Stage<'_>) -> Self {
        let declared = stage.answers.first().copied().filter(|media| !media.contains('*'));
        let loan = Loan {
            stage: Cell::new(Some(NonNull::from(stage).cast::<Stage<'static>>())),
            has_begun: Cell::new(false),
            media: RefCell::new(declared.map(Cow::Borrowed)),
            declared,
            event: stage.event,
            buffer: RefCell::default(),
            instead: RefCell::default(),
            stopping: Cell::new(false),
            is_endless: Cell::new(false),
        };
        Self { shared: Shared(Rc::new(loan)), stage: PhantomData }
    }

    /// The stream to hand to the handler.
    pub(crate) fn stream(&self) -> Stream {
        Stream { shared: self.shared.clone() }
    }

    /// Whether the head was sent.
    pub(crate) fn has_begun(&self) -> bool {
        self.shared.has_begun()
    }

    /// Whether the answer may end here though its handler failed: the server stops, and it would never have ended.
    pub(crate) fn may_end(&self) -> bool {
        self.shared.0.stopping.get() && self.shared.0.is_endless.get()
    }

    /// What is answered instead, if so.
    pub(crate) fn take_instead(&self) -> Option<Instead> {
        self.shared.0.instead.take()
    }

    /// Sends what is gathered and ends the answer; one without pieces is empty.
    pub(crate) fn finish(&self) -> io::Result<()> {
        self.shared.flush()?;
        self.shared.write(b"")?;
        self.shared.with(|stage| stage.line.borrow_mut().finish())
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        self.shared.0.stage.set(None);
    }
}

impl Shared {
    /// Uses the stage, if it is still lent.
    pub(super) fn with<T>(&self, f: impl for<'a> FnOnce(&'a Stage<'a>) -> io::Result<T>) -> io::Result<T> {
        let gone = || io::Error::new(io::ErrorKind::BrokenPipe, "the handler of this stream has returned");
        let stage = self.0.stage.get().ok_or_else(gone)?;
        // SAFETY: the pointer comes from a `&Stage` that outlives the `Lease`, whose drop takes the pointer away; `Rc`
        // and `Cell` keep both on one thread, so the lease cannot be dropped while `f` runs. `f` is generic over the
        // lifetime, so that nothing of the stage escapes it.
        f(unsafe { stage.as_ref() })
    }

    pub(super) fn declared_media(&self) -> Option<&'static str> {
        self.0.declared
    }

    /// The type of events, where the document has one for all.
    pub(super) fn event(&self) -> Option<&'static str> {
        self.0.event
    }

    pub(super) fn set_media(&self, media_type: Cow<'static, str>) {
        self.0.media.replace(Some(media_type));
    }

    pub(super) fn write(&self, piece: &[u8]) -> io::Result<()> {
        self.with(|stage| {
            if !self.has_begun() {
                let media = self.0.media.take();
                let name = Cow::Borrowed("content-type");
                self.begin(
                    stage,
                    stage.status,
                    media.map(|value| Field { name, value }).into_iter().collect(),
                )?;
            }
            if piece.is_empty() { Ok(()) } else { stage.line.borrow_mut().write(piece) }
        })
    }

    /// Holds one item of a stream to the document, where answers are.
    pub(super) fn judge(&self, item: &dyn Value) -> io::Result<()> {
        self.with(|stage| {
            let departure = stage.held_to.and_then(|meta| conform::judge_item(meta, stage.status, item));
            departure.map_or(Ok(()), |departure| Err(stage.tell(departure)))
        })
    }

    pub(super) fn buffer(&self, piece: &[u8]) -> io::Result<()> {
        self.with(|_| Ok(()))?;
        let is_full = {
            let mut buffer = self.0.buffer.borrow_mut();
            buffer.extend_from_slice(piece);
            buffer.len() >= BUFFER_BYTES
        };
        if is_full { self.flush() } else { Ok(()) }
    }

    pub(super) fn flush(&self) -> io::Result<()> {
        let mut gathered = self.0.buffer.take();
        if gathered.is_empty() {
            return Ok(());
        }
        let outcome = self.write(&gathered);
        gathered.clear();
        self.0.buffer.replace(gathered);
        outcome
    }

    /// Whether an answer that could go on for ever should end; what ends by itself is not hurried by a stopping server.
    pub(super) fn is_cancelled(&self) -> bool {
        let is_endless = self.0.is_endless.get();
        let stops = |stage: &Stage<'_>| stage.line.try_borrow().is_ok_and(|exchange| exchange.is_stopping());
        self.with(|stage| Ok(stage.cx.is_cancelled() || is_endless && stops(stage))).unwrap_or(true)
    }

    pub(super) fn set_endless(&self) {
        self.0.is_endless.set(true);
    }

    pub(super) fn set_stopping(&self) {
        self.0.stopping.set(true);
    }

    pub(super) fn has_begun(&self) -> bool {
        self.0.has_begun.get()
    }

    pub(super) fn instead(&self, instead: Instead) {
        self.0.instead.replace(Some(instead));
    }

    /// Sends the head: these fields, and those of the handler's own.
    pub(super) fn begin(&self, stage: &Stage<'_>, status: u16, mut fields: Vec<Field>) -> io::Result<()> {
        stage.cx.add_response_headers(&mut fields);
        let status = stage.cx.told_status(status, &mut fields);
        if let Some(meta) = stage.held_to {
            let head = Outgoing { status, fields: &fields, body: None, is_refusal: false };
            conform::judge(meta, &head).map_or(Ok(()), |departure| Err(stage.tell(departure)))?;
        }
        self.0.has_begun.set(true);
        stage.line.borrow_mut().begin(status, &fields)
    }
}
