//! What a value must keep beside its type: constants that generated code builds, checked here once for all.
//!
//! Knows the texts and numbers it judges, and neither where they come from nor the types that hold them.

use std::cmp::Ordering;

use super::check::Check;
use super::decimal::Decimal;
use super::format::Format;
use super::pattern::Pattern;
use super::short::Short;
use super::violation::{Detail, Violation, ViolationKind, Violations};

/// A rule, built in a `const` or `static`.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub(crate) kind: Kind,
    pub(crate) nullable: bool,
    pub(crate) check: Option<&'static Check>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Any,
    Text { min: u32, max: u32, pattern: Option<&'static Pattern>, format: Option<Asserted> },
    Selected(&'static Pattern),
    Int { min: i64, max: i64, multiple_of: Option<&'static str> },
    Uint { min: u64, max: u64, multiple_of: Option<&'static str> },
    Number(Bounds),
    List { min: u32, max: u32, unique: bool, items: &'static Rule },
    Map { min: u32, max: u32, keys: Option<&'static Rule>, values: &'static Rule },
}

/// A format with what judges texts in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asserted {
    format: Format,
    judge: fn(&str) -> bool,
}

/// Decimal texts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    min: Option<&'static str>,
    max: Option<&'static str>,
    above: Option<&'static str>,
    below: Option<&'static str>,
    multiple_of: Option<&'static str>,
}

/// Any value of the type fits.
pub static ANY: Rule = Rule::ANYTHING;

/// A text of so many characters; `u32::MAX` is no limit.
pub const fn text(min: u32, max: u32) -> Rule {
    Rule::new(Kind::Text { min, max, pattern: None, format: None })
}

/// Of the names of a map, or of the other properties of a record: those that match are meant, others are ignored
/// (`patternProperties`).
pub const fn selected(names: &'static Pattern) -> Rule {
    Rule::new(Kind::Selected(names))
}

/// An integer in this range, both ends included.
pub const fn int(min: i64, max: i64) -> Rule {
    Rule::new(Kind::Int { min, max, multiple_of: None })
}

/// An integer in this range, both ends included, for what reaches beyond `i64`.
pub const fn uint(min: u64, max: u64) -> Rule {
    Rule::new(Kind::Uint { min, max, multiple_of: None })
}

/// A number, compared exactly as it is written.
pub const fn number() -> Rule {
    Rule::new(Kind::Number(Bounds { min: None, max: None, above: None, below: None, multiple_of: None }))
}

/// A list of so many items; `u32::MAX` is no limit.
pub const fn list(min: u32, max: u32) -> Rule {
    Rule::new(Kind::List { min, max, unique: false, items: &ANY })
}

/// A map of so many entries; `u32::MAX` is no limit.
pub const fn map(min: u32, max: u32) -> Rule {
    Rule::new(Kind::Map { min, max, keys: None, values: &ANY })
}

/// Sets one member of a kind; on any other kind a rule is a mistake of the generator, told when the `const` is built.
macro_rules! refine {
    ($rule:ident, $($kind:pat => $set:expr),+) => {{
        match &mut $rule.kind {
            $($kind => $set,)+
            _ => panic!("this kind of rule has no such member"),
        }
        $rule
    }};
}

impl Rule {
    pub(crate) const ANYTHING: Self = Self::new(Kind::Any);

    const fn new(kind: Kind) -> Self {
        Self { kind, nullable: false, check: None }
    }

    /// A text must match this pattern.
    #[must_use]
    pub const fn pattern(mut self, wanted: &'static Pattern) -> Self {
        refine!(self, Kind::Text { pattern, .. } => *pattern = Some(wanted))
    }

    /// A text must be in this format.
    #[must_use]
    pub const fn format(mut self, wanted: Format) -> Self {
        refine!(self, Kind::Text { format, .. } => *format = Some(Asserted { format: wanted, judge: wanted.judge() }))
    }

    /// A number must be a whole multiple of this decimal.
    #[must_use]
    pub const fn multiple_of(mut self, wanted: &'static str) -> Self {
        refine!(self,
            Kind::Int { multiple_of, .. } => *multiple_of = Some(wanted),
            Kind::Uint { multiple_of, .. } => *multiple_of = Some(wanted),
            Kind::Number(bounds) => bounds.multiple_of = Some(wanted))
    }

    /// A number must be at least this decimal.
    #[must_use]
    pub const fn min(mut self, wanted: &'static str) -> Self {
        refine!(self, Kind::Number(bounds) => bounds.min = Some(wanted))
    }

    /// A number must be at most this decimal.
    #[must_use]
    pub const fn max(mut self, wanted: &'static str) -> Self {
        refine!(self, Kind::Number(bounds) => bounds.max = Some(wanted))
    }

    /// A number must be more than this decimal.
    #[must_use]
    pub const fn above(mut self, wanted: &'static str) -> Self {
        refine!(self, Kind::Number(bounds) => bounds.above = Some(wanted))
    }

    /// A number must be less than this decimal.
    #[must_use]
    pub const fn below(mut self, wanted: &'static str) -> Self {
        refine!(self, Kind::Number(bounds) => bounds.below = Some(wanted))
    }

    /// No two items of a list may be equal.
    #[must_use]
    pub const fn unique(mut self) -> Self {
        refine!(self, Kind::List { unique, .. } => *unique = true)
    }

    /// What each item of a list must keep.
    #[must_use]
    pub const fn items(mut self, wanted: &'static Self) -> Self {
        refine!(self, Kind::List { items, .. } => *items = wanted)
    }

    /// What each key of a map must keep.
    #[must_use]
    pub const fn keys(mut self, wanted: &'static Self) -> Self {
        refine!(self, Kind::Map { keys, .. } => *keys = Some(wanted))
    }

    /// What each value of a map must keep.
    #[must_use]
    pub const fn values(mut self, wanted: &'static Self) -> Self {
        refine!(self, Kind::Map { values, .. } => *values = wanted)
    }

    /// `null` fits: `Option` takes it for `None`.
    #[must_use]
    pub const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// The whole value must also fit a schema that only an exact check understands.
    #[must_use]
    pub const fn check(mut self, check: &'static Check) -> Self {
        self.check = Some(check);
        self
    }

    /// Whether names that keep this rule mean this one.
    #[inline]
    pub(crate) fn selects(&self, name: &str, faults: &mut Violations) -> bool {
        match self.kind {
            Kind::Selected(pattern) => {
                let is_spent = faults.effort.is_spent();
                let matches = pattern.is_match_within(name, &mut faults.effort);
                if !is_spent && faults.effort.is_spent() {
                    faults.tell_effort();
                }
                matches
            }
            _ => true,
        }
    }

    /// Whether a text in this format may be judged by it as it stands.
    #[inline]
    pub(crate) fn judge_str(&self, value: &str, faults: &mut Violations) {
        if let Kind::Text { min, max, pattern, format } = &self.kind {
            judge_length(*min, *max, value, faults);
            if pattern.is_some() || format.is_some() {
                judge_form(*pattern, *format, value, faults);
            }
        }
    }

    #[inline]
    pub(crate) fn judge_i64(&self, value: i64, faults: &mut Violations) {
        match self.kind {
            Kind::Int { min, max, multiple_of: None } if min <= value && value <= max => {}
            Kind::Any => {}
            _ => self.judge_whole(i128::from(value), faults),
        }
    }

    #[inline]
    pub(crate) fn judge_u64(&self, value: u64, faults: &mut Violations) {
        match self.kind {
            Kind::Any => {}
            _ => self.judge_whole(i128::from(value), faults),
        }
    }

    fn judge_whole(&self, value: i128, faults: &mut Violations) {
        let (min, max, multiple_of) = match self.kind {
            Kind::Int { min, max, multiple_of } => (i128::from(min), i128::from(max), multiple_of),
            Kind::Uint { min, max, multiple_of } => (i128::from(min), i128::from(max), multiple_of),
            Kind::Number(_) => return self.judge_number(&value.to_string(), faults),
            _ => return,
        };
        if value < min {
            fail(faults, "minimum", Detail::Whole("at least", min));
        }
        if value > max {
            fail(faults, "maximum", Detail::Whole("at most", max));
        }
        if let Some(divisor) = multiple_of {
            let exact = divisor.parse::<i128>().ok().filter(|divisor| *divisor != 0);
            let fits = match exact {
                Some(divisor) => value % divisor == 0,
                None => Decimal::new(&value.to_string()).is_multiple_of(&Decimal::new(divisor)),
            };
            if !fits {
                fail(faults, "multipleOf", Detail::Limit("a multiple of", divisor));
            }
        }
    }

    /// The same, of a number that was taken apart before.
    #[inline]
    pub(crate) fn judge_short(&self, text: &str, short: Option<Short>, faults: &mut Violations) {
        match &self.kind {
            Kind::Any => {}
            Kind::Number(bounds) => bounds.judge_written(text, short, faults),
            _ => self.judge_number(text, faults),
        }
    }

    /// Judges a number by its text, which keeps the grammar of JSON.
    pub(crate) fn judge_number(&self, text: &str, faults: &mut Violations) {
        match self.kind {
            Kind::Number(bounds) => bounds.judge_written(text, Short::new(text), faults),
            Kind::Int { min, max, multiple_of } => {
                judge_big(text, i128::from(min), i128::from(max), multiple_of, faults);
            }
            Kind::Uint { min, max, multiple_of } => {
                judge_big(text, i128::from(min), i128::from(max), multiple_of, faults);
            }
            _ => {}
        }
    }

    /// Whether a number must be looked at as text.
    #[inline]
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text { .. })
    }

    pub(crate) fn judges_numbers(&self) -> bool {
        matches!(self.kind, Kind::Number(_) | Kind::Int { .. } | Kind::Uint { .. })
    }

    #[inline]
    pub(crate) fn judge_items(&self, count: usize, faults: &mut Violations) {
        if let Kind::List { min, max, .. } = self.kind {
            judge_count(("minItems", "maxItems", "items"), min, max, count, faults);
        }
    }

    #[inline]
    pub(crate) fn judge_entries(&self, count: usize, faults: &mut Violations) {
        if let Kind::Map { min, max, .. } = self.kind {
            judge_count(("minProperties", "maxProperties", "properties"), min, max, count, faults);
        }
    }

    #[inline]
    pub(crate) fn item(&self) -> &'static Self {
        match self.kind {
            Kind::List { items, .. } => items,
            _ => &ANY,
        }
    }

    #[inline]
    pub(crate) fn is_unique(&self) -> bool {
        matches!(self.kind, Kind::List { unique: true, .. })
    }

    #[inline]
    pub(crate) fn key(&self) -> Option<&'static Self> {
        match self.kind {
            Kind::Map { keys, .. } => keys,
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn value(&self) -> &'static Self {
        match self.kind {
            Kind::Map { values, .. } => values,
            _ => &ANY,
        }
    }
}

