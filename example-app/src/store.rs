//! What is kept, in memory but for the contents of files: everything a handler asks of the data stands here.
//!
//! Knows the document's models, no HTTP: a method says what went wrong as a [`Refusal`], a handler says what that is
//! to a client.

use std::collections::BTreeMap;
use std::fmt;

use photon_runtime::NotFound;
use photon_runtime::sync::RwLock;
use photon_runtime::types::{Patch, now};

use crate::example::models::{
    Attachment, Comment, NewProject, NewTask, NewUser, Project, ProjectChange, Task, TaskChange, TaskStatus,
    User,
};
use crate::uploads::Content;

/// The data, behind one lock: no method waits while it holds it.
#[derive(Debug, Default)]
pub(crate) struct Store {
    tables: RwLock<Tables>,
}

#[derive(Debug, Default)]
struct Tables {
    last_id: i64,
    users: BTreeMap<i64, User>,
    tokens: BTreeMap<String, i64>,
    projects: BTreeMap<i64, Project>,
    tasks: BTreeMap<i64, Task>,
    comments: BTreeMap<i64, Comment>,
    attachments: BTreeMap<i64, (Attachment, Content)>,
}

/// Why a change was not made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// There is nothing of this kind and id.
    Missing(&'static str, i64),
    /// Only the owner may.
    NotYours,
    /// Somebody has it already.
    Taken(String),
    /// The task is done.
    Done,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(kind, id) => write!(f, "there is no {kind} {id}"),
            Self::NotYours => f.write_str("only its owner may do this"),
            Self::Taken(what) => write!(f, "{what} is taken"),
            Self::Done => f.write_str("this task is done: set its status first"),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for NotFound {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.to_string())
    }
}

/// A page of a list: items with an id above `after`, at most `limit`, and the id to go on from.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<i64>,
}

impl<T: Clone> Page<T> {
    fn of<'t>(rows: impl Iterator<Item = (i64, &'t T)>, after: i64, limit: usize) -> Self
    where
        T: 't,
    {
        let mut rows = rows.filter(|(id, _)| *id > after);
        let mut page = Self { items: Vec::new(), next: None };
        let mut last = after;
        for (id, row) in rows.by_ref().take(limit) {
            page.items.push(row.clone());
            last = id;
        }
        page.next = rows.next().map(|_| last);
        page
    }
}

impl Tables {
    fn next_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    fn project(&mut self, id: i64) -> Result<&mut Project, Refusal> {
        self.projects.get_mut(&id).ok_or(Refusal::Missing("project", id))
    }

    fn owned_project(&mut self, id: i64, user: i64) -> Result<&mut Project, Refusal> {
        let project = self.project(id)?;
        if project.owner == user { Ok(project) } else { Err(Refusal::NotYours) }
    }

    fn count_open(&mut self, project: i64) {
        let open = self
            .tasks
            .values()
            .filter(|task| task.project == project && task.status != TaskStatus::Done)
            .count();
        if let Some(project) = self.projects.get_mut(&project) {
            project.open_tasks = i64::try_from(open).unwrap_or(i64::MAX);
        }
    }

    fn drop_task(&mut self, id: i64) {
        self.tasks.remove(&id);
        self.comments.retain(|_, comment| comment.task != id);
        self.attachments.retain(|_, (attachment, _)| attachment.task != id);
    }
}

/// Users.
impl Store {
    pub(crate) fn add_user(&self, new: NewUser, token: String) -> Result<User, Refusal> {
        let mut tables = self.tables.write();
        if tables.users.values().any(|user| user.email.eq_ignore_ascii_case(&new.email)) {
            return Err(Refusal::Taken(new.email));
        }
        let user = User { id: tables.next_id(), name: new.name, email: new.email, created_at: now() };
        tables.tokens.insert(token, user.id);
        tables.users.insert(user.id, user.clone());
        Ok(user)
    }

    pub(crate) fn user(&self, id: i64) -> Result<User, Refusal> {
        self.tables.read().users.get(&id).cloned().ok_or(Refusal::Missing("user", id))
    }

