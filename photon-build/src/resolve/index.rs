//! What names itself: every `$id`, `$anchor` and `$dynamicAnchor` of all files.
//!
//! Knows where schemas stand. Must not know what they say.

use std::collections::HashMap;

use super::{Located, Resolver, Scope, escape};
use crate::load::{Files, own_base};
use crate::node::{Node, Object, Value};

/// Everything that has a name.
#[derive(Debug, Default)]
pub(super) struct Index<'a> {
    /// By URI.
    pub(super) resources: HashMap<String, Located<'a>>,
    /// By URI with fragment.
    pub(super) anchors: HashMap<String, Located<'a>>,
    /// The names of `$dynamicAnchor`, in the order of the files.
    pub(super) dynamic: Vec<(&'a str, Located<'a>)>,
    /// The `$schema` of every mapping in or below one.
    pub(super) dialects: HashMap<*const Node, &'a str>,
}

impl<'a> Index<'a> {
    /// Looks through all files. What stands where no schema does names nothing, unless nothing else has that name.
    pub(super) fn new(files: &'a Files) -> Self {
        let (mut index, mut doubtful) = (Self::default(), Self::default());
        for (number, file) in files.iter().enumerate() {
            let scope = Scope { file: number, base: own_base(&file.root, &file.uri).into() };
            let outside = Scope { file: number, base: file.uri.clone() };
            index.add_resource(&file.root, outside, scope.clone(), "");
            let is_schema = ["$schema", "$id"].iter().any(|key| file.root.get(key).is_some());
            let kind = if is_schema { Kind::Schema } else { Kind::Other };
            let mut walk =
                Walk { sure: &mut index, doubtful: &mut doubtful, pointer: String::new(), dialect: None };
            walk.node(&file.root, &scope, Place { kind, is_named: false, is_sure: true });
        }
        for (uri, located) in doubtful.resources {
            index.resources.entry(uri).or_insert(located);
        }
        for (uri, located) in doubtful.anchors {
            index.anchors.entry(uri).or_insert(located);
        }
        index
    }

    fn add_resource(&mut self, node: &'a Node, outside: Scope, scope: Scope, pointer: &str) {
        let uri = scope.base.to_string();
        let located = Located { node, outside, scope, pointer: pointer.into() };
        self.resources.entry(uri).or_insert(located);
    }
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A schema.
    Schema,
    /// Anything else.
    Other,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    kind: Kind,
    /// Whether keys are names that someone chose, or else fields with a meaning.
    is_named: bool,
    /// Whether no unknown keyword has been passed.
    is_sure: bool,
}

struct Walk<'i, 'a> {
    sure: &'i mut Index<'a>,
    /// What stands below keywords that no schema has.
    doubtful: &'i mut Index<'a>,
    pointer: String,
    /// The `$schema` that holds here.
    dialect: Option<&'a str>,
}

impl<'a> Walk<'_, 'a> {
    fn node(&mut self, node: &'a Node, scope: &Scope, place: Place) {
        let object = match &node.value {
            Value::Object(object) => object,
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.below(&index.to_string(), item, scope, Place { is_named: false, ..place });
                }
                return;
            }
            _ => return,
        };
        let around = self.dialect;
        let entered = if place.is_named { None } else { self.names(node, object, scope, place) };
        let scope = entered.as_ref().unwrap_or(scope);
        if let Some(dialect) = self.dialect {
            self.sure.dialects.insert(std::ptr::from_ref(node), dialect);
        }
        for entry in object.iter() {
            let is_data = matches!(&*entry.key, "enum" | "const" | "default" | "example" | "examples");
            if place.is_named || !is_data {
                self.below(&entry.key, &entry.value, scope, place.below(&entry.key));
            }
        }
        self.dialect = around;
    }

    /// Keeps the names of one schema; the scope within it, if that is another.
    fn names(&mut self, node: &'a Node, object: &'a Object, scope: &Scope, place: Place) -> Option<Scope> {
        let index = if place.is_sure { &mut *self.sure } else { &mut *self.doubtful };
        self.dialect = object.get("$schema").and_then(Node::as_str).or(self.dialect);
        let mut entered = None;
        if object.get("$id").is_some_and(|id| id.as_str().is_some()) && !self.pointer.is_empty() {
            let inside = Resolver::enter(scope, node);
            index.add_resource(node, scope.clone(), inside.clone(), &self.pointer);
            entered = Some(inside);
        }
        let inside = entered.as_ref().unwrap_or(scope);
        for key in ["$anchor", "$dynamicAnchor"] {
            let Some(anchor) = object.get(key).and_then(Node::as_str) else { continue };
            let (outside, pointer) = (scope.clone(), self.pointer.as_str().into());
            let located = Located { node, outside, scope: inside.clone(), pointer };
            if key == "$dynamicAnchor" {
                index.dynamic.push((anchor, located.clone()));
            }
            index.anchors.entry(format!("{}#{anchor}", inside.base)).or_insert(located);
        }
        entered
    }

    fn below(&mut self, key: &str, node: &'a Node, scope: &Scope, place: Place) {
        if !matches!(node.value, Value::Array(_) | Value::Object(_)) {
            return;
        }
        let len = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&escape(key));
        self.node(node, scope, place);
        self.pointer.truncate(len);
    }
}

impl Place {
    /// What stands below `key`.
    fn below(self, key: &str) -> Self {
        if self.is_named {
            return Self { is_named: false, ..self };
        }
        if self.kind == Kind::Other {
            let is_schema = matches!(key, "schema" | "itemSchema" | "schemas" | "definitions" | "$defs");
            let kind = if is_schema { Kind::Schema } else { Kind::Other };
            return Self { kind, is_named: holds_schemas(key) || holds_names(key), is_sure: self.is_sure };
        }
        let is_named = holds_schemas(key);
        Self { is_named, is_sure: self.is_sure && (is_named || holds_schema(key)), ..self }
    }
}

/// Keywords of schemas that hold schemas by names that someone chose.
fn holds_schemas(key: &str) -> bool {
    matches!(
        key,
        "properties" | "patternProperties" | "dependentSchemas" | "dependencies" | "$defs" | "definitions"
    )
}

/// Keywords of schemas that hold a schema or a list of them.
fn holds_schema(key: &str) -> bool {
    matches!(
        key,
        "allOf"
            | "anyOf"
            | "oneOf"
            | "not"
            | "if"
            | "then"
            | "else"
            | "items"
            | "prefixItems"
            | "additionalItems"
            | "contains"
            | "unevaluatedItems"
            | "additionalProperties"
            | "unevaluatedProperties"
            | "propertyNames"
            | "contentSchema"
    )
}

/// Fields outside of schemas that hold something by names that someone chose.
fn holds_names(key: &str) -> bool {
    matches!(
        key,
        "schemas"
            | "responses"
            | "parameters"
            | "requestBodies"
            | "headers"
            | "pathItems"
            | "paths"
            | "webhooks"
            | "content"
            | "mediaTypes"
            | "callbacks"
    )
}
