//! The document as a whole: `info`, tags, extensions, and what is said to people.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Compare, both};
use crate::drift::kinds::ChangeKind;
use crate::drift::kinds::operation as kinds;
use crate::drift::mark::words;
use crate::drift::tree::Tree;
use crate::drift::version;

/// Documentation by key.
pub(super) type Docs<'a> = BTreeMap<&'a str, &'a str>;

impl<'a> Compare<'a> {
    /// Compares everything.
    pub(super) fn document(&mut self, old: &'a Tree, new: &'a Tree) {
        self.info(old, new);
        self.tags(old, new);
        self.extensions(
            (&kinds::DOCUMENT_PHOTON_CHANGED, &kinds::DOCUMENT_EXTENSION_CHANGED),
            "the document",
            old,
            new,
        );
        self.schemes(old, new);
        self.paths(old, new);
        self.webhooks(old, new);
    }

    fn info(&mut self, old: &'a Tree, new: &'a Tree) {
        self.words(&kinds::INFO_SAID, "the document", old, new);
        let (old, new) = (old.get("info").unwrap_or(old), new.get("info").unwrap_or(new));
        let (was, is) = (old.text("version").unwrap_or_default(), new.text("version").unwrap_or_default());
        if was != is {
            let kind = match version::order(was, is) {
                Some(order) if order.is_lt() => &kinds::VERSION_RAISED,
                Some(order) if order.is_gt() => &kinds::VERSION_LOWERED,
                _ => &kinds::VERSION_CHANGED,
            };
            let at = |tree: &'a Tree| tree.get("version").unwrap_or(tree);
            self.tell(kind, at(old), at(new), format!("`info.version` is `{is}`; it was `{was}`"));
        }
        let (was, is) = (docs(old), docs(new));
        for (key, kind) in [
            ("title", &kinds::TITLE_CHANGED),
            ("termsOfService", &kinds::TERMS_CHANGED),
            ("contact", &kinds::CONTACT_CHANGED),
            ("license", &kinds::LICENSE_CHANGED),
        ] {
            if was.get(key) != is.get(key) {
                self.tell(kind, old, new, format!("`info.{key}` is another"));
            }
        }
        let rest = |docs: &Docs<'a>| -> Docs<'a> {
            let is_rest = |key: &str| !matches!(key, "title" | "termsOfService" | "contact" | "license");
            docs.iter().filter(|(key, _)| is_rest(key)).map(|(key, mark)| (*key, *mark)).collect()
        };
        let (was, is) = (rest(&was), rest(&is));
        if was != is {
            self.tell(&kinds::INFO_SAID, old, new, format!("{} the document", difference(&was, &is)));
        }
        self.extensions(
            (&kinds::DOCUMENT_PHOTON_CHANGED, &kinds::DOCUMENT_EXTENSION_CHANGED),
            "`info`",
            old,
            new,
        );
    }

    fn tags(&mut self, old: &'a Tree, new: &'a Tree) {
        let (was, is) = (old.get("tags").unwrap_or(old), new.get("tags").unwrap_or(new));
        for (name, left, right) in both(old.map_at("tags"), new.map_at("tags")) {
            match (left, right) {
                (Some(left), Some(right)) => {
                    if !left.same(right) || docs(left) != docs(right) {
                        let message = format!("the tag `{name}` is described in another way");
                        self.tell(&kinds::TAG_CHANGED, left, right, message);
                    }
                }
                (None, Some(right)) => {
                    self.tell(&kinds::TAG_ADDED, was, right, format!("the tag `{name}` is new"));
                }
                (Some(left), None) => {
                    self.tell(&kinds::TAG_REMOVED, left, is, format!("the tag `{name}` is gone"));
                }
                (None, None) => {}
            }
        }
    }

    /// Compares the keys that begin with `x-`; ours matter more.
    pub(super) fn extensions(
        &mut self,
        (ours, others): (&'static ChangeKind, &'static ChangeKind),
        subject: &str,
        old: &'a Tree,
        new: &'a Tree,
    ) {
        for (key, was, is) in both(old.entries(), new.entries()) {
            let is_same = was.zip(is).is_some_and(|(was, is)| was.same(is));
            if is_same || !key.starts_with("x-") || JUDGED.contains(&key) {
                continue;
            }
            let kind = if key.starts_with("x-photon-") { ours } else { others };
            let message = match (was, is) {
                (Some(was), Some(is)) => {
                    format!("`{key}` of {subject} is {}; it was {}", is.shown(), was.shown())
                }
                (None, Some(is)) => format!("`{key}` of {subject} is {}; there was none", is.shown()),
                _ => format!("`{key}` of {subject} is gone"),
            };
            self.tell(kind, was.unwrap_or(old), is.unwrap_or(new), message);
        }
    }

    /// Compares what is said to people.
    pub(super) fn words(&mut self, kind: &'static ChangeKind, subject: &str, old: &'a Tree, new: &'a Tree) {
        let (was, is) = (docs(old), docs(new));
        if was != is {
            self.tell(kind, old, new, format!("{} {subject}", difference(&was, &is)));
        }
    }
}

/// Extensions that have kinds of their own.
const JUDGED: [&str; 4] = ["x-sunset", "x-photon-stream", "x-photon-limits", "x-photon-websocket"];

pub(super) fn docs(tree: &Tree) -> Docs<'_> {
    tree.docs.iter().map(|(key, mark): &(Arc<str>, Arc<str>)| (&**key, &**mark)).collect()
}

/// What is said differently of something, and how: for a sentence that ends with what it is said of.
pub(super) fn difference(was: &Docs<'_>, is: &Docs<'_>) -> String {
    let keys: std::collections::BTreeSet<&str> = was.keys().chain(is.keys()).copied().collect();
    let changed: Vec<&str> = keys.into_iter().filter(|key| was.get(key) != is.get(key)).collect();
    match changed.as_slice() {
        [only] => match (was.get(only), is.get(only)) {
            (None, Some(_)) => format!("there is a {only} of"),
            (Some(_), None) => format!("there is no {only} any more of"),
            (Some(was), Some(is)) if words(was) != words(is) => format!("there is another {only} of"),
            _ => format!("there is another {only} of"),
        },
        _ => format!("there are other {} of", changed.join(", ")),
    }
}
