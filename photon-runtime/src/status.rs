//! One type for each registered status of 400 and up: what functions shared by handlers return.
//!
//! An operation that declares the status accepts it by `?`; one that does not, does not compile.

use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;

use crate::problem::Problem;

macro_rules! statuses {
    ($($name:ident = $code:literal)*) => { $(
        #[doc = concat!("A problem of status ", $code, ".")]
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name(pub Problem);

        impl $name {
            #[doc = concat!("Status ", $code, " with this detail.")]
            pub fn new(detail: impl Into<String>) -> Self {
                Self(Problem::new(code($code), detail))
            }
        }

        impl From<$name> for Problem {
            fn from(error: $name) -> Self {
                error.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl StdError for $name {}
    )* }
}

statuses! {
    BadRequest = 400
    Unauthorized = 401
    PaymentRequired = 402
    Forbidden = 403
    NotFound = 404
    MethodNotAllowed = 405
    NotAcceptable = 406
    ProxyAuthenticationRequired = 407
    RequestTimeout = 408
    Conflict = 409
    Gone = 410
    LengthRequired = 411
    PreconditionFailed = 412
    ContentTooLarge = 413
    UriTooLong = 414
    UnsupportedMediaType = 415
    RangeNotSatisfiable = 416
    ExpectationFailed = 417
    MisdirectedRequest = 421
    UnprocessableContent = 422
    Locked = 423
    FailedDependency = 424
    TooEarly = 425
    UpgradeRequired = 426
    PreconditionRequired = 428
    TooManyRequests = 429
    RequestHeaderFieldsTooLarge = 431
    UnavailableForLegalReasons = 451
    InternalServerError = 500
    NotImplemented = 501
    BadGateway = 502
    ServiceUnavailable = 503
    GatewayTimeout = 504
    HttpVersionNotSupported = 505
    VariantAlsoNegotiates = 506
    InsufficientStorage = 507
    LoopDetected = 508
    NetworkAuthenticationRequired = 511
}

/// Every code above is a valid status.
fn code(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_status() {
        assert_eq!(NotFound::new("x").0.status(), 404);
        assert_eq!(TooManyRequests::new("x").0.status(), 429);
        assert_eq!(NetworkAuthenticationRequired::new("x").0.status(), 511);
        assert_eq!(Problem::from(Conflict::new("taken")).detail(), Some("taken"));
    }
}
