//! A file that belongs to a task. Its bytes are in the folder of uploads.

use photon_runtime::db::sea_orm::{self, entity::prelude::*};

use crate::example::models::Attachment;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "attachments")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub task_id: i64,
    pub name: String,
    pub media_type: String,
    pub bytes: i64,
    pub note: Option<String>,
    /// What its content is called among the uploads.
    pub content: String,
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: HasOne<super::task::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for Attachment {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            task: row.task_id,
            name: row.name,
            media_type: row.media_type,
            bytes: row.bytes,
            note: row.note,
        }
    }
}
