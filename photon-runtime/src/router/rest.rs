//! The end of a path template from a parameter on that takes slashes too: `{key+}`, `{key+}/acl`, `v-{key+}:{verb}`.

use std::cmp::Reverse;

use super::Captures;
use super::segment::{as_sent, texts};

/// What the rest of a path must be: `before[0] {} before[1] {} .. {key+} after[0] {} .. after[n]`, where parameters
/// other than the greedy one hold no slash. Texts are as a request writes them, slashes included.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rest {
    before: Vec<String>,
    after: Vec<String>,
}

impl Rest {
    /// The end of a template, if its first segment has a parameter that takes slashes.
    pub(super) fn parse(template: &str) -> Option<Self> {
        let segment = template.split('/').next()?;
        let start = segment.match_indices("+}").find_map(|(end, _)| segment[..end].rfind('{'))?;
        let (before, greedy) = template.split_at(start);
        let (_, after) = greedy.split_once("+}")?;
        let sent = |text: &str| texts(text).iter().map(|text| as_sent(text)).collect();
        Some(Self { before: sent(before), after: sent(after) })
    }

    /// How much of a path the texts settle; then, fewer parameters are more exact.
    pub(super) fn exactness(&self) -> (usize, Reverse<usize>) {
        let texts = || self.before.iter().chain(&self.after);
        (texts().map(String::len).sum(), Reverse(texts().count()))
    }

    /// Adds the parameters of a rest that fits. The greedy one takes all that the others leave, but not nothing.
    pub(super) fn capture<'r>(&self, rest: &'r str, captures: &mut Captures<'r>) -> bool {
        let Some((first, between)) = self.before.split_first() else { return false };
        let Some(mut rest) = rest.strip_prefix(first.as_str()) else { return false };
        for text in between {
            let Some(end) = rest.get(1..).and_then(|tail| tail.find(text.as_str())).map(|at| at + 1) else {
                return false;
            };
            if rest[..end].contains('/') {
                return false;
            }
            captures.push(&rest[..end]);
            rest = &rest[end + text.len()..];
        }
        capture_back(&self.after, rest, captures)
    }
}

/// Takes the parameters after the greedy one from the end, each as little as it can.
fn capture_back<'r>(texts: &[String], rest: &'r str, captures: &mut Captures<'r>) -> bool {
    let Some((last, texts)) = texts.split_last() else { return false };
    let Some(rest) = rest.strip_suffix(last.as_str()) else { return false };
    let Some(text) = texts.last() else {
        captures.push(rest);
        return !rest.is_empty();
    };
    let found = rest.char_indices().next_back().and_then(|(end, _)| rest[..end].rfind(text.as_str()));
    let Some(end) = found.map(|at| at + text.len()) else { return false };
    let (rest, piece) = rest.split_at(end);
    if piece.contains('/') || !capture_back(texts, rest, captures) {
        return false;
    }
    captures.push(piece);
    true
}
