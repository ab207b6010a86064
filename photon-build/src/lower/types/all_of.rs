//! Several schemas made one: `allOf`, `$ref` with siblings, a branch beside its base.
//!
//! Knows keywords and how two of a kind hold at once. Must not know Rust types.

use std::collections::HashMap;
use std::sync::Arc;

use super::parts::{Keyword, Parts, TypeSet};
use crate::node::{Node, Number, Value};
use crate::schema::{Discriminator, Schema, SchemaId};
use crate::spec::Document;

/// What some schemas say together. Where a table cannot say it, `inexact` tells why.
#[derive(Debug)]
pub(super) struct Flat<'d> {
    /// What it was made from.
    pub(super) parts: Parts,
    /// What a check must look at: where only some keywords are lowered here, still all of them.
    pub(super) whole: Parts,
    /// The types that are left, by `type`, `enum` and `const`.
    pub(super) types: TypeSet,
    /// The types that keywords speak of.
    pub(super) kinds: TypeSet,
    /// `enum` and `const`: what is left of them.
    pub(super) values: Option<Vec<&'d Node>>,
    pub(super) format: Option<&'d str>,
    pub(super) numeric: NumericRules<'d>,
    pub(super) text: TextRules<'d>,
    pub(super) array: ArrayRules,
    pub(super) object: ObjectRules,
    /// `anyOf` and `oneOf`, each with the schema that has it.
    pub(super) unions: Vec<UnionRule<'d>>,
    /// Only that of the schema itself: one that is inherited chose this schema already.
    pub(super) discriminator: Option<(SchemaId, &'d Discriminator)>,
    /// Why the schema itself must be checked.
    pub(super) inexact: Option<&'static str>,
}

#[derive(Debug, Default)]
pub(super) struct NumericRules<'d> {
    pub(super) minimum: Option<&'d Number>,
    pub(super) maximum: Option<&'d Number>,
    pub(super) above: Option<&'d Number>,
    pub(super) below: Option<&'d Number>,
    pub(super) multiple_of: Option<&'d Number>,
}

#[derive(Debug, Default)]
pub(super) struct TextRules<'d> {
    pub(super) min: u64,
    pub(super) max: Option<u64>,
    pub(super) pattern: Option<&'d str>,
    pub(super) encoding: Option<&'d str>,
    pub(super) media_type: Option<&'d str>,
}

#[derive(Debug, Default)]
pub(super) struct ArrayRules {
    pub(super) items: Vec<SchemaId>,
    pub(super) prefix: Vec<Vec<SchemaId>>,
    pub(super) min: u64,
    pub(super) max: Option<u64>,
    pub(super) unique: bool,
}

#[derive(Debug, Default)]
pub(super) struct ObjectRules {
    pub(super) properties: Vec<Property>,
    pub(super) index: HashMap<Arc<str>, usize>,
    pub(super) required: Vec<Arc<str>>,
    pub(super) dependent_required: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// `additionalProperties` of every member that has it.
    pub(super) additional: Vec<SchemaId>,
    pub(super) patterns: Vec<(Arc<str>, SchemaId)>,
    pub(super) names: Vec<SchemaId>,
    /// `unevaluatedProperties: false`, and nothing that a table does not see evaluates properties.
    pub(super) closed: bool,
    pub(super) min: u64,
    pub(super) max: Option<u64>,
}

#[derive(Debug)]
pub(super) struct Property {
    pub(super) name: Arc<str>,
    pub(super) ids: Vec<SchemaId>,
}

/// `anyOf` or `oneOf` of one schema.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnionRule<'d> {
    pub(super) owner: SchemaId,
    pub(super) any: bool,
    pub(super) branches: &'d [SchemaId],
    pub(super) discriminator: Option<&'d Discriminator>,
}

impl UnionRule<'_> {
    pub(super) fn keyword(&self) -> Keyword {
        if self.any { Keyword::AnyOf } else { Keyword::OneOf }
    }
}

impl Flat<'_> {
    /// Whether it says nothing at all: everything fits.
    pub(super) fn is_vacuous(&self) -> bool {
        self.types == TypeSet::ALL && self.says_only_types()
    }

    /// Whether it says nothing beyond types.
    pub(super) fn says_only_types(&self) -> bool {
        self.values.is_none()
            && self.format.is_none()
            && self.kinds.is_empty()
            && self.unions.is_empty()
            && self.inexact.is_none()
            && self.discriminator.is_none()
    }

    /// Whether `null` is among what fits beside other types.
    pub(super) fn is_nullable(&self) -> bool {
        self.types.contains(TypeSet::NULL)
    }
}

