//! The keyword `type`: names of types, and what is meant by those that are none.

use super::fields::kind_of;
use super::schema::Reading;
use super::{Parser, helped};
use crate::codes;
use crate::nearest::nearest;
use crate::node::{Node, Value};
use crate::schema::Type;
use crate::spec::Version;

impl<'a> Parser<'a, '_> {
    /// Reads `type`, a name or a list of names.
    pub(super) fn types(&mut self, reading: &mut Reading<'a>, node: &'a Node) {
        let names = match &node.value {
            Value::Array(items) => {
                if reading.version == Version::V3_0 {
                    self.tell(&codes::TYPE_LIST, node.span, "`type` is a list");
                }
                &items[..]
            }
            _ => std::slice::from_ref(node),
        };
        for name in names {
            // `[string, null]` without quotes means the type.
            let text = if name.is_null() { "null" } else { name.as_str().unwrap_or("") };
            match Type::parse(text) {
                Some(ty) => reading.schema.types.insert(ty),
                None if text == "file" => {
                    self.refuse(&codes::TYPE_FILE, name.span, "`file` is no type of OpenAPI 3");
                }
                None => {
                    let message = match name.as_text() {
                        Some(text) => format!("`{text}` is no type"),
                        None => format!("{} is no type", kind_of(name)),
                    };
                    let finding = self.tell(&codes::TYPE_UNKNOWN, name.span, message);
                    if let Some(meant) = meant(text) {
                        helped(finding, format!("any type is accepted; write `{meant}`"));
                    }
                }
            }
        }
    }
}

/// The type that is meant by a name of other languages.
fn meant(name: &str) -> Option<&'static str> {
    let known = || Type::ALL.into_iter().map(Type::as_str);
    match name.to_ascii_lowercase().as_str() {
        "int" | "int32" | "int64" | "long" => Some("integer"),
        "str" | "text" | "uuid" | "date" | "date-time" | "datetime" | "email" | "uri" | "url" => {
            Some("string")
        }
        "float" | "double" | "decimal" => Some("number"),
        "bool" => Some("boolean"),
        "list" => Some("array"),
        "map" | "dict" => Some("object"),
        other => known().find(|name| *name == other).or_else(|| nearest(other, known())),
    }
}
