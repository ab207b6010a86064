//! What holds for whatever bytes a client sends: each law panics where it does not.
//!
//! The first of all: it does not matter in which pieces the bytes arrive.

use std::io::Read as _;

use bytes::Bytes;

use super::{HEAD, chunked as decode_chunked, head as parse_head};
use crate::contract::laws as contract;
use crate::escape;
use crate::exchange::{Head, Header};
use crate::http::conditional::{self, Validators};
use crate::http::head::{Slots, parse};
use crate::http::ranges::{self, Wanted};
use crate::http::target::{self, Target};
use crate::model::types::Json;

/// How many splits of one input are looked at.
const SPLITS_MAX: usize = 200;

/// A head is not there until its last byte is, and then it is the same whatever follows; what is refused stays refused.
pub fn head(bytes: &[u8]) {
    let read = |bytes: &[u8]| parse_head(bytes, |parsed| (parsed.head_bytes, format!("{parsed:?}")));
    let whole = read(bytes);
    let mut before = Ok(None);
    for length in splits(bytes.len()) {
        let part = read(&bytes[..length]);
        match (&whole, &part) {
            (Ok(Some((head_bytes, _))), part) if length >= *head_bytes => {
                assert_eq!(part, &whole, "after {length}");
            }
            (Ok(_), part) => assert_eq!(part, &Ok(None), "a part of {length} bytes is a head"),
            (Err(_), Ok(Some(_))) => panic!("a part of {length} bytes of a refused head is one"),
            (Err(_), part) => {
                assert!(part.is_err() || before == Ok(None), "{length} bytes are not refused any more");
            }
        }
        before = part;
    }
}

/// A chunked body has the same data and the same end in whatever pieces it comes.
pub fn chunked(bytes: &[u8]) {
    let whole = decode_chunked(bytes, usize::MAX);
    let own = 1 + bytes.first().map_or(0, |byte| usize::from(*byte));
    for piece in [1, 2, 3, 7, own] {
        assert_eq!(decode_chunked(bytes, piece), whole, "in pieces of {piece}");
    }
    if let Some((_, end)) = &whole {
        assert_eq!(decode_chunked(&bytes[..*end], 1), whole, "what follows a body changes it");
        assert_eq!(decode_chunked(&bytes[..end - 1], usize::MAX), None, "a part of a body is one");
    }
}

/// A target means the same alone as in a request, and its pieces are decoded once.
pub fn uri(bytes: &[u8]) {
    // A blank or a line end would end the target in the line of a request.
    let text = str::from_utf8(bytes).ok().filter(|text| text.bytes().all(|byte| byte > b' '));
    let Some(text) = text else { return };
    let line = format!("GET {text} HTTP/1.1\r\nHost: a\r\n\r\n");
    let mut slots = Slots::new();
    let asked = parse(&HEAD, &mut slots, line.as_bytes())
        .ok()
        .flatten()
        .map(|request| request.head.target.to_owned());
    match (target::parse("GET", text), asked) {
        (None, asked) => assert_eq!(asked, None, "a target without a form is taken"),
        (Some(Target::Origin(origin)), Some(asked)) => assert_eq!(asked, origin),
        (Some(Target::Absolute { authority, path }), asked) => {
            assert!(target::is_authority(authority.as_bytes()) && text.ends_with(path));
            assert!(asked.is_none_or(|asked| asked.ends_with(path)));
        }
        // It may be too long.
        (Some(Target::Origin(_)), None) => {}
    }
    for piece in text.split(['/', '?', '&', '=']) {
        let Some(decoded) = escape::decode(piece) else { continue };
        let mut again = String::new();
        escape::encode(&decoded, &mut again);
        assert_eq!(escape::decode(&again), Some(decoded.clone()), "what is encoded decodes to itself");
        assert_eq!(escape::decode_form(&again), Some(decoded));
        if let Some(form) = escape::decode_form(piece) {
            assert!(escape::is_form_of(piece, &form), "{piece:?} is a form of what it decodes to");
        }
    }
    contract::query(text);
}

/// Cookies are the same in one line as in several.
pub fn cookie(bytes: &[u8]) {
    contract::cookies(bytes);
}

/// A form has the same parts in whatever pieces it comes, and the same as where it is there as a whole.
pub fn multipart(bytes: &[u8]) {
    let body = Bytes::copy_from_slice(bytes);
    let own = 1 + bytes.first().map_or(0, |byte| usize::from(*byte));
    let read = |piece: usize| {
        contract::parts::<Json>(&body, piece, |part| {
            let mut content = Vec::new();
            part.read_to_end(&mut content).ok()?;
            Some((part.name().to_owned(), part.file_name().map(str::to_owned), content))
        })
    };
    let whole = read(usize::MAX);
    for piece in [1, 2, 7, own] {
        assert_eq!(read(piece), whole, "in pieces of {piece}");
    }
    contract::same_at_once(&body, whole.is_some());
}

