//! Bytes as they come over a connection: heads and bodies, one after another, each sent to the service.
//!
//! A head is parsed to the same whether more bytes follow or not, a chunked body whatever the pieces it comes in.
#![no_main]

use photon_fuzz::send;
use photon_runtime::exchange::BodyLength;
use photon_runtime::fuzzing::{Parsed, chunked, head};

/// The sizes of the pieces that a chunked body comes in.
const PIECES: [usize; 3] = [1, 7, usize::MAX];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut rest = bytes;
    // As on a connection, a head that is refused or not whole ends it.
    while let Ok(Some(Some(taken))) = head(rest, |parsed| message(parsed, rest)) {
        rest = &rest[taken..];
    }
});

/// Sends the message at the front of `bytes`; how long it is, where it is whole and the connection goes on.
fn message(parsed: &Parsed<'_>, bytes: &[u8]) -> Option<usize> {
    let (own, rest) = bytes.split_at(parsed.head_bytes);
    let again = head(own, |again| (again.head_bytes, format!("{:?}", again.head)));
    assert_eq!(again, Ok(Some((own.len(), format!("{:?}", parsed.head)))), "what follows a head changes it");
    assert!(!matches!(head(&own[..own.len() - 1], |_| ()), Ok(Some(()))), "a part of a head is a head");

    let (body, taken) = body(parsed.body, rest)?;
    let headers: Vec<(&str, &[u8])> =
        parsed.head.headers.iter().map(|header| (header.name, header.value)).collect();
    send(parsed.head.method, parsed.head.target, &headers, body.as_deref());
    parsed.keep_alive.then_some(own.len() + taken)
}

/// The body and its bytes on the wire.
fn body(length: BodyLength, rest: &[u8]) -> Option<(Option<Vec<u8>>, usize)> {
    match length {
        BodyLength::Empty => Some((None, 0)),
        BodyLength::Exact(length) => {
            let length = usize::try_from(length).ok()?;
            Some((Some(rest.get(..length)?.to_vec()), length))
        }
        BodyLength::Chunked => {
            let [first, second, whole] = PIECES.map(|piece| chunked(rest, piece));
            assert!(first == whole && second == whole, "the pieces of a chunked body change it");
            whole.map(|(data, taken)| (Some(data), taken))
        }
    }
}
