//! A file of a multipart form.

use bytes::Bytes;

/// One part of a form, as it was sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// The file's name, as the client tells it: never use it as a path.
    pub name: Option<String>,
    /// The media type, as the client tells it.
    pub content_type: Option<String>,
    /// The content.
    pub content: Bytes,
    /// The part's other header fields, names in lower case.
    pub headers: Vec<(String, String)>,
}
