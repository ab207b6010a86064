//! A scope: names that must differ, handed out once.
//!
//! Knows Rust's keywords; not what the names are for.

use super::script::legible;
use std::collections::{HashMap, HashSet};

use super::words;
use crate::ir::Name;

/// How the names of a scope are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Case {
    /// Fields and methods.
    Snake,
    /// Types and variants.
    Pascal,
    /// Statics and constants.
    Screaming,
}

impl Case {
    /// `text` in this case.
    pub(crate) fn of(self, text: &str) -> String {
        self.join(&words::plain(&legible(text)))
    }

    /// `text` in this case, symbols spelled out.
    fn verbose(self, text: &str) -> String {
        self.join(&words::verbose(&legible(text)))
    }

    fn join(self, words: &[String]) -> String {
        match self {
            Self::Snake => words::snake(words),
            Self::Pascal => words::pascal(words),
            Self::Screaming => words::screaming(words),
        }
    }

    /// `base` told apart by `suffix`.
    pub(crate) fn suffixed(self, base: &str, suffix: &str) -> String {
        match self {
            Self::Pascal if !(base.ends_with(char::is_numeric) && suffix.starts_with(char::is_numeric)) => {
                format!("{base}{suffix}")
            }
            _ => format!("{}_{suffix}", base.trim_end_matches('_')),
        }
    }
}

/// Names given so far.
#[derive(Debug)]
pub(crate) struct Scope {
    case: Case,
    reserved: &'static [&'static str],
    /// What is appended to a reserved name.
    word: &'static str,
    taken: HashSet<String>,
    /// The number to try next, by the name that is taken, so that a thousand equal names stay linear.
    next: HashMap<String, u32>,
}

/// Words that no identifier can be, raw or not.
const NEVER: &[&str] = &["self", "Self", "super", "crate", "_"];

impl Scope {
    /// A scope in which `reserved` names get `word` appended.
    pub(crate) fn new(case: Case, reserved: &'static [&'static str], word: &'static str) -> Self {
        Self { case, reserved, word, taken: HashSet::new(), next: HashMap::new() }
    }

    /// Takes a name out of the scope.
    pub(crate) fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// Names all of `names`: first what users want, then by rank, exact matches before others, then in order.
    pub(crate) fn assign_ranked(&mut self, names: Vec<(u8, &mut Name)>) {
        let mut names: Vec<(u8, bool, String, &mut Name)> = names
            .into_iter()
            .map(|(rank, name)| {
                let plain = self.allowed(&self.case.of(&name.wire));
                let inexact = plain != name.wire;
                if name.wanted.is_some() { (0, false, plain, name) } else { (rank + 1, inexact, plain, name) }
            })
            .collect();
        names.sort_by_key(|(rank, inexact, ..)| (*rank, *inexact));
        for (_, _, plain, name) in names {
            self.assign_plain(name, plain);
        }
    }

    /// Names all of `names`, equal in rank.
    pub(crate) fn assign_all<'a>(&mut self, names: impl IntoIterator<Item = &'a mut Name>) {
        self.assign_ranked(names.into_iter().map(|name| (0, name)).collect());
    }

    /// Names one.
    pub(crate) fn assign(&mut self, name: &mut Name) {
        let plain = self.case.of(&name.wire);
        self.assign_plain(name, plain);
    }

    /// Symbols are spelled out only where letters do not tell names apart.
    fn assign_plain(&mut self, name: &mut Name, plain: String) {
        if name.wanted.is_none() && self.taken.contains(&plain) {
            let verbose = self.case.verbose(&name.wire);
            self.pick(name, &[plain, verbose]);
        } else {
            self.pick(name, &[plain]);
        }
    }

    /// Names one by the first candidate that is free, or the first with a number.
    pub(crate) fn pick(&mut self, name: &mut Name, candidates: &[String]) {
        let wanted = name.wanted.iter().filter(|wanted| is_identifier(wanted)).cloned();
        let candidates: Vec<String> =
            wanted.chain(candidates.iter().map(|candidate| self.allowed(candidate))).collect();
        name.rust = self.first_free(&candidates);
        self.taken.insert(name.rust.clone());
    }

    fn first_free(&mut self, candidates: &[String]) -> String {
        if let Some(free) = candidates.iter().find(|candidate| !self.taken.contains(*candidate)) {
            return free.clone();
        }
        let base = candidates.first().map_or("value", String::as_str);
        let number = self.next.entry(base.to_owned()).or_insert(2);
        loop {
            let numbered = self.case.suffixed(base, &number.to_string());
            *number += 1;
            if !self.taken.contains(&numbered) {
                return numbered;
            }
        }
    }

    /// `name`, or what stands for it where it is reserved.
    fn allowed(&self, name: &str) -> String {
        if self.reserved.contains(&name) {
            self.case.suffixed(name, self.word)
        } else if NEVER.contains(&name) {
            format!("{name}_")
        } else {
            name.to_owned()
        }
    }
}

fn is_identifier(text: &str) -> bool {
    !NEVER.contains(&text)
        && (syn::parse_str::<syn::Ident>(text).is_ok()
            || syn::parse_str::<syn::Ident>(&format!("r#{text}")).is_ok())
}
