//! Checks: schemas that tables cannot express, written out as they stand, in 2020-12.
//!
//! Knows every keyword. Must not know Rust types.

use std::collections::{HashMap, HashSet};

use super::direction::{is_read_only, is_write_only};
use super::json::{separated, string};
use super::parts::{Keyword, Parts, Skip, TypeSet};
use super::{Direction, Key, Place, Types};
use crate::config::Formats;
use crate::ir::{Check, CheckId, JsonType, Name};
use crate::node::Number;
use crate::schema::{Schema, SchemaId};

/// References and `allOf` that are followed to find what is skipped.
const HOLDING_MAX: usize = 12;

/// The checks of a document.
#[derive(Debug, Default)]
pub(super) struct Checks {
    list: Vec<Check>,
    roots: Vec<(Parts, Direction)>,
    ids: HashMap<Key, CheckId>,
    keys: HashSet<String>,
}

impl Types<'_> {
    /// The check of these parts.
    pub(super) fn check(&mut self, parts: &Parts, place: &Place) -> CheckId {
        let direction = self.directions.of(parts, place.direction);
        let key = Key { parts: parts.clone(), direction };
        if let Some(id) = self.checks.ids.get(&key) {
            return *id;
        }
        let id = CheckId(u32::try_from(self.checks.list.len()).unwrap_or(u32::MAX));
        let checks = &mut self.checks;
        let name = unique(&mut checks.keys, &place.hint);
        checks.list.push(Check { name: Name::new(place.hint.clone()), key: name });
        checks.roots.push((parts.clone(), direction));
        checks.ids.insert(key, id);
        id
    }

    /// The list of checks, and `{"$defs": {..}}` with all that they refer to.
    pub(super) fn written_checks(&mut self) -> (Vec<Check>, String) {
        let list = std::mem::take(&mut self.checks.list);
        if list.is_empty() {
            return (list, String::new());
        }
        let mut writer = Writer::new(self, false);
        writer.taken = list.iter().map(|check| check.key.clone()).collect();
        let mut out = String::from("{\"$defs\":{");
        let roots = &writer.types.checks.roots;
        separated(
            &mut out,
            &list.iter().zip(roots.clone()).collect::<Vec<_>>(),
            |out, (check, (parts, way))| {
                string(out, &check.key);
                out.push(':');
                writer.direction = *way;
                writer.parts(out, parts);
            },
        );
        writer.rest(&mut out);
        out.push_str("}}");
        (list, out)
    }
}

/// A key that is safe in a pointer and not taken.
fn unique(taken: &mut HashSet<String>, wanted: &str) -> String {
    let safe =
        |letter: char| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '_' };
    let plain: String = wanted.chars().map(safe).collect();
    let mut key = plain.clone();
    let mut number = 2;
    while !taken.insert(key.clone()) {
        key = format!("{plain}-{number}");
        number += 1;
    }
    key
}

/// Writes schemas in 2020-12, lifted, for one direction.
pub(super) struct Writer<'t, 'd> {
    types: &'t Types<'d>,
    keys: HashMap<(SchemaId, Direction), String>,
    /// The keys of schemas that have a type of their own, which stand for them wherever one is asked for.
    pub(super) models: HashMap<(SchemaId, Direction), String>,
    pub(super) taken: HashSet<String>,
    queue: Vec<(String, SchemaId, Direction)>,
    pub(super) direction: Direction,
    /// As it is meant, where types follow that and not the letter.
    meant: bool,
}

impl<'t, 'd> Writer<'t, 'd> {
    pub(super) fn new(types: &'t Types<'d>, meant: bool) -> Self {
        let (keys, models, taken, queue) = (HashMap::new(), HashMap::new(), HashSet::new(), Vec::new());
        Self { types, keys, models, taken, queue, direction: Direction::Response, meant }
    }

    /// Writes what was referred to and has not been written.
    pub(super) fn rest(&mut self, out: &mut String) {
        let mut done = 0;
        while let Some((key, id, way)) = self.queue.get(done).cloned() {
            done += 1;
            out.push(',');
            string(out, &key);
            out.push(':');
            self.direction = way;
            self.schema(out, id, &[]);
        }
    }

