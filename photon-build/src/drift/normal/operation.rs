//! Paths, webhooks and callbacks in normal form: operations by path and method, each with all that its path says for it.

use super::{At, DEPTH_MAX, Draft, Normal, data, text};
use crate::drift::tree::{Tree, Value};
use crate::node::Node;

/// Methods of a path, as keys.
const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

impl<'a> Normal<'a> {
    /// `paths`, `webhooks`, or what a callback consists of.
    pub(super) fn path_items(&mut self, at: &At<'a>) -> Tree {
        let mut draft = Draft::new(at.place());
        for entry in at.entries() {
            let tree = if entry.key.starts_with("x-") {
                data(&entry.value)
            } else {
                self.path_item(&at.child(&entry.value))
            };
            draft.put(entry, tree);
        }
        draft.finish()
    }

    /// The operations of a path by method; what the path says for all of them is said by each.
    fn path_item(&mut self, at: &At<'a>) -> Tree {
        let mut draft = Draft::new(at.place());
        let mut shared = None;
        let mut servers = None;
        self.of_path_item(at, &mut draft, &mut shared, &mut servers);
        draft.finish()
    }

    fn of_path_item(
        &mut self,
        at: &At<'a>,
        draft: &mut Draft,
        shared: &mut Option<At<'a>>,
        servers: &mut Option<Tree>,
    ) {
        if let Some(parameters) = at.node.get("parameters") {
            *shared = Some(at.child(parameters));
        }
        if let Some(own) = at.node.get("servers") {
            *servers = Some(self.items(&at.child(own), Self::server));
        }
        for entry in at.entries() {
            let below = at.child(&entry.value);
            match &*entry.key {
                "summary" | "description" => draft.doc(&entry.key, &entry.value),
                "additionalOperations" => {
                    for entry in below.entries() {
                        let tree =
                            self.operation(&below.child(&entry.value), shared.as_ref(), servers.as_ref());
                        draft.put(entry, tree);
                    }
                }
                key if METHODS.contains(&key) => {
                    let tree = self.operation(&below, shared.as_ref(), servers.as_ref());
                    draft.put(entry, tree);
                }
                key if key.starts_with("x-") => draft.put(entry, data(&entry.value)),
                _ => {}
            }
        }
        if let Some(target) = self.follow(at) {
            self.depth += 1;
            self.of_path_item(&target, draft, shared, servers);
            self.depth -= 1;
        }
    }

    fn operation(&mut self, at: &At<'a>, shared: Option<&At<'a>>, servers: Option<&Tree>) -> Tree {
        let mut draft = Draft::new(at.place());
        for entry in at.entries() {
            let below = at.child(&entry.value);
            let tree = match &*entry.key {
                "operationId" => text(&entry.value),
                "tags" | "security" => data(&entry.value),
                "deprecated" if entry.value.as_bool() == Some(true) => data(&entry.value),
                "requestBody" => self.body(&below),
                "responses" => self.responses(&below),
                "callbacks" => self.named(&below, Self::callback),
                "servers" => self.items(&below, Self::server),
                "x-photon-websocket" => self.websocket(&below),
                "summary" | "description" | "externalDocs" => {
                    draft.doc(&entry.key, &entry.value);
                    continue;
                }
                key if key.starts_with("x-") => data(&entry.value),
                _ => continue,
            };
            draft.put(entry, tree);
        }
        if let (None, Some(servers)) = (at.node.get("servers"), servers) {
            draft.entries.push(("servers".into(), servers.clone()));
        }
        if let Some(parameters) = self.parameters(at, shared) {
            draft.entries.push(("parameters".into(), parameters));
        }
        draft.finish()
    }

    /// Those of the operation and, where it does not override them, those of its path, in an order of their own.
    fn parameters(&mut self, at: &At<'a>, shared: Option<&At<'a>>) -> Option<Tree> {
        let own = at.node.get("parameters").map(|node| at.child(node));
        let place = own.as_ref().or(shared)?.place();
        let mut found: Vec<((String, String), Tree)> = Vec::new();
        for list in own.iter().chain(shared) {
            for item in list.node.as_array().unwrap_or_default() {
                let item = list.child(item);
                let key = self.key_of(&item);
                if !found.iter().any(|(known, _)| *known == key) {
                    found.push((key, self.parameter(&item)));
                }
            }
        }
        if found.is_empty() {
            return None;
        }
        found.sort_by(|(left, _), (right, _)| left.cmp(right));
        Some(Tree::new(place, Value::List(found.into_iter().map(|(_, tree)| tree).collect())))
    }

    /// Place and name of a parameter, through its references.
    fn key_of(&mut self, at: &At<'a>) -> (String, String) {
        let mut at = at.clone();
        for _ in 0..DEPTH_MAX {
            match self.follow(&at) {
                Some(next) => at = next,
                None => break,
            }
        }
        let field = |key: &str| at.node.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
        (field("in"), field("name"))
    }

    fn websocket(&mut self, at: &At<'a>) -> Tree {
        let mut draft = Draft::new(at.place());
        for entry in at.entries().iter().filter(|entry| matches!(&*entry.key, "receive" | "send")) {
            let tree = self.schema(&at.child(&entry.value));
            draft.put(entry, tree);
        }
        draft.finish()
    }

    pub(super) fn callback(&mut self, at: &At<'a>) -> Tree {
        match self.reference(at, "callbacks", Self::callback) {
            Some(tree) => tree,
            None => self.path_items(at),
        }
    }
}
