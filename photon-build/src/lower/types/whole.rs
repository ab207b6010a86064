//! What schemas that hold at once must know of each other when each is written out on its own.
//!
//! Knows `required` and `properties`. Must not know how schemas are written.

use std::sync::Arc;

use super::Direction;
use super::all_of::flatten;
use super::direction::{is_read_only, is_write_only};
use super::flat::Flat;
use super::parts::{Parts, Skip};
use super::writer::Writer;
use crate::schema::SchemaId;

/// References and `allOf` that are followed to find what is left out.
const HOLDING_MAX: usize = 12;

/// What is known of some schemas together only.
#[derive(Debug, Default)]
pub(super) struct Whole {
    /// Properties that nobody has to give: they do not travel this way, by whichever of the schemas says so.
    pub(super) unasked: Vec<Arc<str>>,
    /// Properties that several of the schemas declare: what they say of it is one schema.
    pub(super) merged: Vec<(Arc<str>, Parts)>,
}

/// What is left out of each of the schemas.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) skip: &'a [Skip],
    pub(super) unasked: &'a [Arc<str>],
    pub(super) merged: &'a [(Arc<str>, Parts)],
}

impl Writer<'_, '_> {
    pub(super) fn whole(&self, parts: &Parts) -> Whole {
        let mut whole = Whole::default();
        if let [id] = parts.ids[..] {
            let schema = self.types.schema(id);
            let logic = schema.logic();
            let holds =
                schema.reference.iter().chain(&logic.all_of).chain(&logic.any_of).chain(&logic.one_of);
            if holds.count() == 0 {
                return whole;
            }
        }
        let flat = flatten(self.types.document, parts);
        self.unasked_by_branches(&flat, &mut whole.unasked);
        for property in flat.object.properties {
            let unasked = property.ids.iter().any(|id| !self.is_asked(*id));
            let parts = Parts::all(property.ids);
            if unasked {
                whole.unasked.push(property.name);
            } else if self.meant && parts.ids.len() > 1 {
                let parts = self.types.peel(parts);
                if parts.ids.len() > 1 {
                    whole.merged.push((property.name, parts));
                }
            }
        }
        whole
    }

    /// Properties that are required here and declared by branches alone, each of which says that nobody has to give them.
    fn unasked_by_branches(&self, flat: &Flat<'_>, unasked: &mut Vec<Arc<str>>) {
        let object = &flat.object;
        let undeclared = object.required.iter().filter(|name| !object.index.contains_key(&***name));
        let mut open: Vec<&Arc<str>> = undeclared.collect();
        for union in &flat.unions {
            for branch in union.branches {
                if open.is_empty() {
                    return;
                }
                let branch = flatten(self.types.document, &Parts::one(*branch)).object;
                open.retain(|name| {
                    let property = branch.index.get(&***name).map(|at| &branch.properties[*at]);
                    property.is_some_and(|property| property.ids.iter().any(|id| !self.is_asked(*id)))
                });
            }
        }
        if !flat.unions.is_empty() {
            unasked.extend(open.into_iter().cloned());
        }
    }

    /// Whether a property is asked for where it is required. What is meant is what a decoder asks for: it never asks
    /// for what only answers hold.
    pub(super) fn is_asked(&self, property: SchemaId) -> bool {
        self.goes(property) && !(self.meant && is_read_only(self.types.document, property))
    }

    /// Whether a property is part of what is sent this way.
    pub(super) fn goes(&self, property: SchemaId) -> bool {
        match self.direction {
            Direction::Request => !is_read_only(self.types.document, property),
            Direction::Response => !is_write_only(self.types.document, property),
        }
    }

    /// Whether something is left out of a schema, or of what holds with it.
    pub(super) fn is_touched(&self, id: SchemaId, around: Around<'_>) -> bool {
        self.holds(id, HOLDING_MAX, &|id| {
            let object = self.types.schema(id).object();
            around.skip.iter().any(|(owner, _)| *owner == id)
                || object.required.iter().any(|name| around.unasked.contains(name))
                || object.properties.iter().any(|own| around.merged.iter().any(|(name, _)| *name == own.name))
        })
    }

    /// Whether a schema, or one that holds with it, requires one of `names`.
    pub(super) fn asks(&self, id: SchemaId, names: &[Arc<str>]) -> bool {
        let asks = |id| self.types.schema(id).object().required.iter().any(|name| names.contains(name));
        !names.is_empty() && self.holds(id, HOLDING_MAX, &asks)
    }

    fn holds(&self, id: SchemaId, left: usize, is: &dyn Fn(SchemaId) -> bool) -> bool {
        let schema = self.types.schema(id);
        let mut members = schema.reference.iter().chain(&schema.logic().all_of);
        is(id) || (left > 0 && members.any(|member| self.holds(*member, left - 1, is)))
    }
}
