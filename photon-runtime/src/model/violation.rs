//! What is wrong with a value, where, and in words a person understands. Knows no rule and no source.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use super::pattern::Effort;

/// How many violations are told of one value; the rest is counted.
pub const VIOLATIONS_MAX: usize = 100;

/// Whether a source is no JSON at all, or JSON that does not fit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ViolationKind {
    /// Not JSON, not UTF-8, or nested too deep: a 400.
    Syntax,
    /// JSON that does not fit: a 422.
    Schema,
}

/// One step of a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Segment {
    /// A property.
    Key(Cow<'static, str>),
    /// A place in a list.
    Index(usize),
}

/// Why a value does not fit, kept small until somebody reads it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Detail {
    /// A sentence.
    Text(Cow<'static, str>),
    /// `must be {0} {1}`: `at least`, `1`.
    Limit(&'static str, &'static str),
    /// `must be {0} {1}` for whole numbers.
    Whole(&'static str, i128),
    /// `must have {0} {1} {2}, has {3}`: `at least`, 3, `characters`, 2.
    Count(&'static str, u32, &'static str, usize),
    /// `must be {0}`, with what it is instead.
    Type(&'static str, &'static str),
    /// `{0} {2}`, where {1} is the name of {2}: `must match the pattern`, `pattern`, `^a$`.
    Named(&'static str, &'static str, Cow<'static, str>),
}

/// One thing that is wrong with a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// From the inside out, for that is how it is found.
    path: Vec<Segment>,
    /// The keyword of JSON Schema that is not met (`minLength`), or `syntax`, `depth`, `duplicateKey`, `range`.
    pub keyword: &'static str,
    /// Whether the source is no JSON, or JSON that does not fit.
    pub kind: ViolationKind,
    detail: Detail,
}

impl Violation {
    /// A violation of the whole value, by a keyword of JSON Schema, with a sentence such as `must be even`.
    pub fn new(keyword: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::of(keyword, ViolationKind::Schema, Detail::Text(message.into()))
    }

    pub(crate) fn of(keyword: &'static str, kind: ViolationKind, detail: Detail) -> Self {
        Self { path: Vec::new(), keyword, kind, detail }
    }

    /// The same, of a value within: by its JSON pointer (RFC 6901) from here, such as `/end`.
    #[must_use]
    pub fn at(mut self, pointer: &str) -> Self {
        let segments = pointer.split('/').skip(1).map(|text| match text.parse() {
            Ok(index) => Segment::Index(index),
            Err(_) => Segment::Key(Cow::Owned(text.replace("~1", "/").replace("~0", "~"))),
        });
        let mut path: Vec<Segment> = segments.collect();
        path.reverse();
        path.append(&mut self.path);
        self.path = path;
        self
    }

    /// The same, one level deeper: put under a property or an index.
    pub fn push(&mut self, segment: Segment) {
        self.path.push(segment);
    }

    /// The path from the root to the value.
    pub fn path(&self) -> impl Iterator<Item = &Segment> {
        self.path.iter().rev()
    }

    /// The JSON pointer (RFC 6901) of the value: `/pets/0/name`.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for segment in self.path() {
            pointer.push('/');
            match segment {
                Segment::Key(key) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Segment::Index(index) => _ = write!(pointer, "{index}"),
            }
        }
        pointer
    }

    /// What is wrong, for a person: `must be at least 1`.
    pub fn message(&self) -> String {
        match &self.detail {
            Detail::Text(text) => text.clone().into_owned(),
            Detail::Limit(how, limit) => format!("must be {how} {limit}"),
            Detail::Whole(how, limit) => format!("must be {how} {limit}"),
            Detail::Count(how, limit, unit, actual) => {
                let unit = if *limit == 1 { singular(unit) } else { unit };
                format!("must have {how} {limit} {unit}, has {actual}")
            }
            Detail::Type(wanted, found) => format!("must be {wanted}, not {found}"),
            Detail::Named(sentence, _, value) => format!("{sentence} {value}"),
        }
    }

    /// What the message tells of the rule and the value, by name, for those who say it in other words: `limit`, `unit`
    /// and `actual` of lengths and counts, `limit` of bounds, `expected` and `actual` of types, `expected` of
    /// formats, `pattern`, and `allowed` of enumerations.
    pub fn values(&self) -> Vec<(&'static str, Cow<'_, str>)> {
        match &self.detail {
            Detail::Text(_) => Vec::new(),
            Detail::Limit(_, limit) => vec![("limit", Cow::Borrowed(*limit))],
            Detail::Whole(_, limit) => vec![("limit", Cow::Owned(limit.to_string()))],
            Detail::Count(_, limit, unit, actual) => vec![
                ("limit", Cow::Owned(limit.to_string())),
                ("unit", Cow::Borrowed(*unit)),
                ("actual", Cow::Owned(actual.to_string())),
            ],
            Detail::Type(wanted, found) => {
                vec![("expected", Cow::Borrowed(*wanted)), ("actual", Cow::Borrowed(*found))]
            }
            Detail::Named(_, name, value) => vec![(*name, Cow::Borrowed(value))],
        }
    }

    /// The same in other words.
    #[must_use]
    pub(crate) fn in_words(mut self, message: String) -> Self {
        self.detail = Detail::Text(message.into());
        self
    }
}

