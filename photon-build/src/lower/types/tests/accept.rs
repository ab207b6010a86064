//! What the IR says of a value, told without the runtime: whether it fits.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::ir::{
    Api, CheckId, Choice, Extra, Hint, Int, JsonType, ModelKind, OneOf, Record, Rest, Rule, RuleKind, Tagged,
    Tuple, Type,
};

/// The models of a document with everything compiled.
pub(super) struct Acceptor<'a> {
    api: &'a Api,
    checks: Vec<jsonschema::Validator>,
    patterns: Vec<jsonschema::Validator>,
    formats: bool,
}

impl<'a> Acceptor<'a> {
    /// None where a pattern of the document is no regular expression.
    pub(super) fn new(api: &'a Api, formats: bool) -> Option<Self> {
        let compile =
            |schema: &Value| jsonschema::options().should_validate_formats(formats).build(schema).ok();
        let defs: Value = serde_json::from_str(&api.check_defs).unwrap_or(json!({"$defs": {}}));
        let checks = api.checks.iter().map(|check| {
            let mut schema = defs.clone();
            schema["$ref"] = json!(format!("#/$defs/{}", check.key));
            compile(&schema)
        });
        let patterns = api.patterns.iter().map(|pattern| compile(&json!({"pattern": pattern.source})));
        Some(Self {
            api,
            checks: checks.collect::<Option<_>>()?,
            patterns: patterns.collect::<Option<_>>()?,
            formats,
        })
    }

    pub(super) fn fits(&self, ty: &Type, rule: &Rule, value: &Value) -> bool {
        self.passes(rule.check, value)
            && ((value.is_null() && rule.nullable) || self.fits_type(ty, rule, value))
    }

    pub(super) fn passes(&self, check: Option<CheckId>, value: &Value) -> bool {
        check.is_none_or(|check| self.checks[check.0 as usize].is_valid(value))
    }

    fn fits_type(&self, ty: &Type, rule: &Rule, value: &Value) -> bool {
        match ty {
            Type::Json => true,
            Type::F64 | Type::Number | Type::Decimal if value.is_number() => self.keeps(rule, value),
            Type::Never | Type::F64 | Type::Number => false,
            Type::Null => value.is_null(),
            Type::Bool => value.is_boolean(),
            Type::Int(int) => {
                whole(value).is_some_and(|number| in_range(*int, number)) && self.keeps(rule, value)
            }
            Type::Integer => is_whole(value) && self.keeps(rule, value),
            Type::Option(inner) | Type::Patch(inner) | Type::Box(inner) => {
                self.fits(inner, &Rule { check: None, ..rule.clone() }, value)
            }
            Type::List(inner) => value.as_array().is_some_and(|items| self.fits_list(inner, rule, items)),
            Type::Map(inner) => value.as_object().is_some_and(|entries| self.fits_map(inner, rule, entries)),
            Type::Model(id) => self.fits_model(&self.api.models[id.0 as usize].kind, rule, value),
            Type::DateTime => self.has_format("date-time", value),
            Type::Date => self.has_format("date", value),
            Type::Time => self.has_format("time", value),
            Type::Uuid => self.has_format("uuid", value),
            _ => value.is_string() && self.keeps(rule, value),
        }
    }

    fn has_format(&self, format: &str, value: &Value) -> bool {
        let schema = json!({"type": "string", "format": format});
        jsonschema::options().should_validate_formats(self.formats).build(&schema).unwrap().is_valid(value)
    }

    /// Whether a name is none of those that are meant.
    fn ignores(&self, names: &Rule, name: &Value) -> bool {
        matches!(names.kind, RuleKind::Selected(id) if !self.patterns[id.0 as usize].is_valid(name))
    }

