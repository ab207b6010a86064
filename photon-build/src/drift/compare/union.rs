//! Choices: `oneOf`, `anyOf`, `not`, `if`, and discriminators.

use std::collections::BTreeMap;

use super::shape::{All, Group, Shape};
use super::{Compare, Side};
use crate::drift::kinds::Direction;
use crate::drift::kinds::schema as kinds;
use crate::drift::tree::Tree;

/// Branches that are compared with each other one by one to find which belong together.
const MATCHED_MAX: usize = 512;

impl<'a> Compare<'a> {
    /// Where one side is a choice and the other is not: that one is a choice of one. False where that is not so.
    pub(super) fn choice_of_one(
        &mut self,
        way: Direction,
        (old, old_all): (&Shape<'a>, &All<'a>),
        (new, new_all): (&Shape<'a>, &All<'a>),
    ) -> bool {
        let is_plain = |shape: &Shape<'a>| shape.groups.is_empty() && !shape.at.entries().is_empty();
        if new.is_pure_choice() && is_plain(old) {
            let group = &new.groups[0];
            let Some(same) = best(self.old, self.new, old.at, &group.branches) else { return false };
            self.schemas(way, (old.at, old_all), (new.at, &[group.branches[same]]));
            for (at, branch) in group.branches.iter().enumerate().filter(|(at, _)| *at != same) {
                self.branch_added(way, group, old.at, (at, branch));
            }
            return true;
        }
        if old.is_pure_choice() && is_plain(new) {
            let group = &old.groups[0];
            let Some(same) = best(self.new, self.old, new.at, &group.branches) else { return false };
            self.schemas(way, (old.at, &[group.branches[same]]), (new.at, new_all));
            for (at, branch) in group.branches.iter().enumerate().filter(|(at, _)| *at != same) {
                self.branch_removed(way, group, (at, branch), new.at);
            }
            return true;
        }
        false
    }

    /// Compares every choice.
    pub(super) fn choices(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let mut left: Vec<&Group<'a>> = new.groups.iter().collect();
        let mut unmatched = Vec::new();
        for group in &old.groups {
            let at = left.iter().position(|other| other.keyword == group.keyword);
            match at {
                Some(at) => self.groups(way, group, left.remove(at)),
                None => unmatched.push(group),
            }
        }
        let subject = self.subject();
        for group in unmatched {
            if !left.is_empty() {
                let other = left.remove(0);
                let kind = if other.keyword == "oneOf" {
                    &kinds::ANY_OF_BECAME_ONE_OF
                } else {
                    &kinds::ONE_OF_BECAME_ANY_OF
                };
                let message = format!("{subject} has `{}`; it had `{}`", other.keyword, group.keyword);
                self.tell_of(kind, way, group.at, other.at, message);
                self.groups(way, group, other);
                continue;
            }
            let is_one = group.keyword == "oneOf";
            let kind = if is_one { &kinds::ONE_OF_REMOVED } else { &kinds::ANY_OF_REMOVED };
            self.tell_of(kind, way, group.at, new.at, format!("{subject} has `{}` no longer", group.keyword));
        }
        for group in left {
            let is_one = group.keyword == "oneOf";
            let kind = if is_one { &kinds::ONE_OF_ADDED } else { &kinds::ANY_OF_ADDED };
            self.tell_of(kind, way, old.at, group.at, format!("{subject} has `{}`, too", group.keyword));
        }
        self.discriminator(way, old, new);
        self.nots(way, old, new);
        self.conditions(way, old, new);
    }

    fn groups(&mut self, way: Direction, old: &Group<'a>, new: &Group<'a>) {
        let pairs = pair_up(self.old, self.new, &old.branches, &new.branches);
        let mut taken = vec![false; new.branches.len()];
        for (at, (branch, pair)) in old.branches.iter().zip(&pairs).enumerate() {
            match pair {
                Some(pair) => {
                    taken[*pair] = true;
                    let other = new.branches[*pair];
                    let name = name_of(other).unwrap_or_else(|| pair.to_string());
                    self.below(&format!("{}({name})", new.keyword), |cx| {
                        cx.schemas(way, (old.at, &[branch]), (new.at, &[other]));
                    });
                }
                None => self.branch_removed(way, old, (at, branch), new.at),
            }
        }
        for (at, branch) in new.branches.iter().enumerate().filter(|(at, _)| !taken[*at]) {
            self.branch_added(way, new, old.at, (at, branch));
        }
    }

