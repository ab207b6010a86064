//! A YAML or JSON tree with places, and typed getters.
//!
//! Knows values and where they stand. Must not know OpenAPI.

use std::sync::Arc;

use crate::source::Span;

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// A value as the document writes it; numbers keep their text. Clones share what is inside.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, exact.
    Number(Number),
    /// A string; equal short ones of a file are one.
    String(Arc<str>),
    /// A sequence.
    Array(Arc<[Node]>),
    /// A mapping, in the order of the document.
    Object(Object),
}

/// A mapping in the order of the document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object {
    /// Key, place of the key, value.
    pub entries: Arc<[Entry]>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key as text; equal ones of a file are one.
    pub key: Arc<str>,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// A number as decimal text that is valid JSON; `raw` is the source text where that differs (`08`, `0x1f`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(Box<Written>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Written {
    text: Box<str>,
    raw: Option<Box<str>>,
}

impl Number {
    /// A number whose `text` is a JSON number, written in the source as `raw` where that differs.
    pub fn new(text: impl Into<Box<str>>, raw: Option<Box<str>>) -> Self {
        Self(Box::new(Written { text: text.into(), raw }))
    }

    /// Decimal text, valid as a JSON number.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The text of the source.
    pub fn raw(&self) -> &str {
        self.0.raw.as_deref().unwrap_or(&self.0.text)
    }

    /// The value when it is an integer that fits; `2.0` and `1e3` are integers.
    pub fn as_i128(&self) -> Option<i128> {
        integer(&self.0.text)
    }

    /// The value when it is an integer that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_i128()?.try_into().ok()
    }

    /// The value when it is an integer that fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_i128()?.try_into().ok()
    }

    /// The nearest binary number.
    pub fn as_f64(&self) -> f64 {
        self.0.text.parse().unwrap_or(f64::NAN)
    }
}

/// Decimal digits that an exponent may add before we refuse to write an integer out.
const EXPONENT_MAX: i32 = 38;

fn integer(text: &str) -> Option<i128> {
    if let Ok(value) = text.parse() {
        return Some(value);
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let digits = format!("{whole}{fraction}");
    let value: i128 = digits.parse().ok()?;
    if value == 0 {
        return Some(0);
    }
    if shift >= 0 {
        return if shift > EXPONENT_MAX {
            None
        } else {
            value.checked_mul(10i128.checked_pow(shift.unsigned_abs())?)
        };
    }
    let divisor = 10i128.checked_pow(shift.unsigned_abs())?;
    (value % divisor == 0).then(|| value / divisor)
}

impl Object {
    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of `key`, with the key's place.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| &*entry.key == key)
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All entries in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }
}

impl Node {
    /// The value of `key`, when this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_object()?.get(key)
    }

    /// The mapping, when it is one.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The sequence, when it is one.
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The string, when it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth, when it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    /// The number, when it is one.
    pub fn as_number(&self) -> Option<&Number> {
        match &self.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The source text of a scalar where a string is wanted: `1.10` of `version: 1.10`.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.raw()),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// The same as a text of its own, without a copy where it is one.
    pub fn to_text(&self) -> Option<Arc<str>> {
        match &self.value {
            Value::String(text) => Some(Arc::clone(text)),
            _ => self.as_text().map(Into::into),
        }
    }

    /// Whether two values are equal, wherever they stand: `1.0` is `1`, and the order of keys is no matter.
    pub fn same_value(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Number(left), Value::Number(right)) => match (left.as_i128(), right.as_i128()) {
                (Some(left), Some(right)) => left == right,
                (None, None) => left == right || left.as_f64().total_cmp(&right.as_f64()).is_eq(),
                _ => false,
            },
            (Value::Array(left), Value::Array(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right.iter()).all(|(left, right)| left.same_value(right))
            }
            (Value::Object(left), Value::Object(right)) => {
                left.entries.len() == right.entries.len()
                    && left
                        .iter()
                        .all(|entry| right.get(&entry.key).is_some_and(|value| entry.value.same_value(value)))
            }
            (left, right) => left == right,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }
}
