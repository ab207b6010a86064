//! How values are written in a path, a query, a header or a cookie: style × explode × shape (OpenAPI 3.1, section 4.8.12).
//!
//! Delimiters are split before escapes are decoded, each piece exactly once. This module knows no request and no type.

use std::borrow::Cow;

use super::pairs::Node;
use crate::escape;
use crate::model::{Shape, Violation};

/// The styles of OpenAPI.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    /// As `Form`, each item or member a cookie of its own, nothing escaped (OpenAPI 3.2).
    Cookie,
    Space,
    Pipe,
    Deep,
}

/// What was found of a parameter.
#[derive(Debug, PartialEq)]
pub(crate) enum Given<'a> {
    /// Nothing.
    Absent,
    /// One text, decoded.
    Scalar(Cow<'a, str>),
    /// Items or members.
    Tree(Node<'a>),
}

/// How the pieces of one place are decoded.
pub(crate) type Unescape = fn(&str) -> Option<Cow<'_, str>>;

/// Header values are not escaped, nor are cookies of style `cookie`.
#[allow(clippy::unnecessary_wraps, reason = "it is an `Unescape`")]
pub(crate) fn verbatim(raw: &str) -> Option<Cow<'_, str>> {
    Some(Cow::Borrowed(raw))
}

/// What is wrong where escapes are broken or are not UTF-8.
pub(crate) fn bad_escape() -> Violation {
    Violation::new("encoding", "must be UTF-8, percent-encoded")
}

/// What is wrong where one value was asked for.
pub(crate) fn repeated() -> Violation {
    Violation::new("type", "must be given once")
}

/// A path parameter as its segment holds it.
pub(crate) fn in_path<'a>(
    raw: &'a str,
    name: &str,
    style: Style,
    explode: bool,
    shape: &Shape,
) -> Result<Given<'a>, Violation> {
    match style {
        Style::Label => {
            let raw = raw.strip_prefix('.').ok_or_else(|| Violation::new("style", "must begin with `.`"))?;
            delimited(raw, &[if explode { "." } else { "," }], explode, shape, escape::decode)
        }
        Style::Matrix => matrix(raw, name, explode, shape),
        _ => delimited(raw, &[","], explode, shape, escape::decode),
    }
}

/// `;color=blue;color=black`, `;R=100;G=200`, `;color=blue,black`.
fn matrix<'a>(raw: &'a str, name: &str, explode: bool, shape: &Shape) -> Result<Given<'a>, Violation> {
    let wrong = || Violation::new("style", format!("must begin with `;{name}`"));
    let raw = raw.strip_prefix(';').ok_or_else(wrong)?;
    if explode && is_object(shape) {
        return delimited(raw, &[";"], true, shape, escape::decode);
    }
    let mut values = Vec::new();
    for piece in raw.split(';') {
        let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
        if escape::decode(key).as_deref() != Some(name) {
            return Err(wrong());
        }
        values.push(value);
    }
    match values.as_slice() {
        [one] if !(explode && is_list(shape)) => delimited(one, &[","], false, shape, escape::decode),
        values if is_list(shape) => list(values.iter().copied(), escape::decode),
        _ => Err(repeated()),
    }
}

/// One value whose items or members stand between delimiters.
pub(crate) fn delimited<'a>(
    raw: &'a str,
    delimiters: &[&str],
    explode: bool,
    shape: &Shape,
    unescape: Unescape,
) -> Result<Given<'a>, Violation> {
    if is_list(shape) {
        return list(pieces(raw, delimiters), unescape);
    }
    if !is_object(shape) {
        return unescape(raw).map(Given::Scalar).ok_or_else(bad_escape);
    }
    if explode { members(raw, delimiters, unescape) } else { alternating(raw, delimiters, unescape) }
}

/// Items, each decoded.
pub(crate) fn list<'a>(
    raws: impl Iterator<Item = &'a str>,
    unescape: Unescape,
) -> Result<Given<'a>, Violation> {
    let items = raws.map(|raw| unescape(raw).map(Node::Text)).collect::<Option<Vec<_>>>();
    items.map(|items| Given::Tree(Node::List(items))).ok_or_else(bad_escape)
}

/// `R=100,G=200`.
fn members<'a>(raw: &'a str, delimiters: &[&str], unescape: Unescape) -> Result<Given<'a>, Violation> {
    let mut object = Node::Object(Vec::new());
    for piece in pieces(raw, delimiters) {
        let (key, value) = piece
            .split_once('=')
            .ok_or_else(|| Violation::new("style", "must be written as `name=value`"))?;
        add(&mut object, key, value, unescape)?;
    }
    Ok(Given::Tree(object))
}

