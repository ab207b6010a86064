//! Objects: structs and maps.
//!
//! Knows properties, named and other. Must not know what they hold.

use std::rc::Rc;
use std::sync::Arc;

use super::all_of::flatten;
use super::build::Built;
use super::flat::{Flat, Property, is_true};
use super::model::{prose, text_of};
use super::parts::{Parts, TypeSet};
use super::{Direction, Place, Typed, Types, array, direction, json, rule, scalar};
use crate::codes;
use crate::ir::{Extra, Field, ModelKind, Name, Record, Rule, RuleKind, Type};
use crate::schema::SchemaId;
use crate::spec::Document;

/// The members of RFC 9457's problem details, with their types.
const PROBLEM: [(&str, TypeSet); 5] = [
    ("type", TypeSet::STRING),
    ("title", TypeSet::STRING),
    ("status", TypeSet::NUMBER),
    ("detail", TypeSet::STRING),
    ("instance", TypeSet::STRING),
];

/// What is said of properties that have no name in the schema.
enum Others {
    Ignore,
    Deny,
    Keep { ids: Vec<SchemaId>, keys: Option<RuleKind> },
}

impl<'d> Types<'d> {
    pub(super) fn object(&mut self, flat: Flat<'d>, place: &Place) -> Built {
        if is_map(self.document, &flat) { self.map(flat, place) } else { self.record(flat, place) }
    }

    fn map(&mut self, mut flat: Flat<'d>, place: &Place) -> Built {
        let (ids, mut keys) = match self.others(&mut flat, place) {
            Others::Keep { ids, keys } => (ids, keys),
            Others::Ignore | Others::Deny => (Vec::new(), None),
        };
        for names in std::mem::take(&mut flat.object.names) {
            match self.key_rule(names, place) {
                Some(rule) if keys.is_none() => keys = Some(rule),
                _ => {
                    flat.inexact.get_or_insert("`propertyNames`");
                }
            }
        }
        let value = self.value(ids, place);
        let (min, max) = (flat.object.min, flat.object.max);
        let keys = keys.filter(|keys| *keys != RuleKind::Any).map(rule::plain);
        let kind = rule::map(min, max, keys, value.rule.clone());
        let typed = Typed::ruled(Type::Map(Rc::new(array::optional(&value))), kind);
        self.direct(typed, &flat, place)
    }

    fn value(&mut self, ids: Vec<SchemaId>, place: &Place) -> Typed {
        if ids.is_empty() {
            return Typed::plain(Type::Json);
        }
        self.lower(Parts::all(ids), &place.child("value"))
    }

    pub(super) fn record(&mut self, mut flat: Flat<'d>, place: &Place) -> Built {
        if !flat.object.names.is_empty() {
            flat.inexact.get_or_insert("`propertyNames`");
        }
        let others = self.others(&mut flat, place);
        let keeps_names = !matches!(others, Others::Ignore);
        let mut fields = Vec::new();
        for property in &flat.object.properties {
            fields.extend(self.field(property, &flat, keeps_names, place));
        }
        for name in &flat.object.required {
            if !flat.object.index.contains_key(name) {
                fields.push(self.undeclared(name, &others, place));
            }
        }
        let extra = self.extra(others, fields.is_empty(), place);
        let (min, max) = (flat.object.min, flat.object.max);
        let dependent = std::mem::take(&mut flat.object.dependent_required);
        let check = flat.inexact.map(|_| self.check(&flat.whole, place));
        let record = Record {
            fields,
            extra,
            properties_min: rule::count(min),
            properties_max: max.map_or(u32::MAX, rule::count),
            dependent_required: dependent
                .into_iter()
                .map(|(name, names)| (name.to_string(), names.iter().map(ToString::to_string).collect()))
                .collect(),
            check,
        };
        Built::Own {
            kind: ModelKind::Record(record),
            rule: Rule { nullable: self.is_nullable(&flat), ..Rule::default() },
            because: flat.inexact.unwrap_or_default().to_owned(),
        }
    }

