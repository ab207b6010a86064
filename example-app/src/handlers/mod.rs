//! What the application does, one file a tag of the document.

mod attachments;
mod comments;
mod projects;
mod search;
mod tasks;
mod users;

use photon_runtime::BadRequest;

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
