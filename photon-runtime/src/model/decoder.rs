//! One value being read: where it comes from, how far it is, what was wrong. The cursor itself is in `json`.
//!
//! Three sources: JSON; *text*, which is JSON whose scalars may all be strings (parameters and forms); and one *scalar*,
//! whose whole source is one text without quotes. In the latter two a string that is exactly a number, `true`, `false`
//! or `null` in JSON's grammar is taken for one where one is wanted. Nothing is coerced in JSON.
//!
//! The answers to what JSON leaves open: a property given twice is a violation `duplicateKey` (of known and of kept
//! properties; nobody looks at those that are ignored), bytes that are no UTF-8 and lone surrogates are syntax, nesting
//! ends at [`DEPTH_MAX`], `1.0` and `1e3` are integers, a number that its type cannot hold is a violation `range`.

use std::borrow::Cow;

use super::check::Check;
use super::one_of::{TRIAL_BYTES_MIN, TRIAL_FACTOR_MAX};
use super::rule::Rule;
use super::types::File;
use super::unique;
use super::value::Value;
use super::violation::{Detail, Segment, Violation, ViolationKind, Violations};
use super::visitor::Visitor;
use super::writer::written;

/// How deep arrays and objects may nest.
pub const DEPTH_MAX: u32 = 128;

/// Reads one value.
#[derive(Debug)]
pub struct Decoder<'a> {
    pub(crate) source: &'a str,
    pub(crate) pos: usize,
    pub(crate) depth: u32,
    pub(crate) mode: Mode,
    pub(crate) violations: Violations,
    fatal: bool,
    tag: Option<&'static str>,
    files: Option<Vec<File>>,
    /// Bytes read again so far.
    spent: usize,
    checked: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Mode {
    Json,
    Text,
    Scalar,
}

/// A place to come back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Saved {
    pos: usize,
    depth: u32,
    told: usize,
    more: usize,
    tag: Option<&'static str>,
}

impl Saved {
    pub(crate) fn faults(&self) -> usize {
        self.told + self.more
    }

    pub(crate) fn told(&self) -> usize {
        self.told
    }

    pub(crate) fn place(&self) -> usize {
        self.pos
    }
}

impl<'a> Decoder<'a> {
    /// Reads JSON.
    pub fn json(source: &'a [u8]) -> Self {
        match std::str::from_utf8(source) {
            Ok(source) => Self::new(source, Mode::Json),
            Err(error) => {
                let mut decoder = Self::new("", Mode::Json);
                decoder.stop("syntax", format!("is not UTF-8 at byte {}", error.valid_up_to()));
                decoder
            }
        }
    }

    /// Reads JSON.
    pub fn json_str(source: &'a str) -> Self {
        Self::new(source, Mode::Json)
    }

    /// Reads JSON whose scalars may all be strings.
    pub fn text(source: &'a str) -> Self {
        Self::new(source, Mode::Text)
    }

    /// Reads one scalar: the whole source, as it stands.
    pub fn scalar(source: &'a str) -> Self {
        Self::new(source, Mode::Scalar)
    }

    /// With the files of a form: where a `File` or `Bytes` is wanted, a string is an index into them (`"0"`).
    #[must_use]
    pub fn with_files(mut self, files: Vec<File>) -> Self {
        self.files = Some(files);
        self
    }

    fn new(source: &'a str, mode: Mode) -> Self {
        Self {
            source,
            pos: 0,
            depth: 0,
            mode,
            violations: Violations::default(),
            fatal: false,
            tag: None,
            files: None,
            spent: 0,
            checked: false,
        }
    }

    /// Reads the whole source as one value.
    pub fn decode<T: Value>(mut self, rule: &Rule) -> Result<T, Violations> {
        let mut value = T::empty();
        self.fill(&mut value, rule);
        let violations = self.into_violations();
        if violations.is_empty() { Ok(value) } else { Err(violations) }
    }

    /// Reads the whole source into a value.
    pub fn fill(&mut self, value: &mut dyn Value, rule: &Rule) {
        if self.fatal {
            return;
        }
        self.value(value, rule);
        self.end();
    }

    /// What was wrong.
    pub fn into_violations(mut self) -> Violations {
        if self.checked {
            unique::drop_repeated(&mut self.violations.list);
        }
        self.violations
    }

    /// Reads the value at the cursor, and has it checked where the rule asks for it.
    #[inline]
    pub fn value(&mut self, value: &mut dyn Value, rule: &Rule) {
        match rule.check {
            None => value.read(self, rule),
            Some(check) => {
                let start = self.start();
                value.read(self, rule);
                self.check(check, start, &mut |visitor| value.visit(visitor, rule));
            }
        }
    }

    /// Whether scalars may be texts.
    #[inline]
    pub fn is_text(&self) -> bool {
        self.mode != Mode::Json
    }

    /// How much was wrong so far.
    #[inline]
    pub fn faults(&self) -> usize {
        self.violations.total()
    }

    /// Whether the source is broken, so that nothing more can be read.
    #[inline]
    pub fn is_fatal(&self) -> bool {
        self.fatal
    }

