//! The work itself.

use std::cmp::Reverse;

use photon_runtime::Context;

use crate::app::App;
use crate::example::models::{ProjectEventKind, Task, TaskOrder, TaskPage};
use crate::example::{
    CreateTask, CreateTaskCreated, CreateTaskError, DeleteTask, DeleteTaskError, GetTask, GetTaskError,
    ListTasks, ListTasksError, TasksApi, UpdateTask, UpdateTaskError,
};
use crate::handlers::{after, cursor, length};
use crate::store::Refusal;

impl TasksApi for App {
    fn list_tasks(&self, _cx: &Context, req: ListTasks) -> Result<TaskPage, ListTasksError> {
        let wanted = |task: &Task| {
            req.status.as_ref().is_none_or(|any| any.contains(&task.status))
                && req.assignee.is_none_or(|user| task.assignee == Some(user))
        };
        let mut tasks = self.store.tasks(req.project_id, wanted)?;
        sort(&mut tasks, req.sort);

        // A cursor is how many tasks of this order were seen.
        let seen = usize::try_from(after(req.cursor.as_deref())?).unwrap_or_default();
        let end = seen.saturating_add(length(req.limit));
        let next = (end < tasks.len()).then(|| i64::try_from(end).unwrap_or(i64::MAX));
        let items = tasks.into_iter().skip(seen).take(end - seen).collect();
        Ok(TaskPage { items, next_cursor: cursor(next) })
    }

    fn create_task(&self, _cx: &Context, req: CreateTask) -> Result<CreateTaskCreated, CreateTaskError> {
        let task = self.store.add_task(req.project_id, req.body)?;
        self.feed.tell(task.project, task.id, ProjectEventKind::TaskCreated);
        Ok(CreateTaskCreated { location: format!("/api/v1/tasks/{}", task.id), body: task })
    }

    fn get_task(&self, _cx: &Context, req: GetTask) -> Result<Task, GetTaskError> {
        Ok(self.store.task(req.task_id)?)
    }

    fn update_task(&self, _cx: &Context, req: UpdateTask) -> Result<Task, UpdateTaskError> {
        let task = self.store.change_task(req.task_id, req.body)?;
        self.feed.tell(task.project, task.id, ProjectEventKind::TaskChanged);
        Ok(task)
    }

    fn delete_task(&self, _cx: &Context, req: DeleteTask) -> Result<(), DeleteTaskError> {
        let project = self.store.delete_task(req.task_id)?;
        self.feed.tell(project, req.task_id, ProjectEventKind::TaskDeleted);
        Ok(())
    }
}

/// Tasks come oldest first; what has no date or priority comes last.
fn sort(tasks: &mut [Task], order: TaskOrder) {
    match order {
        TaskOrder::Created => {}
        TaskOrder::MinusCreated => tasks.sort_by_key(|task| Reverse(task.id)),
        TaskOrder::Priority => tasks.sort_by_key(|task| (task.priority.is_none(), task.priority)),
        TaskOrder::Due => tasks.sort_by_key(|task| (task.due_on.is_none(), task.due_on)),
    }
}

impl From<Refusal> for ListTasksError {
    fn from(refusal: Refusal) -> Self {
        Self::not_found(refusal.to_string())
    }
}

impl From<Refusal> for UpdateTaskError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Done => Self::conflict(refusal.to_string()),
            _ => Self::not_found(refusal.to_string()),
        }
    }
}
