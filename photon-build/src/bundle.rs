//! The document as one JSON text, for `/openapi.json`: what other files hold is brought in.
//!
//! Schemas of other files become components; all else of other files is written where it is referred to. Knows where
//! schemas stand in a document. Must not know what they mean.

use std::collections::VecDeque;

use crate::component::Components;
use crate::load::{Files, uri};
use crate::node::{Node, Object, Value};
use crate::node_serde::write_string;
use crate::resolve::{Resolver, Scope, Target, escape};
use crate::schema::ENTITY_KEY;

/// References to other files within which further references are followed in place.
const DEPTH_MAX: u32 = 32;

/// The root document with all that it refers to.
pub(crate) fn json(files: &Files) -> String {
    let mut out = String::new();
    let resolver = Resolver::new(files);
    let Some((root, scope)) = resolver.scope_of(0) else { return out };
    if files.iter().nth(1).is_none() && !has_tables(root) {
        root.write_json(&mut out);
        return out;
    }
    let mut bundle =
        Bundle { resolver, components: Components::new(root), queue: VecDeque::new(), depth: 0, out };
    bundle.root(root, &scope);
    bundle.out
}

/// Whether a schema says in which table its values are kept, which is left out.
fn has_tables(root: &Node) -> bool {
    let schemas = root.get("components").and_then(|components| components.get("schemas"));
    let mut schemas = schemas.and_then(Node::as_object).into_iter().flat_map(Object::iter);
    schemas.any(|entry| entry.value.get(ENTITY_KEY).is_some())
}

/// What stands at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A schema.
    Schema,
    /// Schemas by names that someone chose.
    Schemas,
    /// Data, in which `$ref` is a key like any other.
    Data,
    /// Texts that refer to schemas.
    Mapping,
    /// Anything else, by names that someone chose.
    Names,
    /// Anything else.
    Other,
}

struct Bundle<'a> {
    resolver: Resolver<'a>,
    /// The components that schemas of other files have become.
    components: Components,
    queue: VecDeque<(String, &'a Node, Scope)>,
    depth: u32,
    out: String,
}

impl<'a> Bundle<'a> {
    /// `components` last, and `schemas` last of them, when all that belongs there is known.
    fn root(&mut self, root: &'a Node, scope: &Scope) {
        self.out.push('{');
        let components = root.get("components").and_then(Node::as_object);
        let others = root.as_object().into_iter().flat_map(Object::iter);
        for entry in others.filter(|entry| &*entry.key != "components") {
            self.entry(&entry.key, &entry.value, scope, below(Kind::Other, &entry.key));
        }
        key_after(&mut self.out, "components");
        self.out.push('{');
        let kinds = components.into_iter().flat_map(Object::iter);
        for entry in kinds.filter(|entry| &*entry.key != "schemas") {
            self.entry(&entry.key, &entry.value, scope, Kind::Names);
        }
        key_after(&mut self.out, "schemas");
        self.out.push('{');
        let schemas = components.and_then(|components| components.get("schemas")).and_then(Node::as_object);
        for entry in schemas.into_iter().flat_map(Object::iter) {
            self.entry(&entry.key, &entry.value, scope, Kind::Schema);
        }
        while let Some((name, node, scope)) = self.queue.pop_front() {
            self.entry(&name, node, &scope, Kind::Schema);
        }
        self.out.push_str("}}}");
    }

    fn entry(&mut self, name: &str, node: &'a Node, scope: &Scope, kind: Kind) {
        key_after(&mut self.out, name);
        self.node(node, scope, kind);
    }

    fn node(&mut self, node: &'a Node, scope: &Scope, kind: Kind) {
        match (&node.value, kind) {
            (_, Kind::Data) => node.write_json(&mut self.out),
            (Value::Object(object), Kind::Mapping) => {
                self.out.push('{');
                for entry in object.iter() {
                    key_after(&mut self.out, &entry.key);
                    match entry.value.as_str() {
                        Some(text) if text.contains(['/', '#', '.']) => self.reference(text, scope),
                        _ => entry.value.write_json(&mut self.out),
                    }
                }
                self.out.push('}');
            }
            (Value::Object(object), _) => self.object(node, object, scope, kind),
            (Value::Array(items), _) => {
                self.out.push('[');
                for (index, item) in items.iter().enumerate() {
                    comma(index, &mut self.out);
                    self.node(item, scope, kind);
                }
                self.out.push(']');
            }
            _ => node.write_json(&mut self.out),
        }
    }

