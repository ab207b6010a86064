//! The other judge: the `jsonschema` crate over the schemas as Photon reads them.
//!
//! References are followed when a value reaches them, so that each schema is compiled once and a document of thousands
//! costs no more than it is long. `format` is Photon's own here: the suite judges it. Knows no instances.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, Weak};

use jsonschema::{Keyword, ValidationError, Validator};
use photon_runtime::Format;
use serde_json::{Map, Value};

/// What stands for `$ref` in schemas that are compiled each on its own.
const REFERENCE: &str = "x-reference";
/// How deep references may lead without the value becoming smaller.
const DEPTH_MAX: u32 = 400;

/// The schemas of a document, compiled as they are needed.
#[derive(Debug)]
pub(super) struct Oracle {
    definitions: Map<String, Value>,
    /// What was evaluated is told by real references only.
    whole: bool,
    compiled: Mutex<HashMap<String, Compiled>>,
    this: Weak<Self>,
}

type Compiled = Arc<OnceLock<Option<Validator>>>;

impl Oracle {
    /// Of `{"$defs": {..}}`.
    pub(super) fn new(schemas: &Value) -> Arc<Self> {
        let stated = schemas.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
        let mut definitions = stated.clone();
        definitions.values_mut().for_each(|schema| ask_nothing_read_only(schema, &stated, &BTreeSet::new()));
        let whole = definitions.values().any(|schema| mentions(schema, "unevaluated"));
        let compiled = Mutex::default();
        Arc::new_cyclic(|this| Self { definitions, whole, compiled, this: this.clone() })
    }

    /// The schema of a key.
    pub(super) fn schema(&self, key: &str) -> Option<&Value> {
        self.definitions.get(key)
    }

    /// The validator of a key; none where the crate does not take the schema.
    pub(super) fn with<T>(&self, key: &str, ask: impl FnOnce(&Validator) -> T) -> Option<T> {
        let compiled = {
            let mut all = self.compiled.lock().ok()?;
            all.entry(key.to_owned()).or_default().clone()
        };
        compiled.get_or_init(|| self.compile(key)).as_ref().map(ask)
    }

    fn compile(&self, key: &str) -> Option<Validator> {
        let mut schema = self.definitions.get(key)?.clone();
        if !self.whole {
            detach(&mut schema);
        } else if let Value::Object(members) = &mut schema {
            members.insert("$defs".to_owned(), Value::Object(self.definitions.clone()));
        }
        let this = self.this.clone();
        let options = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(false)
            .with_keyword(REFERENCE, move |_, value: &Value, _| {
                let key = value.as_str().unwrap_or_default().to_owned();
                Ok(Box::new(Reference { oracle: this.clone(), key }))
            })
            .with_keyword("format", |parent, value, _| Ok(Box::new(Formatted::new(parent, value))));
        options.build(&schema).ok()
    }
}

/// Takes the properties that are `readOnly` out of `required`, together with those that are so around this schema.
fn ask_nothing_read_only(schema: &mut Value, all: &Map<String, Value>, around: &BTreeSet<String>) {
    let mut read_only = around.clone();
    note_read_only(schema, all, MEMBERS_MAX, &mut read_only);
    let Value::Object(members) = schema else { return };
    if let Some(Value::Array(required)) = members.get_mut("required") {
        required.retain(|name| name.as_str().is_none_or(|name| !read_only.contains(name)));
    }
    let nothing = BTreeSet::new();
    for (key, member) in members.iter_mut() {
        match (key.as_str(), member) {
            ("allOf" | "anyOf" | "oneOf", Value::Array(same)) => {
                for schema in same {
                    ask_nothing_read_only(schema, all, &read_only);
                }
            }
            ("prefixItems", Value::Array(others)) => {
                for schema in others {
                    ask_nothing_read_only(schema, all, &nothing);
                }
            }
            ("properties" | "patternProperties" | "dependentSchemas", Value::Object(others)) => {
                others.values_mut().for_each(|schema| ask_nothing_read_only(schema, all, &nothing));
            }
            ("items" | "additionalProperties", other) => ask_nothing_read_only(other, all, &nothing),
            _ => {}
        }
    }
}

/// References and `allOf` that are followed to find what is `readOnly`.
const MEMBERS_MAX: usize = 4;

fn note_read_only(schema: &Value, all: &Map<String, Value>, left: usize, names: &mut BTreeSet<String>) {
    let is_read_only = |property: &Value| {
        let flag = |schema: &Value| schema.get("readOnly") == Some(&Value::Bool(true));
        flag(property) || target(property, all).is_some_and(flag)
    };
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    names.extend(properties.filter(|(_, property)| is_read_only(property)).map(|(name, _)| name.clone()));
    if left > 0 {
        let members = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        members.chain(target(schema, all)).for_each(|member| note_read_only(member, all, left - 1, names));
    }
}

/// What a schema refers to.
fn target<'s>(schema: &Value, all: &'s Map<String, Value>) -> Option<&'s Value> {
    all.get(schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")?)
}

