//! Media types: how each is decoded or encoded, and to which type.
//!
//! Knows media types. Must not know statuses, parameters, operations.

use std::rc::Rc;

use super::form;
use super::operation::{Refused, Scope};
use super::shape::{self, Shape};
use super::types::Direction;
use crate::codes;
use crate::config::UnknownMedia;
use crate::ir::{self, Codec, RuleKind, Type};
use crate::spec::MediaType;

/// The media types of `content` that can be carried; equal ones are one. Types in place are named after `hint`.
pub(super) fn lower(
    scope: &mut Scope<'_, '_>,
    content: &[MediaType],
    direction: Direction,
    hint: &str,
) -> Result<Vec<ir::Media>, Refused> {
    let mut lowered: Vec<ir::Media> = Vec::new();
    for (entry, codec) in carried(scope, content, direction)? {
        let variant = variant(&entry.name, codec);
        let hint = if lowered.is_empty() { hint.to_owned() } else { format!("{hint} {variant}") };
        let media = media(scope, entry, codec, direction, &hint);
        match lowered.iter_mut().find(|earlier| is_same(earlier, &media, direction)) {
            Some(earlier) => earlier.more.extend([media.range].into_iter().chain(media.more)),
            None => lowered.push(media),
        }
    }
    Ok(lowered)
}

/// Makes the type an `Option` where `null` fits.
pub(super) fn allow_null(media: &mut ir::Media) {
    if media.rule.nullable && !matches!(media.ty, Type::Option(_) | Type::Json | Type::Null) {
        media.ty = Type::Option(Rc::new(media.ty.clone()));
    }
}

/// Type and subtype in lower case, without parameters.
pub(super) fn essence(name: &str) -> String {
    name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether an essence says JSON.
pub(super) fn is_json(essence: &str) -> bool {
    matches!(essence, "application/json" | "text/json" | "text/x-json" | "application/*+json")
        || essence.ends_with("+json")
}

/// The entries with the codec of each; what has none is left out, or taken as bytes where there is nothing else.
fn carried<'c>(
    scope: &mut Scope<'_, '_>,
    content: &'c [MediaType],
    direction: Direction,
) -> Result<Vec<(&'c MediaType, Codec)>, Refused> {
    let codecs: Vec<Option<Codec>> = content
        .iter()
        .map(|entry| {
            let shape = shape::of(scope.document, entry.schema.or(entry.item_schema));
            codec(&essence(&entry.name), shape, direction)
        })
        .collect();
    let has_codec = codecs.iter().any(Option::is_some);
    let mut carried = Vec::with_capacity(content.len());
    let mut is_refused = false;
    for (entry, codec) in content.iter().zip(codecs) {
        if let Some(codec) = codec {
            carried.push((entry, codec));
            continue;
        }
        if scope.config.unknown_media == UnknownMedia::Refuse {
            let message = format!("`{}` cannot be converted to a type", entry.name);
            scope.findings.add(&codes::MEDIA_REFUSED, entry.span, message);
            is_refused = true;
        } else if has_codec {
            let message = format!("`{}` cannot be converted to a type", entry.name);
            scope.findings.add(&codes::MEDIA_SKIPPED, entry.span, message);
        } else {
            let message = format!("`{}` cannot be converted to a type", entry.name);
            scope.findings.add(&codes::MEDIA_BYTES, entry.span, message);
            carried.push((entry, Codec::Bytes));
        }
    }
    if is_refused { Err(Refused) } else { Ok(carried) }
}

/// Whether an answer of this media type comes piece by piece.
pub(crate) fn is_stream(media_type: &str) -> bool {
    let codec = codec(&essence(media_type), Shape::Structured, Direction::Response);
    matches!(codec, Some(Codec::Events | Codec::JsonLines | Codec::JsonSeq))
}

