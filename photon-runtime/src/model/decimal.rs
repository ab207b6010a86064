//! Exact arithmetic on decimal numbers as they are written (`-0.50e3`): order, equality, divisibility. Never rounds,
//! never allocates, and costs no more than the text is long, whatever the exponent. Knows only texts.

use std::cmp::Ordering;

/// A number in the grammar of JSON, taken apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimal<'t> {
    negative: bool,
    /// Digits before the point, without leading zeros.
    whole: &'t [u8],
    /// Digits behind the point, without trailing zeros.
    fraction: &'t [u8],
    exponent: i64,
}

/// Divisors of more digits than this are not computed with; no number is a multiple of them but zero.
const DIVISOR_DIGITS_MAX: usize = 38;

impl<'t> Decimal<'t> {
    /// Takes a number apart that is known to keep the grammar.
    pub(crate) fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let (negative, bytes) = match bytes.first() {
            Some(b'-') => (true, &bytes[1..]),
            _ => (false, bytes),
        };
        let (digits, exponent) = match bytes.iter().position(|byte| matches!(byte, b'e' | b'E')) {
            Some(at) => (&bytes[..at], exponent(&bytes[at + 1..])),
            None => (bytes, 0),
        };
        let (whole, fraction) = match digits.iter().position(|byte| *byte == b'.') {
            Some(at) => (&digits[..at], &digits[at + 1..]),
            None => (digits, &[][..]),
        };
        let zeros = whole.iter().take_while(|digit| **digit == b'0').count();
        let tail = fraction.iter().rev().take_while(|digit| **digit == b'0').count();
        Self { negative, whole: &whole[zeros..], fraction: &fraction[..fraction.len() - tail], exponent }
    }

    /// Whether it is zero, of either sign.
    pub(crate) fn is_zero(&self) -> bool {
        self.digits().all(|digit| digit == 0)
    }

    /// Whether it is whole: `1.0`, `1e3`, `120e-1`.
    pub(crate) fn is_integer(&self) -> bool {
        self.is_zero() || self.scale().1 >= 0
    }

    /// Its value where it is whole and fits.
    pub(crate) fn to_i128(self) -> Option<i128> {
        if self.is_zero() {
            return Some(0);
        }
        let (length, scale) = self.scale();
        if !(0..=40).contains(&scale) {
            return None;
        }
        let mut value = 0i128;
        for digit in self.significant(length).chain(std::iter::repeat_n(0, usize::try_from(scale).ok()?)) {
            value = value.checked_mul(10)?.checked_add(i128::from(digit))?;
        }
        Some(if self.negative { -value } else { value })
    }

    /// The significant digits as text and the power of ten behind them: -120.5e3 is `-1205` and 2.
    pub(crate) fn canonical(self) -> (String, i64) {
        if self.is_zero() {
            return ("0".to_owned(), 0);
        }
        let (length, scale) = self.scale();
        let mut text = String::with_capacity(length + 1);
        if self.negative {
            text.push('-');
        }
        text.extend(self.significant(length).map(|digit| char::from(b'0' + digit)));
        (text, scale)
    }

    /// Whether it is a whole multiple of `divisor`, which must not be zero.
    pub(crate) fn is_multiple_of(&self, divisor: &Decimal<'_>) -> bool {
        if self.is_zero() {
            return true;
        }
        if divisor.is_zero() {
            return false;
        }
        let (length, scale) = self.scale();
        let (divisor_length, divisor_scale) = divisor.scale();
        let Some(mut power) = scale.checked_sub(divisor_scale).and_then(|power| u64::try_from(power).ok())
        else {
            return false; // what is left of the number has no zero to give
        };
        if divisor_length > DIVISOR_DIGITS_MAX {
            return false;
        }
        let modulus =
            divisor.significant(divisor_length).fold(0u128, |value, digit| value * 10 + u128::from(digit));
        let mut rest = 0u128;
        for digit in self.significant(length) {
            rest = (multiply(rest, 10, modulus) + u128::from(digit)) % modulus;
        }
        let mut base = 10 % modulus;
        while power > 0 {
            if power & 1 == 1 {
                rest = multiply(rest, base, modulus);
            }
            base = multiply(base, base, modulus);
            power >>= 1;
        }
        rest == 0
    }

    fn digits(&self) -> impl DoubleEndedIterator<Item = u8> + use<'t> {
        self.whole.iter().chain(self.fraction).map(|digit| digit - b'0')
    }

    /// The digits from the first that is not zero to the last that is not; `length` is from [`Self::scale`].
    fn significant(&self, length: usize) -> impl Iterator<Item = u8> + use<'t> {
        self.digits().skip_while(|digit| *digit == 0).take(length)
    }

    /// How many significant digits there are, and the power of ten behind the last of them.
    fn scale(&self) -> (usize, i64) {
        let all = self.whole.len() + self.fraction.len();
        let head = self.digits().take_while(|digit| *digit == 0).count();
        let tail = self.digits().rev().take_while(|digit| *digit == 0).count();
        let places = length(self.fraction.len()) - length(tail);
        (all.saturating_sub(head + tail), self.exponent.saturating_sub(places))
    }

    /// The power of ten above the first significant digit: 120 has 3, 0.05 has -1.
    fn magnitude(&self) -> i64 {
        let head = self.digits().take_while(|digit| *digit == 0).count();
        self.exponent.saturating_add(length(self.whole.len()) - length(head))
    }
}

