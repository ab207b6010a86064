//! The parsers of a connection for the fuzz targets, which are built with `--cfg fuzzing`, and for tests: no part of the
//! crate otherwise.
//!
//! Knows bytes only, as the parsers do.

pub mod laws;

use crate::exchange::{BodyLength, Head};
use crate::http::chunked::{ChunkLimits, Decoder, Step};
use crate::http::head::{self, HeadLimits, Slots};

/// Small limits, so that small inputs reach them.
const HEAD: HeadLimits = HeadLimits { headers_max: 40, head_bytes_max: 2048, target_bytes_max: 512 };
const CHUNKS: ChunkLimits = ChunkLimits { extension_bytes_max: 64, trailer_bytes_max: 64 };

/// The head of a request and what it says of the message.
#[derive(Debug)]
pub struct Parsed<'r> {
    /// The head.
    pub head: Head<'r>,
    /// The bytes of the head.
    pub head_bytes: usize,
    /// How long the body is.
    pub body: BodyLength,
    /// Whether the connection goes on after the answer.
    pub keep_alive: bool,
}

/// Parses a head and hands it over: `Ok(None)` where it is not complete, the
/// status of the answer where it is refused.
pub fn head<T>(bytes: &[u8], then: impl FnOnce(&Parsed<'_>) -> T) -> Result<Option<T>, u16> {
    let mut slots = Slots::new();
    let parsed = head::parse(&HEAD, &mut slots, bytes);
    let request = parsed.map_err(|refusal| refusal.status)?;
    Ok(request.map(|request| {
        let head::Request { head, head_bytes, body, keep_alive, .. } = request;
        then(&Parsed { head, head_bytes, body, keep_alive })
    }))
}

/// Reads a chunked body that arrives in pieces of so many bytes: its data and where it ends; `None` where it does not end
/// or is malformed.
pub fn chunked(bytes: &[u8], piece_bytes: usize) -> Option<(Vec<u8>, usize)> {
    let mut decoder = Decoder::new(CHUNKS);
    let (mut data, mut at) = (Vec::new(), 0);
    for piece in bytes.chunks(piece_bytes.max(1)) {
        let mut read = 0;
        while read < piece.len() {
            match decoder.step(&piece[read..]).ok()? {
                Step::More => read = piece.len(),
                Step::Data { skip, length } => {
                    let start = read + skip;
                    data.extend_from_slice(&piece[start..start + length]);
                    decoder.took(length);
                    read = start + length;
                }
                Step::End(length) => return Some((data, at + read + length)),
            }
        }
        at += piece.len();
    }
    None
}
