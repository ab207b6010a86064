//! Unions whose variant a property names: `discriminator`, beside `oneOf` or on a base that others contain.
//!
//! Knows tag values. Must not know how a branch is lowered.

use std::collections::HashMap;

use super::all_of::flatten;
use super::build::Built;
use super::flat::Flat;
use super::model::prose;
use super::parts::{Keyword, Parts, TypeSet};
use super::union::Branch;
use super::{Place, Types};
use crate::codes;
use crate::ir::{Hint, ModelKind, Name, Rule, Tagged, Type, Variant};
use crate::schema::{Discriminator, SchemaId};
use crate::spec::Document;

impl<'d> Types<'d> {
    /// The union of these branches, if the tag tells them apart.
    pub(super) fn tagged(
        &mut self,
        discriminator: &'d Discriminator,
        branches: &[Branch<'d>],
        place: &Place,
    ) -> Option<ModelKind> {
        let objects = branches.iter().all(|branch| branch.types.without(TypeSet::NULL) == TypeSet::OBJECT);
        let values = if objects { self.tag_values(discriminator, branches) } else { None };
        let Some(values) = values else {
            let message =
                format!("the values of `{}` do not tell which branch is meant", discriminator.property);
            self.note(&codes::TAG_UNKNOWN, discriminator.span, message);
            return None;
        };
        let mut variants = Vec::new();
        for (at, branch) in branches.iter().enumerate() {
            let name = self.variant_name(branch, branches, &variants, at);
            let typed = self.lower(branch.parts.clone(), &place.child(&name));
            if !self.is_object(&typed.ty) {
                return None;
            }
            variants.push(Variant {
                name: Name::new(name),
                doc: prose(self.schema(branch.id)),
                ty: typed.ty,
                rule: Rule { nullable: false, ..typed.rule },
                hint: Hint::default(),
            });
        }
        let default = discriminator.default_mapping.map(|id| self.document.target(id));
        let fallback = default.and_then(|id| self.branch_of(branches, id));
        let tag = discriminator.property.to_string();
        let asks = |branch: &Branch<'d>| branch.flat.object.required.iter().any(|name| **name == *tag);
        let untagged = match fallback {
            None => (0..branches.len()).filter(|at| !asks(&branches[*at])).collect(),
            Some(_) => Vec::new(),
        };
        Some(ModelKind::Tagged(Tagged { tag, variants, values, fallback, untagged, empty: 0, check: None }))
    }

    /// A base with a discriminator, used as a type, is one of the components that contain it.
    pub(super) fn inherited(&mut self, flat: &Flat<'d>, place: &Place) -> Option<Built> {
        let (owner, discriminator) = flat.discriminator?;
        if !self.is_parent(flat) {
            return None;
        }
        let mut ids = self.children.get(&owner).cloned().unwrap_or_default();
        let mapped = discriminator.mapping.iter().map(|(_, id)| self.document.target(*id));
        for id in mapped.chain(discriminator.default_mapping.map(|id| self.document.target(id))) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let is_child = self.children.iter().any(|(parent, of)| *parent != owner && of.contains(&owner));
        if is_child && !ids.contains(&owner) {
            ids.push(owner);
        }
        let branches: Vec<Branch<'d>> = ids.into_iter().map(|id| self.descendant(id)).collect();
        let kind = self.tagged(discriminator, &branches, place)?;
        let built = Built::own(kind, flat.is_nullable() && flat.types != TypeSet::ALL);
        Some(built)
    }

    /// A schema as one of several: without a discriminator of its own, which would ask again.
    fn descendant(&self, id: SchemaId) -> Branch<'d> {
        let parts = Parts::one(id);
        let asks = self.schema(id).discriminator.is_some() && self.schema(id).logic().one_of.is_empty();
        let parts = if asks { parts.without(id, Keyword::Discriminator) } else { parts };
        let flat = flatten(self.document, &parts);
        let types = self.effective_types(&flat, 1);
        Branch { id, parts, flat, types }
    }

