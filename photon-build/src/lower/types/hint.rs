//! What a value must be to fit a branch, told before it is decoded.
//!
//! Knows what is necessary. Must not claim what is sufficient.

use super::all_of::flatten;
use super::choice::is_scalar;
use super::flat::Flat;
use super::parts::{Parts, TypeSet};
use super::{Direction, Types, direction, json};
use crate::ir::{Hint, JsonType};
use crate::schema::SchemaId;

/// Longer lists of constants cost more than they save.
const CONSTANTS_MAX: usize = 16;
/// References and `allOf` that are followed to find constants.
const MEMBERS_MAX: usize = 8;

impl<'d> Types<'d> {
    /// The hint of a branch.
    pub(super) fn hint(&self, flat: &Flat<'d>, fitting: TypeSet, way: Direction) -> Hint {
        let object = &flat.object;
        let mut hint = Hint { types: types(fitting.without(TypeSet::NULL)), ..Hint::default() };
        if fitting == TypeSet::ALL || fitting.without(TypeSet::NULL) != TypeSet::OBJECT {
            if fitting == TypeSet::ALL {
                hint.types.clear();
            }
            return hint;
        }
        let document = self.document;
        for name in &object.required {
            let property = object.index.get(name).map(|at| &object.properties[*at]);
            let elsewhere = property.is_some_and(|property| {
                property.ids.iter().any(|id| {
                    // Tables never ask for what only answers hold.
                    direction::is_read_only(document, *id)
                        || (way == Direction::Response && direction::is_write_only(document, *id))
                })
            });
            if !elsewhere {
                hint.required.push(name.to_string());
            }
        }
        for property in &object.properties {
            if let Some(values) = self.constants(&property.ids) {
                hint.constants.push((property.name.to_string(), values));
            }
        }
        hint
    }

    /// The values that a property may have, as JSON texts, where they are few.
    pub(in crate::lower) fn constants(&self, ids: &[SchemaId]) -> Option<Vec<String>> {
        if !ids.iter().any(|id| self.names_values(*id, MEMBERS_MAX)) {
            return None;
        }
        let flat = flatten(self.document, &Parts::all(ids.to_vec()));
        let open = ids.iter().any(|id| self.schema(*id).extension("x-photon-open").is_some());
        let values = flat.values.filter(|_| !open)?;
        let few = values.len() <= CONSTANTS_MAX && values.iter().all(|value| is_scalar(value));
        few.then(|| values.iter().map(|value| json::text(value)).collect())
    }

    /// Whether `enum` or `const` stand in a schema or in what it contains: most have neither.
    fn names_values(&self, id: SchemaId, left: usize) -> bool {
        let schema = self.schema(id);
        let mut members = schema.reference.iter().chain(&schema.logic().all_of);
        schema.enumeration.is_some()
            || schema.constant.is_some()
            || (left > 0 && members.any(|member| self.names_values(*member, left - 1)))
    }
}

/// The JSON types in a set.
pub(super) fn types(set: TypeSet) -> Vec<JsonType> {
    let mut types = Vec::new();
    if set.contains(TypeSet::NULL) {
        types.push(JsonType::Null);
    }
    let fraction = TypeSet::NUMBER.without(TypeSet::INTEGER);
    for (bits, ty) in [
        (TypeSet::BOOLEAN, JsonType::Boolean),
        (fraction, JsonType::Number),
        (TypeSet::STRING, JsonType::String),
        (TypeSet::ARRAY, JsonType::Array),
        (TypeSet::OBJECT, JsonType::Object),
    ] {
        if set.contains(bits) {
            types.push(ty);
        }
    }
    if set.contains(TypeSet::INTEGER) && !types.contains(&JsonType::Number) {
        types.push(JsonType::Integer);
    }
    types
}
