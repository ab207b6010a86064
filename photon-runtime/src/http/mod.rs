//! HTTP/1.1 as bytes: parsing request heads, chunked bodies, writing answer heads.
//!
//! Nothing in here knows a socket or a coroutine: bytes go in, values and bytes come out.

pub(crate) mod chunked;
pub(crate) mod clock;
pub(crate) mod encode;
pub(crate) mod fields;
pub(crate) mod head;
pub(crate) mod status;
pub(crate) mod target;

pub use status::reason;
