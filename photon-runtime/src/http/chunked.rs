//! The chunked transfer coding (RFC 9112, section 7.1), strict and incremental.
//!
//! ```text
//! Size ──;──▶ Extension ──CR──▶ SizeEnd ──LF──▶ Data ──▶ DataCr ──▶ DataLf ──▶ Size
//!   └───────────CR────────────────┘   └─LF, size 0─▶ Trailer ──CR──▶ TrailerEnd ──LF──▶ end
//! ```
//!
//! The decoder copies nothing: it tells where data lies. Knows bytes only.

use std::io::Write as _;

/// Digits of a chunk size, leading zeros included.
const SIZE_DIGITS_MAX: u32 = 15;

/// How much of a chunked body may be something else than data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChunkLimits {
    pub(crate) extension_bytes_max: u32,
    pub(crate) trailer_bytes_max: u32,
}

/// The body is not framed as the coding demands, or exceeds a limit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Malformed;

/// What stands at the front of the bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// All bytes were framing, and more must come.
    More,
    /// After `skip` bytes of framing come `length` bytes of data. Tell with [`Decoder::took`] how many were taken.
    Data { skip: usize, length: usize },
    /// The body ended after this many bytes.
    End(usize),
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Size,
    Extension,
    SizeEnd,
    Data,
    DataCr,
    DataLf,
    Trailer,
    TrailerEnd,
}

/// Where a chunked body has been read to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decoder {
    state: State,
    limits: ChunkLimits,
    /// Data that is left in this chunk.
    left: u64,
    digits: u32,
    extension_bytes: u32,
    trailer_bytes: u32,
    line: Line,
}

/// Where a line of the trailer section has been read to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Line {
    Start,
    Name,
    Value,
}

impl Decoder {
    pub(crate) fn new(limits: ChunkLimits) -> Self {
        Self {
            state: State::Size,
            limits,
            left: 0,
            digits: 0,
            extension_bytes: 0,
            trailer_bytes: 0,
            line: Line::Start,
        }
    }

    /// Consumes framing at the front of `bytes`.
    pub(crate) fn step(&mut self, bytes: &[u8]) -> Result<Step, Malformed> {
        for (at, byte) in bytes.iter().enumerate() {
            match self.state {
                State::Size => self.size(*byte)?,
                State::Extension => self.extension(*byte)?,
                State::SizeEnd => self.size_end(*byte)?,
                State::Data => {
                    let left = usize::try_from(self.left).unwrap_or(usize::MAX);
                    return Ok(Step::Data { skip: at, length: left.min(bytes.len() - at) });
                }
                State::DataCr => self.expect(*byte, b'\r', State::DataLf)?,
                State::DataLf => {
                    self.digits = 0;
                    self.expect(*byte, b'\n', State::Size)?;
                }
                State::Trailer => self.trailer(*byte)?,
                State::TrailerEnd => {
                    let blank = self.line == Line::Start;
                    self.line = Line::Start;
                    self.expect(*byte, b'\n', State::Trailer)?;
                    if blank {
                        return Ok(Step::End(at + 1));
                    }
                }
            }
        }
        Ok(Step::More)
    }

    /// Tells that `bytes` of the data were taken.
    pub(crate) fn took(&mut self, bytes: usize) {
        self.left -= bytes as u64;
        if self.left == 0 {
            self.state = State::DataCr;
        }
    }

    /// Where the body ends in `bytes`, without consuming any: `None` when it does not, or is malformed.
    pub(crate) fn end_in(mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            match self.step(&bytes[at..]).ok()? {
                Step::More => return None,
                Step::Data { skip, length } => {
                    self.took(length);
                    at += skip + length;
                }
                Step::End(length) => return Some(at + length),
            }
        }
    }

    fn expect(&mut self, byte: u8, wanted: u8, next: State) -> Result<(), Malformed> {
        self.state = next;
        if byte == wanted { Ok(()) } else { Err(Malformed) }
    }

    fn size(&mut self, byte: u8) -> Result<(), Malformed> {
        if let Some(digit) = char::from(byte).to_digit(16) {
            self.digits += 1;
            self.left = self.left * 16 + u64::from(digit);
            return if self.digits > SIZE_DIGITS_MAX { Err(Malformed) } else { Ok(()) };
        }
        self.state = match byte {
            b'\r' => State::SizeEnd,
            b';' => State::Extension,
            _ => return Err(Malformed),
        };
        if self.digits == 0 { Err(Malformed) } else { Ok(()) }
    }

    fn extension(&mut self, byte: u8) -> Result<(), Malformed> {
        self.extension_bytes += 1;
        match byte {
            _ if self.extension_bytes > self.limits.extension_bytes_max => return Err(Malformed),
            b'\r' => self.state = State::SizeEnd,
            b'\t' | b' '..=b'~' | 0x80.. => {}
            _ => return Err(Malformed),
        }
        Ok(())
    }

    fn size_end(&mut self, byte: u8) -> Result<(), Malformed> {
        let next = if self.left == 0 { State::Trailer } else { State::Data };
        self.expect(byte, b'\n', next)
    }

    /// Trailer fields are checked for their form and discarded: nothing in them may change what the head said.
    fn trailer(&mut self, byte: u8) -> Result<(), Malformed> {
        self.trailer_bytes += 1;
        if self.trailer_bytes > self.limits.trailer_bytes_max {
            return Err(Malformed);
        }
        match (self.line, byte) {
            (Line::Start | Line::Value, b'\r') => self.state = State::TrailerEnd,
            (Line::Start | Line::Name, byte) if is_token(byte) => self.line = Line::Name,
            (Line::Name, b':') => self.line = Line::Value,
            (Line::Value, b'\t' | b' '..=b'~' | 0x80..) => {}
            _ => return Err(Malformed),
        }
        Ok(())
    }
}

