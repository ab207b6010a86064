//! What the work is for.

use std::collections::BTreeMap;

use photon_runtime::db::sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _,
    IntoActiveModel as _, ModelTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use photon_runtime::db::{ConnectionTrait, DbErr, Tx, Wait as _};
use photon_runtime::types::now;
use photon_runtime::{Context, Event, Events, Forbidden};

use crate::app::App;
use crate::entities::{attachment, project, task};
use crate::example::models::{Project, ProjectEvent, ProjectPage};
use crate::example::{
    CreateProject, CreateProjectCreated, CreateProjectError, DeleteProject, DeleteProjectError,
    FollowProject, FollowProjectError, GetProject, GetProjectError, ListProjects, ListProjectsError,
    ProjectsApi, UpdateProject, UpdateProjectError,
};
use crate::handlers::{apply, found, missing};
use crate::paging::{after, asked, cut};
use crate::texts::{kept, words};

impl ProjectsApi for App {
    fn list_projects(&self, _cx: &Context, req: ListProjects) -> Result<ProjectPage, ListProjectsError> {
        let later = after(req.cursor.as_deref())?.map(|id| project::Column::Id.gt(id));
        let current = (!req.archived).then(|| project::Column::Archived.eq(false));
        let rows = project::Entity::find()
            .filter(Condition::all().add_option(later).add_option(current))
            .order_by_asc(project::Column::Id)
            .limit(asked(req.limit))
            .all(&self.db)
            .wait()?;
        let (rows, next_cursor) = cut(rows, req.limit, |project| project.id);
        Ok(ProjectPage { items: with_open_tasks(&self.db, rows)?, next_cursor })
    }

    fn create_project(
        &self,
        _cx: &Context,
        req: CreateProject,
    ) -> Result<CreateProjectCreated, CreateProjectError> {
        let (name, description) = (kept(req.body.name), req.body.description.map(kept));
        let project = project::ActiveModel {
            // A key that another project has already is a 409: so the database's error is answered.
            key: Set(req.body.key),
            words: Set(words([Some(&*name), description.as_deref()].into_iter().flatten())),
            name: Set(name),
            description: Set(description),
            owner_id: Set(req.principal.user),
            archived: Set(false),
            created_at: Set(now()),
            ..Default::default()
        };
        let project = project.insert(&self.db).wait()?.with_open_tasks(0);
        Ok(CreateProjectCreated { location: format!("/api/v1/projects/{}", project.id), body: project })
    }

    fn get_project(&self, _cx: &Context, req: GetProject) -> Result<Project, GetProjectError> {
        let project = found::<project::Entity, GetProjectError>(&self.db, req.project_id)?;
        Ok(counted(&self.db, project)?)
    }

    fn update_project(&self, _cx: &Context, req: UpdateProject) -> Result<Project, UpdateProjectError> {
        self.db.transaction(|tx| {
            let mut project = owned(tx, req.project_id, req.principal.user)?.into_active_model();
            if let Some(name) = req.body.name {
                project.name = Set(kept(name));
            }
            apply(&mut project.description, req.body.description.map(kept));
            if let Some(archived) = req.body.archived {
                project.archived = Set(archived);
            }
            let texts = [Some(&**project.name.as_ref()), project.description.as_ref().as_deref()];
            project.words = Set(words(texts.into_iter().flatten()));
            Ok(counted(tx, project.update(tx).wait()?)?)
        })
    }

    fn delete_project(&self, _cx: &Context, req: DeleteProject) -> Result<(), DeleteProjectError> {
        let contents = self.db.transaction(|tx| -> Result<_, DeleteProjectError> {
            let project = owned(tx, req.project_id, req.principal.user)?;
            let contents: Vec<String> = attachment::Entity::find()
                .select_only()
                .column(attachment::Column::Content)
                .inner_join(task::Entity)
                .filter(task::Column::ProjectId.eq(project.id))
                .into_tuple()
                .all(tx)
                .wait()?;
            project.delete(tx).wait()?;
            Ok(contents)
        })?;
        self.uploads.remove(&contents);
        Ok(())
    }

    fn follow_project(
        &self,
        _cx: &Context,
        req: FollowProject,
        mut events: Events<ProjectEvent>,
    ) -> Result<(), FollowProjectError> {
        found::<project::Entity, FollowProjectError>(&self.db, req.project_id)?;
        let after = events.last_id().and_then(|id| id.parse().ok());
        let (missed, coming) = self.feed.follow(after);
        let mut missed = missed.into_iter();
        // Who is too far behind comes back, and is told what was missed then.
        while let Some(happening) = missed.next().map_or_else(|| events.recv(&coming), |it| Ok(Some(it)))? {
            if happening.project == req.project_id {
                let (kind, id) = (happening.event.kind.as_str(), happening.number.to_string());
                events.send_event(Event { name: Some(kind), id: Some(&id) }, &happening.event)?;
            }
        }
        Ok(())
    }
}

/// The project, which nobody else changes until the transaction ends, if it is the caller's.
fn owned(tx: &Tx, id: i64, user: i64) -> Result<project::Model, UpdateProjectError> {
    let project = project::Entity::find_by_id(id).lock_exclusive().one(tx).wait()?;
    let project = project.ok_or_else(|| missing(&project::Entity, id))?;
    if project.owner_id != user {
        return Err(Forbidden::new("only its owner may do this").into());
    }
    Ok(project)
}

fn counted(db: &impl ConnectionTrait, project: project::Model) -> Result<Project, DbErr> {
    let mut projects = with_open_tasks(db, vec![project])?;
    projects.pop().ok_or_else(|| DbErr::RecordNotFound("a project that was just there".to_owned()))
}

/// Counts the open tasks of all these projects in one query.
pub(super) fn with_open_tasks(
    db: &impl ConnectionTrait,
    projects: Vec<project::Model>,
) -> Result<Vec<Project>, DbErr> {
    let open: Vec<(i64, i64)> = task::Entity::find()
        .select_only()
        .column(task::Column::ProjectId)
        .column_as(task::Column::Id.count(), "open")
        .filter(task::Column::ProjectId.is_in(projects.iter().map(|project| project.id)))
        .filter(task::Column::Status.ne(task::Status::Done))
        .group_by(task::Column::ProjectId)
        .into_tuple()
        .all(db)
        .wait()?;
    let open: BTreeMap<i64, i64> = open.into_iter().collect();
    let count = |project: project::Model| {
        let open = open.get(&project.id).copied().unwrap_or_default();
        project.with_open_tasks(open)
    };
    Ok(projects.into_iter().map(count).collect())
}
