//! What of a value does not fit, and where. Only for values that do not fit; asks the evaluator wherever a yes or no will
//! do.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::evaluate::{Evaluator, STACK_BYTES_MAX, in_range, is_circle, place};
use super::program::{Id, If, Keyword, Properties, Schema};
use super::seen::Seen;
use super::value::{Value, position};
use super::words;
use crate::model::one_of::BRANCHES_SHOWN_MAX;
use crate::model::violation::{Segment, VIOLATIONS_MAX, Violation};

/// How many characters a message may have.
const MESSAGE_CHARS_MAX: usize = 300;

/// How deep unions in unions tell what their branches miss.
const UNIONS_TOLD_MAX: u32 = 2;

/// How much stack explanations may take; what lies deeper is not explained.
const EXPLAINED_STACK_BYTES_MAX: usize = STACK_BYTES_MAX / 2;

const UNEXPLAINED: &str = "does not fit its schema";

/// Collects what is wrong.
#[derive(Debug)]
pub(super) struct Explainer<'p> {
    evaluator: Evaluator<'p>,
    /// The references that were followed to where it is.
    active: Vec<(Id, usize)>,
    faults: Vec<Violation>,
    faults_max: usize,
    unions: u32,
}

impl<'p> Explainer<'p> {
    pub(super) fn new(mut evaluator: Evaluator<'p>) -> Self {
        // Whatever it is asked now, it answered before.
        evaluator.stack_bytes_max = STACK_BYTES_MAX + EXPLAINED_STACK_BYTES_MAX;
        Self { evaluator, active: Vec::new(), faults: Vec::new(), faults_max: VIOLATIONS_MAX, unions: 0 }
    }

    /// What of a value does not fit the program.
    pub(super) fn explain(mut self, value: &Value<'_>) -> Vec<Violation> {
        self.schema(self.evaluator.program.root, value);
        if self.faults.is_empty() {
            self.fail("schema", UNEXPLAINED.to_owned());
        }
        self.faults
    }

    fn schema(&mut self, id: Id, value: &Value<'_>) {
        if self.evaluator.stack_bytes() > EXPLAINED_STACK_BYTES_MAX {
            if !self.evaluator.fits(id, value, None) {
                self.fail("schema", UNEXPLAINED.to_owned());
            }
            return;
        }
        let schema = self.evaluator.program.schema(id);
        let before = self.faults.len();
        for (index, keyword) in schema.keywords.iter().enumerate() {
            if self.faults.len() >= self.faults_max {
                return;
            }
            match keyword {
                Keyword::UnevaluatedItems(id) | Keyword::UnevaluatedProperties(id) => {
                    // What the branches of a union look at is not known where none fits.
                    let hides = |fault: &Violation| {
                        fault.path().next().is_none() && matches!(fault.keyword, "anyOf" | "oneOf" | "schema")
                    };
                    if !self.faults[before..].iter().any(hides) {
                        self.unseen(schema, index, *id, value, before);
                    }
                }
                _ => self.keyword(keyword, value),
            }
        }
    }

