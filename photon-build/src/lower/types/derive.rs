//! Derives that hold for a type and all that it holds, and whether an empty object is a value.
//!
//! `Copy`, `Hash` and `Ord` are given to choices alone: on structs they cost every build and are rarely used; the
//! configuration adds them where they are. Knows the IR. Must not know schemas.

use super::finish::types_of;
use super::share::model_in;
use crate::ir::{Derives, Model, ModelKind, Type};

/// Fills in `derives` and `default`.
pub(super) fn derive(models: &mut [Model]) {
    let inexact = inexact(models);
    for (model, inexact) in models.iter_mut().zip(inexact) {
        model.derives = match &model.kind {
            ModelKind::Choice(choice) => Derives { copy: !choice.open, eq: true, hash: true, ord: true },
            _ => Derives { eq: !inexact, ..Derives::default() },
        };
        model.default = match &model.kind {
            ModelKind::Record(record) => {
                record.properties_min == 0
                    && record.check.is_none()
                    && record.fields.iter().all(|field| !field.required)
            }
            _ => false,
        };
    }
}

/// For each model, whether something in it has no exact equality.
fn inexact(models: &[Model]) -> Vec<bool> {
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); models.len()];
    let mut inexact = vec![false; models.len()];
    let mut work = Vec::new();
    for (at, model) in models.iter().enumerate() {
        for ty in types_of(&model.kind) {
            if let Some(held) = model_in(ty) {
                users[held].push(at);
            } else if breaks_eq(ty) && !inexact[at] {
                inexact[at] = true;
                work.push(at);
            }
        }
    }
    while let Some(at) = work.pop() {
        for user in &users[at] {
            if !inexact[*user] {
                inexact[*user] = true;
                work.push(*user);
            }
        }
    }
    inexact
}

fn breaks_eq(ty: &Type) -> bool {
    match ty {
        Type::F64 | Type::Json | Type::Number | Type::External(_) | Type::Problem | Type::File => true,
        Type::Option(ty) | Type::Patch(ty) | Type::List(ty) | Type::Map(ty) | Type::Box(ty) => breaks_eq(ty),
        _ => false,
    }
}
