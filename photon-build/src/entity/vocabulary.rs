//! What `x-photon-entity` may say, as data with places.
//!
//! Knows the words of the extension. Must not know which of them fit a schema, nor each other.

use std::sync::Arc;

use crate::ir::{Action, ColumnType, Generated};
use crate::node::Node;
use crate::schema::SchemaId;
use crate::source::Span;

/// The keys of the extension.
pub(super) const ENTITY: [&str; 6] = ["table", "primaryKey", "unique", "index", "ignore", "columns"];

/// The keys of a column.
pub(super) const COLUMN: [&str; 6] = ["name", "type", "nullable", "default", "generated", "references"];

/// The keys of a reference.
pub(super) const REFERENCE: [&str; 5] = ["entity", "column", "onDelete", "onUpdate", "relation"];

/// The words of `type`.
pub(super) const TYPES: [(&str, ColumnType); 13] = [
    ("boolean", ColumnType::Boolean),
    ("smallInteger", ColumnType::SmallInteger),
    ("integer", ColumnType::Integer),
    ("bigInteger", ColumnType::BigInteger),
    ("double", ColumnType::Double),
    ("decimal", ColumnType::Decimal),
    ("text", ColumnType::Text),
    ("date", ColumnType::Date),
    ("time", ColumnType::Time),
    ("timestampWithTimeZone", ColumnType::TimestampWithTimeZone),
    ("uuid", ColumnType::Uuid),
    ("json", ColumnType::Json),
    ("blob", ColumnType::Blob),
];

/// The words of `generated`.
pub(super) const GENERATED: [(&str, Generated); 5] = [
    ("autoIncrement", Generated::AutoIncrement),
    ("uuid", Generated::Uuid),
    ("created", Generated::Created),
    ("updated", Generated::Updated),
    ("version", Generated::Version),
];

/// The words of `onDelete` and `onUpdate`.
pub(super) const ACTIONS: [(&str, Action); 4] = [
    ("restrict", Action::Restrict),
    ("cascade", Action::Cascade),
    ("setNull", Action::SetNull),
    ("noAction", Action::Nothing),
];

/// A schema whose values are kept in a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entity {
    /// The schema that the extension stands on.
    pub schema: SchemaId,
    /// Its name in `components/schemas`.
    pub name: Arc<str>,
    /// Where the extension stands.
    pub span: Span,
    /// `table`
    pub table: Word,
    /// `primaryKey`
    pub primary_key: Option<Vec<Word>>,
    /// `unique`, each with its columns.
    pub unique: Vec<Vec<Word>>,
    /// `index`, each with its columns.
    pub index: Vec<Vec<Word>>,
    /// `ignore`
    pub ignore: Vec<Word>,
    /// `columns`
    pub columns: Vec<Detail>,
}

/// A text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// The text, never empty.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placed<T> {
    /// What was said.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// What is said of a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Detail {
    /// The property, or what a column without one is called by the extension.
    pub key: Word,
    /// `name`
    pub name: Option<Word>,
    /// `type`
    pub ty: Option<Placed<ColumnType>>,
    /// Whether there is a `type`, be it one that nobody knows.
    pub is_typed: bool,
    /// `nullable`
    pub nullable: Option<Placed<bool>>,
    /// `default`: a text, a number or a truth value.
    pub default: Option<Node>,
    /// `generated`
    pub generated: Option<Placed<Generated>>,
    /// `references`
    pub references: Option<Reference>,
}

/// `references`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// `entity`
    pub entity: Word,
    /// `column`
    pub column: Option<Word>,
    /// `onDelete`
    pub on_delete: Option<Placed<Action>>,
    /// `onUpdate`
    pub on_update: Option<Placed<Action>>,
    /// `relation`
    pub relation: Option<Word>,
}

/// The word of a type.
pub(super) fn type_word(ty: ColumnType) -> &'static str {
    TYPES.iter().find(|(_, known)| *known == ty).map_or("text", |(word, _)| word)
}

/// The word of what the server gives.
pub(super) fn generated_word(generated: Generated) -> &'static str {
    GENERATED.iter().find(|(_, known)| *known == generated).map_or("version", |(word, _)| word)
}

/// The word of what becomes of a row.
pub(super) fn action_word(action: Action) -> &'static str {
    ACTIONS.iter().find(|(_, known)| *known == action).map_or("noAction", |(word, _)| word)
}
