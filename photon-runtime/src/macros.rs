//! What generated code writes in one line each, beside models: the file itself, errors, bodies, traits shared by `Arc`.

/// Brings in a module that `photon-build` wrote.
///
/// `include_api!(mod petstore);` includes `$OUT_DIR/petstore.rs`.
#[macro_export]
macro_rules! include_api {
    ($visibility:vis mod $name:ident) => {
        #[allow(
            dead_code,
            missing_docs,
            unreachable_pub,
            elided_lifetimes_in_paths,
            uncommon_codepoints,
            confusable_idents,
            mixed_script_confusables,
            rustdoc::all,
            clippy::all,
            clippy::pedantic,
            reason = "what nobody uses yet is part of the contract too"
        )]
        $visibility mod $name {
            ::core::include!(::core::concat!(
                ::core::env!(
                    "OUT_DIR",
                    "nothing is generated yet: write a `build.rs` that calls `photon_build::generate(..)`"
                ),
                "/",
                ::core::stringify!($name),
                ".rs"
            ));
        }
    };
}

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

/// Says what a module with WebSocket operations needs.
#[cfg(feature = "websocket")]
#[macro_export]
macro_rules! needs_websocket {
    () => {};
}

/// Says what a module with WebSocket operations needs.
#[cfg(not(feature = "websocket"))]
#[macro_export]
macro_rules! needs_websocket {
    () => {
        ::core::compile_error!(
            "the document has an operation with `x-photon-websocket`: give `photon-runtime` the feature \"websocket\" in Cargo.toml"
        );
    };
}

/// The trait of a tag for everything behind an `Arc`, so that others may hold the application too.
#[macro_export]
macro_rules! shared {
    ($api:ident {
        $($operation:ident ($request:ty $(, $sink:ty)?) -> $output:ty, $error:ty);* $(;)?
    }) => {
        // Whoever forgot the trait is not to be told of `Arc`.
        #[diagnostic::do_not_recommend]
        impl<T: $api + ?Sized> $api for ::std::sync::Arc<T> { $(
            fn $operation(
                &self,
                cx: &$crate::Context<'_>,
                request: $request
                $(, sink: $sink)?
            ) -> ::core::result::Result<$output, $error> {
                $crate::__shared! { T, $operation, self, cx, request $(, sink, $sink)? }
            }
        )* }
    };
}

/// The call of `shared!`, with a sink or without.
#[doc(hidden)]
#[macro_export]
macro_rules! __shared {
    ($api:ident, $operation:ident, $this:ident, $cx:ident, $request:ident) => {
        $api::$operation($this, $cx, $request)
    };
    ($api:ident, $operation:ident, $this:ident, $cx:ident, $request:ident, $sink:ident, $type:ty) => {
        $api::$operation($this, $cx, $request, $sink)
    };
}

/// A body of several media types: each index is that of its description, in one variant.
#[macro_export]
macro_rules! bodies {
    ($body:ident, $($index:literal = $variant:ident)+) => {
        impl $crate::Bodies for $body {
            fn empty() -> Self {
                $crate::__first! { $(Self::$variant($crate::empty())),+ }
            }

            fn choose(&mut self, index: usize) -> ::core::option::Option<&mut dyn $crate::Value> {
                *self = match index {
                    $($index => Self::$variant($crate::empty()),)+
                    _ => return ::core::option::Option::None,
                };
                ::core::option::Option::Some(match self { $(Self::$variant(value) => value,)+ })
            }
        }
    };
}

/// The first of several expressions.
#[doc(hidden)]
#[macro_export]
macro_rules! __first {
    ($first:expr $(, $rest:expr)*) => {
        $first
    };
}

/// An operation: its request, what its caller is where it has one, what it answers and fails with; its table; then the
/// request's fields in the order of the table, and behind `;` those of the body with the method of `Input` that reads
/// each: `operation! { Put(Principal) -> Pet, PutError = PUT, id force; body: body }`.
#[macro_export]
macro_rules! operation {
    (
        $request:ident -> $output:ty, $error:ty = $table:ident
        $(, $($param:ident)+)? $(; $($part:ident: $read:ident),+)?
    ) => {
        impl $crate::Operation for $request {
            type Principal = ();
            type Output = $output;
            type Error = $error;

            $crate::__operation! { $table, (), {}, $($($param)+)? $(; $($part: $read),+)? }
        }
    };
    (
        $request:ident($principal:ty) -> $output:ty, $error:ty = $table:ident
        $(, $($param:ident)+)? $(; $($part:ident: $read:ident),+)?
    ) => {
        impl $crate::Operation for $request {
            type Principal = $principal;
            type Output = $output;
            type Error = $error;

            $crate::__operation! { $table, principal, { principal }, $($($param)+)? $(; $($part: $read),+)? }
        }
    };
}

/// What is the same for every caller.
#[doc(hidden)]
#[macro_export]
macro_rules! __operation {
    (
        $table:ident, $caller:pat, { $($principal:ident)? },
        $($param:ident)* $(; $($part:ident: $read:ident),+)?
    ) => {
        fn meta() -> &'static $crate::Meta {
            &$table
        }

        fn decode(
            input: &mut $crate::Input<'_>,
            $caller: Self::Principal,
        ) -> ::core::option::Option<Self> {
            #[allow(unused_mut, reason = "an operation may be asked nothing")]
            let mut request = Self {
                $($principal,)?
                $($param: $crate::empty(),)*
                $($($part: $crate::__empty!($read),)+)?
            };
            let fits = input.params(&mut [$(&mut request.$param),*]);
            $($(let fits = input.$read(&mut request.$part) && fits;)+)?
            fits.then_some(request)
        }
    };
}

/// What a part of the body is before it is read.
#[doc(hidden)]
#[macro_export]
macro_rules! __empty {
    (bodies) => {
        $crate::Bodies::empty()
    };
    (reader) => {
        $crate::Incoming::empty()
    };
    ($read:ident) => {
        $crate::empty()
    };
}
