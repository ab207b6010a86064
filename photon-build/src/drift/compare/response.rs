//! Responses: statuses, headers, bodies, links.

use std::collections::BTreeMap;

use super::message::Kinds;
use super::{Compare, both};
use crate::drift::kinds::Direction;
use crate::drift::kinds::message::response as kinds;
use crate::drift::tree::Tree;

impl<'a> Compare<'a> {
    /// Compares the responses of an operation.
    pub(super) fn responses(&mut self, way: Direction, old: &'a Tree, new: &'a Tree) {
        let at = |tree: &'a Tree| tree.get("responses").unwrap_or(tree);
        let statuses = both(old.map_at("responses"), new.map_at("responses"));
        for (status, was, is) in statuses.into_iter().filter(|(status, ..)| !status.starts_with("x-")) {
            match (was, is) {
                (Some(was), Some(is)) => {
                    let (was, is) = (self.old.follow(was), self.new.follow(is));
                    self.response(way, status, was, is);
                }
                (None, Some(is)) => {
                    let kind = match status.as_bytes() {
                        [b'1'..=b'3', ..] => &kinds::SUCCESS_STATUS_ADDED,
                        [b'4' | b'5', ..] => &kinds::ERROR_STATUS_ADDED,
                        _ => &kinds::DEFAULT_STATUS_ADDED,
                    };
                    self.tell_of(kind, way, at(old), is, format!("it may answer {}", named(status)));
                }
                (Some(was), None) => {
                    let kind = match status.as_bytes() {
                        [b'1'..=b'3', ..] => &kinds::SUCCESS_STATUS_REMOVED,
                        [b'4' | b'5', ..] => &kinds::ERROR_STATUS_REMOVED,
                        _ => &kinds::DEFAULT_STATUS_REMOVED,
                    };
                    self.tell_of(kind, way, was, at(new), format!("it answers {} no longer", named(status)));
                }
                (None, None) => {}
            }
        }
    }

    fn response(&mut self, way: Direction, status: &str, old: &'a Tree, new: &'a Tree) {
        let subject =
            if status == "default" { "any other answer".to_owned() } else { format!("the answer {status}") };
        self.words(kinds::RESPONSE_SAID.of(way), &subject, old, new);
        let extension = kinds::RESPONSE_EXTENSION_CHANGED.of(way);
        self.extensions((extension, extension), &subject, old, new);
        self.headers(way, &subject, old, new);
        match (old.get("content"), new.get("content")) {
            (None, Some(is)) => {
                self.tell_of(&kinds::RESPONSE_BODY_ADDED, way, old, is, format!("{subject} has a body"));
            }
            (Some(was), None) => {
                let message = format!("{subject} has a body no longer");
                self.tell_of(&kinds::RESPONSE_BODY_REMOVED, way, was, new, message);
            }
            _ => {
                let kinds = Kinds {
                    added: &kinds::RESPONSE_MEDIA_TYPE_ADDED,
                    removed: &kinds::RESPONSE_MEDIA_TYPE_REMOVED,
                    encoding: &kinds::RESPONSE_ENCODING_CHANGED,
                    said: &kinds::RESPONSE_SAID,
                };
                self.content(way, &kinds, &subject, old, new);
            }
        }
        self.links(way, &subject, old, new);
    }

    fn headers(&mut self, way: Direction, subject: &str, old: &'a Tree, new: &'a Tree) {
        let read = |side: super::Side<'a>, tree: &'a Tree| {
            let headers = tree.map_at("headers").iter();
            headers
                .map(|(name, tree)| (name.to_ascii_lowercase(), (&**name, side.follow(tree))))
                // Its media types say it.
                .filter(|(key, _)| key != "content-type")
                .collect::<BTreeMap<String, (&str, &Tree)>>()
        };
        let (was, is) = (read(self.old, old), read(self.new, new));
        for (key, (name, was)) in &was {
            let header = format!("the header `{name}` of {subject}");
            if let Some((_, is)) = is.get(key) {
                self.header(way, &header, was, is);
            } else {
                let kind = match (was.is_set("required"), was.is_set("deprecated")) {
                    (true, _) => &kinds::REQUIRED_HEADER_REMOVED,
                    (false, true) => &kinds::HEADER_REMOVED_DEPRECATED,
                    (false, false) => &kinds::HEADER_REMOVED,
                };
                self.tell_of(kind, way, was, new, format!("{header} is gone"));
            }
        }
        for (name, is) in is.iter().filter(|(key, _)| !was.contains_key(*key)).map(|(_, found)| found) {
            let is_required = is.is_set("required");
            let kind = if is_required { &kinds::REQUIRED_HEADER_ADDED } else { &kinds::HEADER_ADDED };
            self.tell_of(kind, way, old, is, format!("the header `{name}` of {subject} is new"));
        }
    }

    fn header(&mut self, way: Direction, header: &str, old: &'a Tree, new: &'a Tree) {
        self.flag(
            way,
            (&kinds::HEADER_BECAME_REQUIRED, &kinds::HEADER_BECAME_OPTIONAL),
            "required",
            [&format!("{header} is always there"), &format!("{header} need not be there any more")],
            (old, new),
        );
        self.flag(
            way,
            (&kinds::HEADER_DEPRECATED, &kinds::HEADER_NO_LONGER_DEPRECATED),
            "deprecated",
            [&format!("{header} is deprecated"), &format!("{header} is deprecated no longer")],
            (old, new),
        );
        self.style(way, (&kinds::HEADER_STYLE_CHANGED, "explode"), header, old, new);
        self.carried(way, &kinds::HEADER_STYLE_CHANGED, header, old, new);
        self.words(kinds::HEADER_SAID.of(way), header, old, new);
    }

    fn links(&mut self, way: Direction, subject: &str, old: &'a Tree, new: &'a Tree) {
        for (name, was, is) in both(old.map_at("links"), new.map_at("links")) {
            let link = format!("the link `{name}` of {subject}");
            match (was, is) {
                (Some(was), Some(is)) => {
                    let (was, is) = (self.old.follow(was), self.new.follow(is));
                    if !was.same(is) {
                        self.tell_of(&kinds::LINK_CHANGED, way, was, is, format!("{link} leads elsewhere"));
                    }
                    self.words(kinds::RESPONSE_SAID.of(way), &link, was, is);
                }
                (None, Some(is)) => self.tell_of(&kinds::LINK_ADDED, way, old, is, format!("{link} is new")),
                (Some(was), None) => {
                    self.tell_of(&kinds::LINK_REMOVED, way, was, new, format!("{link} is gone"));
                }
                (None, None) => {}
            }
        }
    }
}

fn named(status: &str) -> String {
    if status == "default" { "with any other status".to_owned() } else { status.to_owned() }
}
