//! Defaults: which one holds, and whether it fits its schema.
//!
//! Knows values and merged schemas. Must not know Rust types.

use super::Types;
use super::all_of::flatten;
use super::flat::{Flat, equal, type_of};
use super::parts::Parts;
use crate::node::{Node, Number, Value};
use crate::schema::SchemaId;

/// References and `allOf` that are followed to find a default.
const MEMBERS_MAX: usize = 8;
/// How deep a default is compared with its schema.
const DEPTH_MAX: usize = 16;

impl<'d> Types<'d> {
    /// The default of a schema, its own before that of what it refers to.
    pub(super) fn default_of(&self, id: SchemaId) -> Option<&'d Node> {
        self.find_default(id, MEMBERS_MAX)
    }

    fn find_default(&self, id: SchemaId, left: usize) -> Option<&'d Node> {
        let schema = self.schema(id);
        if let Some(default) = schema.default.as_deref() {
            return Some(default);
        }
        if left == 0 {
            return None;
        }
        let mut members = schema.reference.iter().chain(&schema.logic().all_of);
        members.find_map(|member| self.find_default(*member, left - 1))
    }

    /// Whether a value fits, as far as tables say; patterns and formats are left to the decoder.
    pub(super) fn fits(&self, value: &Node, parts: &Parts) -> bool {
        self.fits_within(value, parts, DEPTH_MAX)
    }

    fn fits_within(&self, value: &Node, parts: &Parts, left: usize) -> bool {
        if left == 0 {
            return false;
        }
        let flat = flatten(self.document, parts);
        let types = self.effective_types(&flat, 2);
        let among = flat.values.as_ref().is_none_or(|values| values.iter().any(|one| equal(one, value)));
        if !types.contains(type_of(value)) || !among {
            return false;
        }
        let inner = match &value.value {
            Value::Number(number) => fits_number(number, &flat),
            Value::String(text) => fits_text(text, &flat),
            Value::Array(items) => {
                let rules = &flat.array;
                let count = items.len() as u64;
                let item = Parts::all(rules.items.clone());
                count >= rules.min
                    && rules.max.is_none_or(|max| count <= max)
                    && (rules.items.is_empty()
                        || items
                            .iter()
                            .skip(rules.prefix.len())
                            .all(|value| self.fits_within(value, &item, left - 1)))
            }
            Value::Object(object) => {
                let rules = &flat.object;
                rules.required.iter().all(|name| object.get(name).is_some())
                    && object.iter().all(|entry| match rules.index.get(&*entry.key) {
                        Some(at) => {
                            let parts = Parts::all(rules.properties[*at].ids.clone());
                            self.fits_within(&entry.value, &parts, left - 1)
                        }
                        None => rules.additional.iter().all(|id| {
                            self.schema(*id).boolean != Some(false)
                                && self.fits_within(&entry.value, &Parts::one(*id), left - 1)
                        }),
                    })
            }
            Value::Null | Value::Bool(_) => true,
        };
        inner
            && flat.unions.iter().all(|union| {
                union.branches.iter().any(|branch| self.fits_within(value, &Parts::one(*branch), left - 1))
            })
    }
}

fn fits_number(number: &Number, flat: &Flat<'_>) -> bool {
    let value = number.as_f64();
    let rules = &flat.numeric;
    rules.minimum.is_none_or(|min| value >= min.as_f64())
        && rules.maximum.is_none_or(|max| value <= max.as_f64())
        && rules.above.is_none_or(|above| value > above.as_f64())
        && rules.below.is_none_or(|below| value < below.as_f64())
}

fn fits_text(text: &str, flat: &Flat<'_>) -> bool {
    let length = text.chars().count() as u64;
    let is_typed = match flat.format {
        Some("uuid") => length == 36,
        Some("date") => length == 10 && text.as_bytes()[4] == b'-',
        Some("date-time") => length >= 20 && text.contains(['T', 't', ' ']),
        _ => true,
    };
    is_typed && length >= flat.text.min && flat.text.max.is_none_or(|max| length <= max)
}
