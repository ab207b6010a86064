//! The routes of one document, where they are mounted, and how they refuse.

use std::fmt;
use std::sync::Arc;

use http::StatusCode;

use super::route::Run;
use crate::context::Context;
use crate::contract::{Meta, Response, Shapes};
use crate::rejection::{Rejection, RejectionKind, Wording};
use crate::router::Router;
use crate::security::Gate;

/// Turns what is refused into an answer.
pub(super) type Hook = Box<dyn Fn(&Context<'_>, &Rejection, &mut Response) + Send + Sync>;

/// Says what is refused in other words.
pub(super) type Words = Box<dyn Fn(&Context<'_>, Wording<'_>) -> Option<String> + Send + Sync>;

/// One document's routes.
pub(super) struct Api {
    /// Without a slash at its end; empty for the root.
    pub(super) base: String,
    pub(super) router: Router,
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) document: &'static str,
    pub(super) reject: Option<Hook>,
    pub(super) words: Option<Words>,
    /// Statuses in place of those that kinds of rejections have.
    pub(super) statuses: Vec<(RejectionKind, StatusCode)>,
    /// Whether parameters of the query that nobody asks for are refused.
    pub(super) refuses_unknown_query: bool,
    /// Whether answers are held to the document.
    pub(super) checks_answers: bool,
}

/// One operation.
pub(super) struct Endpoint {
    pub(super) meta: &'static Meta,
    /// The names of the path's parameters, in order.
    pub(super) names: Vec<String>,
    pub(super) shapes: Shapes,
    /// Who verifies callers, if the operation demands it.
    pub(super) gate: Option<Arc<dyn Gate>>,
    pub(super) run: Box<dyn Run>,
}

impl Api {
    pub(super) fn new(document: &'static str) -> Self {
        Self {
            base: String::new(),
            router: Router::new(),
            endpoints: Vec::new(),
            document,
            reject: None,
            words: None,
            statuses: Vec::new(),
            refuses_unknown_query: false,
            checks_answers: cfg!(debug_assertions),
        }
    }

    pub(super) fn set_base(&mut self, base: &str) {
        let base = base.trim_matches('/');
        self.base = if base.is_empty() { String::new() } else { format!("/{base}") };
    }

    pub(super) fn add(&mut self, endpoint: Endpoint) {
        let meta = endpoint.meta;
        if let Err(conflict) =
            self.router.add(meta.name.method, meta.name.path, meta.needs, self.endpoints.len())
        {
            let first = self.endpoints[conflict.first].meta.name.id;
            let but = if meta.needs.are_none() { "" } else { " where it carries the same" };
            panic!(
                "`{first}` and `{}` both answer {} {}{but}",
                meta.name.id, meta.name.method, meta.name.path
            );
        }
        self.endpoints.push(endpoint);
    }

    /// A rejection as this document tells it.
    pub(super) fn retold(&self, cx: &Context<'_>, rejection: &Rejection) -> Option<Rejection> {
        if self.words.is_none() && self.statuses.is_empty() {
            return None;
        }
        let mut rejection = rejection.clone();
        if let Some((_, status)) = self.statuses.iter().find(|(kind, _)| *kind == rejection.kind) {
            rejection.status = *status;
        }
        Some(match &self.words {
            Some(words) => rejection.in_words(&|wording| words(cx, wording)),
            None => rejection,
        })
    }

    /// What follows the base in a path below it.
    pub(super) fn below<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(self.base.as_str()).filter(|rest| rest.starts_with('/'))
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operations: Vec<&str> = self.endpoints.iter().map(|endpoint| endpoint.meta.name.id).collect();
        f.debug_struct("Api")
            .field("base", &self.base)
            .field("operations", &operations)
            .finish_non_exhaustive()
    }
}