fn singular(unit: &'static str) -> &'static str {
    match unit {
        "characters" => "character",
        "items" => "item",
        _ => "property",
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message())
        } else {
            write!(f, "{}: {}", self.pointer(), self.message())
        }
    }
}

/// Everything that is wrong with a value: at least one violation, and at most [`VIOLATIONS_MAX`].
///
/// Functions that documents name by `x-photon-validate: crate::rules::period` add to it what they find. They are asked
/// wherever a value of the schema is read or validated, and only for values that keep all that the schema says:
///
/// ```
/// use photon_runtime::{Violation, Violations};
///
/// # struct Period { start: u32, end: u32 }
/// pub fn period(period: &Period, found: &mut Violations) {
///     if period.end < period.start {
///         found.push(Violation::new("period", "must not end before it starts").at("/end"));
///     }
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Violations {
    pub(crate) list: Vec<Violation>,
    /// How many more there are that are not told.
    pub(crate) more: usize,
    /// What patterns have cost in finding them.
    pub(crate) effort: Effort,
}

impl PartialEq for Violations {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list && self.more == other.more
    }
}

impl Violations {
    /// Those that are told.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.list.iter()
    }

    /// How many are told.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// How many there are beyond those that are told.
    pub fn more(&self) -> usize {
        self.more
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether the source is not even JSON: a 400 rather than a 422.
    pub fn is_syntax(&self) -> bool {
        self.list.iter().any(|violation| violation.kind == ViolationKind::Syntax)
    }

    /// Adds one, or counts it when there are too many.
    pub fn push(&mut self, violation: Violation) {
        if self.list.len() < VIOLATIONS_MAX {
            self.list.push(violation);
        } else {
            self.more += 1;
        }
    }

    /// Adds all of another value's.
    pub fn append(&mut self, other: Self) {
        self.more += other.more;
        for violation in other.list {
            self.push(violation);
        }
    }

    /// Puts all of them one level deeper: under a property or an index.
    pub fn put_under(&mut self, segment: &Segment) {
        for violation in &mut self.list {
            violation.push(segment.clone());
        }
    }

    /// Says that patterns took too long. What is found later is not judged by them any more.
    #[cold]
    pub(crate) fn tell_effort(&mut self) {
        self.push(Violation::new("complexity", "takes too long to be matched by patterns"));
    }

    /// All found so far, told or not.
    pub(crate) fn total(&self) -> usize {
        self.list.len() + self.more
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'v> IntoIterator for &'v Violations {
    type Item = &'v Violation;
    type IntoIter = std::slice::Iter<'v, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.list.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            violation.fmt(f)?;
        }
        if self.more > 0 {
            write!(f, "; and {} more", self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}
