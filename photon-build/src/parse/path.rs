//! Path templates: text and parameters between slashes.
//!
//! Knows the text of a template. Must not know which parameters are declared.

use std::sync::Arc;

use crate::source::Span;
use crate::spec::{Part, Path, Segment};

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Braces do not match, or stand empty.
    Braces,
    /// It does not begin with a slash; one was put before it.
    Slash,
    /// A parameter stands in it twice.
    Twice(Arc<str>),
    /// Two parameters follow each other.
    Adjacent,
    /// `?` or `#` was taken off.
    Suffix(Arc<str>),
    /// `%` is not followed by two hexadecimal digits.
    Percent,
}

/// Takes a template apart.
pub(super) fn parse(text: &str, span: Span) -> (Path, Vec<Fault>) {
    let mut faults = Vec::new();
    let (route, suffix) = split_suffix(text);
    if let Some(suffix) = suffix {
        faults.push(Fault::Suffix(suffix.into()));
    }
    if !route.starts_with('/') {
        faults.push(Fault::Slash);
    }
    let mut segments = vec![Segment::default()];
    let mut names: Vec<Arc<str>> = Vec::new();
    let mut rest = route.strip_prefix('/').unwrap_or(route);
    while !rest.is_empty() {
        let end = rest.find(['/', '{', '}']).unwrap_or(rest.len());
        let (literal, after) = rest.split_at(end);
        if !literal.is_empty() {
            push(&mut segments, Part::Literal(literal.into()));
        }
        rest = match after.chars().next() {
            None => break,
            Some('/') => {
                segments.push(Segment::default());
                &after[1..]
            }
            Some('{') if after.find('}').is_some_and(|end| end > 1 && !after[1..end].contains('{')) => {
                let (name, after) = after[1..].split_once('}').unwrap_or((after, ""));
                if names.iter().any(|known| **known == *name) {
                    faults.push(Fault::Twice(name.into()));
                }
                names.push(name.into());
                let segment = segments.last().map(|segment| &segment.parts[..]);
                if matches!(segment, Some([.., Part::Parameter(_)])) {
                    faults.push(Fault::Adjacent);
                }
                push(&mut segments, Part::Parameter(name.into()));
                after
            }
            Some(_) => {
                faults.push(Fault::Braces);
                &after[1..]
            }
        };
    }
    if !percent_is_fine(route) {
        faults.push(Fault::Percent);
    }
    (Path { text: text.into(), segments, suffix: suffix.map(Into::into), span }, faults)
}

/// The template with its parameters' names left out and its text decoded: equal for paths that match the same.
pub(super) fn shape(path: &Path) -> String {
    let mut shape = String::new();
    for segment in &path.segments {
        shape.push('/');
        for part in &segment.parts {
            match part {
                Part::Literal(text) => shape.push_str(&crate::load::uri::percent_decode(text)),
                Part::Parameter(_) => shape.push_str("{}"),
            }
        }
    }
    // Some documents tell operations of one route apart by what follows.
    shape.push_str(path.suffix.as_deref().unwrap_or(""));
    shape
}

/// The template with `{.name}`, `{;name*}` and the like, as RFC 6570 writes styles, as `{name}`, where only that is
/// declared. `None` where nothing is to be changed.
pub(super) fn plain(path: &Path, is_declared: impl Fn(&str) -> bool) -> Option<Path> {
    let mut plain = path.clone();
    let mut changed = false;
    for part in plain.segments.iter_mut().flat_map(|segment| &mut segment.parts) {
        let Part::Parameter(name) = part else { continue };
        let bare = name.trim_start_matches(['.', ';', '+']).trim_end_matches('*');
        if !is_declared(name) && is_declared(bare) {
            *name = bare.into();
            changed = true;
        }
    }
    changed.then_some(plain)
}

/// The names in a template, in order.
pub(super) fn names(path: &Path) -> impl Iterator<Item = &str> {
    path.segments.iter().flat_map(|segment| &segment.parts).filter_map(|part| match part {
        Part::Parameter(name) => Some(&**name),
        Part::Literal(_) => None,
    })
}

fn push(segments: &mut [Segment], part: Part) {
    if let Some(segment) = segments.last_mut() {
        segment.parts.push(part);
    }
}

fn split_suffix(text: &str) -> (&str, Option<&str>) {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '?' | '#' if depth == 0 => return (&text[..at], Some(&text[at..])),
            _ => {}
        }
    }
    (text, None)
}

fn percent_is_fine(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%').all(|(at, _)| {
        bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, expected_faults: &[Fault]) {
        let (path, faults) = parse(text, Span::default());
        let mut shown = String::new();
        for segment in &path.segments {
            shown.push('/');
            for part in &segment.parts {
                match part {
                    Part::Literal(text) => shown.push_str(text),
                    Part::Parameter(name) => shown.extend(["<", name, ">"]),
                }
            }
        }
        assert_eq!((shown.as_str(), &faults[..]), (expected, expected_faults), "{text}");
    }

    #[test]
    fn templates_come_apart() {
        check("/", "/", &[]);
        check("/pets", "/pets", &[]);
        check("/pets/", "/pets/", &[]);
        check("/pets/{id}", "/pets/<id>", &[]);
        check("/a/{id}.json", "/a/<id>.json", &[]);
        check("/{a}:{b}/x", "/<a>:<b>/x", &[]);
        check("/{a}{b}", "/<a><b>", &[Fault::Adjacent]);
        check("pets", "/pets", &[Fault::Slash]);
        check("/a?x={y}", "/a", &[Fault::Suffix("?x={y}".into())]);
        check("/a#b", "/a", &[Fault::Suffix("#b".into())]);
        check("/{a/b}", "/<a/b>", &[]);
        check("/{a}/{a}", "/<a>/<a>", &[Fault::Twice("a".into())]);
        check("/{}", "/", &[Fault::Braces, Fault::Braces]);
        check("/{a", "/a", &[Fault::Braces]);
        check("/a}", "/a", &[Fault::Braces]);
        check("/%zz", "/%zz", &[Fault::Percent]);
    }

    #[test]
    fn shapes_are_equal_where_routes_are() {
        for (left, right, equal) in [
            ("/a/{x}", "/a/{y}", true),
            ("/pets", "/pet%73", true),
            ("/a", "/a/", false),
            ("/{x}.json", "/{x}", false),
            ("/a#b", "/a#c", false),
        ] {
            let shapes = [left, right].map(|text| shape(&parse(text, Span::default()).0));
            assert_eq!(shapes[0] == shapes[1], equal, "{left} {right}");
        }
    }
}
