//! Decimal numbers of any size and precision.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::integer::ParseNumberError;
use crate::model::decimal::{Decimal, is_number};

/// A decimal number, kept as it is written; two are equal when they have the same value.
#[derive(Clone, Debug)]
pub struct Number(String);

impl Number {
    /// The number as it is written: `0.50`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest double; infinite where none is near.
    pub fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl Default for Number {
    fn default() -> Self {
        Self("0".to_owned())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Number {
    type Err = ParseNumberError;

    fn from_str(text: &str) -> Result<Self, ParseNumberError> {
        if is_number(text) { Ok(Self(text.to_owned())) } else { Err(ParseNumberError) }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(value.to_string())
    }
}

impl TryFrom<f64> for Number {
    type Error = ParseNumberError;

    fn try_from(value: f64) -> Result<Self, ParseNumberError> {
        if value.is_finite() { Ok(Self(value.to_string())) } else { Err(ParseNumberError) }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        Decimal::new(&self.0) == Decimal::new(&other.0)
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Decimal::new(&self.0).canonical().hash(state);
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        Decimal::new(&self.0).cmp(&Decimal::new(&other.0))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_stays_and_the_value_counts() {
        let number = |text: &str| text.parse::<Number>().unwrap();
        assert_eq!(number("0.50").as_str(), "0.50");
        assert_eq!(number("0.50"), number("5e-1"));
        assert!(number("0.1") < number("0.10000000000000000000001"));
        assert!("1.".parse::<Number>().is_err());
        assert_eq!(Number::try_from(1.5), Ok(number("1.5")));
        assert!(Number::try_from(f64::NAN).is_err());
    }
}
