//! Operations of paths, webhooks and callbacks. A path is the same whatever its parameters are called.

use std::collections::BTreeMap;

use super::{Compare, Entries, Side, both};
use crate::drift::kinds::{ChangeKind, Direction, operation as kinds};
use crate::drift::tree::{Tree, Value};
use crate::lower;
use crate::size::bytes;

/// An operation and where it is found.
#[derive(Clone, Copy)]
struct Found<'a> {
    path: &'a str,
    item: &'a Tree,
    tree: &'a Tree,
}

/// Operations by what tells them apart: the path with its parameters nameless, and the method.
type Operations<'a> = BTreeMap<(String, String), Found<'a>>;

/// Which way the requests of some operations go, and what it means that one comes or goes.
struct Family {
    /// The way of what the request carries.
    way: Direction,
    added: &'static ChangeKind,
    removed: &'static ChangeKind,
    /// Put before names of operations.
    prefix: &'static str,
}

static PATHS: Family = Family {
    way: Direction::Request,
    added: &kinds::OPERATION_ADDED,
    removed: &kinds::OPERATION_REMOVED,
    prefix: "",
};
static WEBHOOKS: Family = Family {
    way: Direction::Response,
    added: &kinds::WEBHOOK_ADDED,
    removed: &kinds::WEBHOOK_REMOVED,
    prefix: "webhook ",
};
static CALLBACKS: Family = Family {
    way: Direction::Response,
    added: &kinds::CALLBACK_ADDED,
    removed: &kinds::CALLBACK_REMOVED,
    prefix: "callback ",
};

impl<'a> Compare<'a> {
    pub(super) fn paths(&mut self, old: &'a Tree, new: &'a Tree) {
        let (was, is) = (old.get("paths").unwrap_or(old), new.get("paths").unwrap_or(new));
        self.operations(&PATHS, "", (was, old.map_at("paths")), (is, new.map_at("paths")));
    }

    pub(super) fn webhooks(&mut self, old: &'a Tree, new: &'a Tree) {
        let (was, is) = (old.get("webhooks").unwrap_or(old), new.get("webhooks").unwrap_or(new));
        self.operations(&WEBHOOKS, "", (was, old.map_at("webhooks")), (is, new.map_at("webhooks")));
    }

    fn operations(
        &mut self,
        family: &'static Family,
        within: &str,
        (old_at, was): (&'a Tree, &'a Entries),
        (new_at, is): (&'a Tree, &'a Entries),
    ) {
        self.items(family, (old_at, was), (new_at, is));
        let (was, mut is) = (operations(was), operations(is));
        for (key, old) in was {
            let method = &key.1;
            if let Some(new) = is.remove(&key) {
                let name = format!("{within}{}{method} {}", family.prefix, new.path);
                self.within_operation(&name, |cx| {
                    if old.path != new.path {
                        let message = format!("the path is `{}`; it was `{}`", new.path, old.path);
                        cx.tell(&kinds::PATH_PARAMETER_RENAMED, old.item, new.item, message);
                    }
                    cx.operation(family, &name, old, new);
                });
            } else {
                let name = format!("{within}{}{method} {}", family.prefix, old.path);
                let (kind, how) = self.removal(family, old.tree);
                self.within_operation(&name, |cx| {
                    cx.tell(kind, old.tree, new_at, format!("it is gone{how}"));
                });
            }
        }
        for ((_, method), new) in is {
            let name = format!("{within}{}{method} {}", family.prefix, new.path);
            self.within_operation(&name, |cx| cx.tell(family.added, old_at, new.tree, "it is new"));
        }
    }

    /// What paths say apart from their operations.
    fn items(
        &mut self,
        family: &Family,
        (_, was): (&'a Tree, &'a Entries),
        (_, is): (&'a Tree, &'a Entries),
    ) {
        for (path, was, is) in both(was, is) {
            if let (Some(was), Some(is)) = (was, is) {
                let subject = format!("{}`{path}`", family.prefix);
                self.words(&kinds::PATH_SAID, &subject, was, is);
                let pair = (&kinds::PATH_EXTENSION_CHANGED, &kinds::PATH_EXTENSION_CHANGED);
                self.extensions(pair, &subject, was, is);
            }
        }
    }

    /// What it means that an operation is gone.
    fn removal(&self, family: &'static Family, old: &Tree) -> (&'static ChangeKind, String) {
        if !std::ptr::eq(family, &raw const PATHS) || !old.is_set("deprecated") {
            return (family.removed, String::new());
        }
        match old.text("x-sunset").filter(|day| is_day(day)) {
            Some(day) if self.today >= &day[..DAY.len()] => {
                (&kinds::OPERATION_REMOVED_AFTER_SUNSET, format!(", as was said for {day}"))
            }
            Some(day) => (&kinds::OPERATION_REMOVED_BEFORE_SUNSET, format!(", and was to stay until {day}")),
            None => (&kinds::OPERATION_REMOVED_DEPRECATED, ", and was deprecated".to_owned()),
        }
    }

