//! Relations: columns that hold the key of a row of another table, or of the same.
//!
//! Knows all tables. Must not know in which order they are created.

use super::column::Draft as ColumnDraft;
use super::table::Draft as Table;
use super::vocabulary::{Detail, Reference, Word, type_word};
use super::{key, sql};
use crate::codes;
use crate::finding::Findings;
use crate::ir::{Action, ForeignKey, Name};
use crate::nearest::nearest;

/// A relation by the numbers of drafts.
pub(super) struct Draft {
    pub column: usize,
    pub table: usize,
    pub references: usize,
    pub on_delete: Action,
    pub on_update: Action,
    pub relation: Name,
}

impl Draft {
    /// The foreign key of a table that is created as number `rank`.
    pub(super) fn key(
        self,
        table: &str,
        rank: usize,
        ranks: &[usize],
        columns: &[ColumnDraft],
    ) -> ForeignKey {
        let column = &columns[self.column].column;
        ForeignKey {
            name: sql::constraint(table, &[&column.name], "fkey"),
            column: self.column,
            table: ranks[self.table],
            references: self.references,
            on_delete: self.on_delete,
            on_update: self.on_update,
            relation: self.relation,
            late: ranks[self.table] > rank,
        }
    }
}

/// Connects the tables: finds what each reference leads to, and gives each its index.
pub(super) fn connect(tables: &mut [Table<'_>], findings: &mut Findings) {
    let mut all: Vec<Vec<Draft>> = Vec::new();
    let known: &[Table<'_>] = tables;
    for table in known {
        let details = table.entity.columns.iter();
        let references = details.filter_map(|detail| Some((detail, detail.references.as_ref()?)));
        let drafts = references
            .filter_map(|(detail, reference)| relation(known, table, detail, reference, findings))
            .collect();
        all.push(drafts);
    }
    for (table, relations) in tables.iter_mut().zip(all) {
        for relation in &relations {
            if !table.is_indexed(relation.column) {
                let index = key::named(table, vec![relation.column], "idx");
                table.indices.push(index);
            }
        }
        table.relations = relations;
    }
}

fn relation(
    tables: &[Table<'_>],
    table: &Table<'_>,
    detail: &Detail,
    reference: &Reference,
    findings: &mut Findings,
) -> Option<Draft> {
    // What is ignored is no column; that is told already.
    let column = table.column(&detail.key.text)?;
    let to = target(tables, &reference.entity, findings)?;
    let references = target_column(&tables[to], reference, findings)?;
    let (from_type, to_type) = (table.columns[column].column.ty, tables[to].columns[references].column.ty);
    if from_type != to_type {
        let message = format!(
            "`{}` is `{}`, and `{}` of `{}` is `{}`",
            detail.key.text,
            type_word(from_type),
            tables[to].columns[references].key,
            tables[to].entity.name,
            type_word(to_type)
        );
        findings.add(&codes::RELATION_KEY, reference.entity.span, message);
        return None;
    }
    let is_null = [&reference.on_delete, &reference.on_update]
        .into_iter()
        .flatten()
        .find(|action| action.value == Action::SetNull);
    if let Some(action) = is_null.filter(|_| !table.columns[column].column.nullable) {
        let message = format!("`{}` cannot be set to `NULL`: it is required", detail.key.text);
        let finding = findings.add(&codes::COLUMN_DETAIL, action.span, message);
        finding.help = Some("leave the property out of `required`, or choose another action".to_owned());
    }
    Some(Draft {
        column,
        table: to,
        references,
        on_delete: reference.on_delete.as_ref().map_or(Action::Restrict, |action| action.value),
        on_update: reference.on_update.as_ref().map_or(Action::Nothing, |action| action.value),
        relation: name(&table.columns[column], reference),
    })
}

fn target(tables: &[Table<'_>], entity: &Word, findings: &mut Findings) -> Option<usize> {
    let found = tables.iter().position(|table| table.entity.name == entity.text);
    if found.is_none() {
        let message = format!("`{}` is no entity", entity.text);
        let finding = findings.add(&codes::RELATION_NOWHERE, entity.span, message);
        let by_table = tables.iter().find(|table| table.entity.table.text == entity.text);
        let names = tables.iter().map(|table| &*table.entity.name);
        let meant = by_table.map(|table| &*table.entity.name).or_else(|| nearest(&entity.text, names));
        if let Some(meant) = meant {
            finding.help = Some(format!("did you mean `{meant}`?"));
        }
    }
    found
}

/// The column that a reference leads to: one that tells rows apart.
fn target_column(to: &Table<'_>, reference: &Reference, findings: &mut Findings) -> Option<usize> {
    let Some(word) = &reference.column else {
        if let [column] = to.primary_key[..] {
            return Some(column);
        }
        if to.primary_key.len() > 1 {
            let message = format!("the primary key of `{}` has several columns", to.entity.name);
            findings.add(&codes::RELATION_KEY, reference.entity.span, message);
        }
        return None;
    };
    let Some(column) = to.column(&word.text) else {
        key::tell_unknown(to, word, findings);
        return None;
    };
    if !to.is_unique(column) {
        let message = format!("`{}` of `{}` is not unique", word.text, to.entity.name);
        findings.add(&codes::RELATION_KEY, word.span, message);
        return None;
    }
    Some(column)
}

/// The name that is said, or the column's without `_id`.
fn name(column: &ColumnDraft, reference: &Reference) -> Name {
    if let Some(relation) = &reference.relation {
        return Name { wanted: Some(relation.text.to_string()), ..Name::new(&*relation.text) };
    }
    let name = &column.column.name;
    Name::new(name.strip_suffix("_id").unwrap_or(name))
}
