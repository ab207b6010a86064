//! A value as a tree of `serde_json`, by a visit.

use serde_json::{Map, Number, Value as Json};

use super::one_of::OneOf;
use super::record::Record;
use super::rule::Rule;
use super::tuple::Tuple;
use super::types::File;
use super::union::Union;
use super::value::{Value, any};
use super::visitor::Visitor;

/// Builds a tree.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    json: Json,
}

impl Tree {
    /// The tree of what visits a visitor.
    pub(crate) fn of(show: &mut dyn FnMut(&mut dyn Visitor)) -> Json {
        let mut tree = Self::default();
        show(&mut tree);
        tree.json
    }

    fn value(value: &dyn Value, rule: &Rule) -> Json {
        Self::of(&mut |visitor| value.visit(visitor, rule))
    }
}

/// A number of a tree, as `serde_json` would have it: none where a double cannot hold it.
pub(crate) fn number(text: &str) -> Option<Json> {
    if text != "-0" {
        let whole = text.parse::<i64>().map(Json::from).or_else(|_| text.parse::<u64>().map(Json::from));
        if let Ok(whole) = whole {
            return Some(whole);
        }
    }
    text.parse::<f64>().ok().and_then(Number::from_f64).map(Json::Number)
}

impl Visitor for Tree {
    fn null(&mut self) {
        self.json = Json::Null;
    }

    fn bool(&mut self, value: bool) {
        self.json = Json::Bool(value);
    }

    fn i64(&mut self, value: i64, _: &Rule) {
        self.json = Json::from(value);
    }

    fn u64(&mut self, value: u64, _: &Rule) {
        self.json = Json::from(value);
    }

    fn f64(&mut self, value: f64, _: &Rule) {
        self.json = Json::from(value);
    }

    fn number(&mut self, text: &str, _: &Rule) {
        self.json = number(text).unwrap_or_default();
    }

    fn str(&mut self, value: &str, _: &Rule) {
        self.json = Json::from(value);
    }

    fn literal(&mut self, json: &'static str) {
        self.json = super::decoder::Decoder::json_str(json).tree().unwrap_or_default();
    }

    fn any(&mut self, value: &Json) {
        self.json = value.clone();
    }

    fn file(&mut self, file: &File) {
        self.json = Json::from(String::from_utf8_lossy(&file.content).into_owned());
    }

    fn record(&mut self, record: &'static Record, fields: &[&dyn Value]) {
        let mut map = Map::new();
        for (field, value) in record.fields().iter().zip(fields) {
            if !value.is_absent() || field.writes_null() {
                map.insert(field.name.to_owned(), Self::value(*value, &field.rule));
            }
        }
        if let Some(extra) = fields.get(record.fields().len())
            && let Json::Object(others) = Self::value(*extra, any())
        {
            map.extend(others);
        }
        self.json = Json::Object(map);
    }

    fn list(&mut self, items: &mut dyn ExactSizeIterator<Item = &dyn Value>, rule: &Rule) {
        self.json = Json::Array(items.map(|item| Self::value(item, rule.item())).collect());
    }

    fn map(&mut self, entries: &mut dyn Iterator<Item = (&str, &dyn Value)>, rule: &Rule) {
        let entries = entries.map(|(key, value)| (key.to_owned(), Self::value(value, rule.value())));
        self.json = Json::Object(entries.collect());
    }

    fn tagged(&mut self, union: &'static Union, index: usize, value: &dyn Value) {
        self.json = Self::value(value, any());
        if let (Json::Object(map), Some(tag)) = (&mut self.json, union.value_of(index)) {
            map.entry(union.tag).or_insert_with(|| Json::from(tag));
        }
    }

    fn one_of(&mut self, union: &'static OneOf, index: usize, value: &dyn Value) {
        self.json = Self::value(value, union.branches.get(index).map_or(any(), |branch| &branch.rule));
    }

    fn tuple(&mut self, tuple: &'static Tuple, items: &[&dyn Value]) {
        self.json = Json::Array(tuple.present(items).map(|(item, rule)| Self::value(item, rule)).collect());
    }
}
