//! Someone who works here.

use photon_runtime::db::sea_orm::{self, entity::prelude::*};

use crate::example::models::User;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub email: String,
    /// The address in lower case: no two users share one.
    #[sea_orm(unique)]
    pub email_key: String,
    #[sea_orm(unique)]
    pub token: String,
    pub created_at: DateTimeWithTimeZone,
    #[sea_orm(has_many)]
    pub projects: HasMany<super::project::Entity>,
    #[sea_orm(has_many)]
    pub tasks: HasMany<super::task::Entity>,
    #[sea_orm(has_many)]
    pub comments: HasMany<super::comment::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for User {
    fn from(row: Model) -> Self {
        Self { id: row.id, name: row.name, email: row.email, created_at: row.created_at }
    }
}
