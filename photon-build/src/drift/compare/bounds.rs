//! Bounds of numbers, texts, lists and objects, and patterns.

use super::Compare;
use super::schema::is_integer;
use super::shape::Shape;
use super::types::{ARRAY, NUMBER, OBJECT, STRING, Types};
use crate::drift::kinds::Direction;
use crate::drift::kinds::Pair;
use crate::drift::kinds::schema as kinds;
use crate::drift::tree::{Tree, compare};
use crate::node::Number;

/// A bound of numbers.
struct Bound<'a> {
    number: Number,
    is_exclusive: bool,
    at: &'a Tree,
}

/// A keyword that holds a count, and what it is called when it lets fewer or more pass.
struct Count {
    key: &'static str,
    /// The type that it is for; of others it says nothing.
    types: Types,
    /// What the keyword means where it is absent.
    absent: &'static str,
    is_least: bool,
    tightened: &'static Pair,
    loosened: &'static Pair,
}

const fn least(key: &'static str, types: Types, tightened: &'static Pair, loosened: &'static Pair) -> Count {
    Count { key, types, absent: "0", is_least: true, tightened, loosened }
}

const fn most(key: &'static str, types: Types, tightened: &'static Pair, loosened: &'static Pair) -> Count {
    Count { key, types, absent: "", is_least: false, tightened, loosened }
}

static COUNTS: [Count; 8] = [
    least("minLength", STRING, &kinds::MIN_LENGTH_RAISED, &kinds::MIN_LENGTH_LOWERED),
    most("maxLength", STRING, &kinds::MAX_LENGTH_LOWERED, &kinds::MAX_LENGTH_RAISED),
    least("minItems", ARRAY, &kinds::MIN_ITEMS_RAISED, &kinds::MIN_ITEMS_LOWERED),
    most("maxItems", ARRAY, &kinds::MAX_ITEMS_LOWERED, &kinds::MAX_ITEMS_RAISED),
    least("minProperties", OBJECT, &kinds::MIN_PROPERTIES_RAISED, &kinds::MIN_PROPERTIES_LOWERED),
    most("maxProperties", OBJECT, &kinds::MAX_PROPERTIES_LOWERED, &kinds::MAX_PROPERTIES_RAISED),
    Count {
        key: "minContains",
        types: ARRAY,
        absent: "1",
        is_least: true,
        tightened: &kinds::MIN_CONTAINS_RAISED,
        loosened: &kinds::MIN_CONTAINS_LOWERED,
    },
    most("maxContains", ARRAY, &kinds::MAX_CONTAINS_LOWERED, &kinds::MAX_CONTAINS_RAISED),
];

impl<'a> Compare<'a> {
    /// Compares every bound.
    pub(super) fn bounds(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let shared = old.types & new.types;
        for count in COUNTS.iter().filter(|count| count.types & shared != 0) {
            self.count(way, count, old, new);
        }
        if shared & NUMBER == 0 {
            return;
        }
        self.bound(
            way,
            (bound(old, "minimum"), old.at),
            (bound(new, "minimum"), new.at),
            (&kinds::MINIMUM_RAISED, &kinds::MINIMUM_LOWERED),
        );
        self.bound(
            way,
            (bound(old, "maximum"), old.at),
            (bound(new, "maximum"), new.at),
            (&kinds::MAXIMUM_LOWERED, &kinds::MAXIMUM_RAISED),
        );
        self.multiple(way, old, new);
    }

