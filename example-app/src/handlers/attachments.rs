//! Files that belong to a task.

use photon_runtime::db::Wait as _;
use photon_runtime::db::sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ModelTrait as _, QueryOrder as _,
};
use photon_runtime::{BodyWriter, Context, Error, ResultExt as _, SendFile};

use crate::app::App;
use crate::entities::{attachment, task};
use crate::example::models::{Attachment, ProjectEventKind};
use crate::example::{
    AttachFile, AttachFileCreated, AttachFileError, AttachmentsApi, DownloadAttachment,
    DownloadAttachmentError, ListAttachments, ListAttachmentsError,
};
use crate::handlers::found;
use crate::texts::kept;

impl AttachmentsApi for App {
    fn list_attachments(
        &self,
        _cx: &Context,
        req: ListAttachments,
    ) -> Result<Vec<Attachment>, ListAttachmentsError> {
        let task = found::<task::Entity, ListAttachmentsError>(&self.db, req.task_id)?;
        let attachments = task.find_related(attachment::Entity).order_by_asc(attachment::Column::Id);
        Ok(attachments.all(&self.db).wait()?.into_iter().map(Attachment::from).collect())
    }

    fn attach_file(&self, _cx: &Context, mut req: AttachFile) -> Result<AttachFileCreated, AttachFileError> {
        // Who attaches to nothing need not send the file.
        let task = found::<task::Entity, AttachFileError>(&self.db, req.task_id)?;
        let mut content = None;
        while let Some(mut part) = req.body.next_file()? {
            if part.name() == "file" {
                content = Some(self.uploads.save(&mut part).internal()?);
            }
        }
        let form = req.body.finish()?;
        // The document requires the file, so a form without one has been refused.
        let content = content.ok_or_else(|| Error::new("a form came without its file"))?;
        let attachment = attachment::ActiveModel {
            task_id: Set(task.id),
            name: Set(kept(form.file.name.unwrap_or_else(|| "file".into()))),
            media_type: Set(form.file.content_type.unwrap_or_else(|| "application/octet-stream".into())),
            bytes: Set(i64::try_from(content.bytes()).unwrap_or(i64::MAX)),
            note: Set(form.note.map(kept)),
            content: Set(content.name().to_owned()),
            ..Default::default()
        };
        let attachment = Attachment::from(attachment.insert(&self.db).wait()?);
        content.keep();
        self.feed.tell(task.project_id, task.id, ProjectEventKind::FileAttached);
        Ok(AttachFileCreated { location: format!("/api/v1/attachments/{}", attachment.id), body: attachment })
    }

    fn download_attachment(
        &self,
        _cx: &Context,
        req: DownloadAttachment,
        body: BodyWriter,
    ) -> Result<(), DownloadAttachmentError> {
        let attachment = found::<attachment::Entity, DownloadAttachmentError>(&self.db, req.attachment_id)?;
        let file = SendFile::open(self.uploads.path(&attachment.content)).internal()?;
        Ok(body.send_file(file.attachment(&attachment.name))?)
    }
}
