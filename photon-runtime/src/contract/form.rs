//! Urlencoded forms (OpenAPI 3.1, section 4.8.14.4): pairs to the tree of a record.
//!
//! A property given often is a list; names in brackets nest; objects may also come as JSON, their default content type.

use std::borrow::Cow;

use super::body::{Body, Encoding};
use super::pairs::{Node, bracketed, member_shape};
use super::query::{Search, decoded, find, pairs};
use super::style::{Given, Style};
use crate::media::{self, Media};
use crate::model::{Segment, Shape, Violation, ViolationKind, Violations};

/// How many fields a form may have; more are refused with 413.
pub(crate) const FORM_FIELDS_MAX: usize = 4096;

/// What reading a form comes to.
pub(crate) enum Form<'a> {
    /// The tree of its fields, with what is wrong in some of them.
    Read(Node<'a>, Violations),
    /// It has more fields than [`FORM_FIELDS_MAX`].
    TooMany,
}

/// Reads a form for a type of this shape.
pub(crate) fn read<'a>(raw: &'a str, body: &'static Body, shape: &Shape) -> Form<'a> {
    if pairs(raw).take(FORM_FIELDS_MAX + 1).count() > FORM_FIELDS_MAX {
        return Form::TooMany;
    }
    let mut tree = Node::Object(Vec::new());
    let mut violations = Violations::default();
    for encoding in body.encodings.iter().filter(|encoding| is_styled(encoding)) {
        match styled(raw, encoding, member_shape(shape, encoding.name)) {
            Ok(Given::Absent) => {}
            Ok(Given::Scalar(text)) => tree.insert(&[Cow::Borrowed(encoding.name)], Node::Text(text)),
            Ok(Given::Tree(node)) => tree.insert(&[Cow::Borrowed(encoding.name)], node),
            Err(violation) => violations.push(under(violation, encoding.name)),
        }
    }
    for pair in pairs(raw) {
        let Some((name, value)) = decoded(pair) else {
            violations.push(syntax("holds a broken percent escape"));
            continue;
        };
        let path = path_of(name, shape);
        let top = path.first().cloned().unwrap_or_default();
        let encoding = body.encoding_of(&top);
        if encoding.is_some_and(is_styled) {
            continue;
        }
        let is_json = encoding.and_then(|encoding| encoding.content_type).is_some_and(is_json_type);
        match value_of(value, path.iter().fold(shape, |shape, name| member_shape(shape, name)), is_json) {
            Ok(node) => tree.insert(&path, node),
            Err(violation) => violations.push(under(violation, &top)),
        }
    }
    Form::Read(tree, violations)
}

/// The names that a field's name stands for: itself where the record knows it, else what its brackets hold.
pub(crate) fn path_of<'a>(name: Cow<'a, str>, shape: &Shape) -> Vec<Cow<'a, str>> {
    let is_known = |name: &str| match shape {
        Shape::Record { fields, .. } => fields.iter().any(|(known, _)| *known == name),
        _ => false,
    };
    if !name.contains('[') || is_known(&name) {
        return vec![name];
    }
    match bracketed(&name) {
        Some(path) if path.first().is_some_and(|first| is_known(first) || matches!(shape, Shape::Map(_))) => {
            path
        }
        _ => vec![name],
    }
}

/// The node of one value: JSON where its content type or its looks say so, else a text.
pub(crate) fn value_of<'a>(value: Cow<'a, str>, shape: &Shape, is_json: bool) -> Result<Node<'a>, Violation> {
    let wants_object = match shape {
        Shape::List(items) => is_object(items),
        shape => is_object(shape),
    };
    let looks_json = wants_object && value.trim_start().starts_with(['{', '[']);
    if !is_json && !looks_json {
        return Ok(Node::Text(value));
    }
    match serde_json::from_str::<&serde_json::value::RawValue>(&value) {
        Ok(_) => Ok(Node::Json(value)),
        Err(error) => Err(Violation::new("contentMediaType", format!("must be JSON: {error}"))),
    }
}

/// Whether one of these media types is JSON.
pub(crate) fn is_json_type(media_types: &str) -> bool {
    media::commas(media_types).filter_map(Media::parse).any(|media| is_json_media(&media))
}

