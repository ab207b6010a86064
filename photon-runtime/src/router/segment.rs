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
}

impl Segment {
    pub(crate) fn parse(segment: &str) -> Self {
        let texts = texts(segment);
        match texts.as_slice() {
            [_] => Self::Literal(escape::decode(segment).map_or_else(|| segment.to_owned(), Into::into)),
            [before, after] if before.is_empty() && after.is_empty() => Self::Parameter,
            _ => Self::Template(Template { texts: texts.iter().map(|text| as_sent(text)).collect() }),
        }
    }
}

impl Template {
    /// How much of a segment the texts settle; then, fewer parameters are more exact.
    pub(crate) fn exactness(&self) -> (usize, std::cmp::Reverse<usize>) {
        (self.texts.iter().map(String::len).sum(), std::cmp::Reverse(self.texts.len()))
    }

    /// Adds the parameters of a segment that fits. Each takes as little as it can, but not nothing; the last the rest.
    pub(crate) fn capture<'r>(&self, segment: &'r str, captures: &mut Captures<'r>) -> bool {
        let [first, between @ .., last] = self.texts.as_slice() else { return false };
        let Some(mut rest) =
            segment.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()))
        else {
            return false;
        };
        for text in between {
            let Some(end) = rest.get(1..).and_then(|tail| tail.find(text.as_str())).map(|at| at + 1) else {
                return false;
            };
            captures.push(&rest[..end]);
            rest = &rest[end + text.len()..];
        }
        captures.push(rest);
        !rest.is_empty()
    }
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
