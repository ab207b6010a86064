//! Schemas written out in 2020-12, lifted, for one direction.
//!
//! Knows every keyword. Must not know Rust types.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::check::unique;
use super::json::{separated, string};
use super::parts::{Keyword, Parts, TypeSet};
use super::whole::Around;
use super::{Direction, Key, Types};
use crate::config::Formats;
use crate::ir::JsonType;
use crate::node::Number;
use crate::schema::{Schema, SchemaId};

/// Writes schemas in 2020-12, lifted, for one direction.
pub(super) struct Writer<'t, 'd> {
    pub(super) types: &'t Types<'d>,
    keys: HashMap<(Key, Place), String>,
    /// The keys of schemas that have a type of their own, which stand for them wherever one is asked for.
    pub(super) models: HashMap<Key, String>,
    pub(super) taken: HashSet<String>,
    queue: Vec<(String, Key, Place)>,
    pub(super) direction: Direction,
    /// As it is meant, where types follow that and not the letter.
    pub(super) meant: bool,
    /// What is being written in the place of a reference to it.
    pub(super) open: Vec<SchemaId>,
}

/// Where a schema stands: at a place of its own, where one without `type` is what it speaks of, or beside others.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Own,
    Beside,
}

impl<'t, 'd> Writer<'t, 'd> {
    pub(super) fn new(types: &'t Types<'d>, meant: bool) -> Self {
        Self {
            types,
            keys: HashMap::new(),
            models: HashMap::new(),
            taken: HashSet::new(),
            queue: Vec::new(),
            direction: Direction::Response,
            meant,
            open: Vec::new(),
        }
    }

    /// Writes what was referred to and has not been written.
    pub(super) fn rest(&mut self, out: &mut String) {
        let mut done = 0;
        while let Some((key, of, place)) = self.queue.get(done).cloned() {
            done += 1;
            out.push(',');
            string(out, &key);
            out.push(':');
            self.direction = of.direction;
            match place {
                Place::Own => self.parts(out, &of.parts),
                Place::Beside => self.body(out, &of.parts, None, &[]),
            }
        }
    }

    /// A schema at a place of its own: by the type that it has, or where it has none, as what it speaks of.
    fn placed(&mut self, out: &mut String, id: SchemaId) {
        let parts = Parts::one(id);
        match self.model(&self.types.peel(parts.clone())) {
            Some(key) => refer(out, &key),
            None => self.parts(out, &parts),
        }
    }