    fn keeps(&self, rule: &Rule, value: &Value) -> bool {
        let mut schema = json!({});
        match &rule.kind {
            RuleKind::Text { min, max, pattern, format } => {
                schema["minLength"] = json!(min);
                schema["maxLength"] = json!(max);
                if pattern.is_some_and(|id| !self.patterns[id.0 as usize].is_valid(value)) {
                    return false;
                }
                if let Some(format) = format {
                    let name = format!("{format:?}");
                    let mut dashed = String::new();
                    for letter in name.chars() {
                        if letter.is_uppercase() && !dashed.is_empty() {
                            dashed.push('-');
                        }
                        dashed.extend(letter.to_lowercase());
                    }
                    return self.has_format(&dashed, value) && jsonschema::is_valid(&schema, value);
                }
            }
            RuleKind::Int { min, max, multiple_of } => {
                if !whole(value).is_some_and(|number| number >= *min && number <= *max) {
                    return false;
                }
                if let Some(text) = multiple_of {
                    schema["multipleOf"] = serde_json::from_str(text).unwrap();
                }
            }
            RuleKind::Number { min, max, above, below, multiple_of } => {
                for (key, text) in [
                    ("minimum", min),
                    ("maximum", max),
                    ("exclusiveMinimum", above),
                    ("exclusiveMaximum", below),
                    ("multipleOf", multiple_of),
                ] {
                    if let Some(text) = text {
                        schema[key] = serde_json::from_str(text).unwrap();
                    }
                }
            }
            _ => return true,
        }
        jsonschema::is_valid(&schema, value)
    }

    fn fits_list(&self, inner: &Type, rule: &Rule, items: &[Value]) -> bool {
        let any = Rule::default();
        let RuleKind::List { min, max, unique, item } = &rule.kind else {
            return items.iter().all(|item| self.fits(inner, &any, item));
        };
        within(items.len(), *min, *max)
            && (!unique || is_unique(items))
            && items.iter().all(|value| self.fits(inner, item, value))
    }

    fn fits_map(&self, inner: &Type, rule: &Rule, entries: &serde_json::Map<String, Value>) -> bool {
        let any = Rule::default();
        let RuleKind::Map { min, max, key, value } = &rule.kind else {
            return entries.values().all(|value| self.fits(inner, &any, value));
        };
        within(entries.len(), *min, *max)
            && entries.iter().all(|(name, entry)| {
                let name = json!(name);
                key.as_ref().is_some_and(|key| self.ignores(key, &name))
                    || (key.as_ref().is_none_or(|key| self.keeps(key, &name))
                        && self.fits(inner, value, entry))
            })
    }

    fn fits_model(&self, kind: &ModelKind, rule: &Rule, value: &Value) -> bool {
        match kind {
            ModelKind::Record(record) => {
                value.as_object().is_some_and(|object| self.fits_record(record, object))
            }
            ModelKind::Choice(choice) => fits_choice(choice, value),
            ModelKind::Tagged(tagged) => self.fits_tagged(tagged, value),
            ModelKind::OneOf(one_of) => self.fits_one_of(one_of, value),
            ModelKind::Tuple(tuple) => value.as_array().is_some_and(|items| self.fits_tuple(tuple, items)),
            ModelKind::Newtype { ty, rule } => self.fits(ty, rule, value),
            ModelKind::Alias { ty, .. } => self.fits_type(ty, rule, value),
        }
    }

    fn fits_record(&self, record: &Record, object: &serde_json::Map<String, Value>) -> bool {
        let known: HashMap<&str, _> = record.fields.iter().map(|field| (&*field.name.wire, field)).collect();
        let fields = record.fields.iter().all(|field| match object.get(&field.name.wire) {
            Some(value) => self.fits(&field.ty, &field.rule, value),
            None => !field.required || field.read_only,
        });
        let others =
            object.iter().filter(|(name, _)| !known.contains_key(&***name)).all(
                |(name, value)| match &record.extra {
                    Extra::Ignore => true,
                    Extra::Deny => false,
                    Extra::Keep { ty, rule, keys, .. } => {
                        keys.as_ref().is_some_and(|keys| self.ignores(keys, &json!(name)))
                            || (keys.as_ref().is_none_or(|keys| self.keeps(keys, &json!(name)))
                                && self.fits(ty, rule, value))
                    }
                },
            );
        let depends = record.dependent_required.iter().all(|(name, needed)| {
            !object.contains_key(name) || needed.iter().all(|name| object.contains_key(name))
        });
        fields
            && others
            && depends
            && within(object.len(), record.properties_min, record.properties_max)
            && self.passes(record.check, &Value::Object(object.clone()))
    }

