//! Several schemas made one: `allOf`, `$ref` with siblings, a branch beside its base.
//!
//! Knows keywords and how two of a kind hold at once. Must not know Rust types.

use super::flat::{
    ArrayRules, Flat, NumericRules, ObjectRules, Property, TextRules, UnionRule, equal, is_true, type_of,
};
use super::null::null_fits;
use super::parts::{Keyword, Parts, TypeSet};
use crate::node::{Node, Number};
use crate::schema::{Schema, SchemaId};
use crate::spec::Document;

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
                    self.inexact("two `multipleOf` hold");
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
        if let Some(additional) = object.additional_properties
            && !rules.additional.contains(&additional)
        {
            rules.additional.push(additional);
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
            if branches.is_empty() || self.skips(id, rule.keyword()) {
                continue;
            }
            if self.leads_back(branches) {
                self.inexact("its alternatives lead back to it");
            } else {
                self.flat.unions.push(rule);
            }
        }
        if logic.not.is_some() {
            self.inexact("`not`");
        }
        if logic.if_.is_some() && (logic.then.is_some() || logic.else_.is_some()) {
            self.inexact("`if`");
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
        // `additionalProperties` evaluates all that is left, so that nothing is unevaluated.
        if self.closing && self.flat.object.additional.is_empty() {
            let object = &self.flat.object;
            if self.flat.unions.is_empty() && self.flat.inexact.is_none() && object.patterns.is_empty() {
                self.flat.object.closed = true;
            } else {
                self.inexact("`unevaluatedProperties`");
            }
        }
        let types = self.flat.types;
        if self.flat.inexact.is_some()
            && types.contains(TypeSet::NULL)
            && types != TypeSet::ALL
            && !null_fits(self.document, &self.flat.parts)
        {
            self.flat.types = types.without(TypeSet::NULL);
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

fn tighten<'d>(kept: &mut Option<&'d Number>, new: Option<&'d Number>, is_tighter: fn(f64, f64) -> bool) {
    if let Some(new) = new
        && kept.is_none_or(|old| is_tighter(new.as_f64(), old.as_f64()))
    {
        *kept = Some(new);
    }
}

fn least(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
