//! What the work is for.

use photon_runtime::db::sea_orm::{self, entity::prelude::*};

use crate::example::models::Project;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "projects")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique)]
    pub key: String,
    pub name: String,
    pub description: Option<String>,
    /// Name and description in lower case, for the search.
    pub words: String,
    pub owner_id: i64,
    pub archived: bool,
    pub created_at: DateTimeWithTimeZone,
    #[sea_orm(belongs_to, from = "owner_id", to = "id")]
    pub owner: HasOne<super::user::Entity>,
    #[sea_orm(has_many)]
    pub tasks: HasMany<super::task::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The project as clients see it, with how many of its tasks are not done.
    pub(crate) fn with_open_tasks(self, open_tasks: i64) -> Project {
        Project {
            id: self.id,
            key: self.key,
            name: self.name,
            description: self.description,
            owner: self.owner_id,
            archived: self.archived,
            open_tasks,
            created_at: self.created_at,
        }
    }
}
