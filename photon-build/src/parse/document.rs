//! The document itself: version, info, servers, tags, and the order in which everything is read.

use std::rc::Rc;
use std::sync::Arc;

use super::{At, Parser, helped};
use crate::codes;
use crate::finding::Findings;
use crate::node::{Entry, Node};
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
        let message = match openapi.as_text() {
            Some(text) => format!("`{text}` is no version that Photon reads"),
            None => "`openapi` must be a version".to_owned(),
        };
        findings.add(&codes::VERSION_UNKNOWN, openapi.span, message);
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

/// What is done where the path of a server is not known to its end.
const MOUNTED: &str = "the path that routes are mounted under ends before it, unless `.base_path(..)` is set";

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
        self.tell_idle_selection();
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
            fits_nothing: std::mem::take(&mut self.fits_nothing),
        })
    }

    fn info(&mut self, root: &At<'a>) -> Info {
        let Some(entry) = root.node.as_object().and_then(|object| object.entry("info")) else {
            let finding = self.tell(&codes::MISSING_FIELD, root.node.span, "the document has no `info`");
            helped(finding, "add `info: { title: .., version: .. }`");
            return Info::default();
        };
        let at = root.child("info", &entry.value);
        let Some(object) = self.object(at.node, "`info`") else { return Info::default() };
        let known = ["title", "summary", "description", "termsOfService", "contact", "license", "version"];
        self.unknown_fields(object, &known, "`info`");
        for key in ["title", "version"] {
            if object.get(key).is_none() {
                self.tell(&codes::MISSING_FIELD, entry.key_span, format!("`info` has no `{key}`"));
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
            let finding = self.tell(&codes::SERVER, at.node.span, "a server must be a mapping");
            helped(finding, "it is ignored; write `{ url: .. }`");
            return None;
        };
        self.unknown_fields(object, &["url", "description", "variables", "name"], "a server");
        let Some(url) = self.text(at, "url") else {
            let finding = self.tell(&codes::SERVER, at.node.span, "a server must have a `url`");
            helped(finding, "it is ignored; add the `url`");
            return None;
        };
        let mut variables = Vec::new();
        if let Some(declared) = at.key("variables") {
            for entry in declared.entries() {
                let variable = declared.child(&entry.key, &entry.value);
                let default = self.server_variable(&variable, entry);
                variables.push((entry.key.clone(), default));
            }
        }
        let span = object.get("url").map_or(at.node.span, |node| node.span);
        for part in url.split('{').skip(1) {
            let Some((name, _)) = part.split_once('}') else {
                let finding = self.tell(&codes::SERVER, span, "the braces of `url` do not match");
                helped(finding, MOUNTED);
                continue;
            };
            if !variables.iter().any(|(known, _)| **known == *name) {
                let message = format!("the variable `{name}` of `url` is not declared");
                let help = format!("add `variables: {{ {name}: {{ default: .. }} }}`; {MOUNTED}");
                helped(self.tell(&codes::SERVER, span, message), help);
            }
        }
        let description = self.text(at, "description");
        Some(Server { url, description, variables, span: at.node.span })
    }

    fn server_variable(&mut self, at: &At<'a>, entry: &Entry) -> Arc<str> {
        let name = &entry.key;
        let choices: Vec<&Node> =
            self.list(at, "enum").iter().filter(|node| node.as_text().is_some()).collect();
        let texts: Vec<&str> = choices.iter().filter_map(|node| node.as_text()).collect();
        for (index, choice) in choices.iter().enumerate() {
            if texts[..index].contains(&texts[index]) {
                let message = format!("`enum` of the variable `{name}` has `{}` twice", texts[index]);
                helped(self.tell(&codes::SERVER, choice.span, message), "remove one of the two");
            }
        }
        let Some(default) = self.text(at, "default") else {
            let message = format!("the variable `{name}` has no `default`");
            let first = texts.first().copied();
            let help = match first {
                Some(first) => format!("add one; `{first}` is taken, the first of its `enum`"),
                None => "add one; nothing stands in its place until then".to_owned(),
            };
            helped(self.tell(&codes::SERVER, entry.key_span, message), help);
            return first.unwrap_or("").into();
        };
        if !texts.is_empty() && !texts.contains(&&*default) {
            let span = at.node.get("default").map_or(entry.key_span, |node| node.span);
            let message = format!("the default `{default}` of `{name}` is not in its `enum`");
            helped(self.tell(&codes::SERVER, span, message), "it is used all the same; add it to the `enum`");
        }
        default
    }

    fn tags(&mut self, root: &At<'a>) -> Vec<Tag> {
        let mut tags: Vec<Tag> = Vec::new();
        for node in self.list(root, "tags") {
            let at = root.child("tags", node);
            let Some(object) = node.as_object() else {
                let finding = self.tell(&codes::KEYWORD, node.span, "a tag must be a mapping with a `name`");
                helped(finding, "the tag is ignored");
                continue;
            };
            let known = ["name", "summary", "description", "externalDocs", "parent", "kind"];
            self.unknown_fields(object, &known, "a tag");
            let Some(name) = self.text(&at, "name") else {
                let finding = self.tell(&codes::MISSING_FIELD, node.span, "the tag has no `name`");
                helped(finding, "the tag is ignored; add its `name`");
                continue;
            };
            let span = node.get("name").map_or(node.span, |name| name.span);
            if let Some(first) = tags.iter().find(|tag| *tag.name == *name).map(|tag| tag.span) {
                let message = format!("the tag `{name}` is declared twice");
                if let Some(finding) = self.tell(&codes::DUPLICATE_TAG, span, message) {
                    finding.notes.push((first, "it stands here first".to_owned()));
                }
                continue;
            }
            let name: Arc<str> = self.text_of(&name);
            tags.push(Tag {
                name,
                summary: self.text(&at, "summary"),
                description: self.text(&at, "description"),
                parent: self.text(&at, "parent"),
                span,
                extensions: Self::extensions(object),
            });
        }
        tags
    }
}
