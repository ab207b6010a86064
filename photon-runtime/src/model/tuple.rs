//! The table of a tuple (`prefixItems`), and how an array fills it.

use super::check::Check;
use super::decoder::Decoder;
use super::rule::{Rule, judge_count};
use super::value::Value;
use super::violation::{Detail, Segment};

/// The table of a tuple.
#[derive(Debug)]
pub struct Tuple {
    /// The schema's name, for messages.
    pub name: &'static str,
    pub(crate) rules: &'static [Rule],
    pub(crate) min: u32,
    pub(crate) max: u32,
    pub(crate) rest: Rest,
    pub(crate) unique: bool,
    pub(crate) check: Option<&'static Check>,
}

/// What becomes of items beyond those the table names.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rest {
    Ignore,
    Deny,
    Keep(Rule),
}

/// A tuple whose items keep these rules; what follows them is ignored.
pub const fn tuple(name: &'static str, rules: &'static [Rule]) -> Tuple {
    Tuple { name, rules, min: 0, max: u32::MAX, rest: Rest::Ignore, unique: false, check: None }
}

impl Tuple {
    /// There must be so many items; `u32::MAX` is no limit.
    #[must_use]
    pub const fn items(mut self, min: u32, max: u32) -> Self {
        self.min = min;
        self.max = max;
        self
    }

    /// No items may follow.
    #[must_use]
    pub const fn deny_rest(mut self) -> Self {
        self.rest = Rest::Deny;
        self
    }

    /// The items that follow are kept in a list, and keep this rule.
    #[must_use]
    pub const fn keep_rest(mut self, rule: Rule) -> Self {
        self.rest = Rest::Keep(rule);
        self
    }

    /// No two items may be equal.
    #[must_use]
    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// The whole value must also fit a schema that only an exact check understands.
    #[must_use]
    pub const fn check(mut self, check: &'static Check) -> Self {
        self.check = Some(check);
        self
    }
}

impl Decoder<'_> {
    /// Fills a tuple from the array at the cursor: a slot an item in the order of the table, and one more for the list
    /// of what follows where the table keeps it.
    pub fn tuple(&mut self, tuple: &'static Tuple, slots: &mut [&mut dyn Value]) {
        let start = self.start();
        if !self.open(b'[', "a list") {
            return;
        }
        let (mut first, mut index) = (true, 0);
        let known = tuple.rules.len();
        while self.more(&mut first, b']') {
            let before = self.faults();
            if let Some(rule) = tuple.rules.get(index) {
                self.value(&mut *slots[index], rule);
            } else {
                match (tuple.rest, slots.get_mut(known)) {
                    (Rest::Keep(rule), Some(rest)) => rest.insert(String::new(), self, &rule),
                    (Rest::Deny, _) => {
                        self.fail("items", Detail::Text("is one item too many".into()));
                        self.skip();
                    }
                    _ => self.skip(),
                }
            }
            if self.faults() != before {
                self.locate(before, &Segment::Index(index));
            }
            index += 1;
        }
        if self.is_fatal() {
            return;
        }
        judge_count(("minItems", "maxItems", "items"), tuple.min, tuple.max, index, &mut self.violations);
        let mut show = |visitor: &mut dyn super::visitor::Visitor| {
            let shared: Vec<&dyn Value> = slots.iter().map(|slot| &**slot as &dyn Value).collect();
            visitor.tuple(tuple, &shared);
        };
        if tuple.unique {
            self.judge_unique(start, &mut show);
        }
        if let Some(check) = tuple.check {
            self.check(check, start, &mut show);
        }
    }
}

impl Tuple {
    /// The items that are there, with their rules: those of the table up to the first that is missing, and the rest.
    pub(crate) fn present<'v>(
        &'static self,
        items: &[&'v dyn Value],
    ) -> impl Iterator<Item = (&'v dyn Value, &'static Rule)> {
        let known =
            self.rules.iter().zip(items).take_while(|(rule, item)| !item.is_absent() || rule.nullable);
        let mut present: Vec<(&'v dyn Value, &'static Rule)> =
            known.map(|(rule, item)| (*item, rule)).collect();
        if present.len() == self.rules.len()
            && let (Rest::Keep(rule), Some(rest)) = (&self.rest, items.get(self.rules.len()))
        {
            present.extend((0..).map_while(|index| rest.item(index)).map(|item| (item, rule)));
        }
        present.into_iter()
    }
}
