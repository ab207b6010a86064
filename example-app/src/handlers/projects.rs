//! What the work is for.

use photon_runtime::{Context, Event, Events};

use crate::app::App;
use crate::example::models::{Project, ProjectEvent, ProjectPage};
use crate::example::{
    CreateProject, CreateProjectCreated, CreateProjectError, DeleteProject, DeleteProjectError,
    FollowProject, FollowProjectError, GetProject, GetProjectError, ListProjects, ListProjectsError,
    ProjectsApi, UpdateProject, UpdateProjectError,
};
use crate::handlers::{after, cursor, length};
use crate::store::Refusal;

impl ProjectsApi for App {
    fn list_projects(&self, _cx: &Context, req: ListProjects) -> Result<ProjectPage, ListProjectsError> {
        let page = self.store.projects(req.archived, after(req.cursor.as_deref())?, length(req.limit));
        Ok(ProjectPage { items: page.items, next_cursor: cursor(page.next) })
    }

    fn create_project(
        &self,
        _cx: &Context,
        req: CreateProject,
    ) -> Result<CreateProjectCreated, CreateProjectError> {
        let project = self.store.add_project(req.body, req.principal.user)?;
        Ok(CreateProjectCreated { location: format!("/api/v1/projects/{}", project.id), body: project })
    }

    fn get_project(&self, _cx: &Context, req: GetProject) -> Result<Project, GetProjectError> {
        Ok(self.store.project(req.project_id)?)
    }

    fn update_project(&self, _cx: &Context, req: UpdateProject) -> Result<Project, UpdateProjectError> {
        Ok(self.store.change_project(req.project_id, req.principal.user, req.body)?)
    }

    fn delete_project(&self, _cx: &Context, req: DeleteProject) -> Result<(), DeleteProjectError> {
        Ok(self.store.delete_project(req.project_id, req.principal.user)?)
    }

    fn follow_project(
        &self,
        _cx: &Context,
        req: FollowProject,
        mut events: Events<ProjectEvent>,
    ) -> Result<(), FollowProjectError> {
        self.store.project(req.project_id)?;
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

impl From<Refusal> for CreateProjectError {
    fn from(refusal: Refusal) -> Self {
        Self::conflict(refusal.to_string())
    }
}
