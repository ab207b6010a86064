//! Objects and arrays: properties, items, and what else may be among them.

use std::collections::BTreeSet;

use super::shape::{All, Shape};
use super::{Compare, Side};
use crate::drift::kinds::Direction;
use crate::drift::kinds::Pair;
use crate::drift::kinds::schema as kinds;
use crate::drift::tree::{Tree, Value};

impl<'a> Compare<'a> {
    /// Compares what two objects have.
    pub(super) fn object(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let names: BTreeSet<&'a str> = [&old.properties, &new.properties]
            .into_iter()
            .flat_map(|properties| properties.keys())
            .chain(old.required.keys())
            .chain(new.required.keys())
            .copied()
            .collect();
        for name in names {
            self.property(way, name, old, new);
        }
        let closed = (&kinds::ADDITIONAL_PROPERTIES_CLOSED, &kinds::ADDITIONAL_PROPERTIES_OPENED);
        self.rest(way, "additionalProperties", "properties", closed, old, new);
        let closed = (&kinds::UNEVALUATED_PROPERTIES_CLOSED, &kinds::UNEVALUATED_PROPERTIES_OPENED);
        self.rest(way, "unevaluatedProperties", "properties that no branch describes", closed, old, new);
        self.by_name(
            way,
            (&kinds::PATTERN_PROPERTY_ADDED, &kinds::PATTERN_PROPERTY_REMOVED),
            "properties that match",
            (old, &old.pattern_properties),
            (new, &new.pattern_properties),
        );
        self.by_name(
            way,
            (&kinds::DEPENDENT_SCHEMA_ADDED, &kinds::DEPENDENT_SCHEMA_REMOVED),
            "what comes with",
            (old, &old.dependent_schemas),
            (new, &new.dependent_schemas),
        );
        self.optional(
            way,
            "propertyNames",
            (&kinds::PROPERTY_NAMES_ADDED, &kinds::PROPERTY_NAMES_REMOVED),
            old,
            new,
        );
        self.dependent(way, old, new);
    }

    fn property(&mut self, way: Direction, name: &'a str, old: &Shape<'a>, new: &Shape<'a>) {
        let (was, is) = (old.properties.get(name), new.properties.get(name));
        let (was_required, is_required) = (old.required.get(name).copied(), new.required.get(name).copied());
        let (had, has) = (was.is_some() || was_required.is_some(), is.is_some() || is_required.is_some());
        let first = |all: Option<&All<'a>>, at| all.and_then(|all| all.first().copied()).unwrap_or(at);
        match (had, has) {
            (true, true) => {
                let (was, is) = (was.map_or(&[][..], Vec::as_slice), is.map_or(&[][..], Vec::as_slice));
                self.below(name, |cx| {
                    if !was.is_empty() || !is.is_empty() {
                        cx.schemas(way, (old.at, was), (new.at, is));
                    }
                });
                let old_at = was_required.or(was.first().copied()).unwrap_or(old.at);
                let new_at = is_required.or(is.first().copied()).unwrap_or(new.at);
                let (kind, verb) = match (was_required.is_some(), is_required.is_some()) {
                    (false, true) => (&kinds::PROPERTY_BECAME_REQUIRED, "must be there"),
                    (true, false) => (&kinds::PROPERTY_BECAME_OPTIONAL, "need not be there any more"),
                    _ => return,
                };
                if !self.is_unseen(way, was, is) {
                    self.tell_property(kind, way, name, (old_at, new_at), verb);
                }
            }
            (false, true) => {
                let at = first(is, is_required.unwrap_or(new.at));
                let (kind, verb) = match (is, is_required) {
                    (None, Some(_)) => (&kinds::PROPERTY_BECAME_REQUIRED, "must be there"),
                    (Some(_), Some(_)) => (&kinds::REQUIRED_PROPERTY_ADDED, "is new and must be there"),
                    (_, None) => (&kinds::PROPERTY_ADDED, "is new"),
                };
                let is = is.map_or(&[][..], Vec::as_slice);
                if !self.is_unseen(way, &[], is) {
                    self.tell_property(kind, way, name, (old.at, at), verb);
                }
            }
            _ => {
                let at = first(was, was_required.unwrap_or(old.at));
                let (kind, verb) = match (was, was_required, new.is_closed()) {
                    (None, Some(_), _) => (&kinds::PROPERTY_BECAME_OPTIONAL, "need not be there any more"),
                    (_, Some(_), true) => {
                        (&kinds::REQUIRED_PROPERTY_REFUSED, "is gone, and no others are allowed")
                    }
                    (_, Some(_), false) => (&kinds::REQUIRED_PROPERTY_REMOVED, "is gone"),
                    (_, None, true) => (&kinds::PROPERTY_REFUSED, "is gone, and no others are allowed"),
                    (Some(was), None, false) if is_flagged(self.old, "deprecated", was) => {
                        (&kinds::PROPERTY_REMOVED_DEPRECATED, "is gone, and was deprecated")
                    }
                    (_, None, false) => (&kinds::PROPERTY_REMOVED, "is gone"),
                };
                let was = was.map_or(&[][..], Vec::as_slice);
                if !self.is_unseen(way, was, &[]) {
                    self.tell_property(kind, way, name, (at, new.at), verb);
                }
            }
        }
    }

