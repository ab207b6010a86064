//! Models: schemas that have a Rust type of their own.

use super::{Name, Rule, Type};
use crate::source::Span;

#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct ModelId(pub u32);

#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct PatternId(pub u32);

#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct CheckId(pub u32);

/// A regular expression of the document (ECMA-262).
#[derive(Debug)]
pub(crate) struct Pattern {
    /// The static: `LETTERS`; wire is where it was met first (`NewPet name`).
    pub name: Name,
    pub source: String,
}

/// A schema that is checked as it stands, by the runtime's exact check.
#[derive(Debug)]
pub(crate) struct Check {
    /// The static's name; wire is the schema's name or place.
    pub name: Name,
    /// Key into the `$defs` of [`Api::check_defs`].
    pub key: String,
}

/// A schema that has a Rust type of its own.
#[derive(Debug)]
pub(crate) struct Model {
    pub name: Name,
    /// Named components keep the plain name when they meet an inline schema's.
    pub named: bool,
    pub doc: String,
    /// The schema's place in the document: `#/components/schemas/Pet`.
    pub pointer: String,
    /// Key of its schema in the `$defs` of [`Api::stated`]; empty where that is.
    pub stated: String,
    /// Why the exact check is needed, for a comment on the type; empty when tables say it all.
    pub checked_because: String,
    pub deprecated: bool,
    pub span: Span,
    pub kind: ModelKind,
    pub derives: Derives,
    /// Extra derives by configuration: Rust paths.
    pub extra_derives: Vec<String>,
    /// `x-photon-validate`: a path to a function that judges values.
    pub validate: Option<String>,
    /// `{}` decodes: `Default` is sensible.
    pub default: bool,
}

/// The derives that hold for a type and all it holds.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Derives {
    pub copy: bool,
    pub eq: bool,
    pub hash: bool,
    pub ord: bool,
}

#[derive(Debug)]
pub(crate) enum ModelKind {
    Record(Record),
    Choice(Choice),
    Tagged(Tagged),
    OneOf(OneOf),
    Tuple(Tuple),
    /// `pub struct Tree(pub Vec<Tree>)`: where an alias would be recursive.
    Newtype {
        ty: Type,
        rule: Rule,
    },
    /// `pub type PetId = i64`. Its rule is written out wherever it is used.
    Alias {
        ty: Type,
        rule: Rule,
    },
}

#[derive(Debug)]
pub(crate) struct Record {
    pub fields: Vec<Field>,
    pub extra: Extra,
    /// `minProperties`, `maxProperties`.
    pub properties_min: u32,
    pub properties_max: u32,
    pub dependent_required: Vec<(String, Vec<String>)>,
    pub check: Option<CheckId>,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub name: Name,
    pub doc: String,
    pub deprecated: bool,
    pub required: bool,
    /// `Option`, `Patch` and `Box` included.
    pub ty: Type,
    pub rule: Rule,
    /// JSON text, applied when absent; then `ty` is no `Option`.
    pub default: Option<String>,
    pub read_only: bool,
    pub write_only: bool,
}

/// Properties that a record does not name.
#[derive(Debug)]
pub(crate) enum Extra {
    /// Allowed, not kept: the document says nothing of them.
    Ignore,
    /// `additionalProperties: false`.
    Deny,
    /// Kept in a map, in a field of this name.
    Keep { name: Name, ty: Type, rule: Rule, keys: Option<Rule> },
}

/// A closed or open set of scalar values.
#[derive(Debug)]
pub(crate) struct Choice {
    pub values: Vec<ChoiceValue>,
    /// All values are strings: `choice!`, else `literals!`.
    pub strings: bool,
    /// Unknown strings are kept in `Other(String)`.
    pub open: bool,
}

#[derive(Debug)]
pub(crate) struct ChoiceValue {
    pub name: Name,
    pub doc: String,
    /// The string itself when all are strings, else the JSON text.
    pub value: String,
}

/// A union whose variant a property names.
#[derive(Debug)]
pub(crate) struct Tagged {
    pub tag: String,
    pub variants: Vec<Variant>,
    /// Tag values with the index of their variant; several may share one.
    pub values: Vec<(String, usize)>,
    /// 3.2's `defaultMapping`.
    pub fallback: Option<usize>,
    /// The variants that do not require the tag, in order; none where a value without a tag is the fallback.
    pub untagged: Vec<usize>,
    /// The variant an empty value has: one that is not recursive.
    pub empty: usize,
    pub check: Option<CheckId>,
}

/// A union whose variant is found by what a value is.
#[derive(Debug)]
pub(crate) struct OneOf {
    /// `anyOf`: the first branch that fits; else exactly one must.
    pub any: bool,
    pub variants: Vec<Variant>,
    pub empty: usize,
    pub check: Option<CheckId>,
}

#[derive(Debug)]
pub(crate) struct Variant {
    pub name: Name,
    pub doc: String,
    /// `Box` included.
    pub ty: Type,
    pub rule: Rule,
    /// What a value must be to fit: necessary, not sufficient. For [`OneOf`].
    pub hint: Hint,
}

/// Necessary conditions for a branch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hint {
    /// JSON types that may fit; empty: all.
    pub types: Vec<JsonType>,
    /// Properties that must be there.
    pub required: Vec<String>,
    /// Properties that have one of these values when they are there: JSON texts.
    pub constants: Vec<(String, Vec<String>)>,
}

#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum JsonType {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

/// `prefixItems`: a tuple struct.
#[derive(Debug)]
pub(crate) struct Tuple {
    pub items: Vec<TupleItem>,
    /// What may follow.
    pub rest: Rest,
    pub items_min: u32,
    pub items_max: u32,
    pub unique: bool,
    pub check: Option<CheckId>,
}

#[derive(Debug)]
pub(crate) struct TupleItem {
    /// `Option` where the item may be missing.
    pub ty: Type,
    pub rule: Rule,
}

#[derive(Debug)]
pub(crate) enum Rest {
    Ignore,
    Deny,
    Keep { ty: Type, rule: Rule },
}
