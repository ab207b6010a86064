//! One response: its status, headers and bodies.
//!
//! Knows what a response declares. Must not know the other responses of its operation.

use std::rc::Rc;

use super::operation::{Refused, Scope};
use super::types::Direction;
use super::{media, status};
use crate::codes;
use crate::ir::{self, Codec, Status, Type};
use crate::source::Span;
use crate::spec::{self, MediaType};

/// An answer that has no name yet.
pub(super) struct Pending {
    pub(super) status: Status,
    pub(super) doc: String,
    pub(super) headers: Vec<ir::AnswerHeader>,
    pub(super) media: Option<ir::Media>,
    pub(super) problem: bool,
    pub(super) span: Span,
}

/// The answers of a response in success: one a media type.
pub(super) fn success(
    scope: &mut Scope<'_, '_>,
    response: &spec::Response,
    is_only: bool,
) -> Result<Vec<Pending>, Refused> {
    let status = status_of(response.status);
    let words = if is_only { "response".to_owned() } else { status::words(status, false) };
    let content = content(scope, response);
    let hint = hint(scope, response, &words);
    let mut media = media::lower(scope, content, Direction::Response, &hint)?;
    media.iter_mut().for_each(media::allow_null);
    let count = media.len().max(1);
    let mut media = media.into_iter();
    let mut answers = Vec::with_capacity(count);
    for _ in 0..count {
        let headers = headers(scope, response, &hint);
        answers.push(Pending {
            status,
            doc: doc(response),
            headers: with_location(status, headers),
            media: media.next(),
            problem: false,
            span: response.span,
        });
    }
    Ok(answers)
}

/// The answer of a response in error: of several media types the one that says most.
pub(super) fn error(scope: &mut Scope<'_, '_>, response: &spec::Response) -> Result<Pending, Refused> {
    let status = status_of(response.status);
    let content = content(scope, response);
    let hint = hint(scope, response, &status::words(status, true));
    let headers = headers(scope, response, &hint);
    let problem = content.iter().find(|entry| is_problem(scope, entry));
    let media = if let Some(entry) = problem {
        Some(problem_media(entry))
    } else {
        let media = media::lower(scope, content, Direction::Response, &hint)?;
        media.into_iter().min_by_key(|media| rank(media.codec)).map(whole)
    };
    Ok(Pending {
        status,
        doc: doc(response),
        problem: problem.is_some(),
        headers,
        media,
        span: response.span,
    })
}

/// All that a response declares, by what was made of it.
pub(super) fn declared(response: &spec::Response, pending: &[Pending]) -> Option<ir::Declared> {
    let first = pending.first()?;
    let media: Vec<ir::Media> = pending.iter().filter_map(|answer| answer.media.clone()).collect();
    let is_known =
        |name: &str| media.iter().any(|media| media.range == name || media.more.iter().any(|it| it == name));
    let names = response.reply.content.iter().map(|entry| entry.name.to_string());
    let others = names.filter(|name| !media.is_empty() && !is_known(name)).collect();
    Some(ir::Declared { status: first.status, headers: first.headers.clone(), media, others })
}

/// What comes in the body; HTTP allows none with some statuses, nor for HEAD.
fn content<'r>(scope: &mut Scope<'_, '_>, response: &'r spec::Response) -> &'r [MediaType] {
    let content = &response.reply.content;
    if &*scope.operation.method == "HEAD" {
        return &[];
    }
    if status::forbids_body(status_of(response.status)) && !content.is_empty() {
        let message = format!("HTTP sends no body with `{}`", status::written(status_of(response.status)));
        scope.findings.add(&codes::BODY_FORBIDDEN, response.span, message);
        return &[];
    }
    content
}

/// A name for what is written in place: of the shared response, or of this operation's.
fn hint(scope: &Scope<'_, '_>, response: &spec::Response, words: &str) -> String {
    match &response.reply.component {
        Some(component) => component.to_string(),
        None => format!("{} {words}", scope.name),
    }
}

