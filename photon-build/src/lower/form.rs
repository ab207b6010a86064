//! Forms: files among the fields, and how single properties are encoded.
//!
//! Knows what OpenAPI says of forms. Must not know answers, parameters.

use std::collections::BTreeSet;

use super::operation::Scope;
use super::shape;
use super::types::Direction;
use crate::ir::{self, Type};
use crate::schema::SchemaId;
use crate::spec::{Document, MediaType};

/// The type of a multipart form: as JSON's, but what stands for bytes is a file.
pub(super) fn typed(scope: &mut Scope<'_, '_>, entry: &MediaType, hint: &str) -> (Type, ir::Rule) {
    let Some(schema) = entry.schema else { return (Type::Json, ir::Rule::default()) };
    let mut files = BTreeSet::new();
    collect(scope.document, schema, &mut files, DEPTH_MAX);
    for (property, encoding) in &entry.encoding {
        let is_binary = |media: &str| !media.starts_with("text/") && !media.contains("json");
        let content_type = encoding.content_type.as_deref();
        if content_type.is_some_and(|types| types.split(',').all(|media| is_binary(media.trim())))
            && property_is_text(scope.document, schema, property)
        {
            files.insert(property.to_string());
        }
    }
    if files.is_empty() {
        return scope.typed(schema, Direction::Request, hint);
    }
    let typed = scope.types.typed_form(schema, &files, hint, scope.findings);
    (typed.ty, typed.rule)
}

/// How properties are encoded, where the document says so.
pub(super) fn encoding(entry: &MediaType) -> Vec<ir::Encoding> {
    let spoken = |encoding: &&(Box<str>, crate::spec::Encoding)| {
        let encoding = &encoding.1;
        encoding.content_type.is_some() || encoding.style.is_some() || encoding.explode.is_some()
    };
    entry
        .encoding
        .iter()
        .filter(spoken)
        .map(|(property, encoding)| ir::Encoding {
            property: property.to_string(),
            content_type: encoding.content_type.as_ref().map(ToString::to_string),
            style: encoding.style.map(super::param::style),
            explode: encoding.explode,
        })
        .collect()
}

/// How deep combined schemas are looked into.
const DEPTH_MAX: u32 = 16;

/// The names of the properties that are files or lists of files.
fn collect(document: &Document, id: SchemaId, files: &mut BTreeSet<String>, depth: u32) {
    let schema = document.schema(document.target(id));
    for property in &schema.object().properties {
        let is_list =
            shape::items(document, property.schema).is_some_and(|item| shape::is_file(document, item));
        if is_list || shape::is_file(document, property.schema) {
            files.insert(property.name.to_string());
        }
    }
    let logic = schema.logic();
    if depth > 0 {
        for branch in [&logic.all_of, &logic.any_of, &logic.one_of].into_iter().flatten() {
            collect(document, *branch, files, depth - 1);
        }
    }
}

fn property_is_text(document: &Document, form: SchemaId, name: &str) -> bool {
    let form = document.schema(document.target(form));
    let property = form.object().properties.iter().find(|property| &*property.name == name);
    property.is_some_and(|property| {
        let schema = shape::items(document, property.schema).unwrap_or(property.schema);
        matches!(shape::of(document, Some(schema)), shape::Shape::Text | shape::Shape::Missing)
    })
}
