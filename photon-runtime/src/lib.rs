//! Runs the HTTP servers that `photon-build` generates.

pub mod exchange;

mod model;

pub use model::types::{
    self, Base64, Bytes, Date, DateTime, Decimal, File, Integer, Json, Map, Never, Null, Number, Patch, Time,
    Uuid,
};
pub use model::{
    ANY, ANYTHING, ARRAY, BACKTRACK_MAX, BOOLEAN, Branch, COMPILED_BYTES_MAX, Check, Checks, DEPTH_MAX,
    Decoder, Field, Format, INTEGER, Model, NULL, NUMBER, OBJECT, OneOf, Pattern, Record, Rule, STRING,
    Segment, Shape, TRIAL_BYTES_MIN, TRIAL_FACTOR_MAX, Tuple, Types, Union, UnknownValue, VIOLATIONS_MAX,
    Value, Violation, ViolationKind, Violations, Visitor, any_of, branch, check, decode, empty, encode, int,
    list, map, number, one_of, optional, record, required, shape_of, text, to_json, tuple, uint, union,
};

/// What the macros need. Not for use elsewhere: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use serde;
    pub use validator;

    pub use crate::model::{
        Choice, default, deserialize, of_variants, read, serialize, validate, visit_external,
    };
}
