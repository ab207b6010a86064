//! Models that hold themselves: where a `Box` must stand, what an empty value is, and what has no value at all.
//!
//! Knows the graph of models. Must not know schemas.

use std::rc::Rc;

use super::finish::{each_type, types_of};
use crate::codes::ENDLESS_VALUE;
use crate::ir::{Extra, Model, ModelKind, Rest, Rule, Type, Variant};
use crate::source::Span;

/// A model that no finite value fits, and what was done.
pub(super) struct Endless {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// Gives every union the variant that its empty value has, and makes optional what would need itself for ever.
pub(super) fn relax(models: &mut [Model]) -> Vec<Endless> {
    let mut endless = Vec::new();
    let mut finite = vec![false; models.len()];
    loop {
        settle(models, &mut finite);
        let Some(at) = first_endless(models, &finite) else { return endless };
        let span = models[at].span;
        let (message, help) = cut(&mut models[at], &finite);
        endless.push(Endless { span, message, help });
    }
}

/// Marks what has finite values, until nothing changes. Unions take their first variant wherever that has one.
fn settle(models: &mut [Model], finite: &mut [bool]) {
    while settle_all(models, finite, true) || settle_one(models, finite) {}
}

fn settle_all(models: &mut [Model], finite: &mut [bool], first: bool) -> bool {
    let mut changed = false;
    for at in 0..models.len() {
        if !finite[at] && settles(&mut models[at].kind, finite, first) {
            finite[at] = true;
            changed = true;
        }
    }
    changed
}

/// One union whose first variant needs the union itself.
fn settle_one(models: &mut [Model], finite: &mut [bool]) -> bool {
    let at = (0..models.len()).find(|at| !finite[*at] && settles(&mut models[*at].kind, finite, false));
    at.inspect(|at| finite[*at] = true).is_some()
}

fn settles(kind: &mut ModelKind, finite: &[bool], first: bool) -> bool {
    let pick = |variants: &[Variant], empty: &mut usize| {
        let looked_at = if first { 1 } else { variants.len() };
        let found = variants.iter().take(looked_at).position(|variant| is_finite(&variant.ty, finite));
        *empty = found.unwrap_or(0);
        found.is_some()
    };
    match kind {
        ModelKind::Record(record) => record.fields.iter().all(|field| is_finite(&field.ty, finite)),
        ModelKind::Choice(_) => true,
        ModelKind::Tuple(tuple) => tuple.items.iter().all(|item| is_finite(&item.ty, finite)),
        ModelKind::Newtype { ty, .. } | ModelKind::Alias { ty, .. } => is_finite(ty, finite),
        ModelKind::Tagged(tagged) => pick(&tagged.variants, &mut tagged.empty),
        ModelKind::OneOf(one_of) => pick(&one_of.variants, &mut one_of.empty),
    }
}

fn is_finite(ty: &Type, finite: &[bool]) -> bool {
    match ty {
        Type::Model(id) => finite[id.0 as usize],
        Type::Box(ty) => is_finite(ty, finite),
        _ => true,
    }
}

/// Records first: there, one field is the culprit.
fn first_endless(models: &[Model], finite: &[bool]) -> Option<usize> {
    let endless = || (0..models.len()).filter(|at| !finite[*at]);
    endless().find(|at| matches!(models[*at].kind, ModelKind::Record(_))).or_else(|| endless().next())
}

/// Cuts the circle; what is wrong, and what is done and helps.
fn cut(model: &mut Model, finite: &[bool]) -> (String, &'static str) {
    if let ModelKind::Record(record) = &mut model.kind
        && let Some(field) = record.fields.iter_mut().find(|field| !is_finite(&field.ty, finite))
    {
        field.required = false;
        field.default = None;
        field.ty = Type::Option(Rc::new(field.ty.clone()));
        let name = &field.name.wire;
        let message = format!("every value needs another one in its `{name}`, without end");
        return (message, ENDLESS_VALUE.help);
    }
    model.kind = ModelKind::Alias { ty: Type::Json, rule: Rule::default() };
    ("this schema is made of nothing but itself".to_owned(), "any JSON is accepted; say what it consists of")
}

/// Puts boxes where a model would hold itself by value: on fields, and where there are none, on variants.
pub(super) fn put_boxes(models: &mut [Model]) {
    for on_fields in [true, false] {
        let groups = groups(models);
        for at in 0..models.len() {
            let has_fields = matches!(models[at].kind, ModelKind::Record(_) | ModelKind::Tuple(_));
            let is_alias = matches!(models[at].kind, ModelKind::Alias { .. });
            if has_fields == on_fields && !is_alias {
                let group = groups[at];
                each_type(&mut models[at].kind, &mut |ty| {
                    if by_value(ty).is_some_and(|held| groups[held] == group && group.is_some()) {
                        *ty = boxed(ty);
                    }
                });
            }
        }
    }
}

fn boxed(ty: &Type) -> Type {
    match ty {
        Type::Option(ty) => Type::Option(Rc::new(boxed(ty))),
        Type::Patch(ty) => Type::Patch(Rc::new(boxed(ty))),
        other => Type::Box(Rc::new(other.clone())),
    }
}

/// The model that a type holds by value.
fn by_value(ty: &Type) -> Option<usize> {
    match ty {
        Type::Model(id) => Some(id.0 as usize),
        Type::Option(ty) | Type::Patch(ty) => by_value(ty),
        _ => None,
    }
}

fn held(model: &Model) -> Vec<usize> {
    let all = types_of(&model.kind);
    // What is kept beside names and indexes lives in a map or a list.
    let kept = match &model.kind {
        ModelKind::Record(record) => usize::from(matches!(record.extra, Extra::Keep { .. })),
        ModelKind::Tuple(tuple) => usize::from(matches!(tuple.rest, Rest::Keep { .. })),
        _ => 0,
    };
    all[..all.len() - kept].iter().filter_map(|ty| by_value(ty)).collect()
}

/// For each model its group of models that hold each other (Tarjan); none for those that do not hold themselves.
fn groups(models: &[Model]) -> Vec<Option<usize>> {
    let edges: Vec<Vec<usize>> = models.iter().map(held).collect();
    let mut walk = Walk {
        index: vec![usize::MAX; models.len()],
        low: vec![0; models.len()],
        is_open: vec![false; models.len()],
        open: Vec::new(),
        groups: vec![None; models.len()],
        next: 0,
    };
    for at in 0..models.len() {
        if walk.index[at] == usize::MAX {
            walk.from(at, &edges);
        }
    }
    walk.groups
}

struct Walk {
    index: Vec<usize>,
    low: Vec<usize>,
    is_open: Vec<bool>,
    open: Vec<usize>,
    groups: Vec<Option<usize>>,
    next: usize,
}

impl Walk {
    /// With a stack of its own: chains of models may be long.
    fn from(&mut self, start: usize, edges: &[Vec<usize>]) {
        let mut stack = vec![(start, 0)];
        self.open(start);
        while let Some((at, edge)) = stack.pop() {
            if let Some(next) = edges[at].get(edge).copied() {
                stack.push((at, edge + 1));
                if self.index[next] == usize::MAX {
                    self.open(next);
                    stack.push((next, 0));
                } else if self.is_open[next] {
                    self.low[at] = self.low[at].min(self.index[next]);
                }
                continue;
            }
            if let Some((parent, _)) = stack.last() {
                self.low[*parent] = self.low[*parent].min(self.low[at]);
            }
            if self.low[at] == self.index[at] {
                self.close(at, edges);
            }
        }
    }

    fn open(&mut self, at: usize) {
        self.index[at] = self.next;
        self.low[at] = self.next;
        self.next += 1;
        self.is_open[at] = true;
        self.open.push(at);
    }

    fn close(&mut self, root: usize, edges: &[Vec<usize>]) {
        let start = self.open.iter().rposition(|at| *at == root).unwrap_or(0);
        let members = self.open.split_off(start);
        let holds_itself = members.len() > 1 || edges[root].contains(&root);
        for member in members {
            self.is_open[member] = false;
            self.groups[member] = holds_itself.then_some(root);
        }
    }
}
