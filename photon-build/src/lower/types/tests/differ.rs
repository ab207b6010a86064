//! Schemas that nobody would write against the `jsonschema` crate: types must accept what their schema accepts.
//!
//! Everything is random and the same in every run; `PHOTON_SEEDS` asks for more of it.

use std::sync::atomic::Ordering;

use serde_json::{Map, Value, json};

use super::super::{Direction, Types};
use super::accept::Acceptor;
use super::holder;
use crate::config::{Config, Formats, Integers, Untyped};
use crate::finding::Findings;
use crate::front::front;
use crate::ir::Api;

/// Documents, the schemas in each, and the values that are held against each schema.
const SEEDS: u64 = 40;
const SCHEMAS: usize = 12;
const VALUES: usize = 60;

/// How deep schemas and values nest.
const SCHEMA_DEPTH_MAX: u32 = 3;
const VALUE_DEPTH_MAX: u32 = 3;

#[test]
fn types_accept_what_their_schemas_accept() {
    judge_all(|random| (0..SCHEMAS).map(|at| random.schema(at, SCHEMA_DEPTH_MAX)).collect());
}

#[test]
fn generic_types_accept_what_their_schemas_accept() {
    judge_all(|random| (0..SCHEMAS).map(|at| random.resource(at)).collect());
}

fn judge_all(make: fn(&mut Random) -> Vec<Value>) {
    let seeds = std::env::var("PHOTON_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    let (mut judged, mut differing) = (0, Vec::new());
    for seed in 0..seeds {
        judged += differ(seed, make, &mut differing);
    }
    eprintln!("{judged} values judged, {} differently", differing.len());
    assert!(differing.is_empty(), "{}", differing[..differing.len().min(20)].join("\n"));
}

/// Judges the values of one document; how many it were.
fn differ(seed: u64, make: fn(&mut Random) -> Vec<Value>, differing: &mut Vec<String>) -> usize {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let schemas: Map<String, Value> =
        make(&mut random).into_iter().enumerate().map(|(at, schema)| (format!("S{at}"), schema)).collect();
    let whole = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "components": {"schemas": schemas},
    });
    let number = super::FILES.fetch_add(1, Ordering::Relaxed);
    let file = std::env::temp_dir().join(format!("photon-differ-{}-{number}.json", std::process::id()));
    std::fs::write(&file, whole.to_string()).unwrap();
    let config = Config::default().integers(Integers::Arbitrary).formats(Formats::Annotate);
    let mut findings = Findings::default();
    let document = front(&config, &file, &mut findings);
    std::fs::remove_file(&file).unwrap();
    let document = document.unwrap_or_else(|| panic!("seed {seed}: {}", findings.render()));

    let mut types = Types::new(&document, &config);
    types.untyped = Untyped::Exact;
    let mut api = Api::default();
    for (at, (_, id)) in document.components.iter().enumerate() {
        let found = types.typed(*id, Direction::Request, "body", &mut findings);
        api.traits.push(holder(at, &found));
    }
    types.finish(&mut api, &mut findings);
    let acceptor = Acceptor::new(&api, false).unwrap();
    let mut judged = 0;
    for ((name, schema), held) in schemas.iter().zip(&api.traits) {
        let param = &held.operations[0].params[0];
        let judge = Judge::new(&schemas, name, schema);
        for _ in 0..VALUES {
            let value = random.value(VALUE_DEPTH_MAX);
            judged += 1;
            let expected = judge.is_valid(&value);
            if acceptor.fits(&param.ty, &param.rule, &value) != expected {
                differing.push(format!("seed {seed}, {name}: {schema} fits {expected}: {value}"));
                break;
            }
        }
    }
    judged
}

/// Who is right: the crate, or for resources the few rules of the standard that they use, word by word: there
/// the crate has other answers.
enum Judge<'a> {
    Crate(Box<jsonschema::Validator>),
    Resources(&'a Map<String, Value>, &'a str),
}

impl<'a> Judge<'a> {
    fn new(schemas: &'a Map<String, Value>, name: &'a str, schema: &Value) -> Self {
        if schema.get("$id").is_some() {
            return Self::Resources(schemas, name);
        }
        let named =
            json!({"$ref": format!("#/components/schemas/{name}"), "components": {"schemas": schemas}});
        Self::Crate(Box::new(jsonschema::options().should_validate_formats(false).build(&named).unwrap()))
    }

