//! Two contracts side by side: what has changed, and what it means to clients.
//!
//! References are followed, what they lead to is compared once for each direction, and circles end where they began.
//! Knows contracts in normal form. Must not know files.

mod access;
mod bounds;
mod document;
mod message;
mod object;
mod operation;
mod parameter;
mod response;
mod schema;
mod shape;
mod types;
mod union;

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::kinds::{ChangeKind, Direction, Pair, operation as kinds};
use super::tree::{Place, Tree};
use crate::resolve::unescape;

/// Pairs of schemas that are compared before the rest counts as different.
const PAIRS_MAX: usize = 1 << 20;

/// References that are followed in a row.
const HOPS_MAX: usize = 64;

/// A change as it was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) kind: &'static ChangeKind,
    /// What has changed, in the words of the documents.
    pub(super) message: String,
    pub(super) old: Place,
    pub(super) new: Place,
    /// The operations that it concerns; none where it concerns the whole document.
    pub(super) operations: Vec<Rc<str>>,
}

/// Every change from the contract `old` to the contract `new`, in the order of the new one. `today` is a day such as
/// `2026-11-25`, against which the ends of operations are held.
pub(super) fn compare(old: &Tree, new: &Tree, today: &str) -> Vec<Found> {
    let mut cx = Compare {
        old: Side { root: old },
        new: Side { root: new },
        today,
        found: Vec::new(),
        seen: HashMap::new(),
        parents: Vec::new(),
        pair: None,
        operations: Vec::new(),
        operation: None,
        part: String::new(),
        path: Vec::new(),
        is_security_compared: false,
        are_servers_compared: false,
    };
    cx.document(old, new);
    cx.finish()
}

/// One of the two contracts.
#[derive(Debug, Clone, Copy)]
struct Side<'a> {
    root: &'a Tree,
}

impl<'a> Side<'a> {
    /// What a value is, through its references to components.
    fn follow(self, tree: &'a Tree) -> &'a Tree {
        let mut tree = tree;
        for _ in 0..HOPS_MAX {
            match tree.text("$ref").and_then(|text| self.component(text)) {
                Some(next) => tree = next,
                None => break,
            }
        }
        tree
    }

    fn component(self, reference: &str) -> Option<&'a Tree> {
        let (kind, name) = reference.strip_prefix("#/components/")?.split_once('/')?;
        self.root.get("components")?.get(kind)?.get(&unescape(name))
    }
}

/// Schemas that all hold, and the direction in which they are compared.
type Key = (Box<[*const Tree]>, Box<[*const Tree]>, Direction);

/// Who led to a pair of schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parent {
    Pair(usize),
    Operation(usize),
}

struct Compare<'a> {
    old: Side<'a>,
    new: Side<'a>,
    today: &'a str,
    /// With the operation and the pair of schemas within which each was found.
    found: Vec<(Found, Option<usize>, Option<usize>)>,
    seen: HashMap<Key, usize>,
    parents: Vec<Vec<Parent>>,
    pair: Option<usize>,
    operations: Vec<Rc<str>>,
    operation: Option<usize>,
    /// What part of the operation is compared: `the body`.
    part: String,
    /// Where in that part.
    path: Vec<String>,
    /// Whether what the root says for its operations has been compared.
    is_security_compared: bool,
    are_servers_compared: bool,
}

