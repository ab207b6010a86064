//! The cookies of a request (RFC 6265, section 5.4), as received: names and values are not decoded.

/// The cookies of all `Cookie` headers, in order. What is no pair is skipped, as section 4.2.2 lets servers do.
pub(crate) fn cookies<'h>(
    headers: impl Iterator<Item = &'h [u8]> + Clone,
) -> impl Iterator<Item = (&'h str, &'h str)> + Clone {
    headers.filter_map(|value| std::str::from_utf8(value).ok()).flat_map(|value| value.split(';')).filter_map(
        |pair| {
            let (name, value) = pair.split_once('=')?;
            let name = name.trim_matches([' ', '\t']);
            (!name.is_empty()).then(|| (name, unquote(value.trim_matches([' ', '\t']))))
        },
    )
}

/// A value may stand between quotes, which do not belong to it.
fn unquote(value: &str) -> &str {
    value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_split() {
        type Pairs = [(&'static str, &'static str)];
        let cases: &[(&[&str], &Pairs)] = &[
            (&["sid=abc"], &[("sid", "abc")]),
            (&["a=1; sid=abc;n=7 ; z="], &[("a", "1"), ("sid", "abc"), ("n", "7"), ("z", "")]),
            (&["sid=a=b="], &[("sid", "a=b=")]),
            (&["sid=\"a b\""], &[("sid", "a b")]),
            (&["junk; =x; a=1"], &[("a", "1")]),
            (&["a=1", "b=2"], &[("a", "1"), ("b", "2")]),
            (&[""], &[]),
        ];
        for (headers, expected) in cases {
            let found: Vec<_> = cookies(headers.iter().map(|text| text.as_bytes())).collect();
            assert_eq!(found, *expected, "{headers:?}");
        }
    }
}