    /// Whether a schema is a base that is used as the union of those that contain it.
    pub(super) fn is_parent(&self, flat: &Flat<'d>) -> bool {
        let Some((owner, discriminator)) = flat.discriminator else { return false };
        let children = self.children.get(&owner).map_or(0, Vec::len);
        let mapped = discriminator.mapping.iter().any(|(_, id)| self.document.target(*id) != owner);
        flat.unions.is_empty() && (children > 0 || mapped)
    }

    /// Each tag value with its branch: by the mapping, by constants of the tag, by the names of components.
    fn tag_values(
        &self,
        discriminator: &Discriminator,
        branches: &[Branch<'d>],
    ) -> Option<Vec<(String, usize)>> {
        let mut values: Vec<(String, usize)> = Vec::new();
        for (value, id) in &discriminator.mapping {
            if let Some(at) = self.branch_of(branches, self.document.target(*id)) {
                values.push((value.to_string(), at));
            }
        }
        let unmapped: Vec<usize> =
            (0..branches.len()).filter(|at| values.iter().all(|(_, mapped)| mapped != at)).collect();
        let constants: Vec<Option<Vec<String>>> =
            unmapped.iter().map(|at| self.tag_constants(&branches[*at], &discriminator.property)).collect();
        let distinct = are_distinct(&constants);
        for (at, constants) in unmapped.into_iter().zip(constants) {
            let name = self.schema(self.document.target(branches[at].id)).name.as_deref();
            match (constants, name) {
                (Some(constants), _) if distinct => {
                    values.extend(constants.into_iter().map(|value| (value, at)));
                }
                (_, Some(name)) => values.push((name.to_owned(), at)),
                _ => return None,
            }
        }
        let mut seen = std::collections::HashSet::new();
        values.retain(|(value, _)| seen.insert(value.clone()));
        Some(values)
    }

    fn tag_constants(&self, branch: &Branch<'d>, tag: &str) -> Option<Vec<String>> {
        let at = branch.flat.object.index.get(tag)?;
        let ids = &branch.flat.object.properties[*at].ids;
        let flat = flatten(self.document, &Parts::all(ids.clone()));
        flat.values?.iter().map(|value| value.as_str().map(str::to_owned)).collect()
    }

    fn branch_of(&self, branches: &[Branch<'d>], target: SchemaId) -> Option<usize> {
        branches.iter().position(|branch| self.document.target(branch.id) == target)
    }

    /// Whether a type reads an object by its table, aliases followed.
    fn is_object(&self, ty: &Type) -> bool {
        let Type::Model(id) = ty else { return false };
        let draft = &self.drafts[id.0 as usize];
        match draft.model.as_ref().map(|model| &model.kind) {
            Some(ModelKind::Alias { ty, .. }) => self.is_object(ty),
            None | Some(ModelKind::Record(_) | ModelKind::Tagged(_) | ModelKind::OneOf(_)) => true,
            Some(_) => false,
        }
    }
}

fn are_distinct(constants: &[Option<Vec<String>>]) -> bool {
    let mut seen = std::collections::HashSet::new();
    constants.iter().flatten().flatten().all(|value| seen.insert(value))
}

/// For every schema with a discriminator, the components that contain it by `allOf`, however far.
pub(super) fn children(document: &Document) -> HashMap<SchemaId, Vec<SchemaId>> {
    let mut children: HashMap<SchemaId, Vec<SchemaId>> = HashMap::new();
    for (_, id) in &document.components {
        let mut bases = Vec::new();
        bases_of(document, *id, &mut bases);
        for base in bases {
            if document.schema(base).discriminator.is_some() {
                children.entry(base).or_default().push(*id);
            }
        }
    }
    children
}

fn bases_of(document: &Document, id: SchemaId, bases: &mut Vec<SchemaId>) {
    for member in &document.schema(id).logic().all_of {
        let base = document.target(*member);
        if !bases.contains(&base) {
            bases.push(base);
            bases_of(document, base, bases);
        }
    }
}
