//! Schemas in normal form: 3.0 lifted to 3.1, references to components only, each keyword in its plainest spelling.

use std::sync::Arc;

use super::{At, Draft, Normal, data, text};
use crate::drift::tree::{Place, Tree, Value};
use crate::node::{Entry, Node, Value as Written};
use crate::resolve::Resolver;

/// What was found of 3.0's own keywords in a schema.
#[derive(Default)]
struct Old {
    is_nullable: bool,
    is_above: bool,
    is_below: bool,
}

impl<'a> Normal<'a> {
    pub(super) fn schema(&mut self, at: &At<'a>) -> Tree {
        let place = at.place();
        if at.node.as_object().is_none() {
            return Tree::new(place, Value::Bool(at.node.as_bool() != Some(false)));
        }
        let at = At { node: at.node, scope: Resolver::enter(&at.scope, at.node) };
        let mut draft = Draft::new(place);
        let mut old = Old::default();
        let is_old = self.is_old(&at);
        let is_reference = is_old && at.node.get("$ref").is_some();
        for entry in at.entries() {
            let is_kept = matches!(&*entry.key, "$ref" | "nullable" | "description" | "summary");
            if is_kept || !is_reference {
                self.keyword(&at, entry, &mut draft, &mut old);
            }
        }
        lift(&mut draft, &old);
        if draft.entries.is_empty() && draft.docs.is_empty() {
            return Tree::new(place, Value::Bool(true));
        }
        draft.finish()
    }

    /// Whether the file of a value follows 3.0.
    fn is_old(&self, at: &At<'a>) -> bool {
        let version = |file| self.resolver.root_of(file)?.get("openapi").and_then(Node::as_text);
        version(at.scope.file).or_else(|| version(0)).is_some_and(|version| version.starts_with("3.0"))
    }

    fn keyword(&mut self, at: &At<'a>, entry: &'a Entry, draft: &mut Draft, old: &mut Old) {
        let below = at.child(&entry.value);
        let truth = entry.value.as_bool();
        let tree = match &*entry.key {
            "$ref" | "$dynamicRef" => {
                if let Some(written) = entry.value.as_str() {
                    let reference = self.schema_reference(at, written);
                    let tree = Tree::new(Place::Span(entry.value.span), Value::Text(reference));
                    draft.entries.push(("$ref".into(), tree));
                }
                return;
            }
            "nullable" => return old.is_nullable = truth == Some(true),
            "exclusiveMinimum" if truth.is_some() => return old.is_above = truth == Some(true),
            "exclusiveMaximum" if truth.is_some() => return old.is_below = truth == Some(true),
            "title" | "description" | "summary" | "example" | "examples" | "externalDocs" => {
                return draft.doc(&entry.key, &entry.value);
            }
            "deprecated" | "readOnly" | "writeOnly" | "uniqueItems" if truth != Some(true) => return,
            "type" => types(&entry.value),
            "required" => match names(&entry.value) {
                Some(tree) => tree,
                None => return,
            },
            "properties" | "patternProperties" | "dependentSchemas" => self.named(&below, Self::schema),
            "items" if entry.value.as_array().is_some() => {
                let tree = self.items(&below, Self::schema);
                return draft.entries.push(("prefixItems".into(), tree));
            }
            "items"
            | "contains"
            | "additionalProperties"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contentSchema" => {
                let tree = self.schema(&below);
                let is_idle = matches!(tree.value, Value::Bool(true));
                if is_idle && !matches!(&*entry.key, "contains" | "not" | "if") {
                    return;
                }
                tree
            }
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                if entry.value.as_array().is_none_or(<[Node]>::is_empty) {
                    return;
                }
                self.items(&below, Self::schema)
            }
            "discriminator" => self.discriminator(&below),
            "format" | "pattern" | "contentEncoding" | "contentMediaType" => text(&entry.value),
            "enum" | "const" | "default" | "xml" | "minimum" | "maximum" | "exclusiveMinimum"
            | "exclusiveMaximum" | "multipleOf" | "minLength" | "maxLength" | "minItems" | "maxItems"
            | "minContains" | "maxContains" | "minProperties" | "maxProperties" | "dependentRequired"
            | "deprecated" | "readOnly" | "writeOnly" | "uniqueItems" => data(&entry.value),
            key if key.starts_with("x-") => data(&entry.value),
            _ => return,
        };
        draft.put(entry, tree);
    }

    /// A reference to a component; one that leads nowhere stays as it is.
    fn schema_reference(&mut self, at: &At<'a>, written: &str) -> Arc<str> {
        match self.resolver.resolve(&at.scope, written) {
            Ok(target) => format!("#/components/schemas/{}", self.component(&target)).into(),
            Err(_) => written.into(),
        }
    }

    fn discriminator(&mut self, at: &At<'a>) -> Tree {
        let mut draft = Draft::new(at.place());
        for entry in at.entries() {
            match &*entry.key {
                "propertyName" => draft.put(entry, text(&entry.value)),
                "defaultMapping" => {
                    let tree = self.mapped(at, &entry.value);
                    draft.put(entry, tree);
                }
                "mapping" => {
                    let mut mapping = Draft::new(at.place());
                    for entry in at.child(&entry.value).entries() {
                        let tree = self.mapped(at, &entry.value);
                        mapping.put(entry, tree);
                    }
                    draft.put(entry, mapping.finish());
                }
                _ => {}
            }
        }
        draft.finish()
    }

    /// What a value of a discriminator means: a component by its name, or a reference.
    fn mapped(&mut self, at: &At<'a>, node: &Node) -> Tree {
        let place = Place::Span(node.span);
        let Some(written) = node.as_str() else { return data(node) };
        let root = self.resolver.root_of(0).and_then(|root| root.get("components"));
        let schemas = root.and_then(|components| components.get("schemas"));
        let reference = if schemas.and_then(|schemas| schemas.get(written)).is_some() {
            format!("#/components/schemas/{written}").into()
        } else {
            self.schema_reference(at, written)
        };
        Tree::new(place, Value::Text(reference))
    }
}

