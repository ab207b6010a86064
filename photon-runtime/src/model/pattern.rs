//! Regular expressions as JSON Schema means them (ECMA-262, unanchored), in linear time where the pattern allows.
//! Knows nothing of rules.

use std::fmt;
use std::sync::OnceLock;

use jsonschema_regex::Search;

/// How many steps a pattern with lookaround or back references may take on one text.
pub const BACKTRACK_MAX: usize = 1_000_000;

/// How large a compiled pattern may be.
pub const COMPILED_BYTES_MAX: usize = 64 << 20;

/// A regular expression of the document, compiled when the service is made, or else on first use.
pub struct Pattern {
    source: &'static str,
    engine: OnceLock<Engine>,
}

/// A regular expression, compiled.
pub(crate) enum Engine {
    /// Always linear in the text.
    Linear(regex::Regex),
    /// So many characters of one class: counted, for an engine would unroll a large count.
    Counted(jsonschema_regex::RepeatedClass),
    /// For lookaround and back references; gives up after [`BACKTRACK_MAX`] steps.
    Backtracking(fancy_regex::Regex),
    /// Does not compile: matches nothing.
    Broken(String),
}

impl Pattern {
    /// A pattern, not yet compiled.
    pub const fn new(source: &'static str) -> Self {
        Self { source, engine: OnceLock::new() }
    }

    /// The pattern as the document has it.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Compiles it now; the error says what is wrong with it.
    pub fn compile(&self) -> Result<(), String> {
        self.engine()
            .broken()
            .map_or(Ok(()), |reason| Err(format!("the pattern {:?} does not compile: {reason}", self.source)))
    }

    /// Whether it matches anywhere in the text. A pattern that does not compile, or that gives up, matches nothing.
    pub fn is_match(&self, text: &str) -> bool {
        self.engine().is_match(text)
    }

    fn engine(&self) -> &Engine {
        self.engine.get_or_init(|| Engine::new(self.source))
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").field(&self.source).finish()
    }
}

impl Engine {
    pub(crate) fn new(source: &str) -> Self {
        let Ok(translated) = jsonschema_regex::to_rust_regex(source) else {
            return Self::Broken("it is not a regular expression of ECMA-262".to_owned());
        };
        let searched = match jsonschema_regex::search_form(source, &translated) {
            Some(Search::RepeatedClass(class)) => return Self::Counted(class),
            Some(Search::Collapsed(shorter)) => shorter.into(),
            None => translated,
        };
        if let Ok(regex) = regex::RegexBuilder::new(&searched).size_limit(COMPILED_BYTES_MAX).build() {
            return Self::Linear(regex);
        }
        match fancy_regex::RegexBuilder::new(&searched).backtrack_limit(BACKTRACK_MAX).build() {
            Ok(regex) => Self::Backtracking(regex),
            Err(error) => Self::Broken(error.to_string()),
        }
    }

    /// Why it does not compile.
    pub(crate) fn broken(&self) -> Option<&str> {
        if let Self::Broken(reason) = self { Some(reason) } else { None }
    }

    /// Whether it matches anywhere in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Linear(regex) => regex.is_match(text),
            Self::Counted(class) => class.is_match(text),
            Self::Backtracking(regex) => regex.is_match(text).unwrap_or(false),
            Self::Broken(_) => false,
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

/// Whether a text is a regular expression of ECMA-262.
pub(crate) fn is_regex(text: &str) -> bool {
    jsonschema_regex::is_valid_ecma_regex(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_ecma_262_means_it() {
        for (source, text, expected) in [
            ("^[A-Za-z]+$", "Rex", true),
            ("^[A-Za-z]+$", "Rex\n", false),
            ("a", "bab", true),
            (r"^\d$", "5", true),
            (r"^\d$", "\u{967}", false),
            (r"^\w$", "é", false),
            (r"^\W$", "é", true),
            (r"^\s$", "\u{feff}", true),
            (r"^\cA$", "\u{1}", true),
            (r"^(?=a)ab$", "ab", true),
            (r"^(?!a)b$", "b", true),
            (r"(?<=a)b", "ab", true),
            (r"^(a)\1$", "aa", true),
            (r"^\p{Letter}+$", "Ünï", true),
            (r"^\S*$", "a b", false),
            (r"^[\d\-]+$", "1-2", true),
            (r"^\/x$", "/x", true),
            (r"^.{0,100000}$", "é", true),
            (r"^[a-z]{2,100000}$", "a", false),
            (r"x[a-z]{2,100000}", "xab", true),
        ] {
            let pattern = Pattern::new(source);
            assert_eq!(pattern.compile(), Ok(()), "{source}");
            assert_eq!(pattern.is_match(text), expected, "{source} {text:?}");
        }
    }

    #[test]
    fn what_does_not_compile_says_so() {
        let reason = Pattern::new("(").compile().unwrap_err();
        assert!(reason.contains("does not compile"), "{reason}");
    }

    #[test]
    fn a_pattern_gives_up() {
        let pattern = Pattern::new(r"^(?=(a+)+$)\1b$");
        assert!(!pattern.is_match(&"a".repeat(200)));
    }
}
