//! A JSON value with its numbers as they are written. Knows no schema.

use std::borrow::Cow;
use std::fmt;

use crate::model::decimal::{self, Decimal};
use crate::model::decoder::Decoder;
use crate::model::one_of::{ARRAY, BOOLEAN, INTEGER, NULL, NUMBER, OBJECT, STRING, Types};
use crate::model::unique;

/// A value; what it can, it borrows from its text.
#[derive(Clone, Debug)]
pub(crate) enum Value<'t> {
    Null,
    Bool(bool),
    /// In the grammar of JSON.
    Number(&'t str),
    String(Cow<'t, str>),
    /// The items, and the array's text.
    Array(Vec<Self>, &'t str),
    /// In the order of the names, each once.
    Object(Vec<Member<'t>>),
}

pub(crate) type Member<'t> = (Cow<'t, str>, Value<'t>);

impl<'t> Value<'t> {
    /// None where the text is no JSON, or nested too deep.
    pub(crate) fn parse(text: &'t str) -> Option<Self> {
        let mut decoder = Decoder::json_str(text);
        let value = read(&mut decoder, text)?;
        decoder.end();
        (!decoder.is_fatal()).then_some(value)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        position(members, name).map(|at| &members[at].1)
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    pub(super) fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(items, _) = self { Some(items) } else { None }
    }

    pub(super) fn as_object(&self) -> Option<&[Member<'t>]> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// Whether there is something inside.
    pub(super) fn is_nested(&self) -> bool {
        matches!(self, Self::Array(..) | Self::Object(_))
    }

    /// How many items or members it has.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Array(items, _) => items.len(),
            Self::Object(members) => members.len(),
            _ => 0,
        }
    }

    /// A whole number is both an integer and a number.
    pub(super) fn types(&self) -> Types {
        match self {
            Self::Null => NULL,
            Self::Bool(_) => BOOLEAN,
            Self::Number(text) if is_integer(text) => INTEGER.or(NUMBER),
            Self::Number(_) => NUMBER,
            Self::String(_) => STRING,
            Self::Array(..) => ARRAY,
            Self::Object(_) => OBJECT,
        }
    }

    /// What it is, for a person.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(text) if is_integer(text) => "an integer",
            Self::Number(_) => "a number with a fraction",
            Self::String(_) => "a string",
            Self::Array(..) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// Appends a form that is the same for all values that are equal, and for no others.
    pub(super) fn put_form(&self, form: &mut Vec<u8>) {
        match self {
            Self::Null => form.push(b'0'),
            Self::Bool(value) => form.push(if *value { b't' } else { b'f' }),
            Self::Number(text) => unique::put_number(text, form),
            Self::String(text) => unique::put_text(b's', text, form),
            Self::Array(items, _) => {
                form.push(b'[');
                for item in items {
                    item.put_form(form);
                }
                form.push(b']');
            }
            Self::Object(members) => {
                form.push(b'{');
                for (name, value) in members {
                    unique::put_text(b'k', name, form);
                    value.put_form(form);
                }
                form.push(b'}');
            }
        }
    }

    /// What a JSON pointer leads to.
    pub(super) fn pointer(&self, pointer: &str) -> Option<&Self> {
        let mut place = self;
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            place = match place {
                Self::Array(items, _) => items.get(step.parse::<usize>().ok()?)?,
                _ => place.get(&step)?,
            };
        }
        Some(place)
    }
}

/// Where a name stands among the members of an object.
pub(super) fn position(members: &[Member<'_>], name: &str) -> Option<usize> {
    members.binary_search_by(|(other, _)| (**other).cmp(name)).ok()
}

fn is_integer(text: &str) -> bool {
    decimal::number_end(text.as_bytes(), 0).is_some_and(|(_, plain)| plain) || Decimal::new(text).is_integer()
}

fn read<'t>(decoder: &mut Decoder<'t>, source: &'t str) -> Option<Value<'t>> {
    match decoder.peek() {
        b'"' => decoder.raw_str().map(Value::String),
        b'{' => read_object(decoder, source),
        b'[' => {
            let start = decoder.start();
            let (mut items, mut first) = (Vec::new(), true);
            if decoder.open(b'[', "a list") {
                while decoder.more(&mut first, b']') {
                    items.push(read(decoder, source)?);
                }
            }
            let end = decoder.save().place();
            (!decoder.is_fatal()).then(|| Value::Array(items, source.get(start..end).unwrap_or_default()))
        }
        b't' => decoder.word("true").then_some(Value::Bool(true)),
        b'f' => decoder.word("false").then_some(Value::Bool(false)),
        b'n' => decoder.word("null").then_some(Value::Null),
        b'-' | b'0'..=b'9' => decoder.raw_number().map(|(text, _)| Value::Number(text)),
        _ => {
            decoder.syntax();
            None
        }
    }
}

/// Of members with the same name the last counts, as it does for `serde_json`.
fn read_object<'t>(decoder: &mut Decoder<'t>, source: &'t str) -> Option<Value<'t>> {
    let (mut members, mut first) = (Vec::new(), true);
    if decoder.open(b'{', "an object") {
        while decoder.more(&mut first, b'}') {
            let name = decoder.key()?;
            members.push((name, read(decoder, source)?));
        }
    }
    members.reverse();
    members.sort_by(|(left, _), (right, _)| left.cmp(right));
    members.dedup_by(|(left, _), (right, _)| left == right);
    (!decoder.is_fatal()).then_some(Value::Object(members))
}

/// Numbers by value, strings by their characters, objects in any order.
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Number(left), Self::Number(right)) => {
                left == right || Decimal::new(left) == Decimal::new(right)
            }
            (Self::String(left), Self::String(right)) => left == right,
            (Self::Array(left, _), Self::Array(right, _)) => left == right,
            (Self::Object(left), Self::Object(right)) => left == right,
            _ => false,
        }
    }
}

