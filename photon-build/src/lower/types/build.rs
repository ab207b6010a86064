//! One merged schema to its type: which of the shapes it has.
//!
//! Knows the order of the questions. Each answer is a file of its own.

use super::all_of::flatten;
use super::flat::{Flat, is_bare};
use super::null::null_fits;
use super::parts::{Parts, TypeSet};
use super::{Note, Place, Typed, Types, scalar};
use crate::codes;
use crate::config::Untyped;
use crate::ir::{Hint, ModelKind, OneOf, Rule, Type, Variant};
use crate::schema::SchemaId;
use crate::spec::Version;

/// What a schema is made to be; passed on once, so its size does not matter.
#[allow(clippy::large_enum_variant, reason = "moved once a schema")]
pub(super) enum Built {
    /// A type that exists.
    Direct(Typed),
    /// A type of its own.
    Own {
        kind: ModelKind,
        rule: Rule,
        /// Why it is checked, if it is.
        because: String,
    },
}

impl Built {
    pub(super) fn own(kind: ModelKind, nullable: bool) -> Self {
        Self::Own { kind, rule: Rule { nullable, ..Rule::default() }, because: String::new() }
    }

    pub(super) fn nullable(self, nullable: bool) -> Self {
        match self {
            Self::Direct(typed) => Self::Direct(typed.nullable(nullable)),
            Self::Own { kind, mut rule, because } => {
                rule.nullable |= nullable;
                Self::Own { kind, rule, because }
            }
        }
    }
}

impl<'d> Types<'d> {
    /// The type of a merged schema.
    pub(super) fn build(&mut self, flat: Flat<'d>, place: &Place) -> Built {
        if flat.types.is_empty() {
            self.warn_never(&flat);
            return Built::Direct(Typed::plain(Type::Never));
        }
        if let Some(same) = flat.parts.whole().and_then(|id| self.same(id)) {
            return Built::Direct(self.lower(Parts::one(same), place));
        }
        if !flat.unions.is_empty() {
            return self.union(flat, place);
        }
        if let Some(built) = self.inherited(&flat, place) {
            return built;
        }
        if flat.values.is_some() {
            return self.choice(flat, place);
        }
        self.by_type(flat, place)
    }

    /// The type by `type`, or by what the keywords speak of.
    pub(super) fn by_type(&mut self, mut flat: Flat<'d>, place: &Place) -> Built {
        if flat.types == TypeSet::ALL {
            let kinds = spoken(&flat);
            if kinds.is_empty() {
                return self.anything(&flat, place, None);
            }
            let single = kinds.kinds().count() == 1;
            if self.is_exact() && flat.inexact.is_none() {
                return self.exactly(kinds, &flat, place);
            }
            if self.is_exact() || !single {
                return self.anything(
                    &flat,
                    place,
                    Some("its keywords speak of one type only, others fit, too"),
                );
            }
            self.warn_untyped(&flat);
            flat.types = kinds;
        }
        let nullable = flat.is_nullable();
        let kinds: Vec<TypeSet> = flat.types.kinds().collect();
        match kinds[..] {
            [] if flat.parts != flat.whole && !null_fits(self.document, &flat.whole) => {
                Built::Direct(Typed::plain(Type::Never))
            }
            [] => Built::Direct(Typed::plain(Type::Null)),
            [kind] => self.kind(kind, flat, place),
            _ if flat.types == TypeSet::ALL && flat.kinds.is_empty() => self.anything(&flat, place, None),
            _ => {
                let built = self.kinds(&kinds, &flat, place);
                if flat.parts == flat.whole {
                    return built.nullable(nullable);
                }
                // The parts of each kind do not know what was put aside.
                let nullable = nullable && null_fits(self.document, &flat.whole);
                self.checked(built.nullable(nullable), &flat, place)
            }
        }
    }

    fn kind(&mut self, kind: TypeSet, flat: Flat<'d>, place: &Place) -> Built {
        let typed = match kind {
            TypeSet::OBJECT => return self.object(flat, place),
            TypeSet::ARRAY => return self.array(flat, place),
            TypeSet::BOOLEAN => Typed::plain(Type::Bool),
            TypeSet::INTEGER => self.integer(&flat),
            TypeSet::NUMBER => self.number(&flat),
            _ => self.string(&flat, place),
        };
        self.direct(typed, &flat, place)
    }

