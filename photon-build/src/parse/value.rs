//! Values of keywords: numbers, counts, and whether `enum` and `default` fit their schema.

use std::borrow::Cow;
use std::sync::Arc;

use super::schema::Reading;
use super::{Parser, helped};
use crate::codes;
use crate::load::scalar;
use crate::node::{Node, Number, Value};
use crate::schema::{Type, Types};
use crate::source::Span;
use crate::spec::Version;

impl<'a> Parser<'a, '_> {
    /// A string where nothing else will do.
    pub(super) fn word(&mut self, node: &Node, key: &str) -> Option<Arc<str>> {
        let text = node.to_text();
        if text.is_none() {
            self.keyword(node, key, "a string");
        }
        text
    }

    /// A number, also one that is written as a string.
    pub(super) fn number(&mut self, node: &Node, key: &str) -> Option<Number> {
        match &node.value {
            Value::Number(number) => Some(number.clone()),
            Value::String(text) => {
                let number = scalar::number(text.trim());
                if number.is_some() {
                    self.tell(&codes::NUMBER_TEXT, node.span, format!("`{key}` is a number in quotes"));
                } else {
                    self.keyword(node, key, "a number");
                }
                number
            }
            _ => {
                self.keyword(node, key, "a number");
                None
            }
        }
    }

    /// A number of items, characters or properties.
    pub(super) fn count(&mut self, node: &Node, key: &str) -> Option<u64> {
        let number = self.number(node, key)?;
        if let Some(count) = number.as_u64() {
            return Some(count);
        }
        if number.as_f64() >= 1e19 {
            return Some(u64::MAX);
        }
        self.keyword(node, key, "a whole number that is not negative");
        None
    }

    /// `^a$` of `/^a$/`, which no text could match: it is how JavaScript writes a regular expression.
    pub(super) fn without_slashes(&mut self, span: Span, text: Arc<str>) -> Arc<str> {
        let inner = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
        match inner.filter(|inner| inner.starts_with('^') && inner.ends_with('$')) {
            Some(inner) => {
                self.tell(&codes::PATTERN_SLASHES, span, format!("`{text}` stands between slashes"));
                inner.into()
            }
            None => text,
        }
    }

    /// Whether a text is a regular expression that the server can search for.
    pub(super) fn is_pattern(&mut self, span: Span, text: &str) -> bool {
        let searched = jsonschema_regex::to_rust_regex(text).ok();
        let fault = searched.map(|searched| regex_syntax::parse(&searched).err());
        let is_pattern = match fault {
            // What `regex` does not search for, `fancy-regex` does.
            Some(Some(regex_syntax::Error::Parse(error))) => {
                use regex_syntax::ast::ErrorKind::{UnsupportedBackreference, UnsupportedLookAround};
                matches!(error.kind(), UnsupportedBackreference | UnsupportedLookAround)
            }
            Some(fault) => fault.is_none(),
            None => false,
        };
        if !is_pattern {
            self.tell(&codes::PATTERN, span, format!("`{text}` is no regular expression"));
        }
        is_pattern
    }

    /// Checks `enum`, `default` and the bounds of a schema that was read.
    pub(super) fn check_schema_values(&mut self, reading: &mut Reading<'a>) {
        self.check_enumeration(reading);
        self.check_default(reading);
        self.check_ranges(reading);
        let is_array = reading.schema.types.contains(Type::Array);
        let has_items = reading.schema.array.as_ref().is_some_and(|array| array.items.is_some());
        if is_array && !has_items && reading.version == Version::V3_0 {
            self.tell(&codes::ITEMS_MISSING, reading.schema.span, "the array has no `items`");
        }
    }

    fn check_enumeration(&mut self, reading: &mut Reading<'a>) {
        let Some(values) = reading.schema.enumeration.take() else { return };
        let types = reading.schema.types;
        let allows_null = types.is_empty() || types.contains(Type::Null) || reading.lift.nullable;
        let mut kept: Vec<Node> = Vec::with_capacity(values.len());
        for mut value in values {
            let is_allowed_null = value.is_null() && allows_null;
            if !is_allowed_null && !fits(&value, types) {
                let message = format!("`{}` of `enum` is not of `type: {}`", shown(&value), listed(types));
                let finding = self.tell(&codes::ENUM_TYPE, value.span, message);
                if let Some(meant) = converted(&value, types) {
                    helped(finding, AS_MEANT);
                    value = meant;
                }
            }
            if is_among(&kept, &value) {
                let message = format!("`{}` stands twice in `enum`", shown(&value));
                self.tell(&codes::ENUM_TWICE, value.span, message);
            } else {
                kept.push(value);
            }
        }
        let has_fitting = kept.iter().any(|value| (value.is_null() && allows_null) || fits(value, types));
        if !has_fitting {
            self.fits_nothing.insert(reading.id);
        }
        if kept.is_empty() {
            let span = reading.node.get("enum").map_or(reading.schema.span, |node| node.span);
            let finding = self.tell(&codes::EMPTY, span, "`enum` is empty: no value fits it");
            helped(finding, "name a value, or leave `enum` out");
        }
        reading.schema.enumeration = Some(kept);
    }

    fn check_default(&mut self, reading: &mut Reading<'a>) {
        let Some(default) = reading.schema.default.take() else { return };
        let types = reading.schema.types;
        let mut value = *default;
        let is_allowed_null = value.is_null() && reading.lift.nullable;
        if !is_allowed_null && !fits(&value, types) {
            let message = format!("the default `{}` is not of `type: {}`", shown(&value), listed(types));
            let finding = self.tell(&codes::DEFAULT_TYPE, value.span, message);
            match converted(&value, types) {
                Some(meant) => {
                    helped(finding, AS_MEANT);
                    value = meant;
                }
                None => return,
            }
        }
        let is_chosen =
            reading.schema.enumeration.as_ref().is_none_or(|values| {
                value.is_null() || value.as_array().is_some() || is_among(values, &value)
            });
        if is_chosen {
            reading.schema.default = Some(Box::new(value));
        } else {
            let message = format!("the default `{}` is not in `enum`", shown(&value));
            self.tell(&codes::DEFAULT_TYPE, value.span, message);
        }
    }

    fn check_ranges(&mut self, reading: &Reading<'a>) {
        let schema = &reading.schema;
        let (text, array, object, numeric) =
            (schema.text(), schema.array(), schema.object(), schema.numeric());
        let is_empty = |min: Option<u64>, max: Option<u64>| min.zip(max).is_some_and(|(min, max)| min > max);
        let bounds = numeric.minimum.as_ref().zip(numeric.maximum.as_ref());
        let empty = [
            ("minLength", "maxLength", is_empty(text.min_length, text.max_length)),
            ("minItems", "maxItems", is_empty(array.min_items, array.max_items)),
            ("minProperties", "maxProperties", is_empty(object.min_properties, object.max_properties)),
            ("minimum", "maximum", bounds.is_some_and(|(min, max)| min.as_f64() > max.as_f64())),
        ];
        for (least, most, _) in empty.into_iter().filter(|(.., is_empty)| *is_empty) {
            let span = reading.node.get(least).map_or(schema.span, |node| node.span);
            self.tell(&codes::RANGE, span, format!("`{least}` is greater than `{most}`"));
        }
    }
}

