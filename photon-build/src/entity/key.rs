//! Keys and indices of a table.
//!
//! Knows its columns. Must not know other tables.

use super::sql;
use super::table::{Draft, counts};
use super::vocabulary::Word;
use crate::codes;
use crate::finding::Findings;
use crate::ir::{ColumnType, Generated, Index};
use crate::nearest::nearest;

/// The primary key where none is named.
const ID: &str = "id";

/// Finds the columns of all keys and indices, and tells those that cannot be in one.
pub(super) fn keys(draft: &mut Draft<'_>, findings: &mut Findings) {
    let entity = draft.entity;
    draft.primary_key = primary_key(draft, findings);
    generate(draft);
    draft.unique = entity.unique.iter().filter_map(|words| index(draft, words, "key", findings)).collect();
    draft.indices = entity.index.iter().filter_map(|words| index(draft, words, "idx", findings)).collect();
    tell_counters(draft, findings);
}

fn primary_key(draft: &Draft<'_>, findings: &mut Findings) -> Vec<usize> {
    let entity = draft.entity;
    let key = match &entity.primary_key {
        Some(words) => columns(draft, words, findings),
        None => draft.column(ID).into_iter().collect(),
    };
    if key.is_empty() && entity.primary_key.is_none() {
        let message = format!("`{}` has no primary key", entity.table.text);
        findings.add(&codes::PRIMARY_KEY, entity.span, message);
    }
    for at in &key {
        let column = &draft.columns[*at];
        if column.column.nullable {
            let message = format!("`{}` is in the primary key, and may be absent or `null`", column.key);
            let finding = findings.add(&codes::KEY_COLUMN, column.span, message);
            finding.help = Some("list the property in `required`, without `null` among its types".to_owned());
        }
    }
    key
}

/// A primary key of one integer counts, one of a UUID is drawn, unless it says otherwise or refers to something.
fn generate(draft: &mut Draft<'_>) {
    let [at] = draft.primary_key[..] else { return };
    let detail = draft.entity.columns.iter().find(|detail| *detail.key.text == *draft.columns[at].key);
    if detail.is_some_and(|detail| detail.references.is_some() || detail.default.is_some()) {
        return;
    }
    let column = &mut draft.columns[at].column;
    column.generated = column.generated.or(match column.ty {
        ColumnType::Uuid => Some(Generated::Uuid),
        ty if ty.is_integer() && column.check.is_none() => Some(Generated::AutoIncrement),
        _ => None,
    });
}

/// Databases count only in a primary key of one column.
fn tell_counters(draft: &Draft<'_>, findings: &mut Findings) {
    for (at, column) in draft.columns.iter().enumerate() {
        if counts(column) && draft.primary_key[..] != [at] {
            let message = format!("`{}` is `autoIncrement`, and not the primary key", column.key);
            findings.add(&codes::COLUMN_DETAIL, column.span, message);
        }
    }
}

fn index(draft: &Draft<'_>, words: &[Word], kind: &str, findings: &mut Findings) -> Option<Index> {
    let columns = columns(draft, words, findings);
    (!columns.is_empty()).then(|| named(draft, columns, kind))
}

/// The index of these columns, by the name that it has.
pub(super) fn named(draft: &Draft<'_>, columns: Vec<usize>, kind: &str) -> Index {
    let names: Vec<&str> = columns.iter().map(|at| draft.columns[*at].column.name.as_str()).collect();
    Index { name: sql::constraint(&draft.entity.table.text, &names, kind), columns }
}

/// The columns that are meant, each once; those that there are not, or that cannot be in a key, are told.
fn columns(draft: &Draft<'_>, words: &[Word], findings: &mut Findings) -> Vec<usize> {
    let mut found = Vec::new();
    for word in words {
        let Some(at) = draft.column(&word.text) else {
            tell_unknown(draft, word, findings);
            continue;
        };
        let ty = draft.columns[at].column.ty;
        if found.contains(&at) {
            let message = format!("`{}` stands twice in one key", word.text);
            findings.add(&codes::KEY_COLUMN, word.span, message);
        } else if ty.is_key() {
            found.push(at);
        } else {
            let message = format!("`{}` is `{}`", word.text, super::vocabulary::type_word(ty));
            findings.add(&codes::KEY_COLUMN, word.span, message);
        }
    }
    found
}

pub(super) fn tell_unknown(draft: &Draft<'_>, word: &Word, findings: &mut Findings) {
    let message = format!("`{}` has no column `{}`", draft.entity.table.text, word.text);
    let finding = findings.add(&codes::COLUMN_UNKNOWN, word.span, message);
    let known = draft.columns.iter().map(|column| column.key.as_str());
    if let Some(meant) = nearest(&word.text, known) {
        finding.help = Some(format!("did you mean `{meant}`?"));
    }
}
