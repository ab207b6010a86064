//! The record of tables: a text that is checked in beside the document, so that a change of the tables is seen where it
//! is made.
//!
//! Knows how tables are told, in SQL's words. Must not know files.

use std::fmt::Write as _;

use super::vocabulary::{action_word, type_word};
use crate::ir::{Column, ForeignKey, Generated, Index, Literal, Table};

/// The tables as text: a line for all that a database is told of them, and nothing that it is not told.
pub(crate) fn text(tables: &[Table]) -> String {
    let mut text = String::from(
        "# The tables of the document, as its migrations must have made them. Written by UPDATE=1.\n",
    );
    for table in tables {
        _ = write!(text, "\ntable {}\n", table.name);
        for column in &table.columns {
            _ = writeln!(text, "  {}", column_line(column));
        }
        _ = writeln!(text, "  primary key {}", index(table, &table.primary_key));
        for unique in &table.unique {
            _ = writeln!(text, "  unique {}", index(table, unique));
        }
        for plain in &table.indices {
            _ = writeln!(text, "  index {}", index(table, plain));
        }
        for key in &table.foreign_keys {
            _ = writeln!(text, "  {}", foreign_key(table, key, tables));
        }
    }
    text
}

fn column_line(column: &Column) -> String {
    let mut line = format!("column {} {}", column.name, type_word(column.ty));
    if !column.nullable {
        line.push_str(" not null");
    }
    if column.generated == Some(Generated::AutoIncrement) {
        line.push_str(" autoIncrement");
    }
    if let Some(default) = &column.default {
        _ = write!(line, " default {}", literal(default));
    }
    if let Some(check) = &column.check {
        let values: Vec<String> = check.values.iter().map(literal).collect();
        _ = write!(line, " check {} in ({})", check.name, values.join(", "));
    }
    line
}

fn index(table: &Table, index: &Index) -> String {
    let columns: Vec<&str> = index.columns.iter().map(|at| table.columns[*at].name.as_str()).collect();
    format!("{} ({})", index.name, columns.join(", "))
}

fn foreign_key(table: &Table, key: &ForeignKey, tables: &[Table]) -> String {
    let to = &tables[key.table];
    format!(
        "foreign key {} ({}) references {} ({}) on delete {} on update {}",
        key.name,
        table.columns[key.column].name,
        to.name,
        to.columns[key.references].name,
        action_word(key.on_delete),
        action_word(key.on_update)
    )
}

/// A value as SQL writes it, on one line.
fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => format!("'{}'", text.replace('\'', "''").replace('\n', "\\n")),
        Literal::Number(text) => text.clone(),
        Literal::Boolean(truth) => truth.to_string(),
    }
}
