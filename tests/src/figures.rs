//! The figures of a run: printed, written as JSON, and compared with a floor that must not be fallen short of.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// Named figures; a larger one is better, unless its name says `failed`, `opaque` or `panics`.
#[derive(Debug, Default)]
pub struct Figures {
    values: BTreeMap<String, f64>,
    details: BTreeMap<String, Value>,
    misses: Vec<String>,
}

/// Words in names whose figures are better when they are smaller.
const SMALLER_IS_BETTER: [&str; 4] = ["failed", "opaque", "panics", "lines"];

impl Figures {
    /// Sets a figure.
    pub fn set(&mut self, name: impl Into<String>, value: f64) {
        self.values.insert(name.into(), value);
    }

    /// Sets a share, in percent; a share of nothing is whole.
    #[allow(clippy::cast_precision_loss)] // Counts of a suite.
    pub fn share(&mut self, name: impl Into<String>, part: usize, all: usize) {
        let percent = if all == 0 { 100.0 } else { part as f64 * 100.0 / all as f64 };
        self.set(name, (percent * 100.0).floor() / 100.0);
    }

    /// Keeps what stands behind the figures, for the JSON file.
    pub fn detail(&mut self, name: impl Into<String>, value: Value) {
        self.details.insert(name.into(), value);
    }

    /// Notes that a target was missed.
    pub fn miss(&mut self, what: impl Into<String>) {
        self.misses.push(what.into());
    }

    /// Demands `ok`, else notes `what` as missed.
    pub fn demand(&mut self, ok: bool, what: impl FnOnce() -> String) {
        if !ok {
            self.misses.push(what());
        }
    }

    /// The targets that were missed.
    pub fn misses(&self) -> &[String] {
        &self.misses
    }

    /// Writes all of it as JSON.
    pub fn write(&self, path: &Path) -> Result<(), String> {
        let json =
            serde_json::json!({ "figures": self.values, "missed": self.misses, "details": self.details });
        let text = serde_json::to_string_pretty(&json).map_err(|error| error.to_string())?;
        fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()))
    }

    /// The figures that are worse than those of a floor file, `name = number` a line; those of parts that did not run
    /// are left out.
    pub fn below(&self, floor: &Path) -> Result<Vec<String>, String> {
        let text = fs::read_to_string(floor).map_err(|error| format!("{}: {error}", floor.display()))?;
        let mut below = Vec::new();
        for (name, least) in parse_floor(&text)? {
            let Some(value) = self.values.get(&name) else { continue };
            let smaller = SMALLER_IS_BETTER.iter().any(|word| name.contains(word));
            if (smaller && *value > least) || (!smaller && *value < least) {
                below.push(format!("{name} is {value}, the floor is {least}"));
            }
        }
        Ok(below)
    }
}

/// A table of numbers in TOML: `[section]` and `"name" = 1.5`.
fn parse_floor(text: &str) -> Result<Vec<(String, f64)>, String> {
    let mut section = String::new();
    let mut floor = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = format!("{}.", name.trim());
        } else if let Some((name, value)) = line.split_once('=') {
            let value = value.trim().parse().map_err(|_| format!("line {}: not a number", number + 1))?;
            floor.push((format!("{section}{}", name.trim().trim_matches('"')), value));
        } else if !line.is_empty() {
            return Err(format!("line {}: neither a section nor a figure", number + 1));
        }
    }
    Ok(floor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_is_compared() {
        let path = std::env::temp_dir().join(format!("photon-floor-{}.toml", std::process::id()));
        fs::write(&path, "[corpus]\nreached = 98.0 # percent\nopaque = 10\nabsent = 3\n").unwrap();
        let mut figures = Figures::default();
        figures.share("corpus.reached", 97, 100);
        figures.set("corpus.opaque", 9.0);
        assert_eq!(figures.below(&path).unwrap(), ["corpus.reached is 97, the floor is 98"]);
        assert!(parse_floor("what").is_err());
        fs::remove_file(path).unwrap();
    }
}
