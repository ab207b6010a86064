//! Types, and what values must keep beside them.

use std::rc::Rc;

use super::{CheckId, ModelId, PatternId};

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
