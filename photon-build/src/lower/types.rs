//! Schemas to types: every schema gets a Rust type that says all that the schema says.
//!
//! What a table can say exactly is put into types and rules; for the rest the schema itself is kept as a check.
//! Knows documents and the IR. Must not know operations or Rust tokens.

use std::sync::Arc;

mod all_of;
mod array;
mod build;
mod check;
mod choice;
mod custom;
mod cycle;
mod default;
mod derive;
mod direction;
mod finish;
mod flat;
mod hint;
mod json;
mod model;
mod null;
mod object;
mod order;
mod parts;
mod place;
mod rule;
mod scalar;
mod share;
mod stated;
mod tagged;
#[cfg(test)]
mod tests;
mod union;
mod whole;
mod writer;

use std::collections::{HashMap, HashSet, VecDeque};

use all_of::flatten;
use build::Built;
use check::Checks;
use direction::Directions;
use flat::Flat;
use order::Order;
use parts::Parts;

use crate::codes::{self, Code};
use crate::config::{Config, Untyped};
use crate::finding::Findings;
use crate::ir::{self, Model, ModelId, ModelKind, PatternId, Rule, RuleKind, Type};
use crate::schema::{Schema, SchemaId};
use crate::source::Span;
use crate::spec::Document;

/// Inline schemas within inline schemas, and aliases of aliases, that are followed before we give up.
const DEPTH_MAX: usize = 96;

/// Combinations of schemas for each schema of a document, and for a document without any, that are lowered before we give
/// up: branches that share their branches can be combined in more ways than there is time.
const COMBINATIONS_MAX: [usize; 2] = [16, 1000];

/// Lowers the schemas of a document, each once.
pub(crate) struct Types<'d> {
    document: &'d Document,
    config: &'d Config,
    untyped: Untyped,
    memo: HashMap<Key, State>,
    drafts: Vec<Draft>,
    /// Records wait here, so that a long chain of them is no deep recursion.
    queue: VecDeque<Pending<'d>>,
    patterns: Vec<ir::Pattern>,
    pattern_ids: HashMap<Arc<str>, PatternId>,
    checks: Checks,
    directions: Directions,
    /// Of a schema with a discriminator, the components that contain it by `allOf`.
    children: HashMap<SchemaId, Vec<SchemaId>>,
    /// Properties of multipart forms, and the items of such.
    form_fields: HashSet<SchemaId>,
    /// The rank of every component in the document.
    ranks: HashMap<SchemaId, usize>,
    /// The rank of the component that inline schemas belong to.
    owner: usize,
    sequence: usize,
    depth: usize,
    notes: Vec<Note>,
    /// Schemas that have been warned of.
    noted: HashSet<(&'static str, Span)>,
}

/// Which way a value travels; `readOnly` and `writeOnly` make two shapes of one schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Direction {
    /// Received by the server: nothing is `readOnly`.
    Request,
    /// Sent by the server: nothing is `writeOnly`.
    Response,
}

/// A type, and what a value must keep beside it. Whether null fits is in the rule: the type is never an `Option`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Typed {
    /// The type.
    pub(crate) ty: Type,
    /// The rule to write at the place of use.
    pub(crate) rule: Rule,
}

impl Typed {
    fn plain(ty: Type) -> Self {
        Self { ty, rule: Rule::default() }
    }

    fn ruled(ty: Type, kind: RuleKind) -> Self {
        Self { ty, rule: Rule { kind, nullable: false, check: None } }
    }

    fn nullable(mut self, nullable: bool) -> Self {
        self.rule.nullable |= nullable && self.ty != Type::Null && self.ty != Type::Json;
        self
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    parts: Parts,
    direction: Direction,
}

enum State {
    /// Being lowered; met again, it becomes a model.
    Open {
        model: Option<ModelId>,
        nullable: bool,
    },
    Done(Typed),
}

/// A model under construction.
#[derive(Debug)]
struct Draft {
    order: Order,
    model: Option<Model>,
    /// What it was made from.
    key: Option<Key>,
}

struct Pending<'d> {
    model: ModelId,
    flat: Flat<'d>,
    place: Place,
    rank: usize,
}

/// Where a type is needed.
#[derive(Clone, Debug)]
struct Place {
    /// The name of a type made here.
    hint: String,
    direction: Direction,
}

impl Place {
    fn child(&self, word: &str) -> Self {
        Self { hint: format!("{} {word}", self.hint), direction: self.direction }
    }
}

struct Note {
    code: &'static Code,
    span: Span,
    message: String,
    help: &'static str,
    /// Other places that belong to it.
    places: Vec<Span>,
}

