//! What a value shows of itself: one visit serves the encoder, `.validate()`, serde and shapes.

use super::one_of::OneOf;
use super::record::Record;
use super::rule::Rule;
use super::tuple::Tuple;
use super::types::File;
use super::union::Union;
use super::value::Value;
use super::violation::Violations;

/// Sees one value. What a visitor does not say, it does not want to know.
pub trait Visitor {
    /// `null`.
    fn null(&mut self) {}
    /// `true` or `false`.
    fn bool(&mut self, value: bool) {
        let _ = (value,);
    }
    /// A whole number.
    fn i64(&mut self, value: i64, rule: &Rule) {
        let _ = (value, rule);
    }
    /// A whole number.
    fn u64(&mut self, value: u64, rule: &Rule) {
        let _ = (value, rule);
    }
    /// A number.
    fn f64(&mut self, value: f64, rule: &Rule) {
        let _ = (value, rule);
    }
    /// A number of any size, by its text in the grammar of JSON.
    fn number(&mut self, text: &str, rule: &Rule) {
        let _ = (text, rule);
    }
    /// A text.
    fn str(&mut self, value: &str, rule: &Rule) {
        let _ = (value, rule);
    }
    /// A scalar that the document spells out, as JSON text.
    fn literal(&mut self, json: &'static str) {
        let _ = (json,);
    }
    /// Anything.
    fn any(&mut self, value: &serde_json::Value) {
        let _ = (value,);
    }
    /// A file of a form.
    fn file(&mut self, file: &File) {
        let _ = (file,);
    }
    /// A record; the map of its other properties comes last, where it keeps them.
    fn record(&mut self, record: &'static Record, fields: &[&dyn Value]) {
        let _ = (record, fields);
    }
    /// A list.
    fn list(&mut self, items: &mut dyn ExactSizeIterator<Item = &dyn Value>, rule: &Rule) {
        let _ = (items, rule);
    }
    /// A map.
    fn map(&mut self, entries: &mut dyn Iterator<Item = (&str, &dyn Value)>, rule: &Rule) {
        let _ = (entries, rule);
    }
    /// A variant of a union with a tag.
    fn tagged(&mut self, union: &'static Union, index: usize, value: &dyn Value) {
        let _ = (union, index, value);
    }
    /// A variant of a union without one.
    fn one_of(&mut self, union: &'static OneOf, index: usize, value: &dyn Value) {
        let _ = (union, index, value);
    }
    /// A tuple; the list of what follows comes last, where it is kept.
    fn tuple(&mut self, tuple: &'static Tuple, items: &[&dyn Value]) {
        let _ = (tuple, items);
    }
    /// The function of the user's that judges what was shown last.
    fn custom(&mut self, judge: &dyn Fn(&mut Violations)) {
        let _ = (judge,);
    }
}