    /// A schema at a place of its own: by the type that it has, or where it has none, as what it speaks of.
    fn placed(&mut self, out: &mut String, id: SchemaId) {
        if !self.meant {
            self.schema(out, id, &[]);
            return;
        }
        let parts = self.types.peel(Parts::one(id));
        let model = parts.whole().and_then(|id| {
            let direction = self.types.directions.of(&parts, self.direction);
            self.models.get(&(id, direction))
        });
        match model {
            Some(key) => {
                out.push_str("{\"$ref\":");
                string(out, &format!("#/$defs/{key}"));
                out.push('}');
            }
            None => self.as_meant(out, id),
        }
    }

    fn as_meant(&mut self, out: &mut String, id: SchemaId) {
        match self.types.meant_kind(&Parts::one(id)) {
            None => self.schema(out, id, &[]),
            Some(kind) => {
                out.push_str("{\"type\":[");
                separated(out, &super::hint::types(kind), |out, ty| string(out, type_name(*ty)));
                out.push_str("],\"allOf\":[");
                self.schema(out, id, &[]);
                out.push_str("]}");
            }
        }
    }

    /// A property: as read-only where it does not travel this way, for then its value is nobody's concern.
    fn property(&mut self, out: &mut String, id: SchemaId) {
        if self.meant && !self.goes(id) {
            out.push_str("{\"readOnly\":true,\"allOf\":[");
            self.placed(out, id);
            out.push_str("]}");
        } else {
            self.placed(out, id);
        }
    }

    pub(super) fn parts(&mut self, out: &mut String, parts: &Parts) {
        if let Some(id) = parts.whole() {
            if self.meant {
                self.as_meant(out, id);
            } else {
                self.schema(out, id, &[]);
            }
            return;
        }
        out.push_str("{\"allOf\":[");
        separated(out, &parts.ids, |out, id| self.schema(out, *id, &parts.skip));
        out.push(']');
        let meant = if self.meant { self.types.meant_kind(parts) } else { None };
        let only = meant.unwrap_or(parts.only);
        if only != TypeSet::ALL {
            out.push_str(",\"type\":[");
            separated(out, &super::hint::types(only), |out, ty| string(out, type_name(*ty)));
            out.push(']');
        }
        out.push('}');
    }

    /// One schema, less what is skipped of it and of the schemas that hold with it.
    fn schema(&mut self, out: &mut String, id: SchemaId, skip: &[Skip]) {
        let schema = self.types.schema(id);
        if let Some(truth) = schema.boolean {
            out.push_str(if truth { "true" } else { "false" });
            return;
        }
        let mut members = Members { out, first: true };
        members.out.push('{');
        let skips = |keyword| skip.contains(&(id, keyword));
        self.values(&mut members, schema);
        numbers(&mut members, schema);
        self.array(&mut members, schema, skips(Keyword::Unevaluated));
        self.object(&mut members, schema, skips(Keyword::Unevaluated));
        let logic = schema.logic();
        if !skips(Keyword::AnyOf) {
            self.several_placed(&mut members, "anyOf", &logic.any_of);
        }
        if !skips(Keyword::OneOf) {
            self.several_placed(&mut members, "oneOf", &logic.one_of);
        }
        self.one(&mut members, "not", logic.not);
        self.one(&mut members, "if", logic.if_);
        self.one(&mut members, "then", logic.then);
        self.one(&mut members, "else", logic.else_);
        self.holding(&mut members, schema, skip);
        members.out.push('}');
    }

    /// What holds with a schema: what it refers to, and its `allOf`. A reference leads to a schema as it stands, so
    /// that one of which something is skipped is written in its place.
    fn holding(&mut self, members: &mut Members<'_>, schema: &Schema, skip: &[Skip]) {
        let mut all_of = schema.logic().all_of.clone();
        match schema.reference {
            Some(target) if skip.iter().any(|(owner, _)| self.holds(target, *owner, HOLDING_MAX)) => {
                all_of.insert(0, target);
            }
            Some(target) => self.reference(members.key("$ref"), target),
            None => {}
        }
        self.several(members, "allOf", &all_of, skip);
    }

