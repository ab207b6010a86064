//! Descriptions as rustdoc reads them without complaint: markdown is kept, what rustdoc would take for something of its
//! own is escaped.
//!
//! Rustdoc resolves `[brackets]` as paths, warns of bare URLs and of HTML it cannot close, and runs code without a
//! language as Rust.

/// The longest line before a paragraph is wrapped.
const LINE_CHARS_MAX: usize = 110;

/// The lines of a description, safe in a doc comment.
pub(crate) fn lines(description: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut paragraph: Vec<String> = Vec::new();
    let mut fence: Option<String> = None;
    for line in description.lines() {
        let line = printable(line);
        if let Some(open) = &fence {
            let closes = line.trim().starts_with(open.as_str())
                && line.trim().trim_start_matches(['`', '~']).is_empty();
            lines.push(line.clone());
            fence = fence.filter(|_| !closes);
        } else if let Some((mark, language)) = opening(&line) {
            flush(&mut paragraph, &mut lines);
            lines.push(format!("{mark}{language}"));
            fence = Some(mark);
        } else if line.is_empty() {
            flush(&mut paragraph, &mut lines);
            if lines.last().is_some_and(|last| !last.is_empty()) {
                lines.push(String::new());
            }
        } else {
            paragraph.push(shallow(&line));
        }
    }
    flush(&mut paragraph, &mut lines);
    lines.extend(fence);
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Without what a doc comment cannot hold: control characters, and those that turn the direction of text.
pub(crate) fn printable(line: &str) -> String {
    let turns = |character: char| matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let line = line.replace('\t', "    ");
    let kept: String =
        line.chars().filter(|&character| !character.is_control() && !turns(character)).collect();
    kept.trim_end().to_owned()
}

/// Four spaces would make code of a paragraph, of a quote's or of a list's, and a failing doc test of that.
fn shallow(line: &str) -> String {
    let text = line.trim_start();
    let indent = (line.len() - text.len()).min(3);
    let mark = text.len() - text.trim_start_matches(is_mark).len();
    let (mark, content) = text.split_at_checked(mark).unwrap_or(("", text));
    let deep = !mark.is_empty() && content.starts_with("    ");
    let content = if deep { format!(" {}", shallow(content.trim_start())) } else { content.to_owned() };
    format!("{}{mark}{content}", &"   "[..indent])
}

/// What may stand before the content of a quote or of a list's item.
fn is_mark(character: char) -> bool {
    character.is_ascii_digit() || ['>', '-', '*', '+', '.', ')'].contains(&character)
}

/// The mark and the language of a fence; what is not known not to be Rust is text.
fn opening(line: &str) -> Option<(String, &'static str)> {
    const LANGUAGES: &[&str] = &[
        "bash",
        "c",
        "console",
        "cpp",
        "csharp",
        "css",
        "curl",
        "go",
        "graphql",
        "html",
        "http",
        "ini",
        "java",
        "javascript",
        "js",
        "json",
        "json5",
        "jsonc",
        "kotlin",
        "markdown",
        "php",
        "python",
        "ruby",
        "sh",
        "shell",
        "sql",
        "swift",
        "toml",
        "ts",
        "typescript",
        "xml",
        "yaml",
        "yml",
    ];
    let line = line.trim_start();
    let fence = line.chars().next().filter(|first| ['`', '~'].contains(first))?;
    let language = line.trim_start_matches(fence);
    let length = line.len() - language.len();
    if length < 3 || language.contains('`') {
        return None;
    }
    let language = language.trim().to_ascii_lowercase();
    let known = LANGUAGES.iter().find(|known| **known == language);
    Some((fence.to_string().repeat(length), known.copied().unwrap_or("text")))
}

fn flush(paragraph: &mut Vec<String>, lines: &mut Vec<String>) {
    if paragraph.is_empty() {
        return;
    }
    let text = escape(&paragraph.join("\n"));
    paragraph.clear();
    // Lines of prose run on; a backslash at the end of one breaks it.
    let mut prose = String::new();
    for line in text.lines() {
        let is_plain = !is_block(line) && !line.contains('|');
        if !prose.is_empty() && (!is_plain || prose.ends_with('\\')) {
            wrap(&std::mem::take(&mut prose), lines);
        }
        if is_plain {
            if !prose.is_empty() {
                prose.push(' ');
            }
            prose.push_str(line);
        } else {
            lines.push(line.to_owned());
        }
    }
    if !prose.is_empty() {
        wrap(&prose, lines);
    }
}

/// Lists, tables, quotes and headings keep their lines.
fn is_block(line: &str) -> bool {
    line.starts_with(' ') || starts_block(line.split(' ').next().unwrap_or_default())
}

fn starts_block(word: &str) -> bool {
    let digits = word.trim_start_matches(|first: char| first.is_ascii_digit());
    word.starts_with(['#', '>', '-', '+', '*', '=', '|', '~', ':', '`'])
        || digits.len() < word.len() && digits.starts_with(['.', ')'])
}

fn wrap(line: &str, lines: &mut Vec<String>) {
    let mut current = String::new();
    let mut width = 0;
    for word in line.split_whitespace() {
        let length = word.chars().count();
        // A word that would begin a list or a heading stays on the line before.
        if width > 0 && width + 1 + length > LINE_CHARS_MAX && !starts_block(word) {
            lines.push(std::mem::take(&mut current));
            width = 0;
        }
        if width > 0 {
            current.push(' ');
            width += 1;
        }
        current.push_str(word);
        width += length;
    }
    lines.push(current);
}

/// A paragraph, or a part of one on a single line, with what rustdoc would take for its own escaped.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let used = match first {
            '`' => code_span(rest, &mut out),
            '\\' => backslash(rest, &mut out),
            '[' => link(rest, &mut out),
            ']' => escaped(rest, &mut out),
            '<' => angle(rest, &mut out),
            'h' if !out.ends_with(char::is_alphanumeric) => url(rest, &mut out),
            _ => plain(rest, &mut out),
        };
        rest = rest.get(used.max(1)..).unwrap_or_default();
    }
    out
}

