//! What statuses are called: the reasons of the IANA registry, in words.
//!
//! Knows numbers and words. Must not know documents.

use crate::ir::Status;

/// The words for a status in a success (`created`) or in an error (`not found`).
pub(super) fn words(status: Status, is_error: bool) -> String {
    match status {
        Status::Code(code) => match reason(code) {
            Some(reason) => reason.to_owned(),
            None => format!("status {code}"),
        },
        Status::Range(1) => "informational".to_owned(),
        Status::Range(2) => "success".to_owned(),
        Status::Range(3) => "redirection".to_owned(),
        Status::Range(4) => "client".to_owned(),
        Status::Range(5) => "server".to_owned(),
        Status::Range(digit) => format!("status {digit}xx"),
        Status::Default if is_error => "other".to_owned(),
        Status::Default => "success".to_owned(),
    }
}

/// A status as a document writes it.
pub(super) fn written(status: Status) -> String {
    match status {
        Status::Code(code) => code.to_string(),
        Status::Range(digit) => format!("{digit}XX"),
        Status::Default => "default".to_owned(),
    }
}

/// Whether HTTP forbids a body with this status.
pub(super) fn forbids_body(status: Status) -> bool {
    matches!(status, Status::Code(204 | 205 | 304))
}

/// Whether this status sends the client to the `Location` that comes with it.
pub(super) fn wants_location(status: Status) -> bool {
    matches!(status, Status::Code(301 | 302 | 303 | 307 | 308))
}

fn reason(code: u16) -> Option<&'static str> {
    Some(match code {
        100 => "continue",
        101 => "switching protocols",
        102 => "processing",
        103 => "early hints",
        104 => "upload resumption supported",
        200 => "ok",
        201 => "created",
        202 => "accepted",
        203 => "non authoritative information",
        204 => "no content",
        205 => "reset content",
        206 => "partial content",
        207 => "multi status",
        208 => "already reported",
        226 => "im used",
        300 => "multiple choices",
        301 => "moved permanently",
        302 => "found",
        303 => "see other",
        304 => "not modified",
        305 => "use proxy",
        307 => "temporary redirect",
        308 => "permanent redirect",
        400 => "bad request",
        401 => "unauthorized",
        402 => "payment required",
        403 => "forbidden",
        404 => "not found",
        405 => "method not allowed",
        406 => "not acceptable",
        407 => "proxy authentication required",
        408 => "request timeout",
        409 => "conflict",
        410 => "gone",
        411 => "length required",
        412 => "precondition failed",
        413 => "content too large",
        414 => "uri too long",
        415 => "unsupported media type",
        416 => "range not satisfiable",
        417 => "expectation failed",
        418 => "im a teapot",
        421 => "misdirected request",
        422 => "unprocessable content",
        423 => "locked",
        424 => "failed dependency",
        425 => "too early",
        426 => "upgrade required",
        428 => "precondition required",
        429 => "too many requests",
        431 => "request header fields too large",
        451 => "unavailable for legal reasons",
        500 => "internal server error",
        501 => "not implemented",
        502 => "bad gateway",
        503 => "service unavailable",
        504 => "gateway timeout",
        505 => "http version not supported",
        506 => "variant also negotiates",
        507 => "insufficient storage",
        508 => "loop detected",
        510 => "not extended",
        511 => "network authentication required",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_have_words() {
        let check = |status, is_error, expected| assert_eq!(words(status, is_error), expected);
        check(Status::Code(201), false, "created");
        check(Status::Code(404), true, "not found");
        check(Status::Code(499), true, "status 499");
        check(Status::Range(2), false, "success");
        check(Status::Range(4), true, "client");
        check(Status::Default, true, "other");
        check(Status::Default, false, "success");
    }
}
