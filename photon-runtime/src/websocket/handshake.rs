//! The opening handshake (RFC 6455, section 4.2): a request in, the fields of its answer out. Knows no socket.

use std::borrow::Cow;

use super::sha1;
use crate::exchange::{Field, Head};
use crate::model::types::Base64;
use crate::rejection::{Rejection, RejectionKind};

/// What the key is joined with (section 1.3).
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The only version there is.
const VERSION: &[u8] = b"13";

/// Bytes of a key.
const KEY_BYTES: usize = 16;

/// A request that may be answered with 101.
#[derive(Debug)]
pub(crate) struct Handshake {
    accept: String,
    protocol: Option<&'static str>,
}

impl Handshake {
    /// Judges a request that has no body. `protocols` are those that the server speaks; of those that the client offers
    /// the first one that is among them is spoken (section 4.2.2).
    pub(crate) fn judge(head: &Head<'_>, protocols: &[&'static str]) -> Result<Self, Rejection> {
        if head.method != "GET"
            || head.minor == 0
            || !lists(head, "upgrade", "websocket")
            || !lists(head, "connection", "upgrade")
        {
            return Err(upgrade_required("this path speaks WebSocket"));
        }
        if !matches!(only(head, "sec-websocket-version"), Some(VERSION)) {
            return Err(upgrade_required("WebSocket is spoken in version 13"));
        }
        let key = only(head, "sec-websocket-key").and_then(|key| std::str::from_utf8(key).ok());
        let is_key = |key: &&str| Base64::decode(key).is_some_and(|bytes| bytes.0.len() == KEY_BYTES);
        let Some(key) = key.filter(is_key) else {
            let detail = "Sec-WebSocket-Key must be 16 bytes in base64, once";
            return Err(Rejection::new(RejectionKind::Syntax, detail));
        };
        let protocol = tokens(head, "sec-websocket-protocol")
            .find_map(|offered| protocols.iter().find(|protocol| protocol.as_bytes() == offered).copied());
        Ok(Self { accept: accept(key), protocol })
    }

    /// The protocol that both sides speak, if any was chosen.
    pub(crate) fn protocol(&self) -> Option<&'static str> {
        self.protocol
    }

    /// The fields of the answer; the driver adds `Connection`.
    pub(crate) fn fields(self) -> Vec<Field> {
        let mut fields = vec![
            Field { name: Cow::Borrowed("upgrade"), value: Cow::Borrowed("websocket") },
            Field { name: Cow::Borrowed("sec-websocket-accept"), value: Cow::Owned(self.accept) },
        ];
        if let Some(protocol) = self.protocol {
            let name = Cow::Borrowed("sec-websocket-protocol");
            fields.push(Field { name, value: Cow::Borrowed(protocol) });
        }
        fields
    }
}

/// 426, with what must be asked for (RFC 9110, section 15.5.22; RFC 6455, section 4.4).
fn upgrade_required(detail: &'static str) -> Rejection {
    Rejection::new(RejectionKind::UpgradeRequired, detail)
        .with_field("upgrade", "websocket")
        .with_field("sec-websocket-version", "13")
}

/// What the server shows that it has read the key with (section 4.2.2).
fn accept(key: &str) -> String {
    Base64(sha1::digest(format!("{key}{GUID}").as_bytes()).to_vec()).to_string()
}

/// The value of a header that is there once.
fn only<'r>(head: &Head<'r>, name: &str) -> Option<&'r [u8]> {
    let mut values = head.header_all(name);
    values.next().filter(|_| values.next().is_none())
}

/// What the lists of all headers of this name hold.
fn tokens<'r>(head: &Head<'r>, name: &'static str) -> impl Iterator<Item = &'r [u8]> + use<'r> {
    let values = head.header_all(name);
    values.flat_map(|value| value.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii)
}

fn lists(head: &Head<'_>, name: &'static str, token: &str) -> bool {
    tokens(head, name).any(|listed| listed.eq_ignore_ascii_case(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Header;

    const GOOD: [(&str, &str); 4] = [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Version", "13"),
    ];

    /// Judges the good request with some headers in place of its own.
    fn judge(method: &str, minor: u8, other: &[(&str, &str)]) -> Result<Handshake, u16> {
        let kept = GOOD.iter().filter(|(name, _)| other.iter().all(|(other, _)| other != name));
        let headers: Vec<Header<'_>> = kept
            .chain(other)
            .filter(|(_, value)| *value != "-")
            .map(|(name, value)| Header { name, value: value.as_bytes() })
            .collect();
        let head = Head { method, target: "/", minor, headers: &headers };
        Handshake::judge(&head, &["b", "a"]).map_err(|rejection| rejection.status.as_u16())
    }

    #[test]
    fn the_example_of_the_standard() {
        let handshake = judge("GET", 1, &[]).unwrap();
        assert_eq!(handshake.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_eq!(handshake.fields().len(), 2);
    }

    #[test]
    fn what_is_taken() {
        for other in [
            &[("Upgrade", "h2c, WebSocket")][..],
            &[("Connection", "keep-alive, UPGRADE")],
            &[("Connection", "keep-alive"), ("Connection", "upgrade")],
            &[("Sec-WebSocket-Extensions", "permessage-deflate")],
        ] {
            assert!(judge("GET", 1, other).is_ok(), "{other:?}");
        }
    }

    #[test]
    fn what_is_refused() {
        for (status, method, minor, other) in [
            (426, "HEAD", 1, &[][..]),
            (426, "GET", 0, &[]),
            (426, "GET", 1, &[("Upgrade", "-")]),
            (426, "GET", 1, &[("Upgrade", "h2c")]),
            (426, "GET", 1, &[("Connection", "-")]),
            (426, "GET", 1, &[("Connection", "close")]),
            (426, "GET", 1, &[("Sec-WebSocket-Version", "-")]),
            (426, "GET", 1, &[("Sec-WebSocket-Version", "8")]),
            (426, "GET", 1, &[("Sec-WebSocket-Version", "13, 8")]),
            (400, "GET", 1, &[("Sec-WebSocket-Key", "-")]),
            (400, "GET", 1, &[("Sec-WebSocket-Key", "")]),
            (400, "GET", 1, &[("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ")]),
            (400, "GET", 1, &[("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZSE=")]),
            (400, "GET", 1, &[("Sec-WebSocket-Key", "{GhlIHNhbXBsZSBub25jZQ==")]),
            (
                400,
                "GET",
                1,
                &[
                    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                ],
            ),
        ] {
            assert_eq!(judge(method, minor, other).err(), Some(status), "{method} {minor} {other:?}");
        }
    }

    #[test]
    fn the_clients_favourite_of_the_protocols_is_spoken() {
        for (offered, spoken) in [("c, a, b", Some("a")), ("b,a", Some("b")), ("A", None), ("-", None)] {
            let handshake = judge("GET", 1, &[("Sec-WebSocket-Protocol", offered)]).unwrap();
            assert_eq!(handshake.protocol(), spoken, "{offered}");
        }
    }
}