impl Bounds {
    #[inline]
    fn judge_written(&self, text: &str, short: Option<Short>, faults: &mut Violations) {
        if !short.is_some_and(|short| self.holds(short)) {
            self.judge(text, faults);
        }
    }

    /// Whether a number keeps all of them; false, too, where that is not quickly said.
    fn holds(&self, value: Short) -> bool {
        let keeps = |limit: Option<&str>, fits: fn(Ordering) -> bool| match limit {
            None => true,
            Some(limit) => Short::new(limit).is_some_and(|limit| fits(value.cmp(&limit))),
        };
        let divides = |divisor: &str| {
            Short::new(divisor).and_then(|divisor| value.is_multiple_of(divisor)) == Some(true)
        };
        keeps(self.min, Ordering::is_ge)
            && keeps(self.max, Ordering::is_le)
            && keeps(self.above, Ordering::is_gt)
            && keeps(self.below, Ordering::is_lt)
            && self.multiple_of.is_none_or(divides)
    }

    #[cold]
    fn judge(&self, text: &str, faults: &mut Violations) {
        let value = Decimal::new(text);
        let bounds = [
            (self.min, "minimum", "at least"),
            (self.max, "maximum", "at most"),
            (self.above, "exclusiveMinimum", "more than"),
            (self.below, "exclusiveMaximum", "less than"),
        ];
        for (limit, keyword, how) in bounds {
            let Some(limit) = limit else { continue };
            let order = value.cmp(&Decimal::new(limit));
            let fits = match keyword {
                "minimum" => order.is_ge(),
                "maximum" => order.is_le(),
                "exclusiveMinimum" => order.is_gt(),
                _ => order.is_lt(),
            };
            if !fits {
                fail(faults, keyword, Detail::Limit(how, limit));
            }
        }
        if let Some(divisor) = self.multiple_of
            && !value.is_multiple_of(&Decimal::new(divisor))
        {
            fail(faults, "multipleOf", Detail::Limit("a multiple of", divisor));
        }
    }
}