    fn tell_property(
        &mut self,
        kind: &'static Pair,
        way: Direction,
        name: &str,
        (old, new): (&Tree, &Tree),
        verb: &str,
    ) {
        self.path.push(name.to_owned());
        let message = format!("{} {verb}", self.subject());
        self.path.pop();
        self.tell_of(kind, way, old, new, message);
    }

    /// Whether a property does not travel this way: what is read-only is not sent, what is write-only not received.
    fn is_unseen(&self, way: Direction, was: &[&'a Tree], is: &[&'a Tree]) -> bool {
        let flag = if way == Direction::Request { "readOnly" } else { "writeOnly" };
        let (was_flagged, is_flagged) = (is_flagged(self.old, flag, was), is_flagged(self.new, flag, is));
        (was_flagged || was.is_empty()) && (is_flagged || is.is_empty()) && (was_flagged || is_flagged)
    }

    /// What else may be in an object or an array: nothing, anything, or what fits a schema.
    fn rest(
        &mut self,
        way: Direction,
        key: &'static str,
        what: &str,
        (closed, opened): (&'static Pair, &'static Pair),
        old: &Shape<'a>,
        new: &Shape<'a>,
    ) {
        let (was, is) = (old.schemas.get(key), new.schemas.get(key));
        let at = |all: Option<&All<'a>>, at| all.and_then(|all| all.first().copied()).unwrap_or(at);
        let (old_at, new_at) = (at(was, old.at), at(is, new.at));
        let subject = self.subject();
        match (old.is_never(key), new.is_never(key)) {
            (true, true) => {}
            (false, true) => {
                self.tell_of(closed, way, old_at, new_at, format!("{subject} may have no further {what}"));
            }
            (true, false) => {
                self.tell_of(opened, way, old_at, new_at, format!("{subject} may have further {what}"));
            }
            (false, false) => {
                if was.is_some() || is.is_some() {
                    let empty = All::new();
                    let (was, is) = (was.unwrap_or(&empty), is.unwrap_or(&empty));
                    self.below("*", |cx| cx.schemas(way, (old.at, was), (new.at, is)));
                }
            }
        }
    }

