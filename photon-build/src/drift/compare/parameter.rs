//! Parameters: which there are, whether they must be there, and how they are written.

use std::collections::BTreeMap;

use super::Compare;
use super::operation::path_names;
use crate::drift::kinds::message::request as kinds;
use crate::drift::kinds::{Direction, Pair};
use crate::drift::tree::Tree;

/// By place and name; in a path by where it stands, whatever it is called. With the parameter, and where it is listed.
type Parameters<'a> = BTreeMap<(String, String), (&'a Tree, &'a Tree)>;

impl<'a> Compare<'a> {
    /// Compares the parameters of an operation.
    pub(super) fn parameters(&mut self, way: Direction, paths: (&str, &str), old: &'a Tree, new: &'a Tree) {
        let read = |side: super::Side<'a>, tree: &'a Tree, path: &str| {
            let listed = tree.list("parameters").iter();
            listed
                .map(|tree| (key(side.follow(tree), path), (side.follow(tree), tree)))
                .collect::<Parameters<'a>>()
        };
        let (mut was, mut is) = (read(self.old, old, paths.0), read(self.new, new, paths.1));
        let known: Vec<(String, String)> = was.keys().filter(|key| is.contains_key(*key)).cloned().collect();
        for key in known {
            if let (Some((was, _)), Some((is, _))) = (was.remove(&key), is.remove(&key)) {
                self.parameter(way, was, is);
            }
        }
        for ((location, name), (gone, listed)) in was {
            let moved = is.keys().find(|(_, other)| *other == name).cloned();
            if let Some((come, _)) = moved.and_then(|key| is.remove(&key)) {
                let place = come.text("in").unwrap_or_default();
                let message = format!("the parameter `{name}` is in the {place}; it was in the {location}");
                self.tell_of(&kinds::PARAMETER_MOVED, way, gone, come, message);
                self.parameter(way, gone, come);
                continue;
            }
            let kind = match (gone.is_set("deprecated"), is_required(gone)) {
                (true, _) => &kinds::PARAMETER_REMOVED_DEPRECATED,
                (false, true) => &kinds::REQUIRED_PARAMETER_REMOVED,
                (false, false) => &kinds::PARAMETER_REMOVED,
            };
            self.tell_of(kind, way, listed, new, format!("{} is gone", subject(gone)));
        }
        for (come, listed) in is.into_values() {
            let (kind, verb) = if is_required(come) {
                (&kinds::REQUIRED_PARAMETER_ADDED, "is new and must be there")
            } else {
                (&kinds::PARAMETER_ADDED, "is new")
            };
            self.tell_of(kind, way, old, listed, format!("{} {verb}", subject(come)));
        }
    }

    fn parameter(&mut self, way: Direction, old: &'a Tree, new: &'a Tree) {
        let name = subject(new);
        self.flag(
            way,
            (&kinds::PARAMETER_BECAME_REQUIRED, &kinds::PARAMETER_BECAME_OPTIONAL),
            "required",
            [&format!("{name} must be there"), &format!("{name} need not be there any more")],
            (old, new),
        );
        self.flag(
            way,
            (&kinds::PARAMETER_RESERVED_ALLOWED, &kinds::PARAMETER_RESERVED_REFUSED),
            "allowReserved",
            [
                &format!("{name} may hold reserved characters"),
                &format!("{name} may hold reserved characters no longer"),
            ],
            (old, new),
        );
        self.flag(
            way,
            (&kinds::PARAMETER_EMPTY_ALLOWED, &kinds::PARAMETER_EMPTY_REFUSED),
            "allowEmptyValue",
            [&format!("{name} may be empty"), &format!("{name} may be empty no longer")],
            (old, new),
        );
        self.flag(
            way,
            (&kinds::PARAMETER_DEPRECATED, &kinds::PARAMETER_NO_LONGER_DEPRECATED),
            "deprecated",
            [&format!("{name} is deprecated"), &format!("{name} is deprecated no longer")],
            (old, new),
        );
        if !self.style(way, (&kinds::PARAMETER_STYLE_CHANGED, "style"), &name, old, new) {
            self.style(way, (&kinds::PARAMETER_EXPLODE_CHANGED, "explode"), &name, old, new);
        }
        self.carried(way, &kinds::PARAMETER_CARRIER_CHANGED, &name, old, new);
        self.words(kinds::PARAMETER_SAID.of(way), &name, old, new);
        let extension = kinds::PARAMETER_EXTENSION_CHANGED.of(way);
        self.extensions((extension, extension), &name, old, new);
    }

