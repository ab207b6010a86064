//! What can be checked only when all schemas are read: whether styles carry their types, encodings have a property,
//! and all parts of an `allOf` can hold at once.

use std::collections::HashMap;
use std::sync::Arc;

use super::Parser;
use crate::codes;
use crate::schema::{ObjectRules, Property, SchemaId, Type, Types};
use crate::spec::{Location, MediaType, Parameter, Style};

/// How many schemas are followed from one; what lies beyond is not checked.
const SEEN_MAX: usize = 512;

/// How deep references are followed from one schema.
const DEPTH_MAX: usize = 24;

impl Parser<'_, '_> {
    /// Checks what was read as a whole.
    pub(super) fn check_whole(&mut self) {
        let parameters: Vec<_> =
            self.shared.parameters.values().filter_map(|(known, _)| known.clone()).collect();
        for parameter in parameters {
            self.check_style(&parameter);
        }
        let bodies: Vec<_> = self.shared.bodies.values().filter_map(|(known, _)| known.clone()).collect();
        for media_type in bodies.iter().flat_map(|body| &body.content) {
            self.check_encoding(media_type);
        }
        for index in 0..self.schemas.len() {
            self.check_all_of(index);
        }
    }

    fn check_style(&mut self, parameter: &Parameter) {
        let Some(schema) = parameter.schema else { return };
        let types = self.mentioned(schema);
        let has = |ty| types.contains(ty);
        let cannot = match parameter.style {
            Style::Form if parameter.location == Location::Cookie && parameter.explode => (has(Type::Array)
                || has(Type::Object))
            .then_some("lists or objects unless `explode` is `false`"),
            Style::SpaceDelimited | Style::PipeDelimited => has(Type::Object).then_some("objects"),
            Style::DeepObject => (!types.is_empty() && !has(Type::Object)).then_some("anything but objects"),
            _ => None,
        };
        if let Some(cannot) = cannot {
            let style = super::parameter::name_of(parameter.style);
            let message = format!("the style `{style}` of `{}` cannot carry {cannot}", parameter.name);
            self.tell(&codes::STYLE_TYPE, parameter.name_span, message);
        }
    }

    /// Every type that a schema names, itself or in what it combines.
    fn mentioned(&self, id: SchemaId) -> Types {
        let mut types = Types::ANY;
        for id in self.combined(id) {
            self.schemas[id.0 as usize].types.iter().for_each(|ty| types.insert(ty));
        }
        types
    }

    /// A schema and all that it refers to or combines, each once.
    fn combined(&self, id: SchemaId) -> Vec<SchemaId> {
        let mut seen = vec![id];
        let mut next = 0;
        while next < seen.len() && seen.len() < SEEN_MAX {
            let schema = &self.schemas[seen[next].0 as usize];
            let logic = schema.logic();
            let lists = [&logic.all_of, &logic.any_of, &logic.one_of];
            for part in schema.reference.iter().chain(lists.into_iter().flatten()) {
                if !seen.contains(part) {
                    seen.push(*part);
                }
            }
            next += 1;
        }
        seen
    }

    fn check_encoding(&mut self, media_type: &MediaType) {
        let Some(schema) = media_type.schema else { return };
        if media_type.encoding.is_empty() {
            return;
        }
        let parts = self.combined(schema);
        let objects = || parts.iter().map(|id| self.schemas[id.0 as usize].object());
        let is_open = |object: &ObjectRules| {
            object.additional_properties.is_some() || !object.pattern_properties.is_empty()
        };
        let is_closed = parts.len() < SEEN_MAX && !objects().any(is_open);
        let names: Vec<Arc<str>> =
            objects().flat_map(|object| &object.properties).map(|property| property.name.clone()).collect();
        for (name, encoding) in &media_type.encoding {
            if is_closed && !names.iter().any(|known| **known == **name) {
                let message = format!("the schema has no property `{name}`");
                self.tell(&codes::ENCODING, encoding.span, message);
            }
        }
    }

    fn check_all_of(&mut self, index: usize) {
        let schema = &self.schemas[index];
        if schema.logic().all_of.is_empty() {
            return;
        }
        let parts = self.holding(index);
        let span = schema.span;
        let mut common: Option<Types> = None;
        let mut properties: HashMap<Arc<str>, (Types, Property)> = HashMap::new();
        let mut clashes: Vec<(Property, Property)> = Vec::new();
        let mut is_empty = false;
        for part in parts.into_iter().map(|at| &self.schemas[at]) {
            is_empty |= !meet(&mut common, part.types);
            for property in &part.object().properties {
                let types = self.schemas[self.behind(property.schema).0 as usize].types;
                let known =
                    properties.entry(property.name.clone()).or_insert_with(|| (Types::ANY, property.clone()));
                let mut both = Some(known.0).filter(|types| !types.is_empty());
                if !meet(&mut both, types) {
                    clashes.push((known.1.clone(), property.clone()));
                }
                known.0 = both.unwrap_or(Types::ANY);
            }
        }
        if is_empty {
            self.tell(&codes::NOTHING_FITS, span, "the parts of `allOf` have no type in common");
            self.fits_nothing.insert(SchemaId(u32::try_from(index).unwrap_or(u32::MAX)));
        }
        for (first, second) in clashes {
            let message = format!("the parts of `allOf` have no type in common for `{}`", second.name);
            if let Some(finding) = self.tell(&codes::NOTHING_FITS, second.span, message) {
                finding.notes.push((first.span, "it is of another type here".to_owned()));
            }
            let ids = [first.schema, second.schema];
            self.fits_nothing.extend(ids.into_iter().chain(ids.map(|id| self.behind(id))));
        }
    }

    fn behind(&self, id: SchemaId) -> SchemaId {
        let mut id = id;
        for _ in 0..DEPTH_MAX {
            match self.schemas[id.0 as usize].reference {
                Some(next) => id = next,
                None => break,
            }
        }
        id
    }

    /// The schema and all that must hold with it, each once.
    fn holding(&self, index: usize) -> Vec<usize> {
        let mut seen = vec![index];
        let mut next = 0;
        while next < seen.len() && seen.len() < SEEN_MAX {
            let schema = &self.schemas[seen[next]];
            for part in schema.reference.iter().chain(&schema.logic().all_of) {
                if !seen.contains(&(part.0 as usize)) {
                    seen.push(part.0 as usize);
                }
            }
            next += 1;
        }
        seen
    }
}

/// Narrows `common` to what `types` allows, too. False if nothing is left.
fn meet(common: &mut Option<Types>, types: Types) -> bool {
    if types.is_empty() {
        return true;
    }
    let Some(before) = *common else {
        *common = Some(types);
        return true;
    };
    // An integer is a number.
    let allows = |set: Types, ty| set.contains(ty) || (ty == Type::Integer && set.contains(Type::Number));
    let both: Types = Type::ALL.into_iter().filter(|ty| allows(before, *ty) && allows(types, *ty)).collect();
    if both.is_empty() {
        return false;
    }
    *common = Some(both);
    true
}
