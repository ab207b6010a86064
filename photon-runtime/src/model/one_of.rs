//! The table of a union whose variant is found by what a value is, and how it is found.
//!
//! Knows no variant's type: the macro hands in what reads it. Hints (types, required properties, constants) leave few
//! branches to try; those are tried in turn.

use std::fmt::Write as _;

use super::check::Check;
use super::decoder::Decoder;
use super::rule::Rule;
use super::unique;
use super::value::Value;
use super::violation::Detail;

/// Bytes that unions may read again, as a multiple of the source's length and beyond [`TRIAL_BYTES_MIN`]: what nests
/// unions in unions gets no exponential time.
pub const TRIAL_FACTOR_MAX: usize = 64;

/// Bytes that unions may always read again.
pub const TRIAL_BYTES_MIN: usize = 1 << 20;

/// How many branches a message tells of.
pub(crate) const BRANCHES_SHOWN_MAX: usize = 5;

/// How much a message tells of them, in bytes.
const MISSES_BYTES_MAX: usize = 2000;

/// JSON types, as a set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Types(pub(crate) u8);

/// `null`.
pub const NULL: Types = Types(1);
/// `true` and `false`.
pub const BOOLEAN: Types = Types(2);
/// Whole numbers.
pub const INTEGER: Types = Types(4);
/// All numbers.
pub const NUMBER: Types = Types(8);
/// Texts.
pub const STRING: Types = Types(16);
/// Arrays.
pub const ARRAY: Types = Types(32);
/// Objects.
pub const OBJECT: Types = Types(64);
/// Any JSON.
pub const ANYTHING: Types = Types(127);

impl Types {
    /// These and those.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The names, for a person.
    pub(crate) fn nouns(self) -> String {
        const NAMES: [(Types, &str); 7] = [
            (NULL, "null"),
            (BOOLEAN, "a boolean"),
            (INTEGER, "an integer"),
            (NUMBER, "a number"),
            (STRING, "a string"),
            (ARRAY, "a list"),
            (OBJECT, "an object"),
        ];
        let names: Vec<&str> =
            NAMES.iter().filter(|(types, _)| self.meets(*types)).map(|(_, name)| *name).collect();
        names.join(" or ")
    }
}

/// One branch of a union without a tag: what a value must be to fit; necessary, not sufficient.
#[derive(Clone, Copy, Debug)]
pub struct Branch {
    pub(crate) types: Types,
    pub(crate) rule: Rule,
    pub(crate) required: &'static [&'static str],
    pub(crate) constants: [Option<Constant>; CONSTANTS_MAX],
}

/// A property, and the JSON texts that it may have.
pub(crate) type Constant = (&'static str, &'static [&'static str]);

/// How many properties of a branch are looked at; they only tell branches apart, so more would only be faster.
const CONSTANTS_MAX: usize = 4;

/// A branch for values of these types.
pub const fn branch(types: Types) -> Branch {
    Branch { types, rule: Rule::ANYTHING, required: &[], constants: [None; CONSTANTS_MAX] }
}

impl Branch {
    /// What its value must keep.
    #[must_use]
    pub const fn rule(mut self, rule: Rule) -> Self {
        self.rule = rule;
        self
    }

    /// Properties that must be there.
    #[must_use]
    pub const fn required(mut self, names: &'static [&'static str]) -> Self {
        self.required = names;
        self
    }

    /// A property that has one of these values (JSON texts) when it is there.
    #[must_use]
    pub const fn constant(mut self, name: &'static str, values: &'static [&'static str]) -> Self {
        let mut at = 0;
        while at < CONSTANTS_MAX {
            if self.constants[at].is_none() {
                self.constants[at] = Some((name, values));
                break;
            }
            at += 1;
        }
        self
    }
}

/// The table of a union whose variant is found by what a value is.
#[derive(Debug)]
pub struct OneOf {
    /// The schema's name, for messages.
    pub name: &'static str,
    pub(crate) any: bool,
    pub(crate) branches: &'static [Branch],
    pub(crate) check: Option<&'static Check>,
}

/// A union of which exactly one branch must fit.
pub const fn one_of(name: &'static str, branches: &'static [Branch]) -> OneOf {
    OneOf { name, any: false, branches, check: None }
}

/// A union of which the first branch that fits is taken.
pub const fn any_of(name: &'static str, branches: &'static [Branch]) -> OneOf {
    OneOf { name, any: true, branches, check: None }
}

impl OneOf {
    /// The whole value must also fit a schema that only an exact check understands.
    #[must_use]
    pub const fn check(mut self, check: &'static Check) -> Self {
        self.check = Some(check);
        self
    }

    /// Checks the value that was read from `start` on, where the table asks for it.
    pub fn verify(&self, decoder: &mut Decoder<'_>, start: usize, value: &dyn Value) {
        if let Some(check) = self.check {
            decoder.check(check, start, &mut |visitor| value.visit(visitor, super::value::any()));
        }
    }

    pub(crate) fn keyword(&self) -> &'static str {
        if self.any { "anyOf" } else { "oneOf" }
    }
}

/// What reads a branch: the decoder, the index, the branch's rule, and whether the value shall be kept.
pub(super) type ReadBranch<'r, 'd> = &'r mut dyn FnMut(&mut Decoder<'d>, usize, &Rule, bool);

