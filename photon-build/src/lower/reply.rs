//! Answers: what a handler may return, by the collapse rule.
//!
//! One answer is its body, or nothing, or a struct where it has headers; several are an enum. Successes go into
//! `Ok`, errors into `Err`. `default` is an error wherever a success is declared, else both.
//!
//! Knows statuses and how answers are told apart. Must not know how a body is encoded.

use super::answer::{self, Pending};
use super::operation::{self, Refused, Scope};
use super::status;
use crate::codes;
use crate::ir::{self, Codec, Status};
use crate::spec;

/// What a handler returns.
pub(super) struct Reply {
    pub(super) output: ir::Output,
    pub(super) error: ir::ErrorType,
    pub(super) declared: Vec<ir::Declared>,
}

/// The answers of the operation of `scope`.
pub(super) fn lower(scope: &mut Scope<'_, '_>) -> Result<Reply, Refused> {
    let (successes, errors) = sorted(scope.operation);
    let mut declared = Vec::new();
    let error = errors_of(scope, &errors, &mut declared);
    let output = output(scope, &successes, &mut declared);
    declared.sort_by_key(|answer| answer.status);
    // `default` may be success and error at once.
    declared.dedup_by_key(|answer| answer.status);
    Ok(Reply { output: output?, error: error?, declared })
}

/// What the operation of `scope` answers where it does not switch protocols: whatever is no success.
pub(super) fn refusals(scope: &mut Scope<'_, '_>) -> Result<Reply, Refused> {
    let operation = scope.operation;
    let is_refusal = |response: &&spec::Response| {
        !matches!(response.status, spec::Status::Code(100..=299) | spec::Status::Range(1 | 2))
    };
    let refusals: Vec<&spec::Response> = operation.responses.iter().filter(is_refusal).collect();
    let mut declared = Vec::new();
    let error = errors_of(scope, &refusals, &mut declared)?;
    declared.sort_by_key(|answer| answer.status);
    Ok(Reply { output: ir::Output::Unit { status: 101 }, error, declared })
}

/// Successes and errors; 1xx are not a handler's to give.
fn sorted(operation: &spec::Operation) -> (Vec<&spec::Response>, Vec<&spec::Response>) {
    let mut successes = Vec::new();
    let mut errors = Vec::new();
    let mut default = None;
    for response in &operation.responses {
        match response.status {
            spec::Status::Code(100..=199) | spec::Status::Range(1) => {}
            spec::Status::Code(200..=399) | spec::Status::Range(2 | 3) => successes.push(response),
            spec::Status::Code(_) | spec::Status::Range(_) => errors.push(response),
            spec::Status::Default => default = Some(response),
        }
    }
    if let Some(default) = default {
        if successes.is_empty() {
            successes.push(default);
        }
        errors.push(default);
    }
    (successes, errors)
}

fn errors_of(
    scope: &mut Scope<'_, '_>,
    responses: &[&spec::Response],
    declared: &mut Vec<ir::Declared>,
) -> Result<ir::ErrorType, Refused> {
    let mut answers = Vec::with_capacity(responses.len());
    let mut is_refused = false;
    for response in responses {
        match answer::error(scope, response) {
            Ok(pending) => {
                declared.extend(answer::declared(response, std::slice::from_ref(&pending)));
                let words = status::words(pending.status, true);
                answers.push(named(scope, pending, &words));
            }
            Err(Refused) => is_refused = true,
        }
    }
    match (is_refused, answers.is_empty()) {
        (true, _) => Err(Refused),
        (false, true) => Ok(ir::ErrorType::Plain),
        (false, false) => {
            Ok(ir::ErrorType::Enum { name: ir::Name::new(format!("{} error", scope.name)), answers })
        }
    }
}

fn output(
    scope: &mut Scope<'_, '_>,
    responses: &[&spec::Response],
    declared: &mut Vec<ir::Declared>,
) -> Result<ir::Output, Refused> {
    let mut pending = Vec::new();
    let mut is_refused = false;
    for response in responses {
        match answer::success(scope, response, responses.len() == 1) {
            Ok(answers) => {
                declared.extend(answer::declared(response, &answers));
                pending.extend(answers);
            }
            Err(Refused) => is_refused = true,
        }
    }
    if is_refused {
        return Err(Refused);
    }
    if let Some(stream) = stream(scope, &mut pending) {
        return Ok(stream);
    }

    let several_statuses = pending.windows(2).any(|pair| pair[0].status != pair[1].status);
    let variants: Vec<String> =
        pending.iter().map(|answer| variant(answer, &pending, several_statuses)).collect();
    let mut answers: Vec<ir::Answer> =
        pending.into_iter().zip(&variants).map(|(pending, words)| named(scope, pending, words)).collect();
    if answers.len() > 1 {
        return Ok(ir::Output::Enum { name: ir::Name::new(format!("{} output", scope.name)), answers });
    }
    Ok(match answers.pop() {
        None => ir::Output::Unit { status: 204 },
        Some(answer) => collapsed(answer),
    })
}

