//! Where schemas point to: `$ref`, `$dynamicRef`, and the mapping of a discriminator.

use std::sync::Arc;

use super::schema::Reading;
use super::{At, Parser, helped};
use crate::codes;
use crate::node::{Entry, Node};
use crate::resolve::{Broken, Scope};
use crate::schema::{Discriminator, Place, SchemaId};
use crate::spec::Version;

impl<'a> Parser<'a, '_> {
    pub(super) fn schema_target(&mut self, reading: &Reading<'a>, reference: &Node) -> Option<SchemaId> {
        let mut place = &reading.schema.place;
        while let Place::Child { parent, .. } = place {
            place = &self.schemas[parent.0 as usize].place;
        }
        let root = match place {
            Place::Root(pointer) => Some(pointer.clone()),
            Place::Child { .. } => None,
        };
        let resolved = reference.as_str().map(|text| self.resolver.resolve(&reading.scope, text));
        if let Some(Err(Broken::Remote(uri))) = resolved {
            self.tell(&codes::REMOTE_SCHEMA, reference.span, format!("`{uri}` is not on this machine"));
            return None;
        }
        let target = self.target_within(&reading.scope, reference, root.as_deref())?;
        let at = At { node: target.node, scope: target.scope, pointer: Arc::from("") };
        Some(self.schema_at(&at, Place::Root(target.pointer), target.name))
    }

    /// What a `$dynamicRef` points to, where no scope has a say in it; else it is kept until all scopes are known.
    pub(super) fn dynamic_target(&mut self, reading: &Reading<'a>, node: &Node) -> Option<SchemaId> {
        let target = self.schema_target(reading, node)?;
        let text = node.as_str().unwrap_or("");
        let anchor = text.split_once('#').map_or("", |(_, anchor)| anchor);
        let resolved = self.resolver.resolve(&reading.scope, text).ok()?;
        if resolved.node.get("$dynamicAnchor").and_then(Node::as_str) != Some(anchor) {
            return Some(target);
        }
        let anchor = self.text_of(anchor);
        for (base, found) in self.resolver.dynamic_anchors(&anchor) {
            let at = At { node: found.node, scope: found.scope, pointer: Arc::from("") };
            let id = self.schema_at(&at, Place::Root(found.pointer), found.name);
            self.dynamics.anchor(base, anchor.clone(), id);
        }
        self.dynamics.reference(reading.id, anchor, target);
        None
    }

    pub(super) fn discriminator(&mut self, at: &At<'a>, entry: &'a Entry) -> Option<Box<Discriminator>> {
        let inner = at.child("discriminator", &entry.value);
        let Some(property) = self.text(&inner, "propertyName") else {
            let message = "the discriminator has no `propertyName`";
            let finding = self.tell(&codes::DISCRIMINATOR, entry.key_span, message);
            helped(finding, "it is ignored; name the property that tells which schema is meant");
            return None;
        };
        let mut mapping = Vec::new();
        for mapped in inner.key("mapping").iter().flat_map(At::entries) {
            if let Some(id) = self.mapped(&at.scope, &mapped.value) {
                mapping.push((self.text_of(&mapped.key), id));
            }
        }
        let default_mapping = inner.node.get("defaultMapping").and_then(|node| self.mapped(&at.scope, node));
        self.newer_fields(&inner, Version::V3_2, &["defaultMapping"]);
        let property = self.text_of(&property);
        Some(Box::new(Discriminator { property, mapping, default_mapping, span: entry.key_span }))
    }

    /// What a value of a mapping points to: the name of a schema, or a reference.
    fn mapped(&mut self, scope: &Scope, node: &Node) -> Option<SchemaId> {
        let Some(text) = node.as_text() else {
            self.tell(&codes::DISCRIMINATOR, node.span, "a mapping must lead to a name or a reference");
            return None;
        };
        let named = format!("#/components/schemas/{}", crate::resolve::escape(text));
        let root = Scope { file: 0, base: self.resolver.scope_of(0)?.1.base };
        let is_name = !text.contains(['/', '#']);
        let by_name = |parser: &mut Self| {
            let here = parser.resolver.resolve(scope, &named);
            here.or_else(|_| parser.resolver.resolve(&root, &named)).ok()
        };
        let mut target = if is_name { by_name(self) } else { None };
        if target.is_none() {
            target = self.resolver.resolve(scope, text).ok();
        }
        let Some(target) = target else {
            self.tell(&codes::DISCRIMINATOR, node.span, format!("`{text}` names no schema"));
            return None;
        };
        let at = At { node: target.node, scope: target.scope, pointer: Arc::from("") };
        Some(self.schema_at(&at, Place::Root(target.pointer), target.name))
    }
}
