//! The table of a record: its names and rules, in a `static`. Knows nothing of values; `object` fills records by it.

use std::sync::OnceLock;

use super::check::Check;
use super::rule::Rule;

/// One property of a record, with what the table's lists say of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// As the document has it.
    pub(crate) name: &'static str,
    pub(crate) rule: Rule,
    pub(crate) required: bool,
    pub(crate) read_only: bool,
    pub(crate) default: Option<&'static str>,
    /// The name needs no escape in JSON.
    pub(crate) plain: bool,
}

impl Field {
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
/// are quick with lists of texts; the fields are put together when the first value is read or written.
#[derive(Debug)]
pub struct Record {
    /// The schema's name, for messages.
    pub name: &'static str,
    pub(super) names: &'static [&'static str],
    required: Required,
    read_only: &'static [&'static str],
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

    /// Whether it is asked which names were there.
    pub(super) fn tracks_names(&self) -> bool {
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
        let named: [(_, fn(&mut Field)); 3] = [
            (record.required.names(), |field| field.required = true),
            (record.read_only, |field| field.read_only = true),
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