    fn keyword(&mut self, keyword: &'p Keyword, value: &Value<'_>) {
        match keyword {
            Keyword::Required(names) => self.required(names, value),
            Keyword::DependentRequired(_) => {
                for message in words::missing_dependents(keyword, value) {
                    self.fail("dependentRequired", message);
                }
            }
            Keyword::Items(prefix, rest) => self.items(prefix, *rest, value),
            Keyword::Contains(id, min, max) => {
                let count = self.evaluator.count(*id, value, None);
                if let Some(count) = count.filter(|count| !in_range(*count, *min, *max)) {
                    let (keyword, message) = words::matching_items(*min, *max, count);
                    self.fail(keyword, message);
                }
            }
            Keyword::Properties(properties) => self.properties(properties, value),
            Keyword::PropertyNames(id) => self.names(*id, value),
            Keyword::DependentSchemas(schemas) => {
                for (_, id) in schemas.iter().filter(|(name, _)| value.get(name).is_some()) {
                    self.schema(*id, value);
                }
            }
            Keyword::Ref(id) => self.follow(*id, value),
            Keyword::AllOf(schemas) => schemas.iter().for_each(|id| self.schema(*id, value)),
            Keyword::AnyOf(schemas) => self.union("anyOf", keyword, schemas, value),
            Keyword::OneOf(schemas) => self.union("oneOf", keyword, schemas, value),
            Keyword::Not(id) => {
                if self.evaluator.fits(*id, value, None) {
                    let demand = words::demand(self.evaluator.program.schema(*id));
                    let demand = demand.as_deref().unwrap_or("have this form");
                    self.fail("not", format!("must not {demand}"));
                }
            }
            Keyword::If(If { test, then, otherwise }) => {
                let next = if self.evaluator.fits(*test, value, None) { then } else { otherwise };
                if let Some(id) = next {
                    self.schema(*id, value);
                }
            }
            simple => {
                if !self.evaluator.keyword(simple, value, None) {
                    let (keyword, message) = words::complaint(simple, value);
                    self.fail(keyword, message);
                }
            }
        }
    }

    fn follow(&mut self, id: Id, value: &Value<'_>) {
        if self.evaluator.program.is_recursive {
            let place = place(id, value);
            if is_circle(&self.active, place) || self.evaluator.follow(id, value, None) {
                return;
            }
            self.active.push(place);
            self.schema(id, value);
            self.active.pop();
        } else {
            self.schema(id, value);
        }
    }

