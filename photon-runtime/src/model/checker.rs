//! `.validate()` of a value made by hand: the same tables, by the same visit.

use std::borrow::Cow;

use super::check::Check;
use super::object::judge_dependents;
use super::one_of::OneOf;
use super::record::{Extra, Record};
use super::rule::{Rule, fail, judge_count};
use super::tree::Tree;
use super::tuple::Tuple;
use super::union::Union;
use super::unique;
use super::value::{Value, any};
use super::violation::{Detail, Segment, Violations};
use super::visitor::Visitor;
use super::writer::written;

/// What of a value does not keep its rules.
pub fn check(value: &dyn Value, rule: &Rule) -> Violations {
    let mut checker = Checker { faults: Violations::default(), before: 0 };
    checker.value(value, rule);
    unique::drop_repeated(&mut checker.faults.list);
    checker.faults
}

struct Checker {
    faults: Violations,
    /// What was wrong before the value that is looked at.
    before: usize,
}

impl Checker {
    fn value(&mut self, value: &dyn Value, rule: &Rule) {
        let outer = std::mem::replace(&mut self.before, self.faults.total());
        value.visit(self, rule);
        self.before = outer;
        if let Some(check) = rule.check {
            self.exact(check, &mut |visitor| value.visit(visitor, rule));
        }
    }

    fn exact(&mut self, check: &'static Check, show: &mut dyn FnMut(&mut dyn Visitor)) {
        check.judge(&written(show), &mut self.faults);
    }

    fn under(&mut self, segment: impl FnOnce() -> Segment, judge: impl FnOnce(&mut Self)) {
        let before = self.faults.list.len();
        judge(self);
        if self.faults.list.len() > before {
            let segment = segment();
            for fault in &mut self.faults.list[before..] {
                fault.push(segment.clone());
            }
        }
    }

    fn unique(&mut self, show: &mut dyn FnMut(&mut dyn Visitor)) {
        if let Some(message) = unique::repeated(&written(show)) {
            fail(&mut self.faults, "uniqueItems", Detail::Text(message.into()));
        }
    }

    fn key(&mut self, rule: &Rule, key: &str) {
        let mut faults = Violations { effort: self.faults.effort, ..Violations::default() };
        rule.judge_str(key, &mut faults);
        self.faults.effort = faults.effort;
        for fault in faults {
            let message = format!("has a name that {}", fault.message());
            fail(&mut self.faults, "propertyNames", Detail::Text(message.into()));
        }
    }
}

impl Visitor for Checker {
    fn i64(&mut self, value: i64, rule: &Rule) {
        rule.judge_i64(value, &mut self.faults);
    }

    fn u64(&mut self, value: u64, rule: &Rule) {
        rule.judge_u64(value, &mut self.faults);
    }

    fn f64(&mut self, value: f64, rule: &Rule) {
        if !value.is_finite() {
            fail(&mut self.faults, "type", Detail::Type("a number", "infinite or undefined"));
        } else if rule.judges_numbers() {
            rule.judge_number(&value.to_string(), &mut self.faults);
        }
    }

    fn number(&mut self, text: &str, rule: &Rule) {
        rule.judge_number(text, &mut self.faults);
    }

    fn str(&mut self, value: &str, rule: &Rule) {
        rule.judge_str(value, &mut self.faults);
    }

    fn record(&mut self, record: &'static Record, fields: &[&dyn Value]) {
        let absent = |index: usize| fields[index].is_absent() && !record.fields()[index].writes_null();
        for (index, field) in record.fields().iter().enumerate().filter(|(index, _)| !absent(*index)) {
            self.under(
                || Segment::Key(Cow::Borrowed(field.name)),
                |checker| {
                    checker.value(fields[index], &field.rule);
                    if let Some(rule) = &record.extra_keys {
                        checker.key(rule, field.name);
                    }
                },
            );
        }
        if let (Extra::Keep(rule), Some(extra)) = (&record.extra, fields.get(record.fields().len())) {
            extra.visit(&mut Others { checker: self, record, rule }, any());
        }
        if record.properties.is_some() || !record.dependent.is_empty() {
            let tree = Tree::of(&mut |visitor| visitor.record(record, fields));
            let (min, max) = record.properties.unwrap_or((0, u32::MAX));
            let count = tree.as_object().map_or(0, serde_json::Map::len);
            let keywords = ("minProperties", "maxProperties", "properties");
            judge_count(keywords, min, max, count, &mut self.faults);
            judge_dependents(record, &|name| tree.get(name).is_some(), &mut self.faults);
        }
        if let Some(check) = record.check {
            self.exact(check, &mut |visitor| visitor.record(record, fields));
        }
    }

