//! `anyOf` and `oneOf`: enums of what a value may be.
//!
//! Knows branches and what stands beside them. Must not know how a branch is lowered.

use super::all_of::flatten;
use super::build::{Built, word};
use super::choice::{add_new, choice_of, is_open, is_scalar};
use super::flat::{Flat, UnionRule, is_true};
use super::model::{prose, text_of};
use super::null::{holds_null, null_fits};
use super::parts::{Keyword, Parts, TypeSet};
use super::{Place, Typed, Types};
use crate::ir::{JsonType, ModelKind, Name, OneOf, Rule, Type, Variant};
use crate::schema::SchemaId;

/// One branch, merged with what stands beside the union.
pub(super) struct Branch<'d> {
    /// The branch as it is written.
    pub(super) id: SchemaId,
    pub(super) parts: Parts,
    pub(super) flat: Flat<'d>,
    /// The types that fit.
    pub(super) types: TypeSet,
}

/// Unions in unions that are looked into.
const DEPTH_MAX: usize = 6;

impl<'d> Types<'d> {
    pub(super) fn union(&mut self, mut flat: Flat<'d>, place: &Place) -> Built {
        if let Some(narrowed) = self.folded(&flat) {
            return self.build(narrowed, place);
        }
        let mut rest = flat.parts.clone();
        for id in flat.parts.ids.clone() {
            rest = rest.without(id, Keyword::Unevaluated);
        }
        for union in &flat.unions {
            rest = rest.without(union.owner, union.keyword()).without(union.owner, Keyword::Discriminator);
            rest = rest.without(union.owner, Keyword::Unevaluated);
        }
        let mut base = flatten(self.document, &rest);
        base.whole.clone_from(&flat.whole);
        let Some(union) = flat.unions.iter().copied().find(|union| !self.only_refines(&base, union)) else {
            base.inexact = base.inexact.or(flat.inexact).or(Some("which properties go together"));
            return self.build(base, place);
        };
        if flat.unions.len() > 1 {
            flat.inexact.get_or_insert("several unions hold at once");
        }
        let branches = self.branches(&base, &rest, union);
        self.variants(&flat, union, branches, place)
    }

    /// Unions that say nothing but types, beside something that says more: a narrower `type`.
    fn folded(&self, flat: &Flat<'d>) -> Option<Flat<'d>> {
        let is_alone = flat.unions.len() == 1 && flat.kinds.is_empty() && flat.types == TypeSet::ALL;
        if is_alone {
            return None;
        }
        let mut parts = flat.parts.clone();
        for union in &flat.unions {
            let Some(types) = self.types_alone(*union) else { continue };
            parts = parts.without(union.owner, union.keyword()).narrowed(types);
        }
        if parts == flat.parts {
            return None;
        }
        let mut narrowed = flatten(self.document, &parts);
        narrowed.whole.clone_from(&flat.whole);
        Some(narrowed)
    }

    /// The types of a union whose branches say nothing else, and never the same one where only one may fit.
    fn types_alone(&self, union: UnionRule<'d>) -> Option<TypeSet> {
        let mut types = TypeSet::NONE;
        for branch in union.branches {
            let flat = flatten(self.document, &Parts::one(*branch));
            let items = &flat.array;
            let any_items = flat.kinds == TypeSet::ARRAY
                && items.prefix.is_empty()
                && items.items.iter().all(|id| is_true(self.document, *id))
                && (items.min, items.max, items.unique) == (0, None, false);
            let alone = flat.values.is_none()
                && flat.unions.is_empty()
                && flat.inexact.is_none()
                && flat.format.is_none()
                && flat.discriminator.is_none()
                && (flat.kinds.is_empty() || any_items);
            if !alone || (!union.any && !types.and(flat.types).is_empty()) {
                return None;
            }
            types = types.or(flat.types);
        }
        Some(types)
    }

    fn branches(&self, base: &Flat<'d>, rest: &Parts, union: UnionRule<'d>) -> Vec<Branch<'d>> {
        let mut branches: Vec<Branch<'d>> = Vec::new();
        let base_types = self.effective_types(base, 0);
        for id in union.branches {
            let alone = Parts::one(*id);
            let mut parts = self.peel(alone.clone());
            let mut flat = flatten(self.document, &alone);
            let mut types = self.effective_types(&flat, DEPTH_MAX);
            if !base.is_vacuous()
                && types != TypeSet::NULL
                && !self.is_implied(base, base_types, &flat, types)
            {
                parts = self.peel(rest.with(*id));
                flat = flatten(self.document, &parts);
                types = self.effective_types(&flat, DEPTH_MAX);
            }
            let twice = union.any && branches.iter().any(|branch| branch.parts == parts);
            // A base without `type` is no object alone: the branches say which types there are.
            let base_null = base.types.contains(TypeSet::NULL);
            if !twice && !types.is_empty() && (types != TypeSet::NULL || base_null) {
                branches.push(Branch { id: *id, parts, flat, types });
            }
        }
        branches
    }

