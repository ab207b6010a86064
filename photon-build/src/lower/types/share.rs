//! Equal inline schemas share one definition: the first keeps it, each other one is an alias with its own name.
//!
//! Knows the IR. Must not look at prose: what reads differently may well be the same.

use std::collections::HashMap;
use std::fmt::Write;

use super::finish::types_of;
use crate::ir::{Extra, Model, ModelId, ModelKind, Rest, Rule, Type, Variant};

/// Turns repeated inline models into aliases of the first of their kind.
pub(super) fn share(models: &mut [Model]) {
    let mut sharer = Sharer { models, first: HashMap::new(), same: vec![None; models.len()] };
    for at in 0..sharer.models.len() {
        sharer.visit(at);
    }
    let same = sharer.same;
    for (at, first) in same.into_iter().enumerate() {
        if let Some(first) = first.filter(|first| *first != at) {
            let ty = Type::Model(id(first));
            models[at].kind = ModelKind::Alias { ty, rule: Rule::default() };
        }
    }
}

struct Sharer<'m> {
    models: &'m [Model],
    first: HashMap<String, usize>,
    /// The first model that is equal; itself where there is none, or while it is being looked at.
    same: Vec<Option<usize>>,
}

impl Sharer<'_> {
    /// Inline schemas within `at` first. Named ones stand for themselves, so this is no deeper than the document.
    fn visit(&mut self, at: usize) {
        if self.same[at].is_some() {
            return;
        }
        self.same[at] = Some(at);
        let models = self.models;
        for ty in types_of(&models[at].kind) {
            if let Some(inner) = model_in(ty).filter(|inner| !models[*inner].named) {
                self.visit(inner);
            }
        }
        let is_shared = !models[at].named
            && models[at].validate.is_none()
            && !matches!(models[at].kind, ModelKind::Alias { .. } | ModelKind::Newtype { .. });
        if is_shared {
            let key = self.key(&models[at].kind);
            self.same[at] = Some(*self.first.entry(key).or_insert(at));
        }
    }

    fn key(&self, kind: &ModelKind) -> String {
        let mut key = String::new();
        match kind {
            ModelKind::Record(record) => {
                key.push('R');
                for field in &record.fields {
                    let (name, ty) = (&field.name, self.resolved(&field.ty));
                    let flags = (field.required, field.read_only, field.write_only, &field.default);
                    put(
                        &mut key,
                        format_args!("{:?}{:?}{ty:?}{:?}{flags:?}", name.wire, name.wanted, field.rule),
                    );
                }
                match &record.extra {
                    Extra::Ignore => key.push('i'),
                    Extra::Deny => key.push('d'),
                    Extra::Keep { ty, rule, keys, .. } => {
                        put(&mut key, format_args!("k{:?}{rule:?}{keys:?}", self.resolved(ty)));
                    }
                }
                let counts = (record.properties_min, record.properties_max);
                put(&mut key, format_args!("{counts:?}{:?}{:?}", record.dependent_required, record.check));
            }
            ModelKind::Choice(choice) => {
                put(&mut key, format_args!("C{}{}", choice.strings, choice.open));
                for value in &choice.values {
                    put(&mut key, format_args!("{:?}{:?}", value.value, value.name.wanted));
                }
            }
            ModelKind::Tagged(tagged) => {
                put(
                    &mut key,
                    format_args!(
                        "T{:?}{:?}{:?}{:?}{:?}",
                        tagged.tag, tagged.values, tagged.fallback, tagged.untagged, tagged.check
                    ),
                );
                self.variants(&mut key, &tagged.variants);
            }
            ModelKind::OneOf(one_of) => {
                put(&mut key, format_args!("O{}{:?}", one_of.any, one_of.check));
                self.variants(&mut key, &one_of.variants);
            }
            ModelKind::Tuple(tuple) => {
                let counts = (tuple.items_min, tuple.items_max, tuple.unique, tuple.check);
                put(&mut key, format_args!("U{counts:?}"));
                for item in &tuple.items {
                    put(&mut key, format_args!("{:?}{:?}", self.resolved(&item.ty), item.rule));
                }
                match &tuple.rest {
                    Rest::Ignore => key.push('i'),
                    Rest::Deny => key.push('d'),
                    Rest::Keep { ty, rule } => {
                        put(&mut key, format_args!("k{:?}{rule:?}", self.resolved(ty)));
                    }
                }
            }
            ModelKind::Newtype { .. } | ModelKind::Alias { .. } => {}
        }
        key
    }

    fn variants(&self, key: &mut String, variants: &[Variant]) {
        for variant in variants {
            let (name, ty) = (&variant.name, self.resolved(&variant.ty));
            put(
                key,
                format_args!("{:?}{:?}{ty:?}{:?}{:?}", name.wire, name.wanted, variant.rule, variant.hint),
            );
        }
    }

    /// The type with every repeated model replaced by its first.
    fn resolved(&self, ty: &Type) -> Type {
        let inner = |ty: &Type| std::rc::Rc::new(self.resolved(ty));
        match ty {
            Type::Model(model) => Type::Model(self.same[model.0 as usize].map_or(*model, id)),
            Type::Option(ty) => Type::Option(inner(ty)),
            Type::Patch(ty) => Type::Patch(inner(ty)),
            Type::List(ty) => Type::List(inner(ty)),
            Type::Map(ty) => Type::Map(inner(ty)),
            Type::Box(ty) => Type::Box(inner(ty)),
            other => other.clone(),
        }
    }
}

/// Writing into a `String` cannot fail.
fn put(key: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = key.write_fmt(text);
}

fn id(at: usize) -> ModelId {
    ModelId(u32::try_from(at).unwrap_or(u32::MAX))
}

/// The model that a type names, however wrapped.
pub(super) fn model_in(ty: &Type) -> Option<usize> {
    match ty {
        Type::Model(id) => Some(id.0 as usize),
        Type::Option(ty) | Type::Patch(ty) | Type::List(ty) | Type::Map(ty) | Type::Box(ty) => model_in(ty),
        _ => None,
    }
}