    /// The field of a property, unless it does not travel this way.
    ///
    /// What is `readOnly` is no part of a request; where other names are refused or kept, the name must still be
    /// known, so there the field stays, optional.
    fn field(
        &mut self,
        property: &Property,
        flat: &Flat<'d>,
        keeps_names: bool,
        place: &Place,
    ) -> Option<Field> {
        let document = self.document;
        let read_only = property.ids.iter().any(|id| direction::is_read_only(document, *id));
        let write_only = property.ids.iter().any(|id| direction::is_write_only(document, *id));
        let elsewhere = match place.direction {
            Direction::Request => read_only,
            Direction::Response => write_only,
        };
        if elsewhere && !keeps_names {
            return None;
        }
        let required = !elsewhere && flat.object.required.contains(&property.name);
        let mut typed = self.lower(Parts::all(property.ids.clone()), &place.child(&property.name));
        let default = if required { None } else { self.default_for(&property.ids) };
        let is_json = self.is_json(&typed.ty);
        typed.rule.nullable |= is_json && !required && default.is_none();
        let ty = match (&default, required) {
            (None, false) => array::maybe(&typed),
            _ => array::optional(&typed),
        };
        let schema = self.schema(property.ids[0]);
        let mut name = Name::new(&*property.name);
        if schema.name.is_none() {
            name.wanted = text_of(schema, "x-photon-name").map(str::to_owned);
        }
        Some(Field {
            name,
            doc: prose(schema),
            deprecated: property.ids.iter().any(|id| self.schema(*id).deprecated),
            required,
            ty,
            rule: typed.rule,
            default,
            read_only,
            write_only,
        })
    }

    /// A property that is required but not declared: whatever other properties are.
    fn undeclared(&mut self, name: &str, others: &Others, place: &Place) -> Field {
        let typed = match others {
            Others::Keep { ids, keys: None } if !ids.is_empty() => self.value(ids.clone(), place),
            Others::Deny => Typed::plain(Type::Never),
            _ => Typed::plain(Type::Json),
        };
        Field {
            name: Name::new(name),
            doc: String::new(),
            deprecated: false,
            required: true,
            ty: array::optional(&typed),
            rule: typed.rule,
            default: None,
            read_only: false,
            write_only: false,
        }
    }

    /// The default of what all of `ids` say, as JSON text, if it fits them; one that does not fit is told.
    pub(super) fn default_for(&mut self, ids: &[SchemaId]) -> Option<String> {
        let parts = Parts::all(ids.to_vec());
        let defaults = || ids.iter().filter_map(|id| Some((*id, self.default_of(*id)?)));
        if let Some((_, default)) = defaults().find(|(_, default)| self.fits(default, &parts)) {
            return Some(json::text(default));
        }
        let (id, default) = defaults().next()?;
        let text = json::text(default);
        // What is inherited may fit where it stands.
        if ids.len() == 1 || self.schema(id).default.is_some() {
            let message = format!("the default `{text}` does not fit its schema");
            self.note(&codes::DEFAULT_UNFIT, default.span, message);
        }
        None
    }

    fn extra(&mut self, others: Others, no_fields: bool, place: &Place) -> Extra {
        let (ids, keys) = match others {
            Others::Deny => return Extra::Deny,
            Others::Ignore if no_fields => (Vec::new(), None),
            Others::Ignore => return Extra::Ignore,
            Others::Keep { ids, keys } => (ids, keys),
        };
        let value = self.value(ids, place);
        Extra::Keep {
            name: Name::new("extra"),
            ty: array::optional(&value),
            rule: value.rule,
            keys: keys.filter(|keys| *keys != RuleKind::Any).map(rule::plain),
        }
    }

