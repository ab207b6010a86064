//! Dates and times as RFC 3339 writes them, exactly: both letters in either case, any number of digits in a fraction
//! (kept to the nanosecond), and a leap second only where one can be, at 23:59:60 UTC.

use std::fmt;
use std::str::FromStr;

use chrono::{FixedOffset, NaiveDate, NaiveTime, TimeDelta, Timelike as _};

/// A moment, with the offset it was told in.
pub type DateTime = chrono::DateTime<FixedOffset>;

/// The time of day in UTC, by the system's clock.
pub fn now() -> DateTime {
    chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).fixed_offset()
}

/// A day.
pub type Date = NaiveDate;

/// A time of day with its offset from UTC: RFC 3339's `full-time`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Time {
    /// The time of day. A leap second is second 59 and a billion nanoseconds or more, as in `chrono`.
    pub time: NaiveTime,
    /// The offset from UTC.
    pub offset: FixedOffset,
}

impl Default for Time {
    fn default() -> Self {
        Self { time: NaiveTime::MIN, offset: zero() }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.time.fmt(f)?;
        if self.offset.local_minus_utc() == 0 { f.write_str("Z") } else { self.offset.fmt(f) }
    }
}

/// A text is no time of RFC 3339.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ParseTimeError;

impl fmt::Display for ParseTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is no time of RFC 3339")
    }
}

impl std::error::Error for ParseTimeError {}

impl FromStr for Time {
    type Err = ParseTimeError;

    fn from_str(text: &str) -> Result<Self, ParseTimeError> {
        time(text).ok_or(ParseTimeError)
    }
}

fn zero() -> FixedOffset {
    chrono::Offset::fix(&chrono::Utc)
}

/// Reads `full-date`.
pub(crate) fn date(text: &str) -> Option<Date> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else { return None };
    let year = i32::from(two(y1, y2)?) * 100 + i32::from(two(y3, y4)?);
    NaiveDate::from_ymd_opt(year, two(m1, m2)?.into(), two(d1, d2)?.into())
}

/// Reads `full-time`.
pub(crate) fn time(text: &str) -> Option<Time> {
    let bytes = text.as_bytes();
    let ([h1, h2, b':', m1, m2, b':', s1, s2], rest) = bytes.split_first_chunk::<8>()? else { return None };
    let (hour, minute, second) = (two(*h1, *h2)?, two(*m1, *m2)?, two(*s1, *s2)?);
    let (nanos, rest) = fraction(rest)?;
    let offset = offset(rest)?;
    let leap = second == 60;
    let whole = if leap { 59 } else { second };
    let nanos = if leap { nanos + 1_000_000_000 } else { nanos };
    let time = NaiveTime::from_hms_nano_opt(hour.into(), minute.into(), whole.into(), nanos)?;
    if leap {
        let (utc, _) = time
            .with_nanosecond(0)?
            .overflowing_sub_signed(TimeDelta::seconds(offset.local_minus_utc().into()));
        if (utc.hour(), utc.minute()) != (23, 59) {
            return None;
        }
    }
    Some(Time { time, offset })
}

/// Reads `date-time`.
pub(crate) fn date_time(text: &str) -> Option<DateTime> {
    let (day, rest) = text.split_at_checked(10)?;
    let day = date(day)?;
    let rest = rest.strip_prefix(['T', 't'])?;
    let Time { time, offset } = time(rest)?;
    day.and_time(time).and_local_timezone(offset).single()
}

/// Two digits.
fn two(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

/// A fraction of a second in nanoseconds, and what follows it.
fn fraction(rest: &[u8]) -> Option<(u32, &[u8])> {
    let Some((b'.', digits)) = rest.split_first() else { return Some((0, rest)) };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 {
        return None;
    }
    let nanos = (0..9).fold(0, |nanos, place| {
        let digit = digits[..count].get(place).map_or(0, |digit| digit - b'0');
        nanos * 10 + u32::from(digit)
    });
    Some((nanos, &digits[count..]))
}

fn offset(rest: &[u8]) -> Option<FixedOffset> {
    match *rest {
        [b'Z' | b'z'] => Some(zero()),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two(h1, h2)?, two(m1, m2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
            FixedOffset::east_opt(if sign == b'-' { -seconds } else { seconds })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        for (text, expected) in [
            ("1963-06-19T08:30:06.283185Z", Some("1963-06-19T08:30:06.283185+00:00")),
            ("1963-06-19t08:30:06z", Some("1963-06-19T08:30:06+00:00")),
            ("1937-01-01T12:00:27.87+00:20", Some("1937-01-01T12:00:27.870+00:20")),
            ("1998-12-31T23:59:60Z", Some("1998-12-31T23:59:60+00:00")),
            ("1998-12-31T15:59:60.123-08:00", Some("1998-12-31T15:59:60.123-08:00")),
            ("2024-02-29T00:00:00.1234567891234Z", Some("2024-02-29T00:00:00.123456789+00:00")),
            ("1998-12-31T23:58:60Z", None),
            ("1998-12-31T22:59:60Z", None),
            ("1998-12-31T23:59:61Z", None),
            ("2023-02-29T00:00:00Z", None),
            ("1990-12-31T24:00:00Z", None),
            ("1990-12-31T15:59:59-24:00", None),
            ("1963-06-19T08:30:06.Z", None),
            ("1963-06-19 08:30:06Z", None),
            ("1963-06-19T08:30:06", None),
            ("1963-06-1৪T00:00:00Z", None),
            ("06/19/1963 08:30:06 PST", None),
        ] {
            let moment = date_time(text).map(|moment| moment.to_rfc3339());
            assert_eq!(moment.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn times_of_day() {
        for (text, expected) in [
            ("08:30:06Z", Some("08:30:06Z")),
            ("23:59:60z", Some("23:59:60Z")),
            ("01:29:60+01:30", Some("01:29:60+01:30")),
            ("23:59:60+01:30", None),
            ("08:30:06 PST", None),
            ("8:30:06Z", None),
        ] {
            let time = text.parse::<Time>().ok().map(|time| time.to_string());
            assert_eq!(time.as_deref(), expected, "{text}");
        }
    }
}
