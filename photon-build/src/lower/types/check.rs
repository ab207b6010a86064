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
        let mut writer = Writer {
            types: self,
            keys: HashMap::new(),
            taken: list.iter().map(|check| check.key.clone()).collect(),
            queue: Vec::new(),
            direction: Direction::Response,
        };
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
        let mut done = 0;
        while let Some((key, id, way)) = writer.queue.get(done).cloned() {
            done += 1;
            out.push(',');
            string(&mut out, &key);
            out.push(':');
            writer.direction = way;
            writer.schema(&mut out, id, &[]);
        }
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

struct Writer<'t, 'd> {
    types: &'t Types<'d>,
    keys: HashMap<(SchemaId, Direction), String>,
    taken: HashSet<String>,
    queue: Vec<(String, SchemaId, Direction)>,
    direction: Direction,
}

impl Writer<'_, '_> {
    fn parts(&mut self, out: &mut String, parts: &Parts) {
        if let Some(id) = parts.whole() {
            self.schema(out, id, &[]);
            return;
        }
        out.push_str("{\"allOf\":[");
        separated(out, &parts.ids, |out, id| self.schema(out, *id, &parts.skip));
        out.push(']');
        if parts.only != TypeSet::ALL {
            out.push_str(",\"type\":[");
            separated(out, &super::hint::types(parts.only), |out, ty| string(out, type_name(*ty)));
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
            self.several(&mut members, "anyOf", &logic.any_of, &[]);
        }
        if !skips(Keyword::OneOf) {
            self.several(&mut members, "oneOf", &logic.one_of, &[]);
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
        members.count("minLength", text.min_length);
        members.count("maxLength", text.max_length);
        if let Some(pattern) = text.pattern.as_deref() {
            string(members.key("pattern"), pattern);
        }
    }

    fn array(&mut self, members: &mut Members<'_>, schema: &Schema, without_unevaluated: bool) {
        let array = schema.array();
        self.one(members, "items", array.items);
        self.several(members, "prefixItems", &array.prefix_items, &[]);
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
        self.one(members, "additionalProperties", object.additional_properties);
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
        let document = self.types.document;
        let property = schema.object().properties.iter().find(|property| &*property.name == name);
        property.is_none_or(|property| match self.direction {
            Direction::Request => !is_read_only(document, property.schema),
            Direction::Response => !is_write_only(document, property.schema),
        })
    }

    fn one(&mut self, members: &mut Members<'_>, key: &str, id: Option<SchemaId>) {
        if let Some(id) = id {
            self.schema(members.key(key), id, &[]);
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
                self.schema(out, *id, &[]);
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
