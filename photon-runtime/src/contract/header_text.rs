//! Values as the text of a header: style `simple` or JSON (OpenAPI 3.1, section 4.8.21).

use crate::model::types::File;
use crate::model::{ANY, OneOf, Record, Rule, Tuple, Union, Value, Visitor, to_json};

/// Style `simple`: items between commas, members as names and values. None where the value is absent.
pub(super) fn simple(value: &dyn Value, explode: bool) -> Option<String> {
    show(value, explode).map(|shown| shown.text)
}

/// The JSON of a value, in ASCII so that it fits a header. None where the value is absent.
pub(super) fn json(value: &dyn Value) -> Option<String> {
    use std::fmt::Write as _;

    if value.is_absent() {
        return None;
    }
    let mut text = String::new();
    for char in String::from_utf8(to_json(value)).unwrap_or_default().chars() {
        if char.is_ascii() {
            text.push(char);
        } else {
            for unit in char.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    Some(text)
}

/// The text of a scalar; none of anything else.
pub(super) fn scalar(value: &dyn Value) -> Option<String> {
    show(value, false).filter(|shown| shown.is_scalar).map(|shown| shown.text)
}

fn show(value: &dyn Value, explode: bool) -> Option<Simple> {
    if value.is_absent() {
        return None;
    }
    let mut simple = Simple { text: String::new(), explode, is_scalar: true };
    value.visit(&mut simple, &ANY);
    Some(simple)
}

struct Simple {
    text: String,
    explode: bool,
    is_scalar: bool,
}

impl Simple {
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn next(&mut self, is_first: &mut bool) {
        if !std::mem::take(is_first) {
            self.text.push(',');
        }
    }

    fn name(&mut self, name: &str) {
        self.put(name);
        self.text.push(if self.explode { '=' } else { ',' });
    }

    fn members<'v>(&mut self, members: &mut dyn Iterator<Item = (&'v str, &'v dyn Value)>) {
        self.is_scalar = false;
        let mut is_first = self.text.is_empty();
        for (name, value) in members {
            if !value.is_absent() {
                self.next(&mut is_first);
                self.name(name);
                value.visit(self, &ANY);
            }
        }
    }
}

impl Visitor for Simple {
    fn null(&mut self) {
        self.put("null");
    }

    fn bool(&mut self, value: bool) {
        self.put(if value { "true" } else { "false" });
    }

    fn i64(&mut self, value: i64, _: &Rule) {
        self.put(itoa::Buffer::new().format(value));
    }

    fn u64(&mut self, value: u64, _: &Rule) {
        self.put(itoa::Buffer::new().format(value));
    }

    fn f64(&mut self, value: f64, _: &Rule) {
        self.put(&serde_json::Value::from(value).to_string());
    }

    fn number(&mut self, text: &str, _: &Rule) {
        self.put(text);
    }

    fn str(&mut self, value: &str, _: &Rule) {
        self.put(value);
    }

    fn literal(&mut self, json: &'static str) {
        match serde_json::from_str::<String>(json) {
            Ok(text) => self.put(&text),
            Err(_) => self.put(json),
        }
    }

    fn any(&mut self, value: &serde_json::Value) {
        match value {
            serde_json::Value::String(text) => self.put(text),
            serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
                self.is_scalar = false;
                self.put(&value.to_string());
            }
            other => self.put(&other.to_string()),
        }
    }

    fn file(&mut self, file: &File) {
        self.put(&String::from_utf8_lossy(&file.content));
    }

    fn record(&mut self, record: &'static Record, fields: &[&dyn Value]) {
        let names = record.fields().iter().map(|field| field.name);
        self.members(&mut names.zip(fields.iter().copied()));
        // The map of other properties goes on where the fields end.
        if let Some(extra) = fields.get(record.fields().len()) {
            extra.visit(self, &ANY);
        }
    }

    fn list(&mut self, items: &mut dyn ExactSizeIterator<Item = &dyn Value>, _: &Rule) {
        self.is_scalar = false;
        let mut is_first = true;
        for item in items {
            self.next(&mut is_first);
            item.visit(self, &ANY);
        }
    }

    fn map(&mut self, entries: &mut dyn Iterator<Item = (&str, &dyn Value)>, _: &Rule) {
        self.is_scalar = false;
        let mut is_first = self.text.is_empty();
        for (name, value) in entries {
            self.next(&mut is_first);
            self.name(name);
            value.visit(self, &ANY);
        }
    }

    fn tagged(&mut self, _: &'static Union, _: usize, value: &dyn Value) {
        value.visit(self, &ANY);
    }

    fn one_of(&mut self, _: &'static OneOf, _: usize, value: &dyn Value) {
        value.visit(self, &ANY);
    }

    fn tuple(&mut self, _: &'static Tuple, items: &[&dyn Value]) {
        self.is_scalar = false;
        let mut is_first = true;
        for item in items {
            self.next(&mut is_first);
            item.visit(self, &ANY);
        }
    }
}