    pub(crate) fn users(&self, after: i64, limit: usize) -> Page<User> {
        Page::of(self.tables.read().users.iter().map(|(id, user)| (*id, user)), after, limit)
    }

    pub(crate) fn user_of_token(&self, token: &str) -> Option<i64> {
        self.tables.read().tokens.get(token).copied()
    }
}

/// Projects.
impl Store {
    pub(crate) fn add_project(&self, new: NewProject, owner: i64) -> Result<Project, Refusal> {
        let mut tables = self.tables.write();
        if tables.projects.values().any(|project| project.key == new.key) {
            return Err(Refusal::Taken(new.key));
        }
        let project = Project {
            id: tables.next_id(),
            key: new.key,
            name: new.name,
            description: new.description,
            owner,
            archived: false,
            open_tasks: 0,
            created_at: now(),
        };
        tables.projects.insert(project.id, project.clone());
        Ok(project)
    }

    pub(crate) fn project(&self, id: i64) -> Result<Project, Refusal> {
        self.tables.read().projects.get(&id).cloned().ok_or(Refusal::Missing("project", id))
    }

    pub(crate) fn projects(&self, archived: bool, after: i64, limit: usize) -> Page<Project> {
        let tables = self.tables.read();
        let rows = tables.projects.iter().filter(|(_, project)| archived || !project.archived);
        Page::of(rows.map(|(id, project)| (*id, project)), after, limit)
    }

    pub(crate) fn change_project(
        &self,
        id: i64,
        user: i64,
        change: ProjectChange,
    ) -> Result<Project, Refusal> {
        let mut tables = self.tables.write();
        let project = tables.owned_project(id, user)?;
        if let Some(name) = change.name {
            project.name = name;
        }
        apply(&mut project.description, change.description);
        if let Some(archived) = change.archived {
            project.archived = archived;
        }
        Ok(project.clone())
    }

    pub(crate) fn delete_project(&self, id: i64, user: i64) -> Result<(), Refusal> {
        let mut tables = self.tables.write();
        tables.owned_project(id, user)?;
        let tasks: Vec<i64> =
            tables.tasks.values().filter(|task| task.project == id).map(|task| task.id).collect();
        for task in tasks {
            tables.drop_task(task);
        }
        tables.projects.remove(&id);
        Ok(())
    }
}

/// Tasks.
impl Store {
    pub(crate) fn add_task(&self, project: i64, new: NewTask) -> Result<Task, Refusal> {
        let mut tables = self.tables.write();
        tables.project(project)?;
        if let Some(assignee) = new.assignee.filter(|user| !tables.users.contains_key(user)) {
            return Err(Refusal::Missing("user", assignee));
        }
        let (id, at) = (tables.next_id(), now());
        let task = Task {
            id,
            project,
            title: new.title,
            body: new.body,
            status: TaskStatus::Todo,
            priority: new.priority,
            assignee: new.assignee,
            due_on: new.due_on,
            labels: new.labels.unwrap_or_default(),
            estimate: new.estimate,
            created_at: at,
            updated_at: at,
        };
        tables.tasks.insert(id, task.clone());
        tables.count_open(project);
        Ok(task)
    }

    pub(crate) fn task(&self, id: i64) -> Result<Task, Refusal> {
        self.tables.read().tasks.get(&id).cloned().ok_or(Refusal::Missing("task", id))
    }

    /// The tasks of a project that `wanted` wants, oldest first.
    pub(crate) fn tasks(&self, project: i64, wanted: impl Fn(&Task) -> bool) -> Result<Vec<Task>, Refusal> {
        let tables = self.tables.read();
        if !tables.projects.contains_key(&project) {
            return Err(Refusal::Missing("project", project));
        }
        Ok(tables.tasks.values().filter(|task| task.project == project && wanted(task)).cloned().collect())
    }

