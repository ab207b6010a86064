//! The table of a record: its names and rules, in a `static`, and how an object fills it.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::check::Check;
use super::decoder::Decoder;
use super::rule::{Rule, fail, judge_count};
use super::value::Value;
use super::violation::{Detail, Segment};

/// One property of a record, with what the table's lists say of it.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own, as the document states it")]
pub struct Field {
    /// As the document has it.
    pub name: &'static str,
    pub(crate) rule: Rule,
    pub(crate) required: bool,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    pub(crate) default: Option<&'static str>,
    /// The name needs no escape in JSON.
    pub(crate) plain: bool,
}

impl Field {
    /// Whether only requests hold it.
    pub const fn is_write_only(&self) -> bool {
        self.write_only
    }

    /// Absent, and yet to be written: as `null`.
    #[inline]
    pub(crate) fn writes_null(&self) -> bool {
        self.required && self.rule.nullable
    }
}

/// What becomes of properties that a record does not name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Extra {
    Ignore,
    Deny,
    Keep(Rule),
}

/// The table of a record: lists of names, as a schema has them. Generated code builds one for each record, and compilers
/// are quick with lists of texts; the [`Field`]s are put together when the first value is read or written.
#[derive(Debug)]
pub struct Record {
    /// The schema's name, for messages.
    pub name: &'static str,
    names: &'static [&'static str],
    required: Required,
    read_only: &'static [&'static str],
    write_only: &'static [&'static str],
    nullable: &'static [&'static str],
    rules: &'static [(&'static str, Rule)],
    defaults: &'static [(&'static str, &'static str)],
    pub(crate) extra: Extra,
    pub(crate) extra_keys: Option<Rule>,
    pub(crate) properties: Option<(u32, u32)>,
    pub(crate) dependent: &'static [(&'static str, &'static [&'static str])],
    pub(crate) check: Option<&'static Check>,
    fields: OnceLock<Fields>,
}

#[derive(Debug)]
enum Required {
    All,
    Named(&'static [&'static str]),
}

impl Required {
    fn names(&self) -> &'static [&'static str] {
        match self {
            Self::All => &[],
            Self::Named(names) => names,
        }
    }
}

#[derive(Debug)]
struct Fields {
    all: Box<[Field]>,
    /// Their places in the order of their names, where there are many.
    index: Box<[usize]>,
}

/// Up to so many names are compared one after the other.
const SCANNED_MAX: usize = 32;

/// A record of these properties, each of which may be left out; others are ignored.
pub const fn record(name: &'static str, properties: &'static [&'static str]) -> Record {
    Record {
        name,
        names: properties,
        required: Required::Named(&[]),
        read_only: &[],
        write_only: &[],
        nullable: &[],
        rules: &[],
        defaults: &[],
        extra: Extra::Ignore,
        extra_keys: None,
        properties: None,
        dependent: &[],
        check: None,
        fields: OnceLock::new(),
    }
}

impl Record {
    /// Properties that must be there (`required`).
    #[must_use]
    pub const fn required(mut self, names: &'static [&'static str]) -> Self {
        self.required = Required::Named(names);
        self
    }

    /// All properties must be there.
    #[must_use]
    pub const fn all_required(mut self) -> Self {
        self.required = Required::All;
        self
    }

    /// Properties that may be null, and must keep no rule.
    #[must_use]
    pub const fn nullable(mut self, names: &'static [&'static str]) -> Self {
        self.nullable = names;
        self
    }

    /// What the values of some properties must keep.
    #[must_use]
    pub const fn rules(mut self, rules: &'static [(&'static str, Rule)]) -> Self {
        self.rules = rules;
        self
    }

    /// The values of some properties where they are left out, as JSON texts.
    #[must_use]
    pub const fn defaults(mut self, values: &'static [(&'static str, &'static str)]) -> Self {
        self.defaults = values;
        self
    }

    /// Properties that only answers hold: a request may leave them out although they are required.
    #[must_use]
    pub const fn read_only(mut self, names: &'static [&'static str]) -> Self {
        self.read_only = names;
        self
    }

    /// Properties that only requests hold.
    #[must_use]
    pub const fn write_only(mut self, names: &'static [&'static str]) -> Self {
        self.write_only = names;
        self
    }

    /// No other properties may be there.
    #[must_use]
    pub const fn deny_extra(mut self) -> Self {
        self.extra = Extra::Deny;
        self
    }

    /// Other properties are kept in a map whose values keep this rule.
    #[must_use]
    pub const fn keep_extra(mut self, values: Rule) -> Self {
        self.extra = Extra::Keep(values);
        self
    }

    /// The names of all properties keep this rule (`propertyNames`).
    #[must_use]
    pub const fn extra_keys(mut self, keys: Rule) -> Self {
        self.extra_keys = Some(keys);
        self
    }

    /// There must be so many properties; `u32::MAX` is no limit.
    #[must_use]
    pub const fn properties(mut self, min: u32, max: u32) -> Self {
        self.properties = Some((min, max));
        self
    }

    /// Where the first property is, the others must be too (`dependentRequired`).
    #[must_use]
    pub const fn dependent(mut self, rules: &'static [(&'static str, &'static [&'static str])]) -> Self {
        self.dependent = rules;
        self
    }

    /// The whole value must also fit a schema that only an exact check understands.
    #[must_use]
    pub const fn check(mut self, check: &'static Check) -> Self {
        self.check = Some(check);
        self
    }

    /// The properties, in the order of the table.
    #[inline]
    pub(crate) fn fields(&self) -> &[Field] {
        &self.all().all
    }

    /// The place of a property.
    pub(crate) fn position(&self, key: &str) -> Option<usize> {
        let Fields { all, index } = self.all();
        if all.len() <= SCANNED_MAX {
            return all.iter().position(|field| field.name == key);
        }
        index.binary_search_by(|place| all[*place].name.cmp(key)).ok().map(|at| index[at])
    }

    #[inline]
    fn all(&self) -> &Fields {
        self.fields.get_or_init(|| Fields::new(self))
    }

    fn tracks_names(&self) -> bool {
        !self.dependent.is_empty()
    }
}

impl Fields {
    #[cold]
    fn new(record: &Record) -> Self {
        let mut all: Box<[Field]> = record
            .names
            .iter()
            .map(|name| Field {
                name,
                rule: Rule::ANYTHING,
                required: matches!(record.required, Required::All),
                read_only: false,
                write_only: false,
                default: None,
                plain: is_plain(name),
            })
            .collect();
        let mut index: Box<[usize]> = (0..all.len()).collect();
        index.sort_by_key(|place| all[*place].name);

        let mut set = |name: &str, change: &mut dyn FnMut(&mut Field)| {
            let place = index.binary_search_by(|place| record.names[*place].cmp(name));
            debug_assert!(place.is_ok(), "{} has no property {name}", record.name);
            if let Ok(at) = place {
                change(&mut all[index[at]]);
            }
        };
        let named: [(_, fn(&mut Field)); 4] = [
            (record.required.names(), |field| field.required = true),
            (record.read_only, |field| field.read_only = true),
            (record.write_only, |field| field.write_only = true),
            (record.nullable, |field| field.rule.nullable = true),
        ];
        for (names, mut change) in named {
            for name in names {
                set(name, &mut change);
            }
        }
        for (name, rule) in record.rules {
            set(name, &mut |field| field.rule = *rule);
        }
        for (name, json) in record.defaults {
            set(name, &mut |field| field.default = Some(json));
        }
        Self { all, index }
    }
}

fn is_plain(name: &str) -> bool {
    !name.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\')
}

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
    use crate::model::{Format, text};

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
