//! What is said over a WebSocket: messages (RFC 6455, section 5.6) and how it ends (section 7.4).

use std::fmt;

use bytes::Bytes;
use tungstenite::protocol::CloseFrame;

use crate::model::{Value, to_json};

/// A text that clones without a copy; it reads as a `&str`.
pub use tungstenite::Utf8Bytes as Text;

/// The longest reason that fits a closing frame, in bytes (RFC 6455, section 5.5).
const REASON_BYTES_MAX: usize = 123;

/// A whole message, however many frames it came in. Clones share the content.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Message {
    /// UTF-8, checked.
    Text(Text),
    /// Bytes of any kind.
    Binary(Bytes),
}

impl Message {
    /// The JSON text of a value.
    pub fn json(value: &dyn Value) -> Self {
        // JSON that was just written is UTF-8; a value that writes other bytes is sent as what it is.
        let bytes = Bytes::from(to_json(value));
        Text::try_from(bytes.clone()).map_or(Self::Binary(bytes), Self::Text)
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Binary(_) => None,
        }
    }

    /// The content, of either kind.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Vec<u8>> for Message {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Binary(bytes.into())
    }
}

impl From<Bytes> for Message {
    fn from(bytes: Bytes) -> Self {
        Self::Binary(bytes)
    }
}

impl From<Message> for tungstenite::Message {
    fn from(message: Message) -> Self {
        match message {
            Message::Text(text) => Self::Text(text),
            Message::Binary(bytes) => Self::Binary(bytes),
        }
    }
}

/// What waiting for a message came to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Received<T> {
    /// A message.
    Message(T),
    /// None in that time.
    Nothing,
    /// None ever again: the WebSocket is closed.
    Closed,
}

impl<T> Received<T> {
    /// The message, where the time has no end.
    pub(super) fn message(self) -> Option<T> {
        match self {
            Self::Message(message) => Some(message),
            Self::Nothing | Self::Closed => None,
        }
    }
}

/// Why a WebSocket ends, as a number that may be sent (RFC 6455, section 7.4.1, and the registry of section 11.7).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct CloseCode(u16);

impl CloseCode {
    /// 1000: what was to be said is said.
    pub const NORMAL: Self = Self(1000);
    /// 1001: the server stops.
    pub const GOING_AWAY: Self = Self(1001);
    /// 1002: the other side breaks the protocol.
    pub const PROTOCOL: Self = Self(1002);
    /// 1003: this kind of message, text or binary, is not taken here.
    pub const UNSUPPORTED: Self = Self(1003);
    /// 1007: a message is not what it says it is: a text that is no UTF-8, JSON that is none.
    pub const INVALID: Self = Self(1007);
    /// 1008: the message breaks a rule of the application.
    pub const POLICY: Self = Self(1008);
    /// 1009: the message is too big.
    pub const TOO_BIG: Self = Self(1009);
    /// 1011: the server failed.
    pub const ERROR: Self = Self(1011);
    /// 1013: the server is overloaded; try again later.
    pub const TRY_AGAIN: Self = Self(1013);

    /// A code of an application (4000 to 4999) or a library (3000 to 3999).
    pub const fn own(code: u16) -> Option<Self> {
        if code >= 3000 && code < 5000 { Some(Self(code)) } else { None }
    }

    /// The number.
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How a WebSocket was closed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Close {
    /// The code; none if the closing frame had none.
    pub code: Option<CloseCode>,
    /// The reason, for people; often empty.
    pub reason: String,
}

impl Close {
    /// A reason that is longer than a frame holds is cut.
    pub(crate) fn new(code: CloseCode, reason: &str) -> Self {
        let end = reason.floor_char_boundary(REASON_BYTES_MAX);
        Self { code: Some(code), reason: reason[..end].to_owned() }
    }

    pub(crate) fn received(frame: Option<CloseFrame>) -> Self {
        match frame {
            Some(frame) => {
                Self { code: Some(CloseCode(frame.code.into())), reason: frame.reason.as_str().to_owned() }
            }
            None => Self { code: None, reason: String::new() },
        }
    }

    pub(crate) fn frame(&self) -> Option<CloseFrame> {
        self.code.map(|code| CloseFrame { code: code.0.into(), reason: self.reason.as_str().into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_cut_between_characters() {
        let close = Close::new(CloseCode::NORMAL, &"ä".repeat(100));
        assert_eq!(close.reason, "ä".repeat(61));
        assert_eq!(Close::received(close.frame()), close);
    }

    #[test]
    fn own_codes_are_those_that_nobody_else_gives_out() {
        for (code, is_own) in [(1000, false), (2999, false), (3000, true), (4999, true), (5000, false)] {
            assert_eq!(CloseCode::own(code).is_some(), is_own, "{code}");
        }
    }

    #[test]
    fn json_is_text() {
        assert_eq!(Message::json(&vec![1_i64, 2]).as_text(), Some("[1,2]"));
    }
}
