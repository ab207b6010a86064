//! When two JSON texts mean the same: numbers by value, strings by their characters, objects in any order.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use super::decimal::{self, Decimal};
use super::decoder::Decoder;
use super::violation::Violation;

/// What is wrong with an array that must not repeat an item; none if it does not. Costs time in proportion to its text,
/// and three words an item: what is kept of an item is its hash, with a key that no client knows.
pub(crate) fn repeated(array: &str) -> Option<String> {
    let mut decoder = Decoder::json_str(array);
    let mut items = Vec::new();
    let (mut first, mut form) = (true, Vec::new());
    if !decoder.open(b'[', "a list") {
        return None;
    }
    let keys = RandomState::new();
    while decoder.more(&mut first, b']') {
        let start = decoder.start();
        form.clear();
        normalize(&mut decoder, &mut form);
        items.push(Item { hash: keys.hash_one(&form), index: items.len(), start });
    }
    items.sort_unstable_by_key(|item| (item.hash, item.index));
    let alike = items.chunk_by(|one, other| one.hash == other.hash).filter(|alike| alike.len() > 1);
    let repeated = alike.filter_map(|alike| first_repeated(array, alike)).min_by_key(|(_, later)| *later);
    repeated
        .map(|(earlier, later)| format!("must not repeat items, but items {earlier} and {later} are equal"))
}

/// An item of an array: where it begins in the array's text, and the hash of its normal form.
struct Item {
    hash: u64,
    index: usize,
    start: usize,
}

/// The first of these items, which are in order and have the same hash, that is equal to an earlier one.
fn first_repeated(array: &str, alike: &[Item]) -> Option<(usize, usize)> {
    let mut earlier = HashMap::new();
    alike.iter().find_map(|item| {
        let form = normal(&array[item.start..]);
        earlier.insert(form, item.index).map(|earlier| (earlier, item.index))
    })
}

/// Whether two JSON texts mean the same; `text`: a string may also stand for another scalar.
pub(crate) fn equal(left: &str, right: &str, text: bool) -> bool {
    if left == right {
        return true;
    }
    if text
        && let Some(inner) = left.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))
        && !right.starts_with('"')
    {
        let numbers = decimal::is_number(inner) && decimal::is_number(right);
        return inner == right || (numbers && Decimal::new(inner) == Decimal::new(right));
    }
    normal(left) == normal(right)
}

/// The normal form of the value that a text begins with.
pub(crate) fn normal(json: &str) -> Vec<u8> {
    let mut form = Vec::new();
    normalize(&mut Decoder::json_str(json), &mut form);
    form
}

/// Appends a form of the next value that is the same for all texts that mean the same, and for no others.
fn normalize(decoder: &mut Decoder<'_>, form: &mut Vec<u8>) {
    match decoder.peek() {
        b'"' => {
            if let Some(text) = decoder.str() {
                put_text(b's', &text, form);
            }
        }
        b'-' | b'0'..=b'9' => {
            if let Some((text, _)) = decoder.raw_number() {
                put_number(text, form);
            }
        }
        b'[' => {
            form.push(b'[');
            let mut first = true;
            if decoder.open(b'[', "") {
                while decoder.more(&mut first, b']') {
                    normalize(decoder, form);
                }
            }
            form.push(b']');
        }
        b'{' => normalize_object(decoder, form),
        _ => form.extend_from_slice(decoder.slice().as_bytes()),
    }
}

fn normalize_object(decoder: &mut Decoder<'_>, form: &mut Vec<u8>) {
    let mut entries = Vec::new();
    let mut first = true;
    if decoder.open(b'{', "") {
        while decoder.more(&mut first, b'}') {
            let Some(key) = decoder.key() else { return };
            let mut entry = Vec::new();
            put_text(b'k', &key, &mut entry);
            normalize(decoder, &mut entry);
            entries.push(entry);
        }
    }
    entries.sort_unstable();
    form.push(b'{');
    form.extend(entries.into_iter().flatten());
    form.push(b'}');
}

/// The normal form of a number.
pub(crate) fn put_number(text: &str, form: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let is_plain = bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-');
    let zeros = bytes.iter().rev().take_while(|byte| **byte == b'0').count();
    let ends_in_digit = bytes.len().checked_sub(zeros + 1).is_some_and(|at| bytes[at].is_ascii_digit());
    if is_plain && ends_in_digit {
        put_digits(&bytes[..bytes.len() - zeros], i64::try_from(zeros).unwrap_or(i64::MAX), form);
    } else {
        let (digits, scale) = Decimal::new(text).canonical();
        put_digits(digits.as_bytes(), scale, form);
    }
}

fn put_digits(digits: &[u8], scale: i64, form: &mut Vec<u8>) {
    form.push(b'n');
    form.extend_from_slice(&digits.len().to_le_bytes());
    form.extend_from_slice(digits);
    form.extend_from_slice(&scale.to_le_bytes());
}

/// The normal form of a string.
pub(crate) fn normal_text(text: &str) -> Vec<u8> {
    let mut form = Vec::new();
    put_text(b's', text, &mut form);
    form
}

/// A text with its length before it, so that no two sequences of texts have the same form.
pub(crate) fn put_text(kind: u8, text: &str, form: &mut Vec<u8>) {
    form.push(kind);
    form.extend_from_slice(&text.len().to_le_bytes());
    form.extend_from_slice(text.as_bytes());
}

/// Leaves one violation for each place and keyword.
pub(crate) fn drop_repeated(violations: &mut Vec<Violation>) {
    let mut kept: Vec<Violation> = Vec::with_capacity(violations.len());
    for violation in violations.drain(..) {
        let known =
            |other: &Violation| other.keyword == violation.keyword && other.path().eq(violation.path());
        if violation.keyword == "additionalProperties" || !kept.iter().any(known) {
            kept.push(violation);
        }
    }
    *violations = kept;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality() {
        for (left, right, expected) in [
            ("1", "1.0", true),
            ("1e2", "100", true),
            ("0", "-0", true),
            (r#""a""#, r#""\u0061""#, true),
            (r#"{"a":1,"b":[2]}"#, r#"{ "b": [2.0], "a": 1 }"#, true),
            ("[1,2]", "[2,1]", false),
            ("1", "true", false),
            ("0", "false", false),
            ("null", "false", false),
            (r#""1""#, "1", false),
            (r#"[["a"],"b"]"#, r#"[["a","b"]]"#, false),
            ("[[1],[]]", "[[1,[]]]", false),
        ] {
            assert_eq!(equal(left, right, false), expected, "{left} {right}");
        }
        assert!(equal(r#""1.0""#, "1", true));
        assert!(equal(r#""true""#, "true", true));
    }

    #[test]
    fn many_items_are_quick() {
        let mut array: String =
            (0..100_000).fold("[".to_owned(), |array, index| array + &index.to_string() + ",");
        array.push_str("1.0]");
        assert_eq!(
            repeated(&array).as_deref(),
            Some("must not repeat items, but items 1 and 100000 are equal")
        );
    }
}