    /// Schemas by names; those of a name that both have are compared.
    fn by_name(
        &mut self,
        way: Direction,
        (added, removed): (&'static Pair, &'static Pair),
        what: &str,
        (old, was): (&Shape<'a>, &std::collections::BTreeMap<&'a str, All<'a>>),
        (new, is): (&Shape<'a>, &std::collections::BTreeMap<&'a str, All<'a>>),
    ) {
        for name in was.keys().chain(is.keys()).copied().collect::<BTreeSet<&str>>() {
            let subject = self.subject();
            match (was.get(name), is.get(name)) {
                (Some(was), Some(is)) => {
                    self.below(name, |cx| cx.schemas(way, (old.at, was), (new.at, is)));
                }
                (None, Some(is)) => {
                    let at = is.first().copied().unwrap_or(new.at);
                    self.tell_of(added, way, old.at, at, format!("{subject} describes {what} `{name}`"));
                }
                (Some(was), None) => {
                    let at = was.first().copied().unwrap_or(old.at);
                    let message = format!("{subject} describes {what} `{name}` no longer");
                    self.tell_of(removed, way, at, new.at, message);
                }
                (None, None) => {}
            }
        }
    }

    /// A keyword whose schema may be absent, which is not the same as a schema that anything fits.
    fn optional(
        &mut self,
        way: Direction,
        key: &'static str,
        (added, removed): (&'static Pair, &'static Pair),
        old: &Shape<'a>,
        new: &Shape<'a>,
    ) {
        let subject = self.subject();
        match (old.schemas.get(key), new.schemas.get(key)) {
            (Some(was), Some(is)) => self.below(key, |cx| cx.schemas(way, (old.at, was), (new.at, is))),
            (None, Some(is)) => {
                let at = is.first().copied().unwrap_or(new.at);
                self.tell_of(added, way, old.at, at, format!("{subject} has a `{key}`"));
            }
            (Some(was), None) => {
                let at = was.first().copied().unwrap_or(old.at);
                self.tell_of(removed, way, at, new.at, format!("{subject} has a `{key}` no longer"));
            }
            (None, None) => {}
        }
    }

    fn dependent(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let read = |shape: &Shape<'a>| {
            let entries = shape.facts.get("dependentRequired").map_or(&[][..], |tree| tree.entries());
            let pairs = entries.iter().flat_map(|(name, needed)| {
                needed.items().iter().filter_map(|item| Some(((&**name, item.as_text()?), item)))
            });
            pairs.collect::<std::collections::BTreeMap<(&'a str, &'a str), &'a Tree>>()
        };
        let (was, is) = (read(old), read(new));
        let subject = self.subject();
        for ((name, needed), at) in is.iter().filter(|(key, _)| !was.contains_key(*key)) {
            let message = format!("`{name}` of {subject} demands `{needed}`");
            self.tell_of(&kinds::DEPENDENT_REQUIRED_ADDED, way, old.at, at, message);
        }
        for ((name, needed), at) in was.iter().filter(|(key, _)| !is.contains_key(*key)) {
            let message = format!("`{name}` of {subject} demands `{needed}` no longer");
            self.tell_of(&kinds::DEPENDENT_REQUIRED_REMOVED, way, at, new.at, message);
        }
    }

    /// Compares what two arrays hold.
    pub(super) fn array(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let subject = self.subject();
        for at in 0..old.prefix.len().max(new.prefix.len()) {
            match (old.prefix.get(at), new.prefix.get(at)) {
                (Some(was), Some(is)) => {
                    self.below(&at.to_string(), |cx| cx.schemas(way, (old.at, was), (new.at, is)));
                }
                (None, Some(is)) => {
                    let place = is.first().copied().unwrap_or(new.at);
                    let message = format!("place {at} of {subject} is described");
                    self.tell_of(&kinds::PREFIX_ITEM_ADDED, way, old.at, place, message);
                }
                (Some(was), None) => {
                    let place = was.first().copied().unwrap_or(old.at);
                    let message = format!("place {at} of {subject} is described no longer");
                    self.tell_of(&kinds::PREFIX_ITEM_REMOVED, way, place, new.at, message);
                }
                (None, None) => {}
            }
        }
        self.rest(way, "items", "items", (&kinds::ITEMS_CLOSED, &kinds::ITEMS_OPENED), old, new);
        let closed = (&kinds::UNEVALUATED_ITEMS_CLOSED, &kinds::UNEVALUATED_ITEMS_OPENED);
        self.rest(way, "unevaluatedItems", "items that no branch describes", closed, old, new);
        self.optional(way, "contains", (&kinds::CONTAINS_ADDED, &kinds::CONTAINS_REMOVED), old, new);
        let unique = |shape: &Shape<'a>| shape.facts.get("uniqueItems").copied();
        let is_on = |tree: Option<&Tree>| tree.is_some_and(|tree| matches!(tree.value, Value::Bool(true)));
        let (was, is) = (unique(old), unique(new));
        let (kind, verb) = match (is_on(was), is_on(is)) {
            (false, true) => (&kinds::UNIQUE_ITEMS_ADDED, "must differ from each other"),
            (true, false) => (&kinds::UNIQUE_ITEMS_REMOVED, "may be equal"),
            _ => return,
        };
        let message = format!("the items of {subject} {verb}");
        self.tell_of(kind, way, was.unwrap_or(old.at), is.unwrap_or(new.at), message);
    }
}

/// Whether one of several schemas, or what it refers to, sets a flag.
fn is_flagged<'a>(side: Side<'a>, flag: &str, all: &[&'a Tree]) -> bool {
    all.iter().any(|tree| tree.is_set(flag) || side.follow(tree).is_set(flag))
}