    /// The value does not fit.
    #[cold]
    #[inline(never)]
    pub(crate) fn fail(&mut self, keyword: &'static str, detail: Detail) {
        self.violations.push(Violation::of(keyword, ViolationKind::Schema, detail));
    }

    /// The value does not fit, with a sentence such as `must be even`.
    pub fn refuse(&mut self, keyword: &'static str, message: impl Into<Cow<'static, str>>) {
        self.fail(keyword, Detail::Text(message.into()));
    }

    /// The source is broken.
    #[cold]
    #[inline(never)]
    pub(crate) fn syntax(&mut self) {
        let message = if self.pos >= self.source.len() {
            "is not JSON: it ends too early".to_owned()
        } else {
            format!("is not JSON at byte {}", self.pos)
        };
        self.stop("syntax", message);
    }

    #[cold]
    pub(crate) fn stop(&mut self, keyword: &'static str, message: String) {
        if !self.fatal {
            self.fatal = true;
            self.pos = self.source.len();
            let violation = Violation::of(keyword, ViolationKind::Syntax, Detail::Text(message.into()));
            self.violations.more +=
                usize::from(self.violations.list.len() >= super::violation::VIOLATIONS_MAX);
            self.violations.list.truncate(super::violation::VIOLATIONS_MAX - 1);
            self.violations.list.push(violation);
        }
    }

    /// Puts what was found since `before` (of [`Self::faults`]) under a property or an index.
    #[cold]
    #[inline(never)]
    pub(crate) fn locate(&mut self, before: usize, segment: &Segment) {
        let from = before.min(self.violations.list.len());
        for violation in &mut self.violations.list[from..] {
            violation.push(segment.clone());
        }
    }

    #[cold]
    pub(crate) fn duplicate(&mut self) {
        self.fail("duplicateKey", Detail::Text("is given twice".into()));
    }

    pub(crate) fn save(&self) -> Saved {
        let (told, more) = (self.violations.list.len(), self.violations.more);
        Saved { pos: self.pos, depth: self.depth, told, more, tag: self.tag }
    }

    pub(crate) fn restore(&mut self, saved: &Saved) {
        self.pos = saved.pos;
        self.depth = saved.depth;
        self.tag = saved.tag;
        self.violations.list.truncate(saved.told);
        self.violations.more = saved.more;
    }

    /// Counts bytes that are read again; false, and the end, when there are too many.
    pub(crate) fn spend(&mut self, bytes: usize) -> bool {
        self.spent = self.spent.saturating_add(bytes);
        let fits =
            self.spent <= TRIAL_BYTES_MIN.saturating_add(self.source.len().saturating_mul(TRIAL_FACTOR_MAX));
        if !fits {
            self.stop("complexity", "nests too deep in what is read again".to_owned());
        }
        fits
    }

    /// The tag property of the union being read: the record may not know it.
    pub(crate) fn put_tag(&mut self, tag: &'static str) {
        self.tag = Some(tag);
    }

    #[inline]
    pub(crate) fn take_tag(&mut self) -> Option<&'static str> {
        self.tag.take()
    }

    /// The file that a string stands for: none where there are no files, or not this one.
    pub(crate) fn file(&mut self, index: &str) -> Option<File> {
        self.files.as_ref()?.get(index.parse::<usize>().ok()?).cloned()
    }

    pub(crate) fn has_files(&self) -> bool {
        self.files.is_some()
    }

    /// Checks the value that was read from `start` on against a schema; `show` shows it as it was read.
    pub(crate) fn check(
        &mut self,
        check: &'static Check,
        start: usize,
        show: &mut dyn FnMut(&mut dyn Visitor),
    ) {
        if self.fatal || !self.spend(self.pos.saturating_sub(start)) {
            return;
        }
        self.checked = true;
        match self.mode {
            Mode::Json => check.judge(&self.source[start..self.pos], &mut self.violations),
            _ => check.judge(&written(show), &mut self.violations),
        }
    }

    /// Whether no two items of the array that was read from `start` on are equal.
    pub(crate) fn judge_unique(&mut self, start: usize, show: &mut dyn FnMut(&mut dyn Visitor)) {
        if self.fatal || !self.spend(self.pos.saturating_sub(start)) {
            return;
        }
        let repeated = match self.mode {
            Mode::Json => unique::repeated(&self.source[start..self.pos]),
            _ => unique::repeated(&written(show)),
        };
        if let Some(message) = repeated {
            self.fail("uniqueItems", Detail::Text(message.into()));
        }
    }

    pub(crate) fn judge_key(&mut self, rule: &Rule, key: &str) {
        let mut faults = Violations { effort: self.violations.effort, ..Violations::default() };
        rule.judge_str(key, &mut faults);
        if let Some(check) = rule.check {
            self.checked = true;
            check.judge(&serde_json::Value::from(key).to_string(), &mut faults);
        }
        self.violations.effort = faults.effort;
        for fault in faults {
            self.fail("propertyNames", Detail::Text(format!("has a name that {}", fault.message()).into()));
        }
    }
}

/// Reads JSON into a value.
pub fn decode<T: Value>(json: &[u8]) -> Result<T, Violations> {
    Decoder::json(json).decode(super::value::any())
}
