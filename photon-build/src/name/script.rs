//! Letters of other scripts as identifiers can hold them.
//!
//! Latin letters stay as they are, and so do words of Chinese, Japanese and Korean. Greek and Cyrillic, many of whose
//! letters look like Latin ones, are written in Latin: rustc warns of a crate whose only Greek letter is `Μ`, and a
//! warning of the crate cannot be allowed in a module. Letters of all other scripts are spelled by their number.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` in letters that rustc takes without a warning.
pub(super) fn legible(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let alone = text.chars().filter(|character| character.is_alphanumeric()).count() == 1;
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_latin(character) || !character.is_alphanumeric() || is_ideograph(character) && !alone {
            out.push(character);
        } else if let Some(latin) = transliterated(character) {
            out.push_str(latin);
        } else {
            // Writing to a string cannot fail.
            _ = write!(out, " u{:x} ", character as u32);
        }
    }
    Cow::Owned(out)
}

fn is_latin(character: char) -> bool {
    // The signs for masculine and feminine ordinals and the micro sign are no letters of a word.
    character <= '\u{24f}' && !matches!(character, '\u{aa}' | '\u{b5}' | '\u{ba}')
}

/// Hiragana to the end of the ideographs, and Hangul.
fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// ISO 9 and ISO 843 without their accents; an upper-case letter begins with one.
fn transliterated(character: char) -> Option<&'static str> {
    const GREEK: [&str; 25] = [
        "a", "b", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t",
        "y", "f", "ch", "ps", "o",
    ];
    const GREEK_UPPER: [&str; 25] = [
        "A", "B", "G", "D", "E", "Z", "I", "Th", "I", "K", "L", "M", "N", "X", "O", "P", "R", "S", "S", "T",
        "Y", "F", "Ch", "Ps", "O",
    ];
    const CYRILLIC: [&str; 32] = [
        "a", "b", "v", "g", "d", "e", "zh", "z", "i", "j", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u",
        "f", "kh", "c", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya",
    ];
    const CYRILLIC_UPPER: [&str; 32] = [
        "A", "B", "V", "G", "D", "E", "Zh", "Z", "I", "J", "K", "L", "M", "N", "O", "P", "R", "S", "T", "U",
        "F", "Kh", "C", "Ch", "Sh", "Shch", "", "Y", "", "E", "Yu", "Ya",
    ];
    let at = |first: char| character as usize - first as usize;
    match character {
        '\u{b5}' => Some("m"),
        'Α'..='Ω' => Some(GREEK_UPPER[at('Α')]),
        'α'..='ω' => Some(GREEK[at('α')]),
        'А'..='Я' => Some(CYRILLIC_UPPER[at('А')]),
        'а'..='я' => Some(CYRILLIC[at('а')]),
        'Ё' => Some("Yo"),
        'ё' => Some("yo"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts() {
        for (text, expected) in [
            ("pet", "pet"),
            ("Größe", "Größe"),
            ("Μ", "M"),
            ("μ", "m"),
            ("µ", "m"),
            ("Привет", "Privet"),
            ("ψυχη", "psychi"),
            ("東京", "東京"),
            ("一", "u4e00"),
            ("שלום", "u5e9 u5dc u5d5 u5dd"),
        ] {
            let words: Vec<_> = legible(text).split_whitespace().map(str::to_owned).collect();
            assert_eq!(words.join(" "), expected, "{text}");
        }
    }
}
