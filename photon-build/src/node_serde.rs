//! Nodes as a `serde::Deserializer`, so that types of others can be read from them, and as JSON text.

use std::fmt::Write as _;

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::node::{Node, Object, Value};

/// What reading a type from a node may answer.
pub(crate) type Error = serde::de::value::Error;

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Number(number) => {
                if let Some(value) = number.as_i64() {
                    visitor.visit_i64(value)
                } else if let Some(value) = number.as_u64() {
                    visitor.visit_u64(value)
                } else {
                    visitor.visit_f64(number.as_f64())
                }
            }
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => SeqDeserializer::new(items.iter()).deserialize_any(visitor),
            Value::Object(object) => entries(object).deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    /// Where text is wanted, a number or a truth value gives its text: `version: 1.10`.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.as_text() {
            Some(text) => visitor.visit_borrowed_str(text),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match &self.value {
            Value::String(text) => {
                let text: StrDeserializer<'_, Error> = (&**text).into_deserializer();
                text.deserialize_enum(name, variants, visitor)
            }
            Value::Object(object) => serde::de::value::MapAccessDeserializer::new(entries(object))
                .deserialize_enum(name, variants, visitor),
            _ => Err(Error::custom("a string or a mapping is expected")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for &'de Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

type Entries<'de> = MapDeserializer<'de, Box<dyn Iterator<Item = (&'de str, &'de Node)> + 'de>, Error>;

fn entries(object: &Object) -> Entries<'_> {
    MapDeserializer::new(Box::new(object.iter().map(|entry| (&*entry.key, &entry.value))))
}

impl Node {
    /// The value as JSON text without spaces; numbers keep their text.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    /// Appends the value as JSON text.
    pub fn write_json(&self, out: &mut String) {
        match &self.value {
            Value::Null => out.push_str("null"),
            Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Value::Number(number) => out.push_str(number.as_str()),
            Value::String(text) => write_string(out, text),
            Value::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    item.write_json(out);
                }
                out.push(']');
            }
            Value::Object(object) => {
                out.push('{');
                for (index, entry) in object.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    write_string(out, &entry.key);
                    out.push(':');
                    entry.value.write_json(out);
                }
                out.push('}');
            }
        }
    }
}

/// Appends a string as JSON.
pub(crate) fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => _ = write!(out, "\\u{:04x}", c as u32),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Number;
    use crate::source::Span;
    use std::collections::BTreeMap;

    fn node(value: Value) -> Node {
        Node { span: Span::default(), value }
    }

    #[test]
    fn types_of_others_can_be_read() {
        #[derive(serde::Deserialize, Debug, PartialEq)]
        enum Kind {
            Plain,
        }
        #[derive(serde::Deserialize, Debug, PartialEq)]
        struct Wanted {
            name: String,
            version: String,
            count: Option<u8>,
            missing: Option<u8>,
            kind: Kind,
            more: BTreeMap<String, f64>,
        }
        let entry = |key: &str, value: Value| crate::node::Entry {
            key: key.into(),
            key_span: Span::default(),
            value: node(value),
        };
        let more = Object { entries: [entry("x", Value::Number(Number::new("1.5", None)))].into() };
        let object = node(Value::Object(Object {
            entries: std::sync::Arc::new([
                entry("name", Value::String("n".into())),
                entry("version", Value::Number(Number::new("1.10", None))),
                entry("count", Value::Number(Number::new("3", None))),
                entry("missing", Value::Null),
                entry("kind", Value::String("Plain".into())),
                entry("more", Value::Object(more)),
            ]),
        }));
        let wanted: Wanted = serde::Deserialize::deserialize(&object).unwrap();
        assert_eq!(wanted.version, "1.10");
        assert_eq!((wanted.count, wanted.missing, wanted.kind), (Some(3), None, Kind::Plain));
        assert!((wanted.more["x"] - 1.5).abs() < f64::EPSILON);
        assert!(object.to_json().starts_with(r#"{"name":"n","version":1.10,"count":3,"missing":null"#));
    }
}
