//! When two JSON texts mean the same: numbers by value, strings by their characters, objects in any order.

use std::collections::HashMap;

use super::decimal::{self, Decimal};
use super::decoder::Decoder;
use super::violation::Violation;

/// What is wrong with an array that must not repeat an item; none if it does not. Costs time in proportion to its text.
pub(crate) fn repeated(array: &str) -> Option<String> {
    let mut decoder = Decoder::json_str(array);
    let mut places = HashMap::new();
    let (mut first, mut index) = (true, 0usize);
    if !decoder.open(b'[', "a list") {
        return None;
    }
    while decoder.more(&mut first, b']') {
        let mut form = Vec::new();
        normalize(&mut decoder, &mut form);
        if let Some(earlier) = places.insert(form, index) {
            return Some(format!("must not repeat items, but items {earlier} and {index} are equal"));
        }
        index += 1;
    }
    None
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

fn normal(json: &str) -> Vec<u8> {
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
                let (digits, scale) = Decimal::new(text).canonical();
                put_text(b'n', &format!("{digits}e{scale}"), form);
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

/// A text with its length before it, so that no two sequences of texts have the same form.
fn put_text(kind: u8, text: &str, form: &mut Vec<u8>) {
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
