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
    pub(crate) untagged: &'static [usize],
    pub(crate) check: Option<&'static Check>,
}

/// A union with a tag: each of its values with the index of a variant.
pub const fn union(name: &'static str, tag: &'static str, values: &'static [(&'static str, usize)]) -> Union {
    Union { name, tag, values, fallback: None, untagged: &[], check: None }
}

impl Union {
    /// The variant of values whose tag is missing or unknown.
    #[must_use]
    pub const fn fallback(mut self, index: usize) -> Self {
        self.fallback = Some(index);
        self
    }

    /// The variants whose schema does not ask for the tag: a value without one is the only one of these that it fits.
    #[must_use]
    pub const fn untagged(mut self, indices: &'static [usize]) -> Self {
        self.untagged = indices;
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
    /// Finds the variant by its tag and has it read. Where there is no tag, `read` may be called more than once: what it
    /// read last counts.
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
            Some(index) => self.read_variant(union, index, read),
            None if found.is_none() => self.untagged(union, read),
            None => self.unknown_tag(union, found.as_deref()),
        }
    }

    /// Reads a value without a tag as the one variant that it fits.
    #[cold]
    fn untagged(&mut self, union: &'static Union, read: &mut dyn FnMut(&mut Self, usize)) {
        let start = self.save();
        let mut fitting = None;
        // A tag that is no text is no missing one.
        let mut fits_many =
            !union.untagged.is_empty() && self.outline().iter().any(|(key, _)| key == union.tag);
        for &index in union.untagged {
            if fits_many {
                break;
            }
            self.read_variant(union, index, read);
            if self.is_fatal() {
                return;
            }
            let fits = self.faults() == start.faults();
            let bytes = self.save().place().saturating_sub(start.place());
            self.restore(&start);
            if !self.spend(bytes) {
                return;
            }
            if fits {
                fits_many |= fitting.is_some();
                fitting = Some(index);
            }
        }
        match fitting {
            Some(index) if !fits_many => self.read_variant(union, index, read),
            _ => self.unknown_tag(union, None),
        }
    }

    #[inline]
    fn read_variant(&mut self, union: &'static Union, index: usize, read: &mut dyn FnMut(&mut Self, usize)) {
        self.put_tag(union.tag);
        read(self, index);
        self.take_tag();
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
    let (sentence, list) = listed(values);
    format!("{sentence} {list}")
}

/// The same as what is wrong with a value.
pub(crate) fn not_one_of_these<'v>(values: impl ExactSizeIterator<Item = &'v str>) -> Detail {
    let (sentence, list) = listed(values);
    Detail::Named(sentence, "allowed", list.into())
}

fn listed<'v>(values: impl ExactSizeIterator<Item = &'v str>) -> (&'static str, String) {
    const SHOWN_MAX: usize = 10;
    let sentence = if values.len() == 1 { "must be" } else { "must be one of" };
    let more = values.len().saturating_sub(SHOWN_MAX);
    let mut list = String::new();
    for (index, value) in values.take(SHOWN_MAX).enumerate() {
        if index > 0 {
            list.push_str(", ");
        }
        list.push_str(value);
    }
    if more > 0 {
        _ = write!(list, " and {more} more");
    }
    (sentence, list)
}
