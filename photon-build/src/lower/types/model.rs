//! Models as they are added: name, order, prose, whose they are.
//!
//! Knows names and places. Must not know what models hold.

use super::order::Order;
use super::parts::Parts;
use super::{Direction, Draft, Key, Place, Types, place};
use crate::ir::{self, Model, ModelId, ModelKind, Name};
use crate::schema::{Place as SchemaPlace, Schema, SchemaId};

impl Types<'_> {
    pub(super) fn fill(
        &mut self,
        model: ModelId,
        parts: &Parts,
        place: &Place,
        kind: ModelKind,
        because: String,
    ) {
        let id = parts.ids[0];
        let schema = self.schema(id);
        let named = parts.whole().is_some() && schema.name.is_some();
        let mut name = Name::new(place.hint.clone());
        let is_property = matches!(schema.place, SchemaPlace::Child { keyword: "properties", .. });
        if named || !is_property {
            name.wanted = text_of(schema, "x-photon-name").map(str::to_owned);
        }
        self.warn_unasked(parts);
        let extra_derives = self.derives_of(schema.name.as_deref(), named);
        self.drafts[model.0 as usize].key = Some(Key { parts: parts.clone(), direction: place.direction });
        self.drafts[model.0 as usize].model = Some(Model {
            name,
            named,
            doc: prose(schema),
            pointer: format!("#{}", self.document.pointer(id)),
            stated: String::new(),
            checked_because: because,
            deprecated: schema.deprecated,
            span: schema.span,
            kind,
            derives: ir::Derives::default(),
            extra_derives,
            validate: self.judge_of(parts),
            default: false,
        });
    }

    pub(super) fn derives_of(&self, name: Option<&str>, named: bool) -> Vec<String> {
        let Some(name) = name.filter(|_| named) else { return Vec::new() };
        self.config.derive.iter().filter(|(ty, _)| ty == name).map(|(_, path)| path.clone()).collect()
    }

    pub(super) fn allocate(&mut self, order: Order) -> ModelId {
        let id = ModelId(u32::try_from(self.drafts.len()).unwrap_or(u32::MAX));
        self.drafts.push(Draft { order, model: None, key: None });
        id
    }

    pub(super) fn next_order(&mut self, key: &Key) -> Order {
        self.sequence += 1;
        let whole = key.parts.whole();
        let (rank, inline) = match whole.and_then(|id| place::component(self.document, id)) {
            Some(component) => (self.rank(component), whole != Some(component)),
            None => (self.owner, true),
        };
        Order { rank, inline, direction: key.direction == Direction::Request, sequence: self.sequence }
    }

    /// Components in the order of the document, then what is named elsewhere.
    pub(super) fn rank(&self, id: SchemaId) -> usize {
        self.ranks.get(&id).copied().unwrap_or(self.document.components.len() + id.0 as usize)
    }

    /// The name of a type: by its own place where that says enough, so that it does not matter who asks first.
    ///
    /// The plain name of a component belongs to what is sent; where what is received differs, that is its `Input`.
    pub(super) fn name_of(&self, key: &Key, place: &Place) -> String {
        let words = key.parts.whole().and_then(|id| place::words(self.document, id));
        let Some((component, words)) = words else { return place.hint.clone() };
        let mut name = self.schema(component).name.as_deref().unwrap_or_default().to_owned();
        if key.direction == Direction::Request && self.directions.differ(Some(component)) {
            name.push_str(" Input");
        }
        words.iter().fold(name, |name, word| name + " " + word)
    }

    /// The user's type for a schema.
    pub(super) fn external(&self, parts: &Parts) -> Option<String> {
        let schema = self.schema(parts.whole()?);
        let replaced = schema.name.as_deref().and_then(|name| {
            self.config.replace.iter().find(|(replaced, _)| replaced == name).map(|(_, path)| path.clone())
        });
        replaced.or_else(|| text_of(schema, "x-photon-type").map(str::to_owned))
    }
}

/// An extension that is a text.
pub(super) fn text_of<'s>(schema: &'s Schema, key: &str) -> Option<&'s str> {
    schema.extension(key)?.as_str()
}

/// Title and description of a schema itself.
pub(super) fn prose(schema: &Schema) -> String {
    match (schema.title.as_deref(), schema.description.as_deref()) {
        (_, Some(description)) => description.to_owned(),
        (Some(title), None) => title.to_owned(),
        (None, None) => String::new(),
    }
}
