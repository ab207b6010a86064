//! Tables: an entity, its columns and its keys; and their order.
//!
//! Knows how the parts come together. Must not know how each is made.

use super::column::{self, Draft as ColumnDraft, Scope};
use super::order::{self, Need};
use super::vocabulary::Entity;
use super::{key, relation, sql};
use crate::codes;
use crate::finding::Findings;
use crate::ir::{Api, Generated, Index, ModelId, Name, Table};
use crate::source::Span;
use crate::spec::Document;

/// A table that is not yet connected with others.
pub(super) struct Draft<'a> {
    pub entity: &'a Entity,
    pub doc: String,
    pub shown: ModelId,
    pub received: Option<ModelId>,
    pub columns: Vec<ColumnDraft>,
    pub primary_key: Vec<usize>,
    pub unique: Vec<Index>,
    pub indices: Vec<Index>,
    pub relations: Vec<relation::Draft>,
}

impl Draft<'_> {
    /// The column that the extension calls `key`.
    pub(super) fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|draft| draft.key == key)
    }

    /// Whether no two rows have the same value in this column.
    pub(super) fn is_unique(&self, column: usize) -> bool {
        let alone = |columns: &[usize]| columns == [column];
        alone(&self.primary_key) || self.unique.iter().any(|index| alone(&index.columns))
    }

    /// Whether a key or an index begins with this column.
    pub(super) fn is_indexed(&self, column: usize) -> bool {
        let begins = |columns: &[usize]| columns.first() == Some(&column);
        let mut indices = self.unique.iter().chain(&self.indices);
        begins(&self.primary_key) || indices.any(|index| begins(&index.columns))
    }
}

/// A table for each entity, in their order.
pub(super) fn drafts<'a>(
    document: &'a Document,
    entities: &'a [Entity],
    api: &'a Api,
    findings: &mut Findings,
) -> Vec<Draft<'a>> {
    tell_doubles(entities, findings);
    entities.iter().filter_map(|entity| draft(document, entity, api, findings)).collect()
}

/// Tells tables that two entities share; databases do not tell `Tasks` from `tasks`.
fn tell_doubles(entities: &[Entity], findings: &mut Findings) {
    for (at, entity) in entities.iter().enumerate() {
        let table = &entity.table;
        let is_same = |other: &&Entity| other.table.text.eq_ignore_ascii_case(&table.text);
        let Some(first) = entities[..at].iter().find(is_same) else { continue };
        let message = format!("`{}` and `{}` are both the table `{}`", first.name, entity.name, table.text);
        let finding = findings.add(&codes::TABLE_TWICE, table.span, message);
        finding.notes.push((first.table.span, "the other one".to_owned()));
    }
}

fn draft<'a>(
    document: &'a Document,
    entity: &'a Entity,
    api: &'a Api,
    findings: &mut Findings,
) -> Option<Draft<'a>> {
    let place = document.schema(document.target(entity.schema)).span;
    let (shown, received) = models(api, place);
    let Some(shown) = shown.filter(|id| column::record(api, Some(*id)).is_some()) else {
        let message = format!("`{}` is no object with properties", entity.name);
        findings.add(&codes::ENTITY_PLACE, entity.span, message);
        return None;
    };
    let scope = Scope { document, api, entity, shown, received };
    let columns = column::columns(&scope, findings);
    let mut draft = Draft {
        entity,
        doc: api.models.get(shown.0 as usize).map(|model| model.doc.clone()).unwrap_or_default(),
        shown,
        received,
        columns,
        primary_key: Vec::new(),
        unique: Vec::new(),
        indices: Vec::new(),
        relations: Vec::new(),
    };
    key::keys(&mut draft, findings);
    Some(draft)
}

/// What clients see of a schema, and what they send of it where that is another model: the second of its models.
fn models(api: &Api, place: Span) -> (Option<ModelId>, Option<ModelId>) {
    let named = api.models.iter().enumerate().filter(|(_, model)| model.named && model.span == place);
    let mut ids = named.map(|(at, _)| ModelId(u32::try_from(at).unwrap_or(u32::MAX)));
    (ids.next(), ids.next())
}

/// The tables as they are created; which columns lead to which is known.
pub(super) fn finish(drafts: Vec<Draft<'_>>, findings: &mut Findings) -> Vec<Table> {
    let need = |draft: &Draft<'_>| -> Vec<Need> {
        let relations = draft.relations.iter();
        let needs = relations.map(|relation| Need {
            table: relation.table,
            nullable: draft.columns[relation.column].column.nullable,
        });
        needs.collect()
    };
    let needs: Vec<Vec<Need>> = drafts.iter().map(need).collect();
    let order = match order::order(&needs) {
        Ok(order) => order,
        Err(circle) => {
            tell_circle(&drafts, &circle, findings);
            return Vec::new();
        }
    };
    let mut ranks = vec![0; order.len()];
    for (rank, at) in order.iter().enumerate() {
        ranks[*at] = rank;
    }
    let mut tables: Vec<(usize, Table)> =
        drafts.into_iter().zip(&ranks).map(|(draft, rank)| (*rank, table(draft, *rank, &ranks))).collect();
    tables.sort_by_key(|(rank, _)| *rank);
    tables.into_iter().map(|(_, table)| table).collect()
}

/// Tells a circle at its first table, with the others beside it.
fn tell_circle(drafts: &[Draft<'_>], circle: &[usize], findings: &mut Findings) {
    let Some((first, rest)) = circle.split_first() else { return };
    let names: Vec<String> =
        circle.iter().chain([first]).map(|at| format!("`{}`", drafts[*at].entity.table.text)).collect();
    let message = format!("no row can be the first: {}", names.join(" needs "));
    let finding = findings.add(&codes::RELATION_CIRCLE, drafts[*first].entity.table.span, message);
    for at in rest {
        finding.notes.push((drafts[*at].entity.table.span, "another table of the circle".to_owned()));
    }
}

fn table(draft: Draft<'_>, rank: usize, ranks: &[usize]) -> Table {
    let entity = draft.entity;
    let name = entity.table.text.to_string();
    let foreign_keys =
        draft.relations.into_iter().map(|relation| relation.key(&name, rank, ranks, &draft.columns));
    let foreign_keys = foreign_keys.collect();
    let primary_key = Index { name: sql::constraint(&name, &[], "pkey"), columns: draft.primary_key };
    Table {
        name,
        module: Name::new(&*entity.name),
        doc: draft.doc,
        shown: draft.shown,
        received: draft.received,
        columns: draft.columns.into_iter().map(|draft| draft.column).collect(),
        primary_key,
        unique: draft.unique,
        indices: draft.indices,
        foreign_keys,
        ignored: entity.ignore.iter().map(|word| word.text.to_string()).collect(),
    }
}

/// Whether a column's value is the next number.
pub(super) fn counts(draft: &ColumnDraft) -> bool {
    draft.column.generated == Some(Generated::AutoIncrement)
}