impl<'d> Types<'d> {
    /// Nothing lowered yet.
    pub(crate) fn new(document: &'d Document, config: &'d Config) -> Self {
        let components = document.components.iter().enumerate();
        Self {
            document,
            config,
            untyped: config.untyped,
            memo: HashMap::new(),
            drafts: Vec::new(),
            queue: VecDeque::new(),
            patterns: Vec::new(),
            pattern_ids: HashMap::new(),
            checks: Checks::default(),
            directions: Directions::new(document),
            children: tagged::children(document),
            form_fields: scalar::form_fields(document),
            ranks: components.map(|(rank, (_, id))| (*id, rank)).collect(),
            owner: order::OPERATIONS,
            sequence: 0,
            depth: 0,
            notes: Vec::new(),
            noted: HashSet::new(),
        }
    }

    /// The type of a schema at a place; `hint` names an inline schema that needs a type of its own: `getPet body`.
    pub(crate) fn typed(
        &mut self,
        id: SchemaId,
        direction: Direction,
        hint: &str,
        findings: &mut Findings,
    ) -> Typed {
        let typed = self.lower(Parts::one(id), &Place { hint: hint.to_owned(), direction });
        self.tell(findings);
        typed
    }

    /// `default` as JSON text, if the schema has one and it fits; one that does not fit is told.
    pub(crate) fn default_json(&mut self, id: SchemaId, findings: &mut Findings) -> Option<String> {
        let text = self.default_for(&[id]);
        self.tell(findings);
        text
    }

    /// Whether a schema has only members of RFC 9457's problem details.
    pub(crate) fn is_problem(&self, id: SchemaId) -> bool {
        let flat = flatten(self.document, &Parts::one(id));
        object::is_problem(self.document, &flat)
    }

    /// The prose of a schema: its description, or else its title.
    pub(crate) fn doc(&self, id: SchemaId) -> String {
        let schema = self.document.schema(id);
        let own = schema.description.as_deref().or(schema.title.as_deref());
        own.or_else(|| {
            let target = self.document.schema(self.document.target(id));
            target.description.as_deref().or(target.title.as_deref())
        })
        .unwrap_or_default()
        .to_owned()
    }

    /// Lowers what no operation uses and hands over models, patterns and checks.
    pub(crate) fn finish(mut self, api: &mut ir::Api, findings: &mut Findings) {
        self.lower_components();
        api.opaque = self.opaque();
        self.hand_over(api);
        self.tell(findings);
    }

    /// Components that no operation uses, and whatever waits. One that is only received has no shape for answers.
    fn lower_components(&mut self) {
        self.drain();
        for (_, id) in &self.document.components {
            let received = Key { parts: self.peel(Parts::one(*id)), direction: Direction::Request };
            if self.memo.contains_key(&received) {
                continue;
            }
            let place = Place { hint: String::new(), direction: Direction::Response };
            self.lower(Parts::one(*id), &place);
        }
        self.drain();
    }

    /// How many schemas say something and are free JSON all the same. One that any value fits, such as anything or null,
    /// says nothing: there is nothing to check.
    fn opaque(&self) -> usize {
        let is_opaque = |key: &Key, state: &State| {
            let State::Done(typed) = state else { return false };
            self.is_json(&typed.ty) && !self.says_nothing(&key.parts, 0)
        };
        self.memo.iter().filter(|(key, state)| is_opaque(key, state)).count()
    }

    /// Whether every value fits: nothing is said, or a branch of each `anyOf` says nothing.
    fn says_nothing(&self, parts: &Parts, depth: usize) -> bool {
        let flat = flatten(self.document, parts);
        if flat.is_vacuous() {
            return true;
        }
        let mut rest = parts.clone();
        let mut unions = flat.unions.iter();
        let any_fits = unions.all(|union| {
            rest = rest.without(union.owner, union.keyword());
            union.any
                && depth < DEPTH_MAX
                && union.branches.iter().any(|branch| self.says_nothing(&Parts::one(*branch), depth + 1))
        });
        any_fits && !flat.unions.is_empty() && flatten(self.document, &rest).is_vacuous()
    }

    /// What has been lowered so far.
    #[cfg(test)]
    fn done(&self) -> impl Iterator<Item = (&Key, &Typed)> {
        self.memo.iter().filter_map(|(key, state)| match state {
            State::Done(typed) => Some((key, typed)),
            State::Open { .. } => None,
        })
    }