/// Merges `parts`.
pub(super) fn flatten<'d>(document: &'d Document, parts: &Parts) -> Flat<'d> {
    let flat = Flat {
        parts: parts.clone(),
        whole: parts.clone(),
        types: parts.only,
        kinds: TypeSet::NONE,
        values: None,
        format: None,
        numeric: NumericRules::default(),
        text: TextRules::default(),
        array: ArrayRules::default(),
        object: ObjectRules::default(),
        unions: Vec::new(),
        discriminator: None,
        inexact: None,
    };
    let mut merger =
        Merger { document, flat, visited: Vec::new(), members: Vec::new(), closing: false, arrays: 0 };
    let alone = parts.ids.len() == 1;
    for id in &parts.ids {
        merger.add(*id, alone);
    }
    merger.finish()
}

struct Merger<'d> {
    document: &'d Document,
    flat: Flat<'d>,
    visited: Vec<SchemaId>,
    /// Every member that has `additionalProperties` or `patternProperties`: these look at its own properties only.
    members: Vec<SchemaId>,
    closing: bool,
    arrays: usize,
}

impl<'d> Merger<'d> {
    /// `top`: the schema is the whole, not a member of it.
    fn add(&mut self, id: SchemaId, top: bool) {
        if self.visited.contains(&id) {
            return;
        }
        self.visited.push(id);
        let schema = self.document.schema(id);
        if schema.boolean == Some(false) {
            self.flat.types = TypeSet::NONE;
        }
        if let Some(reference) = schema.reference {
            self.add(reference, false);
        }
        for member in &schema.logic().all_of {
            self.add(*member, false);
        }
        self.flat.types = self.flat.types.and(TypeSet::of(schema.types));
        self.values(schema);
        self.scalars(schema);
        if let Some(array) = schema.array.as_deref() {
            self.array(array, id);
        }
        if schema.object.is_some() {
            self.object(schema, id, top);
        }
        self.logic(schema, id, top);
    }

    fn values(&mut self, schema: &'d Schema) {
        if let Some(values) = &schema.enumeration {
            self.keep(&values.iter().collect::<Vec<_>>());
        }
        if let Some(value) = schema.constant.as_deref() {
            self.keep(&[value]);
        }
    }

