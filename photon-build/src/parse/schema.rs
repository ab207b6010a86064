//! Schemas: every keyword of JSON Schema 2020-12, and what real documents write instead.
//!
//! Schemas are read from a queue, never by recursion, so that no nesting of references exhausts the stack.

use std::sync::Arc;

use super::dialect::Dialect;
use super::dynamic::refer;
use super::lift::Lift;
use super::{At, Fault, Parser, helped};
use crate::codes;
use crate::node::{Entry, Node, Object, Value};
use crate::resolve::{Resolver, Scope};
use crate::schema::{Array, Logic, Numeric, ObjectRules, Place, Property, Schema, SchemaId, Text};
use crate::spec::{REFERENCES_MAX, Version};

/// A schema that is known by its id and not read yet.
pub(super) struct Job<'a> {
    pub(super) id: SchemaId,
    pub(super) at: At<'a>,
}

/// A schema that is being read.
pub(super) struct Reading<'a> {
    pub(super) id: SchemaId,
    pub(super) node: &'a Node,
    pub(super) scope: Scope,
    pub(super) version: Version,
    pub(super) dialect: Dialect,
    pub(super) schema: Schema,
    pub(super) lift: Lift,
    /// What `$dynamicRef` points to.
    pub(super) dynamic_target: Option<SchemaId>,
    fault: Option<Fault>,
}

impl Reading<'_> {
    fn numeric(&mut self) -> &mut Numeric {
        self.schema.numeric.get_or_insert_default()
    }

    fn text(&mut self) -> &mut Text {
        self.schema.text.get_or_insert_default()
    }

    fn array(&mut self) -> &mut Array {
        self.schema.array.get_or_insert_default()
    }

    fn object(&mut self) -> &mut ObjectRules {
        self.schema.object.get_or_insert_default()
    }

    fn logic(&mut self) -> &mut Logic {
        self.schema.logic.get_or_insert_default()
    }
}

/// The keywords of 3.0, one of which was most likely meant by what is none.
const KEYWORDS: [&str; 32] = [
    "type",
    "format",
    "title",
    "description",
    "default",
    "example",
    "enum",
    "nullable",
    "deprecated",
    "readOnly",
    "writeOnly",
    "xml",
    "discriminator",
    "externalDocs",
    "properties",
    "required",
    "additionalProperties",
    "minProperties",
    "maxProperties",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "allOf",
];

/// What 3.0 keeps beside a `$ref`.
fn stays_beside_reference(key: &str) -> bool {
    matches!(key, "$ref" | "description" | "summary" | "nullable") || key.starts_with("x-")
}