fn doc(response: &spec::Response) -> String {
    let description = response.reply.description.trim();
    let summary = response.reply.summary.as_deref().unwrap_or_default().trim();
    if description.is_empty() { summary.to_owned() } else { description.to_owned() }
}

/// Whether the body is what Photon's own refusals are: RFC 9457's members and nothing else.
fn is_problem(scope: &Scope<'_, '_>, entry: &MediaType) -> bool {
    media::essence(&entry.name) == "application/problem+json"
        && entry.schema.is_none_or(|schema| scope.types.is_problem(schema))
}

fn problem_media(entry: &MediaType) -> ir::Media {
    ir::Media {
        variant: ir::Name::new("problem"),
        range: entry.name.to_string(),
        more: Vec::new(),
        codec: Codec::Json,
        ty: Type::Problem,
        rule: ir::Rule::default(),
        encoding: Vec::new(),
        event: None,
    }
}

fn rank(codec: Codec) -> u8 {
    match codec {
        Codec::Json => 0,
        Codec::Text => 1,
        Codec::Bytes | Codec::Form | Codec::Multipart => 2,
        Codec::JsonLines | Codec::JsonSeq | Codec::Events => 3,
    }
}

/// Errors are sent in one piece: what would be a stream is text.
fn whole(mut media: ir::Media) -> ir::Media {
    if rank(media.codec) == rank(Codec::Events) {
        (media.codec, media.ty, media.rule) = (Codec::Text, Type::String, ir::Rule::default());
    }
    media::allow_null(&mut media);
    media
}

fn headers(scope: &mut Scope<'_, '_>, response: &spec::Response, hint: &str) -> Vec<ir::AnswerHeader> {
    let reply = &response.reply;
    reply
        .headers
        .iter()
        .filter(|header| !is_framing(&header.name))
        .map(|one| header(scope, one, hint))
        .collect()
}

/// Headers that the connection writes itself.
fn is_framing(name: &str) -> bool {
    let names = ["content-type", "content-length", "transfer-encoding", "connection", "date"];
    names.iter().any(|framing| framing.eq_ignore_ascii_case(name))
}

fn header(scope: &mut Scope<'_, '_>, header: &spec::Header, hint: &str) -> ir::AnswerHeader {
    let content = header.content.first().filter(|_| header.schema.is_none());
    let json = content.is_some_and(|media| media::is_json(&media::essence(&media.name)));
    let schema = header.schema.or_else(|| content.filter(|_| json).and_then(|media| media.schema));
    let hint = match &header.component {
        Some(component) => component.to_string(),
        None => format!("{hint} {}", header.name),
    };
    let (ty, rule) = match schema {
        Some(schema) => scope.typed(schema, Direction::Response, &hint),
        None => (Type::String, ir::Rule::default()),
    };
    let is_optional = !header.required || rule.nullable;
    let mut name = ir::Name::new(header.name.to_ascii_lowercase());
    name.wanted = super::wanted(&header.extensions);
    ir::AnswerHeader {
        name,
        doc: scope.doc(header.description.as_deref(), schema),
        ty: if is_optional { Type::Option(Rc::new(ty)) } else { ty },
        rule,
        explode: header.explode,
        json,
    }
}

/// A redirect leads somewhere, also where the document forgets to say so.
fn with_location(status: Status, mut headers: Vec<ir::AnswerHeader>) -> Vec<ir::AnswerHeader> {
    let has_location = headers.iter().any(|header| header.name.wire == "location");
    if status::wants_location(status) && !has_location {
        headers.push(ir::AnswerHeader {
            name: ir::Name::new("location"),
            doc: "Where the client is sent.".to_owned(),
            ty: Type::String,
            rule: ir::Rule::default(),
            explode: false,
            json: false,
        });
    }
    headers
}

fn status_of(status: spec::Status) -> Status {
    match status {
        spec::Status::Code(code) => Status::Code(code),
        spec::Status::Range(digit) => Status::Range(digit),
        spec::Status::Default => Status::Default,
    }
}
