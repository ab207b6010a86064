//! `info.version`: which of two is higher, and whether a breaking change may come with the step from one to the other.

use std::cmp::Ordering;

/// A version as it is compared.
#[derive(Debug, PartialEq, Eq)]
enum Version<'a> {
    /// `1.2.3-rc.1`; parts that are missing are 0.
    Numbers { parts: [u64; 3], is_preview: bool },
    /// `2026-11-25`
    Day(&'a str),
}

/// The order of two versions, where they have one.
pub(super) fn order(was: &str, is: &str) -> Option<Ordering> {
    match (read(was)?, read(is)?) {
        (
            Version::Numbers { parts: was, is_preview: was_preview },
            Version::Numbers { parts: is, is_preview },
        ) => Some(was.cmp(&is).then(is_preview.cmp(&was_preview))),
        (Version::Day(was), Version::Day(is)) => Some(was.cmp(is)),
        _ => None,
    }
}

/// Whether clients expect that things break between two versions: semver's major is raised, or before 1.0 the minor; the
/// first is a preview, of which nothing is promised; a day is later; or, of what is no number, the text is another.
pub(super) fn may_break(was: &str, is: &str) -> bool {
    match (read(was), read(is)) {
        (Some(Version::Numbers { is_preview: true, .. }), _) => true,
        (Some(Version::Numbers { parts: was, .. }), Some(Version::Numbers { parts: is, .. })) => {
            is[0] > was[0] || (was[0] == 0 && is[0] == 0 && is[1] > was[1])
        }
        (Some(Version::Day(was)), Some(Version::Day(is))) => is > was,
        _ => was != is,
    }
}

/// The version that lets things break after `was`.
pub(super) fn next(was: &str) -> Option<String> {
    let prefix = if was.starts_with('v') { "v" } else { "" };
    match read(was)? {
        Version::Numbers { parts: [0, minor, _], .. } => Some(format!("{prefix}0.{}.0", minor + 1)),
        Version::Numbers { parts: [major, ..], .. } => Some(format!("{prefix}{}.0.0", major + 1)),
        Version::Day(_) => None,
    }
}

fn read(text: &str) -> Option<Version<'_>> {
    let is_day = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if is_day {
        return Some(Version::Day(text));
    }
    let text = text.trim().trim_start_matches('v');
    let text = text.split_once('+').map_or(text, |(version, _)| version);
    let (core, is_preview) = text.split_once('-').map_or((text, false), |(core, _)| (core, true));
    let mut parts = [0; 3];
    for (at, part) in core.split('.').enumerate() {
        let number = part.parse().ok()?;
        if let Some(slot) = parts.get_mut(at) {
            *slot = number;
        }
    }
    Some(Version::Numbers { parts, is_preview })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_an_order() {
        let check = |was: &str, is: &str, expected: Option<Ordering>| assert_eq!(order(was, is), expected);
        check("1.2.3", "1.10.0", Some(Ordering::Less));
        check("v2", "1.9", Some(Ordering::Greater));
        check("1.0.0-rc.1", "1.0.0", Some(Ordering::Less));
        check("1.0", "1.0.0+build", Some(Ordering::Equal));
        check("2026-01-02", "2026-11-25", Some(Ordering::Less));
        check("2026-01-02", "3.0.0", None);
        check("latest", "1.0", None);
    }

    #[test]
    fn some_steps_may_break() {
        let check = |was: &str, is: &str, expected: bool| {
            assert_eq!(may_break(was, is), expected, "{was} to {is}");
        };
        check("1.2.3", "2.0.0", true);
        check("1.2.3", "1.3.0", false);
        check("0.2.3", "0.3.0", true);
        check("0.2.3", "0.2.4", false);
        check("0.2.3", "1.0.0", true);
        check("2.0.0", "1.0.0", false);
        check("2.0.0-rc.1", "2.0.0-rc.1", true);
        check("2026-01-02", "2026-11-25", true);
        check("2026-01-02", "2026-01-02", false);
        check("beta", "beta", false);
        check("beta", "gamma", true);
    }

    #[test]
    fn the_next_one_is_told() {
        assert_eq!(next("1.2.3").as_deref(), Some("2.0.0"));
        assert_eq!(next("v0.4").as_deref(), Some("v0.5.0"));
        assert_eq!(next("2026-01-02"), None);
    }
}
