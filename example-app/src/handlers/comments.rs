//! What people say about a task.

use photon_runtime::Context;
use photon_runtime::db::Wait as _;
use photon_runtime::db::sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ModelTrait as _, QueryOrder as _,
};
use photon_runtime::types::now;

use crate::app::App;
use crate::entities::{comment, task};
use crate::example::models::{Comment, ProjectEventKind};
use crate::example::{CommentsApi, CreateComment, CreateCommentError, ListComments, ListCommentsError};
use crate::handlers::found;
use crate::texts::{kept, words};

impl CommentsApi for App {
    fn list_comments(&self, _cx: &Context, req: ListComments) -> Result<Vec<Comment>, ListCommentsError> {
        let task = found::<task::Entity, ListCommentsError>(&self.db, req.task_id)?;
        let comments = task.find_related(comment::Entity).order_by_asc(comment::Column::Id);
        Ok(comments.all(&self.db).wait()?.into_iter().map(Comment::from).collect())
    }

    fn create_comment(&self, _cx: &Context, req: CreateComment) -> Result<Comment, CreateCommentError> {
        let task = found::<task::Entity, CreateCommentError>(&self.db, req.task_id)?;
        let comment = comment::ActiveModel {
            task_id: Set(task.id),
            author_id: Set(req.principal.user),
            words: Set(words([&*req.body.text])),
            text: Set(kept(req.body.text)),
            created_at: Set(now()),
            ..Default::default()
        };
        let comment = comment.insert(&self.db).wait()?;
        self.feed.tell(task.project_id, task.id, ProjectEventKind::TaskCommented);
        Ok(comment.into())
    }
}
