//! Values into JSON text, by a visit. Escapes are those of `serde_json`; a double that is no number is `null`, as there.

use super::one_of::OneOf;
use super::record::{Field, Record};
use super::rule::Rule;
use super::tuple::Tuple;
use super::types::File;
use super::union::Union;
use super::value::{Value, any};
use super::visitor::Visitor;

/// Appends the JSON text of a value.
pub fn encode(value: &dyn Value, out: &mut Vec<u8>) {
    value.visit(&mut Writer { out, tag: None }, any());
}

/// The JSON text of a value.
pub fn to_json(value: &dyn Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    encode(value, &mut out);
    out
}

/// The JSON text of what visits a visitor.
pub(crate) fn written(show: &mut dyn FnMut(&mut dyn Visitor)) -> String {
    let mut out = Vec::new();
    show(&mut Writer { out: &mut out, tag: None });
    String::from_utf8(out).unwrap_or_default()
}

struct Writer<'o> {
    out: &'o mut Vec<u8>,
    /// The tag of the union whose variant comes next, and its value.
    tag: Option<(&'static str, &'static str)>,
}

impl Writer<'_> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    #[inline]
    fn key(&mut self, field: &Field) {
        if field.plain {
            self.out.push(b'"');
            self.put(field.name.as_bytes());
            self.put(b"\":");
        } else {
            write_str(self.out, field.name);
            self.out.push(b':');
        }
    }

    /// Writes the tag of a union where the variant has no such property; says whether it did.
    fn put_tag(&mut self, has: &dyn Fn(&str) -> bool) -> bool {
        match self.tag.take() {
            Some((tag, value)) if !has(tag) => {
                write_str(self.out, tag);
                self.out.push(b':');
                write_str(self.out, value);
                true
            }
            _ => false,
        }
    }

    /// A nested value: the tag is not for it.
    #[inline]
    fn nested(&mut self, value: &dyn Value, rule: &Rule) {
        value.visit(self, rule);
    }
}

impl Visitor for Writer<'_> {
    #[inline]
    fn null(&mut self) {
        self.put(b"null");
    }

    #[inline]
    fn bool(&mut self, value: bool) {
        self.put(if value { b"true" } else { b"false" });
    }

    #[inline]
    fn i64(&mut self, value: i64, _: &Rule) {
        self.put(itoa::Buffer::new().format(value).as_bytes());
    }

    #[inline]
    fn u64(&mut self, value: u64, _: &Rule) {
        self.put(itoa::Buffer::new().format(value).as_bytes());
    }

    fn f64(&mut self, value: f64, _: &Rule) {
        if serde_json::to_writer(&mut *self.out, &value).is_err() {
            self.put(b"null");
        }
    }

    fn number(&mut self, text: &str, _: &Rule) {
        self.put(text.as_bytes());
    }

    #[inline]
    fn str(&mut self, value: &str, _: &Rule) {
        write_str(self.out, value);
    }

    fn literal(&mut self, json: &'static str) {
        self.put(json.as_bytes());
    }

    fn any(&mut self, value: &serde_json::Value) {
        let before = self.out.len();
        if serde_json::to_writer(&mut *self.out, value).is_err() {
            self.out.truncate(before);
            self.put(b"null");
        }
    }

    fn file(&mut self, file: &File) {
        write_str(self.out, &String::from_utf8_lossy(&file.content));
    }

    fn record(&mut self, record: &'static Record, fields: &[&dyn Value]) {
        self.out.push(b'{');
        let mut some = self.tag.is_some() && self.put_tag(&|tag| record.position(tag).is_some());
        for (field, value) in record.fields().iter().zip(fields) {
            if value.is_absent() && !field.writes_null() {
                continue;
            }
            if some {
                self.out.push(b',');
            }
            some = true;
            self.key(field);
            self.nested(*value, &field.rule);
        }
        if let Some(extra) = fields.get(record.fields().len()) {
            // The map of other properties writes itself with its braces, which are then taken off.
            let before = self.out.len();
            self.nested(*extra, any());
            self.out.pop();
            if self.out.len() == before + 1 {
                self.out.pop();
            } else if some {
                self.out[before] = b',';
            } else {
                self.out.remove(before);
            }
        }
        self.out.push(b'}');
    }

    fn list(&mut self, items: &mut dyn ExactSizeIterator<Item = &dyn Value>, rule: &Rule) {
        self.tag = None;
        self.out.push(b'[');
        let mut some = false;
        for item in items {
            if some {
                self.out.push(b',');
            }
            some = true;
            self.nested(item, rule.item());
        }
        self.out.push(b']');
    }

    fn map(&mut self, entries: &mut dyn Iterator<Item = (&str, &dyn Value)>, rule: &Rule) {
        let mut entries: Box<dyn Iterator<Item = (&str, &dyn Value)>> = Box::new(entries);
        self.out.push(b'{');
        let mut some = false;
        if self.tag.is_some() {
            let all: Vec<(&str, &dyn Value)> = entries.collect();
            some = self.put_tag(&|tag| all.iter().any(|(key, _)| *key == tag));
            entries = Box::new(all.into_iter());
        }
        for (key, value) in entries {
            if some {
                self.out.push(b',');
            }
            some = true;
            write_str(self.out, key);
            self.out.push(b':');
            self.nested(value, rule.value());
        }
        self.out.push(b'}');
    }

    fn tagged(&mut self, union: &'static Union, index: usize, value: &dyn Value) {
        self.tag = union.value_of(index).map(|tag| (union.tag, tag));
        self.nested(value, any());
        self.tag = None;
    }

    fn one_of(&mut self, union: &'static OneOf, index: usize, value: &dyn Value) {
        self.nested(value, union.branches.get(index).map_or(any(), |branch| &branch.rule));
    }

    fn tuple(&mut self, tuple: &'static Tuple, items: &[&dyn Value]) {
        self.tag = None;
        self.out.push(b'[');
        for (index, (item, rule)) in tuple.present(items).enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.nested(item, rule);
        }
        self.out.push(b']');
    }
}

/// Appends a string, quoted and escaped.
#[inline]
pub(crate) fn write_str(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    let end = super::json::plain_end(bytes, 0);
    out.extend_from_slice(&bytes[..end]);
    if end < bytes.len() {
        write_escaped(out, &bytes[end..]);
    }
    out.push(b'"');
}

#[cold]
#[inline(never)]
fn write_escaped(out: &mut Vec<u8>, mut bytes: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    while let Some((byte, rest)) = bytes.split_first() {
        match *byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            control => {
                let (high, low) = (HEX[usize::from(control >> 4)], HEX[usize::from(control & 15)]);
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
            }
        }
        let end = super::json::plain_end(rest, 0);
        out.extend_from_slice(&rest[..end]);
        bytes = &rest[end..];
    }
}
