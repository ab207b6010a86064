//! Sets of types, and which types a schema speaks of where it does not name any.

use super::Side;
use crate::drift::tree::{Tree, Value};
use crate::schema::Type;

/// Schemas that are looked through for the types of a branch.
const TYPES_DEPTH_MAX: usize = 12;

/// A set of types, a bit each; whoever takes numbers takes integers.
pub(super) type Types = u8;
/// All types.
pub(super) const ANY: Types = 0x7f;
pub(super) const NULL: Types = 1 << Type::Null as u8;
pub(super) const INTEGER: Types = 1 << Type::Integer as u8;
pub(super) const STRING: Types = 1 << Type::String as u8;
pub(super) const OBJECT: Types = 1 << Type::Object as u8;
pub(super) const ARRAY: Types = 1 << Type::Array as u8;
pub(super) const NUMBER: Types = INTEGER | 1 << Type::Number as u8;

/// Whether a schema says no more than null.
pub(super) fn is_null(tree: &Tree) -> bool {
    match tree.entries() {
        [(key, value)] if &**key == "type" => types(value) == NULL,
        [(key, value)] if &**key == "const" => matches!(value.value, Value::Null),
        [(key, value)] if &**key == "enum" => {
            value.items().iter().all(|item| matches!(item.value, Value::Null)) && !value.items().is_empty()
        }
        _ => false,
    }
}

/// The types of a choice: those of any branch.
pub(super) fn branch_types<'a>(side: Side<'a>, at: &'a Tree) -> Types {
    types_of_any(side, at, TYPES_DEPTH_MAX)
}

fn types_of_any<'a>(side: Side<'a>, at: &'a Tree, depth: usize) -> Types {
    at.items().iter().fold(0, |types, branch| types | shallow_types(side, branch, depth))
}

fn shallow_types<'a>(side: Side<'a>, tree: &'a Tree, depth: usize) -> Types {
    let Some(depth) = depth.checked_sub(1) else { return ANY };
    let tree = side.follow(tree);
    if let Some(own) = tree.get("type") {
        return types(own);
    }
    let mut found = ANY;
    for branch in tree.list("allOf") {
        found &= shallow_types(side, branch, depth);
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(at) = tree.get(keyword) {
            found &= types_of_any(side, at, depth);
        }
    }
    let spoken = tree.entries().iter().fold(0, |all, (key, _)| all | spoken(key));
    match tree.get("enum") {
        Some(values) => found & values.items().iter().fold(0, |all, value| all | type_of(value)),
        None if found == ANY && spoken == 1 << Type::Number as u8 => NUMBER,
        None if found == ANY && spoken.is_power_of_two() => spoken,
        None => found,
    }
}

/// The types that `type` names.
pub(super) fn types(value: &Tree) -> Types {
    let names = value.as_text().into_iter().chain(value.items().iter().filter_map(Tree::as_text));
    let types = names
        .filter_map(Type::parse)
        .fold(0, |types, ty| types | if ty == Type::Number { NUMBER } else { 1 << ty as u8 });
    if types == 0 { ANY } else { types }
}

pub(super) fn type_of(value: &Tree) -> Types {
    1 << match &value.value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Boolean,
        Value::Number(number) if number.as_i128().is_some() => Type::Integer,
        Value::Number(_) => Type::Number,
        Value::Text(_) => Type::String,
        Value::List(_) => Type::Array,
        Value::Map(_) => Type::Object,
    } as u8
}

/// The type that a keyword speaks of.
pub(super) fn spoken(key: &str) -> Types {
    let ty = match key {
        "properties"
        | "patternProperties"
        | "additionalProperties"
        | "required"
        | "propertyNames"
        | "minProperties"
        | "maxProperties"
        | "dependentRequired"
        | "dependentSchemas"
        | "unevaluatedProperties" => Type::Object,
        "items" | "prefixItems" | "contains" | "minItems" | "maxItems" | "uniqueItems"
        | "unevaluatedItems" => Type::Array,
        "minLength" | "maxLength" | "pattern" | "contentEncoding" | "contentMediaType" => Type::String,
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => Type::Number,
        _ => return 0,
    };
    1 << ty as u8
}

/// The names of types, for people.
pub(super) fn names(types: Types) -> String {
    if types == ANY {
        return "any type".to_owned();
    }
    let is_named =
        |ty: &Type| types & (1 << *ty as u8) != 0 && !(*ty == Type::Integer && types & NUMBER == NUMBER);
    let names: Vec<String> =
        Type::ALL.iter().filter(|ty| is_named(ty)).map(|ty| format!("`{}`", ty.as_str())).collect();
    if names.is_empty() { "no type".to_owned() } else { names.join(" or ") }
}
