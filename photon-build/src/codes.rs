//! Every finding: its code, its severity, what it means and what helps.
//!
//! The one table that messages and documentation are made from: `findings.md` lists it, and a test compares the two. Codes never change their meaning.

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
    UNREADABLE = "P0001" Error "a file cannot be read", "compare the path with what is there; a relative one begins at the folder of `Cargo.toml`";
    NOT_UTF8 = "P0002" Error "a file is not UTF-8", "save it as UTF-8";
    SYNTAX = "P0003" Error "a file is neither YAML nor JSON", "compare it with what stands before it: brackets and quotes must end, commas stand between values";
    DUPLICATE_KEY = "P0004" Error "a key stands twice in one mapping", "remove or rename one of the two";
    LIMIT = "P0005" Error "a file is larger or deeper than what is read", "write what is inside once and refer to it by `$ref`";
    NOT_JSON = "P0006" Warning "a `.json` file is not quite JSON", "it is read all the same; other tools may refuse it";
    KEY_KIND = "P0007" Error "a key is not a scalar", "put it in quotes, as all that begins with `{` or `[` and is meant as text";
    OVERLAY = "P0008" Error "an overlay cannot be applied", "an overlay begins with `overlay: 1.0.0`; each of its `actions` has a `target` such as `$.paths['/pets']`";
    OVERLAY_IDLE = "P0009" Warning "an action of an overlay matches nothing", "compare it with the document as the actions before have left it";
    SEVERAL_DOCUMENTS = "P0010" Warning "a file holds several YAML documents", "only the first is read; give each a file of its own";
    VERSION_MISSING = "P0011" Error "the document does not say which OpenAPI it follows", "add `openapi: 3.1.0`; Photon reads 3.0.x, 3.1.x and 3.2.x";
    SWAGGER = "P0012" Error "Swagger 2.0 is not read", "convert the document to OpenAPI 3; Photon reads 3.0.x, 3.1.x and 3.2.x";
    VERSION_UNKNOWN = "P0013" Error "this version of OpenAPI is not read", "Photon reads 3.0.x, 3.1.x and 3.2.x";
    NOT_YAML = "P0014" Warning "a text is not quite YAML", "it is read as it is meant; other tools may refuse it";

    SHAPE = "P0101" Refusal "a value is of another kind than OpenAPI wants here", "a mapping is written `key: value` or `{ .. }`, a list `- item` or `[ .. ]`";
    UNKNOWN_FIELD = "P0102" Warning "a field is not known here", "it is ignored; prefix it with `x-` if it is an extension";
    MISSING_FIELD = "P0103" Warning "a required field is missing", "it is taken as empty; add it";
    PATH_SLASH = "P0104" Warning "a path does not begin with a slash", "a slash is put before it";
    PATH_TEMPLATE = "P0105" Refusal "a path template is malformed", "write parameters as `{name}`";
    PATH_OPTIONAL = "P0106" Warning "a parameter of the path is not required", "it is required, for a path is nothing without it; add `required: true`";
    PATH_UNDECLARED = "P0107" Refusal "a parameter of the path is not declared", "declare it with `in: path`";
    PATH_UNUSED = "P0108" Warning "a declared parameter does not stand in the path", "it is ignored; remove it, or put it into the path";
    PATH_TWICE = "P0109" Refusal "a path names a parameter twice", "give each parameter a name of its own";
    DUPLICATE_OPERATION = "P0110" Refusal "two operations have the same method and path", "remove one of the two; other names of parameters make no other path";
    DUPLICATE_ID = "P0111" Warning "two operations have the same `operationId`", "the second is named after its method and path; give it an id of its own";
    DUPLICATE_PARAMETER = "P0112" Warning "a parameter is declared twice", "the first one is used; remove one of the two";
    PARAMETER_BARE = "P0113" Warning "a parameter has neither `schema` nor `content`", "it is taken as a string; add `schema: { type: .. }`";
    PARAMETER_BOTH = "P0114" Warning "`schema` and `content` exclude each other", "`schema` is used; remove one of the two";
    CONTENT_COUNT = "P0115" Warning "`content` must have exactly one entry here", "the first entry is used; remove the others";
    PARAMETER_IN = "P0116" Refusal "this place for a parameter is unknown", "use `path`, `query`, `querystring`, `header` or `cookie`";
    STYLE = "P0117" Warning "a style does not fit here", "it is ignored";
    HTTP_NAME = "P0118" Warning "a name cannot be sent over HTTP", "it is left out; use letters, digits and `-`";
    HEADER_IGNORED = "P0119" Warning "this header has a place of its own in OpenAPI", "it is ignored, as OpenAPI demands: `security` and the media types of `content` say it";
    NO_RESPONSES = "P0120" Warning "an operation declares no response", "it answers 204; declare what it answers";
    STATUS = "P0121" Warning "a key of `responses` is no status", "the response is ignored; use `200`, `4XX` or `default`";
    MEDIA_TYPE = "P0122" Warning "a media type is malformed", "the entry is ignored; write it as `type/subtype`";
    ENCODING = "P0123" Warning "an encoding fits no property", "it is ignored; name it as the property is named";
    NEWER = "P0124" Warning "this belongs to a newer version of OpenAPI", "it is honoured; raise the version in `openapi`";
    COMPONENT_NAME = "P0125" Warning "the name of a component is malformed", "it is used all the same; other tools want letters, digits, `.`, `-` and `_` only";
    SERVER = "P0126" Warning "a server is malformed", "what is malformed of it is ignored";
    SECURITY_UNDECLARED = "P0127" Warning "a security scheme is not declared", "it is taken as HTTP bearer; declare it in `components/securitySchemes`";
    SECURITY_SCHEME = "P0128" Refusal "a security scheme is malformed", "correct it; nobody can be let in by it";
    SECURITY_DETAIL = "P0129" Warning "a detail of a security scheme is malformed", "it makes no difference to the server; correct it for those who read the document";
    DUPLICATE_TAG = "P0130" Warning "a tag is declared twice", "the first one is used; remove one of the two";
    STYLE_TYPE = "P0131" Warning "a style cannot carry this type", "choose another `style`, or another type";
    HEADER_FIELD = "P0132" Warning "a header has a field that only parameters have", "it is ignored";
    EXAMPLE = "P0133" Warning "an example is malformed", "it is ignored; write `{ value: .. }`";
    PATH_ADJACENT = "P0134" Warning "two parameters follow each other without text between them", "the first takes one character, or what an `enum` of the second leaves; put a text between them";
    PATH_QUERY = "P0135" Warning "a path holds `?` or `#`", "the route ends before it; declare what it names as a parameter";
    METHOD = "P0136" Warning "a method is malformed", "the operation is ignored; methods of HTTP stand beside it in lower case, as `get`";

    REFERENCE_BROKEN = "P0201" Refusal "a reference points to nothing", "compare it with the document, letter by letter; `/` in a key is written `~1`";
    REFERENCE_ENDLESS = "P0202" Refusal "a reference leads back to itself", "break the circle: one of them must be a definition";
    REFERENCE_REMOTE = "P0203" Refusal "a reference points to another machine", "nothing is downloaded: put the file below a folder as HOST/PATH and name the folder by `.vendor(..)`";
    REFERENCE_FILE = "P0204" Refusal "a file that is referred to cannot be read", "put the file there as YAML or JSON, or correct the reference";
    REFERENCE_TEXT = "P0205" Refusal "a reference is malformed", "write it as `#/components/schemas/Name` or `file.yaml#/pointer`";
    REFERENCE_SIBLINGS = "P0206" Warning "in OpenAPI 3.0 what stands beside `$ref` is ignored", "put the reference into an `allOf`, or follow OpenAPI 3.1";
    SCHEMA_CIRCLE = "P0207" Warning "a schema contains itself in place", "the inner one is taken without what leads back to it; refer to it from a property instead";
    REFERENCE_ROOT = "P0208" Warning "a reference points into its schema, not into its file", "it is read so; write the pointer from the root of the file";
    DYNAMIC_MANY = "P0209" Warning "too many ways lead to a `$dynamicRef`", "beyond these it is taken as a plain reference";
    REMOTE_SCHEMA = "P0210" Warning "a schema is on another machine", "anything is accepted in its place; nothing is downloaded: put the file below a folder as HOST/PATH and name the folder by `.vendor(..)`";

    TYPE_UNKNOWN = "P0301" Warning "this type is unknown", "it is ignored: any type is accepted";
    TYPE_FILE = "P0302" Refusal "`type: file` is of Swagger 2.0", "use `type: string` with `format: binary`";
    KEYWORD = "P0303" Warning "the value of a keyword is of the wrong kind", "it is ignored; correct it";
    NUMBER_TEXT = "P0304" Warning "a number is written as a string", "it is read as the number; remove the quotes";
    ENUM_TWICE = "P0305" Warning "an `enum` names a value twice", "the second is ignored; remove it";
    DEFAULT_TYPE = "P0306" Warning "a default is of another type than its schema", "the default is ignored; correct it";
    ENUM_TYPE = "P0307" Warning "a value of `enum` does not fit `type`", "no request can carry it; correct or remove it";
    REQUIRED_FLAG = "P0308" Warning "`required` is a list of names beside `properties`", "the flag is ignored; list the property in `required` of the schema around it";
    ITEMS_MISSING = "P0309" Warning "an array has no `items`", "items of any type are accepted; add `items`";
    TYPE_LIST = "P0310" Warning "in OpenAPI 3.0 a schema has one type", "the list is honoured, as in 3.1; raise the version in `openapi`";
    SCHEMA_SHAPE = "P0311" Refusal "a schema must be a mapping or a truth value", "write `{ type: .. }`, or `{ $ref: '#/components/schemas/Name' }` for one that has a name";
    ITEMS_LIST = "P0312" Warning "`items` is one schema", "the list is taken as `prefixItems`; call it so";
    OLD_KEYWORD = "P0313" Warning "this keyword is of OpenAPI 3.0", "it is honoured; write what newer versions have for it";
    REQUIRED_EMPTY = "P0314" Warning "`required` must name at least one property", "it is ignored; remove it";
    DISCRIMINATOR = "P0315" Warning "a discriminator is malformed", "this entry is ignored; name a schema of `components/schemas`, or write a reference";
    EMPTY = "P0316" Warning "a list must not be empty", "it is ignored; remove it, or fill it";
    RANGE = "P0317" Warning "a range is empty", "no value fits it; correct one of the two";
    NOTHING_FITS = "P0318" Warning "no value fits a schema", "all parts must be able to hold at once; for one or the other write `oneOf`";
    PATTERN = "P0319" Warning "a pattern is no regular expression", "it is ignored; correct it: patterns are those of ECMA-262 with the flag `u`";
    PATTERN_SLASHES = "P0320" Warning "a pattern is written as JavaScript does", "the slashes are taken off, for with them nothing could match";
    DIALECT_UNKNOWN = "P0321" Warning "the dialect of a schema is unknown", "it is read as JSON Schema 2020-12; put its metaschema below the folder of `.vendor(..)`";
    DIALECT_KEYWORD = "P0322" Warning "the dialect of a schema does not have this keyword", "it is ignored; leave `$schema` out, or name the dialect that is meant";
    VOCABULARY = "P0323" Refusal "the dialect of a schema demands a vocabulary that is unknown", "use a dialect of known vocabularies, or set the vocabulary to `false` in its metaschema if it only annotates";
    VALIDATE_MERGED = "P0324" Warning "an `x-photon-validate` stands on a part of another schema", "values of the other are not judged by it: name a function for the other's type, too";

    DEPTH = "P0401" Warning "schemas are nested too deeply", "give an inner one a name in `components/schemas`";
    UNTYPED = "P0402" Warning "a schema has no `type`", "add the `type`; without it, values of other types fit, too";
    DEFAULT_UNFIT = "P0403" Warning "a default exceeds what its schema allows", "the default is ignored; compare it with the limits and the `format` beside it";
    ENDLESS_VALUE = "P0404" Warning "no finite value fits a schema", "a value without it is accepted; leave it out of `required`, or allow `null`";
    NEVER = "P0405" Warning "nothing fits a schema", "all that is said of it must be able to hold at once: `type`, `enum`, `allOf`, `oneOf`";
    TAG_UNKNOWN = "P0406" Warning "a discriminator cannot tell the branches apart", "the branch is found by what fits; make each a named schema, or give the property a `const`";

    PARAMETER_TEXT = "P0501" Warning "a parameter has a media type that is not decoded", "its text is handed on; use `application/json`, or `schema` instead of `content`";
    MEDIA_SKIPPED = "P0502" Warning "a media type cannot be converted to a type", "it is left out, the other media types are served";
    MEDIA_BYTES = "P0503" Warning "no media type can be converted to a type", "its bytes are handed on as they are";
    MEDIA_REFUSED = "P0504" Refusal "a media type cannot be converted to a type", "leave it out, or allow it by `unknown_media(UnknownMedia::Skip)`";
    BODY_FORBIDDEN = "P0505" Warning "HTTP sends no body with this status", "`content` is ignored; remove it, or choose another status";
    STREAM_CHOICE = "P0506" Warning "an operation either streams or answers in one piece", "set `x-photon-stream: true` to choose the stream, or split the operation";
    LIMITS = "P0507" Warning "a limit is not understood", "the limit stays as it was; write `x-photon-limits: { body: 10 MiB, timeout: 5 s }`";
    SELECTION_IDLE = "P0509" Error "a selection matches no operation", "compare it with the `tags`, paths and `operationId`s of the document";
    WEBSOCKET = "P0510" Refusal "an operation asks for a WebSocket that cannot be opened", "a WebSocket is opened by a `GET` without a body; leave `x-photon-websocket` out";

    ENTITY_SHAPE = "P0601" Error "a value of `x-photon-entity` is of another kind than is wanted here", "`photon_build::entities` lists what may be written";
    ENTITY_KEY = "P0602" Error "a key of `x-photon-entity` is unknown", "`photon_build::entities` lists the keys";
    ENTITY_WORD = "P0603" Error "a word of `x-photon-entity` is unknown", "`photon_build::entities` lists the words";
    ENTITY_PLACE = "P0604" Error "`x-photon-entity` stands where no table can be made of it", "put it on an object of `components/schemas`";
    SQL_NAME = "P0605" Error "a name is none that every database takes", "use letters of ASCII, digits and `_`, at most 63 of them, and no digit in front";
    COLUMN_UNKNOWN = "P0606" Error "a column is no property of its schema", "name a property, or give it a `type` in `columns`: then it is a column that clients never see";
    COLUMN_TYPE = "P0607" Error "no column can hold a property", "give it a `type` in `columns`, or name it in `ignore`";
    COLUMN_DETAIL = "P0608" Error "what is said of a column does not go together", "correct one of the two";
    COLUMN_TWICE = "P0609" Error "two columns of a table have the same name", "give one of them another `name`";
    PRIMARY_KEY = "P0610" Error "a table has no primary key", "add a property `id`, or name columns by `primaryKey`";
    KEY_COLUMN = "P0611" Error "a column cannot be in a key or an index", "leave it out, or give it another type";
    RELATION_NOWHERE = "P0612" Error "a relation leads to no entity", "name a schema of `components/schemas` that has an `x-photon-entity`";
    RELATION_KEY = "P0613" Error "a relation leads to no key that its column can hold", "refer to one column of the same type that is the primary key, or unique";
    RELATION_CIRCLE = "P0614" Error "tables refer to each other in a circle, and none can do without", "make one of the columns nullable: leave its property out of `required`";
    TABLE_TWICE = "P0615" Error "two entities have the same table", "give one of them another `table`";
}

