//! What is lowered: schemas that all hold at once, and sets of JSON types.
//!
//! Knows ids and bits. Must not know what schemas say.

use crate::schema::{self, SchemaId};

/// Schemas that all hold for one value, less some of their keywords.
///
/// `allOf`, a property that several members declare, a branch beside its siblings: each is such a list, and equal
/// lists are one type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Parts {
    /// In the order of the document; each once.
    pub(super) ids: Vec<SchemaId>,
    /// Keywords that are looked after elsewhere.
    pub(super) skip: Vec<Skip>,
    /// The JSON types that are left.
    pub(super) only: TypeSet,
}

/// A keyword of one schema that does not count here.
pub(super) type Skip = (SchemaId, Keyword);

/// Keywords that are taken apart, so that what is left of their schema is lowered without them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Keyword {
    AnyOf,
    OneOf,
    Discriminator,
    /// `unevaluatedProperties` and `unevaluatedItems`.
    Unevaluated,
}

impl Parts {
    /// One schema as it stands.
    pub(super) fn one(id: SchemaId) -> Self {
        Self::all(vec![id])
    }

    /// Several schemas at once.
    pub(super) fn all(ids: Vec<SchemaId>) -> Self {
        let mut unique: Vec<SchemaId> = Vec::with_capacity(ids.len());
        for id in ids {
            if !unique.contains(&id) {
                unique.push(id);
            }
        }
        Self { ids: unique, skip: Vec::new(), only: TypeSet::ALL }
    }

    /// The schema, when there is one and all of it counts.
    pub(super) fn whole(&self) -> Option<SchemaId> {
        match self.ids[..] {
            [id] if self.skip.is_empty() && self.only == TypeSet::ALL => Some(id),
            _ => None,
        }
    }

    /// The same without `keyword` of `id`.
    pub(super) fn without(&self, id: SchemaId, keyword: Keyword) -> Self {
        let mut parts = self.clone();
        if !parts.skip.contains(&(id, keyword)) {
            parts.skip.push((id, keyword));
        }
        parts
    }

    /// The same with `branch` in front, which decides on names.
    pub(super) fn with(&self, branch: SchemaId) -> Self {
        let mut ids = vec![branch];
        ids.extend(self.ids.iter().copied().filter(|id| *id != branch));
        Self { ids, ..self.clone() }
    }

    /// The same for values of `types` alone.
    pub(super) fn narrowed(&self, types: TypeSet) -> Self {
        Self { only: self.only.and(types), ..self.clone() }
    }
}

/// A set of JSON types, where a number is either an integer or it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct TypeSet(u8);

impl TypeSet {
    pub(super) const NONE: Self = Self(0);
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(2);
    pub(super) const INTEGER: Self = Self(4);
    /// Numbers, integers included.
    pub(super) const NUMBER: Self = Self(12);
    pub(super) const STRING: Self = Self(16);
    pub(super) const ARRAY: Self = Self(32);
    pub(super) const OBJECT: Self = Self(64);
    pub(super) const ALL: Self = Self(127);

    /// The kinds that have a Rust type of their own, in the order in which unions list them.
    pub(super) const KINDS: [Self; 6] =
        [Self::BOOLEAN, Self::INTEGER, Self::NUMBER, Self::STRING, Self::ARRAY, Self::OBJECT];

    /// What `type` allows.
    pub(super) fn of(types: schema::Types) -> Self {
        if types.is_empty() {
            return Self::ALL;
        }
        types.iter().fold(Self::NONE, |set, ty| set.or(Self::from(ty)))
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all of `other` is in it.
    pub(super) fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The kinds in it, `number` where more than integers fit.
    pub(super) fn kinds(self) -> impl Iterator<Item = Self> {
        let has_fractions = !self.and(Self::NUMBER.without(Self::INTEGER)).is_empty();
        Self::KINDS.into_iter().filter(move |kind| match *kind {
            Self::INTEGER => self.contains(Self::INTEGER) && !has_fractions,
            Self::NUMBER => has_fractions,
            kind => self.contains(kind),
        })
    }
}

impl From<schema::Type> for TypeSet {
    fn from(ty: schema::Type) -> Self {
        match ty {
            schema::Type::Null => Self::NULL,
            schema::Type::Boolean => Self::BOOLEAN,
            schema::Type::Integer => Self::INTEGER,
            schema::Type::Number => Self::NUMBER,
            schema::Type::String => Self::STRING,
            schema::Type::Array => Self::ARRAY,
            schema::Type::Object => Self::OBJECT,
        }
    }
}
