//! Parameters and bodies as `const` expressions of the runtime, in text: each a constructor and the calls that say what
//! is not usual.

use super::operation::compact;
use super::reply::default_media;
use super::rule::{default_call, rule_call};
use super::tokens::{list_call, text, texts};
use super::ty::Scope;
use crate::ir::{
    AnswerHeader, Body, Codec, Declared, Encoding, Location, Media, Operation, Param, SchemeKind, Status,
    Style, Type,
};

/// `photon::query("limit")`, `.rule(photon::int(1, 100))`, `.default("20")`.
pub(crate) fn param(scope: Scope<'_>, operation: &Operation, param: &Param) -> Vec<String> {
    let constructor = match param.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
        Location::QueryString => "query_string",
    };
    let usual = match param.location {
        Location::Path | Location::Header => Style::Simple,
        Location::Query | Location::Cookie | Location::QueryString => Style::Form,
    };
    let mut calls = vec![format!("photon::{constructor}({})", text(&param.name.wire))];
    let mut say = |holds: bool, call: &str| {
        if holds {
            calls.push(call.to_owned());
        }
    };
    say(param.required && param.location != Location::Path, ".required()");
    say(!param.json && param.style != usual, style(param.style));
    if !param.json {
        say(true, explode(param.style, param.explode));
    }
    say(param.json, ".json()");
    say(param.allow_empty, ".allow_empty()");
    calls.extend(rule_call(scope, &param.rule));
    calls.extend(default_call(param.default.as_deref()));
    calls.extend(others(scope, operation, param));
    calls.retain(|call| !call.is_empty());
    calls
}

/// The other names in the query, where an object takes what is left of it.
fn others(scope: Scope<'_>, operation: &Operation, param: &Param) -> Option<String> {
    let spread =
        param.location == Location::Query && param.style == Style::Form && param.explode && !param.json;
    if !spread || !scope.is_object(&param.ty) {
        return None;
    }
    let params = operation.params.iter().filter(|other| other.location == Location::Query);
    let params = params.map(|other| &other.name.wire);
    let schemes = operation
        .security
        .iter()
        .flatten()
        .filter_map(|requirement| scope.api.schemes.get(requirement.scheme));
    let keys = schemes.filter_map(|scheme| match &scheme.kind {
        SchemeKind::ApiKey { location: Location::Query, key } => Some(key),
        _ => None,
    });
    let mut names: Vec<&String> = params.chain(keys).filter(|name| **name != param.name.wire).collect();
    names.sort_unstable();
    names.dedup();
    (!names.is_empty()).then(|| format!(".others(&[{}])", texts(names)))
}

fn style(style: Style) -> &'static str {
    match style {
        Style::Simple => ".simple()",
        Style::Form => ".form()",
        Style::Cookie => ".verbatim()",
        Style::Label => ".label()",
        Style::Matrix => ".matrix()",
        Style::SpaceDelimited => ".space_delimited()",
        Style::PipeDelimited => ".pipe_delimited()",
        Style::DeepObject => ".deep_object()",
    }
}

/// Nothing, where it is the style's own way.
fn explode(style: Style, explode: bool) -> &'static str {
    let usual = matches!(style, Style::Form | Style::Cookie | Style::DeepObject);
    match (explode == usual, explode) {
        (true, _) => "",
        (false, true) => ".exploded()",
        (false, false) => ".flat()",
    }
}

/// `.body(&[photon::json()])`, a line each where there are several media types.
pub(crate) fn bodies(scope: Scope<'_>, body: &Body) -> String {
    let method = if body.required { "body" } else { "optional_body" };
    match body.media.as_slice() {
        [one] => format!(".{method}(&[{}])", media(scope, one)),
        several => {
            let lines = several.iter().map(|it| format!("    {},\n", media(scope, it)));
            format!(".{method}(&[\n{}])", lines.collect::<String>())
        }
    }
}

/// `photon::json().media("application/merge-patch+json")`.
pub(crate) fn media(scope: Scope<'_>, media: &Media) -> String {
    let codec = match media.codec {
        Codec::Json => "json",
        Codec::Form => "form",
        Codec::Multipart => "multipart",
        Codec::Text | Codec::Events => "plain",
        Codec::Bytes => "bytes",
        Codec::JsonLines => "json_lines",
        Codec::JsonSeq => "json_seq",
    };
    let mut calls = vec![format!("photon::{codec}()")];
    if media.range != default_media(media.codec) || media.codec == Codec::Events {
        calls.push(format!(".media({})", text(&media.range)));
    }
    if !media.more.is_empty() {
        calls.push(format!(".media_types(&[{}])", texts(&media.more)));
    }
    calls.extend(rule_call(scope, &media.rule));
    if !media.encoding.is_empty() {
        let encodings: Vec<String> = media.encoding.iter().map(encoding).collect();
        calls.push(format!(".encoding(&[{}])", encodings.join(", ")));
    }
    calls.concat()
}

