//! Every finding: its code, its severity, what it means and what helps.
//!
//! The one table that messages and documentation are made from. Codes never change their meaning.

use crate::finding::Severity;
use crate::finding::Severity::{Error, Refusal, Warning};

/// A kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// `P0107`
    pub id: &'static str,
    /// How much it matters by default.
    pub severity: Severity,
    /// What it means, in a sentence without a full stop.
    pub title: &'static str,
    /// What helps, or what is done instead.
    pub help: &'static str,
}

macro_rules! codes {
    ($($name:ident = $id:literal $severity:ident $title:literal, $help:literal;)*) => {
        $(
            #[doc = concat!($id, ": ", $title, ".")]
            pub(crate) static $name: Code = Code { id: $id, severity: $severity, title: $title, help: $help };
        )*

        /// Every code, in the order of their numbers.
        pub(crate) static ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    UNREADABLE = "P0001" Error "a file cannot be read", "";
    NOT_UTF8 = "P0002" Error "a file is not UTF-8", "save it as UTF-8";
    SYNTAX = "P0003" Error "a file is neither YAML nor JSON", "";
    DUPLICATE_KEY = "P0004" Error "a key stands twice in one mapping", "remove one of the two";
    LIMIT = "P0005" Error "a file is larger or deeper than what is read", "";
    NOT_JSON = "P0006" Warning "a `.json` file is YAML, not JSON", "it was read as YAML";
    KEY_KIND = "P0007" Error "a key is not a scalar", "write the key as a string";
    OVERLAY = "P0008" Error "an overlay cannot be applied", "";
    OVERLAY_IDLE = "P0009" Warning "an action of an overlay matches nothing", "compare its `target` with the document";
    SEVERAL_DOCUMENTS = "P0010" Warning "a file holds several YAML documents", "only the first is read";
    VERSION_MISSING = "P0011" Error "the document does not say which OpenAPI it follows", "add `openapi: 3.1.0`; Photon reads 3.0.x, 3.1.x and 3.2.x";
    SWAGGER = "P0012" Error "Swagger 2.0 is not read", "convert the document to OpenAPI 3; Photon reads 3.0.x, 3.1.x and 3.2.x";
    VERSION_UNKNOWN = "P0013" Error "this version of OpenAPI is not read", "Photon reads 3.0.x, 3.1.x and 3.2.x";
    NOT_YAML = "P0014" Warning "a text is not quite YAML", "it is read as it is meant";

    SHAPE = "P0101" Refusal "a value is of another kind than OpenAPI wants here", "";
    UNKNOWN_FIELD = "P0102" Warning "a field is not known here", "it is ignored; prefix it with `x-` if it is an extension";
    MISSING_FIELD = "P0103" Warning "a required field is missing", "";
    PATH_SLASH = "P0104" Warning "a path does not begin with a slash", "a slash is put before it";
    PATH_TEMPLATE = "P0105" Refusal "a path template is malformed", "write parameters as `{name}`";
    PATH_OPTIONAL = "P0106" Warning "a parameter of the path is not required", "it is taken as `required: true`";
    PATH_UNDECLARED = "P0107" Refusal "a parameter of the path is not declared", "";
    PATH_UNUSED = "P0108" Warning "a declared parameter does not stand in the path", "it is ignored";
    PATH_TWICE = "P0109" Refusal "a path names a parameter twice", "give each parameter a name of its own";
    DUPLICATE_OPERATION = "P0110" Refusal "two operations have the same method and path", "remove one of the two";
    DUPLICATE_ID = "P0111" Warning "two operations have the same `operationId`", "the second is named after its method and path";
    DUPLICATE_PARAMETER = "P0112" Warning "a parameter is declared twice", "the first one is used";
    PARAMETER_BARE = "P0113" Warning "a parameter has neither `schema` nor `content`", "it is taken as a string";
    PARAMETER_BOTH = "P0114" Warning "`schema` and `content` exclude each other", "`schema` is used";
    CONTENT_COUNT = "P0115" Warning "`content` must have exactly one entry here", "the first entry is used, if any";
    PARAMETER_IN = "P0116" Refusal "this place for a parameter is unknown", "use `path`, `query`, `querystring`, `header` or `cookie`";
    STYLE = "P0117" Warning "a style does not fit here", "the default style of the place is used";
    HTTP_NAME = "P0118" Warning "a name cannot be sent over HTTP", "it is left out; use letters, digits and `-`";
    HEADER_IGNORED = "P0119" Warning "this header has a place of its own in OpenAPI", "the declaration is ignored, as OpenAPI demands";
    NO_RESPONSES = "P0120" Warning "an operation declares no response", "it answers 204; declare what it answers";
    STATUS = "P0121" Warning "a key of `responses` is no status", "the response is ignored; use `200`, `4XX` or `default`";
    MEDIA_TYPE = "P0122" Warning "a media type is malformed", "the entry is ignored; write it as `type/subtype`";
    ENCODING = "P0123" Warning "an encoding fits no property", "it is ignored";
    NEWER = "P0124" Warning "this belongs to a newer version of OpenAPI", "it is honoured; raise the version in `openapi`";
    COMPONENT_NAME = "P0125" Warning "the name of a component is malformed", "use letters, digits, `.`, `-` and `_`";
    SERVER = "P0126" Warning "a server is malformed", "";
    SECURITY_UNDECLARED = "P0127" Warning "a security scheme is not declared", "it is taken as HTTP bearer; declare it in `components/securitySchemes`";
    SECURITY_SCHEME = "P0128" Refusal "a security scheme is malformed", "";
    SECURITY_DETAIL = "P0129" Warning "a detail of a security scheme is malformed", "";
    DUPLICATE_TAG = "P0130" Warning "a tag is declared twice", "the first one is used";
    STYLE_TYPE = "P0131" Warning "a style cannot carry this type", "";
    HEADER_FIELD = "P0132" Warning "a header has a field that only parameters have", "it is ignored";
    EXAMPLE = "P0133" Warning "an example is malformed", "it is ignored";
    PATH_ADJACENT = "P0134" Warning "two parameters follow each other without text between them", "the first takes as much as it can";
    PATH_QUERY = "P0135" Warning "a path holds `?` or `#`", "the route ends before it";
    METHOD = "P0136" Warning "a method is malformed", "the operation is ignored";

    REFERENCE_BROKEN = "P0201" Refusal "a reference points to nothing", "";
    REFERENCE_ENDLESS = "P0202" Refusal "a reference leads back to itself", "break the circle: one of them must be a definition";
    REFERENCE_REMOTE = "P0203" Refusal "a reference points to another machine", "nothing is downloaded: put the file below a folder as HOST/PATH and name the folder by `.vendor(..)`";
    REFERENCE_FILE = "P0204" Refusal "a file that is referred to cannot be read", "";
    REFERENCE_TEXT = "P0205" Refusal "a reference is malformed", "write it as `#/components/schemas/Name` or `file.yaml#/pointer`";
    REFERENCE_SIBLINGS = "P0206" Warning "in OpenAPI 3.0 what stands beside `$ref` is ignored", "put the reference into an `allOf`";
    SCHEMA_CIRCLE = "P0207" Warning "a schema contains itself in place", "the inner one is taken without what leads back to it";
    REFERENCE_ROOT = "P0208" Warning "a reference points into its schema, not into its file", "it is read so; write the pointer from the root of the file";
    DYNAMIC_MANY = "P0209" Warning "too many ways lead to a `$dynamicRef`", "beyond these it is taken as a plain reference";

    TYPE_UNKNOWN = "P0301" Warning "this type is unknown", "it is ignored: any type is accepted";
    TYPE_FILE = "P0302" Refusal "`type: file` is of Swagger 2.0", "use `type: string` with `format: binary`";
    KEYWORD = "P0303" Warning "the value of a keyword is of the wrong kind", "the keyword is ignored";
    NUMBER_TEXT = "P0304" Warning "a number is written as a string", "it is read as the number";
    ENUM_TWICE = "P0305" Warning "an `enum` names a value twice", "the second is ignored";
    DEFAULT_TYPE = "P0306" Warning "a default does not fit its schema", "the default is ignored";
    ENUM_TYPE = "P0307" Warning "a value of `enum` does not fit `type`", "no request can carry it";
    REQUIRED_FLAG = "P0308" Warning "`required` is a list of names beside `properties`", "the flag is ignored";
    ITEMS_MISSING = "P0309" Warning "an array has no `items`", "items of any type are accepted";
    TYPE_LIST = "P0310" Warning "in OpenAPI 3.0 a schema has one type", "the list is honoured, as in 3.1";
    SCHEMA_SHAPE = "P0311" Refusal "a schema must be a mapping or a truth value", "";
    ITEMS_LIST = "P0312" Warning "`items` is one schema", "the list is taken as `prefixItems`";
    OLD_KEYWORD = "P0313" Warning "this keyword is of OpenAPI 3.0", "it is honoured";
    REQUIRED_EMPTY = "P0314" Warning "`required` must name at least one property", "it is ignored";
    DISCRIMINATOR = "P0315" Warning "a discriminator is malformed", "what is malformed of it is ignored";
    EMPTY = "P0316" Warning "a list must not be empty", "it is ignored";
    RANGE = "P0317" Warning "a range is empty", "no value fits it";
    NOTHING_FITS = "P0318" Warning "no value fits a schema", "parts of an `allOf` must be able to hold at once";
    DIALECT_UNKNOWN = "P0319" Warning "the dialect of a schema is unknown", "it is read as JSON Schema 2020-12; put its metaschema below the folder of `.vendor(..)`";
    DIALECT_KEYWORD = "P0320" Warning "the dialect of a schema does not have this keyword", "it is ignored; leave `$schema` out, or name the dialect that is meant";
    VOCABULARY = "P0321" Refusal "the dialect of a schema demands a vocabulary that is unknown", "";

    DEPTH = "P0401" Warning "schemas are nested too deeply", "give an inner one a name in `components/schemas`";
    UNTYPED = "P0402" Warning "a schema has no `type`", "add the `type`; without it, values of other types fit, too";
    DEFAULT_UNFIT = "P0403" Warning "a default does not fit its schema", "the default is ignored";
    ENDLESS_VALUE = "P0404" Warning "no finite value fits a schema", "one of the properties is taken as optional";
    NEVER = "P0405" Warning "nothing fits a schema", "its parts exclude each other";
    TAG_UNKNOWN = "P0406" Warning "a discriminator cannot tell the branches apart", "the branch is found by what fits";

    PARAMETER_TEXT = "P0501" Warning "a parameter has a media type that is not decoded", "its text is handed on";
    MEDIA_SKIPPED = "P0502" Warning "a media type cannot be converted to a type", "the other media types are served";
    MEDIA_BYTES = "P0503" Warning "no media type can be converted to a type", "the bytes are handed on";
    MEDIA_REFUSED = "P0504" Refusal "a media type cannot be converted to a type", "leave it out, or allow it by `unknown_media(UnknownMedia::Skip)`";
    BODY_FORBIDDEN = "P0505" Warning "HTTP sends no body with this status", "`content` is ignored";
    STREAM_CHOICE = "P0506" Warning "an operation either streams or answers in one piece", "set `x-photon-stream: true` to choose the stream, or split the operation";
    LIMITS = "P0507" Warning "a limit is not understood", "write `x-photon-limits: { body: 10 MiB }`";
    SERVER_VARIABLE = "P0508" Warning "the path of a server has a variable without a default", "routes are mounted under what stands before it; set `base_path`";
    SELECTION_IDLE = "P0509" Error "a selection matches no operation", "compare it with the document";
    WEBSOCKET = "P0510" Refusal "an operation asks for a WebSocket", "leave `x-photon-websocket` out: WebSockets are not generated";
}

/// What real documents get wrong and a server can live with: the code, and what is done about it.
///
/// Each is told as a warning; under `strict` each is an error.
pub(crate) static TOLERATED: &[(&Code, &str)] = &[
    (&NOT_JSON, "comments and trailing commas in a `.json` file: read as YAML"),
    (&NOT_YAML, "`{a:[1]}` without a space, unprintable characters: read as meant"),
    (&HTTP_NAME, "a header or an optional parameter whose name HTTP cannot carry: left out"),
    (
        &SECURITY_UNDECLARED,
        "a scheme that is required and nowhere declared: HTTP bearer, so that nobody passes unseen",
    ),
    (&MISSING_FIELD, "`info`, its `title` or `version`, a description of a response: taken as empty"),
    (&UNKNOWN_FIELD, "a field that OpenAPI does not have: ignored"),
    (&PATH_SLASH, "`pets` for `/pets`: the slash is added"),
    (&PATH_OPTIONAL, "a path parameter without `required: true`: required"),
    (&PATH_UNUSED, "a path parameter that the template lacks: ignored"),
    (&PATH_QUERY, "`/a?b=c` or `/a#b`: served as `/a`"),
    (&DUPLICATE_ID, "the same `operationId` twice: the second operation is named after method and path"),
    (&DUPLICATE_PARAMETER, "the same parameter twice: the first"),
    (&PARAMETER_BARE, "a parameter without `schema` and `content`: a string"),
    (&NO_RESPONSES, "no responses: 204"),
    (&STATUS, "a status such as `success`: ignored; `200` as a number is no fault at all"),
    (&NEWER, "fields of a newer version: honoured"),
    (&REFERENCE_SIBLINGS, "siblings of `$ref` in 3.0: ignored, but for description, summary and nullable"),
    (
        &SCHEMA_CIRCLE,
        "a subtype that contains its base while the base lists its subtypes: the base without the list",
    ),
    (&TYPE_UNKNOWN, "`type: any` and the like: any type"),
    (&NUMBER_TEXT, "`maxLength: \"5\"`: 5"),
    (&ENUM_TWICE, "doubles in `enum`: once"),
    (&DEFAULT_TYPE, "a default of the wrong type: no default"),
    (&REQUIRED_FLAG, "`required: true` at a property: ignored"),
    (&REQUIRED_EMPTY, "`required: []`: ignored"),
    (&ITEMS_MISSING, "an array without `items`: items of any type"),
    (&TYPE_LIST, "`type: [string, 'null']` in 3.0: honoured"),
    (&OLD_KEYWORD, "`nullable` and `exclusiveMinimum: true` in 3.1: honoured"),
    (&ITEMS_LIST, "`items: [..]`: `prefixItems`"),
];
