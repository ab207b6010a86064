//! The document itself: version, info, servers, tags, and the order in which everything is read.

use std::rc::Rc;
use std::sync::Arc;

use super::{At, Parser};
use crate::codes;
use crate::finding::Findings;
use crate::node::Node;
use crate::resolve::Scope;
use crate::spec::{Document, Info, Server, Tag, Version};

/// The version that a document follows. `None` where it is none that is read; the finding says so.
pub(super) fn version(findings: &mut Findings, root: &Node) -> Option<Version> {
    let object = root.as_object();
    if let Some(swagger) = object.and_then(|object| object.entry("swagger")) {
        let text = swagger.value.as_text().unwrap_or("2.0");
        findings.add(&codes::SWAGGER, swagger.key_span, format!("this is a Swagger {text} document"));
        return None;
    }
    let Some(openapi) = root.get("openapi") else {
        findings.add(&codes::VERSION_MISSING, root.span, "there is no `openapi` in the document");
        return None;
    };
    let found = openapi.as_text().and_then(version_of);
    if found.is_none() {
        let text = openapi.as_text().unwrap_or("this");
        findings.add(
            &codes::VERSION_UNKNOWN,
            openapi.span,
            format!("`{text}` is no version that Photon reads"),
        );
    }
    found
}

/// The family of a version's text.
pub(super) fn version_of(text: &str) -> Option<Version> {
    let mut numbers = text.trim().split('.');
    match (numbers.next()?, numbers.next()?) {
        ("3", "0") => Some(Version::V3_0),
        ("3", "1") => Some(Version::V3_1),
        ("3", "2") => Some(Version::V3_2),
        _ => None,
    }
}

const FIELDS: [&str; 11] = [
    "openapi",
    "$self",
    "info",
    "jsonSchemaDialect",
    "servers",
    "paths",
    "webhooks",
    "components",
    "security",
    "tags",
    "externalDocs",
];

