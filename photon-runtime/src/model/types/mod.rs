//! The types that generated code uses beside those of the standard library; user crates need no dependency for them.

mod base64;
mod file;
mod integer;
mod null;
mod number;
mod patch;
mod time;

pub use base64::Base64;
pub use bytes::Bytes;
pub use chrono;
pub use file::File;
pub use integer::{Integer, ParseNumberError};
pub use null::{Never, Null};
pub use number::Number;
pub use patch::Patch;
pub use rust_decimal::{self, Decimal};
pub use serde_json::{self, Value as Json};
pub use time::{Date, DateTime, Time, now};
pub use uuid::{self, Uuid};

pub(crate) use time::{date, date_time, time as time_of_day};

/// An object of any properties, in the order of their names.
pub type Map<T> = std::collections::BTreeMap<String, T>;
