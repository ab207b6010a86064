//! Finds a parameter among the pairs of a query, of an urlencoded form or of the cookies.
//!
//! Names are case-sensitive; pairs that nobody asks for are ignored. This module knows no type.

use std::borrow::Cow;

use super::pairs::{Node, bracketed};
use super::style::{self, Given, Style, Unescape, bad_escape, is_list, is_object, repeated};
use crate::escape;
use crate::model::{Shape, Violation};

/// How one name is to be found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Search<'s> {
    pub(crate) name: &'s str,
    pub(crate) style: Style,
    pub(crate) explode: bool,
    pub(crate) shape: &'s Shape,
    /// Names that belong to others, for objects that keep what they do not know.
    pub(crate) others: &'s [&'s str],
}

/// The pairs of a query or an urlencoded form, as written; empty ones are skipped.
pub(crate) fn pairs(raw: &str) -> impl Iterator<Item = (&str, &str)> + Clone {
    raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Finds a parameter in a query or a form.
pub(crate) fn find<'a>(
    pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    search: &Search<'_>,
) -> Result<Given<'a>, Violation> {
    let delimiters: &[&str] = match search.style {
        Style::Deep => return deep(pairs, search),
        Style::Space => &["%20", "+"],
        Style::Pipe => &["|", "%7C", "%7c"],
        _ => &[","],
    };
    if search.explode && is_object(search.shape) {
        return spread(pairs, search, escape::decode_form);
    }
    let values =
        pairs.filter(|(key, _)| is_named(key, search.name, escape::decode_form)).map(|(_, value)| value);
    of_values(values, delimiters, search, escape::decode_form)
}

/// Finds a cookie: in style `form`, it is percent-encoded but knows no `+`; in style `cookie`, it is as it is.
pub(crate) fn find_cookie<'a>(
    cookies: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    search: &Search<'_>,
) -> Result<Given<'a>, Violation> {
    let is_verbatim = search.style == Style::Cookie;
    let unescape = if is_verbatim { style::verbatim } else { escape::decode };
    let is_spread = search.explode && (is_list(search.shape) || is_object(search.shape));
    if is_verbatim && is_spread && is_object(search.shape) {
        return spread(cookies, search, unescape);
    }
    if is_verbatim || !is_spread {
        let values = cookies.filter(|(key, _)| *key == search.name).map(|(_, value)| value);
        return of_values(values, &[","], search, unescape);
    }
    // Exploded, style `form` writes several pairs into one cookie: `color=blue&color=black`.
    let pairs = cookies.flat_map(|(name, value)| {
        value.split('&').enumerate().filter_map(move |(index, piece)| {
            if index == 0 { Some((name, piece)) } else { piece.split_once('=') }
        })
    });
    if is_object(search.shape) {
        return spread(pairs, search, unescape);
    }
    let values = pairs.filter(|(key, _)| is_named(key, search.name, unescape)).map(|(_, value)| value);
    of_values(values, &[","], search, unescape)
}

/// Whether a name as written is this name.
pub(crate) fn is_named(raw: &str, name: &str, unescape: Unescape) -> bool {
    raw == name
        || (raw.bytes().any(|byte| byte == b'%' || byte == b'+') && unescape(raw).as_deref() == Some(name))
}

fn of_values<'a>(
    mut values: impl Iterator<Item = &'a str> + Clone,
    delimiters: &[&str],
    search: &Search<'_>,
    unescape: Unescape,
) -> Result<Given<'a>, Violation> {
    let all = values.clone();
    let Some(first) = values.next() else { return Ok(Given::Absent) };
    let is_single = values.next().is_none();
    let may_repeat = is_list(search.shape) || *search.shape == Shape::Any;
    match (search.explode, is_single) {
        (true, true) if is_list(search.shape) => style::list(all, unescape),
        (true, false) if may_repeat => style::list(all, unescape),
        (_, true) => style::delimited(first, delimiters, false, search.shape, unescape),
        (_, false) => Err(repeated()),
    }
}

