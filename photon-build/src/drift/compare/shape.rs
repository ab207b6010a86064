//! What a schema demands in all, wherever it says so: its own keywords, those of what it refers to and of `allOf`
//! together, and null as a type whether it is written as one or as a branch.
//!
//! Two schemas of one shape are the same contract, however they are written.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::Side;
use super::types::{ANY, NULL, NUMBER, Types, branch_types, is_null, spoken, type_of, types};
use crate::drift::tree::{Tree, Value, compare};
use crate::schema::Type;

/// Schemas that are brought together into one shape before the rest is left aside.
const PARTS_MAX: usize = 4096;

/// Schemas of which all hold.
pub(super) type All<'a> = Vec<&'a Tree>;

/// `oneOf` or `anyOf`, without the branches that are only null.
pub(super) struct Group<'a> {
    pub(super) keyword: &'static str,
    pub(super) at: &'a Tree,
    pub(super) branches: Vec<&'a Tree>,
}

/// What is demanded in all.
pub(super) struct Shape<'a> {
    pub(super) at: &'a Tree,
    pub(super) types: Types,
    has_type: bool,
    /// Where the type is named.
    pub(super) type_at: Option<&'a Tree>,
    /// The types that keywords speak of.
    spoken: Types,
    /// The listed values but null, and where the list stands.
    pub(super) listed: Option<(Vec<&'a Tree>, &'a Tree)>,
    pub(super) is_const: bool,
    /// Keywords that are no more than a value.
    pub(super) facts: BTreeMap<&'a str, &'a Tree>,
    pub(super) patterns: Vec<&'a Tree>,
    pub(super) properties: BTreeMap<&'a str, All<'a>>,
    pub(super) required: BTreeMap<&'a str, &'a Tree>,
    pub(super) pattern_properties: BTreeMap<&'a str, All<'a>>,
    pub(super) dependent_schemas: BTreeMap<&'a str, All<'a>>,
    /// `items`, `additionalProperties` and the like.
    pub(super) schemas: BTreeMap<&'a str, All<'a>>,
    pub(super) prefix: Vec<All<'a>>,
    pub(super) groups: Vec<Group<'a>>,
    pub(super) nots: Vec<&'a Tree>,
    pub(super) conditions: Vec<&'a Tree>,
    pub(super) discriminator: Option<&'a Tree>,
    /// A reference that leads nowhere.
    pub(super) broken: Option<&'a Tree>,
    pub(super) docs: BTreeMap<&'a str, &'a str>,
}