    fn keep(&mut self, values: &[&'d Node]) {
        match &mut self.flat.values {
            Some(kept) => kept.retain(|one| values.iter().any(|other| equal(one, other))),
            None => self.flat.values = Some(values.to_vec()),
        }
    }

    fn scalars(&mut self, schema: &'d Schema) {
        if let Some(numeric) = schema.numeric.as_deref() {
            let rules = &mut self.flat.numeric;
            tighten(&mut rules.minimum, numeric.minimum.as_ref(), |new, old| new > old);
            tighten(&mut rules.maximum, numeric.maximum.as_ref(), |new, old| new < old);
            tighten(&mut rules.above, numeric.exclusive_minimum.as_ref(), |new, old| new > old);
            tighten(&mut rules.below, numeric.exclusive_maximum.as_ref(), |new, old| new < old);
            match (rules.multiple_of, &numeric.multiple_of) {
                (Some(old), Some(new)) if old.as_str() != new.as_str() => {
                    self.inexact("two `multipleOf` hold")
                }
                (_, Some(new)) => rules.multiple_of = Some(new),
                _ => {}
            }
            if *numeric != crate::schema::Numeric::default() {
                self.speaks(TypeSet::NUMBER);
            }
        }
        if let Some(text) = schema.text.as_deref() {
            let rules = &mut self.flat.text;
            rules.min = rules.min.max(text.min_length.unwrap_or(0));
            rules.max = least(rules.max, text.max_length);
            rules.encoding = text.content_encoding.as_deref().or(rules.encoding);
            rules.media_type = text.content_media_type.as_deref().or(rules.media_type);
            match (rules.pattern, text.pattern.as_deref()) {
                (Some(old), Some(new)) if old != new => self.inexact("two patterns hold"),
                (_, Some(new)) => rules.pattern = Some(new),
                _ => {}
            }
            if *text != crate::schema::Text::default() {
                self.speaks(TypeSet::STRING);
            }
        }
        if let Some(format) = schema.format.as_deref() {
            match self.flat.format {
                Some(old) if old != format => self.inexact("two formats hold"),
                _ => self.flat.format = Some(format),
            }
        }
    }

    fn array(&mut self, array: &'d crate::schema::Array, id: SchemaId) {
        if *array == crate::schema::Array::default() {
            return;
        }
        self.speaks(TypeSet::ARRAY);
        let rules = &mut self.flat.array;
        rules.min = rules.min.max(array.min_items.unwrap_or(0));
        rules.max = least(rules.max, array.max_items);
        rules.unique |= array.unique_items;
        if array.items.is_some() || !array.prefix_items.is_empty() {
            self.arrays += 1;
        }
        rules.items.extend(array.items);
        for (at, item) in array.prefix_items.iter().enumerate() {
            match rules.prefix.get_mut(at) {
                Some(ids) => ids.push(*item),
                None => rules.prefix.push(vec![*item]),
            }
        }
        if self.arrays > 1 && !rules.prefix.is_empty() {
            self.inexact("several parts say what stands at the same index");
        }
        if array.contains.is_some() {
            self.inexact("`contains`");
        }
        let unevaluated = array.unevaluated_items.filter(|item| !is_true(self.document, *item));
        if unevaluated.is_some() && !self.skips(id, Keyword::Unevaluated) {
            self.inexact("`unevaluatedItems`");
        }
    }

    fn object(&mut self, schema: &'d Schema, id: SchemaId, top: bool) {
        let object = schema.object();
        if *object == crate::schema::ObjectRules::default() {
            return;
        }
        self.speaks(TypeSet::OBJECT);
        for property in &object.properties {
            let rules = &mut self.flat.object;
            if let Some(at) = rules.index.get(&property.name) {
                let ids = &mut rules.properties[*at].ids;
                if !ids.contains(&property.schema) {
                    ids.push(property.schema);
                }
            } else {
                rules.index.insert(property.name.clone(), rules.properties.len());
                rules.properties.push(Property { name: property.name.clone(), ids: vec![property.schema] });
            }
        }
        let rules = &mut self.flat.object;
        for name in &object.required {
            if !rules.required.contains(name) {
                rules.required.push(name.clone());
            }
        }
        rules.min = rules.min.max(object.min_properties.unwrap_or(0));
        rules.max = least(rules.max, object.max_properties);
        rules.dependent_required.extend(object.dependent_required.iter().cloned());
        rules.patterns.extend(object.pattern_properties.iter().cloned());
        rules.names.extend(object.property_names);
        if let Some(additional) = object.additional_properties {
            if !rules.additional.contains(&additional) {
                rules.additional.push(additional);
            }
        }
        if !object.pattern_properties.is_empty() || object.additional_properties.is_some() {
            self.members.push(id);
        }
        if !object.dependent_schemas.is_empty() {
            self.inexact("`dependentSchemas`");
        }
        self.unevaluated(object, id, top);
    }

    /// `unevaluatedProperties: false` on the whole closes what `allOf` has put together.
    fn unevaluated(&mut self, object: &'d crate::schema::ObjectRules, id: SchemaId, top: bool) {
        let Some(unevaluated) = object.unevaluated_properties else { return };
        if is_true(self.document, unevaluated) || self.skips(id, Keyword::Unevaluated) {
            return;
        }
        if top && self.document.schema(unevaluated).boolean == Some(false) {
            self.closing = true;
        } else {
            self.inexact("`unevaluatedProperties`");
        }
    }

    fn logic(&mut self, schema: &'d Schema, id: SchemaId, top: bool) {
        if top && !self.skips(id, Keyword::Discriminator) {
            self.flat.discriminator = schema.discriminator.as_deref().map(|found| (id, found));
        }
        let Some(logic) = schema.logic.as_deref() else { return };
        for (any, branches) in [(true, &logic.any_of), (false, &logic.one_of)] {
            let rule = UnionRule { owner: id, any, branches, discriminator: schema.discriminator.as_deref() };
            if !branches.is_empty() && !self.skips(id, rule.keyword()) && !self.leads_back(branches) {
                self.flat.unions.push(rule);
            }
        }
        if logic.not.is_some() {
            self.inexact("`not`");
        }
        if logic.if_.is_some() && (logic.then.is_some() || logic.else_.is_some()) {
            self.inexact("`if`");
        }
        if let Some(dynamic) = &logic.dynamic_reference {
            if dynamic.dynamic {
                self.inexact("`$dynamicRef`");
            }
            self.add(dynamic.target, false);
        }
    }

    /// A base that lists its subtypes, met while one of them is merged: the list has been read already.
    fn leads_back(&self, branches: &[SchemaId]) -> bool {
        branches.iter().any(|branch| self.visited.contains(&self.document.target(*branch)))
    }

    fn skips(&self, id: SchemaId, keyword: Keyword) -> bool {
        self.flat.parts.skip.contains(&(id, keyword))
    }

    fn speaks(&mut self, kind: TypeSet) {
        self.flat.kinds = self.flat.kinds.or(kind);
    }

    fn inexact(&mut self, why: &'static str) {
        self.flat.inexact.get_or_insert(why);
    }

    fn finish(mut self) -> Flat<'d> {
        if let Some(values) = &mut self.flat.values {
            let types = self.flat.types;
            values.retain(|value| types.contains(type_of(value)));
            let left = values.iter().fold(TypeSet::NONE, |set, value| set.or(type_of(value)));
            self.flat.types = types.and(left);
        }
        self.members_agree();
        if self.closing {
            let object = &self.flat.object;
            if self.flat.unions.is_empty() && self.flat.inexact.is_none() && object.patterns.is_empty() {
                self.flat.object.closed = true;
            } else {
                self.inexact("`unevaluatedProperties`");
            }
        }
        self.flat
    }

