//! Which schemas have another shape in requests than in responses.
//!
//! Knows `readOnly` and `writeOnly`. Must not know Rust types.

use super::Direction;
use super::parts::Parts;
use crate::schema::{Schema, SchemaId};
use crate::spec::Document;

/// For every schema, whether a `readOnly` or `writeOnly` property is in it, however deep.
#[derive(Debug)]
pub(super) struct Directions {
    differ: Vec<bool>,
}

impl Directions {
    pub(super) fn new(document: &Document) -> Self {
        let count = document.schemas.len();
        let mut users: Vec<Vec<u32>> = vec![Vec::new(); count];
        let mut differ = vec![false; count];
        let mut work = Vec::new();
        for (at, schema) in document.schemas.iter().enumerate() {
            let user = u32::try_from(at).unwrap_or(u32::MAX);
            each_child(schema, |child| users[child.0 as usize].push(user));
            let object = schema.object();
            let one_way = |property: &crate::schema::Property| {
                is_read_only(document, property.schema) || is_write_only(document, property.schema)
            };
            if object.properties.iter().any(one_way) {
                differ[at] = true;
                work.push(at);
            }
        }
        while let Some(at) = work.pop() {
            for user in &users[at] {
                let user = *user as usize;
                if !differ[user] {
                    differ[user] = true;
                    work.push(user);
                }
            }
        }
        Self { differ }
    }

    /// The direction to lower `parts` for: that of responses wherever it makes no difference.
    pub(super) fn of(&self, parts: &Parts, direction: Direction) -> Direction {
        if parts.ids.iter().any(|id| self.differ(Some(*id))) { direction } else { Direction::Response }
    }

    pub(super) fn differ(&self, id: Option<SchemaId>) -> bool {
        id.is_some_and(|id| self.differ[id.0 as usize])
    }
}

/// Whether a property is `readOnly`, itself or by what it refers to.
pub(super) fn is_read_only(document: &Document, id: SchemaId) -> bool {
    flagged(document, id, |schema| schema.read_only, MEMBERS_MAX)
}

/// Whether a property is `writeOnly`, itself or by what it refers to.
pub(super) fn is_write_only(document: &Document, id: SchemaId) -> bool {
    flagged(document, id, |schema| schema.write_only, MEMBERS_MAX)
}

/// References and `allOf` that are followed to find a flag.
const MEMBERS_MAX: usize = 8;

fn flagged(document: &Document, id: SchemaId, flag: fn(&Schema) -> bool, left: usize) -> bool {
    let schema = document.schema(id);
    let mut members = schema.reference.iter().chain(&schema.logic().all_of);
    flag(schema) || (left > 0 && members.any(|member| flagged(document, *member, flag, left - 1)))
}

/// Every schema that shapes the type of `schema`.
pub(super) fn each_child(schema: &Schema, mut visit: impl FnMut(SchemaId)) {
    schema.reference.into_iter().for_each(&mut visit);
    if let Some(array) = schema.array.as_deref() {
        array.items.iter().chain(&array.prefix_items).copied().for_each(&mut visit);
    }
    if let Some(object) = schema.object.as_deref() {
        object.properties.iter().map(|property| property.schema).for_each(&mut visit);
        object.pattern_properties.iter().map(|(_, id)| *id).for_each(&mut visit);
        object.additional_properties.into_iter().for_each(&mut visit);
    }
    if let Some(logic) = schema.logic.as_deref() {
        logic.all_of.iter().chain(&logic.any_of).chain(&logic.one_of).copied().for_each(&mut visit);
    }
    if let Some(discriminator) = schema.discriminator.as_deref() {
        discriminator.mapping.iter().map(|(_, id)| *id).for_each(&mut visit);
        discriminator.default_mapping.into_iter().for_each(&mut visit);
    }
}
