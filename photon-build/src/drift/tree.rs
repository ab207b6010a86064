//! A contract in its normal form: values with places, keys in order, documentation kept apart.
//!
//! Knows values. Must not know what they mean.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::node::Number;
use crate::source::Span;

/// A value of a contract.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    /// What it is.
    pub(super) value: Value,
    /// Where it stands.
    pub(super) place: Place,
    /// What is said of it to people: `description` and the like, each with its mark.
    pub(super) docs: Vec<(Arc<str>, Arc<str>)>,
}

/// What a tree is.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, exact.
    Number(Number),
    /// A text.
    Text(Arc<str>),
    /// A list.
    List(Vec<Tree>),
    /// A mapping; its keys are in order, each once.
    Map(Vec<(Arc<str>, Tree)>),
}

/// Where a value was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// In a file that was read.
    Span(Span),
    /// In a file that a lock names.
    Line {
        /// The number of the file.
        file: u32,
        /// The line, from 1.
        line: u32,
    },
}

impl Tree {
    /// A value without documentation.
    pub(super) fn new(place: Place, value: Value) -> Self {
        Self { value, place, docs: Vec::new() }
    }

    /// A mapping, whose keys are put in order.
    pub(super) fn map(place: Place, mut entries: Vec<(Arc<str>, Tree)>) -> Self {
        // Of keys that are written in two ways the first counts.
        entries.sort_by(|(left, _), (right, _)| left.cmp(right));
        entries.dedup_by(|(later, _), (first, _)| later == first);
        Self::new(place, Value::Map(entries))
    }

    /// The value of `key`.
    pub(super) fn get(&self, key: &str) -> Option<&Tree> {
        let entries = self.entries();
        let found = entries.binary_search_by(|(own, _)| (**own).cmp(key)).ok()?;
        entries.get(found).map(|(_, tree)| tree)
    }

    /// The entries of a mapping; none where it is something else.
    pub(super) fn entries(&self) -> &[(Arc<str>, Tree)] {
        if let Value::Map(entries) = &self.value { entries } else { &[] }
    }

    /// The items of a list; none where it is something else.
    pub(super) fn items(&self) -> &[Tree] {
        if let Value::List(items) = &self.value { items } else { &[] }
    }

    /// The items of the list below `key`.
    pub(super) fn list(&self, key: &str) -> &[Tree] {
        self.get(key).map_or(&[], Tree::items)
    }

    /// The entries of the mapping below `key`.
    pub(super) fn map_at(&self, key: &str) -> &[(Arc<str>, Tree)] {
        self.get(key).map_or(&[], Tree::entries)
    }

    /// The text, when it is one.
    pub(super) fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// The text below `key`.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text()
    }

    /// Whether `true` stands below `key`.
    pub(super) fn is_set(&self, key: &str) -> bool {
        self.get(key).is_some_and(|tree| matches!(tree.value, Value::Bool(true)))
    }

    /// The number, when it is one.
    pub(super) fn as_number(&self) -> Option<&Number> {
        if let Value::Number(number) = &self.value { Some(number) } else { None }
    }

    /// Whether two values are equal, wherever they stand and whatever is said of them.
    pub(super) fn same(&self, other: &Tree) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(left), Value::Bool(right)) => left == right,
            (Value::Number(left), Value::Number(right)) => compare(left, right).is_eq(),
            (Value::Text(left), Value::Text(right)) => left == right,
            (Value::List(left), Value::List(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.same(right))
            }
            (Value::Map(left), Value::Map(right)) => {
                let mut both = left.iter().zip(right);
                left.len() == right.len()
                    && both.all(|((left_key, left), (right_key, right))| {
                        left_key == right_key && left.same(right)
                    })
            }
            _ => false,
        }
    }

    /// The value on one line, cut where it is long.
    pub(super) fn shown(&self) -> String {
        let mut out = String::new();
        self.show(&mut out);
        if out.chars().count() > SHOWN_CHARS_MAX {
            out = out.chars().take(SHOWN_CHARS_MAX).collect();
            out.push_str("..");
        }
        out
    }

    fn show(&self, out: &mut String) {
        if out.len() > SHOWN_CHARS_MAX * 4 {
            return;
        }
        match &self.value {
            Value::Null => out.push_str("null"),
            Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Value::Number(number) => out.push_str(number.as_str()),
            Value::Text(text) => out.push_str(text),
            Value::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at == 0 { "[" } else { ", " });
                    item.show(out);
                }
                out.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Value::Map(entries) => {
                for (at, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if at == 0 { "{" } else { ", " });
                    out.push_str(key);
                    out.push_str(": ");
                    value.show(out);
                }
                out.push_str(if entries.is_empty() { "{}" } else { "}" });
            }
        }
    }
}

/// Characters of a value that a report shows.
const SHOWN_CHARS_MAX: usize = 80;

/// The order of two numbers; integers exactly.
pub(super) fn compare(left: &Number, right: &Number) -> Ordering {
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => left.as_f64().total_cmp(&right.as_f64()),
    }
}
