//! Base64 of credentials and certificates (RFC 4648, section 4): canonical, padding and all.

/// The octets, or None where the text is not base64.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let unpadded = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
    if text.len() != unpadded.len() && !text.len().is_multiple_of(4) {
        return None;
    }
    let mut octets = Vec::with_capacity(unpadded.len() * 3 / 4);
    let mut bits = 0_u32;
    let mut held = 0_u32;
    for symbol in unpadded {
        bits = bits << 6 | u32::from(sextet(*symbol)?);
        held += 6;
        if held >= 8 {
            held -= 8;
            octets.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    let rest = bits & ((1 << held) - 1);
    (held < 6 && rest == 0).then_some(octets)
}

/// The text of octets, padded.
pub(crate) fn encode(octets: &[u8]) -> String {
    const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(octets.len().div_ceil(3) * 4);
    for chunk in octets.chunks(3) {
        let bits = chunk.iter().fold(0_usize, |bits, octet| bits << 8 | usize::from(*octet)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let symbol = SYMBOLS[bits >> (18 - 6 * place) & 63];
            text.push(if place <= chunk.len() { char::from(symbol) } else { '=' });
        }
    }
    text
}

fn sextet(symbol: u8) -> Option<u8> {
    match symbol {
        b'A'..=b'Z' => Some(symbol - b'A'),
        b'a'..=b'z' => Some(symbol - b'a' + 26),
        b'0'..=b'9' => Some(symbol - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_decodes_what_it_encodes() {
        for (octets, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(encode(octets.as_bytes()), text);
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(octets.as_bytes()));
        }
        assert_eq!(decode(b"Zg").as_deref(), Some(&b"f"[..]));
        for broken in ["Z", "Zh==", "Z!==", "Zg=", "Zg===", "Zm9v="] {
            assert_eq!(decode(broken.as_bytes()), None, "{broken}");
        }
    }
}
