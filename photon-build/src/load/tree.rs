//! What both readers of text share: faults of a text, limits, texts that are kept once, and mappings that know their
//! doubles.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::node::{Entry, Node, Object};
use crate::source::Span;

/// How deep mappings and sequences may nest.
pub(crate) const DEPTH_MAX: usize = 200;

/// How many values a file may hold, aliases written out.
pub(crate) const NODES_MAX: usize = 4_000_000;

/// Up to this many keys a mapping is searched, beyond it is hashed.
const SEARCH_MAX: usize = 16;

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It does not follow the grammar.
    Syntax(Span, Said),
    /// It exceeds a limit.
    Limit(Span, String),
    /// A key is a mapping or a sequence.
    KeyKind(Span),
    /// A key stands twice: the second, the first, the key.
    Duplicate(Span, Span, Arc<str>),
    /// It does not follow the grammar, but what is meant is clear.
    Mended(Span, String),
    /// It is not quite JSON.
    NotJson(Span, String),
    /// A byte is not UTF-8.
    NotUtf8(Span, String),
    /// More than one document.
    Several(Span),
}

/// What is told of a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// What is wrong.
    pub(crate) message: String,
    /// What helps, where more can be said than in general.
    pub(crate) help: Option<&'static str>,
}

impl From<&str> for Said {
    fn from(message: &str) -> Self {
        Self { message: message.to_owned(), help: None }
    }
}

/// What is told of a text that nests too deeply.
pub(crate) fn deeper() -> String {
    format!("mappings and lists nest deeper than {DEPTH_MAX} levels")
}

/// Longer texts are rarely written twice.
const SHARED_BYTES_MAX: usize = 32;

/// The short texts of a file, each kept once: a large document writes `description` ten thousand times.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    known: HashSet<Arc<str>>,
}

impl Texts {
    /// `text`, as it is kept.
    pub(crate) fn keep(&mut self, text: &str) -> Arc<str> {
        if text.len() > SHARED_BYTES_MAX {
            return text.into();
        }
        if let Some(known) = self.known.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.known.insert(Arc::clone(&text));
        text
    }
}

/// A mapping that is being read.
#[derive(Debug, Default)]
pub(crate) struct Mapping {
    entries: Vec<Entry>,
    index: HashMap<Arc<str>, usize>,
}

impl Mapping {
    /// Adds an entry; of two with the same key the first stays and the second is told.
    pub(crate) fn insert(&mut self, key: Arc<str>, key_span: Span, value: Node, faults: &mut Vec<Fault>) {
        if let Some(first) = self.find(&key) {
            faults.push(Fault::Duplicate(key_span, self.entries[first].key_span, key));
            return;
        }
        if self.entries.len() >= SEARCH_MAX {
            if self.index.is_empty() {
                self.index = self.entries.iter().enumerate().map(|(at, e)| (e.key.clone(), at)).collect();
            }
            self.index.insert(key.clone(), self.entries.len());
        }
        self.entries.push(Entry { key, key_span, value });
    }

    /// Adds the entries of a merge key, where they are not present.
    pub(crate) fn merge(&mut self, merged: &[Object]) {
        for entry in merged.iter().flat_map(Object::iter) {
            if self.find(&entry.key).is_none() {
                self.insert(Arc::clone(&entry.key), entry.key_span, entry.value.clone(), &mut Vec::new());
            }
        }
    }

    /// The finished mapping.
    pub(crate) fn finish(self) -> Object {
        Object { entries: self.entries.into() }
    }

    fn find(&self, key: &str) -> Option<usize> {
        if self.entries.len() < SEARCH_MAX || self.index.is_empty() {
            return self.entries.iter().position(|entry| &*entry.key == key);
        }
        self.index.get(key).copied()
    }
}