    fn operation(&mut self, family: &'static Family, name: &str, old: Found<'a>, new: Found<'a>) {
        let paths = (old.path, new.path);
        let (old, new) = (old.tree, new.tree);
        self.identity(old, new);
        self.life(old, new);
        self.photon(old, new);
        self.words(&kinds::OPERATION_SAID, "it", old, new);
        self.extensions(
            (&kinds::OPERATION_PHOTON_CHANGED, &kinds::OPERATION_EXTENSION_CHANGED),
            "it",
            old,
            new,
        );
        self.parameters(family.way, paths, old, new);
        self.body(family.way, old, new);
        self.responses(family.way.flipped(), old, new);
        // What the server calls is protected and found by its own means.
        if family.way == Direction::Request {
            self.own_security(old, new);
            self.own_servers(old, new);
        }
        for (key, was, is) in both(old.map_at("callbacks"), new.map_at("callbacks")) {
            let empty = &[][..];
            let was = was.map(|tree| self.old.follow(tree));
            let is = is.map(|tree| self.new.follow(tree));
            let within = format!("{name}, {key}: ");
            self.operations(
                &CALLBACKS,
                &within,
                (was.unwrap_or(old), was.map_or(empty, Tree::entries)),
                (is.unwrap_or(new), is.map_or(empty, Tree::entries)),
            );
        }
    }

    fn identity(&mut self, old: &'a Tree, new: &'a Tree) {
        match (old.get("operationId"), new.get("operationId")) {
            (Some(was), Some(is)) if !was.same(is) => {
                let message = format!("its `operationId` is `{}`; it was `{}`", is.shown(), was.shown());
                self.tell(&kinds::OPERATION_ID_CHANGED, was, is, message);
            }
            (None, Some(is)) => {
                let message = format!("its `operationId` is `{}`; it had none", is.shown());
                self.tell(&kinds::OPERATION_ID_ADDED, old, is, message);
            }
            (Some(was), None) => {
                let message = format!("it has the `operationId` `{}` no longer", was.shown());
                self.tell(&kinds::OPERATION_ID_REMOVED, was, new, message);
            }
            _ => {}
        }
        let (was, is) = (old.list("tags"), new.list("tags"));
        for tag in is.iter().filter(|tag| !was.iter().any(|own| own.same(tag))) {
            let message = format!("it has the tag `{}`", tag.shown());
            self.tell(&kinds::OPERATION_TAG_ADDED, old, tag, message);
        }
        for tag in was.iter().filter(|tag| !is.iter().any(|own| own.same(tag))) {
            let message = format!("it has the tag `{}` no longer", tag.shown());
            self.tell(&kinds::OPERATION_TAG_REMOVED, tag, new, message);
        }
    }

    /// Whether it is deprecated, and until when it stays.
    fn life(&mut self, old: &'a Tree, new: &'a Tree) {
        let at = |tree: &'a Tree, key: &str| tree.get(key).unwrap_or(tree);
        let (was, is) = (old.is_set("deprecated"), new.is_set("deprecated"));
        if was != is {
            let (kind, message) = if is {
                (&kinds::OPERATION_DEPRECATED, "it is deprecated")
            } else {
                (&kinds::OPERATION_NO_LONGER_DEPRECATED, "it is deprecated no longer")
            };
            self.tell(kind, at(old, "deprecated"), at(new, "deprecated"), message);
        }
        let (kind, message) = match (old.get("x-sunset"), new.get("x-sunset")) {
            (None, Some(is)) => (&kinds::SUNSET_ADDED, format!("it stays until {}", is.shown())),
            (Some(was), None) => (&kinds::SUNSET_REMOVED, format!("it stays, also after {}", was.shown())),
            (Some(was), Some(is)) if !was.same(is) => {
                let message = format!("it stays until {}; it was to stay until {}", is.shown(), was.shown());
                // Days are written so that their texts have their order.
                let is_earlier = is.as_text() < was.as_text();
                (if is_earlier { &kinds::SUNSET_EARLIER } else { &kinds::SUNSET_LATER }, message)
            }
            _ => return,
        };
        self.tell(kind, at(old, "x-sunset"), at(new, "x-sunset"), message);
    }

