//! Plain scalars by the core schema of YAML 1.2: null, truth values, numbers; all else is text.
//!
//! `no`, `on` and `16_9` are text; `08` is eight; `1.10` keeps its text.

use super::tree::Texts;
use crate::node::{Number, Value};

/// The value of a plain scalar.
pub(crate) fn plain(text: &str, texts: &mut Texts) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(texts.keep(text)), Value::Number),
    }
}

/// The number that a plain scalar writes.
pub(crate) fn number(text: &str) -> Option<Number> {
    let first = *text.as_bytes().first()?;
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return None;
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(text, digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(text, digits, 8);
    }
    let json = decimal(text)?;
    let raw = (json != text).then(|| text.into());
    Some(Number::new(json, raw))
}

fn radix(text: &str, digits: &str, radix: u32) -> Option<Number> {
    // `from_str_radix` takes a sign, YAML does not.
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let value = u128::from_str_radix(digits, radix).ok()?;
    Some(Number::new(value.to_string(), Some(text.into())))
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?` as a JSON number.
fn decimal(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (if text.starts_with('-') { "-" } else { "" }, rest),
        None => ("", text),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let fraction_empty = fraction.is_none_or(str::is_empty);
    if !all_digits(whole) || !all_digits(fraction.unwrap_or("")) || (whole.is_empty() && fraction_empty) {
        return None;
    }
    let mut json = String::from(sign);
    let significant = whole.trim_start_matches('0');
    json.push_str(if significant.is_empty() { "0" } else { significant });
    if let Some(fraction) = fraction {
        json.push('.');
        json.push_str(if fraction.is_empty() { "0" } else { fraction });
    }
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || !all_digits(digits) {
            return None;
        }
        json.push('e');
        json.push_str(exponent);
    }
    // The letter of the exponent is kept, so that most numbers are their own text.
    Some(if text.contains('E') { json.replace('e', "E") } else { json })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = match plain(text, &mut Texts::default()) {
            Value::Null => "null".to_owned(),
            Value::Bool(truth) => truth.to_string(),
            Value::Number(number) => format!("n {}", number.as_str()),
            Value::String(text) => format!("s {text}"),
            other => format!("{other:?}"),
        };
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        check("", "null");
        check("~", "null");
        check("no", "s no");
        check("on", "s on");
        check("True", "true");
        check("tRue", "s tRue");
        check("08", "n 8");
        check("1.10", "n 1.10");
        check("16_9", "s 16_9");
        check("-0", "n -0");
        check("+12", "n 12");
        check(".5", "n 0.5");
        check("5.", "n 5.0");
        check("-.5e-3", "n -0.5e-3");
        check("1E400", "n 1E400");
        check("0x1f", "n 31");
        check("0o17", "n 15");
        check("0x", "s 0x");
        check(".inf", "s .inf");
        check(".", "s .");
        check("-", "s -");
        check("1e", "s 1e");
        check("2020-01-01", "s 2020-01-01");
        check("1.2.3", "s 1.2.3");
        check("123456789012345678901234567890", "n 123456789012345678901234567890");
    }
}
