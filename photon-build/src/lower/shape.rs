//! What a schema's values look like from afar, as far as media types need to know.
//!
//! Knows schemas. Must not know what becomes of them.

use crate::schema::{Schema, SchemaId, Type};
use crate::spec::Document;

/// The look of a schema's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// There is no schema, or it says nothing.
    Missing,
    /// A string that stands for bytes.
    Binary,
    /// A string.
    Text,
    /// A number or a truth.
    Scalar,
    /// Anything else.
    Structured,
}

/// How deep combined schemas are looked into.
const DEPTH_MAX: u32 = 16;

/// How many schemas are looked at for one: branches that share their branches are as many as there are ways to them.
const LOOKS_MAX: u32 = 1000;

/// The look of a schema.
pub(super) fn of(document: &Document, schema: Option<SchemaId>) -> Shape {
    schema.map_or(Shape::Missing, |schema| look(document, schema, DEPTH_MAX, &mut { LOOKS_MAX }))
}

/// The schema of the items of an array.
pub(super) fn items(document: &Document, schema: SchemaId) -> Option<SchemaId> {
    let schema = document.schema(document.target(schema));
    let is_array = schema.types.without(Type::Null).single() == Some(Type::Array);
    schema.array().items.filter(|_| is_array || schema.types.is_empty())
}

/// What the `data` of a server-sent event holds, where the schema of the event says so (3.2).
pub(super) fn event_data(document: &Document, event: SchemaId) -> Option<SchemaId> {
    let event = document.schema(document.target(event));
    let data = event.object().properties.iter().find(|property| &*property.name == "data")?;
    document.schema(document.target(data.schema)).text().content_schema
}

/// The type of a server-sent event, where the schema of the event allows one only (3.2).
pub(super) fn event_name(document: &Document, event: SchemaId) -> Option<String> {
    let event = document.schema(document.target(event));
    let name = event.object().properties.iter().find(|property| &*property.name == "event")?;
    let name = document.schema(document.target(name.schema));
    let only = match name.enumeration.as_deref() {
        Some([only]) => Some(only),
        _ => name.constant.as_deref(),
    };
    only?.as_str().filter(|name| !name.contains(['\r', '\n', '\0'])).map(str::to_owned)
}

fn look(document: &Document, id: SchemaId, depth: u32, left: &mut u32) -> Shape {
    let schema = document.schema(document.target(id));
    let logic = schema.logic();
    let branches: Vec<SchemaId> =
        [&logic.all_of, &logic.any_of, &logic.one_of].into_iter().flatten().copied().collect();
    let types = schema.types.without(Type::Null);
    match types.single() {
        Some(Type::String) if is_binary(schema) => return Shape::Binary,
        Some(Type::String) => return Shape::Text,
        Some(Type::Boolean | Type::Integer | Type::Number) => return Shape::Scalar,
        Some(_) => return Shape::Structured,
        None => {}
    }
    if !types.is_empty() {
        return Shape::Structured;
    }
    if let Some(values) = &schema.enumeration {
        let is_text = values.iter().all(|value| value.as_str().is_some());
        return if is_text { Shape::Text } else { Shape::Structured };
    }
    if let Some(value) = &schema.constant {
        return if value.as_str().is_some() { Shape::Text } else { Shape::Structured };
    }
    if schema.object.is_some() || schema.array.is_some() || depth == 0 || *left == 0 {
        return Shape::Structured;
    }
    *left -= 1;
    if is_binary(schema) {
        return Shape::Binary;
    }
    let mut shapes = branches.iter().map(|branch| look(document, *branch, depth - 1, left));
    let Some(first) = shapes.next() else {
        return if schema.text.is_some() { Shape::Text } else { Shape::Missing };
    };
    if shapes.all(|shape| shape == first) { first } else { Shape::Structured }
}

fn is_binary(schema: &Schema) -> bool {
    schema.format.as_deref() == Some("binary")
        || schema.text().content_encoding.as_deref() == Some("binary")
        || schema.text().content_media_type.as_deref() == Some("application/octet-stream")
}
