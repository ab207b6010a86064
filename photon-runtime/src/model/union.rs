//! The table of a union whose variant a property names. Knows no variant's type: the macro hands in what reads it.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::check::Check;
use super::decoder::Decoder;
use super::value::Value;
use super::violation::{Detail, Segment};

/// The table of a union whose variant a property names.
#[derive(Debug)]
pub struct Union {
    /// The schema's name, for messages.
    pub name: &'static str,
    /// The property that names the variant.
    pub tag: &'static str,
    pub(crate) values: &'static [(&'static str, usize)],
    pub(crate) fallback: Option<usize>,
    pub(crate) check: Option<&'static Check>,
}

/// A union with a tag: each of its values with the index of a variant.
pub const fn union(name: &'static str, tag: &'static str, values: &'static [(&'static str, usize)]) -> Union {
    Union { name, tag, values, fallback: None, check: None }
}

impl Union {
    /// The variant of values whose tag is missing or unknown.
    #[must_use]
    pub const fn fallback(mut self, index: usize) -> Self {
        self.fallback = Some(index);
        self
    }

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

    /// The first tag value of a variant.
    pub(crate) fn value_of(&self, index: usize) -> Option<&'static str> {
        self.values.iter().find(|(_, variant)| *variant == index).map(|(value, _)| *value)
    }
}

impl Decoder<'_> {
    /// Finds the variant by its tag and has it read; `read` is called at most once.
    pub fn tagged(&mut self, union: &'static Union, read: &mut dyn FnMut(&mut Self, usize)) {
        if self.peek() != b'{' {
            self.mismatch("an object");
            return;
        }
        let found = self.find_text(union.tag);
        if self.is_fatal() {
            return;
        }
        let known = found.as_deref().and_then(|tag| union.values.iter().find(|(value, _)| *value == tag));
        match known.map(|(_, index)| *index).or(union.fallback) {
            Some(index) => {
                self.put_tag(union.tag);
                read(self, index);
                self.take_tag();
            }
            None => self.unknown_tag(union, found.as_deref()),
        }
    }

    #[cold]
    fn unknown_tag(&mut self, union: &'static Union, found: Option<&str>) {
        let before = self.faults();
        if found.is_some() {
            let message = one_of_these(union.values.iter().map(|(value, _)| *value));
            self.fail("discriminator", Detail::Text(message.into()));
        } else {
            self.fail("required", Detail::Text("is required, and a text".into()));
        }
        self.locate(before, &Segment::Key(Cow::Borrowed(union.tag)));
        self.skip();
    }
}

/// `must be one of a, b, c`, cut where there are many.
pub(crate) fn one_of_these<'v>(values: impl ExactSizeIterator<Item = &'v str>) -> String {
    const SHOWN_MAX: usize = 10;
    let more = values.len().saturating_sub(SHOWN_MAX);
    let mut message = if values.len() == 1 { "must be ".to_owned() } else { "must be one of ".to_owned() };
    for (index, value) in values.take(SHOWN_MAX).enumerate() {
        if index > 0 {
            message.push_str(", ");
        }
        message.push_str(value);
    }
    if more > 0 {
        _ = write!(message, " and {more} more");
    }
    message
}