    fn branch_added(&mut self, way: Direction, group: &Group<'a>, old: &Tree, (at, branch): (usize, &&Tree)) {
        let is_one = group.keyword == "oneOf";
        let kind = if is_one { &kinds::ONE_OF_BRANCH_ADDED } else { &kinds::ANY_OF_BRANCH_ADDED };
        let name = name_of(branch).unwrap_or_else(|| format!("branch {at}"));
        let message = format!("{} may be `{name}` of `{}`, too", self.subject(), group.keyword);
        self.tell_of(kind, way, old, branch, message);
    }

    fn branch_removed(
        &mut self,
        way: Direction,
        group: &Group<'a>,
        (at, branch): (usize, &&Tree),
        new: &Tree,
    ) {
        let is_one = group.keyword == "oneOf";
        let kind = if is_one { &kinds::ONE_OF_BRANCH_REMOVED } else { &kinds::ANY_OF_BRANCH_REMOVED };
        let name = name_of(branch).unwrap_or_else(|| format!("branch {at}"));
        let message = format!("{} may be `{name}` of `{}` no longer", self.subject(), group.keyword);
        self.tell_of(kind, way, branch, new, message);
    }

    fn discriminator(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let subject = self.subject();
        let (was, is) = match (old.discriminator, new.discriminator) {
            (Some(was), Some(is)) => (was, is),
            (None, Some(is)) => {
                let message = format!("`{}` says what {subject} is", is.text("propertyName").unwrap_or(""));
                return self.tell_of(&kinds::DISCRIMINATOR_ADDED, way, old.at, is, message);
            }
            (Some(was), None) => {
                let name = was.text("propertyName").unwrap_or("");
                let message = format!("`{name}` says no longer what {subject} is");
                return self.tell_of(&kinds::DISCRIMINATOR_REMOVED, way, was, new.at, message);
            }
            (None, None) => return,
        };
        let name = |tree: &'a Tree| tree.text("propertyName").unwrap_or_default();
        if name(was) != name(is) {
            let message = format!("`{}` says what {subject} is; it was `{}`", name(is), name(was));
            self.tell_of(&kinds::DISCRIMINATOR_CHANGED, way, was, is, message);
        }
        let (was_mapped, is_mapped) = (mapping(was, old), mapping(is, new));
        for (value, at) in &is_mapped {
            if !was_mapped.contains_key(value) {
                let message = format!("`{value}` in `{}` of {subject} has a meaning", name(is));
                self.tell_of(&kinds::MAPPING_ADDED, way, was, at, message);
            }
        }
        for (value, at) in &was_mapped {
            if let Some(other) = is_mapped.get(value) {
                self.below(&format!("{}={value}", name(is)), |cx| {
                    cx.mapped(way, at, other);
                });
            } else {
                let message = format!("`{value}` in `{}` of {subject} has a meaning no longer", name(was));
                self.tell_of(&kinds::MAPPING_REMOVED, way, at, is, message);
            }
        }
    }

    /// What a value of a discriminator stands for, on both sides.
    fn mapped(&mut self, way: Direction, old: &'a Tree, new: &'a Tree) {
        let target = |side: Side<'a>, tree: &'a Tree| match tree.as_text() {
            Some(reference) => side.component(reference),
            None => Some(side.follow(tree)),
        };
        if let (Some(old), Some(new)) = (target(self.old, old), target(self.new, new)) {
            self.schemas(way, (old, &[old]), (new, &[new]));
        }
    }

    /// What is forbidden is compared the other way around.
    fn nots(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let subject = self.subject();
        for at in 0..old.nots.len().max(new.nots.len()) {
            match (old.nots.get(at), new.nots.get(at)) {
                (Some(was), Some(is)) => {
                    self.below("not", |cx| cx.schemas(way.flipped(), (was, &[was]), (is, &[is])));
                }
                (None, Some(is)) => {
                    self.tell_of(&kinds::NOT_ADDED, way, old.at, is, format!("{subject} has a `not`"));
                }
                (Some(was), None) => {
                    let message = format!("{subject} has a `not` no longer");
                    self.tell_of(&kinds::NOT_REMOVED, way, was, new.at, message);
                }
                (None, None) => {}
            }
        }
    }

    fn conditions(&mut self, way: Direction, old: &Shape<'a>, new: &Shape<'a>) {
        let subject = self.subject();
        for at in 0..old.conditions.len().max(new.conditions.len()) {
            match (old.conditions.get(at), new.conditions.get(at)) {
                (Some(was), Some(is)) => {
                    let (was_if, is_if) = (was.get("if").unwrap_or(was), is.get("if").unwrap_or(is));
                    if !was_if.same(is_if) {
                        let message = format!("the `if` of {subject} is another");
                        self.tell_of(&kinds::CONDITION_CHANGED, way, was_if, is_if, message);
                        continue;
                    }
                    for key in ["then", "else"] {
                        self.below(key, |cx| cx.schema_below(way, key, was, is));
                    }
                }
                (None, Some(is)) => {
                    self.tell_of(&kinds::CONDITION_ADDED, way, old.at, is, format!("{subject} has an `if`"));
                }
                (Some(was), None) => {
                    let message = format!("{subject} has an `if` no longer");
                    self.tell_of(&kinds::CONDITION_REMOVED, way, was, new.at, message);
                }
                (None, None) => {}
            }
        }
    }
}