impl<'d> Decoder<'d> {
    /// Finds the branch that fits and has it read.
    pub fn one_of(&mut self, union: &'static OneOf, read: ReadBranch<'_, 'd>) {
        let types = self.types();
        if self.is_fatal() {
            return;
        }
        let mut candidates: Vec<usize> =
            (0..union.branches.len()).filter(|index| union.branches[*index].types.meets(types)).collect();
        if candidates.len() > 1 {
            if types.meets(OBJECT) {
                self.tell_apart(union, &mut candidates);
            } else if self.is_text() {
                candidates.sort_by_key(|index| specificity(union.branches[*index].types.0 & types.0));
            }
        }
        match candidates[..] {
            _ if self.is_fatal() => {}
            [] => self.mismatch_types(union),
            [index] => read(self, index, &union.branches[index].rule, true),
            _ => self.try_branches(union, &candidates, read),
        }
    }

    #[cold]
    fn mismatch_types(&mut self, union: &'static OneOf) {
        let types = union.branches.iter().fold(Types(0), |types, branch| types.or(branch.types));
        self.fail("type", Detail::Text(format!("must be {}", types.nouns()).into()));
        self.skip();
    }

    fn try_branches(&mut self, union: &'static OneOf, candidates: &[usize], read: ReadBranch<'_, 'd>) {
        let start = self.save();
        let mut found = None;
        let mut misses = String::new();
        for (tried, &index) in candidates.iter().enumerate() {
            read(self, index, &union.branches[index].rule, found.is_none());
            if self.is_fatal() {
                return;
            }
            self.take_tag();
            let end = self.save();
            let fits = self.faults() == start.faults();
            if fits && (union.any || self.is_text()) {
                return;
            }
            if fits && found.is_some() {
                self.restore(&start);
                let message = format!("fits more than one of the forms of {}", union.name);
                self.fail(union.keyword(), Detail::Text(message.into()));
                self.skip();
                return;
            }
            if fits {
                found = Some(end);
            } else if tried < BRANCHES_SHOWN_MAX
                && let Some(miss) = self.violations.list.get(start.told())
            {
                let separator = if misses.is_empty() { "" } else { "; " };
                _ = write!(misses, "{separator}{}. {miss}", index + 1);
                cut(&mut misses);
            }
            self.restore(&start);
            if !self.spend(end.place().saturating_sub(start.place())) {
                return;
            }
        }
        if let Some(end) = found {
            self.restore(&end);
            return;
        }
        let message = format!("fits none of the forms of {}: {misses}", union.name);
        self.fail(union.keyword(), Detail::Text(message.into()));
        self.skip();
    }

    /// Drops the branches that the properties of the object at the cursor rule out. Where that leaves none, all stay,
    /// so that they can say what they miss.
    fn tell_apart(&mut self, union: &'static OneOf, candidates: &mut Vec<usize>) {
        let hinted = |index: &usize| {
            let branch = &union.branches[*index];
            !branch.required.is_empty() || branch.constants[0].is_some()
        };
        if !candidates.iter().any(hinted) {
            return;
        }
        let properties = self.outline();
        let text = self.is_text();
        let find = |name: &str| properties.iter().find(|(key, _)| key == name).map(|(_, json)| *json);
        let fits = |index: &usize| {
            let branch = &union.branches[*index];
            branch.required.iter().all(|name| find(name).is_some())
                && branch.constants.iter().flatten().all(|(name, values)| {
                    find(name).is_none_or(|json| values.iter().any(|value| unique::equal(json, value, text)))
                })
        };
        let left: Vec<usize> = candidates.iter().copied().filter(|index| fits(index)).collect();
        if !left.is_empty() {
            *candidates = left;
        }
    }
}

/// Cuts what nobody reads to its end: misses tell of misses within.
fn cut(misses: &mut String) {
    if misses.len() > MISSES_BYTES_MAX {
        let end = (0..=MISSES_BYTES_MAX).rev().find(|at| misses.is_char_boundary(*at)).unwrap_or_default();
        misses.truncate(end);
        misses.push('…');
    }
}

/// How specific the first of some types is: what a text means when it could mean several things.
fn specificity(types: u8) -> u32 {
    let order = [INTEGER, NUMBER, BOOLEAN, NULL, STRING];
    let rank = order.iter().position(|kind| kind.0 & types != 0).unwrap_or(order.len());
    u32::try_from(rank).unwrap_or(u32::MAX)
}