impl PartialEq for Decimal<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal<'_> {}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return if other.negative { Ordering::Greater } else { Ordering::Less },
            (false, true) => return if self.negative { Ordering::Less } else { Ordering::Greater },
            (false, false) => {}
        }
        if self.negative != other.negative {
            return if self.negative { Ordering::Less } else { Ordering::Greater };
        }
        let size = self
            .magnitude()
            .cmp(&other.magnitude())
            .then_with(|| self.significant(self.scale().0).cmp(other.significant(other.scale().0)));
        if self.negative { size.reverse() } else { size }
    }
}

/// `left * right % modulus` without overflow; the modulus is below 10^38.
fn multiply(left: u128, right: u128, modulus: u128) -> u128 {
    if let Some(product) = left.checked_mul(right) {
        return product % modulus;
    }
    let (mut base, mut left, mut result) = (right % modulus, left, 0u128);
    while left > 0 {
        if left & 1 == 1 {
            result = (result + base) % modulus;
        }
        base = base * 2 % modulus;
        left >>= 1;
    }
    result
}

/// An exponent; beyond any length that a text may have it stops growing.
fn exponent(bytes: &[u8]) -> i64 {
    const FAR: i64 = i64::MAX / 8;
    let (negative, digits) = match bytes.first() {
        Some(b'-') => (true, &bytes[1..]),
        Some(b'+') => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    let size = digits
        .iter()
        .fold(0i64, |value, digit| (value.min(FAR / 16) * 10 + i64::from(digit - b'0')).min(FAR));
    if negative { -size } else { size }
}

fn length(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX / 8)
}

/// Whether a text is a number in the grammar of JSON, and nothing else.
pub(crate) fn is_number(text: &str) -> bool {
    number_end(text.as_bytes(), 0).is_some_and(|(end, _)| end == text.len())
}

/// Where the number ends that begins at `start`, and whether it has only digits; none if there is no number.
#[inline]
pub(crate) fn number_end(bytes: &[u8], start: usize) -> Option<(usize, bool)> {
    let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
    let first = at;
    at = digits_end(bytes, at);
    if at == first || (bytes[first] == b'0' && at - first > 1) {
        return None;
    }
    let mut plain = true;
    if bytes.get(at) == Some(&b'.') {
        plain = false;
        let first = at + 1;
        at = digits_end(bytes, first);
        if at == first {
            return None;
        }
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        plain = false;
        let first = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        at = digits_end(bytes, first);
        if at == first {
            return None;
        }
    }
    Some((at, plain))
}

#[inline]
fn digits_end(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order() {
        for (left, right, expected) in [
            ("0", "-0.0", Ordering::Equal),
            ("1", "1.000", Ordering::Equal),
            ("1e3", "1000", Ordering::Equal),
            ("120e-1", "12", Ordering::Equal),
            ("0.1e1", "1", Ordering::Equal),
            ("1.00000000000000000000001", "1", Ordering::Greater),
            ("-1.5", "-1", Ordering::Less),
            ("-1", "1", Ordering::Less),
            ("0", "1e-400", Ordering::Less),
            ("1e400", "1e399", Ordering::Greater),
            ("1e99999999999999999999", "2", Ordering::Greater),
            ("99", "100", Ordering::Less),
            ("0.05", "0.5", Ordering::Less),
            ("0", "-1", Ordering::Greater),
            ("18446744073709551616", "18446744073709551615", Ordering::Greater),
        ] {
            assert_eq!(Decimal::new(left).cmp(&Decimal::new(right)), expected, "{left} {right}");
            assert_eq!(Decimal::new(right).cmp(&Decimal::new(left)), expected.reverse(), "{right} {left}");
        }
    }

    #[test]
    fn multiples() {
        for (value, divisor, expected) in [
            ("0.07", "0.01", true),
            ("0.075", "0.01", false),
            ("1e308", "0.123456789", false),
            ("1e308", "0.5", true),
            ("12391239123", "1e-8", true),
            ("0", "7", true),
            ("35", "1.5", false),
            ("4.5", "1.5", true),
            ("0.00751", "0.0001", false),
            ("0.0075", "0.0001", true),
            ("-21", "7", true),
            ("1e1000000000000", "3", false),
            ("3e1000000000000", "3", true),
            ("98765432109876543210987654321098765432", "12345678901234567890123456789012345678", false),
            ("24691357802469135780246913578024691356", "12345678901234567890123456789012345678", true),
        ] {
            assert_eq!(
                Decimal::new(value).is_multiple_of(&Decimal::new(divisor)),
                expected,
                "{value} {divisor}"
            );
        }
    }

    #[test]
    fn whole_numbers() {
        for (text, expected) in [
            ("1.0", Some(1)),
            ("1e3", Some(1000)),
            ("-120e-1", Some(-12)),
            ("1.5", None),
            ("1e-1", None),
            ("0e-5", Some(0)),
            ("1e100", None),
        ] {
            assert_eq!(Decimal::new(text).to_i128(), expected, "{text}");
        }
        assert!(Decimal::new("1e100").is_integer());
        assert!(!Decimal::new("15e-1").is_integer());
        assert_eq!(Decimal::new("-120.5e3").canonical(), ("-1205".to_owned(), 2));
    }
}
