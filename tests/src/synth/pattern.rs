//! Makes texts that match a regular expression.

use regex_syntax::hir::{Class, Hir, HirKind};

/// How many characters a text may have.
const TEXT_CHARS_MAX: usize = 20_000;
/// How many repetitions beyond the least are tried to reach a length.
const EXTRA_MAX: u32 = 2_048;

/// A text of `length_min` to `length_max` characters that matches `pattern`; `salt` tells texts apart.
pub(super) fn matching(pattern: &str, length_min: usize, length_max: usize, salt: usize) -> Option<String> {
    let hir = parse(pattern)?;
    let mut extra = 0;
    while extra <= EXTRA_MAX {
        let mut text = String::new();
        write(&hir, extra, salt, &mut text)?;
        let length = text.chars().count();
        if (length_min..=length_max).contains(&length) {
            return Some(text);
        }
        if length > length_max && extra > 0 {
            return None;
        }
        if length > length_max {
            return alternatives(&hir, length_min, length_max, salt);
        }
        extra = if extra < 64 { extra + 1 } else { extra * 2 };
    }
    padded(&hir, length_min, salt)
}

/// A pattern without an end, or without a repetition, says nothing of what follows.
fn padded(hir: &Hir, length_min: usize, salt: usize) -> Option<String> {
    let mut text = String::new();
    write(hir, 0, salt, &mut text)?;
    let missing = length_min.checked_sub(text.chars().count())?;
    Some(text + &"x".repeat(missing))
}

fn alternatives(hir: &Hir, length_min: usize, length_max: usize, salt: usize) -> Option<String> {
    (1..16).find_map(|other| {
        let mut text = String::new();
        write(hir, 0, salt + other, &mut text)?;
        (length_min..=length_max).contains(&text.chars().count()).then_some(text)
    })
}

/// Parses as ECMAScript would, as far as the dialects allow; look-around in front is left to the caller's check.
fn parse(pattern: &str) -> Option<Hir> {
    let bare = without_lookahead(pattern);
    let named = bare.replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!");
    [pattern, &bare, &named, &braces_escaped(&bare)]
        .into_iter()
        .find_map(|candidate| regex_syntax::ParserBuilder::new().build().parse(candidate).ok())
}

fn braces_escaped(pattern: &str) -> String {
    pattern.replace('{', "\\{").replace('}', "\\}")
}

fn without_lookahead(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find("(?=").or_else(|| rest.find("(?!")).or_else(|| rest.find("(?<!")) {
        out.push_str(&rest[..at]);
        let mut depth = 0_usize;
        let mut escaped = false;
        let end = rest[at..].char_indices().find_map(|(index, char)| {
            match char {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            (depth == 0 && index > 0).then_some(at + index + 1)
        });
        let Some(end) = end else { return pattern.to_owned() };
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn write(hir: &Hir, extra: u32, salt: usize, out: &mut String) -> Option<()> {
    if out.len() > TEXT_CHARS_MAX {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => out.push(pick(class, salt + out.len())?),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            let least = repetition.min.max(u32::from(extra == 0 && repetition.min == 0 && salt > 0));
            for _ in 0..(least.min(most).max(repetition.min) + extra).min(most) {
                write(&repetition.sub, 0, salt, out)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, extra, salt, out)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write(part, extra, salt, out)?;
            }
        }
        HirKind::Alternation(parts) => write(&parts[salt % parts.len()], extra, salt, out)?,
    }
    Some(())
}

/// A character of the class: a letter or a digit where there is one.
fn pick(class: &Class, salt: usize) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => {
            class.ranges().iter().map(|range| (range.start() as char, range.end() as char)).collect()
        }
    };
    let within = |char: &char| ranges.iter().any(|(start, end)| (start..=end).contains(&char));
    let liked: Vec<char> = ('a'..='z').chain('A'..='Z').chain('0'..='9').filter(within).collect();
    if !liked.is_empty() {
        return Some(liked[salt % liked.len()]);
    }
    let printable = ('!'..='~').find(within);
    printable.or_else(|| within(&' ').then_some(' ')).or_else(|| ranges.first().map(|(start, _)| *start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, length_min: usize, length_max: usize) {
        for salt in 0..3 {
            let text = matching(pattern, length_min, length_max, salt)
                .unwrap_or_else(|| panic!("nothing matches {pattern}"));
            let length = text.chars().count();
            assert!((length_min..=length_max).contains(&length), "{pattern}: {text}");
            if let Ok(regex) = regex::Regex::new(pattern) {
                assert!(regex.is_match(&text), "{pattern}: {text:?}");
            }
        }
    }

    #[test]
    fn texts_match() {
        check("^[A-Za-z]+$", 1, 64);
        check("^[a-z]{3,8}$", 5, 5);
        check("^(?:foo|bar)-[0-9]{4}$", 0, 100);
        check(r"^\d{3}-\d{2}$", 0, 100);
        check("^https?://.*", 30, 40);
        check("[a-f0-9]{32}", 32, 32);
        check(r"^arn:(aws|aws-cn):iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+$", 20, 2048);
        check(r"^\p{L}+$", 1, 3);
        check("^(?=.*[a-z])[a-z0-9]{8}$", 8, 8);
        check(r"^[^\s]+$", 1, 256);
        check("^.{0,1000}$", 900, 1000);
        check("^photon", 20, 30);
    }
}