fn mentions(value: &Value, prefix: &str) -> bool {
    match value {
        Value::Object(members) => {
            members.iter().any(|(key, value)| key.starts_with(prefix) || mentions(value, prefix))
        }
        Value::Array(items) => items.iter().any(|item| mentions(item, prefix)),
        _ => false,
    }
}

/// Puts our own references in the place of the standard's.
fn detach(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let target = members.get("$ref").and_then(Value::as_str);
            if let Some(key) = target.and_then(|target| target.strip_prefix("#/$defs/")).map(str::to_owned) {
                members.remove("$ref");
                members.insert(REFERENCE.to_owned(), key.into());
            }
            for (key, member) in members.iter_mut() {
                if key != "enum" && key != "const" {
                    detach(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(detach),
        _ => {}
    }
}

struct Reference {
    oracle: Weak<Oracle>,
    key: String,
}

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

impl<'i> Keyword<'i> for Reference {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if Keyword::is_valid(self, instance) { Ok(()) } else { Err(ValidationError::custom("does not fit")) }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        let Some(oracle) = self.oracle.upgrade() else { return true };
        let depth = DEPTH.get();
        if depth > DEPTH_MAX {
            return true;
        }
        DEPTH.set(depth + 1);
        let valid = oracle.with(&self.key, |validator| validator.is_valid(instance));
        DEPTH.set(depth);
        valid.unwrap_or(true)
    }
}

/// Formats as Photon has them, and the ranges that formats of integers name.
enum Formatted {
    Text(Format),
    Range(f64, f64),
    Any,
}

impl Formatted {
    fn new(parent: &Map<String, Value>, value: &Value) -> Self {
        let name = value.as_str().unwrap_or_default();
        if let Some(format) = Format::ALL.into_iter().find(|format| format.name() == name) {
            return Self::Text(format);
        }
        let is_integer = match parent.get("type") {
            Some(Value::String(ty)) => ty == "integer",
            Some(Value::Array(types)) => types.iter().any(|ty| ty == "integer"),
            _ => true,
        };
        let Some((low, high)) = range(name).filter(|_| is_integer) else { return Self::Any };
        // Bounds that reach further make the type wider.
        let bound = |key: &str| parent.get(key).and_then(Value::as_f64);
        let least = bound("minimum").or(bound("exclusiveMinimum")).is_none_or(|least| least >= low);
        let most = bound("maximum").or(bound("exclusiveMaximum")).is_none_or(|most| most <= high);
        if least && most { Self::Range(low, high) } else { Self::Any }
    }
}

/// The range of a format of integers.
pub(super) fn range(format: &str) -> Option<(f64, f64)> {
    Some(match format {
        "int8" => (-128.0, 127.0),
        "int16" => (-32_768.0, 32_767.0),
        "int32" => (-2_147_483_648.0, 2_147_483_647.0),
        "uint8" => (0.0, 255.0),
        "uint16" => (0.0, 65_535.0),
        "uint32" => (0.0, 4_294_967_295.0),
        "uint64" => (0.0, f64::MAX),
        _ => return None,
    })
}

impl<'i> Keyword<'i> for Formatted {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if Keyword::is_valid(self, instance) {
            Ok(())
        } else {
            Err(ValidationError::custom("is not in this format"))
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        match (self, instance) {
            (Self::Text(format), Value::String(text)) => format.is_valid(text),
            (Self::Range(low, high), Value::Number(number)) => {
                number.as_f64().is_none_or(|number| (*low..=*high).contains(&number))
            }
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nobody_has_to_give_what_is_read_only() {
        let oracle = Oracle::new(&json!({"$defs": {
            "id": {"type": "integer", "readOnly": true},
            "pet": {
                "type": "object",
                "required": ["id", "name", "at"],
                "properties": {"id": {"$ref": "#/$defs/id"}, "name": {"type": "string"}},
                "allOf": [{"properties": {"at": {"readOnly": true}}, "required": ["id", "kind"]}],
            },
        }}));
        for (value, expected) in [
            (json!({"name": "Rex", "kind": 1}), true),
            (json!({"kind": 1}), false),
            (json!({"name": "Rex"}), false),
            (json!({"name": "Rex", "kind": 1, "id": "x"}), false),
        ] {
            let fits = oracle.with("pet", |validator| validator.is_valid(&value));
            assert_eq!(fits, Some(expected), "{value}");
        }
    }

    #[test]
    fn references_are_followed() {
        let schemas = json!({"$defs": {
            "tree": {"type": "object", "properties": {"left": {"$ref": "#/$defs/tree"}, "id": {"$ref": "#/$defs/id"}}},
            "id": {"type": "integer", "format": "int8"},
            "loop": {"$ref": "#/$defs/loop"},
        }});
        let oracle = Oracle::new(&schemas);
        for (key, value, expected) in [
            ("tree", json!({"left": {"left": {"id": 7}}}), Some(true)),
            ("tree", json!({"left": {"left": {"id": 128}}}), Some(false)),
            ("loop", json!(1), Some(true)),
            ("none", json!(1), None),
        ] {
            assert_eq!(oracle.with(key, |validator| validator.is_valid(&value)), expected, "{key} {value}");
        }
    }
}
