//! Media types: which body an operation reads, and which answer a client accepts (RFC 9110, sections 8.3 and 12.5.1).
//!
//! This module knows no request: it takes header values as text.

/// A media type or range, borrowed from a header or a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Media<'a> {
    /// `application`, or `*`.
    pub(crate) kind: &'a str,
    /// `json`, or `*`.
    pub(crate) subtype: &'a str,
    parameters: &'a str,
}

impl<'a> Media<'a> {
    /// Reads `type/subtype; name=value; ..`.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
        let (kind, subtype) = essence.trim_matches(BLANKS).split_once('/')?;
        (is_token(kind) && is_token(subtype)).then_some(Self { kind, subtype, parameters })
    }

    /// Whether it is this type, whatever its parameters.
    pub(crate) fn is(&self, kind: &str, subtype: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind) && self.subtype.eq_ignore_ascii_case(subtype)
    }

    /// The parameters: names as written, values without their quotes.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&'a str, String)> + use<'a> {
        Pieces { rest: self.parameters, delimiter: b';' }.filter_map(|piece| {
            let (name, value) = piece.split_once('=')?;
            Some((name.trim_matches(BLANKS), unquote(value.trim_matches(BLANKS))))
        })
    }

    /// One parameter, by its name in any case.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        self.parameters().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// How well `self`, a range or a type, covers `other`: None is not at all, more is more exact.
    fn covers(&self, other: &Media<'_>) -> Option<u8> {
        let base = match (self.kind, self.subtype) {
            ("*", "*") => 0,
            (kind, "*") if kind.eq_ignore_ascii_case(other.kind) => 1,
            (kind, subtype)
                if kind.eq_ignore_ascii_case(other.kind) && subtype.eq_ignore_ascii_case(other.subtype) =>
            {
                2
            }
            _ => return None,
        };
        let mut exactness = base;
        for (name, value) in self.parameters() {
            if name.eq_ignore_ascii_case("q") {
                break;
            }
            let same = other.parameter(name).is_some_and(|theirs| theirs.eq_ignore_ascii_case(&value));
            let implied = name.eq_ignore_ascii_case("charset") && value.eq_ignore_ascii_case("utf-8");
            match (same, implied) {
                (true, _) => exactness += 1,
                (false, true) => {}
                (false, false) => return None,
            }
        }
        Some(exactness)
    }
}

/// Whether text of this type may be read: its charset, where it tells one, must be UTF-8 or a part of it.
pub(crate) fn is_utf8(media: &Media<'_>) -> bool {
    media.parameter("charset").is_none_or(|charset| {
        charset.eq_ignore_ascii_case("utf-8")
            || charset.eq_ignore_ascii_case("utf8")
            || charset.eq_ignore_ascii_case("us-ascii")
    })
}

/// The index of the declared media type that a `Content-Type` fits best; ranges are declared types too.
pub(crate) fn choose<'d>(
    content_type: &Media<'_>,
    declared: impl IntoIterator<Item = &'d str>,
) -> Option<usize> {
    let fits = |text: &str| Media::parse(text).and_then(|range| range.covers(content_type));
    best(declared.into_iter().map(fits))
}

/// The index of the offer that a client likes best by its `Accept` headers; of equals the first. None is 406.
///
/// No header, and one in which nothing can be read, accept everything. An offer that is a range is accepted where the
/// client accepts any type of it.
pub(crate) fn negotiate<'h>(
    accept: impl Iterator<Item = &'h [u8]> + Clone,
    offers: &[&str],
) -> Option<usize> {
    let ranges =
        accept.filter_map(|value| std::str::from_utf8(value).ok()).flat_map(commas).filter_map(Media::parse);
    if offers.is_empty() || ranges.clone().next().is_none() {
        return Some(0);
    }
    let mut chosen: Option<(usize, u16)> = None;
    for (index, offer) in offers.iter().enumerate() {
        let quality = Media::parse(offer).map_or(1000, |offer| quality_of(&offer, ranges.clone()));
        if quality > chosen.map_or(0, |(_, best)| best) {
            chosen = Some((index, quality));
        }
    }
    chosen.map(|(index, _)| index)
}

/// The elements of a comma-separated header, quoted strings kept whole.
pub(crate) fn commas(value: &str) -> impl Iterator<Item = &str> + Clone {
    Pieces { rest: value, delimiter: b',' }
        .map(|piece| piece.trim_matches(BLANKS))
        .filter(|piece| !piece.is_empty())
}

/// A quoted string's text, or the token itself.
pub(crate) fn unquote(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return value.to_owned();
    };
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        text.extend(if char == '\\' { chars.next() } else { Some(char) });
    }
    text
}

/// The blanks around elements and parameters: OWS of RFC 9110.
pub(crate) const BLANKS: [char; 2] = [' ', '\t'];