/// The one answer that there is, as short as it can be.
fn collapsed(answer: ir::Answer) -> ir::Output {
    match (answer.status, answer.headers.is_empty()) {
        (Status::Code(status), true) => match answer.media {
            Some(media) => ir::Output::Value { status, media },
            None => ir::Output::Unit { status },
        },
        _ => ir::Output::Struct(answer),
    }
}

/// What an answer is called among all: by its status, by its media type, or by both.
fn variant(answer: &Pending, all: &[Pending], several_statuses: bool) -> String {
    let words = status::words(answer.status, false);
    let is_alone = all.iter().filter(|other| other.status == answer.status).count() == 1;
    match &answer.media {
        Some(media) if !is_alone && several_statuses => format!("{words} {}", media.variant.wire),
        Some(media) if !is_alone => media.variant.wire.clone(),
        _ => words,
    }
}

fn named(scope: &Scope<'_, '_>, pending: Pending, words: &str) -> ir::Answer {
    ir::Answer {
        name: ir::Name::new(format!("{} {words}", scope.name)),
        variant: ir::Name::new(words),
        status: pending.status,
        doc: pending.doc,
        headers: pending.headers,
        media: pending.media,
        problem: pending.problem,
    }
}

/// The answer that is sent piece by piece, if there is one; a handler that streams can give no other success.
///
/// A stream beside plain media types of one status is left out, unless `x-photon-stream` prefers it.
fn stream(scope: &mut Scope<'_, '_>, pending: &mut Vec<Pending>) -> Option<ir::Output> {
    let prefers_stream = operation::flag(scope.operation, "x-photon-stream");
    let is_stream = |answer: &Pending| answer.media.as_ref().is_some_and(|media| streams(media.codec));
    let has_plain = pending.iter().any(|answer| answer.media.is_some() && !is_stream(answer));
    let mut chosen = pending.iter().position(is_stream).filter(|_| prefers_stream || !has_plain);
    if chosen.is_none() && prefers_stream {
        chosen = pending.iter().position(|answer| answer.media.is_some());
    }
    if let Some(chosen) = chosen {
        let answer = pending.swap_remove(chosen);
        let (status, doc) = (answer.status, answer.doc);
        let is_file = answer.media.as_ref().is_some_and(|media| !streams(media.codec));
        for dropped in pending.drain(..).filter(|dropped| !is_file || !is_of_files(dropped.status)) {
            let help = "a handler that streams gives no other success; split the operation";
            told(scope, &dropped, help);
        }
        let mut media = answer.media?;
        if !streams(media.codec) {
            (media.codec, media.ty, media.rule) = (Codec::Bytes, ir::Type::Bytes, ir::Rule::default());
        }
        let status = if let Status::Code(code) = status { code } else { 200 };
        return Some(ir::Output::Stream { status, media, doc });
    }
    let (streamed, plain): (Vec<_>, Vec<_>) = pending.drain(..).partition(is_stream);
    *pending = plain;
    for dropped in &streamed {
        told(scope, dropped, codes::STREAM_CHOICE.help);
    }
    None
}

/// Whether the runtime gives this answer for a file by itself: a part of it, or that the client has it.
fn is_of_files(status: Status) -> bool {
    matches!(status, Status::Code(206 | 304))
}

fn told(scope: &mut Scope<'_, '_>, dropped: &Pending, help: &str) {
    let status = status::written(dropped.status);
    let message = match &dropped.media {
        Some(media) => format!("`{}` of the answer `{status}` is left out", media.range),
        None => format!("the answer `{status}` is left out"),
    };
    let finding = scope.findings.add(&codes::STREAM_CHOICE, dropped.span, message);
    finding.help = Some(help.to_owned());
}

fn streams(codec: Codec) -> bool {
    matches!(codec, Codec::Events | Codec::JsonLines | Codec::JsonSeq)
}