/// How a media type is carried, if a type can be made of it.
fn codec(essence: &str, shape: Shape, direction: Direction) -> Option<Codec> {
    if is_json(essence) {
        return Some(Codec::Json);
    }
    let is_request = matches!(direction, Direction::Request);
    let is_value = matches!(shape, Shape::Structured | Shape::Scalar);
    let (kind, subtype) = essence.split_once('/').unwrap_or((essence, ""));
    let is_xml = subtype == "xml" || subtype.ends_with("+xml");
    match essence {
        "application/x-ndjson"
        | "application/ndjson"
        | "application/jsonl"
        | "application/x-jsonl"
        | "application/jsonlines"
        | "application/x-jsonlines"
        | "application/json-lines"
        | "application/stream+json" => Some(Codec::JsonLines),
        "application/json-seq" | "application/geo+json-seq" => Some(Codec::JsonSeq),
        "text/event-stream" if !is_request => Some(Codec::Events),
        "application/x-www-form-urlencoded"
            if is_request && !matches!(shape, Shape::Text | Shape::Binary) =>
        {
            Some(Codec::Form)
        }
        "multipart/form-data" | "multipart/*"
            if is_request && !matches!(shape, Shape::Text | Shape::Binary) =>
        {
            Some(Codec::Multipart)
        }
        "text/plain" | "*/*" | "application/*" if is_value => Some(Codec::Json),
        "*/*" | "application/*" if shape == Shape::Text => Some(Codec::Text),
        "application/octet-stream" if !is_value => Some(Codec::Bytes),
        _ if matches!(kind, "image" | "audio" | "video" | "font" | "model") => Some(Codec::Bytes),
        _ if kind == "text" && !is_xml => Some(Codec::Text),
        _ if shape == Shape::Text => Some(Codec::Text),
        _ if is_value => None,
        _ => Some(Codec::Bytes),
    }
}

fn media(
    scope: &mut Scope<'_, '_>,
    entry: &MediaType,
    codec: Codec,
    direction: Direction,
    hint: &str,
) -> ir::Media {
    let (ty, rule) = match codec {
        Codec::Json | Codec::Form | Codec::Multipart => match entry.schema.or(entry.item_schema) {
            Some(schema) => scope.typed(schema, direction, hint),
            None => (Type::Json, ir::Rule::default()),
        },
        Codec::Text => text(scope, entry, direction, hint),
        Codec::Bytes => (Type::Bytes, ir::Rule::default()),
        Codec::JsonLines | Codec::JsonSeq if matches!(direction, Direction::Request) => {
            list(scope, entry, direction, hint)
        }
        Codec::JsonLines | Codec::JsonSeq | Codec::Events => item(scope, entry, direction, hint),
    };
    let (range, more) = match direction {
        Direction::Request => (entry.name.to_string(), Vec::new()),
        Direction::Response => concrete(&entry.name, codec),
    };
    let encoding =
        if matches!(codec, Codec::Form | Codec::Multipart) { form::encoding(entry) } else { Vec::new() };
    let item = entry.item_schema.filter(|_| codec == Codec::Events);
    let event = item.and_then(|item| shape::event_name(scope.document, item));
    ir::Media {
        variant: ir::Name::new(variant(&entry.name, codec)),
        range,
        more,
        codec,
        ty,
        rule,
        encoding,
        event,
    }
}

/// Text keeps the rule of its schema where that is for any text.
fn text(scope: &mut Scope<'_, '_>, entry: &MediaType, direction: Direction, hint: &str) -> (Type, ir::Rule) {
    let is_text = shape::of(scope.document, entry.schema) == Shape::Text;
    let plain = (Type::String, ir::Rule::default());
    let Some(schema) = entry.schema.filter(|_| is_text && matches!(direction, Direction::Request)) else {
        return plain;
    };
    match scope.typed(schema, direction, hint) {
        (Type::String, rule) => (Type::String, ir::Rule { nullable: false, ..rule }),
        _ => plain,
    }
}

/// All values of a stream in one list.
fn list(scope: &mut Scope<'_, '_>, entry: &MediaType, direction: Direction, hint: &str) -> (Type, ir::Rule) {
    let (ty, rule) = item(scope, entry, direction, hint);
    let ty = if rule.nullable { Type::Option(Rc::new(ty)) } else { ty };
    let whole = entry.schema.filter(|_| entry.item_schema.is_none()).map(|id| scope.document.target(id));
    let array = whole.map(|id| scope.document.schema(id).array());
    let length = |length: Option<u64>| length.map(|length| u32::try_from(length).unwrap_or(u32::MAX));
    let kind = RuleKind::List {
        min: array.and_then(|array| length(array.min_items)).unwrap_or(0),
        max: array.and_then(|array| length(array.max_items)).unwrap_or(u32::MAX),
        unique: array.is_some_and(|array| array.unique_items),
        item: Box::new(rule),
    };
    (Type::List(Rc::new(ty)), ir::Rule { kind, ..ir::Rule::default() })
}