impl<'a> Shape<'a> {
    /// The shape of schemas that all hold; `at` stands for them.
    pub(super) fn new(side: Side<'a>, at: &'a Tree, all: &[&'a Tree]) -> Self {
        let mut fuel = PARTS_MAX;
        let mut shape = Self::of(side, at, all, &mut fuel);
        shape.settle(side);
        shape
    }

    fn of(side: Side<'a>, at: &'a Tree, all: &[&'a Tree], fuel: &mut usize) -> Self {
        let mut shape = Self {
            at,
            types: ANY,
            has_type: false,
            type_at: None,
            spoken: 0,
            listed: None,
            is_const: false,
            facts: BTreeMap::new(),
            patterns: Vec::new(),
            properties: BTreeMap::new(),
            required: BTreeMap::new(),
            pattern_properties: BTreeMap::new(),
            dependent_schemas: BTreeMap::new(),
            schemas: BTreeMap::new(),
            prefix: Vec::new(),
            groups: Vec::new(),
            nots: Vec::new(),
            conditions: Vec::new(),
            discriminator: None,
            broken: None,
            docs: BTreeMap::new(),
        };
        let mut passed = HashSet::new();
        for tree in all {
            shape.add(side, tree, &mut passed, fuel);
        }
        shape
    }

    /// Whether it is nothing but one choice.
    pub(super) fn is_pure_choice(&self) -> bool {
        let is_bare = self.properties.is_empty() && self.required.is_empty() && self.schemas.is_empty();
        self.groups.len() == 1 && is_bare && self.listed.is_none() && self.patterns.is_empty()
    }

    /// Whether nothing is allowed beside what `properties` names.
    pub(super) fn is_closed(&self) -> bool {
        ["additionalProperties", "unevaluatedProperties"].iter().any(|key| self.is_never(key))
    }

    /// Whether the schema below a keyword is `false`.
    pub(super) fn is_never(&self, key: &str) -> bool {
        let all = self.schemas.get(key).into_iter().flatten();
        all.into_iter().any(|tree| matches!(tree.value, Value::Bool(false)))
    }

    /// Whether a fact is `true`.
    pub(super) fn is_set(&self, key: &str) -> bool {
        self.facts.get(key).is_some_and(|tree| matches!(tree.value, Value::Bool(true)))
    }

    fn add(&mut self, side: Side<'a>, tree: &'a Tree, passed: &mut HashSet<*const Tree>, fuel: &mut usize) {
        if *fuel == 0 || !passed.insert(std::ptr::from_ref(tree)) {
            return;
        }
        *fuel -= 1;
        if let Value::Bool(false) = tree.value {
            (self.types, self.has_type) = (0, true);
            self.type_at.get_or_insert(tree);
        }
        for (key, mark) in &tree.docs {
            self.docs.entry(key).or_insert(mark);
        }
        for (key, value) in tree.entries() {
            self.keyword(key, value);
        }
        if tree.get("if").is_some() {
            self.conditions.push(tree);
        }
        if let Some(reference) = tree.get("$ref") {
            match reference.as_text().and_then(|text| side.component(text)) {
                Some(target) => self.add(side, target, passed, fuel),
                None => self.broken = self.broken.or(Some(reference)),
            }
        }
        for branch in tree.list("allOf") {
            self.add(side, branch, passed, fuel);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(at) = tree.get(keyword) {
                self.choice(side, keyword, at, passed, fuel);
            }
        }
    }

    /// A choice of one is none; null beside it is a type.
    fn choice(
        &mut self,
        side: Side<'a>,
        keyword: &'static str,
        at: &'a Tree,
        passed: &mut HashSet<*const Tree>,
        fuel: &mut usize,
    ) {
        let (nulls, branches): (Vec<&Tree>, Vec<&Tree>) =
            at.items().iter().partition(|branch| is_null(side.follow(branch)));
        match (branches.as_slice(), nulls.is_empty()) {
            ([only], true) => self.add(side, only, passed, fuel),
            ([only], false) => {
                let mut inner = Self::of(side, only, &[*only], fuel);
                inner.settle(side);
                inner.types |= NULL;
                inner.has_type = true;
                self.merge(inner);
            }
            _ => {
                self.groups.push(Group { keyword, at, branches });
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.types &= other.types;
        self.has_type |= other.has_type;
        self.type_at = self.type_at.or(other.type_at);
        if let Some((values, at)) = other.listed {
            self.list(values, at);
            self.is_const |= other.is_const;
        }
        for (key, fact) in other.facts {
            self.fact(key, fact);
        }
        self.patterns.extend(other.patterns);
        let maps = [
            (&mut self.properties, other.properties),
            (&mut self.pattern_properties, other.pattern_properties),
            (&mut self.dependent_schemas, other.dependent_schemas),
            (&mut self.schemas, other.schemas),
        ];
        for (own, added) in maps {
            for (key, all) in added {
                own.entry(key).or_default().extend(all);
            }
        }
        for (key, at) in other.required {
            self.required.entry(key).or_insert(at);
        }
        for (at, all) in other.prefix.into_iter().enumerate() {
            self.prefix_at(at).extend(all);
        }
        self.groups.extend(other.groups);
        self.nots.extend(other.nots);
        self.conditions.extend(other.conditions);
        self.discriminator = self.discriminator.or(other.discriminator);
        self.broken = self.broken.or(other.broken);
        for (key, mark) in other.docs {
            self.docs.entry(key).or_insert(mark);
        }
    }

    fn keyword(&mut self, key: &'a Arc<str>, value: &'a Tree) {
        let key = &**key;
        self.spoken |= spoken(key);
        match key {
            "type" => {
                self.types &= types(value);
                self.has_type = true;
                self.type_at.get_or_insert(value);
            }
            "enum" => self.list(value.items().iter().collect(), value),
            "const" => {
                self.list(vec![value], value);
                self.is_const = true;
            }
            "pattern" => {
                if !self.patterns.iter().any(|own| own.same(value)) {
                    self.patterns.push(value);
                }
            }
            "properties" => add_all(&mut self.properties, value),
            "patternProperties" => add_all(&mut self.pattern_properties, value),
            "dependentSchemas" => add_all(&mut self.dependent_schemas, value),
            "required" => {
                for name in value.items() {
                    if let Some(text) = name.as_text() {
                        self.required.entry(text).or_insert(name);
                    }
                }
            }
            "items"
            | "additionalProperties"
            | "propertyNames"
            | "contains"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "contentSchema" => self.schemas.entry(key).or_default().push(value),
            "prefixItems" => {
                for (at, item) in value.items().iter().enumerate() {
                    self.prefix_at(at).push(item);
                }
            }
            "not" => self.nots.push(value),
            "discriminator" => _ = self.discriminator.get_or_insert(value),
            "$ref" | "allOf" | "anyOf" | "oneOf" | "if" | "then" | "else" => {}
            _ => self.fact(key, value),
        }
    }

    fn prefix_at(&mut self, at: usize) -> &mut All<'a> {
        if self.prefix.len() <= at {
            self.prefix.resize_with(at + 1, Vec::new);
        }
        &mut self.prefix[at]
    }

    /// Of two facts the one that demands more, or else the first.
    fn fact(&mut self, key: &'a str, value: &'a Tree) {
        let own = self.facts.entry(key).or_insert(value);
        if let (Some(left), Some(right)) = (own.as_number(), value.as_number()) {
            let order = compare(right, left);
            let is_tighter = if key.starts_with("max") || key == "exclusiveMaximum" {
                order.is_lt()
            } else {
                (key.starts_with("min") || key == "exclusiveMinimum") && order.is_gt()
            };
            if is_tighter {
                *own = value;
            }
        }
    }

    fn list(&mut self, values: Vec<&'a Tree>, at: &'a Tree) {
        match &mut self.listed {
            Some((own, _)) => own.retain(|own| values.iter().any(|value| own.same(value))),
            None => self.listed = Some((values, at)),
        }
    }

    /// What follows from all parts together: the type, where none is named, and whether null is among the values.
    fn settle(&mut self, side: Side<'a>) {
        if !self.has_type && !self.groups.is_empty() {
            for group in &self.groups {
                self.types &= branch_types(side, group.at);
            }
            self.has_type = self.types != ANY;
        }
        if let Some((values, _)) = &mut self.listed {
            let has_null = values.iter().any(|value| matches!(value.value, Value::Null));
            if !self.has_type {
                self.types = values.iter().fold(0, |types, value| types | type_of(value));
                self.has_type = true;
            }
            if !has_null {
                self.types &= !NULL;
            }
            values.retain(|value| !matches!(value.value, Value::Null));
            if values.is_empty() {
                self.listed = None;
                self.types &= NULL;
            }
        } else if !self.has_type && self.spoken.is_power_of_two() {
            self.types = if self.spoken == 1 << Type::Number as u8 { NUMBER } else { self.spoken };
            self.has_type = true;
        }
    }
}

fn add_all<'a>(map: &mut BTreeMap<&'a str, All<'a>>, value: &'a Tree) {
    for (name, tree) in value.entries() {
        map.entry(name).or_default().push(tree);
    }
}