/// An opening handshake is judged by its fields, whatever their order and whatever stands beside them.
#[cfg(feature = "websocket")]
pub fn handshake(bytes: &[u8]) {
    use crate::websocket::judge;

    let fields = fields(bytes);
    let judged = judge(&Head { method: "GET", target: "/", minor: 1, headers: &fields });
    let mut more = fields.clone();
    more.insert(0, Header { name: "x-other", value: b"upgrade, websocket" });
    assert_eq!(
        judge(&Head { method: "GET", target: "/", minor: 1, headers: &more }),
        judged,
        "another field matters"
    );
    for (method, minor) in [("POST", 1), ("GET", 0)] {
        let other = judge(&Head { method, target: "/", minor, headers: &fields });
        assert!(other.is_err(), "{method} of HTTP/1.{minor} opens a WebSocket");
    }
    if judged.is_ok() {
        for needed in ["upgrade", "connection", "sec-websocket-key", "sec-websocket-version"] {
            let headers: Vec<Header<'_>> =
                fields.iter().filter(|header| !header.name.eq_ignore_ascii_case(needed)).copied().collect();
            let other = judge(&Head { method: "GET", target: "/", minor: 1, headers: &headers });
            assert!(other.is_err(), "it does without {needed}");
        }
    }
}

/// Ranges lie within the whole, do not overlap, and conditions of any bytes come to something.
pub fn conditions(bytes: &[u8]) {
    let fields = fields(bytes);
    let head = Head { method: "GET", target: "/", minor: 1, headers: &fields };
    let known = Validators::from(crate::Etag::strong("v1")).last_modified(std::time::UNIX_EPOCH);
    let _ = (conditional::evaluate(&head, &known), conditional::allows_range(&head, &known));
    for value in head.header_all("range") {
        for length in [0, 1, 10, u64::MAX] {
            let Wanted::Pieces(pieces) = ranges::parse(value, length) else { continue };
            assert!(
                !pieces.is_empty()
                    && pieces.iter().all(|piece| piece.start < piece.end && piece.end <= length)
            );
            let mut sorted = pieces.clone();
            sorted.sort_by_key(|piece| piece.start);
            assert!(sorted.windows(2).all(|pair| pair[0].end < pair[1].start), "{pieces:?} overlap");
        }
    }
}

/// Lines as fields of a head, as the parser of heads would let them through.
fn fields(bytes: &[u8]) -> Vec<Header<'_>> {
    let field = |line| {
        let (name, value) = split_once(line, b':')?;
        let is_name =
            !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
        let name = str::from_utf8(name).ok().filter(|_| is_name)?;
        Some(Header { name, value: value.trim_ascii() })
    };
    bytes.split(|byte| *byte == b'\n').filter_map(field).collect()
}

fn split_once(line: &[u8], by: u8) -> Option<(&[u8], &[u8])> {
    let at = line.iter().position(|byte| *byte == by)?;
    Some((&line[..at], &line[at + 1..]))
}

/// Where an input is split: everywhere if it is short.
fn splits(length: usize) -> impl Iterator<Item = usize> {
    (0..=length).step_by(length / SPLITS_MAX + 1).chain([length])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A law with inputs that it holds for, to be changed at random.
    type Law = (fn(&[u8]), &'static [&'static str]);

    const LAWS: &[Law] = &[
        (
            head,
            &[
                "POST /a?b=c HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\ncontent-length: 12\r\n\r\nbody",
                "GET http://b/x HTTP/1.0\r\nConnection: close\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            ],
        ),
        (chunked, &["4;x=\"y\"\r\nwiki\r\n0005\r\npedia\r\n0\r\nX-T: 1\r\n\r\nGET / HTTP/1.1", "0\r\n\r\n"]),
        (uri, &["/a%20b/%C3%A9?c=d+e&f=%2B&g", "http://[::1]:80/x?y", "*", "https://a?b"]),
        (cookie, &["a=1; sid=\"a b\";n=7 ; z=\n b=2;junk; =x", "a=%20\n\n;;a"]),
        (
            multipart,
            &[
                "--b\r\ncontent-disposition: form-data; name=a\r\n\r\n1\r\n--b \r\ncontent-disposition: form-data; \
                 name=\"f\"; filename=\"x\"\r\ncontent-type: text/plain\r\n\r\n\r\n--bx\r\n--b--end",
                "preamble\r\n--b\r\ncontent-disposition: form-data; name=a\r\n\r\n--b--",
            ],
        ),
        #[cfg(feature = "websocket")]
        (
            handshake,
            &[
                "upgrade: websocket\nconnection: Upgrade\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\nsec-websocket-version: 13",
            ],
        ),
        (
            conditions,
            &[
                "if-match: \"v1\", W/\"v2\"\nif-range: \"v1\"\nrange: bytes=0-1, 5-, -3\nif-modified-since: Sun, 06 Nov 1994 08:49:37 GMT",
            ],
        ),
    ];

    #[test]
    fn laws_hold_for_whatever_comes() {
        const ROUNDS: usize = 1500;
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = |below: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed >> 33).unwrap() % below.max(1)
        };
        for (law, inputs) in LAWS {
            for input in *inputs {
                law(input.as_bytes());
                for _ in 0..ROUNDS / inputs.len() {
                    let mut bytes = input.as_bytes().to_vec();
                    for _ in 0..=random(4) {
                        let (at, other) = (random(bytes.len()), random(bytes.len()));
                        match random(5) {
                            0 => bytes.truncate(at),
                            1 => bytes.insert(at, u8::try_from(random(256)).unwrap()),
                            2 if !bytes.is_empty() => drop(bytes.remove(at)),
                            3 => bytes.extend_from_within(at.min(other)..at.max(other)),
                            _ if !bytes.is_empty() => bytes[at] = bytes[other],
                            _ => {}
                        }
                    }
                    law(&bytes);
                }
            }
        }
    }
}