    /// Whether `owner` is `id`, or holds with it.
    fn holds(&self, id: SchemaId, owner: SchemaId, left: usize) -> bool {
        let schema = self.types.schema(id);
        let mut members = schema.reference.iter().chain(&schema.logic().all_of);
        id == owner || (left > 0 && members.any(|member| self.holds(*member, owner, left - 1)))
    }

    fn values(&mut self, members: &mut Members<'_>, schema: &Schema) {
        if !schema.types.is_empty() {
            let out = members.key("type");
            out.push('[');
            separated(out, &schema.types.iter().collect::<Vec<_>>(), |out, ty| string(out, ty.as_str()));
            out.push(']');
        }
        if let Some(values) = &schema.enumeration {
            let out = members.key("enum");
            out.push('[');
            separated(out, values, |out, value| value.write_json(out));
            out.push(']');
        }
        if let Some(value) = schema.constant.as_deref() {
            value.write_json(members.key("const"));
        }
        if let Some(format) = schema.format.as_deref()
            && self.types.config.formats == Formats::Assert
        {
            string(members.key("format"), format);
        }
        let text = schema.text();
        let encoding = text.content_encoding.as_deref().filter(|_| self.meant && !self.types.is_exact());
        if schema.format.is_none() && encoding.is_some_and(|name| name.eq_ignore_ascii_case("base64")) {
            string(members.key("format"), "byte");
        }
        members.count("minLength", text.min_length);
        members.count("maxLength", text.max_length);
        if let Some(pattern) = text.pattern.as_deref() {
            string(members.key("pattern"), pattern);
        }
    }

    fn array(&mut self, members: &mut Members<'_>, schema: &Schema, without_unevaluated: bool) {
        let array = schema.array();
        self.one_placed(members, "items", array.items);
        self.several_placed(members, "prefixItems", &array.prefix_items);
        self.one(members, "contains", array.contains);
        members.count("minContains", array.min_contains);
        members.count("maxContains", array.max_contains);
        if !without_unevaluated {
            self.one(members, "unevaluatedItems", array.unevaluated_items);
        }
        members.count("minItems", array.min_items);
        members.count("maxItems", array.max_items);
        if array.unique_items {
            members.key("uniqueItems").push_str("true");
        }
    }

    fn object(&mut self, members: &mut Members<'_>, schema: &Schema, without_unevaluated: bool) {
        let object = schema.object();
        if !object.properties.is_empty() {
            let named: Vec<_> =
                object.properties.iter().map(|property| (&*property.name, property.schema)).collect();
            self.named(members, "properties", &named);
        }
        let pairs = |list: &'_ [(std::sync::Arc<str>, SchemaId)]| list.to_vec();
        let patterns = pairs(&object.pattern_properties);
        self.named(members, "patternProperties", &borrowed(&patterns));
        let dependent = pairs(&object.dependent_schemas);
        self.named(members, "dependentSchemas", &borrowed(&dependent));
        self.one_placed(members, "additionalProperties", object.additional_properties);
        self.one(members, "propertyNames", object.property_names);
        if !without_unevaluated {
            self.one(members, "unevaluatedProperties", object.unevaluated_properties);
        }
        let required: Vec<_> = object.required.iter().filter(|name| self.travels(schema, name)).collect();
        if !required.is_empty() {
            let out = members.key("required");
            out.push('[');
            separated(out, &required, |out, name| string(out, name));
            out.push(']');
        }
        if !object.dependent_required.is_empty() {
            let out = members.key("dependentRequired");
            out.push('{');
            separated(out, &object.dependent_required, |out, (name, names)| {
                string(out, name);
                out.push_str(":[");
                separated(out, names, |out, name| string(out, name));
                out.push(']');
            });
            out.push('}');
        }
        members.count("minProperties", object.min_properties);
        members.count("maxProperties", object.max_properties);
    }