    fn object(&mut self, node: &'a Node, object: &'a Object, scope: &Scope, kind: Kind) {
        let is_named = matches!(kind, Kind::Names | Kind::Schemas);
        let reference = object.get("$ref").filter(|_| !is_named).and_then(Node::as_str);
        let entered;
        let scope = if kind == Kind::Schema {
            entered = Resolver::enter(scope, node);
            &entered
        } else {
            scope
        };
        if let Some(text) = reference.filter(|_| kind == Kind::Other)
            && let Some(target) = self.foreign(text, scope)
        {
            self.depth += 1;
            self.node(target.node, &target.scope, Kind::Other);
            self.depth -= 1;
            return;
        }
        self.out.push('{');
        let shown = object.iter().filter(|entry| kind != Kind::Schema || *entry.key != *ENTITY_KEY);
        for entry in shown {
            key_after(&mut self.out, &entry.key);
            match entry.value.as_str() {
                Some(text) if !is_named && matches!(&*entry.key, "$ref" | "$dynamicRef") => {
                    self.reference(text, scope);
                }
                _ => self.node(&entry.value, scope, below(kind, &entry.key)),
            }
        }
        self.out.push('}');
    }

    /// What a reference leads to, when that must be written in its place.
    fn foreign(&mut self, text: &str, scope: &Scope) -> Option<Target<'a>> {
        let target = self.resolver.resolve(scope, text).ok()?;
        (target.scope.file != 0 && self.depth < DEPTH_MAX).then_some(target)
    }

    /// A reference within the root document; as it stands where it is broken.
    fn reference(&mut self, text: &str, scope: &Scope) {
        let Ok(target) = self.resolver.resolve(scope, text) else {
            write_string(&mut self.out, text);
            return;
        };
        let own_base = self.resolver.scope_of(scope.file).map(|(_, whole)| whole.base);
        let is_own = own_base.as_ref().is_some_and(|own| *own == scope.base);
        let reference = if target.scope.file == 0 && scope.file == 0 && !is_own {
            // Within an `$id`, which stays, it means what it meant.
            text.to_owned()
        } else if target.scope.file == 0 {
            format!("#{}", target.pointer)
        } else if let Some(reference) = self.by_id(text, scope) {
            reference
        } else {
            format!("#/components/schemas/{}", escape(&self.component(&target)))
        };
        write_string(&mut self.out, &reference);
    }

    /// A reference to a resource of another file that has an `$id`: it becomes a component, and keeps its name.
    fn by_id(&mut self, text: &str, scope: &Scope) -> Option<String> {
        let (file, fragment) = uri::split_fragment(text);
        let base = uri::resolve(&scope.base, file);
        let resource = self.resolver.resolve(scope, &base).ok()?;
        resource.node.get("$id").and_then(Node::as_str)?;
        let own = Resolver::enter(&resource.scope, resource.node).base;
        if !uri::is_remote(&own) {
            return None;
        }
        self.component(&resource);
        let mark = if fragment.is_empty() { "" } else { "#" };
        Some(format!("{own}{mark}{fragment}"))
    }

    fn component(&mut self, target: &Target<'a>) -> String {
        let (name, is_new) = self.components.name(target);
        if is_new {
            self.queue.push_back((name.clone(), target.node, target.scope.clone()));
        }
        name
    }
}

/// What stands below `key` of a place.
fn below(kind: Kind, key: &str) -> Kind {
    match kind {
        Kind::Schema => match key {
            "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions" => {
                Kind::Schemas
            }
            "enum" | "const" | "default" | "example" | "examples" | "xml" | "externalDocs" => Kind::Data,
            "mapping" => Kind::Mapping,
            _ => Kind::Schema,
        },
        Kind::Schemas => Kind::Schema,
        Kind::Data | Kind::Mapping => Kind::Data,
        Kind::Names => Kind::Other,
        Kind::Other => match key {
            "schema" | "itemSchema" | "receive" | "send" => Kind::Schema,
            "schemas" => Kind::Schemas,
            "example" | "value" | "default" | "info" | "tags" | "servers" => Kind::Data,
            "paths" | "webhooks" | "responses" | "headers" | "content" | "examples" | "callbacks"
            | "links" | "encoding" | "variables" | "securitySchemes" | "requestBodies" | "pathItems" => {
                Kind::Names
            }
            _ => Kind::Other,
        },
    }
}