/// As JSON.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(text) | Self::Array(_, text) => f.write_str(text),
            Self::String(text) => write_text(text, f),
            Self::Object(members) => {
                f.write_str("{")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    f.write_str(if index > 0 { "," } else { "" })?;
                    write_text(name, f)?;
                    write!(f, ":{value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

fn write_text(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn texts() {
        for (text, expected) in [
            (r#" {"b" : [1, 2.50], "a": null, "b": true} "#, Some(r#"{"a":null,"b":true}"#)),
            (r#"["\u0061",1e400 ]"#, Some(r#"["\u0061",1e400 ]"#)),
            ("12345678901234567890.10", Some("12345678901234567890.10")),
            (r#""\u0061\n""#, Some(r#""a\n""#)),
            ("[1", None),
            ("1 2", None),
            ("{\"a\"}", None),
            ("tru", None),
        ] {
            assert_eq!(Value::parse(text).map(|value| value.to_string()).as_deref(), expected, "{text}");
        }
        assert_eq!(Value::parse(&"[".repeat(200)), None);
    }

    #[test]
    fn equality() {
        for (left, right, expected) in [
            ("1", "1.0", true),
            ("9007199254740993", "9007199254740992", false),
            (r#"{"a":1,"b":[2]}"#, r#"{"b":[2.0],"a":1}"#, true),
            (r#"{"a":1}"#, r#"{"a":1,"b":1}"#, false),
            ("[1,2]", "[2,1]", false),
            ("false", "0", false),
        ] {
            assert_eq!(Value::parse(left) == Value::parse(right), expected, "{left} {right}");
        }
    }

    #[test]
    fn pointers() {
        let value = Value::parse(r#"{"a/b":[{"~":1}]}"#).unwrap();
        assert_eq!(value.pointer("/a~1b/0/~0"), Some(&Value::Number("1")));
        assert_eq!(value.pointer("/a~1b/1"), None);
        assert_eq!(value.pointer(""), Some(&value));
    }
}