    fn schema(&self, id: SchemaId) -> &'d Schema {
        self.document.schema(id)
    }

    /// Lowers `parts`, each combination once.
    fn lower(&mut self, parts: Parts, place: &Place) -> Typed {
        let parts = self.peel(parts);
        let direction = self.directions.of(&parts, place.direction);
        let key = Key { parts, direction };
        match self.memo.get(&key) {
            Some(State::Done(typed)) => return typed.clone(),
            Some(State::Open { .. }) => return self.met_again(&key),
            None => {}
        }
        let [each, none] = COMBINATIONS_MAX;
        if self.memo.len() > each * self.document.schemas.len() + none {
            let span = self.schema(key.parts.ids[0]).span;
            let message = "schemas are combined in too many ways; of this one any JSON is accepted";
            self.note(&codes::DEPTH, span, message);
            return Typed::plain(Type::Json);
        }
        if self.depth >= DEPTH_MAX {
            let span = self.schema(key.parts.ids[0]).span;
            self.note(&codes::DEPTH, span, "this schema is nested too deeply; below it any JSON is accepted");
            return Typed::plain(Type::Json);
        }
        self.depth += 1;
        let typed = self.lower_new(key, place);
        self.depth -= 1;
        typed
    }

    fn lower_new(&mut self, key: Key, place: &Place) -> Typed {
        let flat = flatten(self.document, &key.parts);
        let named = key.parts.whole().filter(|id| self.schema(*id).name.is_some());
        if let Some(path) = self.external(&key.parts) {
            let typed = Typed::plain(Type::External(path)).nullable(self.is_nullable(&flat));
            self.memo.insert(key, State::Done(typed.clone()));
            return typed;
        }
        let place = Place { hint: self.name_of(&key, place), direction: key.direction };
        let nullable = self.is_nullable(&flat);
        let order = self.next_order(&key);
        if named.is_some() && self.is_plain_record(&flat) {
            let model = self.allocate(order);
            let typed = Typed::plain(Type::Model(model)).nullable(nullable);
            self.memo.insert(key, State::Done(typed.clone()));
            self.queue.push_back(Pending { model, flat, place, rank: order.rank });
            return typed;
        }
        self.memo.insert(key.clone(), State::Open { model: None, nullable });
        let owner = std::mem::replace(&mut self.owner, order.rank);
        let built = self.build(flat, &place);
        self.owner = owner;
        let typed = self.close(&key, built, named.is_some(), order, &place);
        self.memo.insert(key, State::Done(typed.clone()));
        typed
    }

    /// A schema that is met while it is being lowered is recursive, and so needs a type of its own.
    fn met_again(&mut self, key: &Key) -> Typed {
        let Some(State::Open { model, nullable }) = self.memo.get(key) else {
            return Typed::plain(Type::Json);
        };
        let (model, nullable) = (*model, *nullable);
        let model = if let Some(model) = model {
            model
        } else {
            let order = self.next_order(key);
            let model = self.allocate(order);
            self.memo.insert(key.clone(), State::Open { model: Some(model), nullable });
            model
        };
        Typed::plain(Type::Model(model)).nullable(nullable)
    }

    /// Gives what was built its model, if it is to have one.
    fn close(&mut self, key: &Key, built: Built, named: bool, order: Order, place: &Place) -> Typed {
        let met_again = match self.memo.get(key) {
            Some(State::Open { model, .. }) => *model,
            _ => None,
        };
        let (kind, rule, because) = match built {
            Built::Own { kind, rule, because } => (kind, rule, because),
            Built::Direct(typed) => {
                let is_judged = self.judge_of(&key.parts).is_some();
                if met_again.is_none() && !named && !is_judged {
                    return typed;
                }
                let Typed { ty, mut rule } = typed;
                let outer = rule.clone();
                if met_again.is_some() || is_judged {
                    rule.nullable = false;
                    let outer = Rule { nullable: outer.nullable, ..Rule::default() };
                    (ModelKind::Newtype { ty, rule }, outer, String::new())
                } else {
                    (ModelKind::Alias { ty, rule }, outer, String::new())
                }
            }
        };
        let model = met_again.unwrap_or_else(|| self.allocate(order));
        self.drafts[model.0 as usize].order = order;
        self.fill(model, &key.parts, place, kind, because);
        Typed { ty: Type::Model(model), rule }
    }

    fn drain(&mut self) {
        while let Some(Pending { model, flat, place, rank }) = self.queue.pop_front() {
            self.owner = rank;
            self.warn_untyped(&flat);
            let parts = flat.parts.clone();
            if let Built::Own { kind, because, .. } = self.record(flat, &place) {
                self.fill(model, &parts, &place, kind, because);
            }
        }
        self.owner = order::OPERATIONS;
    }

    fn note(&mut self, code: &'static Code, span: Span, message: impl Into<String>) {
        self.note_with(Note { code, span, message: message.into(), help: code.help, places: Vec::new() });
    }

    /// Notes a finding once for each place.
    fn note_with(&mut self, note: Note) {
        if self.noted.insert((note.code.id, note.span)) {
            self.notes.push(note);
        }
    }

    fn tell(&mut self, findings: &mut Findings) {
        for Note { code, span, message, help, places } in self.notes.drain(..) {
            let finding = findings.add(code, span, message);
            finding.help = Some(help.to_owned());
            finding.notes.extend(places.into_iter().map(|place| (place, "together with this".to_owned())));
        }
    }
}