fn comma(index: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
}

/// A key, with a comma before it unless it is the first.
fn key_after(out: &mut String, name: &str) {
    if !out.ends_with('{') {
        out.push(',');
    }
    key(name, out);
}

fn key(name: &str, out: &mut String) {
    write_string(out, name);
    out.push(':');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::finding::Findings;

    #[test]
    fn other_files_are_brought_in() {
        let folder = std::env::temp_dir().join(format!("photon-bundle-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        write(
            "root.json",
            r#"{"openapi": "3.1.0", "paths": {"/a": {"$ref": "paths.json#/a"}},
                "components": {"schemas": {"Own": {"$ref": "models.json#/Pet"}}}}"#,
        );
        write(
            "paths.json",
            r#"{"a": {"get": {"responses": {"200": {"content": {"application/json":
                {"schema": {"$ref": "models.json#/Pet"}}}}}}}}"#,
        );
        write(
            "models.json",
            r##"{"Pet": {"properties": {"next": {"$ref": "#/Pet"}, "own": {"$ref": "root.json#/components/schemas/Own"}}}}"##,
        );
        let mut findings = Findings::default();
        let files = crate::load::load(&Config::default(), &mut findings, &folder.join("root.json")).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();

        let pet = r##"{"$ref":"#/components/schemas/Pet"}"##;
        let responses = format!(r#"{{"200":{{"content":{{"application/json":{{"schema":{pet}}}}}}}}}"#);
        let own = r##"{"$ref":"#/components/schemas/Own"}"##;
        let expected = format!(
            "{{\"openapi\":\"3.1.0\",\"paths\":{{\"/a\":{{\"get\":{{\"responses\":{responses}}}}}}},\"components\":\
             {{\"schemas\":{{\"Own\":{pet},\"Pet\":{{\"properties\":{{\"next\":{pet},\"own\":{own}}}}}}}}}}}"
        );
        assert_eq!(json(&files), expected);
    }

    #[test]
    fn tables_are_nobody_s_business() {
        let path = std::env::temp_dir().join(format!("photon-bundle-tables-{}.json", std::process::id()));
        let document = |entity: &str| {
            format!(
                r#"{{"openapi":"3.1.0","components":{{"schemas":{{"A":{{"type":"object"{entity},"properties":{{"x-photon-entity":{{}}}}}}}}}}}}"#
            )
        };
        std::fs::write(&path, document(r#","x-photon-entity":{"table":"a"}"#)).unwrap();
        let files = crate::load::load(&Config::default(), &mut Findings::default(), &path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(json(&files), document(""));
    }

    #[test]
    fn resources_keep_their_names() {
        let folder = std::env::temp_dir().join(format!("photon-bundle-id-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        let own = r##"{"$id":"https://h/own","items":{"$ref":"#/$defs/D"},"$defs":{"D":{}}}"##;
        write(
            "root.json",
            &format!(
                r#"{{"openapi":"3.1.0","components":{{"schemas":{{"Own":{own},"A":{{"$ref":"list.json#/$defs/D"}}}}}}}}"#
            ),
        );
        let list =
            r##"{"$id":"https://h/list","items":{"$dynamicRef":"#d"},"$defs":{"D":{"$dynamicAnchor":"d"}}}"##;
        write("list.json", list);
        let mut findings = Findings::default();
        let files = crate::load::load(&Config::default(), &mut findings, &folder.join("root.json")).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();

        let list = list.replace("\"#d\"", "\"https://h/list#d\"");
        let schemas = format!(r#"{{"Own":{own},"A":{{"$ref":"https://h/list#/$defs/D"}},"list":{list}}}"#);
        let expected = format!(r#"{{"openapi":"3.1.0","components":{{"schemas":{schemas}}}}}"#);
        assert_eq!(json(&files), expected);
    }
}
