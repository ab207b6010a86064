//! Tables: in what the values of a model are kept.

#![allow(dead_code, reason = "what is emitted of tables does not read all of it yet")]

use super::{ModelId, Name, Type};

/// A table. Those that it refers to stand before it, except where a key is added late.
#[derive(Debug)]
pub(crate) struct Table {
    /// The name in the database.
    pub name: String,
    /// The module of its entity; wire is the schema's name.
    pub module: Name,
    pub doc: String,
    /// What clients see of a row.
    pub shown: ModelId,
    /// What clients send of a row, where that is another model.
    pub received: Option<ModelId>,
    pub columns: Vec<Column>,
    pub primary_key: Index,
    /// What is unique beside the primary key.
    pub unique: Vec<Index>,
    /// What rows are found by beside keys.
    pub indices: Vec<Index>,
    pub foreign_keys: Vec<ForeignKey>,
    /// Properties that are no columns.
    pub ignored: Vec<String>,
}

/// A column.
#[derive(Debug)]
pub(crate) struct Column {
    /// The name in the database.
    pub name: String,
    /// The field of the entity; wire is the name in the database.
    pub field: Name,
    /// The property that it keeps; none where clients never see it.
    pub property: Option<String>,
    pub doc: String,
    pub ty: ColumnType,
    /// The type of the property in its model, without `Option`.
    pub value: Option<Type>,
    pub nullable: bool,
    pub default: Option<Literal>,
    /// The only values there may be.
    pub check: Option<ColumnCheck>,
    pub generated: Option<Generated>,
    /// Clients never send it.
    pub read_only: bool,
    /// Clients are never told it.
    pub write_only: bool,
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ColumnCheck {
    /// The name in the database.
    pub name: String,
    /// At least one.
    pub values: Vec<Literal>,
}

/// A key or an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Index {
    /// The name in the database.
    pub name: String,
    /// Its columns, in its order.
    pub columns: Vec<usize>,
}

/// A column that holds the key of a row of another table, or of the same.
#[derive(Debug)]
pub(crate) struct ForeignKey {
    /// The name in the database.
    pub name: String,
    pub column: usize,
    /// The index of the other table in [`Api::entities`](super::Api::entities).
    pub table: usize,
    /// The column there.
    pub references: usize,
    pub on_delete: Action,
    pub on_update: Action,
    /// The field of the entity that leads to the other row.
    pub relation: Name,
    /// The other table is created later: the key is added when all tables are there.
    pub late: bool,
}

/// The types of columns: those that every database has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnType {
    Boolean,
    SmallInteger,
    Integer,
    BigInteger,
    Double,
    Decimal,
    Text,
    Date,
    Time,
    TimestampWithTimeZone,
    Uuid,
    Json,
    Blob,
}

/// Values that the server gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generated {
    /// The next number.
    AutoIncrement,
    /// A new UUID.
    Uuid,
    /// When the row was inserted.
    Created,
    /// When the row was last changed.
    Updated,
    /// 1, and one more with each change.
    Version,
}

/// What becomes of a row when that which it refers to goes or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Restrict,
    Cascade,
    SetNull,
    /// `NO ACTION`: it is an error at the end of the statement.
    Nothing,
}

/// A value in the words of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Literal {
    Text(String),
    /// Decimal text.
    Number(String),
    Boolean(bool),
}

impl ColumnType {
    /// Whether it holds whole numbers.
    pub(crate) fn is_integer(self) -> bool {
        matches!(self, Self::SmallInteger | Self::Integer | Self::BigInteger)
    }

    /// Whether rows can be told apart and sorted by it in every database.
    pub(crate) fn is_key(self) -> bool {
        !matches!(self, Self::Json | Self::Blob)
    }
}