impl Compare<'_> {
    /// A change; `what` speaks of the place at hand.
    fn tell(&mut self, kind: &'static ChangeKind, old: &Tree, new: &Tree, what: impl Into<String>) {
        let found =
            Found { kind, message: what.into(), old: old.place, new: new.place, operations: Vec::new() };
        self.found.push((found, self.operation, self.pair));
    }

    /// The same of a kind that depends on the direction.
    fn tell_of(
        &mut self,
        pair: &'static Pair,
        way: Direction,
        old: &Tree,
        new: &Tree,
        what: impl Into<String>,
    ) {
        self.tell(pair.of(way), old, new, what);
    }

    /// The place at hand: `/name` in the body.
    fn subject(&self) -> String {
        if self.path.is_empty() {
            return self.part.clone();
        }
        format!("`/{}` in {}", self.path.join("/"), self.part)
    }

    /// Compares within an operation.
    fn within_operation(&mut self, name: &str, compare: impl FnOnce(&mut Self)) {
        let outer = self.operation;
        self.operations.push(name.into());
        self.operation = Some(self.operations.len() - 1);
        compare(self);
        self.operation = outer;
    }

    /// Compares within a part of an operation.
    fn within_part(&mut self, part: impl Into<String>, compare: impl FnOnce(&mut Self)) {
        let outer = (std::mem::replace(&mut self.part, part.into()), std::mem::take(&mut self.path));
        compare(self);
        (self.part, self.path) = outer;
    }

    /// Compares below a name.
    fn below(&mut self, name: &str, compare: impl FnOnce(&mut Self)) {
        self.path.push(name.to_owned());
        compare(self);
        self.path.pop();
    }

    /// Enters a pair of schemas; false where it was entered before, or there are too many.
    fn enter(&mut self, key: Key, old: &Tree, new: &Tree, compare: impl FnOnce(&mut Self)) {
        let parent = self.pair.map(Parent::Pair).or(self.operation.map(Parent::Operation));
        let next = self.parents.len();
        let known = *self.seen.entry(key).or_insert(next);
        if known == next {
            self.parents.push(Vec::new());
        }
        if let Some(parent) = parent
            && let Some(parents) = self.parents.get_mut(known)
            && parents.last() != Some(&parent)
        {
            parents.push(parent);
        }
        if known != next {
            return;
        }
        if next >= PAIRS_MAX {
            if next == PAIRS_MAX {
                self.tell(&kinds::NOT_COMPARED, old, new, "the comparison ends here");
            }
            return;
        }
        let outer = self.pair.replace(next);
        compare(self);
        self.pair = outer;
    }

    /// Every change once, with all operations that it concerns.
    fn finish(self) -> Vec<Found> {
        let mut order: Vec<(Found, BTreeSet<usize>)> = Vec::new();
        let mut known: HashMap<(&str, Place, Place, String), usize> = HashMap::new();
        let mut reached = HashMap::new();
        for (found, operation, pair) in self.found {
            let key = (found.kind.id, found.old, found.new, found.message.clone());
            let at = *known.entry(key).or_insert(order.len());
            if at == order.len() {
                order.push((found, BTreeSet::new()));
            }
            let operations = &mut order[at].1;
            match pair {
                Some(pair) => {
                    operations
                        .extend(reached.entry(pair).or_insert_with(|| reach(&self.parents, pair)).iter());
                }
                None => operations.extend(operation),
            }
        }
        let named = order.into_iter().map(|(found, operations)| {
            let mut names: Vec<Rc<str>> = Vec::new();
            for name in operations.into_iter().filter_map(|at| self.operations.get(at)) {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
            Found { operations: names, ..found }
        });
        named.collect()
    }
}

/// The operations that lead to a pair.
fn reach(parents: &[Vec<Parent>], pair: usize) -> BTreeSet<usize> {
    let mut operations = BTreeSet::new();
    let mut passed = BTreeSet::from([pair]);
    let mut open = vec![pair];
    while let Some(pair) = open.pop() {
        for parent in parents.get(pair).into_iter().flatten() {
            match *parent {
                Parent::Operation(operation) => _ = operations.insert(operation),
                Parent::Pair(next) if passed.insert(next) => open.push(next),
                Parent::Pair(_) => {}
            }
        }
    }
    operations
}

/// The entries of a mapping.
type Entries = [(Arc<str>, Tree)];

/// The keys of two mappings, each once, with what they have there.
fn both<'a>(old: &'a Entries, new: &'a Entries) -> Vec<(&'a str, Option<&'a Tree>, Option<&'a Tree>)> {
    let (mut left, mut right) = (old.iter().peekable(), new.iter().peekable());
    let mut all = Vec::with_capacity(old.len().max(new.len()));
    loop {
        let order = match (left.peek(), right.peek()) {
            (Some((left, _)), Some((right, _))) => left.cmp(right),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => return all,
        };
        let old = if order.is_le() { left.next() } else { None };
        let new = if order.is_ge() { right.next() } else { None };
        if let Some((key, _)) = old.or(new) {
            all.push((&**key, old.map(|(_, tree)| tree), new.map(|(_, tree)| tree)));
        }
    }
}
