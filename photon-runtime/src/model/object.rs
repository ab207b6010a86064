//! How an object fills a record, by the record's table.

use std::borrow::Cow;

use super::decoder::Decoder;
use super::record::{Extra, Record};
use super::rule::{Rule, fail, judge_count};
use super::value::Value;
use super::violation::{Detail, Segment};

/// Which fields were there.
#[derive(Default)]
struct Seen {
    small: u64,
    big: Vec<u64>,
}

impl Seen {
    /// Marks a field; says whether it was marked before.
    #[inline]
    fn mark(&mut self, index: usize) -> bool {
        if index < 64 {
            let bit = 1 << index;
            let before = self.small & bit != 0;
            self.small |= bit;
            return before;
        }
        let (word, bit) = (index / 64 - 1, 1 << (index % 64));
        if self.big.len() <= word {
            self.big.resize(word + 1, 0);
        }
        let before = self.big[word] & bit != 0;
        self.big[word] |= bit;
        before
    }

    /// Whether the first `count` are marked, where that is quickly said.
    #[inline]
    fn has_all(&self, count: usize) -> bool {
        count < 64 && self.small == (1 << count) - 1
    }

    #[inline]
    fn has(&self, index: usize) -> bool {
        if index < 64 {
            return self.small >> index & 1 == 1;
        }
        self.big.get(index / 64 - 1).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }
}

/// Reads a default. Its type and its bounds are known to fit; one that is not in its format, or does not match its
/// pattern, is what the document says all the same.
fn read_default(value: &mut dyn Value, json: &'static str, rule: &Rule) {
    let mut decoder = Decoder::json_str(json);
    value.read(&mut decoder, rule);
}

/// What is known of an object once it is read.
#[derive(Default)]
struct Tally {
    seen: Seen,
    count: usize,
    /// Names that the table does not have, where rules ask for them.
    others: Vec<String>,
}

impl Decoder<'_> {
    /// Fills a record from the object at the cursor: a slot a field in the order of the table, and one more for the
    /// map of other properties where the table keeps them.
    pub fn record(&mut self, record: &'static Record, slots: &mut [&mut dyn Value]) {
        let tag = self.take_tag();
        let start = self.start();
        if !self.open(b'{', "an object") {
            return;
        }
        let fields = record.fields();
        let (mut first, mut next) = (true, 0);
        let mut tally = Tally::default();
        while self.more(&mut first, b'}') {
            tally.count += 1;
            // Documents tend to keep the order: the property after the last one comes first.
            let expected = fields.get(next).is_some_and(|field| field.plain && self.is_key(field.name));
            let index = if expected {
                next
            } else {
                let Some(key) = self.key() else { return };
                let Some(index) = record.position(&key) else {
                    self.other(record, tag, key, slots, &mut tally);
                    continue;
                };
                index
            };
            next = index + 1;
            let before = self.faults();
            if tally.seen.mark(index) {
                self.duplicate();
            }
            let field = &fields[index];
            self.value(&mut *slots[index], &field.rule);
            if self.faults() != before {
                self.locate(before, &Segment::Key(Cow::Borrowed(field.name)));
            }
        }
        if self.is_fatal() {
            return;
        }
        self.complete(record, slots, &tally);
        if let Some(check) = record.check {
            self.check(check, start, &mut |visitor| show(record, slots, visitor));
        }
    }

    fn other(
        &mut self,
        record: &'static Record,
        tag: Option<&'static str>,
        key: Cow<'_, str>,
        slots: &mut [&mut dyn Value],
        tally: &mut Tally,
    ) {
        if tag == Some(&*key) {
            self.skip();
            return;
        }
        if record.tracks_names() {
            tally.others.push(key.clone().into_owned());
        }
        let before = self.faults();
        if let Some(rule) = record.extra_keys {
            if !rule.selects(&key, &mut self.violations) {
                return self.skip();
            }
            self.judge_key(&rule, &key);
        }
        match record.extra {
            Extra::Ignore => self.skip(),
            Extra::Deny => {
                self.fail("additionalProperties", Detail::Text("is not a known property".into()));
                self.skip();
            }
            Extra::Keep(rule) => match slots.get_mut(record.names.len()) {
                Some(extra) => extra.insert(key.clone().into_owned(), self, &rule),
                None => self.skip(),
            },
        }
        if self.faults() != before {
            self.locate(before, &Segment::Key(Cow::Owned(key.into_owned())));
        }
    }

    /// What can be said only when the object is at its end.
    fn complete(&mut self, record: &'static Record, slots: &mut [&mut dyn Value], tally: &Tally) {
        let fields = record.fields();
        let there = if tally.seen.has_all(fields.len()) { fields.len() } else { 0 };
        for (index, field) in fields.iter().enumerate().skip(there) {
            if tally.seen.has(index) {
                continue;
            }
            if let Some(default) = field.default {
                read_default(&mut *slots[index], default, &field.rule);
            } else if field.required && !field.read_only {
                let before = self.faults();
                self.fail("required", Detail::Text("is required".into()));
                self.locate(before, &Segment::Key(Cow::Borrowed(field.name)));
            }
        }
        if let Some((min, max)) = record.properties {
            let keywords = ("minProperties", "maxProperties", "properties");
            judge_count(keywords, min, max, tally.count, &mut self.violations);
        }
        if record.tracks_names() {
            let has = |name: &str| match record.position(name) {
                Some(index) => tally.seen.has(index),
                None => tally.others.iter().any(|other| other == name),
            };
            judge_dependents(record, &has, &mut self.violations);
        }
        if let Some(rule) = record.extra_keys {
            let there = fields.iter().enumerate().filter(|(index, _)| tally.seen.has(*index));
            for (_, field) in there {
                let before = self.faults();
                self.judge_key(&rule, field.name);
                self.locate(before, &Segment::Key(Cow::Borrowed(field.name)));
            }
        }
    }
}

/// Judges `dependentRequired` by what is there.
pub(crate) fn judge_dependents(
    record: &'static Record,
    has: &dyn Fn(&str) -> bool,
    faults: &mut super::violation::Violations,
) {
    for (name, others) in record.dependent {
        for other in others.iter().filter(|other| has(name) && !has(other)) {
            let message = format!("{other} is required where {name} is given");
            fail(faults, "dependentRequired", Detail::Text(message.into()));
        }
    }
}

fn show(record: &'static Record, slots: &mut [&mut dyn Value], visitor: &mut dyn super::visitor::Visitor) {
    let shared: Vec<&dyn Value> = slots.iter().map(|slot| &**slot as &dyn Value).collect();
    visitor.record(record, &shared);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Format, record, text};

    #[test]
    fn a_default_that_is_not_in_its_format_holds() {
        static TABLE: Record = record("Status", &["url"])
            .rules(&[("url", text(0, u32::MAX).format(Format::Uri))])
            .defaults(&[("url", "\"\"")]);
        let mut url = "before".to_owned();
        let mut decoder = Decoder::json_str("{}");
        decoder.record(&TABLE, &mut [&mut url]);
        assert_eq!((url.as_str(), decoder.faults()), ("", 0));
    }
}
