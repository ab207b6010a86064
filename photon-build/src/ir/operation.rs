//! Operations: what they are asked, by whom, and what they answer.

use super::{Name, Rule, Type};

/// A handler trait: the operations of one tag.
#[derive(Debug)]
pub(crate) struct Trait {
    /// The tag, or the module's name for operations without one. Rust: `PetsApi`.
    pub name: Name,
    /// The tag as written; none for operations without one.
    pub tag: Option<String>,
    /// The tag's description.
    pub doc: String,
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The method name: `get_pet`; unique over all traits.
    pub method_name: Name,
    /// The request struct: `GetPet`.
    pub request: Name,
    /// The static that holds its table, assigned by `name`: `GET_PET`.
    pub table: String,
    /// `operationId`, or `GET /pets/{petId}` where there is none.
    pub id: String,
    /// `GET`.
    pub method: String,
    /// The template as the document has it, without query and fragment: `/pets/{petId}`. A parameter whose name
    /// ends with `+` (`{key+}`) takes the rest of the path, slashes included; its [`Param`] is named without the `+`.
    pub path: String,
    /// What a request must carry besides, where the document tells operations on one path apart by what follows `?`
    /// or `#`: the operation with the most of them that hold is chosen.
    pub requires: Vec<Require>,
    pub summary: String,
    pub description: String,
    pub deprecated: bool,
    /// Alternatives of combinations; empty: open to everyone.
    pub security: Vec<Vec<Requirement>>,
    /// How the caller appears in the request.
    pub caller: Caller,
    pub params: Vec<Param>,
    pub body: Option<Body>,
    pub output: Output,
    pub error: ErrorType,
    /// All that the document declares of its answers, to hold them to it.
    pub declared: Vec<Declared>,
    /// `x-photon-blocking`.
    pub blocking: bool,
    /// The largest body, in bytes, by `x-photon-limits`.
    pub body_bytes_max: Option<u64>,
    /// How long the operation may take, in milliseconds, by `x-photon-limits`.
    pub timeout_ms: Option<u64>,
    /// `x-photon-raw-body`.
    pub raw_body: bool,
}

/// A query key or a header that a request must carry to be meant for an operation.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Require {
    /// [`Location::Query`] or [`Location::Header`].
    pub location: Location,
    /// The key or, in lower case, the header.
    pub name: String,
    /// The value it must have; none: any.
    pub value: Option<String>,
}

/// How a verified caller appears in a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Caller {
    /// The operation is open: `()`.
    None,
    /// `principal: P`.
    Required,
    /// `{}` is among the alternatives: `principal: Option<P>`.
    Optional,
}

/// A security scheme of the document.
#[derive(Debug)]
pub(crate) struct Scheme {
    /// The component's key. Rust: the method `bearer_auth`; the constant is its upper case.
    pub name: Name,
    pub doc: String,
    pub kind: SchemeKind,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum SchemeKind {
    ApiKey {
        location: Location,
        key: String,
    },
    Basic,
    /// HTTP bearer, OAuth 2 and `OpenID` Connect.
    Bearer,
    /// Any other HTTP scheme, by its name: `digest`.
    Http(String),
    MutualTls,
}

/// A scheme that must verify, with the scopes the caller must hold.
#[derive(Clone, Debug)]
pub(crate) struct Requirement {
    /// Index into [`Api::schemes`].
    pub scheme: usize,
    pub scopes: Vec<String>,
}

#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
    Cookie,
    /// 3.2: the whole query string is the value, by `content`.
    QueryString,
}

