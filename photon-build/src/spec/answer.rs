//! What operations answer.

use std::rc::Rc;
use std::sync::Arc;

use super::MediaType;
use crate::node::Object;
use crate::schema::SchemaId;
use crate::source::Span;

/// What a response is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Status {
    /// `404`
    Code(u16),
    /// `4XX`: the first digit.
    Range(u8),
    /// `default`
    Default,
}

/// A response of an operation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Response {
    /// The key.
    pub status: Status,
    /// What is answered.
    pub reply: Rc<Reply>,
    /// Where the key stands.
    pub span: Span,
}

/// A response without its status; shared where it is a component.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    /// `summary` (3.2)
    pub summary: Option<Arc<str>>,
    /// `description`
    pub description: Arc<str>,
    /// `headers` in order, without `Content-Type`.
    pub headers: Vec<Header>,
    /// `content` in order.
    pub content: Vec<MediaType>,
    /// The key in `components/responses`.
    pub component: Option<Arc<str>>,
    /// Where it stands.
    pub span: Span,
    /// Keys that begin with `x-`.
    pub extensions: Object,
}

/// A header of a response or of a part.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Header {
    /// The key, as written.
    pub name: Arc<str>,
    /// `description`
    pub description: Option<Arc<str>>,
    /// `required`
    pub required: bool,
    /// `deprecated`
    pub deprecated: bool,
    /// `explode`
    pub explode: bool,
    /// `schema`
    pub schema: Option<SchemaId>,
    /// `content`: at most one entry.
    pub content: Vec<MediaType>,
    /// The key in `components/headers`.
    pub component: Option<Arc<str>>,
    /// Where the key stands.
    pub span: Span,
    /// Keys that begin with `x-`.
    pub extensions: Object,
}

/// `x-photon-websocket`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WebSocket {
    /// What the server receives.
    pub receive: Option<SchemaId>,
    /// What the server sends.
    pub send: Option<SchemaId>,
    /// Where it stands.
    pub span: Span,
}
