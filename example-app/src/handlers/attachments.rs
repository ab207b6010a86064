//! Files that belong to a task.

use photon_runtime::{BodyWriter, Context, Error, ResultExt as _, SendFile};

use crate::app::App;
use crate::example::models::{Attachment, ProjectEventKind};
use crate::example::{
    AttachFile, AttachFileCreated, AttachFileError, AttachmentsApi, DownloadAttachment,
    DownloadAttachmentError, ListAttachments, ListAttachmentsError,
};
use crate::store::Refusal;

impl AttachmentsApi for App {
    fn list_attachments(
        &self,
        _cx: &Context,
        req: ListAttachments,
    ) -> Result<Vec<Attachment>, ListAttachmentsError> {
        Ok(self.store.attachments(req.task_id)?)
    }

    fn attach_file(&self, _cx: &Context, mut req: AttachFile) -> Result<AttachFileCreated, AttachFileError> {
        // Who attaches to nothing need not send the file.
        let task = self.store.task(req.task_id)?;
        let mut content = None;
        while let Some(mut part) = req.body.next_file()? {
            if part.name() == "file" {
                content = Some(self.uploads.save(&mut part).internal()?);
            }
        }
        let form = req.body.finish()?;
        // The document requires the file, so a form without one has been refused.
        let content = content.ok_or_else(|| Error::new("a form came without its file"))?;
        let attachment = Attachment {
            id: 0, // given by the store
            task: task.id,
            name: form.file.name.unwrap_or_else(|| "file".into()),
            media_type: form.file.content_type.unwrap_or_else(|| "application/octet-stream".into()),
            bytes: i64::try_from(content.bytes()).unwrap_or(i64::MAX),
            note: form.note,
        };
        let attachment = self.store.attach(attachment, content)?;
        self.feed.tell(task.project, task.id, ProjectEventKind::FileAttached);
        Ok(AttachFileCreated { location: format!("/api/v1/attachments/{}", attachment.id), body: attachment })
    }

    fn download_attachment(
        &self,
        _cx: &Context,
        req: DownloadAttachment,
        body: BodyWriter,
    ) -> Result<(), DownloadAttachmentError> {
        let (attachment, content) = self.store.attachment(req.attachment_id)?;
        let file = SendFile::open(content.path()).internal()?;
        Ok(body.send_file(file.attachment(&attachment.name))?)
    }
}

impl From<Refusal> for DownloadAttachmentError {
    fn from(refusal: Refusal) -> Self {
        Self::not_found(refusal.to_string())
    }
}
