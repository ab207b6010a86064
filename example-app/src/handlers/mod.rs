//! What the application does, one file a tag of the document.

mod attachments;
mod comments;
mod projects;
mod search;
mod tasks;
mod users;

use photon_runtime::BadRequest;

use crate::example::{GetUserError, UpdateProjectError};
use crate::store::Refusal;

/// The id after which a page begins: cursors are ids to us, opaque to clients.
fn after(cursor: Option<&str>) -> Result<i64, BadRequest> {
    match cursor {
        None => Ok(0),
        Some(text) => text.parse().map_err(|_| BadRequest::new(format!("{text:?} is not a cursor of ours"))),
    }
}

/// The cursor of the page that begins after `id`.
fn cursor(next: Option<i64>) -> Option<String> {
    next.map(|id| id.to_string())
}

/// A page's length: the document bounds it.
fn length(limit: i32) -> usize {
    usize::try_from(limit).unwrap_or_default()
}

/// Of all operations that can fail with 404 only: operations with the same errors share one type.
impl From<Refusal> for GetUserError {
    fn from(refusal: Refusal) -> Self {
        Self::not_found(refusal.to_string())
    }
}

/// Of those that can fail with 403 as well.
impl From<Refusal> for UpdateProjectError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotYours => Self::forbidden(refusal.to_string()),
            _ => Self::not_found(refusal.to_string()),
        }
    }
}