/// The thousandths of preference that the most exact range gives this offer.
fn quality_of<'h>(offer: &Media<'_>, ranges: impl Iterator<Item = Media<'h>>) -> u16 {
    let mut found: Option<(u8, u16)> = None;
    for range in ranges {
        let exactness = match range.covers(offer) {
            Some(exactness) => exactness,
            None if offer.subtype == "*" && offer.covers(&range).is_some() => 0,
            None => continue,
        };
        let quality = range.parameter("q").map_or(1000, |text| thousandths(&text));
        if found.is_none_or(|(best, _)| exactness > best) {
            found = Some((exactness, quality));
        }
    }
    found.map_or(0, |(_, quality)| quality)
}

/// `0.5` is 500. What is no weight counts as not given.
fn thousandths(text: &str) -> u16 {
    let Ok(weight) = text.parse::<f32>() else { return 1000 };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 ..= 1000")]
    let thousandths = (weight.clamp(0.0, 1.0) * 1000.0).round() as u16;
    thousandths
}

fn best(fits: impl Iterator<Item = Option<u8>>) -> Option<usize> {
    let mut chosen: Option<(usize, u8)> = None;
    for (index, fit) in fits.enumerate() {
        if let Some(exactness) = fit
            && chosen.is_none_or(|(_, best)| exactness > best)
        {
            chosen = Some((index, exactness));
        }
    }
    chosen.map(|(index, _)| index)
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Pieces between delimiters, which count for nothing within quotes.
#[derive(Clone)]
struct Pieces<'a> {
    rest: &'a str,
    delimiter: u8,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let mut quoted = false;
        let mut escaped = false;
        for (at, byte) in self.rest.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ if byte == self.delimiter && !quoted => {
                    let piece = &self.rest[..at];
                    self.rest = &self.rest[at + 1..];
                    return Some(piece);
                }
                _ => {}
            }
        }
        Some(std::mem::take(&mut self.rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_choose_the_best_declared_type() {
        let cases: &[(&str, &[&str], Option<usize>)] = &[
            ("application/json", &["application/json"], Some(0)),
            ("Application/JSON; charset=UTF-8", &["application/json"], Some(0)),
            ("application/json", &["application/json; charset=utf-8"], Some(0)),
            ("text/plain", &["application/json"], None),
            ("application/vnd.api+json", &["application/json"], None),
            ("image/png", &["*/*", "image/*", "image/png"], Some(2)),
            ("image/gif", &["*/*", "image/*", "image/png"], Some(1)),
            ("video/mp4", &["*/*", "image/*"], Some(0)),
            (
                "application/json;version=2",
                &["application/json;version=1", "application/json;version=2"],
                Some(1),
            ),
            ("application/json", &["application/json;version=1"], None),
            ("application/json;version=2", &["application/json"], Some(0)),
            ("multipart/form-data; boundary=\"a;b\"", &["multipart/form-data"], Some(0)),
        ];
        for (actual, declared, expected) in cases {
            assert_eq!(
                choose(&Media::parse(actual).unwrap(), declared.iter().copied()),
                *expected,
                "{actual} of {declared:?}"
            );
        }
        for broken in ["", "json", "a/", "/b", "a b/c", "a/b/c"] {
            assert!(Media::parse(broken).is_none(), "{broken}");
        }
        assert_eq!(
            Media::parse("multipart/form-data; boundary=\"a;\\\"b\"")
                .unwrap()
                .parameter("Boundary")
                .as_deref(),
            Some("a;\"b")
        );
        assert!(is_utf8(&Media::parse("text/plain;charset=\"utf-8\"").unwrap()));
        assert!(!is_utf8(&Media::parse("text/plain;charset=latin1").unwrap()));
    }

    #[test]
    fn accept_chooses_the_best_offer() {
        let json_csv: &[&str] = &["application/json", "text/csv"];
        let cases: &[(&[&str], &[&str], Option<usize>)] = &[
            (&[], json_csv, Some(0)),
            (&["*/*"], json_csv, Some(0)),
            (&["text/csv"], json_csv, Some(1)),
            (&["text/*, application/json;q=0.5"], json_csv, Some(1)),
            (&["application/json;q=0, */*"], json_csv, Some(1)),
            (&["application/json;q=0"], &["application/json"], None),
            (&["image/png"], json_csv, None),
            (&["image/png", "text/csv;q=0.1"], json_csv, Some(1)),
            (&["text/csv; q=0.0001"], json_csv, None),
            (&["*/*;q=0"], json_csv, None),
            (&["garbage"], json_csv, Some(0)),
            (&["application/json;version=1"], &["application/json"], None),
            (&["application/json"], &["application/json;version=1"], Some(0)),
            (&["image/png"], &["image/*"], Some(0)),
            (&["application/json"], &["application/json; charset=utf-8"], Some(0)),
            (&["text/csv"], &[], Some(0)),
        ];
        for (headers, offers, expected) in cases {
            let found = negotiate(headers.iter().map(|text| text.as_bytes()), offers);
            assert_eq!(found, *expected, "{headers:?} of {offers:?}");
        }
    }
}
