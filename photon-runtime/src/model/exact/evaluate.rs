//! Whether a value fits: yes or no, as fast as it goes. Knows no message.
//!
//! What a schema has looked at is only kept where `unevaluated*` asks for it; then every branch is tried, and otherwise
//! the first answer ends it. Steps that call each other keep to themselves, so that each takes little stack. Where references go in circles, what they said of a nested value is remembered, so that
//! branches within branches take no exponential time.

use std::collections::HashMap;

use super::program::{Bound, Id, If, Keyword, Name, Program, Properties, Schema};
use super::seen::Seen;
use super::value::{Value, position};
use crate::model::decimal::Decimal;
use crate::model::pattern::Effort;
use crate::model::unique;

/// How much stack a judgement may take: how deep it goes depends on the value as much as on the schema, and a coroutine
/// has 512 KiB, or 2 MiB in a debug build.
pub(super) const STACK_BYTES_MAX: usize = if cfg!(debug_assertions) { 768 << 10 } else { 160 << 10 };

/// A schema at a value, which stays where it is while it is judged.
type Place = (Id, usize);

/// Judges one value by a program.
#[derive(Debug)]
pub(super) struct Evaluator<'p> {
    pub(super) program: &'p Program,
    known: HashMap<Place, bool>,
    active: Vec<Place>,
    /// Where the stack was at first, and how far it may go from there.
    stack_start: usize,
    pub(super) stack_bytes_max: usize,
    too_deep: bool,
    /// What patterns have cost so far.
    pub(super) effort: Effort,
}

