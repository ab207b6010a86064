//! A piece of work.

use photon_runtime::db::sea_orm::{self, entity::prelude::*};

use crate::example::models;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tasks")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub project_id: i64,
    pub title: String,
    pub body: Option<String>,
    /// Title and body in lower case, for the search.
    pub words: String,
    pub status: Status,
    pub priority: Option<Priority>,
    pub assignee_id: Option<i64>,
    pub due_on: Option<Date>,
    /// A JSON array of texts.
    pub labels: Json,
    pub estimate: Option<f64>,
    /// One more with each change: who changes a task may say which state they saw.
    pub version: i64,
    pub created_at: DateTimeWithTimeZone,
    pub updated_at: DateTimeWithTimeZone,
    #[sea_orm(belongs_to, from = "project_id", to = "id")]
    pub project: HasOne<super::project::Entity>,
    #[sea_orm(belongs_to, from = "assignee_id", to = "id")]
    pub assignee: HasOne<super::user::Entity>,
    #[sea_orm(has_many)]
    pub comments: HasMany<super::comment::Entity>,
    #[sea_orm(has_many)]
    pub attachments: HasMany<super::attachment::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

/// How far a task is, as it is kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Status {
    #[sea_orm(string_value = "todo")]
    Todo,
    #[sea_orm(string_value = "doing")]
    Doing,
    #[sea_orm(string_value = "done")]
    Done,
}

/// How much a task matters, as it is kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "i16", db_type = "SmallInteger")]
pub enum Priority {
    N1 = 1,
    N2 = 2,
    N3 = 3,
}

/// The kept enum and that of the document, each from the other.
macro_rules! same {
    ($kept:ident = $model:path: $($variant:ident)*) => {
        impl From<$kept> for $model {
            fn from(kept: $kept) -> Self {
                match kept {
                    $($kept::$variant => Self::$variant,)*
                }
            }
        }

        impl From<$model> for $kept {
            fn from(model: $model) -> Self {
                match model {
                    $(<$model>::$variant => Self::$variant,)*
                }
            }
        }
    };
}

same! { Status = models::TaskStatus: Todo Doing Done }
same! { Priority = models::Priority: N1 N2 N3 }

impl From<Model> for models::Task {
    fn from(row: Model) -> Self {
        let labels = row.labels.as_array().into_iter().flatten();
        Self {
            id: row.id,
            project: row.project_id,
            title: row.title,
            body: row.body,
            status: row.status.into(),
            priority: row.priority.map(Into::into),
            assignee: row.assignee_id,
            due_on: row.due_on,
            labels: labels.filter_map(Json::as_str).map(str::to_owned).collect(),
            estimate: row.estimate,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