/// Whether a byte may stand in a field name (RFC 9110, section 5.6.2).
pub(crate) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Appends a piece of data as one chunk; an empty piece, which would end the body, is left out.
pub(crate) fn encode(out: &mut Vec<u8>, piece: &[u8]) {
    if piece.is_empty() {
        return;
    }
    // Writing to memory cannot fail.
    let _ = write!(out, "{:x}\r\n", piece.len());
    out.extend_from_slice(piece);
    out.extend_from_slice(b"\r\n");
}

/// What ends a chunked body.
pub(crate) const END: &[u8] = b"0\r\n\r\n";

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: ChunkLimits = ChunkLimits { extension_bytes_max: 64, trailer_bytes_max: 64 };

    /// Decodes `parts` as they come; the data, and how many bytes of the last part follow the body.
    fn decode(parts: &[&[u8]]) -> Result<(Vec<u8>, Option<usize>), Malformed> {
        let (mut decoder, mut data) = (Decoder::new(LIMITS), Vec::new());
        for part in parts {
            let mut at = 0;
            while at < part.len() {
                match decoder.step(&part[at..])? {
                    Step::More => break,
                    Step::Data { skip, length } => {
                        data.extend_from_slice(&part[at + skip..at + skip + length]);
                        decoder.took(length);
                        at += skip + length;
                    }
                    Step::End(length) => return Ok((data, Some(part.len() - at - length))),
                }
            }
        }
        Ok((data, None))
    }

    #[test]
    fn every_split_decodes_alike() {
        let body = b"4;x=\"y\"\r\nwiki\r\n0005\r\npedia\r\nA\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n";
        for first in 0..=body.len() {
            let (data, end) = decode(&[&body[..first], &body[first..]]).unwrap();
            assert_eq!(data, b"wikipedia0123456789", "split at {first}");
            assert!(end == Some(0) || first == body.len(), "split at {first}");
        }
        let bytes: Vec<&[u8]> = body.chunks(1).collect();
        assert_eq!(decode(&bytes).unwrap().0, b"wikipedia0123456789");
    }

    #[test]
    fn the_end_is_found_without_consuming() {
        let decoder = Decoder::new(LIMITS);
        assert_eq!(decoder.end_in(b"5\r\n0\r\n\r\n\r\n0\r\n\r\nGET"), Some(15));
        assert_eq!(decoder.end_in(b"5\r\n0\r\n\r\n\r\n0\r\n\r"), None);
        assert_eq!(decoder.end_in(b"x"), None);
    }

    #[test]
    fn malformed_bodies() {
        let long_extension = format!("1;{}\r\n", "a".repeat(80));
        let long_trailer = format!("0\r\nX: {}\r\n\r\n", "a".repeat(80));
        let cases = [
            "\r\n",
            ";\r\n",
            "x\r\n",
            "-1\r\n",
            "+1\r\n",
            "0x1\r\n",
            " 1\r\n",
            "1 \r\n",
            "1\na",
            "1\ra",
            "1\r\nab\r\n",
            "1\r\na\n",
            "1\r\na\rb",
            "1;a\nb\r\n",
            "1;a\rb\r\n",
            "1;\0\r\n",
            "fffffffffffffffff\r\n",
            "0\r\nX : 1\r\n\r\n",
            "0\r\n: 1\r\n\r\n",
            "0\r\nX\r\n\r\n",
            "0\r\nX: a\0b\r\n\r\n",
            "0\r\n X: 1\r\n\r\n",
            "0\r\n\n",
            "0\n\r\n",
            "0\r\nX: 1\n\r\n",
            &long_extension,
            &long_trailer,
        ];
        for case in cases {
            assert_eq!(decode(&[case.as_bytes()]), Err(Malformed), "{case:?}");
        }
    }

    #[test]
    fn encoding_decodes_again() {
        let mut out = Vec::new();
        for piece in [&b"one"[..], b"", &[b'x'; 300]] {
            encode(&mut out, piece);
        }
        out.extend_from_slice(END);
        assert_eq!(decode(&[&out]).unwrap().0.len(), 303);
    }
}