    fn variants(
        &mut self,
        flat: &Flat<'d>,
        union: UnionRule<'d>,
        mut branches: Vec<Branch<'d>>,
        place: &Place,
    ) -> Built {
        let takes_null = |branch: &&Branch<'d>| {
            branch.types.contains(TypeSet::NULL) && null_fits(self.document, &branch.parts)
        };
        let nulls = branches.iter().filter(takes_null).count();
        let nullable = if union.any { nulls > 0 } else { nulls == 1 } && flat.types.contains(TypeSet::NULL);
        let nullable = nullable && (flat.inexact.is_none() || null_fits(self.document, &flat.whole));
        branches.retain(|branch| branch.types != TypeSet::NULL);
        if branches.is_empty() {
            let ty = if nullable { Type::Null } else { Type::Never };
            return Built::Direct(Typed::plain(ty));
        }
        if branches.len() == 1 {
            let mut branch = branches.remove(0);
            if !nullable && branch.types.contains(TypeSet::NULL) {
                branch.parts = branch.parts.narrowed(TypeSet::ALL.without(TypeSet::NULL));
                branch.flat = flatten(self.document, &branch.parts);
            }
            let mut built = self.only_branch(branch, place);
            if nullable && let Built::Direct(Typed { rule, .. }) | Built::Own { rule, .. } = &mut built {
                // What the branch is checked by does not know of null.
                rule.check = rule.check.map(|_| self.check(&flat.whole, place));
            }
            let built = built.nullable(nullable);
            return self.checked(built, flat, place);
        }
        if !union.any && nulls > 1 {
            // Null fits too many of them; no variant may let it in for want of the others.
            for branch in &mut branches {
                branch.types = branch.types.without(TypeSet::NULL);
            }
        }
        let is_open = is_open(self.schema(flat.parts.ids[0]));
        if let Some(kind) = constants(union.any, is_open, &branches, |id| prose(self.schema(id))) {
            return self.checked(Built::own(kind, nullable), flat, place);
        }
        if let Some(discriminator) = union.discriminator
            && let Some(kind) = self.tagged(discriminator, &branches, place)
        {
            return self.checked(Built::own(kind, nullable), flat, place);
        }
        let built = self.one_of(flat, union.any, &branches, place).nullable(nullable);
        self.checked(built, flat, place)
    }

    /// A union of one is what the one is.
    fn only_branch(&mut self, branch: Branch<'d>, place: &Place) -> Built {
        let has_name = branch.parts.whole().is_some_and(|id| self.schema(id).name.is_some());
        if has_name || self.depth >= super::DEPTH_MAX {
            return Built::Direct(self.lower(branch.parts, place));
        }
        let external = self.external(&branch.parts);
        if external.is_some() {
            return Built::Direct(self.lower(branch.parts, place));
        }
        self.depth += 1;
        let built = self.build(branch.flat, place);
        self.depth -= 1;
        built
    }

    fn one_of(&mut self, flat: &Flat<'d>, any: bool, branches: &[Branch<'d>], place: &Place) -> Built {
        let mut variants: Vec<Variant> = Vec::new();
        for (at, branch) in branches.iter().enumerate() {
            let name = self.variant_name(branch, branches, &variants, at);
            let typed = self.lower(branch.parts.clone(), &place.child(&name));
            variants.push(Variant {
                name: Name::new(name),
                doc: prose(self.schema(branch.id)),
                ty: typed.ty,
                rule: Rule { nullable: false, ..typed.rule },
                hint: self.hint(&branch.flat, branch.types, place.direction),
            });
        }
        let Variant { ty: first, rule, .. } = &variants[0];
        let have_same_rule = variants.iter().all(|variant| variant.rule == *rule);
        if variants
            .iter()
            .all(|variant| variant.ty == *first && (have_same_rule || !holds_null(&variant.rule)))
        {
            let mut typed = Typed::plain(first.clone());
            if have_same_rule {
                typed.rule.clone_from(rule);
            }
            let says = variants.iter().any(|variant| variant.rule != Rule::default());
            if says || !any || matches!(first, Type::Model(_)) {
                typed.rule.check = Some(self.check(&flat.whole, place));
            }
            return Built::Direct(typed);
        }
        Built::own(ModelKind::OneOf(OneOf { any, variants, empty: 0, check: None }), false)
    }

    /// Puts the check of the whole on what was built, if it needs one.
    pub(super) fn checked(&mut self, built: Built, flat: &Flat<'d>, place: &Place) -> Built {
        let Some(why) = flat.inexact else { return built };
        let check = Some(self.check(&flat.whole, place));
        match built {
            Built::Direct(mut typed) => {
                typed.rule.check = check;
                Built::Direct(typed)
            }
            Built::Own { mut kind, mut rule, .. } => {
                match &mut kind {
                    ModelKind::Record(record) => record.check = check,
                    ModelKind::Tagged(tagged) => tagged.check = check,
                    ModelKind::OneOf(one_of) => one_of.check = check,
                    ModelKind::Tuple(tuple) => tuple.check = check,
                    _ => rule.check = check,
                }
                Built::Own { kind, rule, because: why.to_owned() }
            }
        }
    }

    /// The component's name, the title, the constant that is this branch's alone, or the type.
    pub(super) fn variant_name(
        &self,
        branch: &Branch<'d>,
        branches: &[Branch<'d>],
        taken: &[Variant],
        at: usize,
    ) -> String {
        let target = self.peel(Parts::one(branch.id)).ids[0];
        let schema = self.schema(target);
        let own = [text_name(schema), schema.name.as_deref(), schema.title.as_deref()];
        let name = own.into_iter().flatten().find(|name| !name.is_empty()).map(str::to_owned);
        let name = name.or_else(|| self.constant_name(branch, branches));
        let name = name.or_else(|| property_name(branch, branches));
        let name = name.unwrap_or_else(|| self.type_name(branch));
        if taken.iter().any(|variant| variant.name.wire == name) {
            format!("{name} {}", at + 1)
        } else {
            name
        }
    }

    fn constant_name(&self, branch: &Branch<'d>, branches: &[Branch<'d>]) -> Option<String> {
        branch.flat.object.properties.iter().find_map(|property| {
            let [value] = &self.constants(&property.ids)?[..] else { return None };
            let others = branches.iter().filter(|other| other.id != branch.id);
            let alone = others
                .filter_map(|other| other.flat.object.index.get(&property.name).map(|at| (other, *at)))
                .all(|(other, at)| {
                    let values = self.constants(&other.flat.object.properties[at].ids);
                    values.is_some_and(|values| !values.contains(value))
                });
            let text = value.trim_matches('"');
            (alone && !text.is_empty()).then(|| text.to_owned())
        })
    }

    fn type_name(&self, branch: &Branch<'d>) -> String {
        if let Some([value]) = branch.flat.values.as_deref()
            && let Some(text) = value.as_text()
        {
            return text.to_owned();
        }
        if let ([item], []) = (&branch.flat.array.items[..], &branch.flat.array.prefix[..])
            && branch.types.without(TypeSet::NULL) == TypeSet::ARRAY
        {
            let item = self.schema(self.document.target(*item));
            return item.name.as_deref().map_or("List".to_owned(), |name| format!("{name} list"));
        }
        let types = super::hint::types(branch.types.without(TypeSet::NULL));
        match types[..] {
            [JsonType::Boolean] => word(TypeSet::BOOLEAN),
            [JsonType::Integer] => word(TypeSet::INTEGER),
            [JsonType::Number] => word(TypeSet::NUMBER),
            [JsonType::String] => match branch.flat.format {
                Some(format @ ("date-time" | "date" | "time" | "uuid" | "decimal")) => {
                    return format.to_owned();
                }
                _ => word(TypeSet::STRING),
            },
            [JsonType::Array] => word(TypeSet::ARRAY),
            [JsonType::Object] => word(TypeSet::OBJECT),
            _ => "Other",
        }
        .to_owned()
    }

    /// Whether the branches only say which properties of the base go together.
    fn only_refines(&self, base: &Flat<'d>, union: &UnionRule<'d>) -> bool {
        if !base.kinds.contains(TypeSet::OBJECT) && base.types.without(TypeSet::NULL) != TypeSet::OBJECT {
            return false;
        }
        union.branches.iter().all(|branch| {
            let flat = flatten(self.document, &Parts::one(*branch));
            let object = &flat.object;
            flat.unions.is_empty()
                && flat.values.is_none()
                && flat.types.contains(TypeSet::OBJECT)
                && object.additional.iter().all(|id| is_true(self.document, *id))
                && object.patterns.is_empty()
                && object.properties.iter().all(|property| {
                    property.ids.iter().all(|id| is_true(self.document, *id))
                        || self.refines(base, &property.name, &property.ids)
                })
                && (!object.properties.is_empty() || !object.required.is_empty() || flat.inexact.is_some())
        })
    }

    /// Whether a branch says of a property of the base nothing but what the base says already.
    fn refines(&self, base: &Flat<'d>, name: &str, ids: &[SchemaId]) -> bool {
        let Some(at) = base.object.index.get(name) else { return false };
        let of_base = flatten(self.document, &Parts::all(base.object.properties[*at].ids.clone()));
        let here = flatten(self.document, &Parts::all(ids.to_vec()));
        here.says_only_types() && here.types.contains(of_base.types)
    }

    /// Whether a branch says all that its base says, so that it can stand alone and keep its name.
    fn is_implied(&self, base: &Flat<'d>, base_types: TypeSet, branch: &Flat<'d>, types: TypeSet) -> bool {
        if !base_types.contains(types) || branch.types.is_empty() {
            return false;
        }
        if base.says_only_types() {
            return types != TypeSet::ALL;
        }
        let object = &base.object;
        let only_properties = base.values.is_none()
            && base.unions.is_empty()
            && base.inexact.is_none()
            && TypeSet::OBJECT.contains(base.kinds)
            && object.additional.iter().all(|id| is_true(self.document, *id))
            && object.patterns.is_empty()
            && object.names.is_empty()
            && object.dependent_required.is_empty()
            && !object.closed
            && object.min == 0
            && object.max.is_none();
        only_properties
            && object.required.iter().all(|name| branch.object.required.contains(name))
            && object.properties.iter().all(|property| {
                let Some(at) = branch.object.index.get(&property.name) else { return false };
                let own = &branch.object.properties[*at].ids;
                property.ids.iter().all(|id| own.contains(id)) || {
                    let of_base = flatten(self.document, &Parts::all(property.ids.clone()));
                    let of_branch = flatten(self.document, &Parts::all(own.clone()));
                    of_base.says_only_types() && of_base.types.contains(of_branch.types)
                }
            })
    }
}

