//! What is emitted: plain data, every decision taken.
//!
//! `lower` writes it from the resolved document, `name` fills in the Rust names, `emit` reads it and asks nothing. It
//! knows neither documents nor tokens.

#![allow(clippy::struct_excessive_bools, reason = "facts that a document states, not states of ours")]
#![allow(clippy::large_enum_variant, reason = "few of them, each made once")]

use std::rc::Rc;

use crate::source::Span;

/// One generated module.
#[derive(Debug, Default)]
pub(crate) struct Api {
    /// The module's name, from the file's: `pet_store`.
    pub module: String,
    /// `info.title`, for prose.
    pub title: String,
    /// The document's path as the user wrote it, for the header.
    pub source: String,
    /// The document as JSON, bundled, for `/openapi.json`.
    pub openapi: String,
    /// The path all routes are mounted under: empty or `/v1`.
    pub base_path: String,
    /// One trait a tag, in the order of the document.
    pub traits: Vec<Trait>,
    /// Every security scheme that an operation uses.
    pub schemes: Vec<Scheme>,
    /// What verified callers are: a Rust path, `photon::Principal` by default.
    pub principal: String,
    /// Error types that `?` turns into a logged 500.
    pub internal_errors: Vec<String>,
    /// The schemas, in the order of emission; [`ModelId`] is the index.
    pub models: Vec<Model>,
    /// The static that holds each model's table, assigned by `name`; the index is a [`ModelId`].
    pub tables: Vec<String>,
    /// How many schemas say something and are free JSON all the same.
    pub opaque: usize,
    /// The regular expressions in use, deduplicated; [`PatternId`] is the index.
    pub patterns: Vec<Pattern>,
    /// The schemas that only the exact check understands; [`CheckId`] is the index.
    pub checks: Vec<Check>,
    /// `{"$defs": {..}}` with every schema that a check refers to, in 2020-12; empty when there is no check.
    pub check_defs: String,
    /// `{"$defs": {..}}` with the schema that each model stands for, for hooks; empty where there are none.
    pub stated: String,
}

/// A name: what the document says, what the user wants, what Rust gets.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Name {
    /// As it stands in the document, or a sensible name made from the place (`getPet body`, `Pet owner`).
    pub wire: String,
    /// `x-photon-name`, already a Rust identifier.
    pub wanted: Option<String>,
    /// The Rust identifier, assigned by `name` (without `r#`; `emit` adds it where needed).
    pub rust: String,
}

impl Name {
    /// A name yet to be assigned.
    pub(crate) fn new(wire: impl Into<String>) -> Self {
        Self { wire: wire.into(), wanted: None, rust: String::new() }
    }
}

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

#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct ModelId(pub u32);

#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct PatternId(pub u32);

#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct CheckId(pub u32);

/// A regular expression of the document (ECMA-262).
#[derive(Debug)]
pub(crate) struct Pattern {
    /// The static: `LETTERS`; wire is where it was met first (`NewPet name`).
    pub name: Name,
    pub source: String,
}

/// A schema that is checked as it stands, by the runtime's exact check.
#[derive(Debug)]
pub(crate) struct Check {
    /// The static's name; wire is the schema's name or place.
    pub name: Name,
    /// Key into the `$defs` of [`Api::check_defs`].
    pub key: String,
}

/// A schema that has a Rust type of its own.
#[derive(Debug)]
pub(crate) struct Model {
    pub name: Name,
    /// Named components keep the plain name when they meet an inline schema's.
    pub named: bool,
    pub doc: String,
    /// The schema's place in the document: `#/components/schemas/Pet`.
    pub pointer: String,
    /// Key of its schema in the `$defs` of [`Api::stated`]; empty where that is.
    pub stated: String,
    /// Why the exact check is needed, for a comment on the type; empty when tables say it all.
    pub checked_because: String,
    pub deprecated: bool,
    pub span: Span,
    pub kind: ModelKind,
    pub derives: Derives,
    /// Extra derives by configuration: Rust paths.
    pub extra_derives: Vec<String>,
    /// `x-photon-validate`: a path to a function that judges values.
    pub validate: Option<String>,
    /// `{}` decodes: `Default` is sensible.
    pub default: bool,
}

/// The derives that hold for a type and all it holds.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Derives {
    pub copy: bool,
    pub eq: bool,
    pub hash: bool,
    pub ord: bool,
}

#[derive(Debug)]
pub(crate) enum ModelKind {
    Record(Record),
    Choice(Choice),
    Tagged(Tagged),
    OneOf(OneOf),
    Tuple(Tuple),
    /// `pub struct Tree(pub Vec<Tree>)`: where an alias would be recursive.
    Newtype {
        ty: Type,
        rule: Rule,
    },
    /// `pub type PetId = i64`. Its rule is written out wherever it is used.
    Alias {
        ty: Type,
        rule: Rule,
    },
}

#[derive(Debug)]
pub(crate) struct Record {
    pub fields: Vec<Field>,
    pub extra: Extra,
    /// `minProperties`, `maxProperties`.
    pub properties_min: u32,
    pub properties_max: u32,
    pub dependent_required: Vec<(String, Vec<String>)>,
    pub check: Option<CheckId>,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub name: Name,
    pub doc: String,
    pub deprecated: bool,
    pub required: bool,
    /// `Option`, `Patch` and `Box` included.
    pub ty: Type,
    pub rule: Rule,
    /// JSON text, applied when absent; then `ty` is no `Option`.
    pub default: Option<String>,
    pub read_only: bool,
    pub write_only: bool,
}

