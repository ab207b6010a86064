//! Writes a schema as plain JSON Schema 2020-12, so that the `jsonschema` crate can check what was made for it.

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::{Map, Value};

use crate::document::{Document, Node};

/// How many schemas a check may hold.
const SCHEMAS_MAX: usize = 20_000;

/// The check of a request's `schema`; `None` where it cannot be read.
pub(super) fn validator(document: &Document, schema: Node<'_>) -> Option<Validator> {
    let exported = exported(document, schema)?;
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(&exported)
        .ok()
}

/// The schema with everything it refers to under `$defs`.
pub(super) fn exported(document: &Document, schema: Node<'_>) -> Option<Value> {
    let mut export = Export { document, names: BTreeMap::new(), open: Vec::new() };
    let root = export.schema(schema);
    let mut definitions = Map::new();
    while let Some((name, node)) = export.open.pop() {
        if definitions.len() > SCHEMAS_MAX {
            return None;
        }
        let value = export.schema(node);
        definitions.insert(name, value);
    }
    Some(serde_json::json!({ "allOf": [root], "$defs": definitions }))
}

struct Export<'d> {
    document: &'d Document,
    names: BTreeMap<usize, String>,
    open: Vec<(String, Node<'d>)>,
}

impl<'d> Export<'d> {
    fn schema(&mut self, node: Node<'d>) -> Value {
        let Some(members) = node.value.as_object() else {
            return Value::Bool(node.value != &Value::Bool(false));
        };
        let mut out = Map::new();
        if let Some(reference) = node.text("$ref").or_else(|| node.text("$dynamicRef")) {
            let target = self.document.target(node.file, reference);
            if let Some(target) = target {
                out.insert("$ref".to_owned(), format!("#/$defs/{}", self.name(target)).into());
            }
            if self.document.is_3_0() {
                return Value::Object(out);
            }
        }
        for key in members.keys() {
            if let Some(value) = node.get(key) {
                self.keyword(node, key, value, &mut out);
            }
        }
        Value::Object(out)
    }

    fn keyword(&mut self, schema: Node<'d>, key: &str, value: Node<'d>, out: &mut Map<String, Value>) {
        let exported = match key {
            "properties" | "patternProperties" | "dependentSchemas" => {
                let value = self.document.resolve(value).unwrap_or(value);
                value.members().map(|(name, node)| (name.to_owned(), self.schema(node))).collect()
            }
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                let list: Vec<Value> = value.items().map(|node| self.schema(node)).collect();
                if list.is_empty() {
                    return;
                }
                Value::Array(list)
            }
            "items" if value.value.is_array() => {
                let list = value.items().map(|node| self.schema(node)).collect();
                out.insert("prefixItems".to_owned(), Value::Array(list));
                return;
            }
            "items"
            | "additionalProperties"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties" => self.schema(value),
            "required" => Value::Array(
                value
                    .items()
                    .filter(|name| !self.is_read_only(schema, *name))
                    .map(|name| name.value.clone())
                    .collect(),
            ),
            // 3.0: a flag beside the bound.
            "minimum" if schema.flag("exclusiveMinimum") => {
                out.insert("exclusiveMinimum".to_owned(), value.value.clone());
                return;
            }
            "maximum" if schema.flag("exclusiveMaximum") => {
                out.insert("exclusiveMaximum".to_owned(), value.value.clone());
                return;
            }
            "exclusiveMinimum" | "exclusiveMaximum" if value.value.is_boolean() => return,
            "type" | "enum" | "const" | "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum"
            | "multipleOf" | "minLength" | "maxLength" | "pattern" | "minItems" | "maxItems"
            | "uniqueItems" | "minProperties" | "maxProperties" | "minContains" | "maxContains"
            | "dependentRequired" | "format" => value.value.clone(),
            _ => return,
        };
        out.insert(key.to_owned(), exported);
    }

    /// A property that only answers hold is not asked of requests.
    fn is_read_only(&self, schema: Node<'d>, name: Node<'d>) -> bool {
        let property = schema.get("properties").and_then(|all| all.get(name.value.as_str()?));
        property
            .and_then(|node| self.document.resolve(node).or(Some(node)))
            .is_some_and(|node| node.flag("readOnly"))
            || property.is_some_and(|node| node.flag("readOnly"))
    }

    fn name(&mut self, node: Node<'d>) -> String {
        let next = format!("d{}", self.names.len());
        let open = &mut self.open;
        let name = self.names.entry(node.key()).or_insert_with(|| {
            open.push((next.clone(), node));
            next
        });
        name.clone()
    }
}
