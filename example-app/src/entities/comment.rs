//! Something said about a task.

use photon_runtime::db::sea_orm::{self, entity::prelude::*};

use crate::example::models::Comment;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "comments")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub task_id: i64,
    pub author_id: i64,
    pub text: String,
    /// The text in lower case, for the search.
    pub words: String,
    pub created_at: DateTimeWithTimeZone,
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: HasOne<super::task::Entity>,
    #[sea_orm(belongs_to, from = "author_id", to = "id")]
    pub author: HasOne<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for Comment {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            task: row.task_id,
            author: row.author_id,
            text: row.text,
            created_at: row.created_at,
        }
    }
}
