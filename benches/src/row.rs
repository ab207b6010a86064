//! One line of a bench: `name ours peer ratio target ok|MISS`. Knows nothing of what was measured.
#![allow(clippy::print_stdout)] // Rows are what a bench is run for.

/// What a ratio is held against.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// Ours divided by the peer's must not be larger.
    AtMost(f64),
    /// Ours divided by the peer's must not be smaller.
    AtLeast(f64),
}

impl Target {
    fn holds(self, ratio: f64) -> bool {
        match self {
            Self::AtMost(bound) => ratio <= bound,
            Self::AtLeast(bound) => ratio >= bound,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtMost(bound) => format!("<={bound}"),
            Self::AtLeast(bound) => format!(">={bound}"),
        }
    }
}

/// Prints what the columns mean.
pub fn head() {
    println!("{:<58} {:>11} {:>11} {:>7} {:>8}", "name", "ours", "peer", "ratio", "target");
}

/// Prints a row, and tells whether it holds.
pub fn row(name: &str, ours: f64, peer: f64, target: Target) -> bool {
    let ratio = ours / peer;
    let holds = target.holds(ratio);
    let verdict = if holds { "ok" } else { "MISS" };
    println!(
        "{name:<58} {:>11} {:>11} {ratio:>7.2} {:>8} {verdict}",
        figure(ours),
        figure(peer),
        target.text()
    );
    holds
}

/// Says that a row could not be measured, and why.
pub fn skip(name: &str, reason: &str) {
    println!("{name:<58} SKIPPED: {reason}");
}

/// Says something about the rows around it.
pub fn note(text: &str) {
    println!("# {text}");
}

/// The middle of the values, the lower one of two.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN)
}

fn figure(value: f64) -> String {
    match value {
        v if v >= 1000.0 => format!("{v:.0}"),
        v if v >= 10.0 => format!("{v:.1}"),
        v => format!("{v:.3}"),
    }
}
