//! Finding things again.

use photon_runtime::Context;
use photon_runtime::db::Wait as _;
use photon_runtime::db::sea_orm::{
    ColumnTrait, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::app::App;
use crate::entities::{comment, project, task};
use crate::example::models::{
    CommentHit, CommentHitKind, Hit, ProjectHit, ProjectHitKind, TaskHit, TaskHitKind,
};
use crate::example::{Search, SearchApi, SearchError};
use crate::handlers::projects::with_open_tasks;
use crate::texts::containing;

impl SearchApi for App {
    /// Projects first, then tasks, then comments, each oldest first.
    fn search(&self, _cx: &Context, req: Search) -> Result<Vec<Hit>, SearchError> {
        let limit = u64::try_from(req.limit).unwrap_or_default();
        let projects = project::Entity::find()
            .filter(all_words(project::Column::Words, &req.q))
            .order_by_asc(project::Column::Id)
            .limit(limit)
            .all(&self.db)
            .wait()?;
        let tasks = task::Entity::find()
            .filter(all_words(task::Column::Words, &req.q))
            .order_by_asc(task::Column::Id)
            .limit(limit)
            .all(&self.db)
            .wait()?;
        let comments = comment::Entity::find()
            .filter(all_words(comment::Column::Words, &req.q))
            .order_by_asc(comment::Column::Id)
            .limit(limit)
            .all(&self.db)
            .wait()?;

        let projects = with_open_tasks(&self.db, projects)?
            .into_iter()
            .map(|project| Hit::ProjectHit(ProjectHit { kind: ProjectHitKind::Project, project }));
        let tasks = tasks
            .into_iter()
            .map(|task| Hit::TaskHit(TaskHit { kind: TaskHitKind::Task, task: task.into() }));
        let comments = comments.into_iter().map(|comment| {
            Hit::CommentHit(CommentHit { kind: CommentHitKind::Comment, comment: comment.into() })
        });
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(projects.chain(tasks).chain(comments).take(limit).collect())
    }
}

/// Each word of `text` occurs in the column.
fn all_words(column: impl ColumnTrait, text: &str) -> Condition {
    text.split_whitespace().fold(Condition::all(), |all, word| all.add(column.like(containing(word))))
}
