//! serde both ways out of the same tables: a value serializes by a visit, and deserializes from any format that
//! describes itself. `serde_json` hands over the raw text, which goes through the one decoder.

use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess};
use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Deserializer, Serialize, Serializer};

use super::checker;
use super::decimal::Decimal;
use super::decoder::decode;
use super::one_of::OneOf;
use super::record::Record;
use super::rule::Rule;
use super::tuple::Tuple;
use super::types::File;
use super::union::Union;
use super::value::{Value, any};
use super::violation::{Segment, Violations};
use super::visitor::Visitor;
use super::writer::write_str;

/// The name under which `serde_json` hands over raw text.
const RAW: &str = "$serde_json::private::RawValue";

/// Serializes a value by a visit.
pub fn serialize<S: Serializer>(value: &dyn Value, serializer: S) -> Result<S::Ok, S::Error> {
    Shown { value, rule: any(), tag: None }.serialize(serializer)
}

/// Deserializes a value; the error tells all that does not fit.
pub fn deserialize<'de, T: Value, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut text = Vec::new();
    deserializer.deserialize_newtype_struct(RAW, Text(&mut text))?;
    decode(&text).map_err(de::Error::custom)
}

/// `validator::Validate` of a value: errors under the first part of their path, pointer and message inside.
pub fn validate(value: &dyn Value) -> Result<(), validator::ValidationErrors> {
    let violations = checker::check(value, any());
    if violations.is_empty() { Ok(()) } else { Err(errors(&violations)) }
}

fn errors(violations: &Violations) -> validator::ValidationErrors {
    let mut errors = validator::ValidationErrors::new();
    for violation in violations {
        let field = match violation.path().next() {
            Some(Segment::Key(key)) => key.clone(),
            Some(Segment::Index(index)) => index.to_string().into(),
            None => "__all__".into(),
        };
        let mut error =
            validator::ValidationError::new(violation.keyword).with_message(violation.message().into());
        error.add_param("pointer".into(), &violation.pointer());
        let list = errors.errors_mut().entry(field);
        let list = list.or_insert_with(|| validator::ValidationErrorsKind::Field(Vec::new()));
        if let validator::ValidationErrorsKind::Field(list) = list {
            list.push(error);
        }
    }
    errors
}

struct Shown<'v> {
    value: &'v dyn Value,
    rule: &'v Rule,
    tag: Option<(&'static str, &'static str)>,
}

impl<'v> Shown<'v> {
    fn new(value: &'v dyn Value, rule: &'v Rule) -> Self {
        Self { value, rule, tag: None }
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sink = Sink { serializer: Some(serializer), result: None, tag: self.tag };
        self.value.visit(&mut sink, self.rule);
        sink.result.unwrap_or_else(|| Err(S::Error::custom("the value showed nothing")))
    }
}

/// A visitor that serializes the one thing it is shown.
struct Sink<S: Serializer> {
    serializer: Option<S>,
    result: Option<Result<S::Ok, S::Error>>,
    tag: Option<(&'static str, &'static str)>,
}

impl<S: Serializer> Sink<S> {
    fn put(&mut self, put: impl FnOnce(S) -> Result<S::Ok, S::Error>) {
        if let Some(serializer) = self.serializer.take() {
            self.result = Some(put(serializer));
        }
    }
}

impl<S: Serializer> Visitor for Sink<S> {
    fn null(&mut self) {
        self.put(Serializer::serialize_none);
    }

    fn bool(&mut self, value: bool) {
        self.put(|serializer| serializer.serialize_bool(value));
    }

    fn i64(&mut self, value: i64, _: &Rule) {
        self.put(|serializer| serializer.serialize_i64(value));
    }

    fn u64(&mut self, value: u64, _: &Rule) {
        self.put(|serializer| serializer.serialize_u64(value));
    }

    fn f64(&mut self, value: f64, _: &Rule) {
        self.put(|serializer| serializer.serialize_f64(value));
    }

    fn number(&mut self, text: &str, _: &Rule) {
        self.put(|serializer| serialize_number(text, serializer));
    }

    fn str(&mut self, value: &str, _: &Rule) {
        self.put(|serializer| serializer.serialize_str(value));
    }

    fn literal(&mut self, json: &'static str) {
        let tree = super::decoder::Decoder::json_str(json).tree().unwrap_or_default();
        self.put(|serializer| tree.serialize(serializer));
    }

    fn any(&mut self, value: &serde_json::Value) {
        self.put(|serializer| value.serialize(serializer));
    }

    fn file(&mut self, file: &File) {
        self.put(|serializer| serializer.serialize_str(&String::from_utf8_lossy(&file.content)));
    }

    fn record(&mut self, record: &'static Record, fields: &[&dyn Value]) {
        let tag = self.tag.filter(|(tag, _)| record.position(tag).is_none());
        self.put(|serializer| {
            let mut map = serializer.serialize_map(None)?;
            if let Some((tag, value)) = tag {
                map.serialize_entry(tag, value)?;
            }
            for (field, value) in record.fields().iter().zip(fields) {
                if !value.is_absent() || field.writes_null() {
                    map.serialize_entry(field.name, &Shown::new(*value, &field.rule))?;
                }
            }
            if let Some(extra) = fields.get(record.fields().len()) {
                let mut flat = Flat { map: &mut map, result: Ok(()) };
                extra.visit(&mut flat, any());
                flat.result?;
            }
            map.end()
        });
    }