    /// `type: [string, integer]`: a variant a type.
    fn kinds(&mut self, kinds: &[TypeSet], flat: &Flat<'d>, place: &Place) -> Built {
        let mut variants = Vec::new();
        for kind in kinds {
            let word = word(*kind);
            let parts = flat.parts.narrowed(*kind);
            let typed = self.lower(parts, &place.child(word));
            variants.push(Variant {
                name: crate::ir::Name::new(word),
                doc: String::new(),
                ty: typed.ty,
                rule: Rule { nullable: false, ..typed.rule },
                hint: Hint { types: super::hint::types(*kind), ..Hint::default() },
            });
        }
        Built::own(ModelKind::OneOf(OneOf { any: true, variants, empty: 0, check: None }), false)
    }

    /// What keywords speak of, or any value of another type.
    fn exactly(&mut self, kinds: TypeSet, flat: &Flat<'d>, place: &Place) -> Built {
        let list: Vec<TypeSet> = kinds.kinds().collect();
        let mut built = self.kinds(&list, flat, place);
        if let Built::Own { kind: ModelKind::OneOf(one_of), .. } = &mut built {
            let others = TypeSet::ALL.without(kinds).without(TypeSet::NULL);
            one_of.variants.push(Variant {
                name: crate::ir::Name::new("Other"),
                doc: String::new(),
                ty: Type::Json,
                rule: Rule::default(),
                hint: Hint { types: super::hint::types(others), ..Hint::default() },
            });
        }
        built.nullable(true)
    }

    fn anything(&mut self, flat: &Flat<'d>, place: &Place, because: Option<&'static str>) -> Built {
        let mut typed = Typed::plain(Type::Json);
        if because.or(flat.inexact).is_some() {
            typed.rule.check = Some(self.check(&flat.whole, place));
        }
        Built::Direct(typed)
    }

    /// A type that exists already, with the check that it needs.
    pub(super) fn direct(&mut self, typed: Typed, flat: &Flat<'d>, place: &Place) -> Built {
        let mut typed = typed.nullable(flat.is_nullable());
        if flat.inexact.is_some() {
            typed.rule.check = Some(self.check(&flat.whole, place));
        }
        Built::Direct(typed)
    }

    /// Whether null fits, before anything is lowered.
    pub(super) fn is_nullable(&self, flat: &Flat<'d>) -> bool {
        let types = self.effective_types(flat, NULLABLE_DEPTH_MAX);
        let speaks = || flat.inexact.is_none() && !spoken(flat).is_empty();
        if types == TypeSet::ALL
            && flat.unions.is_empty()
            && flat.values.is_none()
            && self.is_exact()
            && speaks()
        {
            return true;
        }
        if types == TypeSet::ALL && !flat.unions.is_empty() {
            return null_fits(self.document, &flat.parts);
        }
        types.contains(TypeSet::NULL) && types != TypeSet::ALL && types != TypeSet::NULL
    }

    /// The types that fit, unions and untyped schemas considered.
    pub(super) fn effective_types(&self, flat: &Flat<'d>, left: usize) -> TypeSet {
        self.types_within(flat, left, &mut { BRANCHES_MAX })
    }

    fn types_within(&self, flat: &Flat<'d>, left: usize, branches: &mut usize) -> TypeSet {
        let mut types = flat.types;
        for union in &flat.unions {
            let mut fitting = TypeSet::NONE;
            for branch in union.branches {
                if left == 0 || *branches == 0 {
                    return types;
                }
                *branches -= 1;
                let branch = flatten(self.document, &Parts::one(*branch));
                fitting = fitting.or(self.types_within(&branch, left - 1, branches));
            }
            types = types.and(fitting);
        }
        if types == TypeSet::ALL && flat.unions.is_empty() && !self.is_exact() {
            let kinds = spoken(flat);
            if kinds.kinds().count() == 1 {
                return kinds;
            }
        }
        types
    }

    pub(super) fn is_exact(&self) -> bool {
        self.untyped == Untyped::Exact
    }

    /// What `id` is another name for: a mere `$ref`, or an `allOf` of one.
    pub(super) fn same(&self, id: SchemaId) -> Option<SchemaId> {
        let schema = self.schema(id);
        if !is_bare(schema) {
            return None;
        }
        match (schema.reference, &schema.logic().all_of[..]) {
            (Some(target), []) => Some(target),
            (None, [member]) => Some(*member),
            _ => None,
        }
    }

