//! Lends the driver of one request to a reader that may outlive it, as `stream::lease` does to sinks.

#![allow(unsafe_code)]

use std::cell::{Cell, RefCell};
use std::io;
use std::marker::PhantomData;
use std::ptr::NonNull;
use std::rc::Rc;

use crate::context::Line;
use crate::exchange::BodyError;
use crate::rejection::Rejection;

/// The lender's side: ends the loan when it is dropped, which must be on the thread that the reader was given to.
pub(crate) struct ReadLease<'l> {
    loan: Rc<Loan>,
    line: PhantomData<&'l ()>,
}

/// The side of the reader.
pub(super) struct Loan {
    line: Cell<Option<NonNull<Line<'static>>>>,
    /// The longest body, in bytes, until it is first read.
    body_max: Cell<Option<u64>>,
    /// Why reading failed: it will again.
    failed: Cell<Option<BodyError>>,
    /// Why the request is refused, if its handler fails.
    refused: RefCell<Option<Rejection>>,
}

impl<'l> ReadLease<'l> {
    pub(super) fn new(line: &'l Line<'_>, body_max: Option<u64>) -> Self {
        let loan = Loan {
            line: Cell::new(Some(NonNull::from(line).cast::<Line<'static>>())),
            body_max: Cell::new(body_max),
            failed: Cell::new(None),
            refused: RefCell::default(),
        };
        Self { loan: Rc::new(loan), line: PhantomData }
    }

    pub(super) fn loan(&self) -> Rc<Loan> {
        Rc::clone(&self.loan)
    }

    /// Why the request is refused, where its handler failed and its body is to blame.
    pub(crate) fn take_refusal(&self) -> Option<Rejection> {
        self.loan.refused.take()
    }
}

impl Drop for ReadLease<'_> {
    fn drop(&mut self) {
        self.loan.line.set(None);
    }
}

impl Loan {
    pub(super) fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(error) = self.failed.get() {
            return Err(told(error));
        }
        let gone = || io::Error::new(io::ErrorKind::BrokenPipe, "the handler of this body has returned");
        let line = self.line.get().ok_or_else(gone)?;
        // SAFETY: the pointer comes from a `&Line` that outlives the `ReadLease`, whose drop takes the pointer away; `Rc`
        // and `Cell` keep both on one thread at a time, so the lease cannot be dropped meanwhile.
        let line = unsafe { line.as_ref() };
        let Ok(mut exchange) = line.try_borrow_mut() else {
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, "the connection is in use"));
        };
        if let Some(bytes) = self.body_max.take() {
            exchange.limit_body(bytes);
        }
        exchange.read(buffer).map_err(|error| {
            self.failed.set(Some(error));
            self.refuse(super::rejection(error));
            told(error)
        })
    }

    /// The first reason counts.
    pub(super) fn refuse(&self, rejection: Rejection) {
        self.refused.borrow_mut().get_or_insert(rejection);
    }
}

fn told(error: BodyError) -> io::Error {
    let kind = match error {
        BodyError::TooLarge => io::ErrorKind::FileTooLarge,
        BodyError::Timeout => io::ErrorKind::TimedOut,
        BodyError::Broken => io::ErrorKind::ConnectionAborted,
    };
    io::Error::new(kind, error)
}
