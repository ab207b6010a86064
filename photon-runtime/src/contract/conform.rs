//! Holds an answer to what the document says of it: status, headers, media type, body.
//!
//! By the tables that generated code gives the operation; nothing reads the document. This module knows no driver.

use std::fmt;

use super::declared::{self, Declared};
use super::operation::Meta;
use crate::exchange::Field;
use crate::media::{self, Media};
use crate::model::{Violations, check};

/// An answer, as it is about to be sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outgoing<'a> {
    pub(crate) status: u16,
    pub(crate) fields: &'a [Field],
    /// None where it is sent piece by piece.
    pub(crate) body: Option<&'a [u8]>,
    /// Photon refuses by it what no handler saw: documents need not declare such answers.
    pub(crate) is_refusal: bool,
}

/// What of an answer is not what the document says.
#[derive(Clone, Debug)]
pub(crate) struct Departure {
    operation: &'static str,
    status: u16,
    /// Each in words, with the JSON pointer of where it is.
    faults: Vec<String>,
}

impl Departure {
    fn new(meta: &'static Meta, status: u16, faults: Vec<String>) -> Option<Self> {
        (!faults.is_empty()).then_some(Self { operation: meta.name.id, status, faults })
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (operation, status) = (self.operation, self.status);
        write!(f, "the answer {status} of `{operation}` is not what the document says: ")?;
        f.write_str(&self.faults.join("; "))
    }
}

impl std::error::Error for Departure {}

/// What of an answer departs from the declarations of its operation.
pub(crate) fn judge(meta: &'static Meta, answer: &Outgoing<'_>) -> Option<Departure> {
    if meta.declared.is_empty() {
        return None;
    }
    let mut faults = Vec::new();
    match declared::find(meta.declared, answer.status) {
        Some(declared) => {
            judge_headers(declared, answer, &mut faults);
            judge_content(meta, declared, answer, &mut faults);
        }
        None if answer.is_refusal || is_of_http(answer.status) => {}
        None => faults.push(format!("the status is none of {}", statuses(meta))),
    }
    Departure::new(meta, answer.status, faults)
}

/// What of one item of a stream, an event or a line, departs from the declaration of its operation.
pub(crate) fn judge_item(
    meta: &'static Meta,
    status: u16,
    item: &dyn crate::model::Value,
) -> Option<Departure> {
    let body = declared::find(meta.declared, status)?.bodies.first()?;
    let mut faults = Vec::new();
    tell("an item", &check(item, &body.rule), &mut faults);
    Departure::new(meta, status, faults)
}

/// Answers to conditions and ranges, which are part of what GET means: they need not be declared.
fn is_of_http(status: u16) -> bool {
    matches!(status, 206 | 304)
}

fn judge_headers(declared: &'static Declared, answer: &Outgoing<'_>, faults: &mut Vec<String>) {
    for header in declared.headers {
        let name = header.param.name;
        let lines = answer.fields.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
        let lines: Vec<&[u8]> = lines.map(|field| field.value.as_bytes()).collect();
        tell(&format!("the header `{name}`"), &(header.judge)(&header.param, &lines), faults);
    }
}

fn judge_content(
    meta: &'static Meta,
    declared: &'static Declared,
    answer: &Outgoing<'_>,
    faults: &mut Vec<String>,
) {
    let is_empty = answer.body.is_some_and(<[u8]>::is_empty);
    let has_none = meta.name.method == "HEAD" || matches!(answer.status, 100..=199 | 204 | 205 | 304);
    if has_none || (declared.bodies.is_empty() && (is_empty || answer.is_refusal)) {
        return;
    }
    if declared.bodies.is_empty() {
        return faults.push("it has a body, and none is declared".to_owned());
    }
    let field = answer.fields.iter().find(|field| field.name == "content-type");
    let content_type = field.map(|field| &*field.value);
    let ranges: Vec<&str> = declared.bodies.iter().flat_map(super::Body::ranges).collect();
    let wanted = ranges.join(" or ");
    let Some(content_type) = content_type else {
        return faults.push(format!("it has no media type, and must have {wanted}"));
    };
    let media = Media::parse(content_type);
    if answer.status == 206 && media.as_ref().is_some_and(|media| media.is("multipart", "byteranges")) {
        return;
    }
    let Some(range) = media.and_then(|media| media::choose(&media, ranges)) else {
        return faults.push(format!("its media type is {content_type}, and must be {wanted}"));
    };
    let body = declared.bodies.get(super::content::owner(declared.bodies, range));
    if let Some((body, bytes)) = body.zip(answer.body)
        && let Some(judge) = body.judge
    {
        tell("the body", &judge(body, Some(content_type.as_bytes()), bytes), faults);
    }
}

