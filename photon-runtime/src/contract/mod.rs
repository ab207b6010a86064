//! What generated code implements and calls. This layer knows no socket and no route.

mod body;
mod conform;
mod content;
mod cookie;
mod declared;
mod fault;
mod form;
mod header;
mod header_text;
mod input;
#[cfg(any(test, fuzzing))]
pub(crate) mod laws;
mod multipart;
mod operation;
mod pairs;
mod param;
mod place;
mod query;
mod reader;
mod reply;
mod response;
mod shared;
mod stream;
mod style;
mod unknown;

pub use body::{Bodies, Body, Encoding, bytes, encoding, form, json, json_lines, json_seq, multipart, plain};
pub(crate) use conform::{Departure, Outgoing, judge};
pub use declared::{Declared, Told, answer, answer_range, answers, other_answers, told};
pub use fault::Fault;
pub use input::Input;
pub(crate) use input::{Shapes, Target};
pub use operation::{Meta, Operation, Streaming, meta};
pub use param::{Param, cookie, header, path, query, query_string};
pub use place::In;
pub(crate) use reader::ReadLease;
pub use reader::{BodyReader, Incoming, Part, Parts};
pub use reply::Reply;
pub use response::Response;
pub use shared::Shared;
pub use stream::{BodyWriter, Event, Events, Lines, SendFile, Sink, Stream};
pub(crate) use stream::{Instead, Lease, Stage};
