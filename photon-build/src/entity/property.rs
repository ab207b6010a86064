//! Where a property stands.
//!
//! Knows schemas. Must not know tables.

use crate::schema::SchemaId;
use crate::source::Span;
use crate::spec::Document;

/// References and `allOf` that are followed to find a property.
const MEMBERS_MAX: usize = 8;

/// Where `name` stands among the properties of a schema and of what it is made of.
pub(super) fn span(document: &Document, id: SchemaId, name: &str) -> Option<Span> {
    within(document, id, name, MEMBERS_MAX)
}

fn within(document: &Document, id: SchemaId, name: &str, left: usize) -> Option<Span> {
    let schema = document.schema(id);
    if let Some(property) = schema.object().properties.iter().find(|property| *property.name == *name) {
        return Some(property.span);
    }
    let left = left.checked_sub(1)?;
    let mut members = schema.reference.iter().chain(&schema.logic().all_of);
    members.find_map(|member| within(document, *member, name, left))
}
