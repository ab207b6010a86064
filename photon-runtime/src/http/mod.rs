//! HTTP/1.1 as bytes: parsing request heads, chunked bodies, writing answer heads.
//!
//! Nothing in here knows a socket or a coroutine: bytes go in, values and bytes come out.

pub(crate) mod chunked;
pub(crate) mod clock;
pub(crate) mod conditional;
pub(crate) mod encode;
pub(crate) mod extension;
pub(crate) mod fields;
pub(crate) mod head;
pub(crate) mod ranges;
pub(crate) mod status;
pub(crate) mod target;

pub use conditional::{Etag, Validators};
pub use status::reason;