    /// A keyword that is `true` or absent.
    pub(super) fn flag(
        &mut self,
        way: Direction,
        (on, off): (&'static Pair, &'static Pair),
        key: &str,
        [is_on, is_off]: [&str; 2],
        (old, new): (&'a Tree, &'a Tree),
    ) {
        let at = |tree: &'a Tree| tree.get(key).unwrap_or(tree);
        match (old.is_set(key), new.is_set(key)) {
            (false, true) => self.tell_of(on, way, at(old), at(new), is_on),
            (true, false) => self.tell_of(off, way, at(old), at(new), is_off),
            _ => {}
        }
    }

    /// A keyword that says how something is written; true if it is another.
    pub(super) fn style(
        &mut self,
        way: Direction,
        (kind, key): (&'static Pair, &str),
        subject: &str,
        old: &'a Tree,
        new: &'a Tree,
    ) -> bool {
        let shown = |tree: &'a Tree| tree.get(key).map_or_else(|| "the usual one".to_owned(), Tree::shown);
        let (was, is) = (shown(old), shown(new));
        if was != is {
            let at = |tree: &'a Tree| tree.get(key).unwrap_or(tree);
            let message = format!("`{key}` of {subject} is {is}; it was {was}");
            self.tell_of(kind, way, at(old), at(new), message);
        }
        was != is
    }

    /// What a parameter or a header carries: a value by its schema, or one of a media type.
    pub(super) fn carried(
        &mut self,
        way: Direction,
        changed: &'static Pair,
        subject: &str,
        old: &'a Tree,
        new: &'a Tree,
    ) {
        let media = |tree: &'a Tree| tree.map_at("content").first();
        match (media(old), media(new)) {
            (None, None) => self.within_part(subject, |cx| cx.schema_below(way, "schema", old, new)),
            (Some((was, old)), Some((is, new)))
                if super::message::plain(was) == super::message::plain(is) =>
            {
                self.within_part(subject, |cx| cx.schema_below(way, "schema", old, new));
            }
            (was, is) => {
                let name = |media: Option<&'a (std::sync::Arc<str>, Tree)>| {
                    media.map_or_else(|| "of no media type".to_owned(), |(name, _)| format!("`{name}`"))
                };
                let message = format!("{subject} is {}; it was {}", name(is), name(was));
                let at =
                    |media: Option<&'a (std::sync::Arc<str>, Tree)>, tree| media.map_or(tree, |(_, at)| at);
                self.tell_of(changed, way, at(was, old), at(is, new), message);
            }
        }
    }
}

fn is_required(tree: &Tree) -> bool {
    tree.is_set("required") || tree.text("in") == Some("path")
}

fn subject(tree: &Tree) -> String {
    let (name, location) = (tree.text("name").unwrap_or_default(), tree.text("in").unwrap_or_default());
    format!("the parameter `{name}` in the {location}")
}

/// What tells a parameter apart from the others.
fn key(tree: &Tree, path: &str) -> (String, String) {
    let (name, location) = (tree.text("name").unwrap_or_default(), tree.text("in").unwrap_or_default());
    let name = match location {
        "path" => match path_names(path).iter().position(|own| *own == name) {
            Some(at) => at.to_string(),
            None => name.to_owned(),
        },
        // Names of headers have no case.
        "header" => name.to_ascii_lowercase(),
        _ => name.to_owned(),
    };
    (location.to_owned(), name)
}