/// What each value of a discriminator stands for: as it is mapped, or else by the names of the branches.
fn mapping<'a>(at: &'a Tree, shape: &Shape<'a>) -> BTreeMap<&'a str, &'a Tree> {
    let mut mapping: BTreeMap<&str, &Tree> =
        at.map_at("mapping").iter().map(|(value, tree)| (&**value, tree)).collect();
    let mapped: Vec<&str> = mapping.values().filter_map(|tree| tree.as_text()).collect();
    for branch in shape.groups.iter().flat_map(|group| &group.branches) {
        if let Some(reference) = branch.text("$ref").filter(|reference| !mapped.contains(reference))
            && let Some(name) = reference.rsplit('/').next()
        {
            mapping.entry(name).or_insert(branch);
        }
    }
    mapping
}

/// How a branch is called: as what it refers to, or by its title.
fn name_of(branch: &Tree) -> Option<String> {
    let reference = branch.text("$ref").and_then(|text| text.rsplit('/').next());
    reference.map(str::to_owned).or_else(|| {
        let title = branch.docs.iter().find(|(key, _)| &**key == "title");
        title.map(|(_, mark)| crate::drift::mark::words(mark).to_owned())
    })
}

/// For each old branch the new one that it has become: of the same name, of the same content, or the most like it.
fn pair_up<'a>(old: Side<'a>, new: Side<'a>, was: &[&'a Tree], is: &[&'a Tree]) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; was.len()];
    let mut taken = vec![false; is.len()];
    let mut names = std::collections::HashMap::new();
    for (at, branch) in is.iter().enumerate() {
        if let Some(name) = name_of(branch) {
            names.entry(name).or_insert(at);
        }
    }
    for (pair, branch) in pairs.iter_mut().zip(was) {
        let namesake = name_of(branch).and_then(|name| names.get(&name).copied());
        if let Some(at) = namesake.filter(|at| !taken[*at]) {
            (*pair, taken[at]) = (Some(at), true);
        }
    }
    if was.len().max(is.len()) > MATCHED_MAX {
        return pairs;
    }
    for least in [EQUAL, ALIKE] {
        for at in 0..was.len() {
            if pairs[at].is_some() {
                continue;
            }
            let free = is.iter().enumerate().filter(|(other, _)| !taken[*other]);
            let scored = free.map(|(other, branch)| (likeness(old, new, was[at], branch), other));
            // Of several that are as like the first.
            let found = scored
                .filter(|(score, _)| *score >= least)
                .max_by_key(|(score, at)| (*score, usize::MAX - at));
            if let Some((_, other)) = found {
                (pairs[at], taken[other]) = (Some(other), true);
            }
        }
    }
    pairs
}

/// The branch that one schema has become.
fn best<'a>(own: Side<'a>, other: Side<'a>, one: &'a Tree, branches: &[&'a Tree]) -> Option<usize> {
    let scored = branches.iter().enumerate().map(|(at, branch)| (likeness(own, other, one, branch), at));
    let (score, at) = scored.max_by_key(|(score, at)| (*score, usize::MAX - at))?;
    (score >= ALIKE).then_some(at)
}

const EQUAL: usize = 100;
const ALIKE: usize = 50;

/// How much two schemas have in common, in percent.
fn likeness<'a>(old: Side<'a>, new: Side<'a>, was: &'a Tree, is: &'a Tree) -> usize {
    let (was, is) = (old.follow(was), new.follow(is));
    if was.same(is) {
        return EQUAL;
    }
    let ty = |tree: &Tree| tree.get("type").map(super::types::types);
    let (left, right) = (was.map_at("properties"), is.map_at("properties"));
    if !left.is_empty() || !right.is_empty() {
        let shared =
            super::both(left, right).iter().filter(|(_, was, is)| was.is_some() && is.is_some()).count();
        return (EQUAL - 1) * shared / left.len().max(right.len()).max(1);
    }
    match (ty(was), ty(is)) {
        (Some(was), Some(is)) if was & is != 0 => EQUAL - 10,
        _ => 0,
    }
}
