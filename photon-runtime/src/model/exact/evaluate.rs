//! Whether a value fits: yes or no, as fast as it goes. Knows no message.
//!
//! What a schema has looked at is only kept where `unevaluated*` asks for it; then every branch is tried, and otherwise
//! the first answer ends it. Where references go in circles, what they said of a nested value is remembered, so that
//! branches within branches take no exponential time.

use std::collections::HashMap;

use super::program::{Bound, Id, If, Keyword, Program, Properties, Schema};
use super::seen::Seen;
use super::value::{Value, position};
use crate::model::decimal::Decimal;
use crate::model::unique;

/// How many references may lie within each other, where they go in circles.
pub(super) const REFERENCES_MAX: usize = 512;

/// A schema at a value, which stays where it is while it is judged.
type Place = (Id, usize);

/// Judges one value by a program.
#[derive(Debug)]
pub(super) struct Evaluator<'p> {
    pub(super) program: &'p Program,
    known: HashMap<Place, bool>,
    active: Vec<Place>,
    too_deep: bool,
}

impl<'p> Evaluator<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        Self { program, known: HashMap::new(), active: Vec::new(), too_deep: false }
    }

    /// Whether it gave up.
    pub(super) fn is_too_deep(&self) -> bool {
        self.too_deep
    }

    /// Whether a value fits a schema; adds to `seen` what the schema has looked at.
    pub(super) fn fits(&mut self, id: Id, value: &Value<'_>, seen: Option<&mut Seen>) -> bool {
        let schema = self.program.schema(id);
        if schema.has_unevaluated {
            let mut own = Seen::default();
            let fits = self.all(schema, value, &mut own);
            if let Some(seen) = seen {
                seen.append(&own);
            }
            return fits;
        }
        match seen {
            Some(seen) => self.all(schema, value, seen),
            None => schema.keywords.iter().all(|keyword| self.keyword(keyword, value, None)),
        }
    }

    /// Looks at all keywords, even if one is not kept.
    fn all(&mut self, schema: &'p Schema, value: &Value<'_>, seen: &mut Seen) -> bool {
        let broken = schema.keywords.iter().filter(|word| !self.keyword(word, value, Some(&mut *seen)));
        broken.count() == 0
    }

    /// Whether a value keeps one keyword.
    pub(super) fn keyword(
        &mut self,
        keyword: &'p Keyword,
        value: &Value<'_>,
        mut seen: Option<&mut Seen>,
    ) -> bool {
        match keyword {
            Keyword::Items(prefix, rest) => self.items(prefix, *rest, value, seen),
            Keyword::Contains(id, min, max) => {
                let count = self.count(*id, value, seen);
                count.is_none_or(|count| in_range(count, *min, *max))
            }
            Keyword::Properties(properties) => self.properties(properties, value, seen),
            Keyword::PropertyNames(id) => {
                let mut names = value.as_object().into_iter().flatten().map(|(name, _)| name);
                names.all(|name| self.fits(*id, &Value::String((&**name).into()), None))
            }
            Keyword::DependentSchemas(schemas) => {
                let there = schemas.iter().filter(|(name, _)| value.get(name).is_some());
                there.filter(|(_, id)| !self.fits(*id, value, seen.as_deref_mut())).count() == 0
            }
            Keyword::Ref(id) => self.follow(*id, value, seen),
            Keyword::AllOf(schemas) if seen.is_none() => schemas.iter().all(|id| self.fits(*id, value, None)),
            Keyword::AllOf(schemas) => {
                schemas.iter().filter(|id| !self.fits(**id, value, seen.as_deref_mut())).count() == 0
            }
            Keyword::AnyOf(schemas) if seen.is_none() => schemas.iter().any(|id| self.fits(*id, value, None)),
            Keyword::AnyOf(schemas) => {
                schemas.iter().filter(|id| self.branch(**id, value, seen.as_deref_mut())).count() > 0
            }
            Keyword::OneOf(schemas) => {
                let fitting = schemas.iter().filter(|id| self.branch(**id, value, seen.as_deref_mut()));
                fitting.take(2).count() == 1
            }
            Keyword::Not(id) => !self.fits(*id, value, None),
            Keyword::If(If { then: None, otherwise: None, .. }) if seen.is_none() => true,
            Keyword::If(If { test, then, otherwise }) => {
                let next = if self.branch(*test, value, seen.as_deref_mut()) { then } else { otherwise };
                next.is_none_or(|id| self.fits(id, value, seen))
            }
            Keyword::UnevaluatedItems(id) => {
                value.as_array().is_none_or(|items| self.unseen(*id, items.iter(), seen))
            }
            Keyword::UnevaluatedProperties(id) => value
                .as_object()
                .is_none_or(|members| self.unseen(*id, members.iter().map(|(_, member)| member), seen)),
            simple => holds(simple, value),
        }
    }

    /// A schema whose sight only counts if the value fits it.
    fn branch(&mut self, id: Id, value: &Value<'_>, seen: Option<&mut Seen>) -> bool {
        let Some(seen) = seen else { return self.fits(id, value, None) };
        let mut own = Seen::default();
        let fits = self.fits(id, value, Some(&mut own));
        if fits {
            seen.append(&own);
        }
        fits
    }

    /// What a reference leads to. One that leads back to itself at the same value adds nothing.
    pub(super) fn follow(&mut self, id: Id, value: &Value<'_>, seen: Option<&mut Seen>) -> bool {
        if !self.program.is_recursive {
            return self.fits(id, value, seen);
        }
        let place = place(id, value);
        if is_circle(&self.active, place) {
            return true;
        }
        let remembers = seen.is_none() && value.is_nested();
        if remembers && let Some(fits) = self.known.get(&place) {
            return *fits;
        }
        if self.active.len() >= REFERENCES_MAX {
            self.too_deep = true;
        }
        if self.too_deep {
            return false;
        }
        self.active.push(place);
        let fits = self.fits(id, value, seen);
        self.active.pop();
        if remembers {
            self.known.insert(place, fits);
        }
        fits
    }

    fn items(
        &mut self,
        prefix: &[Id],
        rest: Option<Id>,
        value: &Value<'_>,
        mut seen: Option<&mut Seen>,
    ) -> bool {
        let mut fits = true;
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            let Some(id) = prefix.get(index).copied().or(rest) else { break };
            fits = self.fits(id, item, None) && fits;
            match seen.as_deref_mut() {
                Some(seen) => seen.put(index),
                None if !fits => return false,
                None => {}
            }
        }
        fits
    }

    /// How many items fit a schema; none if there are no items to count. Without `seen` the answer counts all the same.
    pub(super) fn count(&mut self, id: Id, value: &Value<'_>, mut seen: Option<&mut Seen>) -> Option<usize> {
        let mut count = 0;
        for (index, item) in value.as_array()?.iter().enumerate() {
            if self.fits(id, item, None) {
                count += 1;
                if let Some(seen) = seen.as_deref_mut() {
                    seen.put(index);
                }
            }
        }
        Some(count)
    }

    fn properties(
        &mut self,
        properties: &'p Properties,
        value: &Value<'_>,
        mut seen: Option<&mut Seen>,
    ) -> bool {
        let mut fits = true;
        for (index, (name, member)) in value.as_object().into_iter().flatten().enumerate() {
            let mut known = false;
            for id in properties.matching(name) {
                known = true;
                fits = self.fits(id, member, None) && fits;
            }
            if !known && let Some(others) = properties.others {
                known = true;
                fits = self.fits(others, member, None) && fits;
            }
            match seen.as_deref_mut() {
                Some(seen) if known => seen.put(index),
                None if !fits => return false,
                _ => {}
            }
        }
        fits
    }

    /// Whether what nobody has looked at fits a schema; then all has been looked at.
    fn unseen<'v>(
        &mut self,
        id: Id,
        inner: impl Iterator<Item = &'v Value<'v>>,
        seen: Option<&mut Seen>,
    ) -> bool {
        let mut empty = Seen::default();
        let seen = seen.unwrap_or(&mut empty);
        let fits = inner.enumerate().all(|(index, inner)| seen.has(index) || self.fits(id, inner, None));
        seen.put_all();
        fits
    }
}

