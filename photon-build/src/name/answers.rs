//! Names of answers and media types: variants and the fields of headers.
//!
//! Knows statuses by their phrases; not what becomes of the names.

use super::scope::{Case, Scope};
use crate::ir::{Answer, Media, Status};

/// Names the variants of an enum of answers, and each answer's headers.
pub(crate) fn name_answers(answers: &mut [Answer], mut variants: Scope) {
    for answer in answers {
        let plain = answer_name(answer);
        let mut candidates = vec![plain.clone()];
        if let Some(media) = &answer.media {
            let kind = media_name(&media.range);
            candidates.push(kind.clone());
            candidates.push(format!("{plain}{kind}"));
        }
        variants.pick(&mut answer.variant, &candidates);
        name_headers(answer);
    }
}

/// Names the fields of an answer's headers.
pub(crate) fn name_headers(answer: &mut Answer) {
    let mut fields = Scope::new(Case::Snake, &[], "header");
    fields.reserve("response");
    fields.reserve("status");
    fields.reserve("body");
    for header in &mut answer.headers {
        let plain = Case::Snake.of(&header.name.wire);
        let longer = format!("{plain}_header");
        fields.pick(&mut header.name, &[plain, longer]);
    }
}

/// Names the variants of a body of several media types.
pub(crate) fn name_media(media: &mut [Media]) {
    let mut variants = Scope::new(Case::Pascal, &["Self"], "Body");
    for media in media {
        let plain = match media.variant.wire.as_str() {
            "" => media_name(&media.range),
            wire => Case::Pascal.of(wire),
        };
        let whole = Case::Pascal.of(&media.range);
        variants.pick(&mut media.variant, &[plain, whole]);
    }
}

/// What lowering calls the answer, or its status in words.
fn answer_name(answer: &Answer) -> String {
    let wire = answer.variant.wire.as_str();
    if wire.is_empty() || wire.starts_with(|first: char| first.is_ascii_digit()) {
        return status_name(answer.status);
    }
    Case::Pascal.of(wire)
}

/// `application/vnd.api+json` is `Json`, `text/csv` is `Csv`, `image/*` is `Image`.
fn media_name(range: &str) -> String {
    let essence = range.split(';').next().unwrap_or_default().trim();
    let (kind, subtype) = essence.split_once('/').unwrap_or((essence, ""));
    match (kind, subtype) {
        ("*", _) => "Any".to_owned(),
        (_, "*") => Case::Pascal.of(kind),
        (_, "x-www-form-urlencoded") => "Form".to_owned(),
        ("multipart", _) => "Multipart".to_owned(),
        (_, "octet-stream") => "Bytes".to_owned(),
        ("text", "plain") => "Text".to_owned(),
        (_, subtype) => {
            let last = subtype.rsplit(['+', '.']).next().unwrap_or(subtype);
            Case::Pascal.of(last.trim_start_matches("x-"))
        }
    }
}

fn status_name(status: Status) -> String {
    let code = match status {
        Status::Code(code) => code,
        Status::Range(1) => return "Informational".to_owned(),
        Status::Range(2) => return "Success".to_owned(),
        Status::Range(3) => return "Redirect".to_owned(),
        Status::Range(4) => return "Client".to_owned(),
        Status::Range(_) => return "Server".to_owned(),
        Status::Default => return "Other".to_owned(),
    };
    match PHRASES.binary_search_by_key(&code, |(known, _)| *known) {
        Ok(index) => PHRASES.get(index).map_or_else(String::new, |(_, phrase)| (*phrase).to_owned()),
        Err(_) => format!("Status{code}"),
    }
}

/// The registered statuses.
const PHRASES: &[(u16, &str)] = &[
    (100, "Continue"),
    (101, "SwitchingProtocols"),
    (102, "Processing"),
    (103, "EarlyHints"),
    (200, "Ok"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "NonAuthoritativeInformation"),
    (204, "NoContent"),
    (205, "ResetContent"),
    (206, "PartialContent"),
    (207, "MultiStatus"),
    (208, "AlreadyReported"),
    (226, "ImUsed"),
    (300, "MultipleChoices"),
    (301, "MovedPermanently"),
    (302, "Found"),
    (303, "SeeOther"),
    (304, "NotModified"),
    (305, "UseProxy"),
    (307, "TemporaryRedirect"),
    (308, "PermanentRedirect"),
    (400, "BadRequest"),
    (401, "Unauthorized"),
    (402, "PaymentRequired"),
    (403, "Forbidden"),
    (404, "NotFound"),
    (405, "MethodNotAllowed"),
    (406, "NotAcceptable"),
    (407, "ProxyAuthenticationRequired"),
    (408, "RequestTimeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (411, "LengthRequired"),
    (412, "PreconditionFailed"),
    (413, "ContentTooLarge"),
    (414, "UriTooLong"),
    (415, "UnsupportedMediaType"),
    (416, "RangeNotSatisfiable"),
    (417, "ExpectationFailed"),
    (418, "ImATeapot"),
    (421, "MisdirectedRequest"),
    (422, "UnprocessableContent"),
    (423, "Locked"),
    (424, "FailedDependency"),
    (425, "TooEarly"),
    (426, "UpgradeRequired"),
    (428, "PreconditionRequired"),
    (429, "TooManyRequests"),
    (431, "RequestHeaderFieldsTooLarge"),
    (451, "UnavailableForLegalReasons"),
    (500, "InternalServerError"),
    (501, "NotImplemented"),
    (502, "BadGateway"),
    (503, "ServiceUnavailable"),
    (504, "GatewayTimeout"),
    (505, "HttpVersionNotSupported"),
    (506, "VariantAlsoNegotiates"),
    (507, "InsufficientStorage"),
    (508, "LoopDetected"),
    (510, "NotExtended"),
    (511, "NetworkAuthenticationRequired"),
];
