//! Rules: bounds made exact, patterns shared.
//!
//! Knows decimal numbers and the IR. Must not know schemas.

use super::Types;
use crate::ir::{Name, Pattern, PatternId, Rule, RuleKind};
use crate::node::Number;

impl Types<'_> {
    /// The pattern of this source; `hint` names it when it is met first.
    pub(super) fn pattern(&mut self, source: &str, hint: &str) -> PatternId {
        if let Some(id) = self.pattern_ids.get(source) {
            return *id;
        }
        let id = PatternId(u32::try_from(self.patterns.len()).unwrap_or(u32::MAX));
        self.patterns.push(Pattern { name: Name::new(hint), source: source.to_owned() });
        self.pattern_ids.insert(source.into(), id);
        id
    }
}

/// A rule of `kind` and nothing else.
pub(super) fn plain(kind: RuleKind) -> Rule {
    Rule { kind, nullable: false, check: None }
}

/// The rule of a list, none where it says nothing.
pub(super) fn list(min: u64, max: Option<u64>, unique: bool, item: Rule) -> RuleKind {
    if min == 0 && max.is_none() && !unique && item == Rule::default() {
        return RuleKind::Any;
    }
    RuleKind::List { min: count(min), max: max.map_or(u32::MAX, count), unique, item: Box::new(item) }
}

/// The rule of a map, none where it says nothing.
pub(super) fn map(min: u64, max: Option<u64>, key: Option<Rule>, value: Rule) -> RuleKind {
    if min == 0 && max.is_none() && key.is_none() && value == Rule::default() {
        return RuleKind::Any;
    }
    RuleKind::Map {
        min: count(min),
        max: max.map_or(u32::MAX, count),
        key: key.map(Box::new),
        value: Box::new(value),
    }
}

/// A count that fits the tables; none above it can occur.
pub(super) fn count(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The least integer that is not below `number`.
pub(super) fn ceiling(number: &Number) -> i128 {
    rounded(number, f64::ceil)
}

/// The greatest integer that is not above `number`.
pub(super) fn floor(number: &Number) -> i128 {
    rounded(number, f64::floor)
}

/// Bounds that are no integers are small in any document; those beyond 128 bits are beyond every type.
#[allow(clippy::cast_possible_truncation, reason = "saturates, as it should")]
fn rounded(number: &Number, round: fn(f64) -> f64) -> i128 {
    number.as_i128().unwrap_or_else(|| round(number.as_f64()) as i128)
}
