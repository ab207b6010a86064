//! The names in a query that no parameter of the operation, no credential and no key of its path asks for.

use std::collections::HashSet;

use super::operation::Meta;
use super::param::Param;
use super::place::In;
use super::query::pairs;
use super::style::{self, Style};
use crate::escape;
use crate::model::Shape;

/// Names that nobody asks for, decoded, each once, in the order of the query. One that cannot be decoded is as written.
pub(super) fn names(meta: &'static Meta, shapes: &[Shape], query: &str) -> Vec<String> {
    if query.is_empty() {
        return Vec::new();
    }
    let params: Vec<(&Param, &Shape)> = meta
        .params
        .iter()
        .zip(shapes.iter().chain(std::iter::repeat(&Shape::Any)))
        .filter(|(param, _)| param.place == In::Query)
        .collect();
    if params.iter().any(|(param, shape)| takes_all(param, shape)) {
        return Vec::new();
    }
    let mut told = HashSet::new();
    let names = pairs(query).map(|(raw, _)| escape::decode_form(raw).unwrap_or_else(|| raw.into()));
    names
        .filter(|name| {
            let is_known = params.iter().any(|(param, shape)| takes(param, shape, name));
            !is_known && !is_key(meta, name) && told.insert(name.clone())
        })
        .map(std::borrow::Cow::into_owned)
        .collect()
}

/// Whether a parameter takes whatever names there are.
fn takes_all(param: &Param, shape: &Shape) -> bool {
    param.whole
        || (is_spread(param, shape)
            && matches!(shape, Shape::Any | Shape::Map(_) | Shape::Record { extra: Some(_), .. }))
}

/// Whether a parameter is an object whose members are names of their own.
fn is_spread(param: &Param, shape: &Shape) -> bool {
    !param.json && param.explode && param.style == Style::Form && style::is_object(shape)
}

fn takes(param: &Param, shape: &Shape, name: &str) -> bool {
    match shape {
        _ if param.style == Style::Deep && !param.json => {
            name.strip_prefix(param.name).is_some_and(|rest| rest.starts_with('['))
        }
        Shape::Record { fields, .. } if is_spread(param, shape) => {
            fields.iter().any(|(field, _)| *field == name)
        }
        _ => param.name == name,
    }
}

/// Whether a name is a credential's, or one by which the operation is told from others of its path.
fn is_key(meta: &Meta, name: &str) -> bool {
    meta.needs.query.iter().any(|(key, _)| *key == name)
        || meta.security.iter().flat_map(|all| all.iter()).any(|scheme| scheme.query_key() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::super::operation::meta;
    use super::super::param::{SHAPE_DEPTH_MAX, query, query_string};
    use super::*;
    use crate::Map;
    use crate::model::{self, Record, Value, record, text};
    use crate::security::api_key;

    #[derive(Clone, Debug, PartialEq)]
    struct Filter {
        color: Option<String>,
        size: Option<String>,
    }
    static FILTER: Record = record("Filter", &["color", "size"]);
    crate::model! { Filter, FILTER, color size }

    static SCALARS: Meta = meta("a", "GET", "/a", 200)
        .params(const { &[query("limit"), query("tag").rule(text(0, 9))] })
        .security(const { &[&[api_key("key", In::Query, "api_key")]] });
    static SPREAD: Meta = meta("b", "GET", "/b", 200).params(const { &[query("filter"), query("page")] });
    static DEEP: Meta = meta("c", "GET", "/c", 200).params(const { &[query("filter").deep_object()] });
    static ANY: Meta = meta("d", "GET", "/d", 200).params(const { &[query("filter")] });
    static WHOLE: Meta = meta("e", "GET", "/e", 200).params(const { &[query_string("q")] });
    static NONE: Meta = meta("f", "GET", "/f", 200);

    /// An operation, and what its parameters look like.
    type Known = (&'static Meta, Vec<Shape>);

    #[test]
    fn names_that_nobody_asks_for_are_told() {
        let scalar: Option<String> = None;
        let filter: Filter = model::empty();
        let map: Map<String> = model::empty();
        let shapes = |values: &[&dyn Value]| -> Vec<Shape> {
            values.iter().map(|value| value.shape(SHAPE_DEPTH_MAX)).collect()
        };
        let scalars = (&SCALARS, shapes(&[&scalar, &scalar]));
        let spread = (&SPREAD, shapes(&[&filter, &scalar]));
        let deep = (&DEEP, shapes(&[&filter]));
        let any = (&ANY, shapes(&[&map]));
        let whole = (&WHOLE, shapes(&[&filter]));
        let none = (&NONE, Vec::new());

        let cases: [(&Known, &str, &[&str]); 10] = [
            (&scalars, "", &[]),
            (&scalars, "limit=1&tag=a&tag=b&api_key=k", &[]),
            (&scalars, "limt=1&tag=a&Tag=b&limt=2&%74ag=1", &["limt", "Tag"]),
            (&scalars, "%zz=1&a%20b=2", &["%zz", "a b"]),
            (&spread, "color=red&size=1&page=2", &[]),
            (&spread, "filter=red&colour=1", &["filter", "colour"]),
            (&deep, "filter[color]=red&filter=1&other[color]=2", &["filter", "other[color]"]),
            (&any, "whatever=1", &[]),
            (&whole, "whatever=1", &[]),
            (&none, "whatever=1", &["whatever"]),
        ];
        for ((meta, shapes), query, expected) in cases {
            assert_eq!(names(meta, shapes, query), expected, "{query}");
        }
    }
}
