//! Writes bodies: JSON, forms, multipart, text, bytes.

use serde_json::Value;

use crate::document::{Body, Node, Shape};

use super::instance::Synth;
use super::wire::{self, Style, encode, plain};

/// The boundary between the parts of a multipart body.
const BOUNDARY: &str = "photon-verify-boundary";

/// How a media type is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Json,
    Form,
    Multipart,
    Text,
    Lines,
    Sequence,
    Xml,
    Bytes,
}

impl Kind {
    pub(super) fn of(media_type: &str) -> Self {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/json" | "text/json" | "*/*" | "application/*" => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines" => Self::Lines,
            "application/json-seq" => Self::Sequence,
            _ if essence.starts_with("multipart/") => Self::Multipart,
            _ if essence.ends_with("+json") => Self::Json,
            "application/xml" | "text/xml" => Self::Xml,
            _ if essence.ends_with("+xml") => Self::Xml,
            _ if essence.starts_with("text/") => Self::Text,
            _ => Self::Bytes,
        }
    }
}

/// The media type to send: JSON where there is a choice.
pub(super) fn chosen<'d>(body: &Body<'d>) -> Option<(Kind, &'d str, Node<'d>)> {
    let all = body.content.iter().map(|(media_type, media)| (Kind::of(media_type), *media_type, *media));
    let rank = |kind: Kind| match kind {
        Kind::Json => 0,
        Kind::Form => 1,
        Kind::Multipart => 2,
        Kind::Text | Kind::Lines | Kind::Sequence => 3,
        Kind::Bytes => 4,
        Kind::Xml => 5,
    };
    all.min_by_key(|(kind, _, _)| rank(*kind))
}

/// The schema of a media type object.
pub(super) fn schema(media: Node<'_>) -> Option<Node<'_>> {
    media.get("schema").or_else(|| media.get("itemSchema"))
}

/// The `Content-Type` and the bytes for a value.
pub(super) fn written(
    synth: &Synth<'_>,
    kind: Kind,
    media_type: &str,
    media: Node<'_>,
    value: &Value,
) -> Option<(String, Vec<u8>)> {
    let concrete = match media_type.trim() {
        "*/*" | "application/*" => "application/json",
        "text/*" => "text/plain",
        "image/*" => "image/png",
        "audio/*" => "audio/mpeg",
        "video/*" => "video/mp4",
        "multipart/*" => "multipart/form-data",
        other => other,
    };
    let bytes = match kind {
        Kind::Json => value.to_string().into_bytes(),
        Kind::Lines => joined(items(media, value), ""),
        Kind::Sequence => joined(items(media, value), "\u{1e}"),
        Kind::Text | Kind::Bytes => plain(value).into_bytes(),
        Kind::Xml => format!("<root>{}</root>", xml(value)).into_bytes(),
        Kind::Form => form(media, value)?.into_bytes(),
        Kind::Multipart => {
            let bytes = multipart(synth, media, value)?;
            let bare = concrete.split(';').next().unwrap_or(concrete);
            return Some((format!("{bare}; boundary={BOUNDARY}"), bytes));
        }
    };
    Some((concrete.to_owned(), bytes))
}

/// Items with a line break after each.
fn joined(items: &[Value], before: &str) -> Vec<u8> {
    items.iter().flat_map(|item| format!("{before}{item}\n").into_bytes()).collect()
}

/// What a sequential media type sends one after another: `schema` describes all of it as a list, `itemSchema` an item.
fn items<'v>(media: Node<'_>, value: &'v Value) -> &'v [Value] {
    match value {
        Value::Array(items) if media.get("itemSchema").is_none() => items,
        one => std::slice::from_ref(one),
    }
}

fn encoding<'d>(media: Node<'d>, name: &str) -> Option<Node<'d>> {
    media.get("encoding")?.get(name)
}

fn form(media: Node<'_>, value: &Value) -> Option<String> {
    let mut pairs = Vec::new();
    for (name, value) in value.as_object()? {
        let encoding = encoding(media, name);
        let style = encoding.map_or(Style { name: "form", explode: true }, |node| Style::of(node, "form"));
        let styled = encoding.is_some_and(|node| {
            ["style", "explode", "allowReserved"].iter().any(|key| node.get(key).is_some())
        });
        let flat = !value.is_object() && style.defines(value);
        match value {
            Value::Null => {}
            _ if styled && style.defines(value) || flat => {
                pairs.extend(wire::pairs(name, style, value, encode));
            }
            Value::Object(_) | Value::Array(_) if styled && style.name == "deepObject" => {
                nested(&encode(name), value, &mut pairs);
            }
            Value::Array(items) if items.iter().all(|item| !item.is_null()) => {
                pairs.extend(items.iter().map(|item| (encode(name), encode(&plain(item)))));
            }
            other => pairs.push((encode(name), encode(&plain(other)))),
        }
    }
    Some(pairs.iter().map(|(name, text)| format!("{name}={text}")).collect::<Vec<_>>().join("&"))
}

/// What nests in a `deepObject`, as everybody writes it: `a[b][c]=d`, `a[0]=b`.
fn nested(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(key, value)| nested(&format!("{name}%5B{}%5D", encode(key)), value, pairs));
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(at, value)| nested(&format!("{name}%5B{at}%5D"), value, pairs));
        }
        other => pairs.push((name.to_owned(), encode(&plain(other)))),
    }
}

fn multipart(synth: &Synth<'_>, media: Node<'_>, value: &Value) -> Option<Vec<u8>> {
    let shape = Shape::of(synth.document, &[schema(media)?]);
    let mut out = Vec::new();
    for (name, value) in value.as_object()? {
        let nodes = shape.properties.get(name.as_str()).map_or(&[][..], Vec::as_slice);
        let mut property = Shape::of(synth.document, nodes);
        let values = match value {
            Value::Array(items) => {
                property = Shape::of(synth.document, &property.items);
                items.iter().collect()
            }
            one => vec![one],
        };
        let declared = encoding(media, name).and_then(|encoding| encoding.text("contentType"));
        for value in values {
            part(name, &property, declared, value, &mut out);
        }
    }
    out.extend(format!("--{BOUNDARY}--\r\n").bytes());
    Some(out)
}

fn part(name: &str, property: &Shape<'_>, declared: Option<&str>, value: &Value, out: &mut Vec<u8>) {
    let binary = property.texts("format").contains(&"binary")
        || property.parts.iter().any(|part| part.get("contentMediaType").is_some());
    let declared = declared.and_then(|types| types.split(',').next()).map(str::trim);
    let declared =
        declared.map(|media_type| media_type.replace("image/*", "image/png").replace("*/*", "text/plain"));
    let default = match value {
        _ if binary => Some("application/octet-stream".to_owned()),
        Value::Object(_) | Value::Array(_) => Some("application/json".to_owned()),
        _ => None,
    };
    let file = if binary { "; filename=\"photon.bin\"" } else { "" };
    let name = name.replace('"', "%22");
    out.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n").bytes());
    if let Some(media_type) = declared.or(default) {
        out.extend(format!("Content-Type: {media_type}\r\n").bytes());
    }
    out.extend(format!("\r\n{}\r\n", plain(value)).bytes());
}

fn element(name: &str, value: &Value) -> String {
    format!("<{name}>{}</{name}>", xml(value))
}

fn xml(value: &Value) -> String {
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| element(name, value)).collect(),
        Value::Array(items) => items.iter().map(|item| element("item", item)).collect(),
        other => plain(other).replace('&', "&amp;").replace('<', "&lt;"),
    }
}
