//! Bytes that JSON shows in base64 (RFC 4648, section 4, with padding).

use std::fmt;
use std::ops::Deref;

/// Bytes, in JSON as base64.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Base64(pub Vec<u8>);

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl Base64 {
    /// The bytes that a text stands for; none where it is no base64. Padding and unused bits must be as RFC 4648 has
    /// them, so that each value has one text.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if !bytes.len().is_multiple_of(4) {
            return None;
        }
        let padding = bytes.iter().rev().take_while(|byte| **byte == b'=').count();
        if padding > 2 {
            return None;
        }
        let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
        for quad in bytes[..bytes.len() - padding].chunks(4) {
            let mut bits = 0u32;
            for byte in quad {
                bits = bits << 6 | sextet(*byte)?;
            }
            let kept = quad.len() - 1;
            bits <<= 6 * (4 - quad.len());
            let [_, all @ ..] = bits.to_be_bytes();
            if all[kept..].iter().any(|byte| *byte != 0) {
                return None;
            }
            out.extend_from_slice(&all[..kept]);
        }
        Some(Self(out))
    }
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

impl fmt::Display for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(self.0.len().div_ceil(3) * 4);
        for chunk in self.0.chunks(3) {
            let bits =
                chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
            for place in 0..4 {
                let sextet = (bits >> (18 - 6 * place) & 63) as usize;
                text.push(if place > chunk.len() { '=' } else { char::from(ALPHABET[sextet]) });
            }
        }
        f.write_str(&text)
    }
}

impl Deref for Base64 {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<Base64> for Vec<u8> {
    fn from(base64: Base64) -> Self {
        base64.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(Base64(bytes.into()).to_string(), text);
            assert_eq!(Base64::decode(text), Some(Base64(bytes.into())));
        }
    }

    #[test]
    fn what_is_no_base64() {
        for text in
            ["Z", "Zg", "Zg=", "Z===", "====", "Zh==", "Zm9=", "Zm 9", "Zm9v\n", "Zm-_", "=Zm9", "Zg==Zg=="]
        {
            assert_eq!(Base64::decode(text), None, "{text}");
        }
    }
}
