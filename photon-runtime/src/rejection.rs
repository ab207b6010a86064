//! What the framework itself refuses, as a value: one hook may turn it into the document's own error format.

use std::borrow::Cow;

use http::StatusCode;
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};

use crate::contract::In;
use crate::exchange::Field;
use crate::model::Violation;
use crate::problem::Problem;

/// Why a request was refused.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum RejectionKind {
    /// 400: the body is not what its media type says, or is not framed as HTTP demands.
    Syntax,
    /// 401: no credentials, or none that hold.
    Unauthorized,
    /// 403: the caller lacks a scope.
    Forbidden,
    /// 404: there is no such path.
    NotFound,
    /// 405: the path does not answer this method.
    MethodNotAllowed,
    /// 406: no media type of the answers is accepted.
    NotAcceptable,
    /// 408: the body did not come in time.
    Timeout,
    /// 412: the resource is not in the state that the request expects.
    PreconditionFailed,
    /// 413: the body is larger than the operation allows.
    TooLarge,
    /// 415: the operation reads no body of this media type.
    UnsupportedMediaType,
    /// 416: the file has none of the bytes that were asked for.
    RangeNotSatisfiable,
    /// 422: parameters or body do not fit the document.
    Invalid,
    /// 426: the path speaks WebSocket only, and is not asked for it as RFC 6455 demands.
    UpgradeRequired,
    /// 500: the handler failed; the error is logged, never told.
    Internal,
    /// 503: there is no room for this request now.
    Unavailable,
    /// 503: the operation took longer than it may.
    Deadline,
}

/// What is about to be told of a refused request, for [`Service::wording`](crate::Service::wording).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Wording<'r> {
    /// The `detail` of the problem: [`Rejection::detail`] by [`Rejection::kind`].
    Refusal(&'r Rejection),
    /// The `detail` of one of its `errors`: a keyword, a place, and the [values](Violation::values) of the rule.
    Violation(&'r Finding),
}

/// When a client should come back where a database had no room, in seconds.
const RETRY_AFTER_S: &str = "1";

/// A request that no handler will see.
#[derive(Clone, Debug)]
pub struct Rejection {
    /// Why.
    pub kind: RejectionKind,
    /// The status of the answer.
    pub status: StatusCode,
    /// What does not fit, for [`RejectionKind::Invalid`] and [`RejectionKind::Syntax`].
    pub violations: Vec<Finding>,
    /// How many more violations there are that are not told.
    pub more: usize,
    detail: Cow<'static, str>,
    pub(crate) fields: Vec<Field>,
}

/// One thing of a request that does not fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Where: in the body or in a parameter.
    pub place: In,
    /// The parameter's name; none in a body.
    pub parameter: Option<Cow<'static, str>>,
    /// What is wrong, and where within.
    pub violation: Violation,
}

impl RejectionKind {
    /// The status that tells it.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Syntax => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::RangeNotSatisfiable => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::UpgradeRequired => StatusCode::UPGRADE_REQUIRED,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable | Self::Deadline => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl Rejection {
    pub(crate) fn new(kind: RejectionKind, detail: impl Into<Cow<'static, str>>) -> Self {
        let detail = detail.into();
        Self { kind, status: kind.status(), violations: Vec::new(), more: 0, detail, fields: Vec::new() }
    }

    /// There is no room now: 503, and when to come back.
    pub(crate) fn come_back(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(RejectionKind::Unavailable, detail).with_field("retry-after", RETRY_AFTER_S)
    }

    pub(crate) fn with_field(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.fields.push(Field { name: Cow::Borrowed(name), value: value.into() });
        self
    }

    pub(crate) fn with_violations(mut self, violations: Vec<Finding>, more: usize) -> Self {
        self.violations = violations;
        self.more = more;
        self
    }

    /// The same in other words, where there are some.
    pub(crate) fn in_words(mut self, words: &dyn Fn(Wording<'_>) -> Option<String>) -> Self {
        let mut violations = std::mem::take(&mut self.violations);
        for finding in &mut violations {
            if let Some(text) = words(Wording::Violation(finding)) {
                finding.violation = finding.violation.clone().in_words(text);
            }
        }
        self.violations = violations;
        if let Some(text) = words(Wording::Refusal(&self)) {
            self.detail = text.into();
        }
        self
    }

    /// A sentence about it; empty where the status says all.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// What is answered unless a hook answers otherwise: RFC 9457, the violations as `errors`.
    pub fn problem(&self) -> Problem {
        let mut problem = Problem::of(self.status);
        if !self.detail.is_empty() {
            problem = Problem::new(self.status, self.detail.as_ref());
        }
        if !self.violations.is_empty() {
            problem = problem.with("errors", &self.violations);
        }
        if self.more > 0 { problem.with("more", self.more) } else { problem }
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("in", self.place.as_str())?;
        if let Some(parameter) = &self.parameter {
            map.serialize_entry("parameter", &bounded(parameter))?;
        }
        let pointer = self.violation.pointer();
        if self.parameter.is_none() || !pointer.is_empty() {
            map.serialize_entry("pointer", &bounded(&pointer))?;
        }
        map.serialize_entry("keyword", self.violation.keyword)?;
        map.serialize_entry("detail", &bounded(&self.violation.message()))?;
        map.end()
    }
}

/// How much is told of one place or fault, in bytes: names of properties may be as long as the body.
const TOLD_BYTES_MAX: usize = 1000;

/// The beginning of a text that is too long to be told.
fn bounded(text: &str) -> Cow<'_, str> {
    if text.len() <= TOLD_BYTES_MAX {
        return Cow::Borrowed(text);
    }
    let end = (0..=TOLD_BYTES_MAX).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    Cow::Owned(format!("{}…", &text[..end]))
}
