//! Where a schema speaks: its keywords, and the places of a value that each of them is about.
//!
//! Knows the applicators of JSON Schema. References are not followed, for what they lead to is judged on its own.

use std::collections::BTreeSet;

use serde_json::Value;

/// A step into a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Step {
    /// A property.
    Key(String),
    /// An item.
    Index(usize),
}

/// A schema, and a place in a value that it is about.
#[derive(Clone, Debug)]
pub(super) struct Site<'s> {
    /// The pointer of the schema.
    pub(super) pointer: String,
    /// The schema.
    pub(super) schema: &'s Value,
    /// The place.
    pub(super) path: Vec<Step>,
}

/// Keywords of which each occurrence is to be violated alone.
pub(super) const KEYWORDS: [&str; 29] = [
    "type",
    "enum",
    "const",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
    "required",
    "dependentRequired",
    "additionalProperties",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
    "not",
    "anyOf",
    "oneOf",
];

/// How many items, and properties without a name, are looked into.
const LIKE_MAX: usize = 2;

/// Every occurrence: the pointer of the keyword, with the name behind `#` for `required`.
pub(super) fn occurrences(schema: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![(String::new(), schema)];
    while let Some((pointer, schema)) = open.pop() {
        let Some(members) = schema.as_object() else { continue };
        for (keyword, value) in members.iter().filter(|(keyword, _)| KEYWORDS.contains(&keyword.as_str())) {
            match (keyword.as_str(), value) {
                ("required", Value::Array(names)) => {
                    let names = names.iter().filter_map(Value::as_str);
                    found.extend(names.map(|name| format!("{pointer}/required#{name}")));
                }
                ("format", value) if value.as_str().and_then(super::oracle::range).is_none() => {}
                // With a schema they say nothing themselves; what it says is an occurrence of its own.
                ("additionalProperties" | "unevaluatedProperties" | "unevaluatedItems", value)
                    if *value != Value::Bool(false) => {}
                ("uniqueItems", Value::Bool(false)) => {}
                _ => _ = found.insert(format!("{pointer}/{keyword}")),
            }
        }
        open.extend(within(schema).into_iter().map(|(below, schema)| (pointer.clone() + &below, schema)));
    }
    found
}

/// The schemas directly within one, but for those that are not asserted as they stand.
fn within(schema: &Value) -> Vec<(String, &Value)> {
    let mut inner = Vec::new();
    for key in ["properties", "patternProperties", "dependentSchemas"] {
        for (name, schema) in schema.get(key).and_then(Value::as_object).into_iter().flatten() {
            if schema.get("readOnly").is_none() {
                inner.push((format!("/{key}/{}", escaped(name)), schema));
            }
        }
    }
    for key in ["allOf", "anyOf", "oneOf", "prefixItems"] {
        let list = schema.get(key).and_then(Value::as_array).into_iter().flatten();
        inner.extend(list.enumerate().map(|(at, schema)| (format!("/{key}/{at}"), schema)));
    }
    for key in ["items", "additionalProperties", "then", "else"] {
        inner.extend(schema.get(key).map(|schema| (format!("/{key}"), schema)));
    }
    inner
}

/// Every schema with every place that it is about in `value`.
pub(super) fn sites<'s>(schema: &'s Value, value: &Value) -> Vec<Site<'s>> {
    let mut found = Vec::new();
    walk(Site { pointer: String::new(), schema, path: Vec::new() }, value, &mut found);
    found
}

fn walk<'s>(site: Site<'s>, value: &Value, found: &mut Vec<Site<'s>>) {
    if !site.schema.is_object() {
        return;
    }
    for (below, schema) in within(site.schema) {
        let mut inner = Site { pointer: site.pointer.clone() + &below, schema, path: site.path.clone() };
        let key = below.split('/').nth(1).unwrap_or_default();
        for (step, value) in places(key, &below, site.schema, value) {
            inner.path.truncate(site.path.len());
            inner.path.extend(step);
            walk(inner.clone(), value, found);
        }
    }
    found.push(site);
}

/// The places below `value` that the applicator `key` is about.
fn places<'v>(key: &str, below: &str, schema: &Value, value: &'v Value) -> Vec<(Option<Step>, &'v Value)> {
    let member = |(name, value): (&String, &'v Value)| (Some(Step::Key(name.clone())), value);
    let item = |(at, value): (usize, &'v Value)| (Some(Step::Index(at)), value);
    let last = below.rsplit('/').next().unwrap_or_default();
    match key {
        "properties" => value
            .as_object()
            .and_then(|all| all.get_key_value(&unescaped(last)))
            .map(member)
            .into_iter()
            .collect(),
        "patternProperties" | "additionalProperties" => {
            let named = schema.get("properties").and_then(Value::as_object);
            let others = value.as_object().into_iter().flatten();
            others
                .filter(|(name, _)| named.is_none_or(|named| !named.contains_key(*name)))
                .take(LIKE_MAX)
                .map(member)
                .collect()
        }
        "prefixItems" => {
            let at: usize = last.parse().unwrap_or(usize::MAX);
            value.get(at).map(|value| item((at, value))).into_iter().collect()
        }
        "items" => {
            let first = schema.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
            value.as_array().into_iter().flatten().enumerate().skip(first).take(LIKE_MAX).map(item).collect()
        }
        _ => vec![(None, value)],
    }
}

/// What stands at a place.
pub(super) fn at<'v>(value: &'v Value, path: &[Step]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.get(index),
    })
}

/// The value with something else at a place.
pub(super) fn with(value: &Value, path: &[Step], other: Value) -> Option<Value> {
    let mut whole = value.clone();
    let mut place = &mut whole;
    for step in path {
        place = match step {
            Step::Key(key) => place.get_mut(key)?,
            Step::Index(index) => place.get_mut(index)?,
        };
    }
    *place = other;
    Some(whole)
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn places_are_found() {
        let schema = json!({
            "type": "object", "required": ["a"],
            "properties": {"a/b": {"items": {"minLength": 1}}, "a": {"readOnly": true, "type": "string"}},
            "anyOf": [{"additionalProperties": {"maximum": 3}}, {"not": {"type": "null"}}],
        });
        let value = json!({"a/b": ["x", "y", "z"], "other": 1});
        let found: Vec<String> = sites(&schema, &value)
            .iter()
            .filter(|site| site.schema.get("minLength").or(site.schema.get("maximum")).is_some())
            .map(|site| format!("{} {:?}", site.pointer, at(&value, &site.path).unwrap()))
            .collect();
        assert!(found.contains(&"/properties/a~1b/items String(\"y\")".to_owned()), "{found:?}");
        assert!(found.contains(&"/anyOf/0/additionalProperties Number(1)".to_owned()), "{found:?}");
        let all: Vec<String> = occurrences(&schema).into_iter().collect();
        let expected = [
            "/anyOf",
            "/anyOf/0/additionalProperties/maximum",
            "/anyOf/1/not",
            "/properties/a~1b/items/minLength",
            "/required#a",
            "/type",
        ];
        assert_eq!(all, expected);
    }
}