    fn is_valid(&self, value: &Value) -> bool {
        match self {
            Self::Crate(validator) => validator.is_valid(value),
            Self::Resources(schemas, name) => {
                Scope { schemas, entered: vec![(*name).to_owned()] }.fits(&schemas[*name], value)
            }
        }
    }
}

/// The dynamic scope: the resources that were entered, the outermost first.
#[derive(Clone)]
struct Scope<'a> {
    schemas: &'a Map<String, Value>,
    entered: Vec<String>,
}

impl Scope<'_> {
    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let all = |key: &str, any: bool| {
            let mut parts = schema[key].as_array().into_iter().flatten();
            if any {
                parts.any(|part| self.fits(part, value))
            } else {
                parts.all(|part| self.fits(part, value))
            }
        };
        let members = value.as_object().into_iter().flatten().all(|(name, member)| {
            let part = schema.get("properties").and_then(|named| named.get(name));
            part.or_else(|| schema.get("additionalProperties")).is_none_or(|part| self.fits(part, member))
        });
        let items = value.as_array().into_iter().flatten();
        schema.get("type").is_none_or(|ty| jsonschema::is_valid(&json!({"type": ty}), value))
            && members
            && items.into_iter().all(|item| schema.get("items").is_none_or(|part| self.fits(part, item)))
            && all("allOf", false)
            && (schema.get("anyOf").is_none() || all("anyOf", true))
            && ["$ref", "$dynamicRef"].iter().all(|key| {
                schema
                    .get(key)
                    .is_none_or(|text| self.follows(text.as_str().unwrap(), *key == "$dynamicRef", value))
            })
    }

    fn follows(&self, text: &str, is_dynamic: bool, value: &Value) -> bool {
        let (resource, fragment) = text.split_once('#').unwrap_or((text, ""));
        let mut resource = resource.to_uppercase();
        if resource.is_empty() {
            resource.clone_from(self.entered.last().unwrap());
        }
        let key = fragment.trim_start_matches("/$defs/");
        let has = |name: &str| self.schemas[name]["$defs"][key].get("$dynamicAnchor").is_some();
        if is_dynamic && has(&resource) {
            resource = self.entered.iter().find(|name| has(name)).unwrap_or(&resource).clone();
        }
        let whole = &self.schemas[&resource];
        let mut inside = self.clone();
        inside.entered.push(resource);
        inside.fits(if key.is_empty() { whole } else { &whole["$defs"][key] }, value)
    }
}

/// xorshift64*.
struct Random(u64);

