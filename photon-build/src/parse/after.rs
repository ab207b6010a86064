//! What can be checked only when all schemas are read: whether styles carry their types, encodings have a property,
//! and all parts of an `allOf` can hold at once.

use std::collections::HashMap;
use std::sync::Arc;

use super::Parser;
use crate::codes;
use crate::schema::{Schema, SchemaId, Type, Types};
use crate::source::Span;
use crate::spec::{Location, MediaType, Parameter, Style};

/// How deep references and combinations are followed here; what lies deeper is not checked.
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
        let types = self.mentioned(schema, 0);
        let has = |ty| types.contains(ty);
        let wrong = match parameter.style {
            Style::Form if parameter.location == Location::Cookie && parameter.explode => {
                has(Type::Array) || has(Type::Object)
            }
            Style::SpaceDelimited | Style::PipeDelimited => has(Type::Object),
            Style::DeepObject => !types.is_empty() && !has(Type::Object),
            _ => false,
        };
        if wrong {
            let message =
                format!("the style of `{}` does not fit all types that it may have", parameter.name);
            self.tell(&codes::STYLE_TYPE, parameter.span, message);
        }
    }

    /// Every type that a schema names, itself or in what it combines.
    fn mentioned(&self, id: SchemaId, depth: usize) -> Types {
        let schema = &self.schemas[id.0 as usize];
        let mut types = schema.types;
        if depth < DEPTH_MAX {
            let logic = schema.logic();
            let lists = [&logic.all_of, &logic.any_of, &logic.one_of];
            for part in schema.reference.iter().chain(lists.into_iter().flatten()) {
                self.mentioned(*part, depth + 1).iter().for_each(|ty| types.insert(ty));
            }
        }
        types
    }

    fn check_encoding(&mut self, media_type: &MediaType) {
        let Some(schema) = media_type.schema else { return };
        if media_type.encoding.is_empty() {
            return;
        }
        let mut names = Vec::new();
        let is_closed = self.property_names(schema, 0, &mut names);
        for (name, encoding) in &media_type.encoding {
            if is_closed && !names.iter().any(|known| **known == **name) {
                let message = format!("the schema has no property `{name}`");
                self.tell(&codes::ENCODING, encoding.span, message);
            }
        }
    }

    /// Collects the names of properties. True if these are all that the schema speaks of.
    fn property_names(&self, id: SchemaId, depth: usize, names: &mut Vec<Arc<str>>) -> bool {
        let schema = &self.schemas[id.0 as usize];
        let object = schema.object();
        names.extend(object.properties.iter().map(|property| property.name.clone()));
        let logic = schema.logic();
        let lists = [&logic.all_of, &logic.any_of, &logic.one_of];
        let open = !object.pattern_properties.is_empty() || object.additional_properties.is_some();
        let mut is_closed = !open && depth < DEPTH_MAX;
        if is_closed {
            for part in schema.reference.iter().chain(lists.into_iter().flatten()) {
                is_closed &= self.property_names(*part, depth + 1, names);
            }
        }
        is_closed
    }

    fn check_all_of(&mut self, index: usize) {
        let schema = &self.schemas[index];
        if schema.logic().all_of.is_empty() {
            return;
        }
        let mut parts = Vec::new();
        self.flatten(schema, 0, &mut parts);
        let span = schema.span;
        let mut common: Option<Types> = None;
        let mut properties: HashMap<Arc<str>, (Types, Span)> = HashMap::new();
        let mut clashes: Vec<(Arc<str>, Span)> = Vec::new();
        let mut is_empty = false;
        for part in parts {
            is_empty |= !meet(&mut common, part.types);
            for property in &part.object().properties {
                let types = self.schemas[self.behind(property.schema).0 as usize].types;
                let known = properties.entry(property.name.clone()).or_insert((Types::ANY, property.span));
                let mut both = Some(known.0).filter(|types| !types.is_empty());
                if !meet(&mut both, types) {
                    clashes.push((property.name.clone(), property.span));
                }
                known.0 = both.unwrap_or(Types::ANY);
            }
        }
        if is_empty {
            self.tell(&codes::NOTHING_FITS, span, "the parts of `allOf` have no type in common");
        }
        for (name, span) in clashes {
            let message = format!("the parts of `allOf` have no type in common for `{name}`");
            self.tell(&codes::NOTHING_FITS, span, message);
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

    /// The schema and all that must hold with it.
    fn flatten<'s>(&'s self, schema: &'s Schema, depth: usize, parts: &mut Vec<&'s Schema>) {
        parts.push(schema);
        if depth < DEPTH_MAX {
            for part in schema.reference.iter().chain(&schema.logic().all_of) {
                self.flatten(&self.schemas[part.0 as usize], depth + 1, parts);
            }
        }
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