/// What real documents get wrong and a server can live with: the code, and what is done about it. Every warning.
///
/// Under `strict` each is an error.
pub(crate) static TOLERATED: &[(&Code, &str)] = &[
    (
        &NOT_JSON,
        "comments and trailing commas in a `.json` file: passed over; what is YAML there: read as YAML",
    ),
    (&OVERLAY_IDLE, "an action of an overlay that matches nothing: passed over"),
    (&SEVERAL_DOCUMENTS, "several YAML documents in a file: the first"),
    (&NOT_YAML, "`{a:[1]}` without a space, unprintable characters: read as meant"),
    (&UNKNOWN_FIELD, "a field that OpenAPI does not have: ignored"),
    (&MISSING_FIELD, "`info`, its `title` or `version`, a description of a response: taken as empty"),
    (&PATH_SLASH, "`pets` for `/pets`: the slash is added"),
    (&PATH_OPTIONAL, "a path parameter without `required: true`: required"),
    (&PATH_UNUSED, "a path parameter that the template lacks: ignored"),
    (&DUPLICATE_ID, "the same `operationId` twice: the second operation is named after method and path"),
    (&DUPLICATE_PARAMETER, "the same parameter or header twice: the first"),
    (&PARAMETER_BARE, "a parameter without `schema` and `content`: a string"),
    (&PARAMETER_BOTH, "a parameter with `schema` and `content`: `schema`"),
    (&CONTENT_COUNT, "a parameter whose `content` has several entries: the first; none: a string"),
    (&STYLE, "a style that its place does not have: the style that the place has by default"),
    (&HTTP_NAME, "a header or an optional parameter whose name HTTP cannot carry: left out"),
    (&HEADER_IGNORED, "`Accept`, `Content-Type` or `Authorization` as a parameter: ignored"),
    (&NO_RESPONSES, "no responses: 204"),
    (&STATUS, "a status such as `success`: ignored; `200` as a number is no fault at all"),
    (&MEDIA_TYPE, "a media type such as `json`: ignored"),
    (&ENCODING, "an encoding of a property that is not there: ignored"),
    (&NEWER, "fields of a newer version: honoured"),
    (&COMPONENT_NAME, "a component with spaces in its name: used"),
    (&SERVER, "a server without `url`: ignored; a variable without a value: the mount path ends before it"),
    (
        &SECURITY_UNDECLARED,
        "a scheme that is required and nowhere declared: HTTP bearer, so that nobody passes unseen",
    ),
    (
        &SECURITY_DETAIL,
        "OAuth 2 without flows, URLs that are none, HTTP schemes that nobody registered: used",
    ),
    (&DUPLICATE_TAG, "the same tag twice: the first"),
    (&STYLE_TYPE, "a style that cannot carry the type: used for what it can carry"),
    (&HEADER_FIELD, "`name` and `in` of a header: ignored"),
    (&EXAMPLE, "an example that is no example: ignored"),
    (&PATH_ADJACENT, "`/{a}{b}`: the first takes one character, or what an `enum` of the second leaves"),
    (&PATH_QUERY, "`/a?b=c` or `/a#b`: served as `/a`"),
    (&METHOD, "a method that is none, or that has a place of its own: ignored"),
    (&REFERENCE_SIBLINGS, "siblings of `$ref` in 3.0: ignored, but for description, summary and nullable"),
    (
        &SCHEMA_CIRCLE,
        "a subtype that contains its base while the base lists its subtypes: the base without the list",
    ),
    (&REFERENCE_ROOT, "a pointer from the root of its schema: read so"),
    (&DYNAMIC_MANY, "a `$dynamicRef` that too many ways lead to: taken as a plain reference beyond 20,000"),
    (&REMOTE_SCHEMA, "a schema that is on another machine and not vendored: anything is accepted"),
    (&TYPE_UNKNOWN, "`type: any` and the like: any type"),
    (&KEYWORD, "a keyword of the wrong kind, such as `pattern: []`: ignored"),
    (&NUMBER_TEXT, "`maxLength: \"5\"`: 5"),
    (&ENUM_TWICE, "doubles in `enum`: once"),
    (&DEFAULT_TYPE, "a default of the wrong type: what is meant, or no default"),
    (&ENUM_TYPE, "a value of `enum` of the wrong type: what is meant, or a value that nobody can send"),
    (&REQUIRED_FLAG, "`required: true` at a property: ignored"),
    (&ITEMS_MISSING, "an array without `items`: items of any type"),
    (&TYPE_LIST, "`type: [string, 'null']` in 3.0: honoured"),
    (&ITEMS_LIST, "`items: [..]`: `prefixItems`"),
    (&OLD_KEYWORD, "`nullable` and `exclusiveMinimum: true` in 3.1: honoured"),
    (&REQUIRED_EMPTY, "`required: []`: ignored"),
    (&DISCRIMINATOR, "a mapping to a schema that is not there: ignored"),
    (&EMPTY, "`allOf: []`, a body without content: ignored; `enum: []`: no value fits"),
    (&RANGE, "`minLength: 2` beside `maxLength: 1`: no value fits"),
    (&NOTHING_FITS, "an `allOf` of a string and an object: no value fits"),
    (&PATTERN, "a pattern that is no regular expression: ignored"),
    (&PATTERN_SLASHES, "a pattern between slashes, `/^a$/`: read without them"),
    (&DIALECT_UNKNOWN, "a `$schema` that is not known: read as JSON Schema 2020-12"),
    (&DIALECT_KEYWORD, "a keyword that the `$schema` does not have: ignored"),
    (&VALIDATE_MERGED, "an `x-photon-validate` on a member of an `allOf`: not asked for values of the whole"),
    (&DEPTH, "schemas nested in place beyond what is followed: any JSON"),
    (&UNTYPED, "a schema without `type`: the type that its keywords speak of"),
    (&DEFAULT_UNFIT, "a default beyond the limits of its schema: no default"),
    (&ENDLESS_VALUE, "a required property that needs another of its own kind: optional"),
    (&NEVER, "a schema whose keywords exclude each other: no value fits"),
    (&TAG_UNKNOWN, "a discriminator that does not tell: the branch that fits"),
    (&PARAMETER_TEXT, "a parameter in XML: its text"),
    (&MEDIA_SKIPPED, "XML beside JSON: JSON"),
    (&MEDIA_BYTES, "nothing but XML: its bytes"),
    (&BODY_FORBIDDEN, "content of a 204: ignored"),
    (&STREAM_CHOICE, "a stream beside plain answers: the plain ones, unless `x-photon-stream` is set"),
    (&LIMITS, "an `x-photon-limits` that is not understood: ignored"),
];