impl<'p> Evaluator<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        Self {
            program,
            known: HashMap::new(),
            active: Vec::new(),
            stack_start: stack_here(),
            stack_bytes_max: STACK_BYTES_MAX,
            too_deep: false,
            effort: Effort::default(),
        }
    }

    /// How much stack it has taken so far.
    pub(super) fn stack_bytes(&self) -> usize {
        stack_here().abs_diff(self.stack_start)
    }

    /// Whether it gave up.
    pub(super) fn is_too_deep(&self) -> bool {
        self.too_deep
    }

    /// Whether a value fits a schema; adds to `seen` what the schema has looked at.
    pub(super) fn fits(&mut self, id: Id, value: &Value<'_>, seen: Option<&mut Seen>) -> bool {
        self.too_deep = self.too_deep || self.stack_bytes() > self.stack_bytes_max;
        if self.too_deep {
            return false;
        }
        if self.effort.is_spent() {
            return false;
        }
        let schema = self.program.schema(id);
        if !schema.has_unevaluated {
            return self.all(schema, value, seen);
        }
        let mut own = Seen::default();
        let fits = self.all(schema, value, Some(&mut own));
        if let Some(seen) = seen {
            seen.append(&own);
        }
        fits
    }

    /// Looks at all keywords even if one is not kept, where it matters what they look at.
    fn all(&mut self, schema: &'p Schema, value: &Value<'_>, mut seen: Option<&mut Seen>) -> bool {
        let mut fits = true;
        for keyword in &schema.keywords {
            fits = self.keyword(keyword, value, seen.as_deref_mut()) && fits;
            if !fits && seen.is_none() {
                return false;
            }
        }
        fits
    }

    /// Whether a value keeps one keyword.
    pub(super) fn keyword(
        &mut self,
        keyword: &'p Keyword,
        value: &Value<'_>,
        seen: Option<&mut Seen>,
    ) -> bool {
        match keyword {
            Keyword::Items(prefix, rest) => self.items(prefix, *rest, value, seen),
            Keyword::Contains(id, min, max) => match self.count(*id, value, seen) {
                Some(count) => in_range(count, *min, *max),
                None => true,
            },
            Keyword::Properties(properties) => self.properties(properties, value, seen),
            Keyword::PropertyNames(id) => self.names(*id, value),
            Keyword::DependentSchemas(schemas) => self.dependents(schemas, value, seen),
            Keyword::Ref(id) => self.follow(*id, value, seen),
            Keyword::AllOf(schemas) => self.all_of(schemas, value, seen),
            Keyword::AnyOf(schemas) => self.any_of(schemas, value, seen),
            Keyword::OneOf(schemas) => self.one_of(schemas, value, seen),
            Keyword::Not(id) => !self.fits(*id, value, None),
            Keyword::If(condition) => self.condition(*condition, value, seen),
            Keyword::UnevaluatedItems(id) => self.unseen_items(*id, value, seen),
            Keyword::UnevaluatedProperties(id) => self.unseen_properties(*id, value, seen),
            Keyword::Pattern(pattern) => {
                value.as_str().is_none_or(|text| pattern.engine.is_match_within(text, &mut self.effort))
            }
            simple => holds(simple, value),
        }
    }

    #[inline(never)]
    fn all_of(&mut self, schemas: &[Id], value: &Value<'_>, mut seen: Option<&mut Seen>) -> bool {
        let mut fits = true;
        for id in schemas {
            fits = self.fits(*id, value, seen.as_deref_mut()) && fits;
            if !fits && seen.is_none() {
                return false;
            }
        }
        fits
    }

    #[inline(never)]
    fn any_of(&mut self, schemas: &[Id], value: &Value<'_>, mut seen: Option<&mut Seen>) -> bool {
        let mut fits = false;
        for id in schemas {
            fits = self.branch(*id, value, seen.as_deref_mut()) || fits;
            if fits && seen.is_none() {
                return true;
            }
        }
        fits
    }

    #[inline(never)]
    fn one_of(&mut self, schemas: &[Id], value: &Value<'_>, mut seen: Option<&mut Seen>) -> bool {
        let mut found = false;
        for id in schemas {
            let fits = self.branch(*id, value, seen.as_deref_mut());
            if fits && found {
                return false;
            }
            found = found || fits;
        }
        found
    }

    #[inline(never)]
    fn condition(&mut self, condition: If, value: &Value<'_>, mut seen: Option<&mut Seen>) -> bool {
        let If { test, then, otherwise } = condition;
        if then.is_none() && otherwise.is_none() && seen.is_none() {
            return true;
        }
        let next = if self.branch(test, value, seen.as_deref_mut()) { then } else { otherwise };
        match next {
            Some(id) => self.fits(id, value, seen),
            None => true,
        }
    }

    #[inline(never)]
    fn dependents(&mut self, schemas: &[(Name, Id)], value: &Value<'_>, mut seen: Option<&mut Seen>) -> bool {
        let mut fits = true;
        for (name, id) in schemas {
            if value.get(name).is_some() {
                fits = self.fits(*id, value, seen.as_deref_mut()) && fits;
            }
        }
        fits
    }

    #[inline(never)]
    fn names(&mut self, id: Id, value: &Value<'_>) -> bool {
        for (name, _) in value.as_object().unwrap_or_default() {
            if !self.fits(id, &Value::String((&**name).into()), None) {
                return false;
            }
        }
        true
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
        self.active.push(place);
        let fits = self.fits(id, value, seen);
        self.active.pop();
        if remembers {
            self.known.insert(place, fits);
        }
        fits
    }

    #[inline(never)]
    fn items(
        &mut self,
        prefix: &[Id],
        rest: Option<Id>,
        value: &Value<'_>,
        mut seen: Option<&mut Seen>,
    ) -> bool {
        let mut fits = true;
        for (index, item) in value.as_array().unwrap_or_default().iter().enumerate() {
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

    /// How many items fit a schema; none if there are no items to count.
    #[inline(never)]
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

    #[inline(never)]
    fn properties(
        &mut self,
        properties: &'p Properties,
        value: &Value<'_>,
        mut seen: Option<&mut Seen>,
    ) -> bool {
        let mut fits = true;
        for (index, (name, member)) in value.as_object().unwrap_or_default().iter().enumerate() {
            let mut known = false;
            if let Some(id) = properties.named(name) {
                known = true;
                fits = self.fits(id, member, None) && fits;
            }
            for (pattern, id) in &properties.patterns {
                if pattern.engine.is_match_within(name, &mut self.effort) {
                    known = true;
                    fits = self.fits(*id, member, None) && fits;
                }
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

    /// Whether the items that nobody has looked at fit a schema; then all have been looked at.
    #[inline(never)]
    fn unseen_items(&mut self, id: Id, value: &Value<'_>, seen: Option<&mut Seen>) -> bool {
        let (Value::Array(items, _), Some(seen)) = (value, seen) else { return true };
        for (index, item) in items.iter().enumerate() {
            if !seen.has(index) && !self.fits(id, item, None) {
                return false;
            }
        }
        seen.put_all();
        true
    }

    /// Whether the members that nobody has looked at fit a schema; then all have been looked at.
    #[inline(never)]
    fn unseen_properties(&mut self, id: Id, value: &Value<'_>, seen: Option<&mut Seen>) -> bool {
        let (Value::Object(members), Some(seen)) = (value, seen) else { return true };
        for (index, (_, member)) in members.iter().enumerate() {
            if !seen.has(index) && !self.fits(id, member, None) {
                return false;
            }
        }
        seen.put_all();
        true
    }
}

/// An address near the end of the stack.
#[inline(never)]
fn stack_here() -> usize {
    let here = 0u8;
    std::ptr::from_ref(&here).addr()
}

pub(super) fn place(id: Id, value: &Value<'_>) -> Place {
    (id, std::ptr::from_ref(value).addr())
}

/// Whether one of the references that were last followed, all at this value, is this one.
pub(super) fn is_circle(active: &[Place], place: Place) -> bool {
    active.iter().rev().take_while(|(_, value)| *value == place.1).any(|(id, _)| *id == place.0)
}

/// Whether a value keeps a keyword that has no schema in it.
#[inline(never)]
fn holds(keyword: &Keyword, value: &Value<'_>) -> bool {
    match (keyword, value) {
        (Keyword::Never, _) => false,
        (Keyword::Type(types), _) => value.types().meets(*types),
        (Keyword::Equal(_, values), _) => values.has(value),
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
