//! `enum` and `const`: closed and open sets of scalars.
//!
//! Knows values. Must not know what else schemas say.

use super::build::Built;
use super::flat::{Flat, equal};
use super::parts::TypeSet;
use super::{Place, Typed, Types, json};
use crate::ir::{Choice, ChoiceValue, ModelKind, Name, Rule, Type};
use crate::node::{Node, Value};
use crate::schema::Schema;

impl<'d> Types<'d> {
    pub(super) fn choice(&mut self, mut flat: Flat<'d>, place: &Place) -> Built {
        let mut values = flat.values.take().unwrap_or_default();
        if !values.iter().all(|value| is_scalar(value)) {
            flat.inexact.get_or_insert("`enum` has values that are no scalars");
            return self.by_type(flat, place);
        }
        let nullable = values.iter().any(|value| value.is_null());
        values.retain(|value| !value.is_null() && fits_length(value, &flat));
        if flat.text.pattern.is_some() || flat.kinds.and(TypeSet::NUMBER) != TypeSet::NONE {
            flat.inexact.get_or_insert("only some values of `enum` may fit");
        }
        if values.is_empty() {
            return Built::Direct(Typed::plain(if nullable { Type::Null } else { Type::Never }));
        }
        if values.len() == 2 && values.iter().all(|value| value.as_bool().is_some()) {
            return self.direct(Typed::plain(Type::Bool).nullable(nullable), &flat, place);
        }
        let schema = self.schema(flat.parts.ids[0]);
        let open = is_open(schema);
        let names = value_names(schema);
        let docs = vec![String::new(); values.len()];
        let check = flat.inexact.map(|_| self.check(&flat.whole, place));
        let kind = choice_of(&values, &docs, names.as_deref(), open);
        let rule = Rule { nullable, check, ..Rule::default() };
        Built::Own { kind, rule, because: flat.inexact.unwrap_or_default().to_owned() }
    }
}

/// The model of some scalars; only strings can be open.
pub(super) fn choice_of(
    values: &[&Node],
    docs: &[String],
    names: Option<&[String]>,
    open: bool,
) -> ModelKind {
    let strings = values.iter().all(|value| value.as_str().is_some());
    let values = values.iter().zip(docs).enumerate().map(|(at, (value, doc))| {
        let text = value.as_str().filter(|_| strings).map_or_else(|| json::text(value), str::to_owned);
        let wire = value.as_text().map_or_else(|| text.clone(), str::to_owned);
        let wanted = names.and_then(|names| names.get(at)).cloned();
        ChoiceValue { name: Name { wanted, ..Name::new(wire) }, doc: doc.clone(), value: text }
    });
    ModelKind::Choice(Choice { values: values.collect(), strings, open: open && strings })
}

/// `x-photon-open`: unknown strings are kept.
pub(super) fn is_open(schema: &Schema) -> bool {
    schema.extension("x-photon-open").and_then(Node::as_bool).unwrap_or(false)
}

/// Whether a value is no object and no array.
pub(super) fn is_scalar(value: &Node) -> bool {
    !matches!(value.value, Value::Array(_) | Value::Object(_))
}

/// Adds values that are not there yet.
pub(super) fn add_new<'d>(kept: &mut Vec<(&'d Node, usize, String)>, value: &'d Node, doc: &str) {
    match kept.iter_mut().find(|(known, ..)| equal(known, value)) {
        Some((_, times, _)) => *times += 1,
        None => kept.push((value, 1, doc.to_owned())),
    }
}

fn fits_length(value: &Node, flat: &Flat<'_>) -> bool {
    let length = value.as_str().map(|text| text.chars().count() as u64);
    length.is_none_or(|length| length >= flat.text.min && flat.text.max.is_none_or(|max| length <= max))
}

/// `x-photon-name` beside `enum`: a name a value; nulls have none.
fn value_names(schema: &Schema) -> Option<Vec<String>> {
    let names = schema.extension("x-photon-name")?.as_array()?;
    let values = schema.enumeration.as_deref()?;
    let pairs = names.iter().zip(values).filter(|(_, value)| !value.is_null());
    pairs.map(|(name, _)| name.as_str().map(str::to_owned)).collect()
}