    fn fits_tagged(&self, tagged: &Tagged, value: &Value) -> bool {
        let fits = |at: usize| {
            let variant = &tagged.variants[at];
            self.fits(&variant.ty, &variant.rule, value)
        };
        let tag = value.get(&tagged.tag).and_then(Value::as_str);
        let named = tag.and_then(|tag| tagged.values.iter().find(|(name, _)| tag == name)).map(|(_, at)| *at);
        let fits = match (named.or(tagged.fallback), tag) {
            (Some(at), _) => fits(at),
            (None, None) => tagged.untagged.iter().filter(|at| fits(**at)).count() == 1,
            (None, Some(_)) => false,
        };
        fits && self.passes(tagged.check, value)
    }

    fn fits_one_of(&self, one_of: &OneOf, value: &Value) -> bool {
        let fitting = one_of.variants.iter().filter(|variant| {
            has_type(&variant.hint, value)
                && has_members(&variant.hint, value)
                && self.fits(&variant.ty, &variant.rule, value)
        });
        let count = fitting.count();
        (if one_of.any { count > 0 } else { count == 1 }) && self.passes(one_of.check, value)
    }

    fn fits_tuple(&self, tuple: &Tuple, items: &[Value]) -> bool {
        let named =
            items.iter().zip(&tuple.items).all(|(value, item)| self.fits(&item.ty, &item.rule, value));
        let rest = items.iter().skip(tuple.items.len()).all(|value| match &tuple.rest {
            Rest::Ignore => true,
            Rest::Deny => false,
            Rest::Keep { ty, rule } => self.fits(ty, rule, value),
        });
        named
            && rest
            && within(items.len(), tuple.items_min, tuple.items_max)
            && (!tuple.unique || is_unique(items))
            && self.passes(tuple.check, &json!(items))
    }
}

fn fits_choice(choice: &Choice, value: &Value) -> bool {
    if choice.strings {
        let text = value.as_str();
        return text.is_some_and(|text| choice.open || choice.values.iter().any(|known| known.value == text));
    }
    choice.values.iter().any(|known| {
        let schema = json!({"const": serde_json::from_str::<Value>(&known.value).unwrap()});
        jsonschema::is_valid(&schema, value)
    })
}

fn has_type(hint: &Hint, value: &Value) -> bool {
    let ty = match value {
        Value::Null => JsonType::Null,
        Value::Bool(_) => JsonType::Boolean,
        Value::Number(_) if is_whole(value) => JsonType::Integer,
        Value::Number(_) => JsonType::Number,
        Value::String(_) => JsonType::String,
        Value::Array(_) => JsonType::Array,
        Value::Object(_) => JsonType::Object,
    };
    let number = ty == JsonType::Integer && hint.types.contains(&JsonType::Number);
    hint.types.is_empty() || number || hint.types.contains(&ty)
}

fn has_members(hint: &Hint, value: &Value) -> bool {
    let is_among = |found: &Value, values: &[String]| {
        values.iter().any(|text| serde_json::from_str::<Value>(text).unwrap() == *found)
    };
    hint.required.iter().all(|name| value.get(name).is_some())
        && hint
            .constants
            .iter()
            .all(|(name, values)| value.get(name).is_none_or(|found| is_among(found, values)))
}

fn is_whole(value: &Value) -> bool {
    jsonschema::is_valid(&json!({"type": "integer"}), value)
}

fn whole(value: &Value) -> Option<i128> {
    let number = value.as_number()?;
    let exact = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    #[allow(clippy::cast_possible_truncation)]
    exact.or_else(|| number.as_f64().filter(|float| float.fract() == 0.0).map(|float| float as i128))
}

fn in_range(int: Int, number: i128) -> bool {
    let (min, max) = super::super::scalar::range(int);
    number >= min && number <= max
}

fn within(count: usize, min: u32, max: u32) -> bool {
    count >= min as usize && count <= max as usize
}

fn is_unique(items: &[Value]) -> bool {
    jsonschema::is_valid(&json!({"uniqueItems": true}), &json!(items))
}
