//! Numbers as most are written: at most fifteen digits, no exponent. They are compared, divided and made doubles of
//! without rounding and without loops over digits; all others are for [`super::decimal`]. Knows only texts.

use std::cmp::Ordering;

/// How many digits a number may have, so that a double holds them all, and products of two fit an `i128`.
const DIGITS_MAX: usize = 15;

/// The powers of ten that a double holds exactly, as far as they are needed.
const POWERS: [f64; DIGITS_MAX + 1] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// `-12.50` is -1250 with a scale of 2.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Short {
    negative: bool,
    digits: i64,
    scale: u32,
}

impl Short {
    /// Takes a number apart that is known to keep the grammar of JSON; none where it is longer.
    #[inline]
    pub(crate) fn new(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let (negative, bytes) = match bytes {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, bytes),
        };
        if bytes.len() > DIGITS_MAX {
            return None;
        }
        let (mut digits, mut scale, mut point) = (0i64, 0u32, false);
        for byte in bytes {
            match byte.wrapping_sub(b'0') {
                digit @ 0..=9 => {
                    digits = digits * 10 + i64::from(digit);
                    scale += u32::from(point);
                }
                _ if *byte == b'.' => point = true,
                _ => return None,
            }
        }
        Some(Self { negative, digits, scale })
    }

    /// The double that is nearest: both operands of one division are exact, so that it rounds once.
    #[inline]
    #[allow(clippy::cast_precision_loss, reason = "fifteen digits are fewer than 53 bits")]
    pub(crate) fn to_f64(self) -> f64 {
        let value = self.digits as f64 / POWERS[self.scale as usize];
        if self.negative { -value } else { value }
    }

    /// Whether it is a whole multiple of `divisor`; none where that is zero.
    pub(crate) fn is_multiple_of(self, divisor: Self) -> Option<bool> {
        let scale = self.scale.max(divisor.scale);
        self.scaled(scale).checked_rem(divisor.scaled(scale)).map(|rest| rest == 0)
    }

    /// In units of ten to the minus `scale`, which is at most that of another such number.
    #[inline]
    fn scaled(self, scale: u32) -> i128 {
        i128::from(self.signed()) * 10i128.pow(scale - self.scale)
    }

    #[inline]
    fn signed(self) -> i64 {
        if self.negative { -self.digits } else { self.digits }
    }
}

impl Ord for Short {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        if self.scale == other.scale || self.digits == 0 || other.digits == 0 {
            return self.signed().cmp(&other.signed());
        }
        let scale = self.scale.max(other.scale);
        self.scaled(scale).cmp(&other.scaled(scale))
    }
}

impl PartialOrd for Short {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Short {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Short {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::decimal::Decimal;

    const TEXTS: [&str; 16] = [
        "0",
        "-0",
        "0.0",
        "-0.50",
        "0.5",
        "1",
        "1.0",
        "19.25",
        "89.5",
        "999999999999999",
        "-0.0000000000001",
        "0.0000000000001",
        "123456.78901234",
        "0.1",
        "0.01",
        "7",
    ];

    #[test]
    fn as_exact_as_the_long_way() {
        for one in TEXTS {
            let short = Short::new(one).unwrap_or_else(|| panic!("{one} is short"));
            let double: f64 = one.parse().unwrap();
            assert_eq!(short.to_f64().to_bits(), double.to_bits(), "{one}");
            for other in TEXTS {
                let (other_short, decimals) =
                    (Short::new(other).unwrap(), (Decimal::new(one), Decimal::new(other)));
                assert_eq!(short.cmp(&other_short), decimals.0.cmp(&decimals.1), "{one} {other}");
                if !decimals.1.is_zero() {
                    let expected = decimals.0.is_multiple_of(&decimals.1);
                    assert_eq!(short.is_multiple_of(other_short), Some(expected), "{one} {other}");
                }
            }
        }
    }

    #[test]
    fn doubles_are_the_nearest() {
        let mut state = 0x9E37_79B9_7F4A_7C15u64;
        for _ in 0..20_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let (digits, point) = (state % 100_000_000_000_000, (state >> 48) % 14);
            let mut text = format!("{digits:014}");
            text.insert(usize::try_from(14 - point).unwrap(), '.');
            let text = text.trim_start_matches('0').trim_end_matches('.');
            let text =
                if text.starts_with('.') || text.is_empty() { format!("0{text}") } else { text.to_owned() };
            let Some(short) = Short::new(&text) else { continue };
            assert_eq!(short.to_f64().to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
        }
    }

    #[test]
    fn others_are_left() {
        for text in ["1e3", "1E3", "1234567890123456", "0.1234567890123456", "-1e-1"] {
            assert!(Short::new(text).is_none(), "{text}");
        }
    }
}