const ANCHORS: [&str; 2] = ["x", "y"];
const NAMES: [&str; 4] = ["a", "b", "ab", "c"];
const PATTERNS: [&str; 4] = ["^a", "b$", "^.{2}$", "c"];
const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];
const KEYWORDS: [&str; 37] = [
    "type",
    "type",
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
    "properties",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
    "items",
    "prefixItems",
    "contains",
    "minItems",
    "maxItems",
    "uniqueItems",
    "unevaluatedItems",
    "unevaluatedProperties",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "$ref",
];

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % end
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// The schema number `at`, which refers only to those before it.
    fn schema(&mut self, at: usize, depth: u32) -> Value {
        if depth == 0 || self.below(8) == 0 {
            return match self.below(6) {
                0 => json!(true),
                1 => json!(false),
                2 => json!({}),
                _ => json!({"type": self.one(&TYPES)}),
            };
        }
        let mut schema = Map::new();
        for _ in 0..=self.below(4) {
            let keyword = self.one(&KEYWORDS);
            self.keyword(&mut schema, keyword, at, depth - 1);
        }
        Value::Object(schema)
    }

    fn keyword(&mut self, schema: &mut Map<String, Value>, keyword: &str, at: usize, depth: u32) {
        let value = match keyword {
            "type" => match self.below(3) {
                0 => json!([TYPES[self.below(3)], TYPES[3 + self.below(4)]]),
                _ => json!(self.one(&TYPES)),
            },
            "enum" => {
                let mut values: Vec<Value> = Vec::new();
                for _ in 0..=self.below(3) {
                    let value = self.value(1);
                    if !values.contains(&value) {
                        values.push(value);
                    }
                }
                json!(values)
            }
            "const" => self.value(1),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => json!(self.below(4)),
            "multipleOf" => self.one(&[1.0, 2.0, 0.5]).into(),
            "minLength" | "maxLength" | "minProperties" | "maxProperties" | "minItems" | "maxItems" => {
                json!(self.below(3))
            }
            "pattern" => json!(self.one(&PATTERNS)),
            "uniqueItems" => json!(true),
            "required" => json!([self.one(&NAMES)]),
            "dependentRequired" => json!({self.one(&NAMES): [self.one(&NAMES)]}),
            "properties" | "dependentSchemas" => self.named(&NAMES, at, depth),
            "patternProperties" => self.named(&PATTERNS, at, depth),
            "prefixItems" | "allOf" | "anyOf" | "oneOf" => {
                (0..=self.below(2)).map(|_| self.schema(at, depth)).collect()
            }
            "if" => {
                for key in ["then", "else"] {
                    let inner = self.schema(at, depth);
                    schema.insert(key.to_owned(), inner);
                }
                self.schema(at, depth)
            }
            "contains" => {
                for key in ["minContains", "maxContains"] {
                    if self.below(3) == 0 {
                        schema.insert(key.to_owned(), json!(self.below(3)));
                    }
                }
                self.schema(at, depth)
            }
            "$ref" if at == 0 => return,
            "$ref" => json!(format!("#/components/schemas/S{}", self.below(at))),
            _ => self.schema(at, depth),
        };
        schema.insert(keyword.to_owned(), value);
    }

    /// A resource that refers to others, and to what they make of its anchors.
    fn resource(&mut self, at: usize) -> Value {
        let mut resource = Map::from_iter([("$id".to_owned(), json!(format!("https://h/s{at}")))]);
        let mut definitions = Map::new();
        for anchor in ANCHORS {
            let mut definition = Map::from_iter([("type".to_owned(), json!(self.one(&TYPES)))]);
            if self.below(3) == 0 {
                definition = Map::from_iter([("properties".to_owned(), json!({"a": self.leading(SCHEMAS)}))]);
            }
            let key = if self.below(4) == 0 { "$anchor" } else { "$dynamicAnchor" };
            definition.insert(key.to_owned(), json!(anchor));
            definitions.insert(anchor.to_owned(), Value::Object(definition));
        }
        definitions.insert("inner".to_owned(), self.leading(at));
        resource.insert("$defs".to_owned(), Value::Object(definitions));
        for _ in 0..=self.below(2) {
            let (keyword, value) = match self.below(5) {
                0 => ("items", self.leading(SCHEMAS)),
                1 => ("properties", json!({self.one(&NAMES): self.leading(SCHEMAS)})),
                2 => ("additionalProperties", self.leading(SCHEMAS)),
                3 => ("anyOf", json!([self.leading(at), self.leading(at)])),
                _ => ("allOf", json!([self.leading(at)])),
            };
            resource.insert(keyword.to_owned(), value);
        }
        Value::Object(resource)
    }

    /// A reference to one of the resources before `end`, or to an anchor.
    fn leading(&mut self, end: usize) -> Value {
        let resource = if end == 0 { String::new() } else { format!("s{}", self.below(end)) };
        let anchor = self.one(&ANCHORS);
        match self.below(if end == 0 { 2 } else { 6 }) {
            0 => json!({"$ref": format!("#{anchor}")}),
            1 => json!({"$dynamicRef": format!("#{anchor}")}),
            2 => json!({"$dynamicRef": format!("{resource}#{anchor}")}),
            3 => json!({"$ref": format!("{resource}#/$defs/inner")}),
            _ => json!({"$ref": resource}),
        }
    }

    fn named(&mut self, names: &[&str], at: usize, depth: u32) -> Value {
        let mut schemas = Map::new();
        for _ in 0..=self.below(2) {
            let name = self.one(names).to_owned();
            let schema = self.schema(at, depth);
            schemas.insert(name, schema);
        }
        Value::Object(schemas)
    }

    fn value(&mut self, depth: u32) -> Value {
        match self.below(if depth == 0 { 6 } else { 10 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.below(5)),
            3 => self.one(&[0.5, 1.5, 2.0, -1.0]).into(),
            4 | 5 => json!(self.one(&["", "a", "b", "ab", "ca", "abc"])),
            6 | 7 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let mut object = Map::new();
                for _ in 0..self.below(4) {
                    let name = self.one(&NAMES).to_owned();
                    let value = self.value(depth - 1);
                    object.insert(name, value);
                }
                Value::Object(object)
            }
        }
    }
}