/// Copies up to the next character that may mean something.
fn plain(rest: &str, out: &mut String) -> usize {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    let tail = rest.get(first..).unwrap_or_default();
    let length = first + tail.find(['`', '\\', '[', ']', '<', 'h']).unwrap_or(tail.len());
    out.push_str(rest.get(..length).unwrap_or_default());
    length
}

fn escaped(rest: &str, out: &mut String) -> usize {
    out.push('\\');
    out.push_str(rest.get(..1).unwrap_or_default());
    1
}

/// Code is left as it is; backticks without an end are characters.
fn code_span(rest: &str, out: &mut String) -> usize {
    let ticks = rest.len() - rest.trim_start_matches('`').len();
    let mut at = ticks;
    while let Some(found) = rest.get(at..).and_then(|tail| tail.find('`')) {
        let start = at + found;
        let tail = rest.get(start..).unwrap_or_default();
        let run = tail.len() - tail.trim_start_matches('`').len();
        if run == ticks {
            out.push_str(rest.get(..start + run).unwrap_or_default());
            return start + run;
        }
        at = start + run;
    }
    out.push_str(&"\\`".repeat(ticks));
    ticks
}

fn backslash(rest: &str, out: &mut String) -> usize {
    let length = 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
    if length == 1 {
        out.push('\\');
    }
    out.push_str(rest.get(..length).unwrap_or_default());
    length
}

/// `[text](https://..)` and `[text](#part)` stay links; all other brackets are characters.
fn link(rest: &str, out: &mut String) -> usize {
    let Some((label, target)) = link_parts(rest) else { return escaped(rest, out) };
    let address = target.split_whitespace().next().unwrap_or_default();
    if !(address.contains('/') || address.starts_with('#')) || target.contains(['<', '\n']) {
        return escaped(rest, out);
    }
    out.push('[');
    out.push_str(&label_text(label));
    out.push_str("](");
    out.push_str(target);
    out.push(')');
    label.len() + target.len() + 4
}

