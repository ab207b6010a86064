//! What is done once all models are there: order, sharing, boxes, derives.
//!
//! Knows the IR as a whole. Must not know schemas.

use super::{Draft, Note, Types, cycle, derive, share};
use crate::ir::{
    self, Answer, Api, ErrorType, Extra, Media, Model, ModelId, ModelKind, Name, Output, Rest, Type,
};
use std::rc::Rc;

impl Types<'_> {
    /// Moves everything into `api`, whose operations name models by the ids of this run: they are renumbered.
    pub(super) fn hand_over(&mut self, api: &mut Api) {
        if !self.config.hooks.is_empty() {
            api.stated = self.stated();
        }
        let (list, defs) = self.written_checks();
        api.checks = list;
        api.check_defs = defs;
        api.patterns = std::mem::take(&mut self.patterns);
        let drafts = std::mem::take(&mut self.drafts);
        api.models = sorted(drafts, api);
        share::share(&mut api.models);
        for endless in cycle::relax(&mut api.models) {
            let cycle::Endless { span, message, help } = endless;
            let code = &crate::codes::ENDLESS_VALUE;
            self.note_with(Note { code, span, message, help, places: Vec::new() });
        }
        cycle::put_boxes(&mut api.models);
        derive::derive(&mut api.models);
    }
}

fn sorted(drafts: Vec<Draft>, api: &mut Api) -> Vec<Model> {
    let mut drafts: Vec<(u32, Draft)> = (0..).zip(drafts).collect();
    drafts.sort_by_key(|(_, draft)| draft.order);
    let mut renumbered = vec![ModelId(0); drafts.len()];
    for (new, (old, _)) in (0..).zip(&drafts) {
        renumbered[*old as usize] = ModelId(new);
    }
    let mut renumber = |ty: &mut Type| *ty = with_ids(ty, &renumbered);
    each_type_of_operations(api, &mut renumber);
    let models = drafts.into_iter().map(|(_, draft)| {
        let mut model = draft.model.unwrap_or_else(never_filled);
        each_type(&mut model.kind, &mut renumber);
        model
    });
    models.collect()
}

/// A model that was asked for and then not needed: its schema turned out to be something else.
fn never_filled() -> Model {
    Model {
        name: Name::new("unused"),
        named: false,
        doc: String::new(),
        pointer: String::new(),
        stated: String::new(),
        checked_because: String::new(),
        deprecated: false,
        span: crate::source::Span::default(),
        kind: ModelKind::Alias { ty: Type::Json, rule: ir::Rule::default() },
        derives: ir::Derives::default(),
        extra_derives: Vec::new(),
        validate: None,
        default: false,
    }
}

fn with_ids(ty: &Type, renumbered: &[ModelId]) -> Type {
    let inner = |ty: &Rc<Type>| Rc::new(with_ids(ty, renumbered));
    match ty {
        Type::Model(id) => Type::Model(renumbered[id.0 as usize]),
        Type::Option(ty) => Type::Option(inner(ty)),
        Type::Patch(ty) => Type::Patch(inner(ty)),
        Type::List(ty) => Type::List(inner(ty)),
        Type::Map(ty) => Type::Map(inner(ty)),
        Type::Box(ty) => Type::Box(inner(ty)),
        other => other.clone(),
    }
}

/// Every type that a model is made of.
pub(super) fn each_type(kind: &mut ModelKind, visit: &mut impl FnMut(&mut Type)) {
    match kind {
        ModelKind::Record(record) => {
            record.fields.iter_mut().for_each(|field| visit(&mut field.ty));
            if let Extra::Keep { ty, .. } = &mut record.extra {
                visit(ty);
            }
        }
        ModelKind::Choice(_) => {}
        ModelKind::Tagged(tagged) => tagged.variants.iter_mut().for_each(|variant| visit(&mut variant.ty)),
        ModelKind::OneOf(one_of) => one_of.variants.iter_mut().for_each(|variant| visit(&mut variant.ty)),
        ModelKind::Tuple(tuple) => {
            tuple.items.iter_mut().for_each(|item| visit(&mut item.ty));
            if let Rest::Keep { ty, .. } = &mut tuple.rest {
                visit(ty);
            }
        }
        ModelKind::Newtype { ty, .. } | ModelKind::Alias { ty, .. } => visit(ty),
    }
}

/// Every type that a model is made of, to look at.
pub(super) fn types_of(kind: &ModelKind) -> Vec<&Type> {
    match kind {
        ModelKind::Record(record) => {
            let extra = match &record.extra {
                Extra::Keep { ty, .. } => Some(ty),
                Extra::Ignore | Extra::Deny => None,
            };
            record.fields.iter().map(|field| &field.ty).chain(extra).collect()
        }
        ModelKind::Choice(_) => Vec::new(),
        ModelKind::Tagged(tagged) => tagged.variants.iter().map(|variant| &variant.ty).collect(),
        ModelKind::OneOf(one_of) => one_of.variants.iter().map(|variant| &variant.ty).collect(),
        ModelKind::Tuple(tuple) => {
            let rest = match &tuple.rest {
                Rest::Keep { ty, .. } => Some(ty),
                Rest::Ignore | Rest::Deny => None,
            };
            tuple.items.iter().map(|item| &item.ty).chain(rest).collect()
        }
        ModelKind::Newtype { ty, .. } | ModelKind::Alias { ty, .. } => vec![ty],
    }
}

fn each_type_of_operations(api: &mut Api, visit: &mut impl FnMut(&mut Type)) {
    for operation in api.traits.iter_mut().flat_map(|handler| &mut handler.operations) {
        operation.params.iter_mut().for_each(|param| visit(&mut param.ty));
        let media = operation.body.iter_mut().flat_map(|body| &mut body.media);
        media.for_each(|media| visit(&mut media.ty));
        match &mut operation.output {
            Output::Unit { .. } => {}
            Output::Value { media, .. } | Output::Stream { media, .. } => visit(&mut media.ty),
            Output::Socket { receive, send } => {
                visit(&mut receive.ty);
                visit(&mut send.ty);
            }
            Output::Struct(answer) => each_type_of_answer(answer, visit),
            Output::Enum { answers, .. } => {
                for answer in answers {
                    each_type_of_answer(answer, visit);
                }
            }
        }
        for declared in &mut operation.declared {
            declared.headers.iter_mut().for_each(|header| visit(&mut header.ty));
            declared.media.iter_mut().for_each(|media| visit(&mut media.ty));
        }
        if let ErrorType::Enum { answers, .. } = &mut operation.error {
            for answer in answers {
                each_type_of_answer(answer, visit);
            }
        }
    }
}

fn each_type_of_answer(answer: &mut Answer, visit: &mut impl FnMut(&mut Type)) {
    answer.headers.iter_mut().for_each(|header| visit(&mut header.ty));
    if let Some(Media { ty, .. }) = &mut answer.media {
        visit(ty);
    }
}