/// One value of a stream: `itemSchema`, or the items of `schema`, or `schema` where it is no array.
fn item(scope: &mut Scope<'_, '_>, entry: &MediaType, direction: Direction, hint: &str) -> (Type, ir::Rule) {
    let hint = format!("{hint} item");
    let Some(schema) = entry.item_schema.or(entry.schema) else { return (Type::Json, ir::Rule::default()) };
    let schema = match entry.item_schema {
        Some(item) => shape::event_data(scope.document, item).unwrap_or(item),
        None => shape::items(scope.document, schema).unwrap_or(schema),
    };
    scope.typed(schema, direction, &hint)
}

/// What can stand in `Content-Type` for a range, and what a client may accept instead.
fn concrete(name: &str, codec: Codec) -> (String, Vec<String>) {
    if !name.contains('*') {
        return (name.to_owned(), Vec::new());
    }
    let concrete = match codec {
        Codec::Json => "application/json",
        Codec::Text => "text/plain",
        _ => "application/octet-stream",
    };
    (concrete.to_owned(), vec![name.to_owned()])
}

/// Whether one variant can stand for both. Handlers choose the media type of an answer, unless all are JSON.
fn is_same(one: &ir::Media, other: &ir::Media, direction: Direction) -> bool {
    one.codec == other.codec
        && one.ty == other.ty
        && one.rule == other.rule
        && one.encoding.is_empty()
        && other.encoding.is_empty()
        && (matches!(direction, Direction::Request) || one.codec == Codec::Json)
}

/// What a media type is called among others.
fn variant(name: &str, codec: Codec) -> String {
    let essence = essence(name);
    let (kind, subtype) = essence.split_once('/').unwrap_or((&essence, ""));
    match codec {
        _ if essence == "*/*" => "any".to_owned(),
        _ if subtype == "*" => kind.to_owned(),
        Codec::Json if subtype == "json" => "json".to_owned(),
        Codec::Form => "form".to_owned(),
        Codec::Multipart => "multipart".to_owned(),
        Codec::Events => "events".to_owned(),
        Codec::JsonLines => "lines".to_owned(),
        Codec::Text if subtype == "plain" => "text".to_owned(),
        Codec::Bytes if subtype == "octet-stream" => "bytes".to_owned(),
        _ => {
            let word = subtype.strip_suffix("+json").unwrap_or(subtype);
            word.replace(|letter: char| !letter.is_alphanumeric(), " ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_have_codecs() {
        let check = |name: &str, shape, expected| {
            assert_eq!(codec(&essence(name), shape, Direction::Request), expected, "{name}");
        };
        check("application/json; charset=utf-8", Shape::Structured, Some(Codec::Json));
        check("application/vnd.api+json", Shape::Structured, Some(Codec::Json));
        check("Text/Plain", Shape::Text, Some(Codec::Text));
        check("text/plain", Shape::Structured, Some(Codec::Json));
        check("text/csv", Shape::Structured, Some(Codec::Text));
        check("*/*", Shape::Structured, Some(Codec::Json));
        check("*/*", Shape::Binary, Some(Codec::Bytes));
        check("application/xml", Shape::Structured, None);
        check("application/xml", Shape::Text, Some(Codec::Text));
        check("text/xml", Shape::Structured, None);
        check("image/svg+xml", Shape::Structured, Some(Codec::Bytes));
        check("application/pdf", Shape::Binary, Some(Codec::Bytes));
        check("application/pdf", Shape::Missing, Some(Codec::Bytes));
        check("application/octet-stream", Shape::Text, Some(Codec::Bytes));
        check("multipart/form-data", Shape::Structured, Some(Codec::Multipart));
        check("multipart/mixed", Shape::Structured, None);
        check("application/x-ndjson", Shape::Structured, Some(Codec::JsonLines));
        check("text/event-stream", Shape::Structured, Some(Codec::Text));
    }

    #[test]
    fn media_types_have_names() {
        let check = |name, codec, expected: &str| assert_eq!(variant(name, codec), expected);
        check("application/json", Codec::Json, "json");
        check("application/vnd.api+json", Codec::Json, "vnd api");
        check("text/csv", Codec::Text, "csv");
        check("image/*", Codec::Bytes, "image");
        check("*/*", Codec::Json, "any");
        check("application/octet-stream", Codec::Bytes, "bytes");
    }
}
