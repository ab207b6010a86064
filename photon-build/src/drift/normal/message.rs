//! What requests and answers consist of, in normal form: parameters, bodies, media types, responses, headers, and what
//! stands around them: links, servers, security schemes.

use super::{At, Draft, Normal, data, text};
use crate::drift::tree::{Tree, Value};
use crate::node::{Entry, Node};

impl<'a> Normal<'a> {
    pub(super) fn parameter(&mut self, at: &At<'a>) -> Tree {
        if let Some(tree) = self.reference(at, "parameters", Self::parameter) {
            return tree;
        }
        let location = at.node.get("in").and_then(Node::as_str).unwrap_or_default();
        let usual = if matches!(location, "query" | "cookie") { "form" } else { "simple" };
        self.serialized(at, usual, location == "path")
    }

    pub(super) fn header(&mut self, at: &At<'a>) -> Tree {
        match self.reference(at, "headers", Self::header) {
            Some(tree) => tree,
            None => self.serialized(at, "simple", false),
        }
    }

    /// A parameter or a header, without what it would be by default.
    fn serialized(&mut self, at: &At<'a>, usual_style: &str, is_required: bool) -> Tree {
        let mut draft = Draft::new(at.place());
        let style = at.node.get("style").and_then(Node::as_str).unwrap_or(usual_style);
        let usual_explode = style == "form";
        for entry in at.entries() {
            let below = at.child(&entry.value);
            let tree = match &*entry.key {
                "name" | "in" => text(&entry.value),
                "required" if entry.value.as_bool() == Some(true) && !is_required => data(&entry.value),
                "deprecated" | "allowEmptyValue" | "allowReserved" if entry.value.as_bool() == Some(true) => {
                    data(&entry.value)
                }
                "style" if style != usual_style => text(&entry.value),
                "explode" if entry.value.as_bool().is_some_and(|own| own != usual_explode) => {
                    data(&entry.value)
                }
                "schema" => self.schema(&below),
                "content" => self.named(&below, Self::media_type),
                "description" | "example" | "examples" => {
                    draft.doc(&entry.key, &entry.value);
                    continue;
                }
                key if key.starts_with("x-") => data(&entry.value),
                _ => continue,
            };
            draft.put(entry, tree);
        }
        draft.finish()
    }

    pub(super) fn body(&mut self, at: &At<'a>) -> Tree {
        if let Some(tree) = self.reference(at, "requestBodies", Self::body) {
            return tree;
        }
        let mut draft = Draft::new(at.place());
        for entry in at.entries() {
            let tree = match &*entry.key {
                "required" if entry.value.as_bool() == Some(true) => data(&entry.value),
                "content" => self.named(&at.child(&entry.value), Self::media_type),
                "description" => {
                    draft.doc(&entry.key, &entry.value);
                    continue;
                }
                key if key.starts_with("x-") => data(&entry.value),
                _ => continue,
            };
            draft.put(entry, tree);
        }
        draft.finish()
    }

    pub(super) fn media_type(&mut self, at: &At<'a>) -> Tree {
        if let Some(tree) = self.reference(at, "mediaTypes", Self::media_type) {
            return tree;
        }
        let mut draft = Draft::new(at.place());
        for entry in at.entries() {
            let below = at.child(&entry.value);
            let tree = match &*entry.key {
                "schema" | "itemSchema" => self.schema(&below),
                "encoding" => self.named(&below, Self::encoding),
                "prefixEncoding" => self.items(&below, Self::encoding),
                "itemEncoding" => self.encoding(&below),
                "example" | "examples" => {
                    draft.doc(&entry.key, &entry.value);
                    continue;
                }
                key if key.starts_with("x-") => data(&entry.value),
                _ => continue,
            };
            draft.put(entry, tree);
        }
        draft.finish()
    }

    fn encoding(&mut self, at: &At<'a>) -> Tree {
        let mut draft = Draft::new(at.place());
        for entry in at.entries() {
            let tree = match &*entry.key {
                "headers" => self.named(&at.child(&entry.value), Self::header),
                "contentType" | "style" => text(&entry.value),
                "explode" => data(&entry.value),
                "allowReserved" if entry.value.as_bool() == Some(true) => data(&entry.value),
                _ => continue,
            };
            draft.put(entry, tree);
        }
        draft.finish()
    }