impl<'a> Parser<'a, '_> {
    /// Reads every schema that was met, and those met on the way.
    pub(super) fn read_schemas(&mut self) {
        while let Some(job) = self.jobs.pop_front() {
            self.broken = None;
            self.read_schema(&job);
        }
        self.broken = None;
    }

    fn read_schema(&mut self, job: &Job<'a>) {
        let node = job.at.node;
        let schema = std::mem::take(&mut self.schemas[job.id.0 as usize]);
        let scope = Resolver::enter(&job.at.scope, node);
        let version = self.version_of(scope.file);
        let lift = Lift::default();
        if self.resolver.has_dynamic_anchors() {
            self.dynamics.belongs(job.id, scope.base.clone());
        }
        let dialect = self.dialect_of(node, scope.file);
        let (dynamic_target, fault) = (None, None);
        let mut reading =
            Reading { id: job.id, node, scope, version, dialect, schema, lift, dynamic_target, fault };
        match &node.value {
            Value::Bool(truth) => reading.schema.boolean = Some(*truth),
            Value::Object(object) => self.keywords(&mut reading, object),
            Value::Null => {
                let finding = self.tell(&codes::KEYWORD, node.span, "nothing stands where a schema must");
                helped(finding, "anything is accepted; write `{}` if that is meant");
            }
            _ => {
                let message = format!("a schema must be a mapping, not {}", super::fields::kind_of(node));
                self.refuse(&codes::SCHEMA_SHAPE, node.span, message);
            }
        }
        if let Some(fault) = self.broken.take().or(reading.fault) {
            self.broken_schemas.insert(job.id, fault);
        }
        self.schemas[job.id.0 as usize] = reading.schema;
    }

    fn keywords(&mut self, reading: &mut Reading<'a>, object: &'a Object) {
        let is_reference_only = reading.version == Version::V3_0 && object.get("$ref").is_some();
        for entry in object.iter() {
            if is_reference_only && !stays_beside_reference(&entry.key) {
                let message = format!("`{}` beside `$ref` is ignored", entry.key);
                self.tell(&codes::REFERENCE_SIBLINGS, entry.key_span, message);
                continue;
            }
            if !self.is_spoken(reading, object, entry) {
                continue;
            }
            let is_known = self.annotation(reading, entry)
                || self.scalar_keyword(reading, entry)
                || self.array_keyword(reading, entry)
                || self.object_keyword(reading, entry)
                || self.logic_keyword(reading, entry);
            if !is_known && reading.version == Version::V3_0 {
                self.unknown_field(entry, &KEYWORDS, "a schema of OpenAPI 3.0 has no keyword");
            }
        }
        reading.schema.extensions = reading.node.as_object().map(Self::extensions).unwrap_or_default();
        if let Some(target) = reading.dynamic_target {
            refer(&mut reading.schema, target);
        }
        self.check_schema_values(reading);
        self.lift(reading);
    }

    fn annotation(&mut self, reading: &mut Reading<'a>, entry: &'a Entry) -> bool {
        let at = At { node: reading.node, scope: reading.scope.clone(), pointer: Arc::from("") };
        let schema = &mut reading.schema;
        match &*entry.key {
            "title" => schema.title = self.text(&at, "title"),
            "description" => schema.description = self.text(&at, "description"),
            "default" => schema.default = Some(Box::new(entry.value.clone())),
            "deprecated" => schema.deprecated = self.flag(&at, "deprecated").unwrap_or(false),
            "readOnly" => schema.read_only = self.flag(&at, "readOnly").unwrap_or(false),
            "writeOnly" => schema.write_only = self.flag(&at, "writeOnly").unwrap_or(false),
            "xml" => schema.xml = Some(Box::new(entry.value.clone())),
            "example" => schema.examples.push(entry.value.clone()),
            "examples" => match &entry.value.value {
                Value::Array(items) => schema.examples.extend(items.iter().cloned()),
                // A mapping is what media types have here.
                Value::Object(_) => {}
                _ => self.keyword(&entry.value, "examples", "a list"),
            },
            "discriminator" => reading.schema.discriminator = self.discriminator(&at, entry),
            "summary" | "externalDocs" | "$schema" | "$comment" | "$vocabulary" | "id" => {}
            key if key.starts_with("x-") => {}
            _ => return false,
        }
        true
    }

    fn scalar_keyword(&mut self, reading: &mut Reading<'a>, entry: &'a Entry) -> bool {
        let node = &entry.value;
        match &*entry.key {
            "type" => self.types(reading, node),
            "format" => reading.schema.format = self.word(node, "format"),
            "nullable" => reading.lift.nullable = self.nullable(reading, entry),
            "enum" => match node.as_array() {
                Some(items) => reading.schema.enumeration = Some(items.to_vec()),
                None => self.keyword(node, "enum", "a list"),
            },
            "const" => reading.schema.constant = Some(Box::new(node.clone())),
            "minimum" => reading.numeric().minimum = self.number(node, "minimum"),
            "maximum" => reading.numeric().maximum = self.number(node, "maximum"),
            "exclusiveMinimum" => match node.value {
                Value::Bool(truth) => reading.lift.exclusive_minimum = truth && self.old_flag(reading, entry),
                _ => reading.numeric().exclusive_minimum = self.number(node, "exclusiveMinimum"),
            },
            "exclusiveMaximum" => match node.value {
                Value::Bool(truth) => reading.lift.exclusive_maximum = truth && self.old_flag(reading, entry),
                _ => reading.numeric().exclusive_maximum = self.number(node, "exclusiveMaximum"),
            },
            "multipleOf" => {
                let number = self.number(node, "multipleOf");
                let positive = number.filter(|number| number.as_f64() > 0.0);
                if positive.is_none() {
                    self.keyword(node, "multipleOf", "a positive number");
                }
                reading.numeric().multiple_of = positive;
            }
            "minLength" => reading.text().min_length = self.count(node, "minLength"),
            "maxLength" => reading.text().max_length = self.count(node, "maxLength"),
            "pattern" => {
                let pattern = self.word(node, "pattern");
                let pattern = pattern.map(|pattern| self.without_slashes(node.span, pattern));
                reading.text().pattern = pattern.filter(|pattern| self.is_pattern(node.span, pattern));
            }
            "contentEncoding" => reading.text().content_encoding = self.word(node, "contentEncoding"),
            "contentMediaType" => reading.text().content_media_type = self.word(node, "contentMediaType"),
            "contentSchema" => {
                let id = self.child(reading, "contentSchema", None, node);
                reading.text().content_schema = Some(id);
            }
            _ => return false,
        }
        true
    }

    fn array_keyword(&mut self, reading: &mut Reading<'a>, entry: &'a Entry) -> bool {
        let node = &entry.value;
        match &*entry.key {
            "items" if node.as_array().is_some() => {
                self.tell(&codes::ITEMS_LIST, node.span, "`items` is a list of schemas");
                let ids = self.children(reading, "items", node);
                reading.array().prefix_items.extend(ids);
            }
            "items" => reading.array().items = Some(self.child(reading, "items", None, node)),
            // Beside a list, what earlier drafts had for items beyond it.
            "additionalItems"
                if reading.node.get("items").is_some_and(|items| items.as_array().is_some()) =>
            {
                reading.array().items = Some(self.child(reading, "additionalItems", None, node));
            }
            "prefixItems" => {
                let ids = self.children(reading, "prefixItems", node);
                reading.array().prefix_items.extend(ids);
            }
            "contains" => reading.array().contains = Some(self.child(reading, "contains", None, node)),
            "unevaluatedItems" => {
                reading.array().unevaluated_items = Some(self.child(reading, "unevaluatedItems", None, node));
            }
            "minContains" => reading.array().min_contains = self.count(node, "minContains"),
            "maxContains" => reading.array().max_contains = self.count(node, "maxContains"),
            "minItems" => reading.array().min_items = self.count(node, "minItems"),
            "maxItems" => reading.array().max_items = self.count(node, "maxItems"),
            "uniqueItems" => match node.as_bool() {
                Some(truth) => reading.array().unique_items = truth,
                None => self.keyword(node, "uniqueItems", "a truth value"),
            },
            _ => return false,
        }
        true
    }

    fn object_keyword(&mut self, reading: &mut Reading<'a>, entry: &'a Entry) -> bool {
        let node = &entry.value;
        match &*entry.key {
            "properties" => self.properties(reading, node),
            "patternProperties" => {
                let mut named = self.named_children(reading, "patternProperties", node);
                named.retain(|(pattern, _)| self.is_pattern(node.span, pattern));
                reading.object().pattern_properties = named;
            }
            "additionalProperties" => {
                let id = self.child(reading, "additionalProperties", None, node);
                reading.object().additional_properties = Some(id);
            }
            "propertyNames" => {
                let id = self.child(reading, "propertyNames", None, node);
                reading.object().property_names = Some(id);
            }
            "unevaluatedProperties" => {
                let id = self.child(reading, "unevaluatedProperties", None, node);
                reading.object().unevaluated_properties = Some(id);
            }
            "required" => self.required(reading, entry),
            "dependentRequired" => {
                for entry in node.as_object().into_iter().flat_map(Object::iter) {
                    self.dependent_required(reading, entry);
                }
            }
            "dependentSchemas" => {
                let named = self.named_children(reading, "dependentSchemas", node);
                reading.object().dependent_schemas.extend(named);
            }
            // What drafts before 2019-09 had for both.
            "dependencies" => {
                for entry in node.as_object().into_iter().flat_map(Object::iter) {
                    if entry.value.as_array().is_some() {
                        self.dependent_required(reading, entry);
                    } else {
                        let id = self.child(reading, "dependencies", Some(&entry.key), &entry.value);
                        let name = self.text_of(&entry.key);
                        reading.object().dependent_schemas.push((name, id));
                    }
                }
            }
            "minProperties" => reading.object().min_properties = self.count(node, "minProperties"),
            "maxProperties" => reading.object().max_properties = self.count(node, "maxProperties"),
            _ => return false,
        }
        true
    }

    fn logic_keyword(&mut self, reading: &mut Reading<'a>, entry: &'a Entry) -> bool {
        let node = &entry.value;
        match &*entry.key {
            "$ref" => reading.schema.reference = self.schema_target(reading, node),
            "$dynamicRef" => reading.dynamic_target = self.dynamic_target(reading, node),
            "allOf" => reading.logic().all_of = self.children(reading, "allOf", node),
            "anyOf" => reading.logic().any_of = self.children(reading, "anyOf", node),
            "oneOf" => reading.logic().one_of = self.children(reading, "oneOf", node),
            "not" => reading.logic().not = Some(self.child(reading, "not", None, node)),
            "if" => reading.logic().if_ = Some(self.child(reading, "if", None, node)),
            "then" => reading.logic().then = Some(self.child(reading, "then", None, node)),
            "else" => reading.logic().else_ = Some(self.child(reading, "else", None, node)),
            "$id" => reading.logic().id = self.word(node, "$id"),
            "$anchor" => reading.logic().anchor = self.word(node, "$anchor"),
            "$dynamicAnchor" => reading.logic().dynamic_anchor = self.word(node, "$dynamicAnchor"),
            "$defs" => {
                let named = self.named_children(reading, "$defs", node);
                reading.logic().definitions.extend(named);
            }
            "definitions" => {
                let named = self.named_children(reading, "definitions", node);
                reading.logic().definitions.extend(named);
            }
            _ => return false,
        }
        true
    }

    fn properties(&mut self, reading: &mut Reading<'a>, node: &'a Node) {
        let Some(object) = node.as_object() else {
            if !node.is_null() {
                self.keyword(node, "properties", "a mapping");
            }
            return;
        };
        let mut properties = Vec::with_capacity(object.entries.len());
        let mut open = vec![(reading.scope.clone(), object)];
        while let Some((scope, object)) = open.pop() {
            for entry in object.iter() {
                // JSON Schema has no references here, bundlers have.
                if &*entry.key == "$ref" && entry.value.as_str().is_some() && open.len() < REFERENCES_MAX {
                    let target = self.target(&scope, &entry.value);
                    open.extend(target.and_then(|target| Some((target.scope, target.node.as_object()?))));
                    continue;
                }
                let name = self.text_of(&entry.key);
                let place =
                    Place::Child { parent: reading.id, keyword: "properties", key: Some(name.clone()) };
                let at = At { node: &entry.value, scope: scope.clone(), pointer: Arc::from("") };
                let schema = self.schema_of_key(entry.key_span, &at, place, None);
                properties.push(Property { name, schema, span: entry.key_span });
            }
        }
        reading.object().properties = properties;
    }

    fn required(&mut self, reading: &mut Reading<'a>, entry: &'a Entry) {
        let Some(items) = entry.value.as_array() else {
            let message = "`required` is a list of names, not a flag";
            self.tell(&codes::REQUIRED_FLAG, entry.key_span, message);
            return;
        };
        if items.is_empty() && reading.version == Version::V3_0 {
            self.tell(&codes::REQUIRED_EMPTY, entry.key_span, "`required` is empty");
        }
        for item in items {
            match item.as_text() {
                Some(name) => {
                    let name = self.text_of(name);
                    let required = &mut reading.object().required;
                    if !required.contains(&name) {
                        required.push(name);
                    }
                }
                None => self.keyword(item, "required", "a list of names"),
            }
        }
    }

    fn dependent_required(&mut self, reading: &mut Reading<'a>, entry: &'a Entry) {
        let Some(items) = entry.value.as_array() else {
            self.keyword(&entry.value, "dependentRequired", "a mapping to lists of names");
            return;
        };
        let names = items.iter().filter_map(Node::as_text).map(|name| self.text_of(name)).collect();
        let name = self.text_of(&entry.key);
        reading.object().dependent_required.push((name, names));
    }

    fn child(
        &mut self,
        reading: &Reading<'a>,
        keyword: &'static str,
        key: Option<&str>,
        node: &'a Node,
    ) -> SchemaId {
        let key = key.map(|key| self.text_of(key));
        let is_definition = matches!(keyword, "$defs" | "definitions");
        let name = if is_definition { key.clone() } else { None };
        let at = At { node, scope: reading.scope.clone(), pointer: Arc::from("") };
        self.schema_at(&at, Place::Child { parent: reading.id, keyword, key }, name)
    }

    fn children(&mut self, reading: &Reading<'a>, keyword: &'static str, node: &'a Node) -> Vec<SchemaId> {
        let Some(items) = node.as_array() else {
            self.keyword(node, keyword, "a list of schemas");
            return Vec::new();
        };
        if items.is_empty() {
            self.tell(&codes::EMPTY, node.span, format!("`{keyword}` is empty"));
        }
        let indexed = items.iter().enumerate();
        indexed.map(|(index, item)| self.child(reading, keyword, Some(&index.to_string()), item)).collect()
    }

    fn named_children(
        &mut self,
        reading: &Reading<'a>,
        keyword: &'static str,
        node: &'a Node,
    ) -> Vec<(Arc<str>, SchemaId)> {
        let Some(object) = node.as_object() else {
            self.keyword(node, keyword, "a mapping to schemas");
            return Vec::new();
        };
        let mut named = Vec::with_capacity(object.entries.len());
        for entry in object.iter() {
            let id = self.child(reading, keyword, Some(&entry.key), &entry.value);
            self.schemas[id.0 as usize].span = entry.key_span;
            named.push((self.text_of(&entry.key), id));
        }
        named
    }
}
