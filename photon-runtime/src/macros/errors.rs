//! What generated code writes of the errors of an operation: its variants, a line each, become answers and conversions.

/// The declared errors of an operation: constructors, conversions, `Display`, `std::error::Error` and `Fault`.
#[macro_export]
macro_rules! errors {
    ($error:ident $(, $($rest:tt)*)?) => {
        $crate::__errors! { @each $error response [] [] [] $($($rest)*)? }
    };
}

/// Takes the variants of `errors!` one by one. `response` travels along, for each step has names of its own.
#[doc(hidden)]
#[macro_export]
macro_rules! __errors {
    (@each $error:ident $response:ident [$($arms:tt)*] [$($names:tt)*] [$($told:tt)*]
        problem $variant:ident $constructor:ident $status:tt $(, $($rest:tt)*)?) => {
        impl $error {
            #[doc = ::core::concat!("Status ", ::core::stringify!($status), " with this detail.")]
            pub fn $constructor(detail: impl ::core::convert::Into<::std::string::String>) -> Self {
                Self::$variant($crate::__private::problem($status, detail.into()))
            }
        }

        $crate::__from_status! { $error $variant $status }
        $crate::__errors! { @each $error $response
            [$($arms)* Self::$variant(problem) => { $response.status($status).problem(problem); }]
            [$($names)* Self::$variant(..) => ::core::stringify!($status),]
            [$($told)* $status $variant]
            $($($rest)*)? }
    };
    (@each $error:ident $response:ident [$($arms:tt)*] [$($names:tt)*] [$($told:tt)*]
        body $variant:ident $status:tt $media:literal $(, $($rest:tt)*)?) => {
        $crate::__errors! { @each $error $response
            [$($arms)* Self::$variant(body) => {
                $crate::Reply::reply(body, $response.status($status).media($media));
            }]
            [$($names)* Self::$variant(..) => ::core::stringify!($status),]
            [$($told)*]
            $($($rest)*)? }
    };
    (@each $error:ident $response:ident [$($arms:tt)*] [$($names:tt)*] [$($told:tt)*]
        empty $variant:ident $status:tt $(, $($rest:tt)*)?) => {
        $crate::__errors! { @each $error $response
            [$($arms)* Self::$variant => { $response.status($status); }]
            [$($names)* Self::$variant => ::core::stringify!($status),]
            [$($told)*]
            $($($rest)*)? }
    };
    (@each $error:ident $response:ident [$($arms:tt)*] [$($names:tt)*] [$($told:tt)*]
        fields $variant:ident $status:tt $media:literal { $($header:ident $name:literal $(,)?)* } body $(, $($rest:tt)*)?) => {
        $crate::__errors! { @each $error $response
            [$($arms)* Self::$variant { $($header,)* body } => {
                $response.status($status)$(.header($name, &$header))*.media($media);
                $crate::Reply::reply(body, $response);
            }]
            [$($names)* Self::$variant { .. } => ::core::stringify!($status),]
            [$($told)*]
            $($($rest)*)? }
    };
    (@each $error:ident $response:ident [$($arms:tt)*] [$($names:tt)*] [$($told:tt)*]
        fields $variant:ident $status:tt $media:literal { $($header:ident $name:literal $(,)?)* } $(, $($rest:tt)*)?) => {
        $crate::__errors! { @each $error $response
            [$($arms)* Self::$variant { $($header,)* } => {
                $response.status($status)$(.header($name, &$header))*;
            }]
            [$($names)* Self::$variant { .. } => ::core::stringify!($status),]
            [$($told)*]
            $($($rest)*)? }
    };
    (@each $error:ident $response:ident [$($arms:tt)*] [$($names:tt)*] [$($told:tt)*]
        range_fields $variant:ident $media:literal { $($header:ident $name:literal $(,)?)* } body $(, $($rest:tt)*)?) => {
        $crate::__errors! { @each $error $response
            [$($arms)* Self::$variant { status, $($header,)* body } => {
                $response.status(status.as_u16())$(.header($name, &$header))*.media($media);
                $crate::Reply::reply(body, $response);
            }]
            [$($names)* Self::$variant { status, .. } => status.as_str(),]
            [$($told)*]
            $($($rest)*)? }
    };
    (@each $error:ident $response:ident [$($arms:tt)*] [$($names:tt)*] [$($told:tt)*]
        range_fields $variant:ident $media:literal { $($header:ident $name:literal $(,)?)* } $(, $($rest:tt)*)?) => {
        $crate::__errors! { @each $error $response
            [$($arms)* Self::$variant { status, $($header,)* } => {
                $response.status(status.as_u16())$(.header($name, &$header))*;
            }]
            [$($names)* Self::$variant { status, .. } => status.as_str(),]
            [$($told)*]
            $($($rest)*)? }
    };
    (@each $error:ident $response:ident [$($arms:tt)*] [$($names:tt)*] [$($told:tt)*]
        range $variant:ident $media:literal $(, $($rest:tt)*)?) => {
        $crate::__errors! { @each $error $response
            [$($arms)* Self::$variant(status, body) => {
                $crate::Reply::reply(body, $response.status(status.as_u16()).media($media));
            }]
            [$($names)* Self::$variant(status, _) => status.as_str(),]
            [$($told)*]
            $($($rest)*)? }
    };
    (@each $error:ident $response:ident [$($arms:tt)*] [$($names:tt)*] [$($told:tt)*]
        range_problem $variant:ident $(, $($rest:tt)*)?) => {
        $crate::__errors! { @each $error $response
            [$($arms)* Self::$variant(status, problem) => {
                $response.status(status.as_u16()).problem(problem);
            }]
            [$($names)* Self::$variant(status, _) => status.as_str(),]
            [$($told)*]
            $($($rest)*)? }
    };
    (@each $error:ident $response:ident [$($arms:tt)*] [$($names:tt)*] [$($told:tt)*]
        range_empty $variant:ident $(, $($rest:tt)*)?) => {
        $crate::__errors! { @each $error $response
            [$($arms)* Self::$variant(status) => { $response.status(status.as_u16()); }]
            [$($names)* Self::$variant(status) => status.as_str(),]
            [$($told)*]
            $($($rest)*)? }
    };
    (@each $error:ident $response:ident [$($arms:tt)*] [$($names:tt)*] [$($told:tt)*]) => {
        impl ::core::convert::From<$crate::Error> for $error {
            fn from(error: $crate::Error) -> Self {
                Self::Internal(error)
            }
        }

        $crate::__from_database! { $error [$($told)*] }

        impl $crate::Fault for $error {
            fn fault(self, $response: &mut $crate::Response) {
                match self {
                    $($arms)*
                    Self::Internal(error) => $response.internal(error),
                }
            }
        }

        impl ::core::fmt::Display for $error {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let status = match self {
                    $($names)*
                    Self::Internal(error) => return ::core::fmt::Display::fmt(error, f),
                };
                #[allow(unreachable_code, reason = "an operation may declare no error but this")]
                f.write_fmt(::core::format_args!("answered with status {status}"))
            }
        }

        impl ::std::error::Error for $error {}
    };
}

