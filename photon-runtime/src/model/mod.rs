//! Values of a document's schemas: tables in generated code, and the one decoder that fills and checks values by them.
//!
//! A model is a plain struct, a `static` table and one macro line. One pass over the bytes decodes and checks, and finds
//! every violation with its JSON pointer; one visit serves the encoder, `.validate()`, serde and shapes. This module
//! knows neither HTTP nor parameters.

mod check;
mod checker;
mod choice;
mod custom;
mod decimal;
mod decoder;
mod exact;
mod format;
mod json;
mod leaf;
mod lookahead;
mod macros;
mod object;
mod one_of;
mod pattern;
mod record;
mod rule;
mod serde;
mod shape;
mod short;
mod tree;
mod tuple;
pub mod types;
mod union;
mod unique;
mod value;
mod violation;
mod visitor;
mod writer;

pub use check::{Check, Checks};
pub use checker::check;
pub use choice::{Choice, Literals, UnknownValue};
pub use custom::{ask, before, custom};
pub use decoder::{DEPTH_MAX, Decoder, decode};
pub use format::Format;
pub use one_of::{
    ANYTHING, ARRAY, BOOLEAN, Branch, INTEGER, NULL, NUMBER, OBJECT, OneOf, STRING, TRIAL_BYTES_MIN,
    TRIAL_FACTOR_MAX, Types, any_of, branch, one_of,
};
pub use pattern::{BACKTRACK_MAX, COMPILED_BYTES_MAX, PATTERN_TIME_MAX, Pattern};
pub use record::{Record, record};
pub use rule::{ANY, Rule, int, list, map, number, selected, text, uint};
pub use serde::{deserialize, serialize, validate};
pub use shape::{Shape, of_variants};
pub use tuple::{Tuple, tuple};
pub use union::{Union, union};
pub use value::{Model, Value, empty, read, shape_of};
pub use violation::{Segment, VIOLATIONS_MAX, Violation, ViolationKind, Violations};
pub use visitor::Visitor;
pub use writer::{encode, to_json};

/// A value of a model that `{}` decodes to.
pub fn default<T: Model>() -> T {
    let mut value = T::empty();
    value.read(&mut Decoder::json_str("{}"));
    value
}

/// Shows a type of the user's by its serde.
pub fn visit_external<T: ::serde::Serialize>(value: &T, visitor: &mut dyn Visitor) {
    visitor.any(&serde_json::to_value(value).unwrap_or_default());
}