fn link_parts(rest: &str) -> Option<(&str, &str)> {
    let end = matching(rest, '[', ']')?;
    let label = rest.get(1..end)?;
    let after = rest.get(end + 1..)?;
    let close = after.starts_with('(').then(|| matching(after, '(', ')')).flatten()?;
    Some((label, after.get(1..close)?))
}

/// Inside a link there are no links.
fn label_text(label: &str) -> String {
    if label.starts_with('`') && label.ends_with('`') && !label.contains(['[', ']']) {
        return label.to_owned();
    }
    label.replace('\\', "").replace('[', "\\[").replace(']', "\\]").replace('<', "\\<").replace('`', "\\`")
}

/// The longest label, and the longest address, of a link: a bracket without an end is followed no further.
const LINK_CHARS_MAX: usize = 2048;

fn matching(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, character) in text.char_indices().take(LINK_CHARS_MAX) {
        if character == open {
            depth += 1;
        } else if character == close {
            depth -= 1;
            if depth == 0 {
                return Some(index);
            }
        }
    }
    None
}

/// `<https://..>` stays; what looks like HTML is characters.
fn angle(rest: &str, out: &mut String) -> usize {
    let tail = rest.get(1..).unwrap_or_default();
    if is_url(tail) {
        let end = tail.find(['>', ' ', '\n', '<']);
        if let Some(end) = end.filter(|end| tail.get(*end..).is_some_and(|tail| tail.starts_with('>'))) {
            out.push_str(rest.get(..end + 2).unwrap_or_default());
            return end + 2;
        }
    }
    if tail.starts_with(|next: char| next.is_ascii_alphabetic() || ['/', '!', '?'].contains(&next)) {
        out.push('\\');
    }
    out.push('<');
    1
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// A bare URL becomes a link.
fn url(rest: &str, out: &mut String) -> usize {
    if !is_url(rest) {
        return plain(rest, out);
    }
    let ends = |character: char| character.is_whitespace() || "<>\"'`[]{}|\\^)*".contains(character);
    let length = rest.find(ends).unwrap_or(rest.len());
    let address =
        rest.get(..length).unwrap_or_default().trim_end_matches(['.', ',', ';', ':', '!', '?', '_', '(']);
    out.push('<');
    out.push_str(address);
    out.push('>');
    address.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(lines(text).join("\n"), expected);
    }

    #[test]
    fn what_rustdoc_takes_for_its_own_is_escaped() {
        check("An array [of] things[0].", "An array \\[of\\] things\\[0\\].");
        check("See [the guide](https://a.b/c), [this](#x).", "See [the guide](https://a.b/c), [this](#x).");
        check("See [that](Type) and [`x`].", "See \\[that\\](Type) and \\[`x`\\].");
        check("See https://a.b/c_d.", "See <https://a.b/c_d>.");
        check("(http://a.b/c)", "(<http://a.b/c>)");
        check("<https://a.b>", "<https://a.b>");
        check("<p>Text</p> a < b", "\\<p>Text\\</p> a < b");
        check("`Vec<T>[0]` and ``a ` b``", "`Vec<T>[0]` and ``a ` b``");
        check("one ` tick [x", "one \\` tick \\[x");
        check("already \\[x\\]", "already \\[x\\]");
        check("ends in \\", "ends in \\\\");
    }

    #[test]
    fn code_is_never_a_doc_test() {
        check("a\n\n    let x;", "a\n\n   let x;");
        check(">        a\n-     - `b`", "> a\n- - `b`");
        check("```\nlet [x];\n```", "```text\nlet [x];\n```");
        check("```json\n{}\n```\n", "```json\n{}\n```");
        check("~~~rust,should_panic\n<x>\n", "~~~text\n<x>\n~~~");
    }

    #[test]
    fn long_paragraphs_are_wrapped_and_lists_are_not() {
        let long = "word ".repeat(30);
        assert_eq!(lines(&long).len(), 2);
        assert_eq!(lines(&format!("- {long}")).len(), 1);
        assert_eq!(lines(&format!("{}- 1. # {long}", "word ".repeat(20)))[0].len(), 99 + 7);
    }

    #[test]
    fn nothing_invisible_gets_through() {
        check("a\u{202e}b\u{7}\r\nc\r", "ab c");
    }
}