pub(super) fn place(id: Id, value: &Value<'_>) -> Place {
    (id, std::ptr::from_ref(value).addr())
}

/// Whether one of the references that were last followed, all at this value, is this one.
pub(super) fn is_circle(active: &[Place], place: Place) -> bool {
    active.iter().rev().take_while(|(_, value)| *value == place.1).any(|(id, _)| *id == place.0)
}

/// Whether a value keeps a keyword that has no schema in it.
pub(super) fn holds(keyword: &Keyword, value: &Value<'_>) -> bool {
    match (keyword, value) {
        (Keyword::Never, _) => false,
        (Keyword::Type(types), _) => value.types().meets(*types),
        (Keyword::Equal(_, values), _) => values.iter().any(|wanted| wanted == value),
        (Keyword::Bound(bound, limit), Value::Number(text)) => {
            let order = Decimal::new(text).cmp(&Decimal::new(limit));
            match bound {
                Bound::Minimum => order.is_ge(),
                Bound::Maximum => order.is_le(),
                Bound::ExclusiveMinimum => order.is_gt(),
                Bound::ExclusiveMaximum => order.is_lt(),
            }
        }
        (Keyword::MultipleOf(divisor), Value::Number(text)) => {
            Decimal::new(text).is_multiple_of(&Decimal::new(divisor))
        }
        (Keyword::Length(min, max), Value::String(text)) => in_range(text.chars().count(), *min, *max),
        (Keyword::Pattern(pattern), Value::String(text)) => pattern.engine.is_match(text),
        (Keyword::Format(format), Value::String(text)) => format.is_valid(text),
        (Keyword::ItemCount(min, max), Value::Array(items, _)) => in_range(items.len(), *min, *max),
        (Keyword::Unique, Value::Array(items, text)) => items.len() < 2 || unique::repeated(text).is_none(),
        (Keyword::PropertyCount(min, max), Value::Object(members)) => in_range(members.len(), *min, *max),
        (Keyword::Required(names), Value::Object(members)) => {
            names.iter().all(|name| position(members, name).is_some())
        }
        (Keyword::DependentRequired(entries), Value::Object(members)) => {
            let has = |name: &str| position(members, name).is_some();
            entries.iter().all(|(name, others)| !has(name) || others.iter().all(|other| has(other)))
        }
        _ => true,
    }
}

/// The largest limit is none.
pub(super) fn in_range(count: usize, min: u32, max: u32) -> bool {
    count >= min as usize && (max == u32::MAX || count <= max as usize)
}
