//! The tables, step by step: what is applied once stays as it is, and what changes is a step of its own.

use photon_runtime::db::migration::prelude::*;
use photon_runtime::types::now;
use photon_runtime::types::serde_json::json;

/// All steps, in order.
#[derive(Debug)]
pub(crate) struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(Tables), Box::new(FirstLook)]
    }
}

/// Makes the tables.
struct Tables;

impl MigrationName for Tables {
    fn name(&self) -> &'static str {
        "0001_tables"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Tables {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [users(), projects(), tasks(), comments(), attachments()] {
            manager.create_table(table).await?;
        }
        for (table, column) in [
            ("projects", "owner_id"),
            ("tasks", "project_id"),
            ("tasks", "assignee_id"),
            ("comments", "task_id"),
            ("comments", "author_id"),
            ("attachments", "task_id"),
        ] {
            let name = format!("idx_{table}_{column}");
            manager.create_index(Index::create().name(name).table(table).col(column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["attachments", "comments", "tasks", "projects", "users"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn users() -> TableCreateStatement {
    Table::create()
        .table("users")
        .col(id())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("email").text().not_null())
        .col(ColumnDef::new("email_key").text().not_null().unique_key())
        .col(ColumnDef::new("token").text().not_null().unique_key())
        .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
        .take()
}

fn projects() -> TableCreateStatement {
    Table::create()
        .table("projects")
        .col(id())
        .col(ColumnDef::new("key").text().not_null().unique_key())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("description").text())
        .col(ColumnDef::new("words").text().not_null())
        .col(ColumnDef::new("owner_id").big_integer().not_null())
        .col(ColumnDef::new("archived").boolean().not_null())
        .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
        .foreign_key(&mut refers("projects", "owner_id", "users", ForeignKeyAction::Restrict))
        .take()
}

fn tasks() -> TableCreateStatement {
    Table::create()
        .table("tasks")
        .col(id())
        .col(ColumnDef::new("project_id").big_integer().not_null())
        .col(ColumnDef::new("title").text().not_null())
        .col(ColumnDef::new("body").text())
        .col(ColumnDef::new("words").text().not_null())
        .col(ColumnDef::new("status").text().not_null())
        .col(ColumnDef::new("priority").small_integer())
        .col(ColumnDef::new("assignee_id").big_integer())
        .col(ColumnDef::new("due_on").date())
        .col(ColumnDef::new("labels").json().not_null())
        .col(ColumnDef::new("estimate").double())
        .col(ColumnDef::new("version").big_integer().not_null())
        .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("updated_at").timestamp_with_time_zone().not_null())
        .foreign_key(&mut refers("tasks", "project_id", "projects", ForeignKeyAction::Cascade))
        .foreign_key(&mut refers("tasks", "assignee_id", "users", ForeignKeyAction::SetNull))
        .take()
}

fn comments() -> TableCreateStatement {
    Table::create()
        .table("comments")
        .col(id())
        .col(ColumnDef::new("task_id").big_integer().not_null())
        .col(ColumnDef::new("author_id").big_integer().not_null())
        .col(ColumnDef::new("text").text().not_null())
        .col(ColumnDef::new("words").text().not_null())
        .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
        .foreign_key(&mut refers("comments", "task_id", "tasks", ForeignKeyAction::Cascade))
        .foreign_key(&mut refers("comments", "author_id", "users", ForeignKeyAction::Restrict))
        .take()
}

fn attachments() -> TableCreateStatement {
    Table::create()
        .table("attachments")
        .col(id())
        .col(ColumnDef::new("task_id").big_integer().not_null())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("media_type").text().not_null())
        .col(ColumnDef::new("bytes").big_integer().not_null())
        .col(ColumnDef::new("note").text())
        .col(ColumnDef::new("content").text().not_null())
        .foreign_key(&mut refers("attachments", "task_id", "tasks", ForeignKeyAction::Cascade))
        .take()
}

fn id() -> ColumnDef {
    ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key().take()
}

/// A column that holds the id of a row of another table, and what becomes of its row when that one is deleted.
fn refers(
    table: &'static str,
    column: &'static str,
    to: &'static str,
    then: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(to, "id").on_delete(then).take()
}

/// Puts something on the board, for a first look: user 1 holds the token `demo`.
struct FirstLook;

impl MigrationName for FirstLook {
    fn name(&self) -> &'static str {
        "0002_first_look"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for FirstLook {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let at = now();
        let user = Query::insert()
            .into_table("users")
            .columns(["name", "email", "email_key", "token", "created_at"])
            .values_panic([
                "Ada".into(),
                "ada@example.org".into(),
                "ada@example.org".into(),
                "demo".into(),
                at.into(),
            ])
            .take();
        manager.execute(user).await?;
        let project = Query::insert()
            .into_table("projects")
            .columns(["key", "name", "words", "owner_id", "archived", "created_at"])
            .values_panic([
                "WEB".into(),
                "The web site".into(),
                "the web site".into(),
                1.into(),
                false.into(),
                at.into(),
            ])
            .take();
        manager.execute(project).await?;
        let columns = [
            "project_id",
            "title",
            "words",
            "status",
            "assignee_id",
            "labels",
            "version",
            "created_at",
            "updated_at",
        ];
        let mut tasks = Query::insert().into_table("tasks").columns(columns).take();
        for title in ["Choose a name", "Draw the first page", "Tell the world"] {
            tasks.values_panic([
                1.into(),
                title.into(),
                title.to_lowercase().into(),
                "todo".into(),
                1.into(),
                json!([]).into(),
                1.into(),
                at.into(),
                at.into(),
            ]);
        }
        manager.execute(tasks).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // What is on the board is the users' by now.
        Ok(())
    }
}
