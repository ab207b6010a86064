//! Looks at frames on their way in, before they are whole: what is wrong already need not be waited for.
//!
//! The codec checks a text once its frame is there, and takes a length in a longer form than it needs; here a text fails
//! at its first wrong byte (RFC 6455, section 8.1), and such a length fails (section 5.2). Where a frame ends is known
//! here too, so that no read goes beyond a long one. Knows bytes only; what else is wrong is the codec's to find.

use std::fmt;

/// The longest head of a frame, in bytes.
const HEAD_BYTES_MAX: usize = 14;

/// Bytes of a text that are looked at together.
const PIECE: usize = 512;

/// What is wrong before a frame is whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fault {
    /// A text is no UTF-8.
    Utf8,
    /// A length is written in more bytes than it needs.
    Length,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "a text is not UTF-8",
            Self::Length => "a length is written in more bytes than it needs",
        })
    }
}

impl std::error::Error for Fault {}

/// Where in the stream of frames the next byte lies.
#[derive(Debug, Default)]
pub(super) struct Scan {
    head: [u8; HEAD_BYTES_MAX],
    head_bytes: usize,
    /// Bytes of the payload that are still to come.
    left: u64,
    /// The key of the payload, and which of its bytes is next.
    mask: [u8; 4],
    turn: usize,
    /// The payload is part of a text.
    is_text: bool,
    /// The text whose frames these are, while it is not over.
    text: Option<Utf8>,
}

impl Scan {
    /// Nothing of a frame has come, or all of it.
    pub(super) fn is_between(&self) -> bool {
        self.head_bytes == 0 && self.left == 0
    }

    /// How many bytes may be read at once, so that a read ends with the frame.
    pub(super) fn room(&self, wanted: usize) -> usize {
        if self.left == 0 { wanted } else { wanted.min(usize::try_from(self.left).unwrap_or(wanted)) }
    }

    /// Takes bytes as they came. A fault tells how many of them lie before it.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), (usize, Fault)> {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            if self.left == 0 {
                let Some(byte) = rest.first() else { break };
                self.head_byte(*byte).map_err(|fault| (at, fault))?;
                at += 1;
            } else {
                let count = self.room(rest.len());
                let payload = &rest[..count];
                if self.is_text && self.payload(payload).is_err() {
                    return Err((at, Fault::Utf8));
                }
                self.left -= count as u64;
                at += count;
            }
        }
        Ok(())
    }

    fn head_byte(&mut self, byte: u8) -> Result<(), Fault> {
        self.head[self.head_bytes] = byte;
        self.head_bytes += 1;
        if self.head_bytes < 2 {
            return Ok(());
        }
        let is_masked = self.head[1] & 0x80 != 0;
        let (length_bytes, least) = match self.head[1] & 0x7f {
            126 => (2, 126),
            127 => (8, 0x1_0000),
            _ => (0, 0),
        };
        let end = 2 + length_bytes + if is_masked { 4 } else { 0 };
        if self.head_bytes < end {
            return Ok(());
        }
        let written = &self.head[2..2 + length_bytes];
        let length = if length_bytes == 0 {
            u64::from(self.head[1] & 0x7f)
        } else {
            written.iter().fold(0, |length, byte| length << 8 | u64::from(*byte))
        };
        if length < least {
            return Err(Fault::Length);
        }
        if is_masked {
            self.mask.copy_from_slice(&self.head[end - 4..end]);
        }
        self.head_bytes = 0;
        self.begin(self.head[0], is_masked, length)
    }

    /// A payload begins.
    fn begin(&mut self, first: u8, is_masked: bool, length: u64) -> Result<(), Fault> {
        let is_last = first & 0x80 != 0;
        let opcode = first & 0x0f;
        match opcode {
            1 => self.text = Some(Utf8::default()),
            2 => self.text = None,
            _ => {}
        }
        self.left = length;
        self.turn = 0;
        self.is_text = opcode < 2 && is_masked && self.text.is_some();
        if let (true, 0..=2, Some(text)) = (is_last, opcode, &mut self.text) {
            text.is_last = true;
            if length == 0 && text.kept > 0 {
                return Err(Fault::Utf8);
            }
        }
        Ok(())
    }

    /// Takes a piece of the payload of a text.
    fn payload(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let Some(text) = &mut self.text else { return Ok(()) };
        for piece in bytes.chunks(PIECE) {
            let mut clear = [0; PIECE];
            for (at, (to, from)) in clear.iter_mut().zip(piece).enumerate() {
                *to = from ^ self.mask[(self.turn + at) % 4];
            }
            self.turn = (self.turn + piece.len()) % 4;
            text.take(&clear[..piece.len()])?;
        }
        if text.is_last && self.left == bytes.len() as u64 {
            let is_whole = text.kept == 0;
            self.text = None;
            return if is_whole { Ok(()) } else { Err(Fault::Utf8) };
        }
        Ok(())
    }
}

