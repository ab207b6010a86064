//! Typed reading of fields: what is of the wrong kind is told and passed over.

use std::sync::Arc;

use super::{At, Parser, helped};
use crate::codes;
use crate::nearest::nearest;
use crate::node::{Entry, Node, Object, Value};
use crate::spec::Version;

/// Characters of a wrong value that are shown in a message.
const SHOWN_CHARS_MAX: usize = 40;

impl<'a> Parser<'a, '_> {
    /// The mapping that `node` must be; `what` is its name in the finding.
    pub(super) fn object(&mut self, node: &'a Node, what: &str) -> Option<&'a Object> {
        let object = node.as_object();
        if object.is_none() {
            let message = format!("{what} must be a mapping, not {}", kind_of(node));
            self.refuse(&codes::SHAPE, node.span, message);
        }
        object
    }

    /// The list below `key`; empty where there is none.
    pub(super) fn list(&mut self, at: &At<'a>, key: &str) -> &'a [Node] {
        let Some(node) = at.node.get(key) else { return &[] };
        if let Some(items) = node.as_array() {
            return items;
        }
        self.keyword(node, key, "a list");
        &[]
    }

    /// The text below `key`. A reference to a file gives the file's text, as some bundlers have it.
    pub(super) fn text(&mut self, at: &At<'a>, key: &str) -> Option<Arc<str>> {
        let node = at.node.get(key)?;
        if let Some(text) = node.to_text() {
            return Some(text);
        }
        if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
            let target = self.resolver.resolve(&at.scope, reference).ok();
            if let Some(text) = target.and_then(|target| target.node.to_text()) {
                return Some(text);
            }
        }
        if !node.is_null() {
            self.keyword(node, key, "a string");
        }
        None
    }

    /// The truth value below `key`.
    pub(super) fn flag(&mut self, at: &At<'a>, key: &str) -> Option<bool> {
        let node = at.node.get(key)?;
        let truth = match (&node.value, node.as_text()) {
            (Value::Bool(truth), _) => return Some(*truth),
            (_, Some("true")) => Some(true),
            (_, Some("false")) => Some(false),
            _ => None,
        };
        self.keyword(node, key, "a truth value");
        truth
    }

    /// A value of the wrong kind that can be passed over.
    pub(super) fn keyword(&mut self, node: &Node, key: &str, wanted: &str) {
        let message = match node.as_text().filter(|text| text.chars().count() <= SHOWN_CHARS_MAX) {
            Some(text) => format!("`{key}` must be {wanted}, not `{text}`"),
            None => format!("`{key}` must be {wanted}, not {}", kind_of(node)),
        };
        self.tell(&codes::KEYWORD, node.span, message);
    }

    /// Tells every key that is neither `known` nor an extension.
    pub(super) fn unknown_fields(&mut self, object: &Object, known: &[&str], what: &str) {
        for entry in object.iter() {
            if !known.contains(&&*entry.key) && !entry.key.starts_with("x-") {
                self.unknown_field(entry, known, &format!("{what} has no field"));
            }
        }
    }

    /// Tells a key that is not among the `known`.
    pub(super) fn unknown_field(&mut self, entry: &Entry, known: &[&str], what: &str) {
        let message = format!("{what} `{}`", entry.key);
        let finding = self.tell(&codes::UNKNOWN_FIELD, entry.key_span, message);
        if let Some(meant) = nearest(&entry.key, known.iter().copied()) {
            helped(finding, format!("it is ignored; did you mean `{meant}`?"));
        }
    }

    /// Tells fields that a newer version brought, where the file says that it follows an older one.
    pub(super) fn newer_fields(&mut self, at: &At<'a>, since: Version, keys: &[&str]) {
        if self.version_of(at.scope.file) >= since {
            return;
        }
        for entry in at.entries() {
            if keys.contains(&&*entry.key) {
                let message = format!("`{}` is of OpenAPI {}", entry.key, name_of(since));
                self.tell(&codes::NEWER, entry.key_span, message);
            }
        }
    }

    /// The keys that begin with `x-`.
    pub(super) fn extensions(object: &Object) -> Object {
        let entries = object.iter().filter(|entry| entry.key.starts_with("x-"));
        Object { entries: entries.cloned().collect() }
    }
}

fn name_of(version: Version) -> &'static str {
    match version {
        Version::V3_0 => "3.0",
        Version::V3_1 => "3.1",
        Version::V3_2 => "3.2",
    }
}

/// What a value is, in words.
pub(super) fn kind_of(node: &Node) -> &'static str {
    match node.value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}