/// `R,100,G,200`.
fn alternating<'a>(raw: &'a str, delimiters: &[&str], unescape: Unescape) -> Result<Given<'a>, Violation> {
    let mut object = Node::Object(Vec::new());
    let mut pieces = pieces(raw, delimiters);
    while let Some(key) = pieces.next() {
        let value =
            pieces.next().ok_or_else(|| Violation::new("style", "must be names and values in turn"))?;
        add(&mut object, key, value, unescape)?;
    }
    Ok(Given::Tree(object))
}

fn add<'a>(object: &mut Node<'a>, key: &'a str, value: &'a str, unescape: Unescape) -> Result<(), Violation> {
    let (Some(key), Some(value)) = (unescape(key), unescape(value)) else { return Err(bad_escape()) };
    object.insert(&[key], Node::Text(value));
    Ok(())
}

/// The pieces between any of the delimiters; none of an empty text.
fn pieces<'a>(raw: &'a str, delimiters: &[&str]) -> impl Iterator<Item = &'a str> {
    let mut rest = if raw.is_empty() { None } else { Some(raw) };
    std::iter::from_fn(move || {
        let text = rest?;
        let found =
            delimiters.iter().filter_map(|delimiter| Some((text.find(delimiter)?, delimiter.len()))).min();
        let Some((at, len)) = found else { return rest.take() };
        rest = Some(&text[at + len..]);
        Some(&text[..at])
    })
}

pub(crate) fn is_list(shape: &Shape) -> bool {
    matches!(shape, Shape::List(_))
}

pub(crate) fn is_object(shape: &Shape) -> bool {
    matches!(shape, Shape::Record { .. } | Shape::Map(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar() -> Shape {
        Shape::Scalar
    }

    fn items() -> Shape {
        Shape::List(Box::new(Shape::Scalar))
    }

    fn object() -> Shape {
        Shape::Record { fields: vec![("R", Shape::Scalar), ("G", Shape::Scalar)], extra: None }
    }

    /// The JSON text of what is found, or the keyword that is violated.
    fn found(raw: &str, style: Style, explode: bool, shape: &Shape) -> String {
        match in_path(raw, "color", style, explode, shape) {
            Ok(Given::Absent) => "absent".to_owned(),
            Ok(Given::Scalar(text)) => format!("{text:?}"),
            Ok(Given::Tree(node)) => {
                let mut out = String::new();
                node.write(shape, &mut out);
                out
            }
            Err(violation) => violation.keyword.to_owned(),
        }
    }

    #[test]
    fn paths_are_read_in_every_style() {
        use Style::{Label, Matrix, Simple};
        let object_text = r#"{"R":"100","G":"200"}"#;
        let list_text = r#"["blue","black"]"#;
        let cases = [
            ("blue", Simple, false, scalar(), "\"blue\""),
            ("blue,black", Simple, false, scalar(), "\"blue,black\""),
            ("blue,black", Simple, false, items(), list_text),
            ("blue,black", Simple, true, items(), list_text),
            ("R,100,G,200", Simple, false, object(), object_text),
            ("R=100,G=200", Simple, true, object(), object_text),
            ("R,100,G", Simple, false, object(), "style"),
            ("R,100", Simple, true, object(), "style"),
            ("a%2Cb,c", Simple, false, items(), r#"["a,b","c"]"#),
            ("%FF", Simple, false, scalar(), "encoding"),
            ("a,%FF", Simple, false, items(), "encoding"),
            ("a+b", Simple, false, scalar(), "\"a+b\""),
            (".blue", Label, false, scalar(), "\"blue\""),
            (".blue.x", Label, false, scalar(), "\"blue.x\""),
            (".blue,black", Label, false, items(), list_text),
            (".blue.black", Label, true, items(), list_text),
            (".R,100,G,200", Label, false, object(), object_text),
            (".R=100.G=200", Label, true, object(), object_text),
            ("blue", Label, false, scalar(), "style"),
            (";color=blue", Matrix, false, scalar(), "\"blue\""),
            (";color", Matrix, false, scalar(), "\"\""),
            (";colour=blue", Matrix, false, scalar(), "style"),
            ("color=blue", Matrix, false, scalar(), "style"),
            (";color=a;color=b", Matrix, true, scalar(), "type"),
            (";color=blue,black", Matrix, false, items(), list_text),
            (";color=blue;color=black", Matrix, true, items(), list_text),
            (";color=a,b", Matrix, true, items(), r#"["a,b"]"#),
            (";color=R,100,G,200", Matrix, false, object(), object_text),
            (";R=100;G=200", Matrix, true, object(), object_text),
        ];
        for (raw, style, explode, shape, expected) in cases {
            assert_eq!(found(raw, style, explode, &shape), expected, "{raw} {style:?} {explode}");
        }
    }
}
