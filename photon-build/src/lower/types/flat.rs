//! What schemas say once they are merged, and how values compare.
//!
//! Plain data with questions. Must not know how it is merged.

use std::collections::HashMap;
use std::sync::Arc;

use super::parts::{Keyword, Parts, TypeSet};
use crate::node::{Node, Number, Value};
use crate::schema::{Discriminator, Schema, SchemaId};
use crate::spec::Document;

/// What some schemas say together. Where a table cannot say it, `inexact` tells why.
#[derive(Debug)]
pub(super) struct Flat<'d> {
    /// What it was made from.
    pub(super) parts: Parts,
    /// What a check must look at: where only some keywords are lowered here, still all of them.
    pub(super) whole: Parts,
    /// The types that are left, by `type`, `enum` and `const`.
    pub(super) types: TypeSet,
    /// The types that keywords speak of.
    pub(super) kinds: TypeSet,
    /// `enum` and `const`: what is left of them.
    pub(super) values: Option<Vec<&'d Node>>,
    pub(super) format: Option<&'d str>,
    pub(super) numeric: NumericRules<'d>,
    pub(super) text: TextRules<'d>,
    pub(super) array: ArrayRules,
    pub(super) object: ObjectRules,
    /// `anyOf` and `oneOf`, each with the schema that has it.
    pub(super) unions: Vec<UnionRule<'d>>,
    /// Only that of the schema itself: one that is inherited chose this schema already.
    pub(super) discriminator: Option<(SchemaId, &'d Discriminator)>,
    /// Why the schema itself must be checked.
    pub(super) inexact: Option<&'static str>,
}

#[derive(Debug, Default)]
pub(super) struct NumericRules<'d> {
    pub(super) minimum: Option<&'d Number>,
    pub(super) maximum: Option<&'d Number>,
    pub(super) above: Option<&'d Number>,
    pub(super) below: Option<&'d Number>,
    pub(super) multiple_of: Option<&'d Number>,
}

#[derive(Debug, Default)]
pub(super) struct TextRules<'d> {
    pub(super) min: u64,
    pub(super) max: Option<u64>,
    pub(super) pattern: Option<&'d str>,
    pub(super) encoding: Option<&'d str>,
    pub(super) media_type: Option<&'d str>,
}

#[derive(Debug, Default)]
pub(super) struct ArrayRules {
    pub(super) items: Vec<SchemaId>,
    pub(super) prefix: Vec<Vec<SchemaId>>,
    pub(super) min: u64,
    pub(super) max: Option<u64>,
    pub(super) unique: bool,
}

#[derive(Debug, Default)]
pub(super) struct ObjectRules {
    pub(super) properties: Vec<Property>,
    pub(super) index: HashMap<Arc<str>, usize>,
    pub(super) required: Vec<Arc<str>>,
    pub(super) dependent_required: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// `additionalProperties` of every member that has it.
    pub(super) additional: Vec<SchemaId>,
    pub(super) patterns: Vec<(Arc<str>, SchemaId)>,
    pub(super) names: Vec<SchemaId>,
    /// `unevaluatedProperties: false`, and nothing that a table does not see evaluates properties.
    pub(super) closed: bool,
    pub(super) min: u64,
    pub(super) max: Option<u64>,
}

#[derive(Debug)]
pub(super) struct Property {
    pub(super) name: Arc<str>,
    pub(super) ids: Vec<SchemaId>,
}

/// `anyOf` or `oneOf` of one schema.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnionRule<'d> {
    pub(super) owner: SchemaId,
    pub(super) any: bool,
    pub(super) branches: &'d [SchemaId],
    pub(super) discriminator: Option<&'d Discriminator>,
}

impl UnionRule<'_> {
    pub(super) fn keyword(&self) -> Keyword {
        if self.any { Keyword::AnyOf } else { Keyword::OneOf }
    }
}

impl Flat<'_> {
    /// Whether it says nothing at all: everything fits.
    pub(super) fn is_vacuous(&self) -> bool {
        self.types == TypeSet::ALL && self.says_only_types()
    }

    /// Whether it says nothing beyond types.
    pub(super) fn says_only_types(&self) -> bool {
        self.values.is_none()
            && self.format.is_none()
            && self.kinds.is_empty()
            && self.unions.is_empty()
            && self.inexact.is_none()
            && self.discriminator.is_none()
    }

    /// Whether `null` is among what fits beside other types.
    pub(super) fn is_nullable(&self) -> bool {
        self.types.contains(TypeSet::NULL)
    }
}

/// Whether a schema is `true` or empty.
pub(super) fn is_true(document: &Document, id: SchemaId) -> bool {
    let schema = document.schema(id);
    schema.boolean == Some(true)
        || (is_bare(schema) && schema.reference.is_none() && schema.logic().all_of.is_empty())
}

/// Whether a schema says nothing beside `$ref` and `allOf`.
pub(super) fn is_bare(schema: &Schema) -> bool {
    let logic = schema.logic();
    schema.boolean.is_none()
        && schema.types.is_empty()
        && schema.format.is_none()
        && schema.enumeration.is_none()
        && schema.constant.is_none()
        && schema.numeric.as_deref().is_none_or(|rules| *rules == crate::schema::Numeric::default())
        && schema.text.as_deref().is_none_or(|rules| *rules == crate::schema::Text::default())
        && schema.array.as_deref().is_none_or(|rules| *rules == crate::schema::Array::default())
        && schema.object.as_deref().is_none_or(|rules| *rules == crate::schema::ObjectRules::default())
        && schema.discriminator.is_none()
        && logic.any_of.is_empty()
        && logic.one_of.is_empty()
        && logic.not.is_none()
        && logic.if_.is_none()
}

/// The type of a value.
pub(super) fn type_of(value: &Node) -> TypeSet {
    match &value.value {
        Value::Null => TypeSet::NULL,
        Value::Bool(_) => TypeSet::BOOLEAN,
        Value::Number(number) if is_integer(number) => TypeSet::INTEGER,
        Value::Number(_) => TypeSet::NUMBER.without(TypeSet::INTEGER),
        Value::String(_) => TypeSet::STRING,
        Value::Array(_) => TypeSet::ARRAY,
        Value::Object(_) => TypeSet::OBJECT,
    }
}

fn is_integer(number: &Number) -> bool {
    number.as_i128().is_some()
        || !number.as_str().contains(['.', 'e', 'E', '-'])
        || number.as_f64().fract() == 0.0
}

/// Whether two values are equal as JSON Schema has it: `1.0` is `1`, places do not matter.
pub(super) fn equal(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Number(one), Value::Number(other)) => match (one.as_i128(), other.as_i128()) {
            (Some(one), Some(other)) => one == other,
            (None, None) => one.as_str() == other.as_str(),
            _ => false,
        },
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other.iter()).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.entries.len() == other.entries.len()
                && one
                    .iter()
                    .all(|entry| other.get(&entry.key).is_some_and(|value| equal(&entry.value, value)))
        }
        (one, other) => one == other,
    }
}
