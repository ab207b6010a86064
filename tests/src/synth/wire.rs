//! Writes parameter values as OpenAPI's styles demand.

use std::fmt::Write as _;

use serde_json::Value;

use crate::document::{Location, Node, Parameter};

/// A style with its `explode`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style<'d> {
    pub(super) name: &'d str,
    pub(super) explode: bool,
}

impl<'d> Style<'d> {
    /// As the parameter, header or encoding object says, else the default of the place.
    pub(super) fn of(node: Node<'d>, default: &'d str) -> Self {
        let name = node.text("style").unwrap_or(default);
        let explode = node.get("explode").and_then(|explode| explode.value.as_bool());
        Self { name, explode: explode.unwrap_or(name == "form" || name == "cookie") }
    }

    /// Whether OpenAPI says how such a value is written.
    pub(super) fn defines(&self, value: &Value) -> bool {
        let flat = |item: &Value| !item.is_array() && !item.is_object() && !item.is_null();
        match value {
            Value::Array(items) => !items.is_empty() && self.name != "deepObject" && items.iter().all(flat),
            Value::Object(members) => {
                let name_says = !matches!(self.name, "spaceDelimited" | "pipeDelimited") || !self.explode;
                !members.is_empty() && name_says && members.values().all(flat)
            }
            Value::Null => false,
            _ => self.name != "deepObject",
        }
    }
}

/// The default style of a place.
pub(super) fn default_style(location: Location) -> &'static str {
    match location {
        Location::Path | Location::Header => "simple",
        Location::Query | Location::Cookie | Location::QueryString => "form",
    }
}

/// The text of a path parameter in its template.
pub(super) fn path(parameter: &Parameter<'_>, value: &Value) -> String {
    if parameter.media_type.is_some() {
        return encode(&value.to_string());
    }
    let style = Style::of(parameter.node, "simple");
    let name = encode(parameter.name);
    let encoded: Vec<(Option<String>, String)> = pieces(value, encode);
    match (style.name, style.explode) {
        ("label", true) => format!(".{}", joined(&encoded, "=", ".")),
        ("label", false) => format!(".{}", joined(&encoded, ",", ",")),
        ("matrix", explode) => match value {
            Value::Array(_) if explode => format!(";{}", repeated(&name, &encoded)),
            Value::Object(_) if explode => format!(";{}", joined(&encoded, "=", ";")),
            _ => format!(";{name}={}", joined(&encoded, ",", ",")),
        },
        (_, true) => joined(&encoded, "=", ","),
        (_, false) => joined(&encoded, ",", ","),
    }
}

/// The text of a header parameter.
pub(super) fn header(parameter: &Parameter<'_>, value: &Value) -> String {
    if parameter.media_type.is_some() {
        return value.to_string();
    }
    let style = Style::of(parameter.node, "simple");
    joined(&pieces(value, str::to_owned), if style.explode { "=" } else { "," }, ",")
}

/// The pairs of a query or cookie parameter or a form field, encoded by `encode`.
pub(super) fn pairs(
    name: &str,
    style: Style<'_>,
    value: &Value,
    encode: fn(&str) -> String,
) -> Vec<(String, String)> {
    let key = encode(name);
    let delimiter = match style.name {
        "spaceDelimited" => encode(" "),
        "pipeDelimited" => encode("|"),
        _ => ",".to_owned(),
    };
    let texts = pieces(value, encode);
    match value {
        Value::Array(_) if style.explode => texts.into_iter().map(|(_, text)| (key.clone(), text)).collect(),
        Value::Object(_) if style.name == "deepObject" => texts
            .into_iter()
            .map(|(inner, text)| {
                (format!("{key}{}{}{}", encode("["), inner.unwrap_or_default(), encode("]")), text)
            })
            .collect(),
        Value::Object(_) if style.explode => {
            texts.into_iter().map(|(inner, text)| (inner.unwrap_or_default(), text)).collect()
        }
        _ => vec![(key, joined(&texts, &delimiter, &delimiter))],
    }
}

/// The parts of a value: its items, its members with their names, or itself.
fn pieces(value: &Value, encode: fn(&str) -> String) -> Vec<(Option<String>, String)> {
    match value {
        Value::Array(items) => items.iter().map(|item| (None, encode(&plain(item)))).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, item)| (Some(encode(name)), encode(&plain(item)))).collect()
        }
        other => vec![(None, encode(&plain(other)))],
    }
}

fn joined(pieces: &[(Option<String>, String)], within: &str, between: &str) -> String {
    let texts: Vec<String> = pieces
        .iter()
        .map(|(name, text)| match name {
            Some(name) => format!("{name}{within}{text}"),
            None => text.clone(),
        })
        .collect();
    texts.join(between)
}

fn repeated(name: &str, pieces: &[(Option<String>, String)]) -> String {
    pieces.iter().map(|(_, text)| format!("{name}={text}")).collect::<Vec<_>>().join(";")
}

/// A value as text: strings as they are, all else as JSON.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Percent-encodes all but RFC 3986's unreserved characters.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Node;

    fn check(object: &str, value: &str, expected: &str) {
        let object: Value = serde_json::from_str(object).unwrap();
        let value: Value = serde_json::from_str(value).unwrap();
        let node = Node { file: 0, value: &object };
        let parameter = Parameter {
            name: "color",
            location: Location::Path,
            required: true,
            node,
            schema: None,
            media_type: None,
        };
        let written = match node.text("in") {
            Some("path") => path(&parameter, &value),
            Some("header") => header(&parameter, &value),
            _ => {
                let pairs = pairs("color", Style::of(node, "form"), &value, encode);
                pairs.iter().map(|(name, text)| format!("{name}={text}")).collect::<Vec<_>>().join("&")
            }
        };
        assert_eq!(written, expected, "{object} {value}");
    }

    #[test]
    fn styles() {
        let array = r#"["blue","black"]"#;
        let object = r#"{"G":200,"R":100}"#;
        check(r#"{"in":"path"}"#, array, "blue,black");
        check(r#"{"in":"path"}"#, object, "G,200,R,100");
        check(r#"{"in":"path","explode":true}"#, object, "G=200,R=100");
        check(r#"{"in":"path","style":"label"}"#, "\"blue\"", ".blue");
        check(r#"{"in":"path","style":"label","explode":true}"#, array, ".blue.black");
        check(r#"{"in":"path","style":"matrix"}"#, array, ";color=blue,black");
        check(r#"{"in":"path","style":"matrix","explode":true}"#, array, ";color=blue;color=black");
        check(r#"{"in":"path","style":"matrix","explode":true}"#, object, ";G=200;R=100");
        check(r#"{"in":"path","style":"matrix"}"#, object, ";color=G,200,R,100");
        check(r#"{"in":"header"}"#, object, "G,200,R,100");
        check(r#"{"in":"query"}"#, array, "color=blue&color=black");
        check(r#"{"in":"query","explode":false}"#, array, "color=blue,black");
        check(r#"{"in":"query"}"#, object, "G=200&R=100");
        check(r#"{"in":"query","style":"spaceDelimited","explode":false}"#, array, "color=blue%20black");
        check(r#"{"in":"query","style":"pipeDelimited","explode":false}"#, array, "color=blue%7Cblack");
        check(
            r#"{"in":"query","style":"deepObject","explode":true}"#,
            object,
            "color%5BG%5D=200&color%5BR%5D=100",
        );
        check(r#"{"in":"query"}"#, "\"a b&c\"", "color=a%20b%26c");
    }
}