fn tell(what: &str, violations: &Violations, faults: &mut Vec<String>) {
    faults.extend(violations.iter().map(|violation| match violation.pointer() {
        pointer if pointer.is_empty() => format!("{what} {}", told(&violation.message())),
        pointer => format!("{what} at {pointer} {}", told(&violation.message())),
    }));
    if violations.more() > 0 {
        faults.push(format!("{what} has {} more faults", violations.more()));
    }
}

/// Messages are bounded: those of patterns and enumerations grow with the document.
fn told(message: &str) -> &str {
    let end = (0..=MESSAGE_BYTES_MAX.min(message.len())).rev().find(|at| message.is_char_boundary(*at));
    &message[..end.unwrap_or_default()]
}

/// How much of one fault is told, in bytes.
const MESSAGE_BYTES_MAX: usize = 1000;

fn statuses(meta: &'static Meta) -> String {
    let written = meta.declared.iter().map(|answer| match answer.statuses {
        declared::Statuses::One(status) => status.to_string(),
        declared::Statuses::Each(statuses) => {
            statuses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        declared::Statuses::Class(digit) => format!("{digit}XX"),
        declared::Statuses::Others => "default".to_owned(),
    });
    written.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::super::{answer, answer_range, answers, header, json, meta, other_answers, plain, told};
    use super::*;
    use crate::model::{int, list, text};

    static META: Meta = meta("list", "GET", "/", 200).declares(&[
        answer(200)
            .headers(&[
                told::<i64>(header("x-total").required().rule(int(0, 9))),
                told::<Vec<i64>>(header("x-ids")),
            ])
            .bodies(&[json().rule(list(1, 2).items(&TEXT)).holds::<Vec<String>>(), plain()]),
        answers(&[204, 205]),
        answer_range(4).bodies(&[json().media("application/problem+json")]),
        other_answers().bodies(&[json().media("application/vnd.fault+json").holds::<String>()]),
    ]);
    static TEXT: crate::model::Rule = text(2, 3);

    fn check(status: u16, fields: &[(&'static str, &'static str)], body: &str, expected: &str) {
        let field = |(name, value): &(&'static str, &'static str)| Field {
            name: Cow::Borrowed(name),
            value: Cow::Borrowed(value),
        };
        let fields: Vec<Field> = fields.iter().map(field).collect();
        let is_refusal = body == "refused";
        let answer = Outgoing { status, fields: &fields, body: Some(body.as_bytes()), is_refusal };
        let told = judge(&META, &answer).map_or(String::new(), |departure| departure.to_string());
        let (_, told) = told.split_once(": ").unwrap_or(("", &told));
        assert_eq!(told, expected, "{status} {body}");
    }

    #[test]
    fn departures_say_what_and_where() {
        let (json, total) = (("content-type", "application/json"), ("x-total", "3"));
        check(200, &[json, total], r#"["ab"]"#, "");
        check(200, &[("content-type", "text/plain; charset=utf-8"), total], "anything", "");
        check(
            200,
            &[json, ("x-total", "10"), ("x-ids", "1,x")],
            r#"["ab","abcd",1]"#,
            "the header `x-total` must be at most 9; the header `x-ids` at /1 must be an integer, not this text; \
             the body at /1 must have at most 3 characters, has 4; the body at /2 must be a string, not a number; \
             the body must have at most 2 items, has 3",
        );
        check(200, &[json], r#"["ab"]"#, "the header `x-total` must be given");
        check(200, &[json, total], "[", "the body is not JSON: it ends too early");
        check(200, &[total], "[]", "it has no media type, and must have application/json or text/plain");
        check(
            200,
            &[("content-type", "text/html"), total],
            "",
            "its media type is text/html, and must be application/json or text/plain",
        );
        check(204, &[], "", "");
        check(
            201,
            &[json],
            "1",
            "its media type is application/json, and must be application/vnd.fault+json",
        );
        check(304, &[], "", "");
        check(418, &[("content-type", "application/problem+json")], "refused", "");
        check(
            503,
            &[("content-type", "application/problem+json")],
            "refused",
            "its media type is application/problem+json, and must be application/vnd.fault+json",
        );
        check(
            500,
            &[("content-type", "application/vnd.fault+json")],
            "1",
            "the body must be a string, not a number",
        );
    }
}