/// An exploded object: its members are names of their own.
fn spread<'a>(
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
    search: &Search<'_>,
    unescape: Unescape,
) -> Result<Given<'a>, Violation> {
    let mut object = Node::Object(Vec::new());
    let mut is_found = false;
    for (raw, value) in pairs {
        // A name that cannot be decoded is nobody's.
        let Some(name) = unescape(raw) else { continue };
        let is_member = match search.shape {
            Shape::Record { fields, extra } => {
                extra.is_some() || fields.iter().any(|(known, _)| *known == name)
            }
            _ => true,
        };
        // A name that a parameter has is that parameter's.
        if is_member && !search.others.contains(&&*name) {
            is_found = true;
            object.insert(&[name], Node::Text(unescape(value).ok_or_else(bad_escape)?));
        }
    }
    Ok(if is_found { Given::Tree(object) } else { Given::Absent })
}

/// `color[R]=100&color[G]=200`, deeper too.
fn deep<'a>(
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
    search: &Search<'_>,
) -> Result<Given<'a>, Violation> {
    let mut tree = Node::Object(Vec::new());
    let mut is_found = false;
    for (raw, value) in pairs {
        let Some(name) = escape::decode_form(raw) else { continue };
        let Some(brackets) = name.strip_prefix(search.name).filter(|rest| rest.starts_with('[')) else {
            continue;
        };
        let path =
            bracketed(brackets).ok_or_else(|| Violation::new("style", "must nest by closed brackets"))?;
        let value = escape::decode_form(value).ok_or_else(bad_escape)?;
        is_found = true;
        // The first is what stands before the brackets: nothing.
        tree.insert(path.get(1..).unwrap_or_default(), Node::Text(value));
    }
    Ok(if is_found { Given::Tree(tree) } else { Given::Absent })
}

/// A name and a value, both decoded; None where the escapes are broken.
pub(crate) fn decoded<'a>((name, value): (&'a str, &'a str)) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
    Some((escape::decode_form(name)?, escape::decode_form(value)?))
}

#[cfg(test)]
mod tests {
    use super::super::cookie::cookies;
    use super::*;

