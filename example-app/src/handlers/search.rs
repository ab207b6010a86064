//! Finding things again.

use photon_runtime::Context;

use crate::app::App;
use crate::example::models::{
    CommentHit, CommentHitKind, Hit, ProjectHit, ProjectHitKind, TaskHit, TaskHitKind,
};
use crate::example::{Search, SearchApi, SearchError};
use crate::handlers::length;

impl SearchApi for App {
    fn search(&self, _cx: &Context, req: Search) -> Result<Vec<Hit>, SearchError> {
        let words: Vec<String> = req.q.split_whitespace().map(str::to_lowercase).collect();
        let wanted = |text: &str| {
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let (projects, tasks, comments) = self.store.find(wanted);

        let projects =
            projects.into_iter().map(|project| ProjectHit { kind: ProjectHitKind::Project, project });
        let tasks = tasks.into_iter().map(|task| TaskHit { kind: TaskHitKind::Task, task });
        let comments =
            comments.into_iter().map(|comment| CommentHit { kind: CommentHitKind::Comment, comment });
        let hits =
            projects.map(Hit::ProjectHit).chain(tasks.map(Hit::TaskHit)).chain(comments.map(Hit::CommentHit));
        Ok(hits.take(length(req.limit)).collect())
    }
}
