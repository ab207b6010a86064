//! Random pairs of schemas against an oracle: where a value fits one and not the other, a change is told that may break
//! whom it hits.

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::{compare, request, response};
use photon_build::{Changes, Verdict};

/// Pairs that are compared.
const PAIRS: u64 = 400;

/// Changes that count as compatible although they let fewer or more values pass: clients that sent what nobody described,
/// and clients that receive what they pass over.
const BY_POLICY: [&str; 5] = [
    "request-property-added",
    "response-property-added",
    "response-required-property-added",
    "response-additional-properties-opened",
    "response-unevaluated-properties-opened",
];

/// xorshift64*: the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap() % count
    }

    fn is(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn schema(&mut self, depth: usize) -> Value {
        let kinds = if depth == 0 { 3 } else { 7 };
        let mut schema = match self.below(kinds) {
            0 => self.text(),
            1 => self.number(),
            2 => {
                self.of(&[json!({"type": "boolean"}), json!({"const": "a"}), json!({"enum": ["a", 1, null]})])
            }
            3 | 4 => self.object(depth - 1),
            5 => self.array(depth - 1),
            _ => {
                let keyword = self.of(&["oneOf", "anyOf", "allOf"]);
                let branches: Vec<Value> = (0..=self.below(3)).map(|_| self.schema(depth - 1)).collect();
                json!({ keyword: branches })
            }
        };
        if schema.get("type").is_some_and(Value::is_string) && self.is(20) {
            let ty = schema["type"].take();
            schema["type"] = json!([ty, self.of(&["null", "boolean", "string"])]);
            if schema["type"][0] == schema["type"][1] {
                schema["type"] = schema["type"][0].take();
            }
        }
        if depth > 0 && self.is(8) {
            schema["not"] = self.schema(0);
        }
        schema
    }

    fn text(&mut self) -> Value {
        let mut schema = json!({"type": "string"});
        for (key, value) in [("minLength", json!(self.below(3))), ("maxLength", json!(1 + self.below(3)))] {
            if self.is(30) {
                schema[key] = value;
            }
        }
        if self.is(20) {
            schema["pattern"] = self.of(&[json!("^a"), json!("b")]);
        }
        if self.is(30) {
            schema["enum"] = self.of(&[json!(["a"]), json!(["a", "ab"]), json!(["a", "ab", "abc"])]);
        }
        schema
    }

    fn number(&mut self) -> Value {
        let mut schema = json!({"type": self.of(&["integer", "number"])});
        for key in ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"] {
            if self.is(20) {
                schema[key] = self.of(&[json!(0), json!(1), json!(1.5), json!(2)]);
            }
        }
        if self.is(20) {
            schema["multipleOf"] = self.of(&[json!(1), json!(2), json!(0.5)]);
        }
        schema
    }

    fn object(&mut self, depth: usize) -> Value {
        let mut schema = json!({"type": "object"});
        for name in ["a", "b"] {
            if self.is(60) {
                schema["properties"][name] = self.schema(depth);
            }
        }
        let required: Vec<&str> = ["a", "b"].into_iter().filter(|_| self.is(30)).collect();
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        if self.is(30) {
            schema["additionalProperties"] = if self.is(60) { json!(false) } else { self.schema(0) };
        }
        if self.is(10) {
            schema["minProperties"] = json!(self.below(3));
        }
        if self.is(10) {
            schema["dependentRequired"] = json!({"a": ["b"]});
        }
        schema
    }

    fn array(&mut self, depth: usize) -> Value {
        let mut schema = json!({"type": "array"});
        if self.is(60) {
            schema["items"] = self.schema(depth);
        }
        if self.is(20) {
            schema["prefixItems"] = json!([self.schema(0)]);
        }
        if self.is(20) {
            schema["uniqueItems"] = json!(true);
        }
        if self.is(20) {
            schema["maxItems"] = json!(1 + self.below(2));
        }
        schema
    }

    /// The same schema with one piece of it replaced, removed or added.
    fn changed(&mut self, schema: &Value, depth: usize) -> Value {
        let mut changed = schema.clone();
        let inner = ["properties", "items", "oneOf", "anyOf", "allOf"];
        let within = self.of(&inner);
        if depth > 0
            && self.is(50)
            && let Some(below) = changed.get_mut(within)
        {
            let slot = match below {
                Value::Object(map) if within == "properties" => {
                    let at = self.below(map.len());
                    map.values_mut().nth(at)
                }
                Value::Array(items) => {
                    let at = self.below(items.len());
                    items.get_mut(at)
                }
                Value::Object(_) => Some(below),
                _ => None,
            };
            if let Some(slot) = slot {
                *slot = self.changed(&slot.clone(), depth - 1);
                return changed;
            }
        }
        let other = self.schema(depth);
        let is_kin = other.get("type") == changed.get("type");
        match (changed.as_object_mut(), other.as_object()) {
            (Some(own), Some(other)) if is_kin => {
                let keys: Vec<String> =
                    own.keys().chain(other.keys()).filter(|key| *key != "type").cloned().collect();
                if keys.is_empty() {
                    return changed;
                }
                let key = self.of(&keys);
                match other.get(&key) {
                    Some(value) => own.insert(key, value.clone()),
                    None => own.remove(&key),
                };
                changed
            }
            _ => other,
        }
    }
}

