//! Bodies: whether there is one, and what it is in each media type.

use std::collections::BTreeMap;

use super::{Compare, both};
use crate::drift::kinds::message::request as kinds;
use crate::drift::kinds::{Direction, Pair};
use crate::drift::tree::Tree;

impl<'a> Compare<'a> {
    /// Compares the bodies of a request.
    pub(super) fn body(&mut self, way: Direction, old: &'a Tree, new: &'a Tree) {
        let key = "requestBody";
        let is_required = |tree: &Tree| tree.is_set("required");
        match (old.get(key), new.get(key)) {
            (Some(was), Some(is)) => {
                let (was, is) = (self.old.follow(was), self.new.follow(is));
                self.flag(
                    way,
                    (&kinds::BODY_BECAME_REQUIRED, &kinds::BODY_BECAME_OPTIONAL),
                    "required",
                    ["the body must be there", "the body need not be there any more"],
                    (was, is),
                );
                self.words(kinds::BODY_SAID.of(way), "the body", was, is);
                let extension = kinds::BODY_EXTENSION_CHANGED.of(way);
                self.extensions((extension, extension), "the body", was, is);
                let kinds = Kinds {
                    added: &kinds::MEDIA_TYPE_ADDED,
                    removed: &kinds::MEDIA_TYPE_REMOVED,
                    encoding: &kinds::ENCODING_CHANGED,
                    said: &kinds::BODY_SAID,
                };
                self.content(way, &kinds, "the body", was, is);
            }
            (None, Some(is)) => {
                let (kind, message) = if is_required(self.new.follow(is)) {
                    (&kinds::REQUIRED_BODY_ADDED, "there must be a body")
                } else {
                    (&kinds::BODY_ADDED, "there may be a body")
                };
                self.tell_of(kind, way, old, is, message);
            }
            (Some(was), None) => {
                let is_required = is_required(self.old.follow(was));
                let kind = if is_required { &kinds::REQUIRED_BODY_REMOVED } else { &kinds::BODY_REMOVED };
                self.tell_of(kind, way, was, new, "there is no body any more");
            }
            (None, None) => {}
        }
    }

    /// Compares the media types of a body.
    pub(super) fn content(
        &mut self,
        way: Direction,
        kinds: &Kinds,
        subject: &str,
        old: &'a Tree,
        new: &'a Tree,
    ) {
        let read = |tree: &'a Tree| {
            let media = tree.map_at("content").iter();
            media
                .map(|(name, tree)| (plain(name), (&**name, tree)))
                .collect::<BTreeMap<String, (&str, &Tree)>>()
        };
        let (was, is) = (read(old), read(new));
        let at = |tree: &'a Tree| tree.get("content").unwrap_or(tree);
        for (key, (name, was)) in &was {
            if let Some((_, is)) = is.get(key) {
                let (was, is) = (self.old.follow(was), self.new.follow(is));
                let is_only = old.map_at("content").len() == 1;
                let part = if is_only { subject.to_owned() } else { format!("{subject} as `{name}`") };
                self.within_part(part, |cx| cx.media(way, kinds, was, is));
            } else {
                let message = format!("{subject} is `{name}` no longer");
                self.tell_of(kinds.removed, way, was, at(new), message);
            }
        }
        for (name, tree) in is.iter().filter(|(key, _)| !was.contains_key(*key)).map(|(_, found)| found) {
            let message = format!("{subject} may be `{name}`, too");
            self.tell_of(kinds.added, way, at(old), tree, message);
        }
    }

    fn media(&mut self, way: Direction, kinds: &Kinds, old: &'a Tree, new: &'a Tree) {
        self.schema_below(way, "schema", old, new);
        self.below("*", |cx| cx.schema_below(way, "itemSchema", old, new));
        let subject = self.subject();
        self.words(kinds.said.of(way), &subject, old, new);
        for (name, was, is) in both(old.map_at("encoding"), new.map_at("encoding")) {
            if !was.zip(is).is_some_and(|(was, is)| was.same(is)) {
                let message = format!("`{name}` of {subject} is written in another way");
                self.tell_of(kinds.encoding, way, was.unwrap_or(old), is.unwrap_or(new), message);
            }
        }
        for key in ["prefixEncoding", "itemEncoding"] {
            let (was, is) = (old.get(key), new.get(key));
            if !was.zip(is).map_or(was.is_none() && is.is_none(), |(was, is)| was.same(is)) {
                let message = format!("the items of {subject} are written in another way");
                self.tell_of(kinds.encoding, way, was.unwrap_or(old), is.unwrap_or(new), message);
            }
        }
    }
}

/// What changes of a body are called.
pub(super) struct Kinds {
    pub(super) added: &'static Pair,
    pub(super) removed: &'static Pair,
    pub(super) encoding: &'static Pair,
    pub(super) said: &'static Pair,
}

/// A media type as it is compared: in small letters, without spaces, and without the charset that all texts have.
pub(super) fn plain(name: &str) -> String {
    let name: String = name.chars().filter(|letter| !letter.is_whitespace()).collect();
    name.to_ascii_lowercase().replace(";charset=utf-8", "").replace(";charset=\"utf-8\"", "")
}
