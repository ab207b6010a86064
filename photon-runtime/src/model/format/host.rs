//! Host names: RFC 1123, and the internationalized ones of IDNA 2008 (RFC 5890 to 5893).
//!
//! The `idna` crate decodes labels and knows bidirectional text, joiners and lengths (UTS 46); what IDNA 2008 forbids
//! beyond that (RFC 5892: symbols, unstable characters, context rules) is here.

use std::sync::OnceLock;

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use regex::Regex;

const NAME_BYTES_MAX: usize = 253;
const LABEL_BYTES_MAX: usize = 63;
const CHARACTER_BYTES_MAX: usize = 4;

/// Whether a text is a host name in ASCII; `xn--` labels must stand for something.
pub(super) fn is_ascii(text: &str) -> bool {
    if text.len() > NAME_BYTES_MAX {
        return false;
    }
    // A label begins and ends with a letter or a digit.
    let (mut length, mut last, mut encoded) = (0, b'-', false);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => length += 1,
            b'-' if length > 0 => {
                length += 1;
                encoded |= length == 4 && last == b'-';
            }
            b'.' if length > 0 && last != b'-' => length = 0,
            _ => return false,
        }
        if length > LABEL_BYTES_MAX {
            return false;
        }
        last = byte;
    }
    let ends = length > 0 && last != b'-';
    ends && (!encoded || !text.split('.').any(is_encoded) || is_unicode(text))
}

/// Whether a label stands for another one.
fn is_encoded(label: &str) -> bool {
    label.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("xn--"))
}

/// Letters, digits, hyphens inside.
fn is_ldh(label: &str) -> bool {
    (1..=LABEL_BYTES_MAX).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Whether a text is a host name in letters of any script.
pub(super) fn is_unicode(text: &str) -> bool {
    if text.len() > NAME_BYTES_MAX * CHARACTER_BYTES_MAX {
        return false;
    }
    let labels = || text.split(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}']);
    if !labels().all(is_label) {
        return false;
    }
    let name: Vec<&str> = labels().collect();
    let name = name.join(".");
    Uts46::new().to_ascii(name.as_bytes(), AsciiDenyList::STD3, Hyphens::Check, DnsLength::Verify).is_ok()
}

fn is_label(label: &str) -> bool {
    if label.is_ascii() {
        let lower = label.to_ascii_lowercase();
        let Some(code) = lower.strip_prefix("xn--") else { return is_ldh(label) };
        // What an encoded label stands for must itself be no ASCII, and encode to the same.
        let Some(decoded) = idna::punycode::decode_to_string(code) else { return false };
        return !decoded.is_ascii()
            && idna::punycode::encode_str(&decoded).is_some_and(|again| again == code)
            && is_unicode_label(&decoded);
    }
    is_unicode_label(label)
}

/// Whether a label holds only what IDNA 2008 has as valid, each in a context that allows it.
fn is_unicode_label(label: &str) -> bool {
    let characters: Vec<char> = label.chars().collect();
    is_stable(label) && (0..characters.len()).all(|at| is_valid(&characters, at))
}

/// Whether mapping leaves a label alone, but for the case of ASCII letters.
fn is_stable(label: &str) -> bool {
    let (mapped, result) = Uts46::new().to_unicode(label.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow);
    result.is_ok() && mapped == label.to_ascii_lowercase()
}

#[allow(clippy::match_same_arms, reason = "an arm a section of the RFC")]
fn is_valid(label: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| label.get(at)).copied();
    let after = label.get(at + 1).copied();
    match label[at] {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' => true,
        // Exceptions that are valid, and joiners, whose context UTS 46 has looked at (RFC 5892, 2.6 and A.1, A.2).
        'ß' | 'ς' | '\u{6fd}' | '\u{6fe}' | '\u{f0b}' | '\u{3007}' | '\u{200c}' | '\u{200d}' => true,
        // Exceptions that are not.
        '\u{640}' | '\u{7fa}' | '\u{302e}' | '\u{302f}' | '\u{3031}'..='\u{3035}' | '\u{303b}' => false,
        // In some contexts (RFC 5892, A.3 to A.9).
        '\u{b7}' => before == Some('l') && after == Some('l'),
        '\u{375}' => after.is_some_and(|next| scripts().greek.is_match(next.encode_utf8(&mut [0; 4]))),
        '\u{5f3}' | '\u{5f4}' => {
            before.is_some_and(|previous| scripts().hebrew.is_match(previous.encode_utf8(&mut [0; 4])))
        }
        '\u{30fb}' => label.iter().any(|other| scripts().japanese.is_match(other.encode_utf8(&mut [0; 4]))),
        '\u{660}'..='\u{669}' => !label.iter().any(|other| matches!(other, '\u{6f0}'..='\u{6f9}')),
        '\u{6f0}'..='\u{6f9}' => !label.iter().any(|other| matches!(other, '\u{660}'..='\u{669}')),
        // Blocks that are ignored, and old Hangul (RFC 5892, 2.4 to 2.9).
        '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{d7b0}'..='\u{d7ff}' => false,
        '\u{20d0}'..='\u{20ff}' | '\u{1d100}'..='\u{1d24f}' => false,
        other => scripts().letters.is_match(other.encode_utf8(&mut [0; 4])),
    }
}

/// Classes of characters, compiled on first use.
struct Scripts {
    greek: Regex,
    hebrew: Regex,
    japanese: Regex,
    letters: Regex,
}

fn scripts() -> &'static Scripts {
    static SCRIPTS: OnceLock<Scripts> = OnceLock::new();
    SCRIPTS.get_or_init(|| {
        let class =
            |class: &str| Regex::new(class).unwrap_or_else(|error| panic!("a class of Unicode: {error}"));
        Scripts {
            greek: class(r"\p{Greek}"),
            hebrew: class(r"\p{Hebrew}"),
            japanese: class(r"[\p{Hiragana}\p{Katakana}\p{Han}]"),
            letters: class(r"[[\p{Ll}\p{Lo}\p{Lm}\p{Nd}\p{Mn}\p{Mc}]--\p{Default_Ignorable_Code_Point}]"),
        }
    })
}
