//! What is JSON: texts with a byte changed, judged by `serde_json`.

use serde::de::IgnoredAny;
use serde_json::Value;

/// A source of numbers that look like chance.
#[derive(Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The same numbers for the same seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap_or(0) % end.max(1)
    }
}

/// Bytes that mean something in JSON, or are an end of it.
const BYTES: [u8; 24] = *b"\"\\{}[]:,0-.eE+tfnu \t\n/\x01\xff";
/// The longest text that is changed.
const BYTES_MAX: usize = 4_000;

/// A text with something changed; none where it is too long.
pub(super) fn changed(text: &str, random: &mut Random) -> Option<Vec<u8>> {
    let mut bytes = text.as_bytes().to_vec();
    if bytes.len() > BYTES_MAX || bytes.is_empty() {
        return None;
    }
    let at = random.below(bytes.len());
    let byte = BYTES[random.below(BYTES.len())];
    match random.below(5) {
        0 => bytes.truncate(at),
        1 => bytes[at] = byte,
        2 => bytes.insert(at, byte),
        3 => _ = bytes.remove(at),
        _ => bytes.push(byte),
    }
    Some(bytes)
}

/// Whether the bytes are JSON. A number that no double holds is one all the same.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(_) => true,
        Err(error) => {
            error.to_string().starts_with("number out of range")
                && serde_json::from_slice::<IgnoredAny>(bytes).is_ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_json() {
        for (text, expected) in
            [("[1e999]", true), ("[1e999", false), ("{\"a\":01}", false), ("\"\\ud800\"", false)]
        {
            assert_eq!(is_json(text.as_bytes()), expected, "{text}");
        }
        let mut random = Random::new(1);
        let all: Vec<_> = (0..50).filter_map(|_| changed("{\"a\":[1,true]}", &mut random)).collect();
        assert!(all.iter().any(|bytes| !is_json(bytes)) && all.len() == 50);
    }
}
