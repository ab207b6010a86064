//! Changes as a text, in the style of findings: what breaks with its lines, the rest in short.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::changes::{Change, Changes};
use super::kinds::Verdict;
use super::version;

/// Changes of one kind that are shown.
const SHOWN_MAX: usize = 20;

/// Further operations that are named.
const NAMED_MAX: usize = 4;

impl Changes {
    /// All of them as text: what breaks and what may break with its lines and the reason, the rest a line each; of one
    /// kind the first few, the others counted.
    pub fn text(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut parts = Vec::new();
        let mut short = String::new();
        for change in self {
            let count = counts.entry(change.kind.id).or_default();
            *count += 1;
            if *count > SHOWN_MAX {
                continue;
            }
            if change.kind.verdict >= Verdict::Risky {
                parts.push(change.full());
            } else {
                _ = writeln!(short, "{} ({})", change.headline(), change.new);
            }
        }
        if !short.is_empty() {
            parts.push(short.trim_end().to_owned());
        }
        for (id, count) in counts.into_iter().filter(|(_, count)| *count > SHOWN_MAX) {
            parts.push(format!("note: {} more of {id}", count - SHOWN_MAX));
        }
        parts.extend(self.summary());
        parts.join("\n\n")
    }

    fn summary(&self) -> Option<String> {
        let verdicts = [Verdict::Breaking, Verdict::Risky, Verdict::Compatible, Verdict::Documentation];
        let counts = verdicts.map(|verdict| {
            let count = self.of(verdict).count();
            (count > 0).then(|| format!("{count} {}", verdict.as_str()))
        });
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        if counts.is_empty() {
            return None;
        }
        let mut text = format!("note: {} in all", counts.join(", "));
        if !self.is_compatible() {
            _ = write!(text, "\n = {}", self.advice());
        }
        Some(text)
    }

    /// What to do about what breaks.
    fn advice(&self) -> String {
        if self.may_break() {
            return format!(
                "note: `info.version` went from `{}` to `{}`, which says that things break",
                self.old_version, self.new_version
            );
        }
        let raise = match version::next(&self.old_version) {
            Some(next) => format!("raise `info.version` from `{}` to `{next}`", self.old_version),
            None => format!("raise `info.version`, which was `{}`", self.old_version),
        };
        format!("help: take back what breaks, or {raise} to tell clients that it does")
    }
}

impl Change {
    fn headline(&self) -> String {
        let operation = self.operations.first().map(|name| format!("{name}: ")).unwrap_or_default();
        format!("{}[{}]: {operation}{}", self.kind.verdict.as_str(), self.kind.id, self.message)
    }

    fn full(&self) -> String {
        let width = self.new.line.to_string().len();
        let pad = " ".repeat(width);
        let mut text = self.headline();
        text.push_str(&self.listing);
        _ = write!(text, "\n{pad} = why: {}", self.kind.why);
        _ = write!(text, "\n{pad} = was: {}", self.old);
        let others = &self.operations[1.min(self.operations.len())..];
        if !others.is_empty() {
            let named: Vec<&str> = others.iter().take(NAMED_MAX).map(String::as_str).collect();
            _ = write!(text, "\n{pad} = note: also {}", named.join(", "));
            if others.len() > NAMED_MAX {
                _ = write!(text, ", and {} more", others.len() - NAMED_MAX);
            }
        }
        text
    }
}
