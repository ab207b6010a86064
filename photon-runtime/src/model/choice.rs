//! The tables of enumerations: texts, and scalars of any kind.

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use super::decimal::{self, Decimal};
use super::decoder::Decoder;
use super::union::{not_one_of_these, one_of_these};
use super::unique;

/// Up to so many texts are compared one after the other; more are looked up in an index.
const SCANNED_MAX: usize = 16;

/// The texts of an enumeration.
#[derive(Debug)]
pub struct Choice {
    values: &'static [&'static str],
    /// Places in the order of the texts.
    index: OnceLock<Vec<usize>>,
}

impl Choice {
    /// A choice of these texts.
    pub const fn new(values: &'static [&'static str]) -> Self {
        Self { values, index: OnceLock::new() }
    }

    /// The text at a place.
    pub fn text(&self, place: usize) -> &'static str {
        self.values.get(place).copied().unwrap_or_default()
    }

    /// The place of a text.
    #[inline]
    pub fn find(&self, text: &str) -> Option<usize> {
        if self.values.len() <= SCANNED_MAX {
            return self.values.iter().position(|value| *value == text);
        }
        let index = self.index.get_or_init(|| {
            let mut places: Vec<usize> = (0..self.values.len()).collect();
            places.sort_by_key(|place| self.values[*place]);
            places
        });
        index.binary_search_by(|place| self.values[*place].cmp(text)).ok().map(|at| index[at])
    }

    /// The error of a text that is none of these.
    pub fn unknown(&self) -> UnknownValue {
        UnknownValue(one_of_these(self.values.iter().copied()))
    }
}

/// Scalars of an enumeration, as JSON texts.
#[derive(Debug)]
pub struct Literals {
    values: &'static [&'static str],
    /// The places of their normal forms, where there are many.
    index: OnceLock<HashMap<Vec<u8>, usize>>,
}

impl Literals {
    /// An enumeration of these JSON texts.
    pub const fn new(values: &'static [&'static str]) -> Self {
        Self { values, index: OnceLock::new() }
    }

    /// The JSON text at a place.
    pub fn text(&self, place: usize) -> &'static str {
        self.values.get(place).copied().unwrap_or_default()
    }

    fn index(&self) -> Option<&HashMap<Vec<u8>, usize>> {
        (self.values.len() > SCANNED_MAX).then(|| {
            self.index.get_or_init(|| {
                let places = self.values.iter().enumerate().rev();
                places.map(|(place, value)| (unique::normal(value), place)).collect()
            })
        })
    }

    /// The place of a number, boolean or null.
    fn find_scalar(&self, json: &str) -> Option<usize> {
        match self.index() {
            None => self.values.iter().position(|literal| stands_for(json, literal)),
            Some(index) => {
                let is_scalar = matches!(json, "true" | "false" | "null") || decimal::is_number(json);
                index.get(&unique::normal(json)).copied().filter(|_| is_scalar)
            }
        }
    }

    /// The place of a string.
    fn find_text(&self, text: &str) -> Option<usize> {
        match self.index() {
            None => self.values.iter().position(|literal| is_string(text, literal)),
            Some(index) => index.get(&unique::normal_text(text)).copied(),
        }
    }
}

/// A text is none of those that an enumeration has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownValue(String);

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UnknownValue {}

impl Decoder<'_> {
    /// Reads one of these texts, and returns its place.
    pub fn choice(&mut self, choice: &Choice) -> Option<usize> {
        let text = self.str()?;
        let found = choice.find(&text);
        if found.is_none() {
            self.fail("enum", not_one_of_these(choice.values.iter().copied()));
        }
        found
    }

    /// Reads one of these texts, and returns its place, or else the text.
    pub fn open_choice(&mut self, choice: &Choice) -> Option<Result<usize, String>> {
        let text = self.str()?;
        Some(choice.find(&text).ok_or_else(|| text.into_owned()))
    }

    /// Reads one of these scalars (JSON texts), and returns its place. Where texts may stand for other scalars, these
    /// come first.
    pub fn literal(&mut self, literals: &Literals) -> Option<usize> {
        let start = self.start();
        let kinds = self.types();
        if self.is_fatal() {
            return None;
        }
        let found = if kinds.meets(super::one_of::STRING) {
            let text = self.str()?;
            let other = if self.is_text() { literals.find_scalar(&text) } else { None };
            other.or_else(|| literals.find_text(&text))
        } else {
            self.skip();
            literals.find_scalar(self.source.get(start..self.pos).unwrap_or_default())
        };
        if found.is_none() && !self.is_fatal() {
            self.fail("enum", not_one_of_these(literals.values.iter().copied()));
        }
        found
    }
}

/// Whether a text is this number, boolean or null.
fn stands_for(text: &str, literal: &str) -> bool {
    if literal.starts_with('"') {
        return false;
    }
    text == literal
        || (decimal::is_number(text)
            && decimal::is_number(literal)
            && Decimal::new(text) == Decimal::new(literal))
}

fn is_string(text: &str, literal: &str) -> bool {
    match literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => plain == text,
        Some(_) => Decoder::json_str(literal).str().is_some_and(|string| string == text),
        None => false,
    }
}