    fn list(&mut self, items: &mut dyn ExactSizeIterator<Item = &dyn Value>, rule: &Rule) {
        rule.judge_items(items.len(), &mut self.faults);
        if rule.is_unique() {
            let all: Vec<&dyn Value> = items.collect();
            self.unique(&mut |visitor| visitor.list(&mut all.iter().copied(), rule));
            for (index, item) in all.into_iter().enumerate() {
                self.under(|| Segment::Index(index), |checker| checker.value(item, rule.item()));
            }
            return;
        }
        for (index, item) in items.enumerate() {
            self.under(|| Segment::Index(index), |checker| checker.value(item, rule.item()));
        }
    }

    fn map(&mut self, entries: &mut dyn Iterator<Item = (&str, &dyn Value)>, rule: &Rule) {
        let mut count = 0;
        for (key, value) in entries {
            count += 1;
            self.under(
                || Segment::Key(Cow::Owned(key.to_owned())),
                |checker| {
                    if let Some(rule) = rule.key() {
                        checker.key(rule, key);
                    }
                    checker.value(value, rule.value());
                },
            );
        }
        rule.judge_entries(count, &mut self.faults);
    }

    fn tagged(&mut self, union: &'static Union, index: usize, value: &dyn Value) {
        self.value(value, any());
        if let Some(check) = union.check {
            self.exact(check, &mut |visitor| visitor.tagged(union, index, value));
        }
    }

    fn one_of(&mut self, union: &'static OneOf, index: usize, value: &dyn Value) {
        self.value(value, union.branches.get(index).map_or(any(), |branch| &branch.rule));
        if let Some(check) = union.check {
            self.exact(check, &mut |visitor| visitor.one_of(union, index, value));
        }
    }

    fn tuple(&mut self, tuple: &'static Tuple, items: &[&dyn Value]) {
        let mut count = 0;
        for (index, (item, rule)) in tuple.present(items).enumerate() {
            self.under(|| Segment::Index(index), |checker| checker.value(item, rule));
            count = index + 1;
        }
        judge_count(("minItems", "maxItems", "items"), tuple.min, tuple.max, count, &mut self.faults);
        if tuple.unique {
            self.unique(&mut |visitor| visitor.tuple(tuple, items));
        }
        if let Some(check) = tuple.check {
            self.exact(check, &mut |visitor| visitor.tuple(tuple, items));
        }
    }

    fn custom(&mut self, judge: &dyn Fn(&mut Violations)) {
        if self.faults.total() == self.before {
            let mut found = Violations::default();
            judge(&mut found);
            self.faults.append(found);
        }
    }
}

/// Sees the map of a record's other properties: its values keep the record's rule, not the map's.
struct Others<'c> {
    checker: &'c mut Checker,
    record: &'static Record,
    rule: &'static Rule,
}

impl Visitor for Others<'_> {
    fn map(&mut self, entries: &mut dyn Iterator<Item = (&str, &dyn Value)>, _: &Rule) {
        for (key, value) in entries {
            let (record, rule) = (self.record, self.rule);
            self.checker.under(
                || Segment::Key(Cow::Owned(key.to_owned())),
                |checker| {
                    if let Some(rule) = &record.extra_keys {
                        checker.key(rule, key);
                    }
                    if record.position(key).is_some() {
                        fail(&mut checker.faults, "duplicateKey", Detail::Text("is given twice".into()));
                    }
                    checker.value(value, rule);
                },
            );
        }
    }
}