/// One parameter of an operation.
#[derive(Debug)]
pub(crate) struct Param {
    /// The field: `pet_id`.
    pub name: Name,
    pub location: Location,
    pub doc: String,
    pub deprecated: bool,
    pub required: bool,
    pub style: Style,
    pub explode: bool,
    /// Written as `content: {application/json: ..}`.
    pub json: bool,
    pub allow_empty: bool,
    /// The field's type, `Option` included.
    pub ty: Type,
    pub rule: Rule,
    /// JSON text, applied when absent.
    pub default: Option<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    Cookie,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

/// What an operation takes as its body.
#[derive(Debug)]
pub(crate) struct Body {
    pub doc: String,
    pub required: bool,
    /// At least one; several make an enum named [`Body::name`].
    pub media: Vec<Media>,
    /// `CreatePetBody`, used when there are several media types.
    pub name: Name,
    /// The handler reads it as it comes: the parts of a form, or else bytes. There is one media type then.
    pub streamed: bool,
}

/// One media type with what is decoded from it or encoded to it.
#[derive(Clone, Debug)]
pub(crate) struct Media {
    /// The variant when there are several: `Json`.
    pub variant: Name,
    /// The media type or range, parameters included, as written: `application/json`, `image/*`.
    pub range: String,
    /// Further media types or ranges with the same codec and type.
    pub more: Vec<String>,
    pub codec: Codec,
    pub ty: Type,
    pub rule: Rule,
    /// For forms: how single properties are encoded, where it is not the default.
    pub encoding: Vec<Encoding>,
    /// For server-sent events: their type, where all have the same.
    pub event: Option<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Codec {
    /// `application/json`, `*+json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
    /// `text/*`: the characters as they are.
    Text,
    /// Anything else: the bytes as they are.
    Bytes,
    /// `application/x-ndjson`, `application/jsonl`: one value a line; `ty` is a list.
    JsonLines,
    /// `application/json-seq` (RFC 7464); `ty` is a list.
    JsonSeq,
    /// `text/event-stream`; answers only.
    Events,
}

/// How one property of a form is encoded.
#[derive(Clone, Debug)]
pub(crate) struct Encoding {
    pub property: String,
    pub content_type: Option<String>,
    pub style: Option<Style>,
    pub explode: Option<bool>,
}

/// What a handler returns in `Ok`, by the collapse rule.
#[derive(Debug)]
pub(crate) enum Output {
    /// One 2xx without body and headers: `()`.
    Unit { status: u16 },
    /// One 2xx with a body and no headers: the body's type.
    Value { status: u16, media: Media },
    /// One answer with headers or a range: a struct with a field a header, `status` for a range, `body`.
    Struct(Answer),
    /// Several statuses or media types: an enum with a variant an answer.
    Enum { name: Name, answers: Vec<Answer> },
    /// Sent piece by piece: the handler takes a sink as its last argument and returns `()`.
    Stream { status: u16, media: Media, doc: String },
    /// A WebSocket: the handler takes it as its last argument and returns `()`.
    Socket { receive: Media, send: Media },
}

/// One declared answer, in success or in error.
#[derive(Debug)]
pub(crate) struct Answer {
    /// As a struct of its own: `CreatePetCreated`.
    pub name: Name,
    /// As a variant: `Created`.
    pub variant: Name,
    pub status: Status,
    pub doc: String,
    pub headers: Vec<AnswerHeader>,
    /// None: no body. In an [`Output::Enum`] each media type has its own `Answer`.
    pub media: Option<Media>,
    /// An RFC 9457 problem: the body is `photon::Problem`.
    pub problem: bool,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Status {
    Code(u16),
    /// `4XX` is 4.
    Range(u8),
    Default,
}

/// A declared answer as clients may count on it.
#[derive(Debug)]
pub(crate) struct Declared {
    pub status: Status,
    pub headers: Vec<AnswerHeader>,
    pub media: Vec<Media>,
    /// Further media types, of which nothing more is known.
    pub others: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct AnswerHeader {
    /// The field: `location`; the wire name is lower case.
    pub name: Name,
    pub doc: String,
    /// `Option` included.
    pub ty: Type,
    pub rule: Rule,
    pub explode: bool,
    /// Written as `content: {application/json: ..}`.
    pub json: bool,
}

impl AnswerHeader {
    /// Whether it must be there.
    pub(crate) fn is_required(&self) -> bool {
        !matches!(self.ty, Type::Option(_))
    }
}

/// What a handler returns in `Err`.
#[derive(Debug)]
pub(crate) enum ErrorType {
    /// No error is declared: `photon::Error`.
    Plain,
    /// `GetPetError`: a variant an answer, and `Internal`.
    Enum { name: Name, answers: Vec<Answer> },
}