/// `x-photon-name` of a schema.
fn text_name(schema: &crate::schema::Schema) -> Option<&str> {
    text_of(schema, "x-photon-name")
}

/// Branches that are constants are one choice; with a plain string among them, an open one.
fn constants(
    any: bool,
    is_open: bool,
    branches: &[Branch<'_>],
    doc: impl Fn(SchemaId) -> String,
) -> Option<ModelKind> {
    let mut kept = Vec::new();
    let mut open = is_open;
    for branch in branches {
        let flat = &branch.flat;
        let plain = flat.kinds.is_empty() && flat.unions.is_empty() && flat.inexact.is_none();
        match &flat.values {
            Some(values) if plain && values.iter().all(|value| is_scalar(value)) => {
                let doc = if values.len() == 1 { doc(branch.id) } else { String::new() };
                for value in values.iter().filter(|value| !value.is_null()) {
                    add_new(&mut kept, value, &doc);
                }
            }
            None if any
                && plain
                && flat.format.is_none()
                && flat.types.without(TypeSet::NULL) == TypeSet::STRING =>
            {
                open = true;
            }
            _ => return None,
        }
    }
    kept.retain(|(_, times, _)| any || *times == 1);
    let strings = kept.iter().all(|(value, ..)| value.as_str().is_some());
    if kept.is_empty() || (open && !strings) {
        return None;
    }
    let values: Vec<_> = kept.iter().map(|(value, ..)| *value).collect();
    let docs: Vec<_> = kept.into_iter().map(|(.., doc)| doc).collect();
    Some(choice_of(&values, &docs, None, open))
}

/// Of several nameless objects, one is known by the first property that it requires and no other has: such a name stays
/// when a branch is put before it.
fn property_name(branch: &Branch<'_>, branches: &[Branch<'_>]) -> Option<String> {
    let others = || branches.iter().filter(|other| other.id != branch.id);
    if !others().any(|other| other.types.contains(TypeSet::OBJECT)) {
        return None;
    }
    let required = branch.flat.object.required.iter();
    let mut own =
        required.filter(|name| others().all(|other| !other.flat.object.index.contains_key(&***name)));
    own.next().map(ToString::to_string)
}