    fn bound(
        &mut self,
        way: Direction,
        (was, old_at): (Option<Bound<'a>>, &'a Tree),
        (is, new_at): (Option<Bound<'a>>, &'a Tree),
        (tightened, loosened): (&'static Pair, &'static Pair),
    ) {
        let is_least = std::ptr::eq(tightened, &raw const kinds::MINIMUM_RAISED);
        let order = match (&was, &is) {
            (None, None) => return,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(_), None) => std::cmp::Ordering::Less,
            (Some(was), Some(is)) => {
                let order = compare(&is.number, &was.number);
                let order = if is_least { order } else { order.reverse() };
                order.then(is.is_exclusive.cmp(&was.is_exclusive))
            }
        };
        let kind = match order {
            std::cmp::Ordering::Equal => return,
            std::cmp::Ordering::Greater => tightened,
            std::cmp::Ordering::Less => loosened,
        };
        let word = |bound: &Option<Bound<'a>>| match bound {
            Some(bound) if bound.is_exclusive => format!("beyond {}", bound.number.as_str()),
            Some(bound) => bound.number.as_str().to_owned(),
            None => "without end".to_owned(),
        };
        let side = if is_least { "least" } else { "greatest" };
        let message =
            format!("the {side} number of {} is {}; it was {}", self.subject(), word(&is), word(&was));
        let at = |bound: Option<Bound<'a>>, at| bound.map_or(at, |bound| bound.at);
        self.tell_of(kind, way, at(was, old_at), at(is, new_at), message);
    }

    fn count(&mut self, way: Direction, count: &'static Count, old: &Shape<'a>, new: &Shape<'a>) {
        let (was, is) = (old.facts.get(count.key).copied(), new.facts.get(count.key).copied());
        let absent = (!count.absent.is_empty()).then(|| Number::new(count.absent, None));
        let number = |tree: Option<&Tree>| tree.and_then(Tree::as_number).cloned().or(absent.clone());
        let order = match (number(was), number(is)) {
            (None, None) => return,
            // Only the greatest may be absent.
            (None, Some(_)) => std::cmp::Ordering::Less,
            (Some(_), None) => std::cmp::Ordering::Greater,
            (Some(was), Some(is)) => compare(&is, &was),
        };
        let kind = match (order, count.is_least) {
            (std::cmp::Ordering::Equal, _) => return,
            (std::cmp::Ordering::Greater, true) | (std::cmp::Ordering::Less, false) => count.tightened,
            _ => count.loosened,
        };
        let word = |tree: Option<&Tree>| tree.map_or_else(|| "absent".to_owned(), Tree::shown);
        let message = format!("`{}` of {} is {}; it was {}", count.key, self.subject(), word(is), word(was));
        self.tell_of(kind, way, was.unwrap_or(old.at), is.unwrap_or(new.at), message);
    }

    fn multiple(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let get = |shape: &Shape<'a>| shape.facts.get("multipleOf").copied();
        let (was, is) = (get(old), get(new));
        let kind = match (was.and_then(Tree::as_number), is.and_then(Tree::as_number)) {
            (Some(was), Some(is)) if compare(was, is).is_eq() => return,
            (Some(was), Some(is)) if divides(was, is) => &kinds::MULTIPLE_OF_TIGHTENED,
            (Some(was), Some(is)) if divides(is, was) => &kinds::MULTIPLE_OF_LOOSENED,
            (Some(_), Some(_)) => &kinds::MULTIPLE_OF_CHANGED,
            (None, Some(_)) => &kinds::MULTIPLE_OF_TIGHTENED,
            (Some(_), None) => &kinds::MULTIPLE_OF_LOOSENED,
            (None, None) => return,
        };
        let word = |tree: Option<&Tree>| tree.map_or_else(|| "absent".to_owned(), Tree::shown);
        let message = format!("`multipleOf` of {} is {}; it was {}", self.subject(), word(is), word(was));
        self.tell_of(kind, way, was.unwrap_or(old.at), is.unwrap_or(new.at), message);
    }

    /// Compares the patterns; one for another is a change, whatever they match.
    pub(super) fn patterns(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let lacks = |all: &[&'a Tree], one: &Tree| !all.iter().any(|own| own.same(one));
        let gone: Vec<&Tree> = old.patterns.iter().copied().filter(|one| lacks(&new.patterns, one)).collect();
        let come: Vec<&Tree> = new.patterns.iter().copied().filter(|one| lacks(&old.patterns, one)).collect();
        let subject = self.subject();
        let pairs = gone.len().min(come.len());
        for (was, is) in gone.iter().zip(&come) {
            let message = format!("the pattern of {subject} is `{}`; it was `{}`", is.shown(), was.shown());
            self.tell_of(&kinds::PATTERN_CHANGED, way, was, is, message);
        }
        for was in gone.iter().skip(pairs) {
            let message = format!("{subject} need not match `{}` any more", was.shown());
            self.tell_of(&kinds::PATTERN_REMOVED, way, was, new.at, message);
        }
        for is in come.iter().skip(pairs) {
            let message = format!("{subject} must match `{}`", is.shown());
            self.tell_of(&kinds::PATTERN_ADDED, way, old.at, is, message);
        }
    }
}

/// The bound that holds of `minimum` and `exclusiveMinimum`, or of the two at the other end. Of whole numbers none is
/// exclusive.
fn bound<'a>(shape: &Shape<'a>, key: &str) -> Option<Bound<'a>> {
    let is_least = key == "minimum";
    let exclusive_key = if is_least { "exclusiveMinimum" } else { "exclusiveMaximum" };
    let read = |key: &str, is_exclusive: bool| {
        let at = shape.facts.get(key).copied()?;
        let number = at.as_number()?.clone();
        let whole = number.as_i128().filter(|_| is_exclusive && is_integer(shape));
        Some(match whole {
            Some(whole) => {
                let next = if is_least { whole.saturating_add(1) } else { whole.saturating_sub(1) };
                Bound { number: Number::new(next.to_string(), None), is_exclusive: false, at }
            }
            None => Bound { number, is_exclusive, at },
        })
    };
    match (read(key, false), read(exclusive_key, true)) {
        (Some(inclusive), Some(exclusive)) => {
            let order = compare(&exclusive.number, &inclusive.number);
            let order = if is_least { order } else { order.reverse() };
            Some(if order.is_lt() { inclusive } else { exclusive })
        }
        (inclusive, exclusive) => inclusive.or(exclusive),
    }
}

/// Whether every multiple of `more` is one of `less`.
fn divides(less: &Number, more: &Number) -> bool {
    match (less.as_i128(), more.as_i128()) {
        (Some(less), Some(more)) if less != 0 => more % less == 0,
        _ => {
            let quotient = more.as_f64() / less.as_f64();
            (quotient - quotient.round()).abs() < 1e-9 && quotient.round() >= 1.0
        }
    }
}