    fn show(given: Result<Given<'_>, Violation>, shape: &Shape) -> String {
        match given {
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

    fn shapes(letter: char) -> Shape {
        let scalar = || Shape::Scalar;
        match letter {
            's' => scalar(),
            'a' => Shape::Any,
            'l' => Shape::List(Box::new(scalar())),
            'm' => Shape::Map(Box::new(scalar())),
            'k' => Shape::Record { fields: vec![("R", scalar())], extra: Some(Box::new(scalar())) },
            _ => Shape::Record {
                fields: vec![("R", scalar()), ("G", scalar()), ("tags", Shape::List(Box::new(scalar())))],
                extra: None,
            },
        }
    }

    #[test]
    fn queries_are_read_in_every_style() {
        use Style::{Deep, Form, Pipe, Space};
        let cases = [
            ("c=blue", Form, true, 's', "\"blue\""),
            ("c=", Form, true, 's', "\"\""),
            ("c", Form, true, 's', "\"\""),
            ("C=blue", Form, true, 's', "absent"),
            ("", Form, true, 's', "absent"),
            ("&&x=1&c=a=b&", Form, true, 's', "\"a=b\""),
            ("%63=1", Form, true, 's', "\"1\""),
            ("c=a+b%2B", Form, true, 's', "\"a b+\""),
            ("c=a;b,d", Form, true, 's', "\"a;b,d\""),
            ("c=%FF", Form, true, 's', "encoding"),
            ("c=%zz", Form, true, 's', "encoding"),
            ("c=1&c=2", Form, true, 's', "type"),
            ("c=1&c=2", Form, false, 's', "type"),
            ("c=1&c=2", Form, true, 'a', r#"["1","2"]"#),
            ("c=1", Form, true, 'a', "\"1\""),
            ("c=a,b&c=d", Form, true, 'l', r#"["a,b","d"]"#),
            ("c=a%2Cb,d", Form, false, 'l', r#"["a,b","d"]"#),
            ("c=", Form, false, 'l', "[]"),
            ("c=", Form, true, 'l', r#"[""]"#),
            ("c=1&c=2", Form, false, 'l', "type"),
            ("R=1&x=9&G=2", Form, true, 'o', r#"{"R":"1","G":"2"}"#),
            ("tags=1&tags=2", Form, true, 'o', r#"{"tags":["1","2"]}"#),
            ("x=9", Form, true, 'o', "absent"),
            ("R=1&x=9&other=7", Form, true, 'k', r#"{"R":"1","x":"9"}"#),
            ("x=9&other=7", Form, true, 'm', r#"{"x":"9"}"#),
            ("c=R,1,G,2", Form, false, 'o', r#"{"R":"1","G":"2"}"#),
            ("c=R,1,G", Form, false, 'o', "style"),
            ("c=a%20b+d", Space, false, 'l', r#"["a","b","d"]"#),
            ("c=R%201", Space, false, 'o', r#"{"R":"1"}"#),
            ("c=a%7Cb|d%7ce", Pipe, false, 'l', r#"["a","b","d","e"]"#),
            ("c=a&c=b", Pipe, true, 'l', r#"["a","b"]"#),
            ("c[R]=1&c%5BG%5D=2&x[R]=3", Deep, true, 'o', r#"{"R":"1","G":"2"}"#),
            ("c[tags][]=1&c[tags][]=2", Deep, true, 'o', r#"{"tags":["1","2"]}"#),
            ("c[tags]=1&c[tags]=2", Deep, true, 'o', r#"{"tags":["1","2"]}"#),
            ("c[a][b]=1", Deep, true, 'm', r#"{"a":{"b":"1"}}"#),
            ("c[R=1", Deep, true, 'o', "style"),
            ("c=1", Deep, true, 'o', "absent"),
        ];
        for (raw, style, explode, letter, expected) in cases {
            let shape = shapes(letter);
            let search = Search { name: "c", style, explode, shape: &shape, others: &["other"] };
            assert_eq!(
                show(find(pairs(raw), &search), &shape),
                expected,
                "{raw} {style:?} {explode} {letter}"
            );
        }
    }

    #[test]
    fn cookies_are_read() {
        use Style::{Cookie, Form};
        let cases = [
            ("a=1; c=abc", Form, true, 's', "\"abc\""),
            ("c=a%20b+d&e", Form, true, 's', "\"a b+d&e\""),
            ("C=1", Form, true, 's', "absent"),
            ("c=1; c=2", Form, true, 's', "type"),
            ("c=1,2,3", Form, false, 'l', r#"["1","2","3"]"#),
            ("c=1&c=2", Form, true, 'l', r#"["1","2"]"#),
            ("c=1; c=2", Form, true, 'l', r#"["1","2"]"#),
            ("c=R,100,G,200", Form, false, 'o', r#"{"R":"100","G":"200"}"#),
            ("R=100&G=200; x=1", Form, true, 'o', r#"{"R":"100","G":"200"}"#),
            ("a=1; c=a%20b+d&c=e", Cookie, true, 's', "\"a%20b+d&c=e\""),
            ("c=1; c=2", Cookie, true, 's', "type"),
            ("c=%zz; c=2,3", Cookie, true, 'l', r#"["%zz","2,3"]"#),
            ("c=%2C,2", Cookie, false, 'l', r#"["%2C","2"]"#),
            ("c=R,100,G,200", Cookie, false, 'o', r#"{"R":"100","G":"200"}"#),
            ("R=1%30; x=1; G=2&R=3", Cookie, true, 'o', r#"{"R":"1%30","G":"2&R=3"}"#),
            ("x=1", Cookie, true, 'o', "absent"),
        ];
        for (raw, style, explode, letter, expected) in cases {
            let shape = shapes(letter);
            let search = Search { name: "c", style, explode, shape: &shape, others: &[] };
            let headers = [raw.as_bytes()];
            let given = find_cookie(cookies(headers.iter().copied()), &search);
            assert_eq!(show(given, &shape), expected, "{raw} {style:?} {explode} {letter}");
        }
    }
}
