//! Tables of a document: what `x-photon-entity` says, and what models say already.
//!
//! `read` makes words of the extension, the rest tables of words and models. Knows the document and the IR. Must not know tokens, nor any
//! database's own words. `entity.md` is the page for users.

mod column;
mod key;
mod kind;
mod order;
mod property;
mod read;
pub(crate) mod record;
mod relation;
mod sql;
mod table;
#[cfg(test)]
mod tests;
mod vocabulary;

use crate::finding::Findings;
use crate::ir::{Api, Table};
use crate::schema::SchemaId;
use crate::spec::Document;
pub(crate) use vocabulary::Entity;

/// What the document says of tables, in the order of its components; what is wrong is told.
pub(crate) fn read(document: &Document, findings: &mut Findings) -> Vec<Entity> {
    read::read(document, findings)
}

/// The schemas that entities are made of: their models must be there when [`tables`] is called.
pub(crate) fn schemas(entities: &[Entity]) -> impl Iterator<Item = SchemaId> {
    entities.iter().map(|entity| entity.schema)
}

/// The tables of `entities` in the order of their creation. Where something is wrong with them it is told, and the run
/// ends in an error: then the tables are of no use.
pub(crate) fn tables(
    document: &Document,
    entities: &[Entity],
    api: &Api,
    findings: &mut Findings,
) -> Vec<Table> {
    let mut drafts = table::drafts(document, entities, api, findings);
    relation::connect(&mut drafts, findings);
    table::finish(drafts, findings)
}
