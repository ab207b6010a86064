//! One schema: the instances that it is judged by, and what each of them shows.
//!
//! Knows the oracle, never the answers of the other side.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::Value;

use crate::document::{Document, Node};
use crate::synth::instances;

use super::mutant::candidates;
use super::oracle::Oracle;
use super::site::{KEYWORDS, Site, at, occurrences, sites, with};

/// How many values that fit are changed.
const BASES_MAX: usize = 10;
/// The largest value that is changed, in bytes.
const BASE_BYTES_MAX: usize = 20_000;

/// A value with the verdict that it must get.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) text: String,
    pub(super) fits: bool,
    /// The keyword that it violates, and no other.
    pub(super) violates: Option<&'static str>,
}

/// All that is known of a schema.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) instances: Vec<Instance>,
    /// By keyword: occurrences that could not be violated alone.
    pub(super) not_isolable: BTreeMap<&'static str, usize>,
    /// Values that one side cannot hold exactly.
    pub(super) beyond: usize,
}

/// Makes the instances of the schema `key`, at most about `most`; none where the crate does not take the schema.
pub(super) fn make(oracle: &Oracle, document: &Document, key: &str, most: usize) -> Option<Made> {
    let schema = oracle.schema(key)?;
    let node = document.root().get("$defs")?.get(key)?;
    oracle.with(key, |validator| {
        let open = occurrences(schema);
        let mut maker = Maker { validator, made: Made::default(), seen: HashSet::new(), open, most };
        maker.run(document, node, schema);
        for pointer in &maker.open {
            if let Some(keyword) = keyword_of(pointer) {
                *maker.made.not_isolable.entry(keyword).or_default() += 1;
            }
        }
        maker.made
    })
}

struct Maker<'o> {
    validator: &'o Validator,
    made: Made,
    seen: HashSet<String>,
    /// Occurrences that are not violated yet.
    open: BTreeSet<String>,
    most: usize,
}

impl Maker<'_> {
    fn run<'d>(&mut self, document: &'d Document, node: Node<'d>, schema: &Value) {
        let mut bases = Vec::new();
        for value in instances(document, node, true) {
            if self.judge(&value, None) == Some(true)
                && bases.len() < BASES_MAX
                && self.made.instances.last().is_some_and(|last| last.text.len() < BASE_BYTES_MAX)
            {
                bases.push(value);
            }
        }
        for base in &bases {
            for site in sites(schema, base) {
                self.violate(base, &site);
            }
        }
    }

    fn violate(&mut self, base: &Value, site: &Site<'_>) {
        let Some(value) = at(base, &site.path) else { return };
        let Some(members) = site.schema.as_object() else { return };
        for keyword in members.keys().filter_map(|key| KEYWORDS.into_iter().find(|keyword| keyword == key)) {
            let pointer = format!("{}/{keyword}", site.pointer);
            let is_open = |open: &BTreeSet<String>| {
                let mut from = open.range(pointer.clone()..);
                from.next().is_some_and(|next| next.split('#').next() == Some(&pointer))
            };
            if !is_open(&self.open) {
                continue;
            }
            for candidate in candidates(site.schema, keyword, value) {
                if self.made.instances.len() >= self.most {
                    return;
                }
                if let Some(mutant) = with(base, &site.path, candidate) {
                    self.judge(&mutant, Some((&pointer, keyword)));
                }
                if !is_open(&self.open) {
                    break;
                }
            }
        }
    }

    /// Notes a value with its verdict; none where it was there already, or says nothing.
    fn judge(&mut self, value: &Value, aimed: Option<(&str, &'static str)>) -> Option<bool> {
        // Whether null fits is up to the place that a model is used at.
        if value.is_null() {
            return None;
        }
        let text = value.to_string();
        if self.seen.contains(&text) {
            return None;
        }
        self.seen.insert(text.clone());
        if is_beyond(value) {
            self.made.beyond += 1;
            return None;
        }
        let fits = self.validator.is_valid(value);
        let mut violates = None;
        if let Some((pointer, keyword)) = aimed.filter(|_| !fits) {
            let errors: Vec<ValidationError<'_>> = self.validator.iter_errors(value).collect();
            if let Some(name) = only(&errors, pointer) {
                let occurrence =
                    if name.is_empty() { pointer.to_owned() } else { format!("{pointer}#{name}") };
                if self.open.remove(&occurrence) {
                    violates = Some(keyword);
                }
            }
        }
        self.made.instances.push(Instance { text, fits, violates });
        Some(fits)
    }
}

/// Whether the errors say that the keyword at `pointer` is violated and nothing else is; then the name that is missing,
/// for `required`. Of alternatives, one must fail by it alone.
fn only(errors: &[ValidationError<'_>], pointer: &str) -> Option<String> {
    let [error] = errors else { return None };
    if error.schema_path().as_str() == pointer {
        return Some(match error.kind() {
            ValidationErrorKind::Required { property } => property.as_str().unwrap_or_default().to_owned(),
            _ => String::new(),
        });
    }
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            context.iter().find_map(|errors| only(errors, pointer))
        }
        _ => None,
    }
}

/// The keyword of an occurrence.
fn keyword_of(pointer: &str) -> Option<&'static str> {
    let pointer = pointer.split('#').next()?;
    let last = pointer.rsplit('/').next()?;
    KEYWORDS.into_iter().find(|keyword| *keyword == last)
}

/// Whether it holds an integer that a type of 64 bits does not, or a number that a double does not hold as it is written.
fn is_beyond(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            number.as_i64().is_none() && number.as_f64().is_none_or(|number| number.abs() >= 9.2e18)
        }
        Value::Array(items) => items.iter().any(is_beyond),
        Value::Object(members) => members.values().any(is_beyond),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn mutants_violate_one_keyword() {
        let schemas = json!({"openapi": "3.1.0", "$defs": {"pet": {
            "type": "object",
            "required": ["name", "owner"],
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 8, "pattern": "^[a-z]*$"},
                "age": {"anyOf": [{"type": "integer", "minimum": 3}, {"type": "null"}]},
                "tags": {"type": "array", "uniqueItems": true, "maxItems": 2, "items": {"enum": ["a", "b", "c"]}},
                "owner": {"$ref": "#/$defs/owner"},
            },
            "additionalProperties": false,
        }, "owner": {"type": "integer"}}});
        let oracle = Oracle::new(&schemas);
        let document = Document::of(schemas.clone());
        let made = make(&oracle, &document, "pet", 10_000).unwrap();
        assert!(made.not_isolable.is_empty(), "{:?}", made.not_isolable);
        let violated = made.instances.iter().filter_map(|instance| instance.violates).count();
        assert_eq!(violated, occurrences(&schemas["$defs"]["pet"]).len());
        assert!(made.instances.iter().any(|instance| instance.fits));
    }

    #[test]
    fn occurrences_have_keywords() {
        assert_eq!(keyword_of("/properties/a~1b/required#x/y"), Some("required"));
        assert_eq!(keyword_of("/type"), Some("type"));
        assert!(is_beyond(&json!([1e300])) && !is_beyond(&json!([0.5, -7])));
    }
}
