//! Bodies of requests that are read as they come: what handlers of such operations read from.
//!
//! The socket is read only when the handler reads, so a client can send no faster than its handler takes; the client is
//! asked for the body (`100 Continue`) when the handler first reads. The limits of bodies hold as ever.

mod loan;
mod parts;
mod save;

use std::fmt;
use std::io;
use std::path::Path;
use std::rc::Rc;

use bytes::{Buf as _, Bytes};

use loan::Loan;
pub(crate) use loan::ReadLease;
pub use parts::{Part, Parts};

use super::body::Body;
use super::input::Input;
use crate::exchange::{BodyError, BodyLength};
use crate::model::Violations;
use crate::rejection::{Rejection, RejectionKind};

/// The body of a request, read as it comes. It is of use while its handler runs; later, reading fails.
///
/// A client whose body is too large, too slow or broken off is refused when the handler returns the error of the read
/// (by `.internal()?`), with 413, 408 or 400. What a handler does not read is not waited for.
///
/// ```
/// use std::io::Read as _;
///
/// let mut body = photon_runtime::BodyReader::from(&b"hello"[..]);
/// let mut text = String::new();
/// body.read_to_string(&mut text).unwrap();
/// assert_eq!(text, "hello");
/// ```
pub struct BodyReader {
    source: Source,
    media: Option<String>,
    length: Option<u64>,
}

enum Source {
    Lent(Rc<Loan>),
    /// For tests; so many bytes are read at once.
    Memory(Bytes, usize),
}

impl BodyReader {
    /// Its media type, as the client tells it.
    pub fn media(&self) -> Option<&str> {
        self.media.as_deref()
    }

    /// Its length, where the client tells one.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Writes what is left of it into a new file, and says how many bytes that were. The disk is waited for on the blocking
    /// threads; what was written is removed if the rest cannot be.
    pub fn save(&mut self, path: impl AsRef<Path>) -> io::Result<u64> {
        save::save(self, path.as_ref())
    }

    /// A body that arrives in pieces of so many bytes.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn in_pieces(body: Bytes, media: &str, piece_bytes: usize) -> Self {
        let length = Some(body.len() as u64);
        Self { source: Source::Memory(body, piece_bytes.max(1)), media: Some(media.to_owned()), length }
    }

    /// Refuses the request for this reason, if its handler fails.
    fn refuse(&self, rejection: Rejection) {
        if let Source::Lent(loan) = &self.source {
            loan.refuse(rejection);
        }
    }
}

/// A body for tests of handlers.
impl<B: Into<Bytes>> From<B> for BodyReader {
    fn from(body: B) -> Self {
        let body = body.into();
        let length = Some(body.len() as u64);
        Self { source: Source::Memory(body, usize::MAX), media: None, length }
    }
}

impl io::Read for BodyReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.source {
            Source::Lent(loan) => loan.read(buffer),
            Source::Memory(rest, piece) => {
                let count = rest.len().min(buffer.len()).min(*piece);
                rest.copy_to_slice(&mut buffer[..count]);
                Ok(count)
            }
        }
    }
}

impl fmt::Debug for BodyReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyReader")
            .field("media", &self.media)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// What is told of a body that cannot be read.
pub(super) fn rejection(error: BodyError) -> Rejection {
    let kind = match error {
        BodyError::TooLarge => RejectionKind::TooLarge,
        BodyError::Timeout => RejectionKind::Timeout,
        BodyError::Broken => RejectionKind::Syntax,
    };
    Rejection::new(kind, error.to_string())
}

/// A body that its handler reads: what `photon::operation!` calls.
pub trait Incoming: Sized {
    /// A body to be lent.
    fn empty() -> Self;

    /// Reads from here on; or says what is wrong before the first byte.
    fn begin(&mut self, reader: BodyReader, body: &'static Body) -> Result<(), Violations>;
}

impl Incoming for BodyReader {
    fn empty() -> Self {
        Self::from(Bytes::new())
    }

    fn begin(&mut self, reader: BodyReader, _: &'static Body) -> Result<(), Violations> {
        *self = reader;
        Ok(())
    }
}

impl<I: Incoming> Incoming for Option<I> {
    fn empty() -> Self {
        None
    }

    fn begin(&mut self, reader: BodyReader, body: &'static Body) -> Result<(), Violations> {
        self.insert(I::empty()).begin(reader, body)
    }
}

impl Input<'_> {
    pub(super) fn lend(&mut self) -> BodyReader {
        let lease = ReadLease::new(self.line, self.meta.body_max);
        let media = self.head.header("content-type").map(|value| String::from_utf8_lossy(value).into_owned());
        let length = match self.body_length() {
            BodyLength::Empty => Some(0),
            BodyLength::Exact(bytes) => Some(bytes),
            BodyLength::Chunked => None,
        };
        let source = Source::Lent(lease.loan());
        self.lease = Some(lease);
        BodyReader { source, media, length }
    }
}
