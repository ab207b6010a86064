//! The work itself.

use photon_runtime::db::sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    ModelTrait as _, QueryFilter as _, QuerySelect as _,
};
use photon_runtime::db::{DbErr, Tx, Wait as _};
use photon_runtime::types::{Patch, now, serde_json};
use photon_runtime::{Context, Etag, HeaderValue, NotFound, ResultExt as _};

use crate::app::App;
use crate::entities::{attachment, project, task, user};
use crate::example::models::{ProjectEventKind, Task, TaskChange, TaskPage};
use crate::example::{
    CreateTask, CreateTaskCreated, CreateTaskError, DeleteTask, DeleteTaskError, GetTask, GetTaskError,
    ListTasks, ListTasksError, TasksApi, UpdateTask, UpdateTaskError,
};
use crate::handlers::{apply, found, missing};
use crate::paging::{after, asked, cut, task_cursor, tasks_after};
use crate::texts::{kept, words};

impl TasksApi for App {
    fn list_tasks(&self, _cx: &Context, req: ListTasks) -> Result<TaskPage, ListTasksError> {
        let project = found::<project::Entity, ListTasksError>(&self.db, req.project_id)?;
        let mut query = task::Entity::find().filter(task::Column::ProjectId.eq(project.id));
        if let Some(any) = req.status {
            query = query.filter(task::Column::Status.is_in(any.into_iter().map(task::Status::from)));
        }
        if let Some(user) = req.assignee {
            query = query.filter(task::Column::AssigneeId.eq(user));
        }
        let query = tasks_after(query, req.sort, after(req.cursor.as_deref())?);
        let rows = query.limit(asked(req.limit)).all(&self.db).wait()?;
        let (rows, next_cursor) = cut(rows, req.limit, |task| task_cursor(task, req.sort));
        Ok(TaskPage { items: rows.into_iter().map(Task::from).collect(), next_cursor })
    }

    fn create_task(&self, _cx: &Context, req: CreateTask) -> Result<CreateTaskCreated, CreateTaskError> {
        let project = found::<project::Entity, CreateTaskError>(&self.db, req.project_id)?;
        let (new, at) = (req.body, now());
        let (title, body) = (kept(new.title), new.body.map(kept));
        let row = task::ActiveModel {
            project_id: Set(project.id),
            words: Set(words([Some(&*title), body.as_deref()].into_iter().flatten())),
            title: Set(title),
            body: Set(body),
            status: Set(task::Status::Todo),
            priority: Set(new.priority.map(Into::into)),
            // Nobody of this id is a 404: so the database's error is answered.
            assignee_id: Set(new.assignee),
            due_on: Set(new.due_on),
            labels: Set(labels(new.labels.unwrap_or_default())),
            estimate: Set(new.estimate),
            version: Set(1),
            created_at: Set(at),
            updated_at: Set(at),
            ..Default::default()
        };
        let task = Task::from(row.insert(&self.db).wait()?);
        self.feed.tell(task.project, task.id, ProjectEventKind::TaskCreated);
        Ok(CreateTaskCreated { location: format!("/api/v1/tasks/{}", task.id), body: task })
    }

    fn get_task(&self, cx: &Context, req: GetTask) -> Result<Task, GetTaskError> {
        let task = found::<task::Entity, GetTaskError>(&self.db, req.task_id)?;
        cx.precondition(Etag::strong(task.version))?;
        Ok(task.into())
    }

    fn update_task(&self, cx: &Context, req: UpdateTask) -> Result<Task, UpdateTaskError> {
        let task = self.db.transaction(|tx| -> Result<_, UpdateTaskError> {
            let task: task::Model = locked::<UpdateTaskError>(tx, req.task_id)?;
            cx.precondition(Etag::strong(task.version))?;
            if task.status == task::Status::Done && req.body.status.is_none() {
                return Err(UpdateTaskError::conflict("this task is done: set its status first"));
            }
            if let Patch::Value(user) = req.body.assignee {
                found::<user::Entity, UpdateTaskError>(tx, user)?;
            }
            Ok(changed(task, req.body).update(tx).wait()?)
        })?;
        let etag = Etag::strong(task.version).to_string();
        cx.response_headers().insert("etag", HeaderValue::try_from(etag).internal()?);
        self.feed.tell(task.project_id, task.id, ProjectEventKind::TaskChanged);
        Ok(task.into())
    }

    fn delete_task(&self, cx: &Context, req: DeleteTask) -> Result<(), DeleteTaskError> {
        let (project, contents) = self.db.transaction(|tx| -> Result<_, DeleteTaskError> {
            let task: task::Model = locked::<DeleteTaskError>(tx, req.task_id)?;
            cx.precondition(Etag::strong(task.version))?;
            let contents: Vec<String> = task
                .find_related(attachment::Entity)
                .select_only()
                .column(attachment::Column::Content)
                .into_tuple()
                .all(tx)
                .wait()?;
            let project = task.project_id;
            task.delete(tx).wait()?;
            Ok((project, contents))
        })?;
        self.uploads.remove(&contents);
        self.feed.tell(project, req.task_id, ProjectEventKind::TaskDeleted);
        Ok(())
    }
}

/// The task, which nobody else changes until the transaction ends.
fn locked<X: From<DbErr> + From<NotFound>>(tx: &Tx, id: i64) -> Result<task::Model, X> {
    let task = task::Entity::find_by_id(id).lock_exclusive().one(tx).wait()?;
    Ok(task.ok_or_else(|| missing(&task::Entity, id))?)
}

/// The row with what is given changed, and a new version.
fn changed(task: task::Model, change: TaskChange) -> task::ActiveModel {
    let version = task.version;
    let mut row = task.into_active_model();
    if let Some(title) = change.title {
        row.title = Set(kept(title));
    }
    apply(&mut row.body, change.body.map(kept));
    apply(&mut row.assignee_id, change.assignee);
    apply(&mut row.due_on, change.due_on);
    if let Some(status) = change.status {
        row.status = Set(status.into());
    }
    if let Some(new) = change.labels {
        row.labels = Set(labels(new));
    }
    let texts = [Some(&**row.title.as_ref()), row.body.as_ref().as_deref()];
    row.words = Set(words(texts.into_iter().flatten()));
    row.version = Set(version + 1);
    row.updated_at = Set(now());
    row
}

fn labels(labels: Vec<String>) -> serde_json::Value {
    labels.into_iter().map(kept).collect()
}
