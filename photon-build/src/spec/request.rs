//! Operations, and what they are asked: paths, parameters, bodies.

use std::rc::Rc;
use std::sync::Arc;

use super::{Header, Requirement, Response, Server, WebSocket};
use crate::node::{Node, Object};
use crate::schema::SchemaId;
use crate::source::Span;

/// An operation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Operation {
    /// The method in capitals: `GET`, `QUERY`, or one of `additionalOperations`.
    pub method: Arc<str>,
    /// The path; of a webhook its name.
    pub path: Rc<Path>,
    /// `operationId`
    pub id: Option<Arc<str>>,
    /// `tags`
    pub tags: Vec<Arc<str>>,
    /// `summary`
    pub summary: Option<Arc<str>>,
    /// `description`
    pub description: Option<Arc<str>>,
    /// `deprecated`
    pub deprecated: bool,
    /// Those of the path, overridden by and followed by those of the operation.
    pub parameters: Vec<Rc<Parameter>>,
    /// `requestBody`
    pub body: Option<Rc<Body>>,
    /// `responses` in the order of the document.
    pub responses: Vec<Response>,
    /// `security` of the operation or else of the root; `None` where neither says anything, `[]` is public.
    pub security: Option<Rc<Vec<Requirement>>>,
    /// Servers of the operation, or else of the path, or else of the root.
    pub servers: Rc<Vec<Server>>,
    /// Whether these servers are the operation's or the path's own.
    pub own_servers: bool,
    /// `x-photon-websocket`
    pub websocket: Option<WebSocket>,
    /// Where the method's key stands.
    pub span: Span,
    /// Keys that begin with `x-`.
    pub extensions: Object,
}

/// A path template.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Path {
    /// As written.
    pub text: Arc<str>,
    /// What stands between the slashes; `/` alone has one empty segment.
    pub segments: Vec<Segment>,
    /// What follows `?` or `#` in the key: no part of the route.
    pub suffix: Option<Arc<str>>,
    /// Where it stands.
    pub span: Span,
}

/// What stands between two slashes, such as `{name}.json`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Segment {
    /// Its parts; empty for an empty segment (a slash at the end).
    pub parts: Vec<Part>,
}

/// A part of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// Text.
    Literal(Arc<str>),
    /// A parameter's name.
    Parameter(Arc<str>),
}

/// Where a parameter stands in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Location {
    /// `path`
    Path,
    /// `query`
    Query,
    /// `querystring` (3.2): the whole query as one value.
    QueryString,
    /// `header`
    Header,
    /// `cookie`
    Cookie,
}

/// How a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Style {
    /// `simple`
    Simple,
    /// `label`
    Label,
    /// `matrix`
    Matrix,
    /// `form`
    Form,
    /// `spaceDelimited`
    SpaceDelimited,
    /// `pipeDelimited`
    PipeDelimited,
    /// `deepObject`
    DeepObject,
    /// `cookie` (3.2)
    Cookie,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::struct_excessive_bools, reason = "OpenAPI has that many flags")]
pub(crate) struct Parameter {
    /// `name`
    pub name: Arc<str>,
    /// `in`
    pub location: Location,
    /// `description`
    pub description: Option<Arc<str>>,
    /// `required`; always true in a path.
    pub required: bool,
    /// `deprecated`
    pub deprecated: bool,
    /// `allowEmptyValue`
    pub allow_empty_value: bool,
    /// `style`, or the location's default.
    pub style: Style,
    /// `explode`, or the style's default.
    pub explode: bool,
    /// `allowReserved`
    pub allow_reserved: bool,
    /// `schema`
    pub schema: Option<SchemaId>,
    /// `content`: at most one entry.
    pub content: Vec<MediaType>,
    /// `example` and `examples`
    pub examples: Vec<Example>,
    /// The key in `components/parameters`.
    pub component: Option<Arc<str>>,
    /// Where it stands.
    pub span: Span,
    /// Where its name stands.
    pub name_span: Span,
    /// Keys that begin with `x-`.
    pub extensions: Object,
}

/// A request body.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Body {
    /// `description`
    pub description: Option<Arc<str>>,
    /// `required`
    pub required: bool,
    /// `content` in order.
    pub content: Vec<MediaType>,
    /// The key in `components/requestBodies`.
    pub component: Option<Arc<str>>,
    /// Where it stands.
    pub span: Span,
    /// Keys that begin with `x-`.
    pub extensions: Object,
}

/// A media type and what it carries.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MediaType {
    /// The key, such as `application/json; charset=utf-8`.
    pub name: Arc<str>,
    /// `schema`
    pub schema: Option<SchemaId>,
    /// `itemSchema` (3.2): of one item of a stream.
    pub item_schema: Option<SchemaId>,
    /// `encoding` by property.
    pub encoding: Vec<(Arc<str>, Encoding)>,
    /// `prefixEncoding` (3.2)
    pub prefix_encoding: Vec<Encoding>,
    /// `itemEncoding` (3.2)
    pub item_encoding: Option<Box<Encoding>>,
    /// `example` and `examples`
    pub examples: Vec<Example>,
    /// Where the key stands.
    pub span: Span,
    /// Keys that begin with `x-`.
    pub extensions: Object,
}

/// How a property travels in a form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Encoding {
    /// `contentType`, as written.
    pub content_type: Option<Arc<str>>,
    /// `headers` of a part.
    pub headers: Vec<Header>,
    /// `style`, when it is written.
    pub style: Option<Style>,
    /// `explode`, when it is written.
    pub explode: Option<bool>,
    /// `allowReserved`
    pub allow_reserved: bool,
    /// Where it stands.
    pub span: Span,
}

/// An example with its name, if it has one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Example {
    /// The key in `examples`.
    pub name: Option<Arc<str>>,
    /// `summary`
    pub summary: Option<Arc<str>>,
    /// The value.
    pub value: Node,
}