fn judge_big(text: &str, min: i128, max: i128, multiple_of: Option<&'static str>, faults: &mut Violations) {
    let value = Decimal::new(text);
    if value < Decimal::new(&min.to_string()) && min != i128::from(i64::MIN) {
        fail(faults, "minimum", Detail::Whole("at least", min));
    }
    if value > Decimal::new(&max.to_string()) && max != i128::from(i64::MAX) && max != i128::from(u64::MAX) {
        fail(faults, "maximum", Detail::Whole("at most", max));
    }
    if let Some(divisor) = multiple_of
        && !value.is_multiple_of(&Decimal::new(divisor))
    {
        fail(faults, "multipleOf", Detail::Limit("a multiple of", divisor));
    }
}

#[inline]
fn is_long_ascii(value: &str, min: u32) -> bool {
    value.len() >= min as usize && value.is_ascii()
}

/// Lengths are in characters: a character has one to four bytes, so most texts are judged by their bytes.
#[inline]
fn judge_length(min: u32, max: u32, value: &str, faults: &mut Violations) {
    let bytes = value.len();
    if bytes <= max as usize && (bytes >= (min as usize).saturating_mul(4) || is_long_ascii(value, min)) {
        return;
    }
    let count = value.chars().count();
    judge_count(("minLength", "maxLength", "characters"), min, max, count, faults);
}