    pub(crate) fn change_task(&self, id: i64, change: TaskChange) -> Result<Task, Refusal> {
        let mut tables = self.tables.write();
        if let Patch::Value(assignee) = &change.assignee
            && !tables.users.contains_key(assignee)
        {
            return Err(Refusal::Missing("user", *assignee));
        }
        let task = tables.tasks.get_mut(&id).ok_or(Refusal::Missing("task", id))?;
        if task.status == TaskStatus::Done && change.status.is_none() {
            return Err(Refusal::Done);
        }
        if let Some(title) = change.title {
            task.title = title;
        }
        apply(&mut task.body, change.body);
        apply(&mut task.assignee, change.assignee);
        apply(&mut task.due_on, change.due_on);
        if let Some(status) = change.status {
            task.status = status;
        }
        if let Some(labels) = change.labels {
            task.labels = labels;
        }
        task.updated_at = now();
        let task = task.clone();
        tables.count_open(task.project);
        Ok(task)
    }

    /// Deletes a task, and returns its project.
    pub(crate) fn delete_task(&self, id: i64) -> Result<i64, Refusal> {
        let mut tables = self.tables.write();
        let project = tables.tasks.get(&id).ok_or(Refusal::Missing("task", id))?.project;
        tables.drop_task(id);
        tables.count_open(project);
        Ok(project)
    }
}

/// Comments and attachments.
impl Store {
    pub(crate) fn add_comment(&self, task: i64, author: i64, text: String) -> Result<Comment, Refusal> {
        let mut tables = self.tables.write();
        if !tables.tasks.contains_key(&task) {
            return Err(Refusal::Missing("task", task));
        }
        let comment = Comment { id: tables.next_id(), task, author, text, created_at: now() };
        tables.comments.insert(comment.id, comment.clone());
        Ok(comment)
    }

    pub(crate) fn comments(&self, task: i64) -> Result<Vec<Comment>, Refusal> {
        self.task(task)?;
        Ok(self.tables.read().comments.values().filter(|comment| comment.task == task).cloned().collect())
    }

    pub(crate) fn attach(&self, mut attachment: Attachment, content: Content) -> Result<Attachment, Refusal> {
        let mut tables = self.tables.write();
        if !tables.tasks.contains_key(&attachment.task) {
            return Err(Refusal::Missing("task", attachment.task));
        }
        attachment.id = tables.next_id();
        tables.attachments.insert(attachment.id, (attachment.clone(), content));
        Ok(attachment)
    }

    pub(crate) fn attachments(&self, task: i64) -> Result<Vec<Attachment>, Refusal> {
        self.task(task)?;
        let tables = self.tables.read();
        let rows = tables.attachments.values().map(|(attachment, _)| attachment);
        Ok(rows.filter(|attachment| attachment.task == task).cloned().collect())
    }

    pub(crate) fn attachment(&self, id: i64) -> Result<(Attachment, Content), Refusal> {
        self.tables.read().attachments.get(&id).cloned().ok_or(Refusal::Missing("attachment", id))
    }
}

/// Search.
impl Store {
    /// What `wanted` wants of all projects, tasks and comments.
    pub(crate) fn find(&self, wanted: impl Fn(&str) -> bool) -> (Vec<Project>, Vec<Task>, Vec<Comment>) {
        let tables = self.tables.read();
        let text = |parts: [Option<&str>; 2]| parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let projects =
            tables.projects.values().filter(|p| wanted(&text([Some(&p.name), p.description.as_deref()])));
        let tasks = tables.tasks.values().filter(|t| wanted(&text([Some(&t.title), t.body.as_deref()])));
        let comments = tables.comments.values().filter(|c| wanted(&c.text));
        (projects.cloned().collect(), tasks.cloned().collect(), comments.cloned().collect())
    }
}

/// RFC 7396: `null` clears, absence leaves.
fn apply<T>(slot: &mut Option<T>, change: Patch<T>) {
    match change {
        Patch::Absent => {}
        Patch::Null => *slot = None,
        Patch::Value(value) => *slot = Some(value),
    }
}
