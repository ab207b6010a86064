//! The document: plain data with places, every reference followed.
//!
//! Knows OpenAPI 3.0 to 3.2, lifted to one shape. Must not know Rust.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use crate::node::{Node, Object};
use crate::schema::{Place, Schema, SchemaId};
use crate::source::Span;

/// A document with all that it refers to.
#[derive(Debug)]
pub(crate) struct Document {
    /// Which family of versions it follows.
    pub version: Version,
    /// `info`
    pub info: Info,
    /// `servers` of the root.
    pub servers: Vec<Server>,
    /// `tags` of the root, in order.
    pub tags: Vec<Tag>,
    /// Operations that can be served, in the order of the document.
    pub operations: Vec<Operation>,
    /// Webhooks: described, never served.
    #[allow(dead_code, reason = "their faults are found; who sends them is another program")]
    pub webhooks: Vec<Operation>,
    /// Operations that cannot be served, each told by a finding.
    pub refused: Vec<Refused>,
    /// `components/securitySchemes` by name.
    pub security_schemes: Vec<(Arc<str>, Rc<SecurityScheme>)>,
    /// `components/schemas` of the root by name, also those that no operation uses.
    pub components: Vec<(Arc<str>, SchemaId)>,
    /// Every schema of every file.
    pub schemas: Vec<Schema>,
    /// Schemas of which it is told already that no value fits them.
    pub fits_nothing: HashSet<SchemaId>,
}

impl Document {
    /// The schema `id`.
    pub(crate) fn schema(&self, id: SchemaId) -> &Schema {
        &self.schemas[id.0 as usize]
    }

    /// Follows a `$ref` and nothing else: the first schema that is not a mere reference.
    pub(crate) fn target(&self, id: SchemaId) -> SchemaId {
        let mut id = id;
        for _ in 0..REFERENCES_MAX {
            match self.schema(id).reference {
                Some(next) => id = next,
                None => break,
            }
        }
        id
    }

    /// The JSON pointer of a schema within its file, without `#`.
    pub(crate) fn pointer(&self, id: SchemaId) -> String {
        match &self.schema(id).place {
            Place::Root(pointer) => pointer.to_string(),
            Place::Child { parent, keyword, key } => {
                let mut pointer = self.pointer(*parent);
                pointer.push('/');
                pointer.push_str(keyword);
                if let Some(key) = key {
                    pointer.push('/');
                    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                }
                pointer
            }
        }
    }
}

/// References that are followed in a row before the chain counts as endless.
pub(crate) const REFERENCES_MAX: usize = 256;

/// A family of versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Version {
    /// 3.0.x
    V3_0,
    /// 3.1.x
    V3_1,
    /// 3.2.x
    V3_2,
}

/// `info`
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Info {
    /// `title`
    pub title: Arc<str>,
    /// `version`, as written: `1.10` stays `1.10`.
    pub version: Arc<str>,
    /// `summary`
    pub summary: Option<Arc<str>>,
    /// `description`
    pub description: Option<Arc<str>>,
    /// `termsOfService`
    pub terms_of_service: Option<Arc<str>>,
    /// `contact`
    pub contact: Option<Contact>,
    /// `license`
    pub license: Option<License>,
    /// Keys that begin with `x-`.
    pub extensions: Object,
}

/// `info/contact`
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Contact {
    /// `name`
    pub name: Option<Box<str>>,
    /// `url`
    pub url: Option<Box<str>>,
    /// `email`
    pub email: Option<Box<str>>,
}

/// `info/license`
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct License {
    /// `name`
    pub name: Option<Box<str>>,
    /// `identifier` (3.1): an SPDX expression.
    pub identifier: Option<Box<str>>,
    /// `url`
    pub url: Option<Box<str>>,
}

/// A server, its variables at their defaults in [`Server::url_at_defaults`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Server {
    /// `url`, as written.
    pub url: Arc<str>,
    /// `description`
    pub description: Option<Arc<str>>,
    /// `variables`: name and default.
    pub variables: Vec<(Arc<str>, Arc<str>)>,
    /// Where it stands.
    pub span: Span,
}

impl Server {
    /// The URL with each `{variable}` at its default.
    pub(crate) fn url_at_defaults(&self) -> String {
        let mut url = self.url.to_string();
        for (name, default) in &self.variables {
            url = url.replace(&format!("{{{name}}}"), default);
        }
        url
    }
}

/// A tag of the root.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tag {
    /// `name`
    pub name: Arc<str>,
    /// `summary` (3.2)
    pub summary: Option<Arc<str>>,
    /// `description`
    pub description: Option<Arc<str>>,
    /// `parent` (3.2)
    pub parent: Option<Arc<str>>,
    /// Where it stands.
    pub span: Span,
    /// Keys that begin with `x-`.
    pub extensions: Object,
}

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

/// One alternative of `security`: all of its schemes together; empty for anyone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Requirement {
    /// The schemes, each with its scopes.
    pub schemes: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// Where it stands.
    pub span: Span,
}

/// A security scheme.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SecurityScheme {
    /// Its type and what belongs to it.
    pub kind: SecurityKind,
    /// `description`
    pub description: Option<Arc<str>>,
    /// Where it stands.
    pub span: Span,
    /// Keys that begin with `x-`.
    pub extensions: Object,
}

/// The types of security schemes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SecurityKind {
    /// `apiKey`
    ApiKey {
        /// `in`: query, header or cookie.
        location: Location,
        /// `name`
        name: Arc<str>,
    },
    /// `http`
    Http {
        /// `scheme` in small letters: `basic`, `bearer`, or any other.
        scheme: Arc<str>,
        /// `bearerFormat`
        bearer_format: Option<Arc<str>>,
    },
    /// `oauth2`
    OAuth2 {
        /// Every scope of every flow, each once.
        scopes: Vec<(Arc<str>, Arc<str>)>,
    },
    /// `openIdConnect`
    OpenIdConnect {
        /// `openIdConnectUrl`
        url: Arc<str>,
    },
    /// `mutualTLS`
    MutualTls,
}

/// An operation that is not served, and why.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refused {
    /// The method in capitals.
    pub method: Arc<str>,
    /// The path, as written.
    pub path: Arc<str>,
    /// `operationId`
    pub operation_id: Option<Arc<str>>,
    /// The code of the finding.
    pub code: &'static str,
    /// Where the fault stands.
    pub span: Span,
}