fn encoding(encoding: &Encoding) -> String {
    let stated = encoding.style.filter(|style| *style != Style::Form).map(style);
    let exploded = encoding.explode.map(|it| explode(encoding.style.unwrap_or(Style::Form), it));
    let media_types = encoding.content_type.as_deref().map(|it| format!(".content_type({})", text(it)));
    format!(
        "photon::encoding({}){}{}{}",
        text(&encoding.property),
        stated.unwrap_or_default(),
        exploded.unwrap_or_default(),
        media_types.unwrap_or_default()
    )
}

/// `.declares(&[photon::answer(200).json::<models::Pet>(), photon::answers(&[400, 404]).problem()])`, in filled lines.
pub(crate) fn declares(scope: Scope<'_>, declared: &[Declared]) -> Option<String> {
    let mut alike: Vec<(Vec<Status>, String)> = Vec::new();
    for answer in declared {
        let says = answer_text(scope, answer);
        let is_code = matches!(answer.status, Status::Code(_));
        let known = alike
            .iter_mut()
            .find(|(statuses, said)| is_code && matches!(statuses[0], Status::Code(_)) && *said == says);
        match known {
            Some((statuses, _)) => statuses.push(answer.status),
            None => alike.push((vec![answer.status], says)),
        }
    }
    list_call("declares", alike.into_iter().map(|(statuses, says)| statuses_text(&statuses) + &says))
}

/// The media type that the runtime takes from the declared answers, as they stand in the table.
pub(crate) fn media_type_of_success(declared: &[Declared]) -> Option<&str> {
    let is_success = |answer: &&Declared| matches!(answer.status, Status::Code(200..=299) | Status::Range(2));
    let mut bodies = declared.iter().filter(is_success).flat_map(|answer| {
        answer.media.iter().map(|media| media.range.as_str()).chain(answer.others.iter().map(String::as_str))
    });
    bodies.next()
}

fn statuses_text(statuses: &[Status]) -> String {
    match statuses {
        [Status::Code(code)] => format!("photon::answer({code})"),
        [Status::Range(digit)] => format!("photon::answer_range({digit})"),
        [Status::Default] => "photon::other_answers()".to_owned(),
        several => {
            let codes = several.iter().filter_map(|status| match status {
                Status::Code(code) => Some(code.to_string()),
                Status::Range(_) | Status::Default => None,
            });
            format!("photon::answers(&[{}])", codes.collect::<Vec<_>>().join(", "))
        }
    }
}

/// What is declared of an answer, but for its status.
fn answer_text(scope: Scope<'_>, answer: &Declared) -> String {
    let mut calls = Vec::new();
    let headers: Vec<String> = answer.headers.iter().filter_map(|header| told(scope, header)).collect();
    if !headers.is_empty() {
        calls.push(format!(".headers(&[{}])", headers.join(", ")));
    }
    match (answer.media.as_slice(), answer.others.is_empty()) {
        ([media], true) if is_plain_problem(media) => calls.push(".problem()".to_owned()),
        ([media], true) if is_plain_json(scope, media) => {
            calls.push(format!(".json::<{}>()", compact(&scope.ty(&media.ty))));
        }
        _ => calls.extend(bodies_text(scope, answer)),
    }
    calls.concat()
}

fn is_plain_problem(media: &Media) -> bool {
    media.ty == Type::Problem && media.range == "application/problem+json" && media.more.is_empty()
}

fn is_plain_json(scope: Scope<'_>, media: &Media) -> bool {
    let is_usual = media.range == default_media(Codec::Json) && media.more.is_empty();
    media.codec == Codec::Json
        && is_usual
        && media.ty != Type::Problem
        && rule_call(scope, &media.rule).is_none()
}

fn bodies_text(scope: Scope<'_>, answer: &Declared) -> Option<String> {
    let bodies = answer.media.iter().map(|media| sent(scope, media));
    let others = answer.others.iter().map(|name| format!("photon::bytes().media({})", text(name)));
    let bodies: Vec<String> = bodies.chain(others).collect();
    (!bodies.is_empty()).then(|| format!(".bodies(&[{}])", bodies.join(", ")))
}

/// A header that must be there or whose values are bounded.
fn told(scope: Scope<'_>, header: &AnswerHeader) -> Option<String> {
    let rule = rule_call(scope, &header.rule);
    let ty = match &header.ty {
        Type::Option(inner) if !header.rule.nullable => inner,
        ty => ty,
    };
    if !header.is_required() && rule.is_none() && *ty == Type::String {
        return None;
    }
    let mut chain = format!("photon::header({})", text(&header.name.wire));
    if header.is_required() {
        chain += ".required()";
    }
    if header.json {
        chain += ".json()";
    } else if header.explode {
        chain += ".exploded()";
    }
    Some(format!("photon::told::<{}>({chain}{})", compact(&scope.ty(ty)), rule.unwrap_or_default()))
}

/// A body of an answer, and what it holds where that can be told from its bytes.
fn sent(scope: Scope<'_>, sent: &Media) -> String {
    let is_json = sent.codec == Codec::Json && sent.ty != Type::Problem;
    let holds = is_json.then(|| format!(".holds::<{}>()", compact(&scope.ty(&sent.ty))));
    media(scope, sent) + &holds.unwrap_or_default()
}