    /// The extensions that change what travels.
    fn photon(&mut self, old: &'a Tree, new: &'a Tree) {
        let at = |tree: &'a Tree, key: &str| tree.get(key).unwrap_or(tree);
        let key = "x-photon-stream";
        let (was, is) = (old.is_set(key), new.is_set(key));
        // Where there is nothing to choose it is the server's own way of sending and reading the same.
        if was != is && has_choice(self.old, old) && has_choice(self.new, new) {
            let kind = if is { &kinds::STREAM_TURNED_ON } else { &kinds::STREAM_TURNED_OFF };
            let message = if is { "its answer is a stream" } else { "its answer is a stream no longer" };
            self.tell(kind, at(old, key), at(new, key), message);
        }
        let key = "x-photon-limits";
        let limit = |tree: &'a Tree| tree.get(key)?.get("body").and_then(size);
        let shown = |tree: &'a Tree| tree.get(key).map_or_else(|| "absent".to_owned(), Tree::shown);
        let kind = match (limit(old), limit(new)) {
            (Some(was), Some(is)) if is < was => Some(&kinds::BODY_LIMIT_LOWERED),
            (Some(was), Some(is)) if is > was => Some(&kinds::BODY_LIMIT_RAISED),
            (Some(_), Some(_)) | (None, None) => None,
            _ => Some(&kinds::OPERATION_PHOTON_CHANGED),
        };
        if let Some(kind) = kind {
            let message = format!("`{key}` is {}; it was {}", shown(new), shown(old));
            self.tell(kind, at(old, key), at(new, key), message);
        }
        self.websocket(old, new);
    }

    fn websocket(&mut self, old: &'a Tree, new: &'a Tree) {
        match (old.get("x-photon-websocket"), new.get("x-photon-websocket")) {
            (Some(was), Some(is)) => {
                for (key, way) in [("receive", Direction::Request), ("send", Direction::Response)] {
                    let part = format!("the messages that the server {}s", key.trim_end_matches('s'));
                    self.within_part(part, |cx| cx.schema_below(way, key, was, is));
                }
            }
            (None, Some(is)) => self.tell(&kinds::WEBSOCKET_ADDED, old, is, "it is a WebSocket"),
            (Some(was), None) => {
                self.tell(&kinds::WEBSOCKET_REMOVED, was, new, "it is a WebSocket no longer");
            }
            (None, None) => {}
        }
    }
}

/// Whether an answer in success comes in one piece or as a stream.
fn has_choice(side: Side<'_>, operation: &Tree) -> bool {
    let answers = operation.map_at("responses").iter().filter(|(status, _)| status.starts_with('2'));
    let mut kinds = answers.map(|(_, answer)| {
        let content = side.follow(answer).map_at("content");
        let streams = content.iter().filter(|(media_type, _)| lower::is_stream(media_type)).count();
        (streams, content.len() - streams)
    });
    kinds.any(|(streams, others)| streams > 0 && others > 0)
}

/// How days are written.
const DAY: &str = "2026-11-25";

fn is_day(text: &str) -> bool {
    let matches =
        |(letter, shape): (u8, u8)| if shape == b'-' { letter == b'-' } else { letter.is_ascii_digit() };
    text.len() >= DAY.len() && text.bytes().zip(DAY.bytes()).all(matches)
}

/// A size as `x-photon-limits` has it.
fn size(tree: &Tree) -> Option<u64> {
    match &tree.value {
        Value::Number(number) => number.as_u64(),
        Value::Text(text) => bytes(text),
        _ => None,
    }
}

fn operations(items: &Entries) -> Operations<'_> {
    let mut operations = Operations::new();
    for (path, item) in items {
        for (method, tree) in item.entries().iter().filter(|(key, _)| !key.starts_with("x-")) {
            let (method, nameless) = (method.to_uppercase(), nameless(path));
            let found = Found { path, item, tree };
            let taken = operations.contains_key(&(nameless.clone(), method.clone()));
            // Of two paths that differ in names only, the second goes by its name.
            let key = if taken { path.to_string() } else { nameless };
            operations.insert((key, method), found);
        }
    }
    operations
}

/// A path with `{}` for each parameter.
fn nameless(path: &str) -> String {
    let mut nameless = String::with_capacity(path.len());
    let mut is_name = false;
    for letter in path.chars() {
        match letter {
            '{' => (is_name, nameless) = (true, nameless + "{"),
            '}' => (is_name, nameless) = (false, nameless + "}"),
            _ if is_name => {}
            letter => nameless.push(letter),
        }
    }
    nameless
}

/// The names of the parameters of a path, in order.
pub(super) fn path_names(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.trim_end_matches('+'))
        .collect()
}