    /// Responses by their status: `4xx` is `4XX`.
    pub(super) fn responses(&mut self, at: &At<'a>) -> Tree {
        let mut draft = Draft::new(at.place());
        for entry in at.entries() {
            if entry.key.starts_with("x-") {
                draft.put(entry, data(&entry.value));
                continue;
            }
            let tree = self.response(&at.child(&entry.value));
            let key =
                if &*entry.key == "default" { entry.key.clone() } else { entry.key.to_uppercase().into() };
            draft.put(&Entry { key, ..entry.clone() }, tree);
        }
        draft.finish()
    }

    pub(super) fn response(&mut self, at: &At<'a>) -> Tree {
        if let Some(tree) = self.reference(at, "responses", Self::response) {
            return tree;
        }
        let mut draft = Draft::new(at.place());
        for entry in at.entries() {
            let below = at.child(&entry.value);
            let tree = match &*entry.key {
                "headers" => self.named(&below, Self::header),
                "content" => self.named(&below, Self::media_type),
                "links" => self.named(&below, Self::link),
                "summary" | "description" => {
                    draft.doc(&entry.key, &entry.value);
                    continue;
                }
                key if key.starts_with("x-") => data(&entry.value),
                _ => continue,
            };
            if !tree.entries().is_empty() || entry.key.starts_with("x-") {
                draft.put(entry, tree);
            }
        }
        draft.finish()
    }

    pub(super) fn link(&mut self, at: &At<'a>) -> Tree {
        if let Some(tree) = self.reference(at, "links", Self::link) {
            return tree;
        }
        let mut draft = Draft::new(at.place());
        for entry in at.entries() {
            match &*entry.key {
                "description" => draft.doc(&entry.key, &entry.value),
                "server" => {
                    let tree = self.server(&at.child(&entry.value));
                    draft.put(entry, tree);
                }
                _ => draft.put(entry, data(&entry.value)),
            }
        }
        draft.finish()
    }

    pub(super) fn server(&mut self, at: &At<'a>) -> Tree {
        let mut draft = Draft::new(at.place());
        for entry in at.entries() {
            match &*entry.key {
                "url" | "name" => draft.put(entry, text(&entry.value)),
                "variables" => {
                    let tree = self.named(&at.child(&entry.value), variable);
                    draft.put(entry, tree);
                }
                "description" => draft.doc(&entry.key, &entry.value),
                key if key.starts_with("x-") => draft.put(entry, data(&entry.value)),
                _ => {}
            }
        }
        draft.finish()
    }

    pub(super) fn security_scheme(&mut self, at: &At<'a>) -> Tree {
        if let Some(tree) = self.reference(at, "securitySchemes", Self::security_scheme) {
            return tree;
        }
        let mut draft = Draft::new(at.place());
        for entry in at.entries() {
            match &*entry.key {
                "description" | "bearerFormat" => draft.doc(&entry.key, &entry.value),
                "flows" => {
                    let tree = self.named(&at.child(&entry.value), Self::flow);
                    draft.put(entry, tree);
                }
                "scheme" => {
                    let mut tree = text(&entry.value);
                    if let Value::Text(scheme) = &tree.value {
                        tree.value = Value::Text(scheme.to_ascii_lowercase().into());
                    }
                    draft.put(entry, tree);
                }
                _ => draft.put(entry, data(&entry.value)),
            }
        }
        draft.finish()
    }

    fn flow(&mut self, at: &At<'a>) -> Tree {
        let mut draft = Draft::new(at.place());
        for entry in at.entries() {
            if &*entry.key == "scopes" {
                let tree = self.named(&at.child(&entry.value), scope);
                draft.put(entry, tree);
            } else {
                draft.put(entry, data(&entry.value));
            }
        }
        draft.finish()
    }
}

fn variable(_: &mut Normal<'_>, at: &At<'_>) -> Tree {
    let mut draft = Draft::new(at.place());
    for entry in at.entries() {
        match &*entry.key {
            "default" => draft.put(entry, text(&entry.value)),
            "enum" => {
                let items = entry.value.as_array().unwrap_or_default().iter().map(text).collect();
                draft.put(entry, Tree::new(at.place(), Value::List(items)));
            }
            "description" => draft.doc(&entry.key, &entry.value),
            _ => {}
        }
    }
    draft.finish()
}

/// A scope is its name; what it is for is documentation.
fn scope(_: &mut Normal<'_>, at: &At<'_>) -> Tree {
    let mut draft = Draft::new(at.place());
    draft.doc("description", at.node);
    draft.finish()
}
