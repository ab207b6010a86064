//! Integers of any size.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use crate::model::decimal::{Decimal, is_number};

/// How many digits an integer is written out with; larger ones keep an exponent.
const DIGITS_MAX: i64 = 4096;

/// An integer of any size, kept as its digits. `1.0` and `1e3` are integers.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Integer(String);

/// A text is no number, or not one that its type can hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ParseNumberError;

impl fmt::Display for ParseNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is no such number")
    }
}

impl std::error::Error for ParseNumberError {}

impl Integer {
    /// The digits: `-12`, or for enormous ones `1e5000`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Integer {
    fn default() -> Self {
        Self("0".to_owned())
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Integer {
    type Err = ParseNumberError;

    fn from_str(text: &str) -> Result<Self, ParseNumberError> {
        if !is_number(text) || !Decimal::new(text).is_integer() {
            return Err(ParseNumberError);
        }
        let (mut digits, zeros) = Decimal::new(text).canonical();
        match usize::try_from(zeros) {
            Ok(count) if zeros <= DIGITS_MAX => digits.extend(std::iter::repeat_n('0', count)),
            _ => _ = write!(digits, "e{zeros}"),
        }
        Ok(Self(digits))
    }
}

macro_rules! from_whole {
    ($($whole:ty)*) => { $(
        impl From<$whole> for Integer {
            fn from(value: $whole) -> Self {
                Self(value.to_string())
            }
        }

        impl TryFrom<&Integer> for $whole {
            type Error = ParseNumberError;

            fn try_from(value: &Integer) -> Result<Self, ParseNumberError> {
                value.0.parse().map_err(|_| ParseNumberError)
            }
        }

        impl TryFrom<Integer> for $whole {
            type Error = ParseNumberError;

            fn try_from(value: Integer) -> Result<Self, ParseNumberError> {
                Self::try_from(&value)
            }
        }
    )* };
}

from_whole! { i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 }

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        Decimal::new(&self.0).cmp(&Decimal::new(&other.0))
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        for (text, expected) in [
            ("0", Some("0")),
            ("-0", Some("0")),
            ("1.0", Some("1")),
            ("1e3", Some("1000")),
            ("-120e-1", Some("-12")),
            ("1180591620717411303424", Some("1180591620717411303424")),
            ("1e100000", Some("1e100000")),
            ("10e99999", Some("1e100000")),
            ("1.5", None),
            ("01", None),
            ("+1", None),
            ("", None),
            ("x", None),
        ] {
            let parsed = text.parse::<Integer>().ok();
            assert_eq!(parsed.as_ref().map(Integer::as_str), expected, "{text}");
        }
        assert_eq!(i64::try_from(Integer::from(7u8)), Ok(7));
        assert!(i64::try_from("1e30".parse::<Integer>().unwrap()).is_err());
        assert!(Integer::from(2) < Integer::from(10));
    }
}
