//! Arrays: lists, sets and tuples.
//!
//! Knows `items` and `prefixItems`. Must not know what items are.

use std::rc::Rc;

use super::build::Built;
use super::flat::Flat;
use super::parts::{Parts, TypeSet};
use super::{Place, Typed, Types, rule};
use crate::ir::{ModelKind, Rest, Rule, Tuple, TupleItem, Type};

/// Longer tuples are lists: nobody wants a struct of a hundred numbers.
const TUPLE_ITEMS_MAX: usize = 32;

impl<'d> Types<'d> {
    pub(super) fn array(&mut self, flat: Flat<'d>, place: &Place) -> Built {
        if !flat.array.prefix.is_empty() {
            return self.tuple(flat, place);
        }
        let item = self.item(&flat, place);
        let rules = &flat.array;
        let kind = rule::list(rules.min, rules.max, rules.unique, item.rule.clone());
        let typed = Typed::ruled(Type::List(Rc::new(optional(&item))), kind);
        self.direct(typed, &flat, place)
    }

    fn item(&mut self, flat: &Flat<'d>, place: &Place) -> Typed {
        if flat.array.items.is_empty() {
            return Typed::plain(Type::Json);
        }
        self.lower(Parts::all(flat.array.items.clone()), &place.child("item"))
    }

    fn tuple(&mut self, mut flat: Flat<'d>, place: &Place) -> Built {
        if flat.array.prefix.len() > TUPLE_ITEMS_MAX {
            flat.inexact.get_or_insert("its items differ, and there are many");
            let typed = Typed::plain(Type::List(Rc::new(Type::Json)));
            return self.direct(typed, &flat, place);
        }
        let mut items = Vec::new();
        for (at, ids) in std::mem::take(&mut flat.array.prefix).into_iter().enumerate() {
            let typed = self.lower(Parts::all(ids), &place.child(&format!("item {}", at + 1)));
            let must = (at as u64) < flat.array.min;
            let ty = if must { optional(&typed) } else { maybe(&typed) };
            let mut rule = typed.rule;
            rule.nullable |= !must && typed.ty == Type::Json;
            items.push(TupleItem { ty, rule });
        }
        let rest = self.rest(&flat, place);
        if flat.array.unique && matches!(rest, Rest::Ignore) {
            flat.inexact.get_or_insert("`uniqueItems` speaks of items that are not kept");
        }
        let check = flat.inexact.map(|_| self.check(&flat.whole, place));
        let tuple = Tuple {
            items,
            rest,
            items_min: rule::count(flat.array.min),
            items_max: flat.array.max.map_or(u32::MAX, rule::count),
            unique: flat.array.unique,
            check,
        };
        Built::Own {
            kind: ModelKind::Tuple(tuple),
            rule: Rule { nullable: flat.types.contains(TypeSet::NULL), ..Rule::default() },
            because: flat.inexact.unwrap_or_default().to_owned(),
        }
    }

    fn rest(&mut self, flat: &Flat<'d>, place: &Place) -> Rest {
        if flat.array.items.is_empty() {
            return Rest::Ignore;
        }
        if flat.array.items.iter().any(|id| self.schema(*id).boolean == Some(false)) {
            return Rest::Deny;
        }
        let typed = self.item(flat, place);
        Rest::Keep { ty: optional(&typed), rule: typed.rule }
    }
}

/// The type of a value that is there: an `Option` where null fits.
pub(super) fn optional(typed: &Typed) -> Type {
    if typed.rule.nullable { Type::Option(Rc::new(typed.ty.clone())) } else { typed.ty.clone() }
}

/// The type of a value that may be missing.
pub(super) fn maybe(typed: &Typed) -> Type {
    let ty = Rc::new(typed.ty.clone());
    if typed.rule.nullable || typed.ty == Type::Json { Type::Patch(ty) } else { Type::Option(ty) }
}
