//! One segment of a path template: a text, a parameter, or a mix such as `{id}.json` and `{from}:{to}`.

use super::Captures;
use crate::escape;

/// What a segment of a request must be.
#[derive(Debug)]
pub(crate) enum Segment {
    /// This text, once decoded.
    Literal(String),
    /// Texts and parameters.
    Template(Template),
    /// Anything but nothing.
    Parameter,
}

/// A segment of parameters with text around them: `texts[0] {} texts[1] {} texts[2]`. Texts are as a request writes them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    texts: Vec<String>,
    /// What each parameter may be; anything where there is no choice.
    choices: Vec<Vec<String>>,
}

impl Segment {
    pub(crate) fn parse(segment: &str) -> Self {
        let texts = texts(segment);
        match texts.as_slice() {
            [_] => Self::Literal(escape::decode(segment).map_or_else(|| segment.to_owned(), Into::into)),
            [before, after] if before.is_empty() && after.is_empty() => Self::Parameter,
            _ => Self::Template(Template {
                texts: texts.iter().map(|text| as_sent(text)).collect(),
                choices: choices(segment),
            }),
        }
    }
}

impl Template {
    /// How much of a segment the texts settle; then, fewer parameters that may be anything are more exact.
    pub(crate) fn exactness(&self) -> (usize, std::cmp::Reverse<usize>) {
        let free = self.choices.iter().filter(|choices| choices.is_empty()).count();
        (self.texts.iter().map(String::len).sum(), std::cmp::Reverse(free))
    }

    /// Adds the parameters of a segment that fits. Each takes as little as it can, but not nothing; the last the rest.
    pub(crate) fn capture<'r>(&self, segment: &'r str, captures: &mut Captures<'r>) -> bool {
        let [first, between @ .., last] = self.texts.as_slice() else { return false };
        let Some(mut rest) =
            segment.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()))
        else {
            return false;
        };
        for (at, text) in between.iter().enumerate() {
            let choices = self.choices.get(at + 1).map_or(&[][..], Vec::as_slice);
            let Some(end) = end_of_first(rest, text, choices, between.get(at + 1)) else { return false };
            captures.push(&rest[..end]);
            rest = &rest[end + text.len()..];
        }
        captures.push(rest);
        !rest.is_empty()
    }
}

/// Where a parameter ends before `text`, if what follows may be one of `choices` with `after` behind it, or the end.
fn end_of_first(rest: &str, text: &str, choices: &[String], after: Option<&String>) -> Option<usize> {
    if choices.is_empty() {
        return rest.get(1..)?.find(text).map(|at| at + 1);
    }
    let fits = |tail: &str| match after {
        Some(after) => tail.starts_with(after.as_str()),
        None => tail.is_empty(),
    };
    (1..rest.len()).find(|end| {
        let tail = rest.get(*end..).and_then(|tail| tail.strip_prefix(text));
        tail.is_some_and(|tail| {
            choices.iter().filter_map(|choice| tail.strip_prefix(choice.as_str())).any(fits)
        })
    })
}

/// The parameters of a template with the texts that they may be, which are told of those that directly follow another
/// (`{page}{extension=.html|.json}`).
pub(super) fn parameters(template: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let inner = template.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    inner.scan(false, |follows, (inner, after)| {
        let choices = if *follows { inner.split_once('=') } else { None };
        *follows = after.is_empty();
        Some(choices.map_or((inner, None), |(name, choices)| (name, Some(choices))))
    })
}

/// The choices of each parameter of a segment.
fn choices(segment: &str) -> Vec<Vec<String>> {
    let split = |choices: &str| choices.split('|').map(as_sent).collect();
    parameters(segment).map(|(_, choices)| choices.map(split).unwrap_or_default()).collect()
}

/// The texts around the parameters of a piece of a template: one more than there are parameters.
pub(super) fn texts(template: &str) -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut rest = template;
    while let Some((text, (_, tail))) =
        rest.split_once('{').and_then(|(text, tail)| Some((text, tail.split_once('}')?)))
    {
        texts.last_mut().unwrap_or(&mut String::new()).push_str(text);
        texts.push(String::new());
        rest = tail;
    }
    texts.last_mut().unwrap_or(&mut String::new()).push_str(rest);
    texts
}

/// A text of the document as clients send it: escapes that it has stay, what may not stand in a path is escaped.
pub(super) fn as_sent(text: &str) -> String {
    let mut sent = String::with_capacity(text.len());
    escape::encode_but(text, b"!$&'()*+,;=:@%/", &mut sent);
    sent
}