/// What helps where a value is read as another type than the one it is written as.
const AS_MEANT: &str = "it is read as that type; write it so";

/// Types as a document would name them.
fn listed(types: Types) -> String {
    types.iter().map(Type::as_str).collect::<Vec<_>>().join(" or ")
}

fn is_among(values: &[Node], value: &Node) -> bool {
    values.iter().any(|known| known.same_value(value))
}

/// Whether a value is of one of the types; anything is where none is named.
fn fits(value: &Node, types: Types) -> bool {
    if types.is_empty() {
        return true;
    }
    match &value.value {
        Value::Null => types.contains(Type::Null),
        Value::Bool(_) => types.contains(Type::Boolean),
        Value::Number(number) => {
            types.contains(Type::Number) || (types.contains(Type::Integer) && is_whole(number))
        }
        Value::String(_) => types.contains(Type::String),
        Value::Array(_) => types.contains(Type::Array),
        Value::Object(_) => types.contains(Type::Object),
    }
}

fn is_whole(number: &Number) -> bool {
    number.as_i128().is_some() || number.as_f64().fract() == 0.0
}

/// What a value of the wrong type means: `[1, 2]` among strings are `"1"` and `"2"`.
fn converted(value: &Node, types: Types) -> Option<Node> {
    let meant = match &value.value {
        Value::Number(_) | Value::Bool(_) if types.contains(Type::String) => {
            Value::String(value.as_text()?.into())
        }
        Value::String(text) if types.contains(Type::Boolean) && matches!(&**text, "true" | "false") => {
            Value::Bool(&**text == "true")
        }
        Value::String(text) if types.contains(Type::Integer) || types.contains(Type::Number) => {
            Value::Number(scalar::number(text)?)
        }
        _ => return None,
    };
    let meant = Node { span: value.span, value: meant };
    fits(&meant, types).then_some(meant)
}

/// A value in a message: a text that could be taken for something else stands in quotes.
fn shown(value: &Node) -> Cow<'_, str> {
    match &value.value {
        Value::Null => "null".into(),
        Value::Array(_) => "[..]".into(),
        Value::Object(_) => "{..}".into(),
        Value::String(text)
            if matches!(&**text, "" | "~" | "null" | "true" | "false") || scalar::number(text).is_some() =>
        {
            format!("\"{text}\"").into()
        }
        _ => value.as_text().unwrap_or("").into(),
    }
}