/// A text that comes in pieces.
#[derive(Debug, Default)]
struct Utf8 {
    /// The beginning of a character whose rest is to come.
    begun: [u8; 4],
    kept: usize,
    /// Its last frame has begun.
    is_last: bool,
}

impl Utf8 {
    fn take(&mut self, piece: &[u8]) -> Result<(), Fault> {
        let mut joined = [0; PIECE + 4];
        let end = self.kept + piece.len();
        joined[..self.kept].copy_from_slice(&self.begun[..self.kept]);
        joined[self.kept..end].copy_from_slice(piece);
        let Err(error) = std::str::from_utf8(&joined[..end]) else {
            self.kept = 0;
            return Ok(());
        };
        if error.error_len().is_some() {
            return Err(Fault::Utf8);
        }
        let rest = &joined[error.valid_up_to()..end];
        self.begun[..rest.len()].copy_from_slice(rest);
        self.kept = rest.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A masked frame; `first` holds the opcode and the flags.
    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mask = [7, 0xfe, 0x31, 0x80];
        let mut bytes = vec![first];
        match payload.len() {
            length @ 0..126 => bytes.push(0x80 | u8::try_from(length).unwrap()),
            length => {
                bytes.push(0xfe);
                bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
        }
        bytes.extend(mask);
        bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        bytes
    }

    /// Takes bytes one by one and all at once; both must say the same.
    fn fault(bytes: &[u8]) -> Option<(usize, Fault)> {
        let mut one = Scan::default();
        let by_one = bytes.iter().enumerate().find_map(|(at, byte)| Some((at, one.take(&[*byte]).err()?.1)));
        let mut all = Scan::default();
        let at_once = all.take(bytes).err();
        assert_eq!(by_one.map(|(_, fault)| fault), at_once.map(|(_, fault)| fault));
        assert!(by_one.is_none_or(|(at, _)| at_once.is_some_and(|(before, _)| before <= at)));
        assert!(at_once.is_some() || one.is_between() == all.is_between());
        by_one
    }

    #[test]
    fn whole_texts_pass() {
        let long = "κόσμε".repeat(700);
        let (head, tail) = long.as_bytes().split_at(1001);
        let frames = [
            frame(0x81, b"plain"),
            frame(0x81, b""),
            frame(0x01, head),
            frame(0x89, b"\xff"),
            frame(0x80, tail),
            frame(0x82, b"\xff\xfe"),
            frame(0x02, b"\xff"),
            frame(0x80, b"\xff"),
        ];
        assert_eq!(fault(&frames.concat()), None);
    }

    #[test]
    fn texts_fail_at_their_first_wrong_byte() {
        let euro = "€".as_bytes();
        for (frames, wrong) in [
            (vec![frame(0x81, b"ab\xffcd")], 8),
            (vec![frame(0x81, b"\xf4\x90\x80\x80 more")], 7),
            (vec![frame(0x01, &euro[..2]), frame(0x00, b"x")], 14),
            (vec![frame(0x01, &euro[..2]), frame(0x80, b"")], 13),
            (vec![frame(0x81, &euro[..2])], 7),
            (vec![frame(0x81, b"fits"), frame(0x81, b"\xc3\x28")], 17),
        ] {
            assert_eq!(fault(&frames.concat()), Some((wrong, Fault::Utf8)), "{frames:x?}");
        }
    }

    #[test]
    fn lengths_are_written_as_short_as_can_be() {
        assert_eq!(fault(&[0x82, 0xfe, 0, 125, 1, 2, 3, 4]), Some((7, Fault::Length)));
        assert_eq!(fault(&[0x82, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4]), Some((13, Fault::Length)));
        assert_eq!(fault(&[0x82, 0xfe, 0, 126, 1, 2, 3, 4]), None);
    }

    #[test]
    fn a_read_ends_with_the_frame() {
        let mut scan = Scan::default();
        assert_eq!(scan.room(4096), 4096);
        let bytes = frame(0x82, &[0; 1000]);
        scan.take(&bytes[..100]).unwrap();
        assert_eq!(scan.room(4096), bytes.len() - 100);
        scan.take(&bytes[100..]).unwrap();
        assert!(scan.is_between());
    }
}
