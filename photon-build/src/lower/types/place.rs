//! Where an inline schema stands, in words: what its type is called.
//!
//! Knows places. Must not know who refers to them.

use crate::schema::{Place, SchemaId};
use crate::spec::Document;

/// Schemas around a schema that are looked at; deeper ones are named by who asks for them.
const DEPTH_MAX: usize = 32;

/// The named schema that a schema belongs to, or is.
pub(super) fn component(document: &Document, id: SchemaId) -> Option<SchemaId> {
    let mut id = id;
    for _ in 0..DEPTH_MAX {
        let schema = document.schema(id);
        if schema.name.is_some() {
            return Some(id);
        }
        let Place::Child { parent, .. } = &schema.place else { return None };
        id = *parent;
    }
    None
}

/// The named schema that a schema belongs to, and the words that lead from there to it: `owner`, `item`.
///
/// None where a branch on the way has no name of its own: there the union knows better.
pub(super) fn words(document: &Document, id: SchemaId) -> Option<(SchemaId, Vec<String>)> {
    let mut words = Vec::new();
    let mut id = id;
    for _ in 0..DEPTH_MAX {
        let schema = document.schema(id);
        if schema.name.is_some() {
            words.reverse();
            return Some((id, words));
        }
        let Place::Child { parent, keyword, key } = &schema.place else { return None };
        let key = key.as_deref().unwrap_or_default();
        match *keyword {
            "properties" => words.push(key.to_owned()),
            "items" => words.push("item".to_owned()),
            "prefixItems" => words.push(format!("item {}", key.parse::<usize>().ok()? + 1)),
            "additionalProperties" | "patternProperties" => words.push("value".to_owned()),
            "allOf" => {}
            "anyOf" | "oneOf" => words.push(schema.title.as_deref()?.to_owned()),
            _ => return None,
        }
        id = *parent;
    }
    None
}
