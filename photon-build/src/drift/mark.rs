//! Marks of what is said to people: a fingerprint and the first words, enough to see that it changed.

use std::sync::Arc;

use crate::node::Node;

/// Characters of a text that its mark shows.
const WORDS_CHARS_MAX: usize = 60;

/// The mark of a text, or of any other value.
pub(super) fn mark(node: &Node) -> Arc<str> {
    let json;
    let text = if let Some(text) = node.as_text() {
        text
    } else {
        json = node.to_json();
        &json
    };
    let mut words = String::new();
    let mut letters = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    words.extend(letters.by_ref().take(WORDS_CHARS_MAX));
    if letters.next().is_some() {
        words.truncate(words.trim_end().len());
        words.push_str("..");
    }
    format!("{:08x} {words}", fingerprint(text)).into()
}

/// The words of a mark.
pub(super) fn words(mark: &str) -> &str {
    mark.split_once(' ').map_or(mark, |(_, words)| words)
}

/// FNV-1a, folded to 32 bits: the same on every machine and for ever, which no hasher of the standard library is.
fn fingerprint(text: &str) -> u32 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let (high, low) = (hash >> 32, hash & 0xffff_ffff);
    u32::try_from(high ^ low).unwrap_or(u32::MAX)
}