    /// `additionalProperties` and `patternProperties` together.
    fn others(&mut self, flat: &mut Flat<'d>, place: &Place) -> Others {
        let document = self.document;
        let object = &flat.object;
        let is_false = |id: &SchemaId| document.schema(*id).boolean == Some(false);
        let denied = object.closed || object.additional.iter().any(is_false);
        let mut ids: Vec<SchemaId> = object.additional.iter().copied().filter(|id| !is_false(id)).collect();
        let (every, some): (Vec<_>, Vec<_>) =
            object.patterns.iter().cloned().partition(|(pattern, _)| scalar::is_any(pattern));
        if !every.is_empty() && some.is_empty() && ids.is_empty() {
            return Others::Keep { ids: every.into_iter().map(|(_, id)| id).collect(), keys: None };
        }
        match &some[..] {
            [] if denied => Others::Deny,
            [] if ids.is_empty() => Others::Ignore,
            [] => {
                ids.retain(|id| !is_true(document, *id));
                Others::Keep { ids, keys: None }
            }
            [(_, first), rest @ ..] => {
                let target = document.target(*first);
                let alike = rest.iter().all(|(_, id)| document.target(*id) == target);
                let names = object.required.iter().all(|name| object.index.contains_key(name));
                if !alike || !every.is_empty() || !(denied || ids.is_empty()) || !names {
                    flat.inexact.get_or_insert("`patternProperties`");
                    let ids = if alike && denied { vec![*first] } else { Vec::new() };
                    return Others::Keep { ids, keys: None };
                }
                // Names that are declared need not match.
                let selects = !denied || !object.properties.is_empty();
                let ids = vec![*first];
                let counts = object.min > 0 || object.max.is_some();
                if selects && counts && object.properties.is_empty() {
                    flat.inexact.get_or_insert("`patternProperties` beside a count of properties");
                    return Others::Keep { ids: Vec::new(), keys: None };
                }
                let pattern = self.pattern(&joined(&some), &place.hint);
                let keys = if selects {
                    RuleKind::Selected(pattern)
                } else {
                    RuleKind::Text { min: 0, max: u32::MAX, pattern: Some(pattern), format: None }
                };
                Others::Keep { ids, keys: Some(keys) }
            }
        }
    }

    /// `propertyNames` as a rule, where it says nothing but lengths, one pattern and a format.
    fn key_rule(&mut self, id: SchemaId, place: &Place) -> Option<RuleKind> {
        let flat = flatten(self.document, &Parts::one(id));
        let plain = flat.types.contains(TypeSet::STRING)
            && TypeSet::STRING.contains(flat.kinds)
            && flat.values.is_none()
            && flat.unions.is_empty()
            && flat.inexact.is_none();
        if !plain {
            return None;
        }
        let (min, max) = (rule::count(flat.text.min), flat.text.max.map_or(u32::MAX, rule::count));
        let pattern = flat.text.pattern.map(|source| self.pattern(source, &place.child("key").hint));
        if flat.format.is_some() {
            return None;
        }
        Some(RuleKind::Text { min, max, pattern, format: None })
    }

    /// Whether a type is any JSON, aliases followed.
    pub(super) fn is_json(&self, ty: &Type) -> bool {
        match ty {
            Type::Json => true,
            Type::Model(id) => match self.drafts[id.0 as usize].model.as_ref().map(|model| &model.kind) {
                Some(ModelKind::Alias { ty, .. }) => self.is_json(ty),
                _ => false,
            },
            _ => false,
        }
    }
}

/// One pattern for what matches one of several.
fn joined(patterns: &[(Arc<str>, SchemaId)]) -> Arc<str> {
    if let [(pattern, _)] = patterns {
        return pattern.clone();
    }
    let each: Vec<String> = patterns.iter().map(|(pattern, _)| format!("(?:{pattern})")).collect();
    each.join("|").into()
}

/// Whether an object names no property: a map.
pub(super) fn is_map(document: &Document, flat: &Flat<'_>) -> bool {
    let object = &flat.object;
    let denied =
        object.closed || object.additional.iter().any(|id| document.schema(*id).boolean == Some(false));
    object.properties.is_empty()
        && object.required.is_empty()
        && object.dependent_required.is_empty()
        && (!denied || !object.patterns.is_empty())
}

/// Whether a schema has members of RFC 9457 alone.
pub(super) fn is_problem(document: &Document, flat: &Flat<'_>) -> bool {
    let object = &flat.object;
    let fits = |property: &Property| {
        let known = PROBLEM.iter().find(|(name, _)| *name == &*property.name);
        let inner = flatten(document, &Parts::all(property.ids.clone()));
        known
            .is_some_and(|(_, types)| types.or(TypeSet::NULL).contains(inner.types) && inner.values.is_none())
    };
    flat.types.contains(TypeSet::OBJECT)
        && flat.unions.is_empty()
        && object
            .additional
            .iter()
            .all(|id| is_true(document, *id) || document.schema(*id).boolean == Some(false))
        && object.patterns.is_empty()
        && object.properties.len() >= 2
        && object.properties.iter().all(fits)
}