impl<'a> Parser<'a, '_> {
    /// Reads the whole document.
    pub(super) fn document(&mut self, root: &'a Node, scope: &Scope) -> Option<Document> {
        let at = At { node: root, scope: scope.clone(), pointer: "".into() };
        let object = self.object(root, "the document")?;
        self.unknown_fields(object, &FIELDS, "the document");
        self.newer_fields(&at, Version::V3_1, &["webhooks", "jsonSchemaDialect"]);
        self.newer_fields(&at, Version::V3_2, &["$self"]);
        let info = self.info(&at);
        let servers = Rc::new(self.servers(&at).unwrap_or_default());
        let tags = self.tags(&at);
        let security_schemes = self.security_schemes(&at);
        let security = self.security(&at).map(Rc::new);
        let security_fault = self.broken.take();
        let components = self.components(&at);
        let mut found = self.operations(&at, &servers, (security.as_ref(), security_fault));
        self.read_schemas();
        self.bind_dynamic_references();
        self.cut_circles();
        self.check_whole();
        self.refuse_broken(&mut found);
        Some(Document {
            version: self.version,
            info,
            servers: Rc::unwrap_or_clone(servers),
            tags,
            operations: found.operations,
            webhooks: found.webhooks,
            refused: found.refused,
            security_schemes: self.all_schemes(security_schemes),
            components,
            schemas: std::mem::take(&mut self.schemas),
        })
    }

    fn info(&mut self, root: &At<'a>) -> Info {
        let Some(at) = root.key("info") else {
            self.tell(&codes::MISSING_FIELD, root.node.span, "the document has no `info`");
            return Info::default();
        };
        let Some(object) = self.object(at.node, "`info`") else { return Info::default() };
        let known = ["title", "summary", "description", "termsOfService", "contact", "license", "version"];
        self.unknown_fields(object, &known, "`info`");
        for key in ["title", "version"] {
            if object.get(key).is_none() {
                self.tell(&codes::MISSING_FIELD, at.node.span, format!("`info` has no `{key}`"));
            }
        }
        Info {
            title: self.text(&at, "title").unwrap_or_default(),
            version: self.text(&at, "version").unwrap_or_default(),
            summary: self.text(&at, "summary"),
            description: self.text(&at, "description"),
            terms_of_service: self.text(&at, "termsOfService"),
            contact: self.typed(&at, "contact"),
            license: self.typed(&at, "license"),
            extensions: Self::extensions(object),
        }
    }

    /// A value that serde reads from the tree.
    fn typed<T: for<'de> serde::Deserialize<'de>>(&mut self, at: &At<'a>, key: &str) -> Option<T> {
        let node = at.node.get(key)?;
        match T::deserialize(node) {
            Ok(value) => Some(value),
            Err(error) => {
                self.tell(&codes::KEYWORD, node.span, format!("`{key}` is malformed: {error}"));
                None
            }
        }
    }

    /// The servers below `servers`; `None` where there are none.
    pub(super) fn servers(&mut self, at: &At<'a>) -> Option<Vec<Server>> {
        let nodes = self.list(at, "servers");
        if nodes.is_empty() {
            return None;
        }
        Some(nodes.iter().filter_map(|node| self.server(&at.child("servers", node))).collect())
    }

    fn server(&mut self, at: &At<'a>) -> Option<Server> {
        let Some(object) = at.node.as_object() else {
            self.tell(&codes::SERVER, at.node.span, "a server must be a mapping");
            return None;
        };
        self.unknown_fields(object, &["url", "description", "variables", "name"], "a server");
        let Some(url) = self.text(at, "url") else {
            self.tell(&codes::SERVER, at.node.span, "a server must have a `url`");
            return None;
        };
        let mut variables = Vec::new();
        if let Some(declared) = at.key("variables") {
            for entry in declared.entries() {
                let variable = declared.child(&entry.key, &entry.value);
                let default = self.server_variable(&variable, &entry.key);
                variables.push((entry.key.clone(), default));
            }
        }
        for name in url.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name) {
            if !variables.iter().any(|(known, _)| **known == *name) {
                let span = object.get("url").map_or(at.node.span, |node| node.span);
                self.tell(&codes::SERVER, span, format!("the variable `{name}` is not declared"));
            }
        }
        let description = self.text(at, "description");
        Some(Server { url, description, variables, span: at.node.span })
    }

    fn server_variable(&mut self, at: &At<'a>, name: &str) -> Box<str> {
        let choices: Vec<&str> = self.list(at, "enum").iter().filter_map(Node::as_text).collect();
        for (index, choice) in choices.iter().enumerate() {
            if choices[..index].contains(choice) {
                let message = format!("`enum` of the variable `{name}` has `{choice}` twice");
                self.tell(&codes::SERVER, at.node.span, message);
            }
        }
        let Some(default) = self.text(at, "default") else {
            self.tell(&codes::SERVER, at.node.span, format!("the variable `{name}` has no `default`"));
            return choices.first().copied().unwrap_or("").into();
        };
        if !choices.is_empty() && !choices.contains(&&*default) {
            let message = format!("the default `{default}` of `{name}` is not in its `enum`");
            self.tell(&codes::SERVER, at.node.span, message);
        }
        default
    }

    fn tags(&mut self, root: &At<'a>) -> Vec<Tag> {
        let mut tags: Vec<Tag> = Vec::new();
        for node in self.list(root, "tags") {
            let at = root.child("tags", node);
            let Some(object) = node.as_object() else {
                self.tell(&codes::KEYWORD, node.span, "a tag must be a mapping with a `name`");
                continue;
            };
            let known = ["name", "summary", "description", "externalDocs", "parent", "kind"];
            self.unknown_fields(object, &known, "a tag");
            let Some(name) = self.text(&at, "name") else {
                self.tell(&codes::MISSING_FIELD, node.span, "the tag has no `name`");
                continue;
            };
            if tags.iter().any(|tag| *tag.name == *name) {
                self.tell(&codes::DUPLICATE_TAG, node.span, format!("the tag `{name}` is declared twice"));
                continue;
            }
            let name: Arc<str> = self.text_of(&name);
            tags.push(Tag {
                name,
                summary: self.text(&at, "summary"),
                description: self.text(&at, "description"),
                parent: self.text(&at, "parent"),
                span: node.span,
                extensions: Self::extensions(object),
            });
        }
        tags
    }
}
