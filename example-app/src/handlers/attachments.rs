//! Files that belong to a task.

use photon_runtime::Context;

use crate::app::App;
use crate::example::models::Attachment;
use crate::example::{
    AttachFile, AttachFileCreated, AttachFileError, AttachmentsApi, DownloadAttachment,
    DownloadAttachmentError, DownloadAttachmentOk, ListAttachments, ListAttachmentsError,
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

    fn attach_file(&self, _cx: &Context, req: AttachFile) -> Result<AttachFileCreated, AttachFileError> {
        let file = req.body.file;
        let attachment = Attachment {
            id: 0, // given by the store
            task: req.task_id,
            name: file.name.unwrap_or_else(|| "file".into()),
            media_type: file.content_type.unwrap_or_else(|| "application/octet-stream".into()),
            bytes: i64::try_from(file.content.len()).unwrap_or(i64::MAX),
            note: req.body.note,
        };
        let attachment = self.store.attach(attachment, file.content)?;
        Ok(AttachFileCreated { location: format!("/api/v1/attachments/{}", attachment.id), body: attachment })
    }

    fn download_attachment(
        &self,
        _cx: &Context,
        req: DownloadAttachment,
    ) -> Result<DownloadAttachmentOk, DownloadAttachmentError> {
        let (attachment, body) = self.store.attachment(req.attachment_id)?;
        Ok(DownloadAttachmentOk { content_disposition: disposition(&attachment.name), body })
    }
}

/// RFC 6266 with the name as RFC 8187 writes it: only letters and digits go as they are.
fn disposition(name: &str) -> String {
    let encoded = name.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    format!("attachment; filename*=UTF-8''{}", encoded.collect::<String>())
}

impl From<Refusal> for ListAttachmentsError {
    fn from(refusal: Refusal) -> Self {
        Self::not_found(refusal.to_string())
    }
}

impl From<Refusal> for AttachFileError {
    fn from(refusal: Refusal) -> Self {
        Self::not_found(refusal.to_string())
    }
}

impl From<Refusal> for DownloadAttachmentError {
    fn from(refusal: Refusal) -> Self {
        Self::not_found(refusal.to_string())
    }
}
