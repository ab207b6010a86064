//! An operation as generated code describes it: a table of what is known before any request, types, and how its
//! request is read.

use std::sync::OnceLock;

use super::body::Body;
use super::declared::Declared;
use super::fault::Fault;
use super::input::Input;
use super::param::{Param, SHAPE_DEPTH_MAX};
use super::reply::Reply;
use super::stream::Sink;
use crate::exchange::OperationName;
use crate::model::{Shape, Value};
use crate::router::Needs;
use crate::security::Scheme;

/// What is known of an operation before any request. Generated code writes it as a `static`.
#[derive(Debug)]
pub struct Meta {
    pub(crate) name: OperationName,
    pub(crate) status: u16,
    pub(crate) needs: Needs,
    pub(crate) params: &'static [Param],
    /// One for each of the media types that a body may have.
    pub(crate) bodies: &'static [Body],
    pub(crate) is_body_optional: bool,
    pub(crate) answers: &'static [&'static str],
    pub(crate) declared: &'static [Declared],
    pub(crate) event: Option<&'static str>,
    pub(crate) security: &'static [&'static [Scheme]],
    pub(crate) blocking: bool,
    pub(crate) body_max: Option<u64>,
    pub(crate) timeout_ms: Option<u64>,
    /// The shapes of the parameters, looked at once.
    shapes: OnceLock<Box<[Shape]>>,
}

/// An operation: its id, method, path, and the status of its success, 0 where its output sets one.
pub const fn meta(id: &'static str, method: &'static str, path: &'static str, status: u16) -> Meta {
    Meta {
        name: OperationName { id, method, path },
        status,
        needs: Needs { query: &[], headers: &[] },
        params: &[],
        bodies: &[],
        is_body_optional: false,
        answers: &[],
        declared: &[],
        event: None,
        security: &[],
        blocking: false,
        body_max: None,
        timeout_ms: None,
        shapes: OnceLock::new(),
    }
}

impl Meta {
    /// Keys of the query, with their values where these matter, that a request must carry to be meant for this
    /// operation, where several share a method and a path. Of those that a request fits the most demanding answers it.
    #[must_use]
    pub const fn query(mut self, pairs: &'static [(&'static str, Option<&'static str>)]) -> Self {
        self.needs.query = pairs;
        self
    }

    /// Headers that a request must carry to be meant for this operation, as [`query`](Self::query) says.
    #[must_use]
    pub const fn headers(mut self, pairs: &'static [(&'static str, Option<&'static str>)]) -> Self {
        self.needs.headers = pairs;
        self
    }

    /// The parameters, in the order of the request's fields.
    #[must_use]
    pub const fn params(mut self, params: &'static [Param]) -> Self {
        self.params = params;
        self
    }

    /// The body, which must be sent in one of these media types.
    #[must_use]
    pub const fn body(mut self, bodies: &'static [Body]) -> Self {
        self.bodies = bodies;
        self
    }

    /// The body, which may be sent in one of these media types.
    #[must_use]
    pub const fn optional_body(mut self, bodies: &'static [Body]) -> Self {
        self.is_body_optional = true;
        self.body(bodies)
    }

    /// The media types of the answers of success. The first is what plain values are answered in.
    #[must_use]
    pub const fn answers(mut self, media_types: &'static [&'static str]) -> Self {
        self.answers = media_types;
        self
    }

    /// All answers that the document declares, to hold answers to: [`Service::check_answers`](crate::Service::check_answers).
    #[must_use]
    pub const fn declares(mut self, answers: &'static [Declared]) -> Self {
        self.declared = answers;
        self
    }

    /// The type of the server-sent events that are answered, where all have the same.
    #[must_use]
    pub const fn event(mut self, name: &'static str) -> Self {
        self.event = Some(name);
        self
    }

    /// The alternatives of combinations of schemes that let a caller in; an empty one lets everybody in.
    #[must_use]
    pub const fn security(mut self, alternatives: &'static [&'static [Scheme]]) -> Self {
        self.security = alternatives;
        self
    }

    /// The handler blocks its thread, and so runs on the blocking threads.
    #[must_use]
    pub const fn blocking(mut self) -> Self {
        self.blocking = true;
        self
    }

    /// The longest body, in bytes. Defaults to the driver's limit.
    #[must_use]
    pub const fn body_max(mut self, bytes: u64) -> Self {
        self.body_max = Some(bytes);
        self
    }

    /// How long the handler may take, in milliseconds; it learns of it by its context. Defaults to no limit.
    #[must_use]
    pub const fn timeout(mut self, milliseconds: u64) -> Self {
        self.timeout_ms = Some(milliseconds);
        self
    }

    /// The `operationId`.
    pub const fn id(&self) -> &'static str {
        self.name.id
    }

    /// The method: `GET`.
    pub const fn method(&self) -> &'static str {
        self.name.method
    }

    /// The path template: `/pets/{petId}`.
    pub const fn path(&self) -> &'static str {
        self.name.path
    }

    /// The shapes of the parameters, once some request was read.
    pub(crate) fn known_shapes(&self) -> &[Shape] {
        self.shapes.get().map_or(&[], |shapes| shapes)
    }

    /// The shapes of the parameters, by values that are empty yet.
    pub(crate) fn shapes(&self, values: &[&mut dyn Value]) -> &[Shape] {
        self.shapes.get_or_init(|| values.iter().map(|value| value.shape(SHAPE_DEPTH_MAX)).collect())
    }
}

/// The request of one operation, and all that touches the wire: `photon::operation!` implements it, of nothing but what an
/// [`Input`] gives. A handler for blocking work runs on another thread than the one that made its request.
pub trait Operation: Sized + 'static {
    /// The verified caller: `()`, `P`, or `Option<P>` where the document lets callers in without credentials.
    type Principal: Send + 'static;
    /// What a handler answers.
    type Output: Reply + Send;
    /// What a handler fails with.
    type Error: Fault + Send;

    /// What is known before any request.
    fn meta() -> &'static Meta;

    /// Reads the request. None once the input has noted what does not fit.
    fn decode(input: &mut Input<'_>, principal: Self::Principal) -> Option<Self>;
}

/// An operation that answers piece by piece.
pub trait Streaming: Operation {
    /// What its handler writes to.
    type Sink: Sink;
}
