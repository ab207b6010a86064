//! Regular expressions as JSON Schema means them (ECMA-262, unanchored), in linear time where the pattern allows.
//! Knows nothing of rules.

use std::borrow::Cow;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use jsonschema_regex::{RepeatedClass, Search};

/// How long patterns with lookaround or back references may take for one value, all its texts together. Most never need
/// a thousandth of it; what takes longer is refused as `complexity`.
pub const PATTERN_TIME_MAX: Duration = Duration::from_secs(1);

/// How many steps a pattern with lookaround or back references may take on one text.
pub const BACKTRACK_MAX: usize = 1_000_000;

/// How large a compiled pattern may be.
pub const COMPILED_BYTES_MAX: usize = 64 << 20;

/// A regular expression of the document, compiled when the service is made, or else on first use.
pub struct Pattern {
    source: &'static str,
    /// Chosen when the constant is built, so that a binary holds only the engines that its patterns need.
    compile: Compile,
    engine: OnceLock<Result<Engine, String>>,
}

type Compile = fn(&str) -> Result<Engine, String>;

/// A regular expression, compiled.
pub(crate) struct Engine(Box<dyn Matcher>);

/// What judges texts. Behind a trait object, for whoever names an engine's type has its code linked.
trait Matcher: Send + Sync + UnwindSafe + RefUnwindSafe {
    fn is_match(&self, text: &str) -> bool;

    /// Whether it may take more than linear time.
    fn backtracks(&self) -> bool {
        false
    }
}

impl Pattern {
    /// A pattern, not yet compiled.
    pub const fn new(source: &'static str) -> Self {
        Self { source, compile: compiler(source), engine: OnceLock::new() }
    }

    /// The pattern as the document has it.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Compiles it now; the error says what is wrong with it.
    pub fn compile(&self) -> Result<(), String> {
        match self.engine() {
            Ok(_) => Ok(()),
            Err(reason) => Err(format!("the pattern {:?} does not compile: {reason}", self.source)),
        }
    }

    /// Whether it matches anywhere in the text. A pattern that does not compile, or that gives up, matches nothing.
    pub fn is_match(&self, text: &str) -> bool {
        self.engine().as_ref().is_ok_and(|engine| engine.is_match(text))
    }

    /// The same, within what is left of an effort; where nothing is, it matches.
    #[inline]
    pub(crate) fn is_match_within(&self, text: &str, effort: &mut Effort) -> bool {
        self.engine().as_ref().is_ok_and(|engine| engine.is_match_within(text, effort))
    }

    fn engine(&self) -> &Result<Engine, String> {
        self.engine.get_or_init(|| (self.compile)(self.source))
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").field(&self.source).finish()
    }
}

impl Engine {
    /// Compiles a pattern that is known only now; the error says why it does not compile.
    pub(crate) fn new(source: &str) -> Result<Self, String> {
        compiler(source)(source)
    }

    /// Whether it matches anywhere in the text.
    #[inline]
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The same, within what is left of an effort; where nothing is, it matches.
    #[inline]
    pub(crate) fn is_match_within(&self, text: &str, effort: &mut Effort) -> bool {
        if !self.0.backtracks() {
            return self.is_match(text);
        }
        if effort.is_spent() {
            return true;
        }
        let start = Instant::now();
        let matches = self.is_match(text);
        effort.0 = effort.0.saturating_add(start.elapsed());
        matches
    }
}

/// What patterns that backtrack have cost so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Effort(Duration);

impl Effort {
    /// Whether there is nothing left.
    #[inline]
    pub(crate) fn is_spent(self) -> bool {
        self.0 > PATTERN_TIME_MAX
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

/// Always linear in the text.
impl Matcher for regex::Regex {
    fn is_match(&self, text: &str) -> bool {
        self.is_match(text)
    }
}

/// So many characters of one class: counted, for an engine would unroll a large count.
impl Matcher for RepeatedClass {
    fn is_match(&self, text: &str) -> bool {
        self.is_match(text)
    }
}

/// For lookaround and back references; gives up after [`BACKTRACK_MAX`] steps.
impl Matcher for fancy_regex::Regex {
    fn is_match(&self, text: &str) -> bool {
        self.is_match(text).unwrap_or(false)
    }

    fn backtracks(&self) -> bool {
        true
    }
}

/// The least that compiles this pattern.
const fn compiler(source: &str) -> Compile {
    if may_need_more(source.as_bytes()) { compile_any } else { compile_linear }
}

/// Whether a pattern may hold what only the backtracking engine knows: lookaround, flags, references to a group, names
/// of classes such as `\p{Alnum}`.
const fn may_need_more(source: &[u8]) -> bool {
    let mut rest = source;
    while let [_, after @ ..] = rest {
        let is_plain = match rest {
            [b'(', b'?', next, ..] => matches!(next, b':'),
            [b'\\', next, ..] => !matches!(next, b'0'..=b'9' | b'p' | b'P'),
            _ => true,
        };
        if !is_plain {
            return true;
        }
        rest = after;
    }
    false
}

fn compile_linear(source: &str) -> Result<Engine, String> {
    linear(source, &translated(source)?).map_err(|error| error.to_string())
}

fn compile_any(source: &str) -> Result<Engine, String> {
    let translated = translated(source)?;
    if let Ok(engine) = linear(source, &translated) {
        return Ok(engine);
    }
    let built = fancy_regex::RegexBuilder::new(&translated).backtrack_limit(BACKTRACK_MAX).build();
    built.map(|regex| Engine(Box::new(regex))).map_err(|error| error.to_string())
}

/// The pattern in the syntax of the engines.
fn translated(source: &str) -> Result<Cow<'_, str>, String> {
    jsonschema_regex::to_rust_regex(source)
        .map_err(|()| "it is not a regular expression of ECMA-262".to_owned())
}

fn linear(source: &str, translated: &str) -> Result<Engine, regex::Error> {
    let searched = match jsonschema_regex::search_form(source, translated) {
        Some(Search::RepeatedClass(class)) => return Ok(Engine(Box::new(class))),
        Some(Search::Collapsed(shorter)) => Cow::Owned(shorter),
        None => Cow::Borrowed(translated),
    };
    let built = regex::RegexBuilder::new(&searched).size_limit(COMPILED_BYTES_MAX).build();
    built.map(|regex| Engine(Box::new(regex)))
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
            (r"^\p{Alnum}+$", "a1", true),
            (r"^(?<year>\d{4})$", "2024", true),
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
    fn the_second_engine_is_only_for_patterns_that_need_it() {
        for plain in ["^ord_[a-z0-9]{12}$", r"^(?:\d|\w)+\.\b$", "a(b", "(?", "\\"] {
            assert!(!may_need_more(plain.as_bytes()), "{plain}");
        }
        for more in
            [r"(?=a)", r"a(?!b)", r"(?<=a)b", r"(?<!a)b", r"(a)\1", r"\p{Alnum}", r"\P{Lu}", r"(?x)( ?=a)"]
        {
            assert!(may_need_more(more.as_bytes()), "{more}");
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
