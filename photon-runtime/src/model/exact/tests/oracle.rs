//! Schemas that nobody would write, and small values: the same answers as the `jsonschema` crate's.

use serde_json::{Map, Value as Json, json};

use super::{Program, Value, judge};
use crate::model::format::Format;
use crate::model::violation::Violations;

/// Schemas of a run, and values for each.
const SCHEMAS: u64 = 2500;
const VALUES: usize = 12;

/// Schemas that refer to each other.
const DEFINITIONS: usize = 3;

const NAMES: [&str; 4] = ["a", "b", "ab", "c/~ d"];

/// Xorshift: the same numbers for the same seed on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % sides as u64).unwrap()
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.roll(list.len())].clone()
    }

    fn name(&mut self) -> String {
        self.pick(&NAMES).to_owned()
    }

    fn number(&mut self) -> Json {
        let pool = [json!(0), json!(1), json!(1.0), json!(2), json!(-1), json!(1.5), json!(0.5), json!(3)];
        self.pick(&pool)
    }

    fn value(&mut self, depth: u32) -> Json {
        match self.roll(if depth == 0 { 5 } else { 11 }) {
            0 => Json::Null,
            1 => Json::Bool(self.roll(2) == 0),
            2 | 3 => self.number(),
            4 => self.pick(&[json!(""), json!("a"), json!("ab"), json!("é1"), json!("1.2.3.4")]),
            5..=7 => (0..self.roll(4)).map(|_| self.value(depth - 1)).collect(),
            _ => (0..self.roll(4)).map(|_| (self.name(), self.value(depth - 1))).collect(),
        }
    }

    fn count(&mut self) -> Json {
        json!(self.roll(3))
    }

    fn names(&mut self) -> Json {
        let first = self.roll(NAMES.len());
        NAMES[first..].iter().take(1 + self.roll(2)).copied().map(Json::from).collect()
    }

    /// A schema in the definition of this place, at the same value as that where it is not `inside`: references from
    /// there only lead on, so that none leads back to itself.
    fn schema(&mut self, depth: u32, at: usize, inside: bool) -> Json {
        if depth == 0 || self.roll(12) == 0 {
            return match self.roll(6) {
                0 => Json::Bool(false),
                1 | 2 => Json::Bool(true),
                _ => json!({"type": self.types()}),
            };
        }
        let mut schema = Map::new();
        for _ in 0..=self.roll(4) {
            self.keyword(&mut schema, depth, at, inside);
        }
        schema.into()
    }

    fn types(&mut self) -> Json {
        const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];
        match self.roll(2) {
            0 => json!(self.pick(&TYPES)),
            _ => json!([self.pick(&TYPES[..3]), self.pick(&TYPES[3..])]),
        }
    }

    fn keyword(&mut self, schema: &mut Map<String, Json>, depth: u32, at: usize, inside: bool) {
        const KEYWORDS: [&str; 42] = [
            "type",
            "enum",
            "const",
            "multipleOf",
            "maximum",
            "minimum",
            "exclusiveMaximum",
            "exclusiveMinimum",
            "maxLength",
            "minLength",
            "pattern",
            "format",
            "maxItems",
            "minItems",
            "uniqueItems",
            "contains",
            "minContains",
            "maxContains",
            "prefixItems",
            "items",
            "unevaluatedItems",
            "unevaluatedItems",
            "properties",
            "properties",
            "patternProperties",
            "additionalProperties",
            "propertyNames",
            "required",
            "dependentRequired",
            "dependentSchemas",
            "maxProperties",
            "minProperties",
            "unevaluatedProperties",
            "unevaluatedProperties",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else",
            "$ref",
        ];
        let keyword = self.pick(&KEYWORDS);
        let value = match keyword {
            "type" => self.types(),
            "enum" => (0..=self.roll(3)).map(|_| self.value(2)).collect(),
            "const" => self.value(2),
            "multipleOf" => self.pick(&[json!(1), json!(2), json!(0.5), json!(1.5)]),
            "maximum" | "minimum" | "exclusiveMaximum" | "exclusiveMinimum" => self.number(),
            "maxLength" | "minLength" | "maxItems" | "minItems" | "minContains" | "maxContains"
            | "maxProperties" | "minProperties" => self.count(),
            "pattern" => self.pick(&[json!("^a"), json!("\\d"), json!("^.{1,2}$"), json!("^(?!a)")]),
            "format" => self.pick(&[json!("ipv4"), json!("date"), json!("unknown")]),
            "uniqueItems" => Json::Bool(self.roll(4) > 0),
            "contains"
            | "items"
            | "unevaluatedItems"
            | "additionalProperties"
            | "propertyNames"
            | "unevaluatedProperties" => self.schema(depth - 1, at, true),
            "prefixItems" => (0..=self.roll(2)).map(|_| self.schema(depth - 1, at, true)).collect(),
            "properties" => {
                (0..=self.roll(3)).map(|_| (self.name(), self.schema(depth - 1, at, true))).collect()
            }
            "patternProperties" => {
                let pattern = self.pick(&["^a", "b$", "/"]).to_owned();
                json!({pattern: self.schema(depth - 1, at, true)})
            }
            "required" => self.names(),
            "dependentRequired" => json!({self.name(): self.names()}),
            "dependentSchemas" => json!({self.name(): self.schema(depth - 1, at, inside)}),
            "allOf" | "anyOf" | "oneOf" => {
                (0..=self.roll(3)).map(|_| self.schema(depth - 1, at, inside)).collect()
            }
            "$ref" => {
                let first = if inside { 0 } else { at + 1 };
                if first >= DEFINITIONS {
                    return;
                }
                json!(format!("#/$defs/{}", first + self.roll(DEFINITIONS - first)))
            }
            _ => self.schema(depth - 1, at, inside),
        };
        schema.insert(keyword.to_owned(), value);
    }
}

fn oracle(root: &Json) -> jsonschema::Validator {
    let options =
        jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
    let options = Format::ALL.iter().fold(options, |options, format| {
        options.with_format(format.name(), |text: &str| format.is_valid(text))
    });
    options.build(root).unwrap()
}

#[test]
fn the_same_answers() {
    let (mut wrong, mut fitting) = (Vec::new(), 0);
    for seed in 1..=SCHEMAS {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let definitions: Map<String, Json> =
            (0..DEFINITIONS).map(|at| (at.to_string(), dice.schema(3, at, false))).collect();
        let root = json!({"$ref": "#/$defs/0", "$defs": definitions});
        let oracle = oracle(&root);
        let source: &'static str = Box::leak(root.to_string().into_boxed_str());
        let program = Program::compile(&Value::parse(source).unwrap(), "0", true).unwrap();
        for _ in 0..VALUES {
            let value = dice.value(3);
            let mut faults = Violations::default();
            judge(&program, &value.to_string(), &mut faults);
            let expected = oracle.is_valid(&value);
            fitting += usize::from(expected);
            if faults.is_empty() != expected || faults.iter().any(|fault| fault.keyword == "schema") {
                wrong.push(format!("seed {seed}, fits {expected}: {value}\n  {faults}\n  {root}"));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong[..wrong.len().min(5)].join("\n"));
    // Neither always nor never.
    let all = VALUES * usize::try_from(SCHEMAS).unwrap();
    assert!(fitting > all / 5 && fitting < all * 4 / 5, "{fitting} of {all}");
}
