//! The sentences of the exact check, in the voice of the tables: `must be at least 1`. Knows no value but what it is told.

use super::evaluate::in_range;
use super::program::{Keyword, Schema};
use super::value::{Value, position};
use crate::model::union::one_of_these;
use crate::model::unique;

/// What a schema of one plain keyword asks for, behind `must` or `must not`.
pub(super) fn demand(schema: &Schema) -> Option<String> {
    let [keyword] = &schema.keywords[..] else { return None };
    Some(match keyword {
        Keyword::Type(types) => format!("be {}", types.nouns()),
        Keyword::Equal(_, values) => one_of_values(&values.list).replacen("must ", "", 1),
        Keyword::Bound(bound, limit) => format!("be {} {limit}", bound.words().1),
        Keyword::MultipleOf(divisor) => format!("be a multiple of {divisor}"),
        Keyword::Pattern(pattern) => format!("match the pattern {}", pattern.source),
        Keyword::Format(format) => format!("be {}", format.noun()),
        Keyword::Required(names) => format!("have {}", names.join(" and ")),
        _ => return None,
    })
}

/// The keyword that a value does not keep, and what to say of it; for keywords without a schema in them.
pub(super) fn complaint(keyword: &Keyword, value: &Value<'_>) -> (&'static str, String) {
    match keyword {
        Keyword::Type(types) => ("type", format!("must be {}, not {}", types.nouns(), value.noun())),
        Keyword::Equal(keyword, values) => (keyword, one_of_values(&values.list)),
        Keyword::Bound(bound, limit) => {
            let (keyword, how) = bound.words();
            (keyword, format!("must be {how} {limit}"))
        }
        Keyword::MultipleOf(divisor) => ("multipleOf", format!("must be a multiple of {divisor}")),
        Keyword::Length(min, max) => {
            let count = value.as_str().map_or(0, |text| text.chars().count());
            range(("minLength", "maxLength"), ("character", "characters"), *min, *max, count)
        }
        Keyword::Pattern(pattern) => ("pattern", format!("must match the pattern {}", pattern.source)),
        Keyword::Format(format) => ("format", format!("must be {}", format.noun())),
        Keyword::ItemCount(min, max) => {
            range(("minItems", "maxItems"), ("item", "items"), *min, *max, value.len())
        }
        Keyword::PropertyCount(min, max) => {
            range(("minProperties", "maxProperties"), ("property", "properties"), *min, *max, value.len())
        }
        Keyword::Unique => {
            let text = if let Value::Array(_, text) = value { text } else { "" };
            ("uniqueItems", unique::repeated(text).unwrap_or_default())
        }
        _ => ("falseSchema", "must not be given".to_owned()),
    }
}

/// What `dependentRequired` misses.
pub(super) fn missing_dependents(keyword: &Keyword, value: &Value<'_>) -> Vec<String> {
    let (Keyword::DependentRequired(entries), Value::Object(members)) = (keyword, value) else {
        return Vec::new();
    };
    let has = |name: &str| position(members, name).is_some();
    let there = entries.iter().filter(|(name, _)| has(name));
    let missing = there.flat_map(|(name, others)| others.iter().map(move |other| (name, other)));
    let missing = missing.filter(|(_, other)| !has(other));
    missing.map(|(name, other)| format!("{other} is required where {name} is given")).collect()
}

/// What `contains` misses.
pub(super) fn matching_items(min: u32, max: u32, count: usize) -> (&'static str, String) {
    let few = if min == 1 { "contains" } else { "minContains" };
    range((few, "maxContains"), ("matching item", "matching items"), min, max, count)
}

fn range(
    (least, most): (&'static str, &'static str),
    (one, many): (&str, &str),
    min: u32,
    max: u32,
    count: usize,
) -> (&'static str, String) {
    let is_few = in_range(count, 0, max);
    let (keyword, how, limit) = if is_few { (least, "at least", min) } else { (most, "at most", max) };
    let unit = if limit == 1 { one } else { many };
    (keyword, format!("must have {how} {limit} {unit}, has {count}"))
}

fn one_of_values(values: &[Value<'_>]) -> String {
    let texts: Vec<String> = values.iter().map(Value::to_string).collect();
    one_of_these(texts.iter().map(String::as_str))
}
