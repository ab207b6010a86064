//! Components: the names under `components`, and the values that operations share.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::{At, Fault, Parser};
use crate::codes;
use crate::node::Node;
use crate::schema::{Place, SchemaId};
use crate::spec::{Body, Parameter, Reply, Version};

/// Values that were read once, by the node that they were read from.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) parameters: Cache<Parameter>,
    pub(super) bodies: Cache<Body>,
    pub(super) replies: Cache<Reply>,
}

/// What a node gave, and why it cannot be used if that is so.
pub(super) type Cache<T> = HashMap<*const Node, (Option<Rc<T>>, Option<Fault>)>;

const KINDS: [&str; 11] = [
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
    "mediaTypes",
];

impl<'a> Parser<'a, '_> {
    /// Reads all components, so that what no operation uses is checked, too. Gives the named schemas.
    pub(super) fn components(&mut self, root: &At<'a>) -> Vec<(Arc<str>, SchemaId)> {
        let Some(components) = root.key("components") else { return Vec::new() };
        let Some(object) = self.object(components.node, "`components`") else { return Vec::new() };
        self.unknown_fields(object, &KINDS, "`components`");
        self.newer_fields(&components, Version::V3_1, &["pathItems"]);
        self.newer_fields(&components, Version::V3_2, &["mediaTypes"]);
        let mut schemas = Vec::new();
        for entry in object.iter() {
            let kind = components.child(&entry.key, &entry.value);
            if !KINDS.contains(&&*entry.key) {
                continue;
            }
            if entry.value.is_null() || self.object(kind.node, &format!("`{}`", entry.key)).is_none() {
                continue;
            }
            for named in kind.entries() {
                self.component_name(named);
                let at = kind.child(&named.key, &named.value);
                if &*entry.key == "schemas" {
                    let name = self.text_of(&named.key);
                    let place = Place::Root((*at.pointer).into());
                    schemas.push((name.clone(), self.schema_of_key(named.key_span, &at, place, Some(name))));
                } else {
                    self.component(&entry.key, &at);
                }
            }
        }
        // What is wrong in a component matters to those that use it.
        self.broken = None;
        schemas
    }

    fn component_name(&mut self, named: &crate::node::Entry) {
        let is_fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if named.key.is_empty() || !named.key.chars().all(is_fine) {
            let message = format!("`{}` is no name for a component", named.key);
            self.tell(&codes::COMPONENT_NAME, named.key_span, message);
        }
    }

    fn component(&mut self, kind: &str, at: &At<'a>) {
        match kind {
            "responses" => {
                self.reply(at);
            }
            "parameters" => {
                self.parameter(at);
            }
            "requestBodies" => {
                self.body(at);
            }
            "headers" => {
                self.header("header", at.node.span, at);
            }
            "examples" => {
                self.example(None, at);
            }
            "pathItems" => {
                if let Some(followed) = self.follow(at) {
                    self.object(followed.at.node, "a path item");
                }
            }
            "mediaTypes" => {
                self.media_type("*/*", at.node.span, at);
            }
            // Links and callbacks are the client's business, security schemes are read on their own.
            _ => {}
        }
    }
}