fn judge_form(
    pattern: Option<&'static Pattern>,
    format: Option<Asserted>,
    value: &str,
    faults: &mut Violations,
) {
    if let Some(pattern) = pattern
        && !faults.effort.is_spent()
    {
        let matches = pattern.is_match_within(value, &mut faults.effort);
        if faults.effort.is_spent() {
            faults.tell_effort();
        } else if !matches {
            let source = pattern.source().into();
            fail(faults, "pattern", Detail::Named("must match the pattern", "pattern", source));
        }
    }
    if let Some(Asserted { format, judge }) = format
        && !judge(value)
    {
        fail(faults, "format", Detail::Named("must be", "expected", format.noun().into()));
    }
}

#[inline]
pub(crate) fn judge_count(
    (least, most, unit): (&'static str, &'static str, &'static str),
    min: u32,
    max: u32,
    count: usize,
    faults: &mut Violations,
) {
    if count < min as usize {
        fail(faults, least, Detail::Count("at least", min, unit, count));
    }
    if count > max as usize && max != u32::MAX {
        fail(faults, most, Detail::Count("at most", max, unit, count));
    }
}

#[cold]
#[inline(never)]
pub(crate) fn fail(faults: &mut Violations, keyword: &'static str, detail: Detail) {
    faults.push(Violation::of(keyword, ViolationKind::Schema, detail));
}
