//! OpenAPI 3.0's own keywords, lifted to JSON Schema 2020-12: `nullable`, truth values for exclusive bounds.

use super::schema::Reading;
use super::{Parser, helped};
use crate::codes;
use crate::node::{Entry, Node, Value};
use crate::schema::{Logic, Place, Schema, SchemaId, Type, Types};
use crate::spec::Version;

/// What was found of 3.0's keywords in a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Lift {
    pub(super) nullable: bool,
    pub(super) exclusive_minimum: bool,
    pub(super) exclusive_maximum: bool,
}

impl<'a> Parser<'a, '_> {
    /// The value of `nullable`.
    pub(super) fn nullable(&mut self, reading: &Reading<'a>, entry: &'a Entry) -> bool {
        let truth =
            matches!((&entry.value.value, entry.value.as_text()), (Value::Bool(true), _) | (_, Some("true")));
        truth && self.old_flag(reading, entry)
    }

    /// Tells that a flag of 3.0 stands in a newer document. Always true: it is honoured.
    pub(super) fn old_flag(&mut self, reading: &Reading<'a>, entry: &'a Entry) -> bool {
        if reading.version > Version::V3_0 {
            let message = format!("`{}: true` is of OpenAPI 3.0", entry.key);
            let finding = self.tell(&codes::OLD_KEYWORD, entry.key_span, message);
            let help = match &*entry.key {
                "nullable" => "it is honoured; write `type: [.., 'null']`".to_owned(),
                bound => format!("it is honoured; write the number itself, as `{bound}: 0`"),
            };
            helped(finding, help);
        }
        true
    }

    /// Turns what was found into keywords of 2020-12.
    pub(super) fn lift(&mut self, reading: &mut Reading<'a>) {
        if let Some(numeric) = &mut reading.schema.numeric {
            if reading.lift.exclusive_minimum {
                numeric.exclusive_minimum = numeric.minimum.take();
            }
            if reading.lift.exclusive_maximum {
                numeric.exclusive_maximum = numeric.maximum.take();
            }
        }
        if reading.lift.nullable {
            self.lift_nullable(reading);
        }
    }

    fn lift_nullable(&mut self, reading: &mut Reading<'a>) {
        let span = reading.schema.span;
        let schema = &mut reading.schema;
        let combines = schema.reference.is_some()
            || schema.logic.as_ref().is_some_and(|logic| {
                !(logic.all_of.is_empty() && logic.any_of.is_empty() && logic.one_of.is_empty())
            });
        if combines {
            self.lift_combined(reading);
            return;
        }
        if !schema.types.is_empty() {
            schema.types.insert(Type::Null);
        }
        // Who writes `nullable` beside `enum` means null, whether `enum` names it or not.
        if let Some(values) = &mut schema.enumeration
            && !values.iter().any(Node::is_null)
        {
            values.push(Node { span, value: Value::Null });
        }
    }

    /// `anyOf: [what it was, null]`, for neither `$ref` nor `allOf` would let null pass.
    fn lift_combined(&mut self, reading: &mut Reading<'a>) {
        let outer = &mut reading.schema;
        let place = |key: &str| Place::Child { parent: reading.id, keyword: "anyOf", key: Some(key.into()) };
        let only_any_of = outer.logic.as_ref().is_some_and(|logic| {
            let rest = Logic { any_of: Vec::new(), ..Logic::clone(logic) };
            rest == Logic::default()
        });
        let bare = outer.reference.is_none() && outer.types.is_empty() && outer.enumeration.is_none();
        if only_any_of && bare && outer.object.is_none() && outer.discriminator.is_none() {
            let null = self.null_at(place("null"), outer.span);
            outer.logic.get_or_insert_default().any_of.push(null);
            return;
        }
        let inner = Schema {
            span: outer.span,
            place: place("0"),
            reference: outer.reference.take(),
            types: std::mem::take(&mut outer.types),
            format: outer.format.take(),
            enumeration: outer.enumeration.take(),
            constant: outer.constant.take(),
            numeric: outer.numeric.take(),
            text: outer.text.take(),
            array: outer.array.take(),
            object: outer.object.take(),
            logic: outer.logic.take(),
            discriminator: outer.discriminator.take(),
            ..Schema::default()
        };
        let span = outer.span;
        let inner = self.new_schema(inner);
        let null = self.null_at(place("1"), span);
        reading.schema.logic.get_or_insert_default().any_of = vec![inner, null];
    }

    fn null_at(&mut self, place: Place, span: crate::source::Span) -> SchemaId {
        let types = Types::from_iter([Type::Null]);
        self.new_schema(Schema { span, place, types, ..Schema::default() })
    }
}
