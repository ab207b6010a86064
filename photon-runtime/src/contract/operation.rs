//! An operation as generated code describes it: data in `META`, types, and how its request is read.

use super::fault::Fault;
use super::input::Input;
use super::reply::Reply;
use super::stream::Sink;
use crate::router::Needs;
use crate::security::Scheme;

/// What is known of an operation before any request.
#[derive(Clone, Copy, Debug)]
pub struct Meta {
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) status: u16,
    pub(crate) needs: Needs,
    pub(crate) answers: &'static [&'static str],
    pub(crate) security: &'static [&'static [Scheme]],
    pub(crate) blocking: bool,
    pub(crate) body_max: Option<u64>,
    pub(crate) timeout_ms: Option<u64>,
}

/// An operation: its id, method, path, and the status of its success, 0 where its output sets one.
pub const fn meta(id: &'static str, method: &'static str, path: &'static str, status: u16) -> Meta {
    Meta {
        id,
        method,
        path,
        status,
        needs: Needs { query: &[], headers: &[] },
        answers: &[],
        security: &[],
        blocking: false,
        body_max: None,
        timeout_ms: None,
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

    /// The media types of the answers of success. The first is what plain values are answered in.
    #[must_use]
    pub const fn answers(mut self, media_types: &'static [&'static str]) -> Self {
        self.answers = media_types;
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
        self.id
    }

    /// The method: `GET`.
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// The path template: `/pets/{petId}`.
    pub const fn path(&self) -> &'static str {
        self.path
    }
}

/// The request of one operation, and all that touches the wire. Generated code implements it, of nothing but what an
/// [`Input`] gives: a handler for blocking work runs on another thread than the one that made its request.
pub trait Operation: Sized + 'static {
    /// What is known before any request.
    const META: Meta;
    /// The verified caller: `()`, `P`, or `Option<P>` where the document lets callers in without credentials.
    type Principal: Send + 'static;
    /// What a handler answers.
    type Output: Reply + Send;
    /// What a handler fails with.
    type Error: Fault + Send;

    /// Reads the request. None once the input has noted what does not fit.
    fn decode(input: &mut Input<'_>, principal: Self::Principal) -> Option<Self>;
}

/// An operation that answers piece by piece.
pub trait Streaming: Operation {
    /// What its handler writes to.
    type Sink: Sink;
}
