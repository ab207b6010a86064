//! Names and values as JSON text in which every scalar is a string: what the one decoder reads in text mode.
//!
//! The shape of the type decides what a name given once or often becomes. This module knows no escapes and no delimiters.

use std::borrow::Cow;

use crate::model::Shape;

/// How deep names may nest: `a[b][c]`.
pub(crate) const NESTING_MAX: usize = 16;

/// A value before its type is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node<'a> {
    /// A scalar's text.
    Text(Cow<'a, str>),
    /// JSON that came as such, known to be well-formed.
    Json(Cow<'a, str>),
    /// Values of one name, or a list.
    List(Vec<Node<'a>>),
    /// Named values.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// Puts a value under a path of names. A second value of the same name makes it a list.
    pub(crate) fn insert(&mut self, path: &[Cow<'a, str>], value: Node<'a>) {
        let Some((name, rest)) = path.split_first() else { return self.join(value) };
        if !matches!(self, Self::Object(_)) {
            let was = std::mem::replace(self, Self::Object(Vec::new()));
            self.insert(&[Cow::Borrowed("")], was);
        }
        let Self::Object(members) = self else { return };
        // Names that are empty count up, as in `tags[]=a&tags[]=b`: each is a value of its own.
        match members.iter_mut().find(|(known, _)| known == name && !name.is_empty()) {
            Some((_, member)) => member.insert(rest, value),
            None if rest.is_empty() => members.push((name.clone(), value)),
            None => {
                let mut member = Self::Object(Vec::new());
                member.insert(rest, value);
                members.push((name.clone(), member));
            }
        }
    }

    fn join(&mut self, value: Node<'a>) {
        match self {
            Self::List(values) => values.push(value),
            Self::Object(members) => members.push((Cow::Borrowed(""), value)),
            _ => {
                let first = std::mem::replace(self, Self::List(Vec::new()));
                if let Self::List(values) = self {
                    values.extend([first, value]);
                }
            }
        }
    }

    /// Writes the value as JSON text for a type of this shape.
    pub(crate) fn write(&self, shape: &Shape, out: &mut String) {
        match (self, shape) {
            (Self::Json(json), Shape::List(_)) if !json.trim_start().starts_with('[') => {
                out.extend(["[", json, "]"]);
            }
            (Self::Json(json), _) => out.push_str(json),
            (Self::Object(members), Shape::List(items)) => write_indexed(members, items, out),
            (Self::Object(members), Shape::Any) if are_indexes(members) => write_indexed(members, shape, out),
            (Self::Object(members), _) => write_object(members, shape, out),
            (Self::List(values), Shape::List(items)) => write_list(values.iter(), items, out),
            (Self::List(values), _) => write_list(values.iter(), shape, out),
            (Self::Text(_), Shape::List(items)) => write_list([self].into_iter(), items, out),
            (Self::Text(text), _) => write_string(text, out),
        }
    }
}

/// Writes a JSON string.
pub(crate) fn write_string(text: &str, out: &mut String) {
    use std::fmt::Write as _;

    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        out.push_str(&rest[..at]);
        let _ = write!(out, "\\u{:04x}", rest.as_bytes()[at]);
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

fn write_list<'n, 'a: 'n>(values: impl Iterator<Item = &'n Node<'a>>, items: &Shape, out: &mut String) {
    out.push('[');
    for (index, value) in values.enumerate() {
        if index > 0 {
            out.push(',');
        }
        value.write(items, out);
    }
    out.push(']');
}

/// Whether members that may be anything can only be meant as a list: `a[0]=x&a[1]=y`, `a[]=x`.
fn are_indexes(members: &[(Cow<'_, str>, Node<'_>)]) -> bool {
    let is_place = |(place, name): (usize, &str)| name.is_empty() || name.parse() == Ok(place);
    !members.is_empty() && members.iter().map(|(name, _)| &**name).enumerate().all(is_place)
}

/// Members whose names are indexes or nothing are a list: `a[1]=x&a[0]=y`, `a[]=x`.
fn write_indexed(members: &[(Cow<'_, str>, Node<'_>)], items: &Shape, out: &mut String) {
    let mut ordered = Vec::with_capacity(members.len());
    for (place, (name, value)) in members.iter().enumerate() {
        match name.parse::<u32>() {
            Ok(index) => ordered.push((index, place, value)),
            Err(_) if name.is_empty() => ordered.push((0, place, value)),
            Err(_) => return write_object(members, &Shape::Any, out),
        }
    }
    ordered.sort_by_key(|(index, place, _)| (*index, *place));
    write_list(ordered.into_iter().map(|(_, _, value)| value), items, out);
}

fn write_object(members: &[(Cow<'_, str>, Node<'_>)], shape: &Shape, out: &mut String) {
    out.push('{');
    for (index, (name, value)) in members.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(name, out);
        out.push(':');
        value.write(member_shape(shape, name), out);
    }
    out.push('}');
}

/// The shape of one member or item.
pub(crate) fn member_shape<'s>(shape: &'s Shape, name: &str) -> &'s Shape {
    match shape {
        Shape::Record { fields, extra } => fields
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, shape)| shape)
            .or(extra.as_deref())
            .unwrap_or(&Shape::Any),
        Shape::Map(values) => values,
        Shape::List(items) => items,
        _ => &Shape::Any,
    }
}

