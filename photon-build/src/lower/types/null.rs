//! Whether `null` fits, to the letter: where tables are not exact, types alone do not tell.
//!
//! Knows the few keywords that null can fail. Must not know Rust types.

use super::parts::{Keyword, Parts, Skip, TypeSet};
use crate::ir::{Rule, RuleKind};
use crate::node::Node;
use crate::schema::{SchemaId, Type};
use crate::spec::Document;

/// How deep schemas in place are followed; beyond, null fits.
const DEPTH_MAX: usize = 24;

/// Whether null fits all of `parts`, less what they skip.
pub(super) fn null_fits(document: &Document, parts: &Parts) -> bool {
    let null = Null { document, skip: &parts.skip };
    parts.only.contains(TypeSet::NULL) && parts.ids.iter().all(|id| null.fits(*id, DEPTH_MAX))
}

/// Whether a rule lets null in below, so that the type needs it.
pub(super) fn holds_null(rule: &Rule) -> bool {
    match &rule.kind {
        RuleKind::List { item, .. } => item.nullable || holds_null(item),
        RuleKind::Map { value, .. } => value.nullable || holds_null(value),
        _ => false,
    }
}

struct Null<'d> {
    document: &'d Document,
    skip: &'d [Skip],
}

impl Null<'_> {
    fn fits(&self, id: SchemaId, left: usize) -> bool {
        let Some(left) = left.checked_sub(1) else { return true };
        let schema = self.document.schema(id);
        let is_among = |values: &[Node]| values.iter().any(Node::is_null);
        if schema.boolean == Some(false)
            || !(schema.types.is_empty() || schema.types.contains(Type::Null))
            || !schema.enumeration.as_deref().is_none_or(is_among)
            || !schema.constant.as_deref().is_none_or(Node::is_null)
        {
            return false;
        }
        let fits = |id: &SchemaId| self.fits(*id, left);
        let logic = schema.logic();
        let any_of =
            self.skips(id, Keyword::AnyOf) || logic.any_of.is_empty() || logic.any_of.iter().any(fits);
        let one_of = self.skips(id, Keyword::OneOf)
            || logic.one_of.is_empty()
            || logic.one_of.iter().filter(|id| fits(id)).count() == 1;
        let chosen = match &logic.if_ {
            Some(condition) if fits(condition) => logic.then,
            Some(_) => logic.else_,
            None => None,
        };
        any_of
            && one_of
            && schema.reference.iter().chain(&logic.all_of).chain(&chosen).all(fits)
            && !logic.not.iter().any(fits)
    }

    fn skips(&self, id: SchemaId, keyword: Keyword) -> bool {
        self.skip.contains(&(id, keyword))
    }
}