/// Whether a media type is JSON.
pub(crate) fn is_json_media(media: &Media<'_>) -> bool {
    let subtype = media.subtype;
    let ending = subtype.len().checked_sub("+json".len()).and_then(|at| subtype.get(at..));
    subtype.eq_ignore_ascii_case("json") || ending.is_some_and(|ending| ending.eq_ignore_ascii_case("+json"))
}

/// The violation of a body that is not what its media type says.
pub(crate) fn syntax(message: impl Into<Cow<'static, str>>) -> Violation {
    let mut violation = Violation::new("syntax", message);
    violation.kind = ViolationKind::Syntax;
    violation
}

/// The same violation, in a field.
pub(crate) fn under(mut violation: Violation, name: &str) -> Violation {
    violation.push(Segment::Key(Cow::Owned(name.to_owned())));
    violation
}

fn is_styled(encoding: &Encoding) -> bool {
    encoding.style.is_some() || encoding.explode.is_some()
}

fn styled<'a>(raw: &'a str, encoding: &Encoding, shape: &Shape) -> Result<Given<'a>, Violation> {
    let style = encoding.style.unwrap_or(Style::Form);
    let explode = encoding.explode.unwrap_or(style == Style::Form);
    find(pairs(raw), &Search { name: encoding.name, style, explode, shape, others: &[] })
}

fn is_object(shape: &Shape) -> bool {
    matches!(shape, Shape::Record { .. } | Shape::Map(_))
}

#[cfg(test)]
mod tests {
    use super::super::body::{encoding, form};
    use super::*;

    static PLAIN: Body = form();
    static STYLED: Body = form().encoding(&[
        encoding("tags").flat(),
        encoding("at").content_type("application/json"),
        encoding("deep").deep_object(),
    ]);

    fn shape() -> Shape {
        let at = || Shape::Record { fields: vec![("x", Shape::Scalar)], extra: None };
        Shape::Record {
            fields: vec![
                ("n", Shape::Scalar),
                ("filter[name]", Shape::Scalar),
                ("tags", Shape::List(Box::new(Shape::Scalar))),
                ("at", at()),
                ("deep", at()),
                ("spots", Shape::List(Box::new(at()))),
            ],
            extra: None,
        }
    }

    fn check(raw: &str, body: &'static Body, expected: &str) {
        let found = match read(raw, body, &shape()) {
            Form::TooMany => "too many".to_owned(),
            Form::Read(tree, violations) => {
                let mut out = String::new();
                tree.write(&shape(), &mut out);
                for one in &violations {
                    out.extend([" ", &one.pointer(), ":", one.keyword]);
                }
                out
            }
        };
        assert_eq!(found, expected, "{raw}");
    }

    #[test]
    fn forms_become_records() {
        check("", &PLAIN, "{}");
        check("n=a+b%26&tags=1&tags=2", &PLAIN, r#"{"n":"a b&","tags":["1","2"]}"#);
        check("tags=1", &PLAIN, r#"{"tags":["1"]}"#);
        check("tags[]=1&tags[]=2", &PLAIN, r#"{"tags":["1","2"]}"#);
        check("at[x]=1&filter[name]=y", &PLAIN, r#"{"at":{"x":"1"},"filter[name]":"y"}"#);
        check("at=%7B%22x%22:1%7D", &PLAIN, r#"{"at":{"x":1}}"#);
        check("spots=%7B%22x%22:1%7D&spots=%7B%22x%22:2%7D", &PLAIN, r#"{"spots":[{"x":1},{"x":2}]}"#);
        check("spots[0][x]=1&spots[1][x]=2", &PLAIN, r#"{"spots":[{"x":"1"},{"x":"2"}]}"#);
        check("spots=%5B%7B%22x%22:1%7D%5D", &PLAIN, r#"{"spots":[{"x":1}]}"#);
        check("spots=%7B%22x%22:1%7D", &PLAIN, r#"{"spots":[{"x":1}]}"#);
        check("at=%7B%7D,%22n%22:%7B%7D", &PLAIN, "{} /at:contentMediaType");
        check("n=%ZZ", &PLAIN, "{} :syntax");
        check(
            "tags=1,2&deep[x]=3&at=%7B%7D&n=4",
            &STYLED,
            r#"{"tags":["1","2"],"deep":{"x":"3"},"at":{},"n":"4"}"#,
        );
        check("at=x", &STYLED, "{} /at:contentMediaType");
        check(&"a=1&".repeat(FORM_FIELDS_MAX + 1), &PLAIN, "too many");
    }
}
