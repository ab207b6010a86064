//! Why a WebSocket ended otherwise than in order.

use std::fmt;
use std::io;

use tungstenite::error::{CapacityError, ProtocolError};

use super::message::{Close, CloseCode};
use super::scan;
use crate::model::Violations;

/// Why something could not be received or sent. Where it is the client's fault it has been told already, by a closing
/// frame with [`code`](Self::code); a handler that returns this error only ends.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The client breaks the protocol.
    Protocol(String),
    /// A text is no UTF-8.
    Utf8,
    /// A message or a frame is longer than it may be.
    TooBig,
    /// A message is binary where JSON was waited for.
    Unsupported,
    /// A message is not the JSON that was waited for.
    Unfit(Violations),
    /// The client has been silent for too long.
    Idle,
    /// The connection is lost, or the client does not read.
    Lost(io::ErrorKind),
    /// The WebSocket is closed: there is nobody to send to.
    Closed,
    /// A sender's queue is full, and stayed so.
    Full,
}

impl Failure {
    /// What the client is told; none where it cannot be told, or where it is not its fault.
    pub fn code(&self) -> Option<CloseCode> {
        match self {
            Self::Protocol(_) => Some(CloseCode::PROTOCOL),
            Self::Utf8 => Some(CloseCode::INVALID),
            Self::TooBig => Some(CloseCode::TOO_BIG),
            Self::Unsupported => Some(CloseCode::UNSUPPORTED),
            Self::Unfit(violations) if violations.is_syntax() => Some(CloseCode::INVALID),
            Self::Unfit(_) | Self::Idle => Some(CloseCode::POLICY),
            Self::Lost(_) | Self::Closed | Self::Full => None,
        }
    }

    /// The closing frame that tells it.
    pub(super) fn close(&self) -> Option<Close> {
        self.code().map(|code| Close::new(code, &self.to_string()))
    }

    /// What tungstenite reports; waits that ended are no failures, and are looked at before.
    pub(super) fn of(error: tungstenite::Error) -> Self {
        use tungstenite::Error as E;
        match error {
            E::Capacity(CapacityError::MessageTooLong { .. } | CapacityError::TooManyHeaders) => Self::TooBig,
            E::Utf8(_) => Self::Utf8,
            E::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
                Self::Lost(io::ErrorKind::UnexpectedEof)
            }
            E::Protocol(ProtocolError::SendAfterClosing) | E::ConnectionClosed | E::AlreadyClosed => {
                Self::Closed
            }
            E::Protocol(error) => Self::Protocol(error.to_string()),
            E::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<scan::Fault>()) {
                Some(scan::Fault::Utf8) => Self::Utf8,
                Some(scan::Fault::Length) => Self::Protocol(scan::Fault::Length.to_string()),
                None => Self::Lost(error.kind()),
            },
            error => Self::Protocol(error.to_string()),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Protocol(what) => f.write_str(what),
            Self::Utf8 => f.write_str("a text is not UTF-8"),
            Self::TooBig => f.write_str("a message is too big"),
            Self::Unsupported => f.write_str("a binary message came where JSON was expected"),
            Self::Unfit(violations) => match violations.iter().next() {
                Some(first) if first.pointer().is_empty() => f.write_str(&first.message()),
                Some(first) => write!(f, "{}: {}", first.pointer(), first.message()),
                None => f.write_str("a message does not fit"),
            },
            Self::Idle => f.write_str("nothing was heard for too long"),
            Self::Lost(kind) => write!(f, "the connection is lost: {kind}"),
            Self::Closed => f.write_str("the WebSocket is closed"),
            Self::Full => f.write_str("too many messages wait to be sent"),
        }
    }
}

impl std::error::Error for Failure {}