    fn list(&mut self, items: &mut dyn ExactSizeIterator<Item = &dyn Value>, rule: &Rule) {
        self.put(|serializer| {
            let mut list = serializer.serialize_seq(Some(items.len()))?;
            for item in items {
                list.serialize_element(&Shown::new(item, rule.item()))?;
            }
            list.end()
        });
    }

    fn map(&mut self, entries: &mut dyn Iterator<Item = (&str, &dyn Value)>, rule: &Rule) {
        let mut tag = self.tag;
        self.put(|serializer| {
            let mut map = serializer.serialize_map(None)?;
            for (key, value) in entries {
                tag = tag.filter(|(tag, _)| *tag != key);
                map.serialize_entry(key, &Shown::new(value, rule.value()))?;
            }
            if let Some((tag, value)) = tag {
                map.serialize_entry(tag, value)?;
            }
            map.end()
        });
    }

    fn tagged(&mut self, union: &'static Union, index: usize, value: &dyn Value) {
        let tag = union.value_of(index).map(|value| (union.tag, value));
        self.put(|serializer| Shown { value, rule: any(), tag }.serialize(serializer));
    }

    fn one_of(&mut self, union: &'static OneOf, index: usize, value: &dyn Value) {
        let rule = union.branches.get(index).map_or(any(), |branch| &branch.rule);
        let tag = self.tag;
        self.put(|serializer| Shown { value, rule, tag }.serialize(serializer));
    }

    fn tuple(&mut self, tuple: &'static Tuple, items: &[&dyn Value]) {
        let present: Vec<_> = tuple.present(items).collect();
        self.put(|serializer| {
            let mut list = serializer.serialize_seq(Some(present.len()))?;
            for (item, rule) in present {
                list.serialize_element(&Shown::new(item, rule))?;
            }
            list.end()
        });
    }
}

/// A number as the smallest type that holds it exactly; where there is none, `serde_json` gets the text itself.
fn serialize_number<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let number = Decimal::new(text);
    if let Some(whole) = number.to_i128() {
        if let Ok(whole) = i64::try_from(whole) {
            return serializer.serialize_i64(whole);
        }
        if let Ok(whole) = u64::try_from(whole) {
            return serializer.serialize_u64(whole);
        }
    }
    match text.parse::<f64>() {
        Ok(double) if double.is_finite() && Decimal::new(&double.to_string()) == number => {
            serializer.serialize_f64(double)
        }
        _ => serde_json::value::RawValue::from_string(text.to_owned())
            .map_err(S::Error::custom)?
            .serialize(serializer),
    }
}

/// Puts the entries of a map among those of a record.
struct Flat<'m, M: SerializeMap> {
    map: &'m mut M,
    result: Result<(), M::Error>,
}

impl<M: SerializeMap> Visitor for Flat<'_, M> {
    fn map(&mut self, entries: &mut dyn Iterator<Item = (&str, &dyn Value)>, rule: &Rule) {
        for (key, value) in entries {
            if self.result.is_ok() {
                self.result = self.map.serialize_entry(key, &Shown::new(value, rule.value()));
            }
        }
    }
}

/// Writes what a format says of itself as JSON text.
struct Text<'o>(&'o mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Text<'_> {
    fn put(self, text: &[u8]) {
        self.0.extend_from_slice(text);
    }
}

impl<'de> de::Visitor<'de> for Text<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything that JSON can hold")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.put(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.put(itoa::Buffer::new().format(value).as_bytes());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.put(itoa::Buffer::new().format(value).as_bytes());
        Ok(())
    }

    fn visit_i128<E>(self, value: i128) -> Result<(), E> {
        self.put(value.to_string().as_bytes());
        Ok(())
    }

    fn visit_u128<E>(self, value: u128) -> Result<(), E> {
        self.put(value.to_string().as_bytes());
        Ok(())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        if !value.is_finite() {
            return Err(E::custom("JSON has no infinite or undefined numbers"));
        }
        serde_json::to_writer(self.0, &value).map_err(E::custom)
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        write_str(self.0, value);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.put(b"null");
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.put(b"null");
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.push(b'[');
        while items.next_element_seed(Text(self.0))?.is_some() {
            self.0.push(b',');
        }
        close(self.0, b',', b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.0.push(b'{');
        while let Some(key) = entries.next_key::<String>()? {
            if key == RAW {
                self.0.pop();
                self.put(entries.next_value::<String>()?.as_bytes());
                return Ok(());
            }
            write_str(self.0, &key);
            self.0.push(b':');
            entries.next_value_seed(Text(self.0))?;
            self.0.push(b',');
        }
        close(self.0, b',', b'}');
        Ok(())
    }
}

/// Puts the bracket in place of the last separator.
fn close(out: &mut Vec<u8>, separator: u8, bracket: u8) {
    if out.last() == Some(&separator) {
        out.pop();
    }
    out.push(bracket);
}