    fn required(&mut self, names: &'p [Cow<'static, str>], value: &Value<'_>) {
        let Some(members) = value.as_object() else { return };
        for name in names.iter().filter(|name| position(members, name).is_none()) {
            self.under(&Segment::Key(name.clone()), |explainer| {
                explainer.fail("required", "is required".to_owned());
            });
        }
    }

    fn items(&mut self, prefix: &[Id], rest: Option<Id>, value: &Value<'_>) {
        let Some(items) = value.as_array() else { return };
        let is_closed = rest.is_some_and(|id| self.is_never(id));
        for (index, item) in items.iter().enumerate() {
            let known = prefix.get(index).copied();
            if let Some(id) = known.or(rest.filter(|_| !is_closed)) {
                self.under(&Segment::Index(index), |explainer| explainer.schema(id, item));
            }
        }
        if is_closed && items.len() > prefix.len() {
            let max = u32::try_from(prefix.len()).unwrap_or(u32::MAX);
            let (_, message) = words::complaint(&Keyword::ItemCount(0, max), value);
            self.fail("items", message);
        }
    }

    fn properties(&mut self, properties: &'p Properties, value: &Value<'_>) {
        for (name, member) in value.as_object().into_iter().flatten() {
            let mut schemas: Vec<Id> = properties.named(name).into_iter().collect();
            let effort = &mut self.evaluator.effort;
            let patterns = properties.patterns.iter();
            let patterns = patterns.filter(|(pattern, _)| pattern.engine.is_match_within(name, effort));
            schemas.extend(patterns.map(|(_, id)| *id));
            self.under(&key(name), |explainer| {
                for id in &schemas {
                    explainer.schema(*id, member);
                }
                if let Some(others) = properties.others.filter(|_| schemas.is_empty()) {
                    explainer.other("additionalProperties", others, member);
                }
            });
        }
    }

    /// A property or item for which only a rule for all others is left.
    fn other(&mut self, keyword: &'static str, id: Id, value: &Value<'_>) {
        if !self.is_never(id) {
            self.schema(id, value);
        } else if keyword == "unevaluatedItems" {
            self.fail(keyword, "must not be given".to_owned());
        } else {
            self.fail(keyword, "is not a known property".to_owned());
        }
    }

    fn is_never(&self, id: Id) -> bool {
        matches!(self.evaluator.program.schema(id).keywords[..], [Keyword::Never])
    }

    fn names(&mut self, id: Id, value: &Value<'_>) {
        for (name, _) in value.as_object().into_iter().flatten() {
            let wanted = Value::String((&**name).into());
            if let Some(miss) = self.first_of(id, &wanted) {
                self.under(&key(name), |explainer| {
                    explainer.fail("propertyNames", format!("has a name that {}", miss.message()));
                });
            }
        }
    }

    /// What no other keyword of a schema has looked at; `index` is the keyword's place. Of what the others have found
    /// wrong, which are told from `before` on, nothing more is said.
    fn unseen(&mut self, schema: &'p Schema, index: usize, id: Id, value: &Value<'_>, before: usize) {
        let mut seen = Seen::default();
        for keyword in &schema.keywords[..index] {
            self.evaluator.keyword(keyword, value, Some(&mut seen));
        }
        let (name, inner): (_, Vec<(Segment, &Value<'_>)>) = match (&schema.keywords[index], value) {
            (Keyword::UnevaluatedItems(_), Value::Array(items, _)) => (
                "unevaluatedItems",
                items.iter().enumerate().map(|(at, item)| (Segment::Index(at), item)).collect(),
            ),
            (Keyword::UnevaluatedProperties(_), Value::Object(members)) => {
                let members = members.iter().map(|(name, member)| (key(name), member));
                ("unevaluatedProperties", members.collect())
            }
            _ => return,
        };
        let known = self.faults.len();
        for (_, (segment, inner)) in inner.into_iter().enumerate().filter(|(place, _)| !seen.has(*place)) {
            let is_told = |fault: &Violation| fault.path().next() == Some(&segment);
            if !self.faults[before..known].iter().any(is_told) {
                self.under(&segment, |explainer| explainer.other(name, id, inner));
            }
        }
    }

    fn union(&mut self, name: &'static str, keyword: &'p Keyword, schemas: &[Id], value: &Value<'_>) {
        if self.evaluator.keyword(keyword, value, None) {
            return;
        }
        if let [id] = schemas {
            self.schema(*id, value);
            return;
        }
        let mut fitting = Vec::new();
        let mut misses = String::new();
        for (index, id) in schemas.iter().enumerate() {
            if self.evaluator.fits(*id, value, None) {
                fitting.push((index + 1).to_string());
            } else if index < BRANCHES_SHOWN_MAX
                && self.unions < UNIONS_TOLD_MAX
                && let Some(miss) = self.first_of(*id, value)
            {
                let separator = if misses.is_empty() { ": " } else { "; " };
                _ = write!(misses, "{separator}{}. {miss}", index + 1);
            }
        }
        let count = schemas.len();
        self.fail(
            name,
            match &fitting[..] {
                [] => format!("fits none of {count} forms{misses}"),
                _ => format!("fits more than one of {count} forms: {}", fitting.join(", ")),
            },
        );
    }

    /// The first thing that is wrong by a schema, aside from all others.
    fn first_of(&mut self, id: Id, value: &Value<'_>) -> Option<Violation> {
        let faults = std::mem::take(&mut self.faults);
        let max = std::mem::replace(&mut self.faults_max, 1);
        self.unions += 1;
        self.schema(id, value);
        self.unions -= 1;
        self.faults_max = max;
        std::mem::replace(&mut self.faults, faults).into_iter().next()
    }

    fn under(&mut self, segment: &Segment, explain: impl FnOnce(&mut Self)) {
        if self.faults.len() >= self.faults_max {
            return;
        }
        let before = self.faults.len();
        explain(self);
        for fault in &mut self.faults[before..] {
            fault.push(segment.clone());
        }
    }

    fn fail(&mut self, keyword: &'static str, mut message: String) {
        if self.faults.len() < self.faults_max {
            if let Some((at, _)) = message.char_indices().nth(MESSAGE_CHARS_MAX) {
                message.truncate(at);
                message.push('…');
            }
            self.faults.push(Violation::new(keyword, message));
        }
    }
}

fn key(name: &str) -> Segment {
    Segment::Key(Cow::Owned(name.to_owned()))
}