    /// Whether a required property is part of what is sent this way.
    fn travels(&self, schema: &Schema, name: &str) -> bool {
        let property = schema.object().properties.iter().find(|property| &*property.name == name);
        // What is meant is what a decoder asks for: it never asks for what only answers hold.
        let asked = |id| !self.meant || !is_read_only(self.types.document, id);
        property.is_none_or(|property| self.goes(property.schema) && asked(property.schema))
    }

    /// Whether a property is part of what is sent this way.
    fn goes(&self, property: SchemaId) -> bool {
        match self.direction {
            Direction::Request => !is_read_only(self.types.document, property),
            Direction::Response => !is_write_only(self.types.document, property),
        }
    }

    fn one(&mut self, members: &mut Members<'_>, key: &str, id: Option<SchemaId>) {
        if let Some(id) = id {
            self.schema(members.key(key), id, &[]);
        }
    }

    fn one_placed(&mut self, members: &mut Members<'_>, key: &str, id: Option<SchemaId>) {
        if let Some(id) = id {
            self.placed(members.key(key), id);
        }
    }

    fn several_placed(&mut self, members: &mut Members<'_>, key: &str, ids: &[SchemaId]) {
        if !ids.is_empty() {
            let out = members.key(key);
            out.push('[');
            separated(out, ids, |out, id| self.placed(out, *id));
            out.push(']');
        }
    }

    fn several(&mut self, members: &mut Members<'_>, key: &str, ids: &[SchemaId], skip: &[Skip]) {
        if !ids.is_empty() {
            let out = members.key(key);
            out.push('[');
            separated(out, ids, |out, id| self.schema(out, *id, skip));
            out.push(']');
        }
    }

    fn named(&mut self, members: &mut Members<'_>, key: &str, schemas: &[(&str, SchemaId)]) {
        if !schemas.is_empty() {
            let out = members.key(key);
            out.push('{');
            separated(out, schemas, |out, (name, id)| {
                string(out, name);
                out.push(':');
                if key == "properties" { self.property(out, *id) } else { self.placed(out, *id) }
            });
            out.push('}');
        }
    }

    fn reference(&mut self, out: &mut String, id: SchemaId) {
        let place = (id, self.direction);
        if !self.keys.contains_key(&place) {
            let wanted = self.types.schema(id).name.as_deref().map_or("schema", |name| name);
            let key = unique(&mut self.taken, wanted);
            self.queue.push((key.clone(), id, self.direction));
            self.keys.insert(place, key);
        }
        string(out, &format!("#/$defs/{}", self.keys[&place]));
    }
}

/// The members of an object that is being written.
struct Members<'o> {
    out: &'o mut String,
    first: bool,
}

impl Members<'_> {
    fn key(&mut self, key: &str) -> &mut String {
        if !std::mem::replace(&mut self.first, false) {
            self.out.push(',');
        }
        string(self.out, key);
        self.out.push(':');
        self.out
    }

    fn count(&mut self, key: &str, count: Option<u64>) {
        if let Some(count) = count {
            self.key(key).push_str(&count.to_string());
        }
    }

    fn number(&mut self, key: &str, number: Option<&Number>) {
        if let Some(number) = number {
            self.key(key).push_str(number.as_str());
        }
    }
}

fn numbers(members: &mut Members<'_>, schema: &Schema) {
    let numeric = schema.numeric();
    members.number("minimum", numeric.minimum.as_ref());
    members.number("maximum", numeric.maximum.as_ref());
    members.number("exclusiveMinimum", numeric.exclusive_minimum.as_ref());
    members.number("exclusiveMaximum", numeric.exclusive_maximum.as_ref());
    members.number("multipleOf", numeric.multiple_of.as_ref());
}

fn borrowed(pairs: &[(std::sync::Arc<str>, SchemaId)]) -> Vec<(&str, SchemaId)> {
    pairs.iter().map(|(name, id)| (&**name, *id)).collect()
}

fn type_name(ty: JsonType) -> &'static str {
    match ty {
        JsonType::Null => "null",
        JsonType::Boolean => "boolean",
        JsonType::Integer => "integer",
        JsonType::Number => "number",
        JsonType::String => "string",
        JsonType::Array => "array",
        JsonType::Object => "object",
    }
}