    /// Follows what is merely another name, up to a schema that has a name of its own; drops what says nothing.
    pub(super) fn peel(&self, mut parts: Parts) -> Parts {
        if parts.ids.len() > 1 {
            let says = |id: &SchemaId| !super::flat::is_true(self.document, *id);
            if parts.ids.iter().any(says) {
                parts.ids.retain(says);
            }
        }
        if !parts.skip.is_empty() {
            return parts;
        }
        let mut ids = Vec::with_capacity(parts.ids.len());
        for id in &parts.ids {
            let mut id = *id;
            for _ in 0..crate::spec::REFERENCES_MAX {
                let has_name = self.schema(id).name.is_some();
                match self.same(id) {
                    Some(next) if !has_name && !self.has_own_type(id) => id = next,
                    _ => break,
                }
            }
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        parts.ids = ids;
        parts
    }

    fn has_own_type(&self, id: SchemaId) -> bool {
        self.schema(id).extension("x-photon-type").is_some() || self.names_judge(id)
    }

    /// Named records are lowered later: whatever leads to them needs their id only.
    pub(super) fn is_plain_record(&self, flat: &Flat<'d>) -> bool {
        let is_same = flat.parts.whole().is_some_and(|id| self.same(id).is_some());
        let types = self.effective_types(flat, 0);
        !is_same
            && flat.unions.is_empty()
            && flat.values.is_none()
            && types.without(TypeSet::NULL) == TypeSet::OBJECT
            && !super::object::is_map(self.document, flat)
            && !self.is_parent(flat)
    }

    fn warn_never(&mut self, flat: &Flat<'d>) {
        let id = flat.parts.ids[0];
        let is_told = flat.parts.ids.iter().any(|id| self.document.fits_nothing.contains(id));
        if self.schema(id).boolean.is_none() && !is_told {
            let code = &codes::NEVER;
            let span = self.schema(id).span;
            let message = "no value fits this schema".to_owned();
            let others = flat.parts.ids.iter().skip(1).take(PLACES_MAX).map(|id| self.schema(*id).span);
            let places = others.collect();
            self.note_with(Note { code, span, message, help: code.help, places });
        }
    }

    /// What a schema without `type` is taken as, where that is not to the letter.
    pub(super) fn meant_kind(&self, parts: &Parts) -> Option<TypeSet> {
        let flat = flatten(self.document, parts);
        let is_open = flat.types == TypeSet::ALL && flat.unions.is_empty() && flat.values.is_none();
        let kinds = spoken(&flat);
        (is_open && !self.is_exact() && kinds.kinds().count() == 1).then_some(kinds)
    }

    pub(super) fn warn_untyped(&mut self, flat: &Flat<'d>) {
        if self.document.version > Version::V3_0 && flat.types == TypeSet::ALL {
            let span = self.schema(flat.parts.ids[0]).span;
            let named = named(flat.kinds);
            self.note(&codes::UNTYPED, span, format!("this schema has no `type`; it is taken as {named}"));
        }
    }
}

/// How many of the schemas that exclude each other are shown beside the first.
const PLACES_MAX: usize = 3;

/// Unions in unions that are looked into to find whether null fits.
const NULLABLE_DEPTH_MAX: usize = 6;
/// How many branches of unions are looked into for the types of one schema.
const BRANCHES_MAX: usize = 1000;

/// The types that keywords and format speak of.
fn spoken(flat: &Flat<'_>) -> TypeSet {
    let by_format = flat.format.map_or(TypeSet::NONE, scalar::kind_of_format);
    if by_format == TypeSet::INTEGER && flat.kinds == TypeSet::NUMBER {
        return TypeSet::INTEGER;
    }
    flat.kinds.or(by_format)
}

/// What a schema is taken as, in words and as a document would name it.
fn named(kind: TypeSet) -> &'static str {
    match kind {
        TypeSet::BOOLEAN => "`boolean`",
        TypeSet::INTEGER => "`integer`",
        TypeSet::NUMBER => "`number`",
        TypeSet::STRING => "`string`",
        TypeSet::ARRAY => "`array`",
        _ => "`object`",
    }
}

/// How variants of a type are called.
pub(super) fn word(kind: TypeSet) -> &'static str {
    match kind {
        TypeSet::NULL => "Null",
        TypeSet::BOOLEAN => "Boolean",
        TypeSet::INTEGER => "Integer",
        TypeSet::NUMBER => "Number",
        TypeSet::STRING => "Text",
        TypeSet::ARRAY => "List",
        TypeSet::OBJECT => "Object",
        _ => "Other",
    }
}