/// Properties that a record does not name.
#[derive(Debug)]
pub(crate) enum Extra {
    /// Allowed, not kept: the document says nothing of them.
    Ignore,
    /// `additionalProperties: false`.
    Deny,
    /// Kept in a map, in a field of this name.
    Keep { name: Name, ty: Type, rule: Rule, keys: Option<Rule> },
}

/// A closed or open set of scalar values.
#[derive(Debug)]
pub(crate) struct Choice {
    pub values: Vec<ChoiceValue>,
    /// All values are strings: `choice!`, else `literals!`.
    pub strings: bool,
    /// Unknown strings are kept in `Other(String)`.
    pub open: bool,
}

#[derive(Debug)]
pub(crate) struct ChoiceValue {
    pub name: Name,
    pub doc: String,
    /// The string itself when all are strings, else the JSON text.
    pub value: String,
}

/// A union whose variant a property names.
#[derive(Debug)]
pub(crate) struct Tagged {
    pub tag: String,
    pub variants: Vec<Variant>,
    /// Tag values with the index of their variant; several may share one.
    pub values: Vec<(String, usize)>,
    /// 3.2's `defaultMapping`.
    pub fallback: Option<usize>,
    /// The variants that do not require the tag, in order; none where a value without a tag is the fallback.
    pub untagged: Vec<usize>,
    /// The variant an empty value has: one that is not recursive.
    pub empty: usize,
    pub check: Option<CheckId>,
}

/// A union whose variant is found by what a value is.
#[derive(Debug)]
pub(crate) struct OneOf {
    /// `anyOf`: the first branch that fits; else exactly one must.
    pub any: bool,
    pub variants: Vec<Variant>,
    pub empty: usize,
    pub check: Option<CheckId>,
}

#[derive(Debug)]
pub(crate) struct Variant {
    pub name: Name,
    pub doc: String,
    /// `Box` included.
    pub ty: Type,
    pub rule: Rule,
    /// What a value must be to fit: necessary, not sufficient. For [`OneOf`].
    pub hint: Hint,
}

/// Necessary conditions for a branch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hint {
    /// JSON types that may fit; empty: all.
    pub types: Vec<JsonType>,
    /// Properties that must be there.
    pub required: Vec<String>,
    /// Properties that have one of these values when they are there: JSON texts.
    pub constants: Vec<(String, Vec<String>)>,
}

#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum JsonType {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

/// `prefixItems`: a tuple struct.
#[derive(Debug)]
pub(crate) struct Tuple {
    pub items: Vec<TupleItem>,
    /// What may follow.
    pub rest: Rest,
    pub items_min: u32,
    pub items_max: u32,
    pub unique: bool,
    pub check: Option<CheckId>,
}

#[derive(Debug)]
pub(crate) struct TupleItem {
    /// `Option` where the item may be missing.
    pub ty: Type,
    pub rule: Rule,
}

#[derive(Debug)]
pub(crate) enum Rest {
    Ignore,
    Deny,
    Keep { ty: Type, rule: Rule },
}

/// A Rust type.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Type {
    Bool,
    Int(Int),
    /// An integer of any size.
    Integer,
    F64,
    /// A decimal number of any size and precision, kept as written.
    Number,
    String,
    DateTime,
    Date,
    Time,
    Uuid,
    /// A decimal number; a text where its rule is one for texts.
    Decimal,
    Base64,
    Bytes,
    /// A file of a multipart form.
    File,
    /// Any JSON: the schema says nothing.
    Json,
    Null,
    /// `false`: no value fits.
    Never,
    Option(Rc<Type>),
    /// Absent, null or a value.
    Patch(Rc<Type>),
    List(Rc<Type>),
    Map(Rc<Type>),
    Box(Rc<Type>),
    Model(ModelId),
    /// A type of the user's, by path.
    External(String),
    /// `photon::Problem`.
    Problem,
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Int {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

/// What a value must keep beside its type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rule {
    pub kind: RuleKind,
    /// `null` fits.
    pub nullable: bool,
    pub check: Option<CheckId>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum RuleKind {
    #[default]
    Any,
    /// Lengths in characters.
    Text {
        min: u32,
        max: u32,
        pattern: Option<PatternId>,
        format: Option<Format>,
    },
    /// Of names: those that match are meant; others are ignored.
    Selected(PatternId),
    /// Inclusive; exclusive bounds are lowered to inclusive ones.
    Int {
        min: i128,
        max: i128,
        multiple_of: Option<String>,
    },
    /// Bounds are decimal texts.
    Number {
        min: Option<String>,
        max: Option<String>,
        above: Option<String>,
        below: Option<String>,
        multiple_of: Option<String>,
    },
    List {
        min: u32,
        max: u32,
        unique: bool,
        item: Box<Rule>,
    },
    Map {
        min: u32,
        max: u32,
        key: Option<Box<Rule>>,
        value: Box<Rule>,
    },
}

/// String formats that are asserted on text (the typed ones have a type instead).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Format {
    Date,
    DateTime,
    Time,
    Duration,
    Email,
    IdnEmail,
    Hostname,
    IdnHostname,
    Ipv4,
    Ipv6,
    Uri,
    UriReference,
    Iri,
    IriReference,
    UriTemplate,
    Uuid,
    JsonPointer,
    RelativeJsonPointer,
    Regex,
    Byte,
    /// Of the format registry: a text that is a fixed point number.
    Decimal,
}
