//! Answers that are sent piece by piece: what handlers of streaming operations write to.
//!
//! The answer begins with the first piece, so that a handler may still fail with a declared error before it.

mod events;
mod file;
mod lease;
mod lines;
mod send;
mod wait;
mod writer;

use std::borrow::Cow;
use std::fmt;

pub use events::{Event, Events};
pub use file::SendFile;
pub(crate) use lease::{Instead, Lease, Stage};
pub use lines::Lines;
pub use writer::BodyWriter;

use crate::error::{Error, Result};
use lease::Shared;

/// What a streaming handler writes to.
pub trait Sink: Sized {
    /// A sink that writes to this stream.
    fn open(stream: Stream) -> Self;
}

/// The body of an answer that is sent piece by piece. It is of use while its handler runs; later, writing fails.
pub struct Stream {
    shared: Shared,
}

impl Stream {
    /// The media type that the document gives the answer, where it gives one that is no range.
    pub fn declared_media(&self) -> Option<&'static str> {
        self.shared.declared_media()
    }

    /// Sets the media type. Of no effect once the answer has begun.
    pub fn set_media(&self, media_type: impl Into<Cow<'static, str>>) {
        self.shared.set_media(media_type.into());
    }

    /// Sends a piece, and before the first the head of the answer. Waits while the client does not read.
    pub fn write(&self, piece: &[u8]) -> Result<()> {
        self.shared.write(piece).map_err(Error::from)
    }

    /// Whether the client has left or the handler's time is over.
    pub fn is_cancelled(&self) -> bool {
        self.shared.is_cancelled()
    }

    pub(crate) fn buffer(&self, piece: &[u8]) -> std::io::Result<()> {
        self.shared.buffer(piece)
    }

    pub(crate) fn send_file(&self, file: &SendFile) -> Result<()> {
        send::send(&self.shared, file).map_err(Error::from)
    }

    pub(crate) fn flush(&self) -> std::io::Result<()> {
        self.shared.flush()
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}
