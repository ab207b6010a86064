//! What people say about a task.

use photon_runtime::Context;

use crate::app::App;
use crate::example::models::{Comment, ProjectEventKind};
use crate::example::{CommentsApi, CreateComment, CreateCommentError, ListComments, ListCommentsError};

impl CommentsApi for App {
    fn list_comments(&self, _cx: &Context, req: ListComments) -> Result<Vec<Comment>, ListCommentsError> {
        Ok(self.store.comments(req.task_id)?)
    }

    fn create_comment(&self, _cx: &Context, req: CreateComment) -> Result<Comment, CreateCommentError> {
        let comment = self.store.add_comment(req.task_id, req.principal.user, req.body.text)?;
        let project = self.store.task(req.task_id)?.project;
        self.feed.tell(project, req.task_id, ProjectEventKind::TaskCommented);
        Ok(comment)
    }
}