/// One type is a text, several are a list in a fixed order.
fn types(node: &Node) -> Tree {
    let Some(tree) = names(node) else { return text(node) };
    match tree.items() {
        [only] => only.clone(),
        _ => tree,
    }
}

/// A list of names in order, each once; none where there is no name.
fn names(node: &Node) -> Option<Tree> {
    let mut names: Vec<Tree> =
        node.as_array()?.iter().filter(|item| matches!(item.value, Written::String(_))).map(data).collect();
    names.sort_by(|left, right| left.as_text().cmp(&right.as_text()));
    names.dedup_by(|left, right| left.same(right));
    (!names.is_empty()).then(|| Tree::new(Place::Span(node.span), Value::List(names)))
}

/// 3.0's own keywords as those of 3.1.
fn lift(draft: &mut Draft, old: &Old) {
    for (is_meant, from, to) in
        [(old.is_above, "minimum", "exclusiveMinimum"), (old.is_below, "maximum", "exclusiveMaximum")]
    {
        for (key, _) in draft.entries.iter_mut().filter(|(key, _)| is_meant && &**key == from) {
            *key = to.into();
        }
    }
    if old.is_nullable {
        lift_nullable(draft);
    }
}

/// Null beside what is said: another type, or another branch where only a branch lets it pass.
fn lift_nullable(draft: &mut Draft) {
    let place = draft.place;
    let combines = |key: &str| matches!(key, "$ref" | "allOf" | "anyOf" | "oneOf");
    let null = || Tree::new(place, Value::Text("null".into()));
    if draft.entries.iter().any(|(key, _)| combines(key)) {
        let is_outside = |key: &str| {
            matches!(key, "readOnly" | "writeOnly" | "deprecated" | "default") || key.starts_with("x-")
        };
        let (outer, inner) =
            std::mem::take(&mut draft.entries).into_iter().partition(|(key, _)| is_outside(key));
        draft.entries = outer;
        let branches = vec![Tree::map(place, inner), Tree::map(place, vec![("type".into(), null())])];
        draft.entries.push(("anyOf".into(), Tree::new(place, Value::List(branches))));
        return;
    }
    for (key, tree) in &mut draft.entries {
        let types = match (&**key, &mut tree.value) {
            ("enum", Value::List(values)) => {
                if !values.iter().any(|value| matches!(value.value, Value::Null)) {
                    values.push(Tree::new(place, Value::Null));
                }
                continue;
            }
            ("type", Value::Text(_)) => vec![tree.clone(), null()],
            ("type", Value::List(types)) => types.iter().cloned().chain([null()]).collect(),
            _ => continue,
        };
        let mut types = types;
        types.sort_by(|left, right| left.as_text().cmp(&right.as_text()));
        types.dedup_by(|left, right| left.same(right));
        tree.value = Value::List(types);
    }
}