    /// `additionalProperties` of one member speaks of the properties of the others, too.
    fn members_agree(&mut self) {
        for id in &self.members {
            let object = self.document.schema(*id).object();
            let vacuous = object.additional_properties.is_none_or(|more| is_true(self.document, more));
            let foreign = self.flat.object.properties.len() > object.properties.len();
            if (foreign && !vacuous)
                || (!object.pattern_properties.is_empty() && !self.flat.object.properties.is_empty())
            {
                self.flat.inexact.get_or_insert("what is said of other properties speaks of named ones, too");
            }
        }
        if self.members.len() > 1 && !self.flat.object.patterns.is_empty() {
            self.flat.inexact.get_or_insert("several parts say what other properties are");
        }
    }
}

/// Whether a schema is `true` or empty.
pub(super) fn is_true(document: &Document, id: SchemaId) -> bool {
    let schema = document.schema(id);
    schema.boolean == Some(true)
        || (is_bare(schema) && schema.reference.is_none() && schema.logic().all_of.is_empty())
}

/// Whether a schema says nothing beside `$ref` and `allOf`.
pub(super) fn is_bare(schema: &Schema) -> bool {
    let logic = schema.logic();
    schema.boolean.is_none()
        && schema.types.is_empty()
        && schema.format.is_none()
        && schema.enumeration.is_none()
        && schema.constant.is_none()
        && schema.numeric.as_deref().is_none_or(|rules| *rules == crate::schema::Numeric::default())
        && schema.text.as_deref().is_none_or(|rules| *rules == crate::schema::Text::default())
        && schema.array.as_deref().is_none_or(|rules| *rules == crate::schema::Array::default())
        && schema.object.as_deref().is_none_or(|rules| *rules == crate::schema::ObjectRules::default())
        && schema.discriminator.is_none()
        && logic.any_of.is_empty()
        && logic.one_of.is_empty()
        && logic.not.is_none()
        && logic.if_.is_none()
        && logic.dynamic_reference.is_none()
}

/// The type of a value.
pub(super) fn type_of(value: &Node) -> TypeSet {
    match &value.value {
        Value::Null => TypeSet::NULL,
        Value::Bool(_) => TypeSet::BOOLEAN,
        Value::Number(number) if is_integer(number) => TypeSet::INTEGER,
        Value::Number(_) => TypeSet::NUMBER.without(TypeSet::INTEGER),
        Value::String(_) => TypeSet::STRING,
        Value::Array(_) => TypeSet::ARRAY,
        Value::Object(_) => TypeSet::OBJECT,
    }
}

fn is_integer(number: &Number) -> bool {
    number.as_i128().is_some()
        || !number.as_str().contains(['.', 'e', 'E', '-'])
        || number.as_f64().fract() == 0.0
}

/// Whether two values are equal as JSON Schema has it: `1.0` is `1`, places do not matter.
pub(super) fn equal(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Number(one), Value::Number(other)) => match (one.as_i128(), other.as_i128()) {
            (Some(one), Some(other)) => one == other,
            (None, None) => one.as_str() == other.as_str(),
            _ => false,
        },
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.entries.len() == other.entries.len()
                && one
                    .iter()
                    .all(|entry| other.get(&entry.key).is_some_and(|value| equal(&entry.value, value)))
        }
        (one, other) => one == other,
    }
}

fn tighten<'d>(kept: &mut Option<&'d Number>, new: Option<&'d Number>, is_tighter: fn(f64, f64) -> bool) {
    if let Some(new) = new {
        if kept.is_none_or(|old| is_tighter(new.as_f64(), old.as_f64())) {
            *kept = Some(new);
        }
    }
}

fn least(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
