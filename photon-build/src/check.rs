//! Whether a checked-in copy of the generated file still matches.

use std::fmt::Write as _;

use std::path::Path;

use crate::error::{Error, Result};
use crate::write::write_if_changed;

/// Lines that are shown around a difference.
const CONTEXT_LINES: usize = 3;

/// Lines of a difference that are shown.
const SHOWN_LINES_MAX: usize = 40;

/// Compares the copy at `path` with `generated`; with `update` it is rewritten instead.
pub(crate) fn compare(path: &Path, generated: &str, update: bool) -> Result {
    if update {
        return write_if_changed(path, generated).map(drop);
    }
    let existing = std::fs::read_to_string(path)
        .map_err(|error| Error::new(format!("`{}` cannot be read: {error}", path.display())))?;
    // A checkout may turn line breaks into those of its system.
    let existing = existing.replace("\r\n", "\n");
    if existing == generated {
        return Ok(());
    }
    let difference = difference(&existing, generated);
    let help = "run it again with UPDATE=1 to rewrite the copy";
    Err(Error::new(format!(
        "`{}` does not match its document\n{difference}\n  = help: {help}",
        path.display()
    )))
}

/// What differs between two texts: the lines from the first difference to the last.
fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let most = old.len().min(new.len()) - same;
    let same_at_end =
        old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(old, new)| old == new).count();
    let mut shown = format!("  --> line {}\n", same + 1);
    for line in &old[same.saturating_sub(CONTEXT_LINES)..same] {
        _ = writeln!(shown, "    {line}");
    }
    for (mark, lines, end) in [('-', &old, old.len() - same_at_end), ('+', &new, new.len() - same_at_end)] {
        let changed = &lines[same..end];
        for line in changed.iter().take(SHOWN_LINES_MAX) {
            _ = writeln!(shown, "  {mark} {line}");
        }
        if changed.len() > SHOWN_LINES_MAX {
            _ = writeln!(shown, "  {mark} .. {} more lines", changed.len() - SHOWN_LINES_MAX);
        }
    }
    shown.pop();
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_shown_with_their_line() {
        assert_eq!(difference("a\nb\nc", "a\nx\nc"), "  --> line 2\n    a\n  - b\n  + x");
        assert_eq!(difference("a", "a\nb"), "  --> line 2\n    a\n  + b");
        assert_eq!(difference("", "a"), "  --> line 1\n  + a");
    }
}
