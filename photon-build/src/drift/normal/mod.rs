//! The files of a document as one contract in normal form: what other files hold is brought in, what is said to people
//! is kept apart, what is as it is by default is left out, keys are in order.
//!
//! Knows where what stands in OpenAPI 3.0 to 3.2. Must not know what a change means.

mod message;
mod operation;
mod schema;

use std::collections::VecDeque;
use std::sync::Arc;

use super::mark::mark;
use super::tree::{Place, Tree, Value};
use crate::component::Components;
use crate::load::Files;
use crate::node::{Entry, Node, Value as Written};
use crate::resolve::{Resolver, Scope, Target};

/// References to other files within which further references are followed in place.
const DEPTH_MAX: u32 = 32;

/// The contract of the root document.
pub(super) fn normal(files: &Files) -> Option<Tree> {
    let resolver = Resolver::new(files);
    let (root, scope) = resolver.scope_of(0)?;
    root.as_object()?;
    let mut normal = Normal { resolver, components: Components::new(root), queue: VecDeque::new(), depth: 0 };
    Some(normal.root(&At { node: root, scope }))
}

/// A value and what its references are relative to.
#[derive(Clone)]
pub(super) struct At<'a> {
    pub(super) node: &'a Node,
    pub(super) scope: Scope,
}

impl<'a> At<'a> {
    pub(super) fn child(&self, node: &'a Node) -> Self {
        Self { node, scope: self.scope.clone() }
    }

    pub(super) fn entries(&self) -> &'a [Entry] {
        self.node.as_object().map_or(&[], |object| &object.entries)
    }

    pub(super) fn place(&self) -> Place {
        Place::Span(self.node.span)
    }
}

pub(super) struct Normal<'a> {
    pub(super) resolver: Resolver<'a>,
    /// The components that schemas from elsewhere have become.
    components: Components,
    queue: VecDeque<(String, Target<'a>)>,
    depth: u32,
}

pub(super) type Entries = Vec<(Arc<str>, Tree)>;

/// A value that is under construction.
pub(super) struct Draft {
    pub(super) place: Place,
    pub(super) entries: Entries,
    pub(super) docs: Vec<(Arc<str>, Arc<str>)>,
}

impl Draft {
    pub(super) fn new(place: Place) -> Self {
        Self { place, entries: Vec::new(), docs: Vec::new() }
    }

    pub(super) fn doc(&mut self, key: &str, node: &Node) {
        self.docs.push((key.into(), mark(node)));
    }

    /// Puts a value below the key of an entry; mappings and lists stand where their key does.
    pub(super) fn put(&mut self, entry: &Entry, mut tree: Tree) {
        if matches!(tree.value, Value::Map(_) | Value::List(_) | Value::Bool(_)) {
            tree.place = Place::Span(entry.key_span);
        }
        self.entries.push((entry.key.clone(), tree));
    }

    pub(super) fn finish(self) -> Tree {
        let mut tree = Tree::map(self.place, self.entries);
        tree.docs = self.docs;
        tree
    }
}

type Read<'a> = fn(&mut Normal<'a>, &At<'a>) -> Tree;

impl<'a> Normal<'a> {
    fn root(&mut self, at: &At<'a>) -> Tree {
        let mut draft = Draft::new(at.place());
        let mut components = Draft::new(at.place());
        for entry in at.entries() {
            let below = at.child(&entry.value);
            let tree = match &*entry.key {
                "info" => info(&below),
                "servers" => self.items(&below, Self::server),
                "security" => data(&entry.value),
                "tags" => tags(&below),
                "paths" | "webhooks" => self.path_items(&below),
                "components" => {
                    components.place = Place::Span(entry.key_span);
                    self.components(&below, &mut components);
                    continue;
                }
                "externalDocs" => {
                    draft.doc(&entry.key, &entry.value);
                    continue;
                }
                key if key.starts_with("x-") => data(&entry.value),
                _ => continue,
            };
            draft.put(entry, tree);
        }
        self.hoisted(&mut components);
        if !components.entries.is_empty() {
            draft.entries.push(("components".into(), components.finish()));
        }
        draft.finish()
    }

