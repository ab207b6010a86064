//! What generated code writes in one line each, beside models: the file itself, bodies, operations, traits shared by `Arc`;
//! errors have a file of their own.

mod errors;

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
