//! Runs the HTTP servers that `photon-build` generates.
//!
#![doc = include_str!("handlers.md")]
#![deny(unsafe_code)] // Allowed, each with its reason, where sockets, signals and borrowed work need it.

mod blocking;
mod context;
mod contract;
#[cfg(feature = "db")]
pub mod db;
mod error;
mod escape;
pub mod exchange;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
pub mod http;
#[cfg(feature = "log")]
pub mod log;
mod macros;
mod measured;
mod media;
#[cfg(feature = "minihttp")]
pub mod minihttp;
mod model;
mod observe;
mod park;
mod principal;
mod problem;
mod rejection;
mod router;
mod security;
pub mod server;
mod service;
mod sleep;
mod status;
pub mod sync;
mod task;
pub mod testing;
mod trace;
#[cfg(feature = "websocket")]
pub mod websocket;

pub use ::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use blocking::{Overloaded, blocking};
pub use context::Context;
pub use contract::{
    Bodies, Body, BodyReader, BodyWriter, Declared, Encoding, Event, Events, Fault, In, Incoming, Input,
    Lines, Meta, Operation, Param, Part, Parts, Reply, Response, SendFile, Shared, Sink, Stream, Streaming,
    Told, answer, answer_range, answers, bytes, cookie, encoding, form, header, json, json_lines, json_seq,
    meta, multipart, other_answers, path, plain, query, query_string, told,
};
pub use error::{Error, Result, ResultExt};
pub use http::{Etag, Validators};
pub use model::types::{
    self, Base64, Bytes, Date, DateTime, Decimal, File, Integer, Json, Map, Never, Null, Number, Patch, Time,
    Uuid,
};
pub use model::{
    ANY, ANYTHING, ARRAY, BACKTRACK_MAX, BOOLEAN, Branch, COMPILED_BYTES_MAX, Check, Checks, DEPTH_MAX,
    Decoder, Field, Format, INTEGER, Model, NULL, NUMBER, OBJECT, OneOf, PATTERN_TIME_MAX, Pattern, Record,
    Rule, STRING, Segment, Shape, TRIAL_BYTES_MIN, TRIAL_FACTOR_MAX, Tuple, Types, Union, UnknownValue,
    VIOLATIONS_MAX, Value, Violation, ViolationKind, Violations, Visitor, any_of, branch, check, decode,
    empty, encode, int, list, map, number, one_of, record, selected, shape_of, text, to_json, tuple, uint,
    union,
};
pub use principal::{Principal, Scopes};
pub use problem::Problem;
pub use rejection::{Finding, Rejection, RejectionKind, Wording};
pub use security::{
    ApiKey, Authorization, Basic, Bearer, Certificate, Credential, Scheme, api_key, basic, bearer,
    http_scheme, mutual_tls,
};
pub use server::{Limits, Running, Server};
pub use service::{Folder, Health, Service};
pub use sleep::{sleep, waiting, yield_now};
pub use status::*;
pub use task::Interrupted;
pub use trace::Trace;
#[cfg(feature = "websocket")]
pub use websocket::{Socket, Switching, WebSocketLimits};

/// What the macros need. Not for use elsewhere: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use serde;
    pub use validator;

    #[cfg(feature = "db")]
    pub use crate::db::answer as database_answer;
    pub mod measured {
        pub use crate::measured::{Routes, head};
    }

    pub use crate::problem::of_code as problem;

    pub use crate::model::{
        Choice, Literals, ask, before, custom, default, deserialize, of_variants, read, serialize, validate,
        visit_external,
    };
}