    fn components(&mut self, at: &At<'a>, draft: &mut Draft) {
        for entry in at.entries() {
            let read: Read<'a> = match &*entry.key {
                "schemas" => Self::schema,
                "parameters" => Self::parameter,
                "responses" => Self::response,
                "requestBodies" => Self::body,
                "headers" => Self::header,
                "links" => Self::link,
                "callbacks" => Self::callback,
                "mediaTypes" => Self::media_type,
                "securitySchemes" => Self::security_scheme,
                _ => continue,
            };
            let tree = self.named(&at.child(&entry.value), read);
            draft.put(entry, tree);
        }
    }

    /// Schemas that became components because something refers to them where they stand.
    fn hoisted(&mut self, components: &mut Draft) {
        let mut added = Vec::new();
        while let Some((name, target)) = self.queue.pop_front() {
            let tree = self.schema(&At { node: target.node, scope: target.scope });
            added.push((name.into(), tree));
        }
        if added.is_empty() {
            return;
        }
        let own = components.entries.iter().position(|(key, _)| &**key == "schemas");
        if let Some(own) = own
            && let (_, Tree { value: Value::Map(entries), .. }) = components.entries.remove(own)
        {
            added.extend(entries);
        }
        components.entries.push(("schemas".into(), Tree::map(components.place, added)));
    }

    /// A mapping whose keys are names that someone chose.
    pub(super) fn named(&mut self, at: &At<'a>, read: Read<'a>) -> Tree {
        let mut draft = Draft::new(at.place());
        for entry in at.entries() {
            let tree = read(self, &at.child(&entry.value));
            draft.put(entry, tree);
        }
        draft.finish()
    }

    pub(super) fn items(&mut self, at: &At<'a>, read: Read<'a>) -> Tree {
        let items = at.node.as_array().unwrap_or_default();
        let items = items.iter().map(|item| read(self, &at.child(item))).collect();
        Tree::new(at.place(), Value::List(items))
    }

    /// What the `$ref` of a value leads to, when it has one that is not followed too deeply.
    fn follow(&mut self, at: &At<'a>) -> Option<At<'a>> {
        let text = at.node.get("$ref").and_then(Node::as_str)?;
        let target = self.resolver.resolve(&at.scope, text).ok()?;
        (self.depth < DEPTH_MAX).then_some(At { node: target.node, scope: target.scope })
    }

    /// A reference to a component of the root stays one; what stands elsewhere is read in its place.
    pub(super) fn reference(&mut self, at: &At<'a>, kind: &str, read: Read<'a>) -> Option<Tree> {
        let written = at.node.get("$ref")?;
        let written_text = written.as_str()?;
        let place = Place::Span(written.span);
        let target = self.resolver.resolve(&at.scope, written_text).ok();
        let own = target.as_ref().filter(|target| target.scope.file == 0).and_then(|target| {
            let name = target.pointer.strip_prefix(&format!("/components/{kind}/"))?;
            (!name.contains('/')).then(|| format!("#/components/{kind}/{name}"))
        });
        let mut tree = match (own, target) {
            (Some(reference), _) => {
                Tree::map(place, vec![("$ref".into(), Tree::new(place, Value::Text(reference.into())))])
            }
            (None, Some(target)) if self.depth < DEPTH_MAX => {
                self.depth += 1;
                let tree = read(self, &At { node: target.node, scope: target.scope });
                self.depth -= 1;
                tree
            }
            _ => Tree::map(place, vec![("$ref".into(), Tree::new(place, Value::Text(written_text.into())))]),
        };
        for key in ["summary", "description"] {
            if let Some(node) = at.node.get(key) {
                tree.docs.retain(|(own, _)| &**own != key);
                tree.docs.push((key.into(), mark(node)));
            }
        }
        Some(tree)
    }

    /// The name of the component that a schema is or becomes.
    pub(super) fn component(&mut self, target: &Target<'a>) -> String {
        let own = target.pointer.strip_prefix("/components/schemas/").filter(|name| !name.contains('/'));
        if let (0, Some(name)) = (target.scope.file, own) {
            return name.to_owned();
        }
        let (name, is_new) = self.components.name(target);
        if is_new {
            self.queue.push_back((name.clone(), target.clone()));
        }
        name
    }
}

fn info(at: &At<'_>) -> Tree {
    let mut draft = Draft::new(at.place());
    for entry in at.entries() {
        match &*entry.key {
            "version" => draft.put(entry, text(&entry.value)),
            key if key.starts_with("x-") => draft.put(entry, data(&entry.value)),
            _ => draft.doc(&entry.key, &entry.value),
        }
    }
    draft.finish()
}

/// The tags by their names.
fn tags(at: &At<'_>) -> Tree {
    let mut entries = Vec::new();
    for item in at.node.as_array().unwrap_or_default() {
        let Some(name) = item.get("name").and_then(Node::as_text) else { continue };
        let at = at.child(item);
        let mut draft = Draft::new(at.place());
        for entry in at.entries() {
            match &*entry.key {
                "name" => {}
                key if key == "parent" || key == "kind" || key.starts_with("x-") => {
                    draft.put(entry, data(&entry.value));
                }
                _ => draft.doc(&entry.key, &entry.value),
            }
        }
        entries.push((name.into(), draft.finish()));
    }
    Tree::map(at.place(), entries)
}

/// A value that is no more than itself.
pub(super) fn data(node: &Node) -> Tree {
    let value = match &node.value {
        Written::Null => Value::Null,
        Written::Bool(truth) => Value::Bool(*truth),
        Written::Number(number) => Value::Number(number.clone()),
        Written::String(text) => Value::Text(text.clone()),
        Written::Array(items) => Value::List(items.iter().map(data).collect()),
        Written::Object(object) => {
            let entries = object.iter().map(|entry| (entry.key.clone(), data(&entry.value))).collect();
            return Tree::map(Place::Span(node.span), entries);
        }
    };
    Tree::new(Place::Span(node.span), value)
}

/// A text, also where the document has a number: `version: 1.10`.
pub(super) fn text(node: &Node) -> Tree {
    match node.to_text() {
        Some(text) => Tree::new(Place::Span(node.span), Value::Text(text)),
        None => data(node),
    }
}
