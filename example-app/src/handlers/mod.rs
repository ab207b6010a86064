//! What the application does, one file a tag of the document.

mod attachments;
mod comments;
mod projects;
mod search;
mod tasks;
mod users;

use photon_runtime::NotFound;
use photon_runtime::db::sea_orm::{ActiveValue, EntityTrait, PrimaryKeyTrait, sea_query};
use photon_runtime::db::{ConnectionTrait, DbErr, Wait as _};
use photon_runtime::types::Patch;

/// The row of this id, or the 404 of any operation that declares one.
fn found<E, X>(db: &impl ConnectionTrait, id: i64) -> Result<E::Model, X>
where
    E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = i64>>,
    X: From<DbErr> + From<NotFound>,
{
    let row = E::find_by_id(id).one(db).wait()?;
    Ok(row.ok_or_else(|| missing(&E::default(), id))?)
}

fn missing(entity: &impl EntityTrait, id: i64) -> NotFound {
    NotFound::new(format!("there is no {id} among the {}", entity.table_name()))
}

/// RFC 7396: `null` clears, absence leaves.
fn apply<T>(column: &mut ActiveValue<Option<T>>, change: Patch<T>)
where
    Option<T>: Into<sea_query::Value>,
{
    match change {
        Patch::Absent => {}
        Patch::Null => *column = ActiveValue::Set(None),
        Patch::Value(value) => *column = ActiveValue::Set(Some(value)),
    }
}
