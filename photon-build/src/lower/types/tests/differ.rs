//! Schemas that nobody would write against the `jsonschema` crate: types must accept what their schema accepts.
//!
//! Everything is random and the same in every run; `PHOTON_SEEDS` asks for more of it.

use serde_json::{Map, Value, json};

use super::super::{Direction, Types};
use super::accept::Acceptor;
use super::holder;
use crate::config::{Config, Formats, Integers, Untyped};
use crate::finding::Findings;
use crate::front::front;
use crate::ir::Api;

/// Documents, the schemas in each, and the values that are held against each schema.
const SEEDS: u64 = 60;
const SCHEMAS: usize = 12;
const VALUES: usize = 60;

/// How deep schemas and values nest.
const SCHEMA_DEPTH_MAX: u32 = 3;
const VALUE_DEPTH_MAX: u32 = 3;

#[test]
fn types_accept_what_their_schemas_accept() {
    let seeds = std::env::var("PHOTON_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    let (mut judged, mut differing) = (0, Vec::new());
    for seed in 0..seeds {
        judged += differ(seed, &mut differing);
    }
    eprintln!("{judged} values judged, {} differently", differing.len());
    assert!(differing.is_empty(), "{}", differing[..differing.len().min(20)].join("\n"));
}

/// Judges the values of one document; how many it were.
fn differ(seed: u64, differing: &mut Vec<String>) -> usize {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let schemas: Map<String, Value> =
        (0..SCHEMAS).map(|at| (format!("S{at}"), random.schema(at, SCHEMA_DEPTH_MAX))).collect();
    let whole = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "components": {"schemas": schemas},
    });
    let file = std::env::temp_dir().join(format!("photon-differ-{}-{seed}.json", std::process::id()));
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
        let named =
            json!({"$ref": format!("#/components/schemas/{name}"), "components": {"schemas": schemas}});
        let oracle = jsonschema::options().should_validate_formats(false).build(&named).unwrap();
        for _ in 0..VALUES {
            let value = random.value(VALUE_DEPTH_MAX);
            judged += 1;
            let expected = oracle.is_valid(&value);
            if acceptor.fits(&param.ty, &param.rule, &value) != expected {
                differing.push(format!("seed {seed}, {name}: {schema} fits {expected}: {value}"));
                break;
            }
        }
    }
    judged
}

/// xorshift64*.
struct Random(u64);

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