/// The names that a bracketed name holds: `a[b][c]` is `a`, `b`, `c`. None where the brackets do not fit.
pub(crate) fn bracketed(name: &str) -> Option<Vec<Cow<'static, str>>> {
    let (first, mut rest) = name.split_at(name.find('[').unwrap_or(name.len()));
    let mut path = vec![Cow::Owned(first.to_owned())];
    while !rest.is_empty() {
        let (inner, tail) = rest.strip_prefix('[')?.split_once(']')?;
        path.push(Cow::Owned(inner.to_owned()));
        rest = tail;
        if path.len() > NESTING_MAX {
            return None;
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Shape {
        Shape::Record {
            fields: vec![
                ("n", Shape::Scalar),
                ("tags", Shape::List(Box::new(Shape::Scalar))),
                ("at", Shape::Record { fields: vec![("x", Shape::Scalar)], extra: None }),
            ],
            extra: None,
        }
    }

    fn check(pairs: &[(&str, &str)], shape: &Shape, expected: &str) {
        let mut node = Node::Object(Vec::new());
        for (name, value) in pairs {
            node.insert(&bracketed(name).unwrap(), Node::Text(Cow::Borrowed(value)));
        }
        let mut out = String::new();
        node.write(shape, &mut out);
        assert_eq!(out, expected, "{pairs:?}");
    }

    #[test]
    fn pairs_become_json() {
        check(&[("n", "1")], &record(), r#"{"n":"1"}"#);
        check(&[("n", "1"), ("n", "2")], &record(), r#"{"n":["1","2"]}"#);
        check(&[("tags", "a")], &record(), r#"{"tags":["a"]}"#);
        check(&[("tags", "a"), ("n", "1"), ("tags", "b")], &record(), r#"{"tags":["a","b"],"n":"1"}"#);
        check(&[("tags[]", "a"), ("tags[]", "b")], &record(), r#"{"tags":["a","b"]}"#);
        check(&[("tags[1]", "b"), ("tags[0]", "a")], &record(), r#"{"tags":["a","b"]}"#);
        check(&[("at[x]", "1")], &record(), r#"{"at":{"x":"1"}}"#);
        check(&[("at", "1"), ("at[x]", "1")], &record(), r#"{"at":{"":"1","x":"1"}}"#);
        check(&[("q\"\n", "\\")], &record(), r#"{"q\u0022\u000a":"\u005c"}"#);
        check(&[("a", "1"), ("a", "2")], &Shape::Map(Box::new(Shape::Scalar)), r#"{"a":["1","2"]}"#);
    }

    #[test]
    fn brackets_are_taken_apart() {
        assert_eq!(bracketed("a[b][]").unwrap(), ["a", "b", ""]);
        assert_eq!(bracketed("a"), Some(vec![Cow::Borrowed("a")]));
        for broken in ["a[", "a[b", "a[b]c", "a[b]]"] {
            assert_eq!(bracketed(broken), None, "{broken}");
        }
        assert_eq!(bracketed(&format!("a{}", "[b]".repeat(NESTING_MAX))), None);
    }
}