/// `From` a database's error: the declared problem that tells it, else a logged 500.
#[cfg(feature = "db")]
#[doc(hidden)]
#[macro_export]
macro_rules! __from_database {
    ($error:ident [$($status:tt $variant:ident)*]) => {
        impl ::core::convert::From<$crate::db::DbErr> for $error {
            fn from(error: $crate::db::DbErr) -> Self {
                match $crate::__private::database_answer(&error, &[$($status),*]) {
                    $(::core::option::Option::Some(($status, problem)) => Self::$variant(problem),)*
                    _ => Self::Internal(::core::convert::From::from(error)),
                }
            }
        }
    };
}

/// `From` a database's error, where there is none.
#[cfg(not(feature = "db"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __from_database {
    ($($any:tt)*) => {};
}

/// `From` the type of a status, where there is one.
#[doc(hidden)]
#[macro_export]
macro_rules! __from_status {
    ($error:ident $variant:ident 400) => {
        $crate::__from_status! { @from $error $variant BadRequest }
    };
    ($error:ident $variant:ident 401) => {
        $crate::__from_status! { @from $error $variant Unauthorized }
    };
    ($error:ident $variant:ident 402) => {
        $crate::__from_status! { @from $error $variant PaymentRequired }
    };
    ($error:ident $variant:ident 403) => {
        $crate::__from_status! { @from $error $variant Forbidden }
    };
    ($error:ident $variant:ident 404) => {
        $crate::__from_status! { @from $error $variant NotFound }
    };
    ($error:ident $variant:ident 405) => {
        $crate::__from_status! { @from $error $variant MethodNotAllowed }
    };
    ($error:ident $variant:ident 406) => {
        $crate::__from_status! { @from $error $variant NotAcceptable }
    };
    ($error:ident $variant:ident 407) => {
        $crate::__from_status! { @from $error $variant ProxyAuthenticationRequired }
    };
    ($error:ident $variant:ident 408) => {
        $crate::__from_status! { @from $error $variant RequestTimeout }
    };
    ($error:ident $variant:ident 409) => {
        $crate::__from_status! { @from $error $variant Conflict }
    };
    ($error:ident $variant:ident 410) => {
        $crate::__from_status! { @from $error $variant Gone }
    };
    ($error:ident $variant:ident 411) => {
        $crate::__from_status! { @from $error $variant LengthRequired }
    };
    ($error:ident $variant:ident 412) => {
        $crate::__from_status! { @from $error $variant PreconditionFailed }
    };
    ($error:ident $variant:ident 413) => {
        $crate::__from_status! { @from $error $variant ContentTooLarge }
    };
    ($error:ident $variant:ident 414) => {
        $crate::__from_status! { @from $error $variant UriTooLong }
    };
    ($error:ident $variant:ident 415) => {
        $crate::__from_status! { @from $error $variant UnsupportedMediaType }
    };
    ($error:ident $variant:ident 416) => {
        $crate::__from_status! { @from $error $variant RangeNotSatisfiable }
    };
    ($error:ident $variant:ident 417) => {
        $crate::__from_status! { @from $error $variant ExpectationFailed }
    };
    ($error:ident $variant:ident 421) => {
        $crate::__from_status! { @from $error $variant MisdirectedRequest }
    };
    ($error:ident $variant:ident 422) => {
        $crate::__from_status! { @from $error $variant UnprocessableContent }
    };
    ($error:ident $variant:ident 423) => {
        $crate::__from_status! { @from $error $variant Locked }
    };
    ($error:ident $variant:ident 424) => {
        $crate::__from_status! { @from $error $variant FailedDependency }
    };
    ($error:ident $variant:ident 425) => {
        $crate::__from_status! { @from $error $variant TooEarly }
    };
    ($error:ident $variant:ident 426) => {
        $crate::__from_status! { @from $error $variant UpgradeRequired }
    };
    ($error:ident $variant:ident 428) => {
        $crate::__from_status! { @from $error $variant PreconditionRequired }
    };
    ($error:ident $variant:ident 429) => {
        $crate::__from_status! { @from $error $variant TooManyRequests }
    };
    ($error:ident $variant:ident 431) => {
        $crate::__from_status! { @from $error $variant RequestHeaderFieldsTooLarge }
    };
    ($error:ident $variant:ident 451) => {
        $crate::__from_status! { @from $error $variant UnavailableForLegalReasons }
    };
    ($error:ident $variant:ident 500) => {
        $crate::__from_status! { @from $error $variant InternalServerError }
    };
    ($error:ident $variant:ident 501) => {
        $crate::__from_status! { @from $error $variant NotImplemented }
    };
    ($error:ident $variant:ident 502) => {
        $crate::__from_status! { @from $error $variant BadGateway }
    };
    ($error:ident $variant:ident 503) => {
        $crate::__from_status! { @from $error $variant ServiceUnavailable }
    };
    ($error:ident $variant:ident 504) => {
        $crate::__from_status! { @from $error $variant GatewayTimeout }
    };
    ($error:ident $variant:ident 505) => {
        $crate::__from_status! { @from $error $variant HttpVersionNotSupported }
    };
    ($error:ident $variant:ident 506) => {
        $crate::__from_status! { @from $error $variant VariantAlsoNegotiates }
    };
    ($error:ident $variant:ident 507) => {
        $crate::__from_status! { @from $error $variant InsufficientStorage }
    };
    ($error:ident $variant:ident 508) => {
        $crate::__from_status! { @from $error $variant LoopDetected }
    };
    ($error:ident $variant:ident 511) => {
        $crate::__from_status! { @from $error $variant NetworkAuthenticationRequired }
    };
    (@from $error:ident $variant:ident $status:ident) => {
        impl ::core::convert::From<$crate::$status> for $error {
            fn from(error: $crate::$status) -> Self {
                Self::$variant(error.0)
            }
        }
    };
    ($error:ident $variant:ident $status:tt) => {};
}

/// Errors of other types that an operation answers with a logged 500.
#[macro_export]
macro_rules! internal {
    ($error:ident, $($other:ty),+ $(,)?) => { $(
        impl ::core::convert::From<$other> for $error {
            fn from(error: $other) -> Self {
                Self::Internal(::core::convert::From::from(error))
            }
        }
    )+ };
}
