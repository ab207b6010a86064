//! Parts of IRs, short to write.

use crate::ir::*;
use crate::source::Span;

pub(super) fn name(wire: &str) -> Name {
    Name::new(wire)
}

pub(super) fn text(min: u32, max: u32) -> Rule {
    Rule { kind: RuleKind::Text { min, max, pattern: None, format: None }, ..Rule::default() }
}

pub(super) fn int(min: i128, max: i128) -> Rule {
    Rule { kind: RuleKind::Int { min, max, multiple_of: None }, ..Rule::default() }
}

pub(super) fn list(min: u32, max: u32, item: Rule) -> Rule {
    Rule { kind: RuleKind::List { min, max, unique: true, item: item.into() }, ..Rule::default() }
}

pub(super) fn field(wire: &str, ty: Type) -> Field {
    let required = !matches!(ty, Type::Option(_) | Type::Patch(_));
    Field {
        name: name(wire),
        doc: String::new(),
        deprecated: false,
        required,
        ty,
        rule: Rule::default(),
        default: None,
        read_only: false,
        write_only: false,
    }
}

pub(super) fn record(fields: Vec<Field>) -> Record {
    Record {
        fields,
        extra: Extra::Ignore,
        properties_min: 0,
        properties_max: u32::MAX,
        dependent_required: Vec::new(),
        check: None,
    }
}

pub(super) fn model(wire: &str, doc: &str, kind: ModelKind) -> Model {
    Model {
        name: name(wire),
        named: true,
        doc: doc.to_owned(),
        pointer: format!("#/components/schemas/{wire}"),
        stated: String::new(),
        checked_because: String::new(),
        deprecated: false,
        span: Span::default(),
        kind,
        derives: Derives::default(),
        extra_derives: Vec::new(),
        validate: None,
        default: false,
    }
}

pub(super) fn param(wire: &str, location: Location, ty: Type) -> Param {
    let usual = matches!(location, Location::Query | Location::Cookie | Location::QueryString);
    Param {
        name: name(wire),
        location,
        doc: String::new(),
        deprecated: false,
        required: !matches!(ty, Type::Option(_)),
        style: if usual { Style::Form } else { Style::Simple },
        explode: usual,
        json: false,
        allow_empty: false,
        ty,
        rule: Rule::default(),
        default: None,
    }
}

pub(super) fn media(range: &str, codec: Codec, ty: Type) -> Media {
    Media {
        variant: name(""),
        range: range.to_owned(),
        more: Vec::new(),
        codec,
        ty,
        rule: Rule::default(),
        encoding: Vec::new(),
        event: None,
    }
}

pub(super) fn json(ty: Type) -> Media {
    media("application/json", Codec::Json, ty)
}

pub(super) fn answer(status: Status, doc: &str, media: Option<Media>) -> Answer {
    Answer {
        name: name(""),
        variant: name(""),
        status,
        doc: doc.to_owned(),
        headers: Vec::new(),
        media,
        problem: false,
    }
}

pub(super) fn problem(status: Status, doc: &str) -> Answer {
    let media = media("application/problem+json", Codec::Json, Type::Problem);
    Answer { problem: true, ..answer(status, doc, Some(media)) }
}

pub(super) fn header(wire: &str, doc: &str, ty: Type) -> AnswerHeader {
    AnswerHeader {
        name: name(wire),
        doc: doc.to_owned(),
        ty,
        rule: Rule::default(),
        explode: false,
        json: false,
    }
}

pub(super) fn operation(id: &str, method: &str, path: &str) -> Operation {
    Operation {
        method_name: name(id),
        request: name(id),
        table: String::new(),
        id: id.to_owned(),
        method: method.to_owned(),
        path: path.to_owned(),
        summary: String::new(),
        description: String::new(),
        deprecated: false,
        security: Vec::new(),
        caller: Caller::None,
        params: Vec::new(),
        body: None,
        output: Output::Unit { status: 204 },
        error: ErrorType::Plain,
        declared: Vec::new(),
        blocking: false,
        body_bytes_max: None,
        timeout_ms: None,
        raw_body: false,
        requires: Vec::new(),
    }
}

pub(super) fn errors(id: &str, answers: Vec<Answer>) -> ErrorType {
    ErrorType::Enum { name: name(&format!("{id} error")), answers }
}

pub(super) fn body(id: &str, required: bool, media: Vec<Media>) -> Body {
    Body { doc: String::new(), required, media, name: name(&format!("{id} body")), streamed: false }
}

pub(super) fn scheme(wire: &str, kind: SchemeKind) -> Scheme {
    Scheme { name: name(wire), doc: String::new(), kind }
}

pub(super) fn tag(tag: Option<&str>, doc: &str, operations: Vec<Operation>) -> Trait {
    Trait {
        name: name(tag.unwrap_or("everything")),
        tag: tag.map(str::to_owned),
        doc: doc.to_owned(),
        operations,
    }
}

pub(super) fn option(ty: Type) -> Type {
    Type::Option(ty.into())
}

pub(super) const I64: Type = Type::Int(Int::I64);