/// Values of every type, the composed ones of the simple ones.
fn values() -> Vec<Value> {
    let simple = vec![
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(1.5),
        json!(2),
        json!(3),
        json!(-1),
        json!(""),
        json!("a"),
        json!("b"),
        json!("ab"),
        json!("abc"),
        json!("bbbb"),
    ];
    let mut composed = vec![
        json!({}),
        json!([]),
        json!({"c": 1}),
        json!({"a": {"a": "a"}}),
        json!([["a"]]),
        json!({"a": ["a", "a"]}),
    ];
    for one in &simple {
        composed.extend([
            json!([one]),
            json!([one, one]),
            json!({"a": one}),
            json!({"b": one}),
            json!({"c": one}),
        ]);
        composed.extend([
            json!({"a": {"a": one}}),
            json!({"a": [one]}),
            json!([{"a": one}]),
            json!([[one]]),
            json!({"a": {"b": one}}),
        ]);
        for other in &simple {
            composed.extend([json!([one, other]), json!({"a": one, "b": other})]);
        }
    }
    simple.into_iter().chain(composed).collect()
}

fn may_break(changes: &Changes) -> bool {
    changes.iter().any(|change| change.kind.verdict >= Verdict::Risky || BY_POLICY.contains(&change.kind.id))
}

/// The first value that fits one schema and not the other.
fn witness<'v>(values: &'v [Value], fits: &Validator, fails: &Validator) -> Option<&'v Value> {
    values.iter().find(|value| fits.is_valid(value) && !fails.is_valid(value))
}

#[test]
fn whatever_fits_no_longer_is_told() {
    let values = values();
    let mut random = Random(0x5eed);
    let (mut seen, mut silent) = (0, Vec::new());
    for _ in 0..PAIRS {
        let old = random.schema(2);
        let new = random.changed(&old, 2);
        let (before, after) =
            (jsonschema::validator_for(&old).unwrap(), jsonschema::validator_for(&new).unwrap());
        for (wrap, witness) in [
            (request as fn(&str) -> String, witness(&values, &before, &after)),
            (response, witness(&values, &after, &before)),
        ] {
            let Some(witness) = witness else { continue };
            seen += 1;
            let changes = compare("random", &wrap(&old.to_string()), &wrap(&new.to_string()));
            if !may_break(&changes) {
                let text = changes.text();
                silent.push(format!(
                    "{old}\nto\n{new}\ntells two kinds of {witness} apart, and there is\n{text}"
                ));
            }
        }
    }
    assert!(seen > PAIRS / 3, "{seen}");
    assert!(silent.is_empty(), "{}\n{} of {seen} are silent", silent.join("\n----\n"), silent.len());
}
