//! Schemas: types, null, listed values, and what is said of a value as a whole.

use super::shape::{All, Shape};
use super::types::{ANY, ARRAY, INTEGER, NULL, NUMBER, OBJECT, STRING, Types, names};
use super::{Compare, Side};
use crate::drift::kinds::Direction;
use crate::drift::kinds::schema as kinds;
use crate::drift::tree::{Tree, Value};
use crate::schema::ENTITY_KEY;

impl<'a> Compare<'a> {
    /// Compares the schema below a key of two values; where there is none, anything fits.
    pub(super) fn schema_below(&mut self, way: Direction, key: &str, old: &'a Tree, new: &'a Tree) {
        let all = |tree: &'a Tree| tree.get(key).into_iter().collect::<All<'a>>();
        let (old_all, new_all) = (all(old), all(new));
        if !old_all.is_empty() || !new_all.is_empty() {
            self.schemas(way, (old, &old_all), (new, &new_all));
        }
    }

    /// Compares schemas of which all hold. The value beside them stands for them where there are none.
    pub(super) fn schemas(
        &mut self,
        way: Direction,
        (old_at, old): (&'a Tree, &[&'a Tree]),
        (new_at, new): (&'a Tree, &[&'a Tree]),
    ) {
        let (old, new) = (plain(self.old, old), plain(self.new, new));
        let (old_at, new_at) =
            (old.first().copied().unwrap_or(old_at), new.first().copied().unwrap_or(new_at));
        let pointers = |all: &[&Tree]| all.iter().map(|tree| std::ptr::from_ref(*tree)).collect();
        let key = (pointers(&old), pointers(&new), way);
        self.enter(key, old_at, new_at, |cx| {
            let old_shape = Shape::new(cx.old, old_at, &old);
            let new_shape = Shape::new(cx.new, new_at, &new);
            if !cx.choice_of_one(way, (&old_shape, &old), (&new_shape, &new)) {
                cx.shapes(way, &old_shape, &new_shape);
            }
        });
    }

    /// Compares what two schemas demand in all.
    fn shapes(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        self.said(way, old, new);
        if !self.references(way, old, new) {
            return;
        }
        self.nullable(way, old, new);
        if !self.types(way, old, new) {
            return;
        }
        self.listed(way, old, new);
        self.format(way, old, new);
        self.bounds(way, old, new);
        if old.types & new.types & STRING != 0 {
            self.patterns(way, old, new);
        }
        self.carried_content(way, old, new);
        if old.types & new.types & OBJECT != 0 {
            self.object(way, old, new);
        }
        if old.types & new.types & ARRAY != 0 {
            self.array(way, old, new);
        }
        self.choices(way, old, new);
        self.defaults(way, old, new);
    }

    fn nullable(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let (was, is) = (old.types & NULL != 0, new.types & NULL != 0);
        // From or to any type or none, null is not what matters.
        let is_special = |types: Types| types == ANY || types & !NULL == 0;
        if was == is || is_special(old.types) || is_special(new.types) {
            return;
        }
        let (kind, verb) = if is {
            (&kinds::BECAME_NULLABLE, "may be null")
        } else {
            (&kinds::BECAME_NOT_NULLABLE, "may be null no longer")
        };
        let message = format!("{} {verb}", self.subject());
        self.tell_of(kind, way, type_at(old), type_at(new), message);
    }

    /// Compares references that lead nowhere; false where nothing more can be said.
    fn references(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) -> bool {
        let subject = self.subject();
        let word = |tree: &Tree| tree.shown();
        match (old.broken, new.broken) {
            (None, None) => return true,
            (Some(was), Some(is)) if was.same(is) => return true,
            (Some(was), Some(is)) => {
                let message =
                    format!("{subject} is `{}`, which leads nowhere; it was `{}`", word(is), word(was));
                self.tell_of(&kinds::REFERENCE_CHANGED, way, was, is, message);
            }
            (None, Some(is)) => {
                let message = format!("{subject} is `{}`, which leads nowhere", word(is));
                self.tell_of(&kinds::REFERENCE_BROKEN, way, old.at, is, message);
            }
            (Some(was), None) => {
                let message = format!("{subject} was `{}`, which led nowhere", word(was));
                self.tell_of(&kinds::REFERENCE_MENDED, way, was, new.at, message);
            }
        }
        false
    }

    /// Compares the types; false where the two have nothing else in common.
    fn types(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) -> bool {
        let kind = match Self::type_order(old, new) {
            Order::Same => return true,
            Order::Narrower => &kinds::TYPE_NARROWED,
            Order::Wider => &kinds::TYPE_WIDENED,
            Order::Other => &kinds::TYPE_CHANGED,
        };
        let message = format!("{} is {}; it was {}", self.subject(), names(new.types), names(old.types));
        self.tell_of(kind, way, type_at(old), type_at(new), message);
        old.types & new.types & !NULL != 0
    }

    fn type_order(old: &Shape<'a>, new: &Shape<'a>) -> Order {
        let only_null = |types: Types| types == NULL;
        let (was, is) = if only_null(old.types) || only_null(new.types) {
            (old.types, new.types)
        } else {
            (old.types & !NULL, new.types & !NULL)
        };
        match (was & !is, is & !was) {
            (0, 0) => Order::Same,
            (_, 0) => Order::Narrower,
            (0, _) => Order::Wider,
            _ => Order::Other,
        }
    }

    fn listed(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let subject = self.subject();
        match (&old.listed, &new.listed) {
            (None, None) => {}
            (None, Some((values, at))) => {
                let message = format!("{subject} must be {}", shown(values));
                self.tell_of(&kinds::ENUM_ADDED, way, old.at, at, message);
            }
            (Some((values, at)), None) => {
                let message = format!("{subject} need not be {} any more", shown(values));
                self.tell_of(&kinds::ENUM_REMOVED, way, at, new.at, message);
            }
            (Some((was, old_at)), Some((is, new_at))) => {
                if let ([was], [is]) = (was.as_slice(), is.as_slice())
                    && old.is_const
                    && new.is_const
                {
                    if !was.same(is) {
                        let message = format!("{subject} is `{}`; it was `{}`", is.shown(), was.shown());
                        self.tell_of(&kinds::CONST_CHANGED, way, was, is, message);
                    }
                    return;
                }
                for value in is.iter().filter(|value| !was.iter().any(|own| own.same(value))) {
                    let message = format!("{subject} may be `{}`, too", value.shown());
                    self.tell_of(&kinds::ENUM_VALUE_ADDED, way, old_at, value, message);
                }
                for value in was.iter().filter(|value| !is.iter().any(|own| own.same(value))) {
                    let message = format!("{subject} may be `{}` no longer", value.shown());
                    self.tell_of(&kinds::ENUM_VALUE_REMOVED, way, value, new_at, message);
                }
            }
        }
    }

    fn format(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let (was, is) = (old.facts.get("format").copied(), new.facts.get("format").copied());
        let subject = self.subject();
        match (was, is) {
            (Some(was), Some(is)) if !was.same(is) => {
                let rank = |tree: &Tree| match tree.as_text() {
                    Some("int8") => Some((0, 0)),
                    Some("int16") => Some((0, 1)),
                    Some("int32") => Some((0, 2)),
                    Some("int64") => Some((0, 3)),
                    Some("float") => Some((1, 0)),
                    Some("double") => Some((1, 1)),
                    _ => None,
                };
                let kind = match (rank(was), rank(is)) {
                    (Some((old, was)), Some((new, is))) if old == new && is > was => &kinds::FORMAT_WIDENED,
                    (Some((old, _)), Some((new, _))) if old == new => &kinds::FORMAT_NARROWED,
                    _ => &kinds::FORMAT_CHANGED,
                };
                let message =
                    format!("the format of {subject} is `{}`; it was `{}`", is.shown(), was.shown());
                self.tell_of(kind, way, was, is, message);
            }
            (None, Some(is)) => {
                let message = format!("{subject} must be of the format `{}`", is.shown());
                self.tell_of(&kinds::FORMAT_ADDED, way, old.at, is, message);
            }
            (Some(was), None) => {
                let message = format!("{subject} need not be of the format `{}` any more", was.shown());
                self.tell_of(&kinds::FORMAT_REMOVED, way, was, new.at, message);
            }
            _ => {}
        }
    }

    fn carried_content(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        for (key, kind) in [
            ("contentEncoding", &kinds::CONTENT_ENCODING_CHANGED),
            ("contentMediaType", &kinds::CONTENT_MEDIA_TYPE_CHANGED),
            ("xml", &kinds::XML_CHANGED),
        ] {
            self.fact(kind, way, key, old, new);
        }
        match (old.schemas.get("contentSchema"), new.schemas.get("contentSchema")) {
            (Some(was), Some(is)) => self.schemas(way, (old.at, was), (new.at, is)),
            (None, None) => {}
            (was, is) => {
                let at = |all: Option<&All<'a>>, at| all.and_then(|all| all.first().copied()).unwrap_or(at);
                let verb = if is.is_some() { "is described" } else { "is described no longer" };
                let message = format!("the content of {} {verb}", self.subject());
                self.tell_of(&kinds::CONTENT_SCHEMA_CHANGED, way, at(was, old.at), at(is, new.at), message);
            }
        }
    }

    /// A keyword whose value is another, or which is there at all.
    fn fact(
        &mut self,
        kind: &'static crate::drift::kinds::Pair,
        way: Direction,
        key: &str,
        old: &Shape<'a>,
        new: &Shape<'a>,
    ) {
        let (was, is) = (old.facts.get(key).copied(), new.facts.get(key).copied());
        let change = match (was, is) {
            (Some(was), Some(is)) if !was.same(is) => format!("is {}; it was {}", is.shown(), was.shown()),
            (None, Some(is)) => format!("is {}; there was none", is.shown()),
            (Some(was), None) => format!("is gone; it was {}", was.shown()),
            _ => return,
        };
        let message = format!("`{key}` of {} {change}", self.subject());
        self.tell_of(kind, way, was.unwrap_or(old.at), is.unwrap_or(new.at), message);
    }

    fn defaults(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let kind = match (old.facts.get("default"), new.facts.get("default")) {
            (Some(_), Some(_)) => &kinds::DEFAULT_CHANGED,
            (None, Some(_)) => &kinds::DEFAULT_ADDED,
            _ => &kinds::DEFAULT_REMOVED,
        };
        self.fact(kind, way, "default", old, new);
    }

    /// What is said of a value as a whole: flags, extensions, documentation.
    fn said(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let subject = self.subject();
        for (key, on, off, is, is_not) in [
            ("readOnly", &kinds::BECAME_READ_ONLY, &kinds::BECAME_WRITABLE, "is read-only", "can be set"),
            ("writeOnly", &kinds::BECAME_WRITE_ONLY, &kinds::BECAME_READABLE, "is write-only", "can be read"),
            (
                "deprecated",
                &kinds::VALUE_DEPRECATED,
                &kinds::VALUE_NO_LONGER_DEPRECATED,
                "is deprecated",
                "is deprecated no longer",
            ),
        ] {
            let (was_set, is_set) = (old.is_set(key), new.is_set(key));
            if was_set != is_set {
                let at = |shape: &Shape<'a>| shape.facts.get(key).copied().unwrap_or(shape.at);
                let (kind, verb) = if is_set { (on, is) } else { (off, is_not) };
                self.tell_of(kind, way, at(old), at(new), format!("{subject} {verb}"));
            }
        }
        let keys = old.facts.keys().chain(new.facts.keys()).filter(|key| key.starts_with("x-"));
        for key in keys.copied().collect::<std::collections::BTreeSet<&str>>() {
            if key == ENTITY_KEY {
                continue;
            }
            let is_ours = key.starts_with("x-photon-");
            let kind = if is_ours { &kinds::SCHEMA_PHOTON_CHANGED } else { &kinds::SCHEMA_EXTENSION_CHANGED };
            self.fact(kind, way, key, old, new);
        }
        if old.docs != new.docs {
            let message = format!("{} {}", super::document::difference(&old.docs, &new.docs), subject);
            self.tell_of(&kinds::SCHEMA_SAID, way, old.at, new.at, message);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Same,
    Narrower,
    Wider,
    Other,
}

/// Whether only whole numbers fit.
pub(super) fn is_integer(shape: &Shape<'_>) -> bool {
    shape.types & NUMBER == INTEGER
}

fn type_at<'a>(shape: &Shape<'a>) -> &'a Tree {
    shape.type_at.unwrap_or(shape.at)
}

/// The same schemas without those that only refer to others, each once.
fn plain<'a>(side: Side<'a>, all: &[&'a Tree]) -> All<'a> {
    let mut plain: All<'a> = Vec::with_capacity(all.len());
    for tree in all {
        let mut tree = *tree;
        for _ in 0..super::HOPS_MAX {
            let is_bare = tree.entries().len() == 1 && tree.docs.is_empty();
            match tree.text("$ref").filter(|_| is_bare).and_then(|text| side.component(text)) {
                Some(next) => tree = next,
                None => break,
            }
        }
        let is_idle = matches!(tree.value, Value::Bool(true)) && all.len() > 1;
        if !is_idle && !plain.iter().any(|own| std::ptr::eq(*own, tree)) {
            plain.push(tree);
        }
    }
    plain
}

fn shown(values: &[&Tree]) -> String {
    let shown: Vec<String> = values.iter().take(8).map(|value| format!("`{}`", value.shown())).collect();
    let more = if values.len() > 8 { ", .." } else { "" };
    format!("one of {}{more}", shown.join(", "))
}