    /// The key of the type that some schemas have together, where what is meant is written.
    fn model(&self, parts: &Parts) -> Option<String> {
        let direction = self.types.directions.of(parts, self.direction);
        let key = Key { parts: parts.clone(), direction };
        self.models.get(&key).filter(|_| self.meant).cloned()
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

    /// Some schemas at a place of their own.
    pub(super) fn parts(&mut self, out: &mut String, parts: &Parts) {
        let kind = if self.meant { self.types.meant_kind(parts) } else { None };
        self.body(out, parts, kind, &[]);
    }

    /// Some schemas that hold at once. `unasked` names properties that nobody has to give, beside their own.
    fn body(&mut self, out: &mut String, parts: &Parts, kind: Option<TypeSet>, unasked: &[Arc<str>]) {
        let mut whole = self.whole(parts);
        whole.unasked.extend_from_slice(unasked);
        let around = Around { skip: &parts.skip, unasked: &whole.unasked, merged: &whole.merged };
        let only = kind.unwrap_or(parts.only);
        if let ([id], TypeSet::ALL, true) = (&parts.ids[..], only, whole.merged.is_empty()) {
            self.schema(out, *id, around);
            return;
        }
        out.push_str("{\"allOf\":[");
        separated(out, &parts.ids, |out, id| self.schema(out, *id, around));
        if !whole.merged.is_empty() {
            out.push_str(",{\"properties\":{");
            separated(out, &whole.merged, |out, (name, parts)| {
                string(out, name);
                out.push(':');
                self.refer_to(out, parts.clone(), Place::Own);
            });
            out.push_str("}}");
        }
        out.push(']');
        if only != TypeSet::ALL {
            out.push_str(",\"type\":[");
            separated(out, &super::hint::types(only), |out, ty| string(out, type_name(*ty)));
            out.push(']');
        }
        out.push('}');
    }

    /// One schema, less what is skipped of it and of the schemas that hold with it.
    fn schema(&mut self, out: &mut String, id: SchemaId, around: Around<'_>) {
        let schema = self.types.schema(id);
        if let Some(truth) = schema.boolean {
            out.push_str(if truth { "true" } else { "false" });
            return;
        }
        let mut members = Members { out, first: true };
        members.out.push('{');
        let skips = |keyword| around.skip.contains(&(id, keyword));
        self.values(&mut members, schema);
        numbers(&mut members, schema);
        self.array(&mut members, schema, skips(Keyword::Unevaluated));
        self.object(&mut members, schema, around, skips(Keyword::Unevaluated));
        let logic = schema.logic();
        if !skips(Keyword::AnyOf) {
            self.branches(&mut members, "anyOf", &logic.any_of, around);
        }
        if !skips(Keyword::OneOf) {
            self.branches(&mut members, "oneOf", &logic.one_of, around);
        }
        self.one(&mut members, "not", logic.not);
        self.one(&mut members, "if", logic.if_);
        self.one(&mut members, "then", logic.then);
        self.one(&mut members, "else", logic.else_);
        self.holding(&mut members, schema, around);
        members.out.push('}');
    }

    /// What holds with a schema: what it refers to, and its `allOf`. A reference leads to a schema as it stands, so
    /// that one of which something is left out is written in its place.
    fn holding(&mut self, members: &mut Members<'_>, schema: &Schema, around: Around<'_>) {
        let mut all_of = schema.logic().all_of.clone();
        let open = self.open.len();
        match schema.reference {
            Some(target) if !self.open.contains(&target) && self.is_touched(target, around) => {
                all_of.insert(0, target);
                self.open.push(target);
            }
            Some(target) => {
                let target = Parts::one(target);
                let key = self.key(target, Place::Beside);
                string(members.key("$ref"), &format!("#/$defs/{key}"));
            }
            None => {}
        }
        if !all_of.is_empty() {
            let out = members.key("allOf");
            out.push('[');
            separated(out, &all_of, |out, id| self.schema(out, *id, around));
            out.push(']');
        }
        self.open.truncate(open);
    }

    /// The branches of a union; one that asks for what nobody has to give is written as it is beside the others.
    fn branches(&mut self, members: &mut Members<'_>, key: &str, ids: &[SchemaId], around: Around<'_>) {
        if ids.is_empty() {
            return;
        }
        let out = members.key(key);
        out.push('[');
        separated(out, ids, |out, id| {
            if self.open.contains(id) || !self.asks(*id, around.unasked) {
                self.placed(out, *id);
                return;
            }
            self.open.push(*id);
            let parts = Parts::one(*id);
            let kind = if self.meant { self.types.meant_kind(&parts) } else { None };
            self.body(out, &parts, kind, around.unasked);
            self.open.pop();
        });
        out.push(']');
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

    fn object(
        &mut self,
        members: &mut Members<'_>,
        schema: &Schema,
        around: Around<'_>,
        without_unevaluated: bool,
    ) {
        let object = schema.object();
        if !object.properties.is_empty() {
            let out = members.key("properties");
            out.push('{');
            separated(out, &object.properties, |out, property| {
                string(out, &property.name);
                out.push(':');
                if around.merged.iter().any(|(name, _)| *name == property.name) {
                    // All that is said of it stands beside.
                    out.push_str("true");
                } else {
                    self.property(out, property.schema);
                }
            });
            out.push('}');
        }
        let pairs = |list: &'_ [(Arc<str>, SchemaId)]| list.to_vec();
        let patterns = pairs(&object.pattern_properties);
        self.named(members, "patternProperties", &borrowed(&patterns));
        let dependent = pairs(&object.dependent_schemas);
        self.named(members, "dependentSchemas", &borrowed(&dependent));
        self.one_placed(members, "additionalProperties", object.additional_properties);
        self.one(members, "propertyNames", object.property_names);
        if !without_unevaluated {
            self.one(members, "unevaluatedProperties", object.unevaluated_properties);
        }
        let asked = |name: &&Arc<str>| !around.unasked.contains(*name) && self.travels(schema, name);
        let required: Vec<_> = object.required.iter().filter(asked).collect();
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
        property.is_none_or(|property| self.is_asked(property.schema))
    }

    fn one(&mut self, members: &mut Members<'_>, key: &str, id: Option<SchemaId>) {
        if let Some(id) = id {
            self.body(members.key(key), &Parts::one(id), None, &[]);
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

    fn named(&mut self, members: &mut Members<'_>, key: &str, schemas: &[(&str, SchemaId)]) {
        if !schemas.is_empty() {
            let out = members.key(key);
            out.push('{');
            separated(out, schemas, |out, (name, id)| {
                string(out, name);
                out.push(':');
                self.placed(out, *id);
            });
            out.push('}');
        }
    }

    fn refer_to(&mut self, out: &mut String, parts: Parts, place: Place) {
        let parts = self.types.peel(parts);
        let key = self.model(&parts).unwrap_or_else(|| self.key(parts, place));
        refer(out, &key);
    }

    /// The key under which some schemas are written.
    fn key(&mut self, parts: Parts, place: Place) -> String {
        let of = (Key { parts, direction: self.direction }, place);
        if let Some(key) = self.keys.get(&of) {
            return key.clone();
        }
        let first = of.0.parts.ids.first();
        let wanted = first.and_then(|id| self.types.schema(*id).name.as_deref()).unwrap_or("schema");
        let key = unique(&mut self.taken, wanted);
        self.queue.push((key.clone(), of.0.clone(), place));
        self.keys.insert(of, key.clone());
        key
    }
}

fn refer(out: &mut String, key: &str) {
    out.push_str("{\"$ref\":");
    string(out, &format!("#/$defs/{key}"));
    out.push('}');
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

fn borrowed(pairs: &[(Arc<str>, SchemaId)]) -> Vec<(&str, SchemaId)> {
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
