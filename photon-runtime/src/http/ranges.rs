//! Range requests (RFC 9110, section 14): which bytes of a representation a client asks for.
//!
//! Knows the value of a field and a length, no file and no answer.

/// How many ranges a request may ask for; one with more gets the whole.
pub(crate) const RANGES_MAX: usize = 16;

/// The digits of a position that always fit 64 bits.
const POSITION_DIGITS_MAX: usize = 19;

/// Bytes from `start` up to, but without, `end`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Span {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

/// What a client gets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Wanted {
    /// Everything: no range is asked for, or none that is understood, or more than are sensible.
    Whole,
    /// These pieces, none of which overlap, in the order in which they were asked for.
    Pieces(Vec<Span>),
    /// Nothing: 416.
    Nothing,
}

impl Span {
    pub(crate) fn len(self) -> u64 {
        self.end - self.start
    }

    fn touches(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    fn with(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Reads the value of `Range` for a representation of this length.
///
/// Ranges that overlap or adjoin are sent as one, so that no request is answered with more than the whole.
pub(crate) fn parse(value: &[u8], length: u64) -> Wanted {
    let Some(set) = set_of_bytes(value).filter(|_| length > 0) else { return Wanted::Whole };
    let mut pieces: Vec<Span> = Vec::new();
    let mut count = 0;
    for spec in set.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
        if spec.is_empty() {
            continue;
        }
        count += 1;
        let Some(span) = span(spec, length).filter(|_| count <= RANGES_MAX) else { return Wanted::Whole };
        if span.start < span.end {
            merge(&mut pieces, span);
        }
    }
    match (count, pieces.is_empty()) {
        (0, _) => Wanted::Whole,
        (_, true) => Wanted::Nothing,
        (_, false) => Wanted::Pieces(pieces),
    }
}

/// What follows `bytes=`; the unit is case-insensitive.
fn set_of_bytes(value: &[u8]) -> Option<&[u8]> {
    let (unit, set) = value.split_at_checked(b"bytes=".len())?;
    unit.eq_ignore_ascii_case(b"bytes=").then_some(set)
}

/// `first-last`, `first-` or `-suffix`. Empty where it is beyond the end; None where it is none of these.
fn span(spec: &[u8], length: u64) -> Option<Span> {
    let dash = memchr::memchr(b'-', spec)?;
    let (first, last) = (&spec[..dash], &spec[dash + 1..]);
    if first.is_empty() {
        return Some(Span { start: length - position(last)?.min(length), end: length });
    }
    let start = position(first)?;
    let end = if last.is_empty() { length } else { position(last)?.saturating_add(1) };
    if end <= start && !last.is_empty() {
        return None;
    }
    Some(Span { start: start.min(length), end: end.min(length) })
}

fn position(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let significant = digits.iter().position(|digit| *digit != b'0').map_or(&[][..], |at| &digits[at..]);
    if significant.len() > POSITION_DIGITS_MAX {
        return Some(u64::MAX);
    }
    Some(significant.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}

/// Adds a piece, in the place of the first that it overlaps.
fn merge(pieces: &mut Vec<Span>, span: Span) {
    let Some(at) = pieces.iter().position(|piece| piece.touches(span)) else { return pieces.push(span) };
    let mut whole = pieces[at].with(span);
    let mut next = at + 1;
    while let Some(piece) = pieces.get(next) {
        if piece.touches(whole) {
            whole = whole.with(*piece);
            pieces.remove(next);
            // What lies between may be touched by now.
            next = at + 1;
        } else {
            next += 1;
        }
    }
    pieces[at] = whole;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, length: u64, expected: Option<&[(u64, u64)]>) {
        let pieces = |pieces: &[(u64, u64)]| {
            pieces.iter().map(|(start, end)| Span { start: *start, end: *end }).collect()
        };
        let expected = expected.map_or(Wanted::Whole, |spans| {
            if spans.is_empty() { Wanted::Nothing } else { Wanted::Pieces(pieces(spans)) }
        });
        assert_eq!(parse(value.as_bytes(), length), expected, "{value} of {length}");
    }

    #[test]
    fn ranges_of_bytes() {
        check("bytes=0-3", 10, Some(&[(0, 4)]));
        check("Bytes=9-", 10, Some(&[(9, 10)]));
        check("bytes=0-", 10, Some(&[(0, 10)]));
        check("bytes=-3", 10, Some(&[(7, 10)]));
        check("bytes=-30", 10, Some(&[(0, 10)]));
        check("bytes=5-30", 10, Some(&[(5, 10)]));
        check("bytes=5-99999999999999999999999999", 10, Some(&[(5, 10)]));
        check("bytes=0005-000006", 10, Some(&[(5, 7)]));
        check("bytes= 0-0 , ,8-9", 10, Some(&[(0, 1), (8, 10)]));
        check("bytes=8-9,0-0", 10, Some(&[(8, 10), (0, 1)]));
        check("bytes=0-0,20-30", 10, Some(&[(0, 1)]));
    }

    #[test]
    fn overlaps_are_sent_once() {
        check("bytes=0-3,2-5", 10, Some(&[(0, 6)]));
        check("bytes=0-3,4-5", 10, Some(&[(0, 6)]));
        check("bytes=6-7,0-1,3-4,2-5", 10, Some(&[(0, 8)]));
        check("bytes=0-,0-,0-,-5", 10, Some(&[(0, 10)]));
        check("bytes=0-0,2-2,4-4,1-1", 10, Some(&[(0, 3), (4, 5)]));
    }

    #[test]
    fn what_cannot_be_satisfied() {
        for value in ["bytes=10-", "bytes=10-11", "bytes=-0", "bytes=10-,-0", "bytes=99999999999999999999-"] {
            check(value, 10, Some(&[]));
        }
    }

    #[test]
    fn what_is_no_range_gets_the_whole() {
        for value in [
            "",
            "bytes",
            "bytes=",
            "bytes=,",
            "bytes=a-b",
            "bytes=3-1",
            "bytes=-",
            "bytes=1",
            "lines=0-1",
            "bytes=0-1,x",
            "bytes=+1-2",
        ] {
            check(value, 10, None);
        }
        check("bytes=0-0", 0, None);
        check("bytes=-1", 0, None);
        let many = |count| format!("bytes={}", vec!["0-0"; count].join(","));
        check(&many(RANGES_MAX), 10, Some(&[(0, 1)]));
        check(&many(RANGES_MAX + 1), 10, None);
    }
}
