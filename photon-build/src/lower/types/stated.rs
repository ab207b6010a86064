//! What each model stands for: its schema in 2020-12, lifted, for one direction, as it is meant.
//!
//! Knows models and the writer of checks. Must not know tables.

use super::Types;
use super::json::{separated, string};
use super::writer::Writer;
use crate::ir::{ModelId, ModelKind, Tagged, Type};

impl Types<'_> {
    /// `{"$defs": {..}}` with a schema a model and all that they refer to; models learn their keys.
    pub(super) fn stated(&mut self) -> String {
        for (at, draft) in self.drafts.iter_mut().enumerate() {
            if let Some(model) = draft.model.as_mut().filter(|_| draft.key.is_some()) {
                model.stated = key(at);
            }
        }
        let mut writer = Writer::new(self, true);
        writer.taken = (0..self.drafts.len()).map(key).collect();
        for (at, draft) in self.drafts.iter().enumerate() {
            // One schema may have become several models; they all mean the same.
            if let Some(of) = &draft.key {
                writer.models.entry(of.clone()).or_insert_with(|| key(at));
            }
        }
        let mut out = String::from("{\"$defs\":{\"any\":true");
        for (at, draft) in self.drafts.iter().enumerate() {
            let (Some(of), Some(model)) = (&draft.key, &draft.model) else { continue };
            out.push(',');
            string(&mut out, &key(at));
            out.push(':');
            writer.direction = of.direction;
            match &model.kind {
                ModelKind::Tagged(tagged) if dispatches(tagged) => dispatch(&mut out, tagged),
                _ => writer.parts(&mut out, &of.parts),
            }
        }
        writer.rest(&mut out);
        out.push_str("}}");
        out
    }
}

fn key(at: usize) -> String {
    format!("m{at}")
}

/// Whether the tag alone decides, by models.
fn dispatches(tagged: &Tagged) -> bool {
    tagged.check.is_none() && tagged.variants.iter().all(|variant| model_of(&variant.ty).is_some())
}

fn model_of(ty: &Type) -> Option<ModelId> {
    match ty {
        Type::Model(id) => Some(*id),
        Type::Box(inner) => model_of(inner),
        _ => None,
    }
}

/// A union whose tag decides: each value leads to its variant, and a value without one is the only one that it fits.
fn dispatch(out: &mut String, tagged: &Tagged) {
    let variant = |out: &mut String, at: usize| {
        let id = model_of(&tagged.variants[at].ty).map_or(0, |id| id.0 as usize);
        string(out, &format!("#/$defs/{}", key(id)));
    };
    let values: Vec<&str> = tagged.values.iter().map(|(value, _)| value.as_str()).collect();
    let known = |out: &mut String, values: &[&str]| {
        out.push_str("{\"properties\":{");
        string(out, &tagged.tag);
        out.push_str(":{\"enum\":[");
        separated(out, values, |out, value| string(out, value));
        out.push_str("]}},\"required\":[");
        string(out, &tagged.tag);
        out.push_str("]}");
    };
    out.push_str("{\"type\":\"object\",\"anyOf\":[false");
    for (value, at) in &tagged.values {
        out.push_str(",{\"allOf\":[");
        known(out, &[value]);
        out.push_str(",{\"$ref\":");
        variant(out, *at);
        out.push_str("}]}");
    }
    if let Some(at) = tagged.fallback {
        out.push_str(",{\"not\":");
        known(out, &values);
        out.push_str(",\"$ref\":");
        variant(out, at);
        out.push('}');
    }
    if !tagged.untagged.is_empty() {
        out.push_str(",{\"not\":{\"required\":[");
        string(out, &tagged.tag);
        out.push_str("]},\"oneOf\":[");
        separated(out, &tagged.untagged, |out, at| {
            out.push_str("{\"$ref\":");
            variant(out, *at);
            out.push('}');
        });
        out.push_str("]}");
    }
    out.push_str("]}");
}
