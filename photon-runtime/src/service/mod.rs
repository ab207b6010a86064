//! A service: an application behind the routes of its documents, from request to answer. It knows no socket.

mod api;
mod dispatch;
#[cfg(feature = "docs")]
mod docs;
mod files;
mod health;
mod offload;
mod route;
#[cfg(feature = "websocket")]
mod websocket;

pub use health::Health;

use std::any::TypeId;
use std::fmt;
use std::sync::Arc;

use api::{Api, Endpoint};
use files::Files;
pub use files::Folder;
use health::Answer as HealthAnswer;
use http::StatusCode;
#[cfg(feature = "minihttp")]
pub(crate) use route::Demand;
use route::{Plain, Run, Streamed};

use crate::context::Context;
use crate::contract::{Input, Meta, Operation, Reply, Response, Shapes, Streaming};
use crate::exchange::{Exchange, Handler, Head};
use crate::model::{Check, Pattern};
use crate::principal::Scopes;
use crate::rejection::{Rejection, RejectionKind, Wording};
use crate::router::parameter_names;
use crate::security::{Gate, Scheme, Verified};
use crate::status::Unauthorized;

/// An application behind the routes of its document. Generated code makes it; `Server` and tests run it.
pub struct Service<A> {
    api: Arc<A>,
    gate: Option<Arc<dyn Gate>>,
    /// Its own routes, then those of mounted services.
    apis: Vec<Api>,
    health: Option<HealthAnswer>,
}

impl<A: Send + Sync + 'static> Service<A> {
    /// Serves `api`, described by a document in JSON. It has no routes yet.
    pub fn new(api: A, document: &'static str) -> Self {
        Self { api: Arc::new(api), gate: None, apis: vec![Api::new(document)], health: None }
    }

    /// Serves all routes under this path, in place of the one that the document's first server has.
    #[must_use]
    pub fn base_path(mut self, base: &str) -> Self {
        self.own().set_base(base);
        self
    }

    /// Verifies callers with this. Call it before the routes are added.
    #[must_use]
    pub fn secured_by<P: Scopes + 'static>(
        mut self,
        verifier: fn(&A, &Context<'_>, &Scheme, &Input<'_>) -> Result<P, Unauthorized>,
    ) -> Self {
        self.gate = Some(Arc::new(Verified { api: Arc::clone(&self.api), verifier }));
        self
    }

    /// Compiles the patterns of the document now, so that no request waits for it.
    ///
    /// Panics if one does not compile, which `photon-build` rules out.
    #[must_use]
    pub fn patterns(self, patterns: &[&Pattern]) -> Self {
        let faults: Vec<String> = patterns.iter().filter_map(|pattern| pattern.compile().err()).collect();
        assert!(faults.is_empty(), "patterns of the document do not compile: {}", faults.join("; "));
        self
    }

    /// Compiles the schemas that values are checked against now, so that no request waits for it.
    ///
    /// Panics if one does not compile, which `photon-build` rules out.
    #[must_use]
    pub fn checks(self, checks: &[&Check]) -> Self {
        let faults: Vec<String> = checks.iter().filter_map(|check| check.compile().err()).collect();
        assert!(faults.is_empty(), "schemas of the document do not compile: {}", faults.join("; "));
        self
    }

    /// Adds the operation that this handler takes.
    ///
    /// Panics if another operation answers the same requests by method, path and what they must carry, or if nobody verifies callers that it demands.
    #[must_use]
    pub fn route<O: Operation>(self, handler: route::Handler<A, O>) -> Self {
        let run = Plain { api: Arc::clone(&self.api), handler };
        self.add(O::meta(), TypeId::of::<Option<O::Principal>>(), Box::new(run))
    }

    /// Adds the streaming operation that this handler takes. Panics as [`route`](Self::route) does.
    #[must_use]
    pub fn stream<O: Streaming>(self, handler: route::StreamHandler<A, O>) -> Self {
        let run = Streamed { api: Arc::clone(&self.api), handler };
        self.add(O::meta(), TypeId::of::<Option<O::Principal>>(), Box::new(run))
    }

    /// Serves the files of a folder below this path, with validators, ranges and media types by their names.
    ///
    /// ```no_run
    /// # let service = photon_runtime::Service::new((), "{}");
    /// let service = service.files("/static", "assets");
    /// ```
    ///
    /// Panics if there is no such folder, or if an operation answers `GET` on these paths.
    #[must_use]
    pub fn files(self, path: &str, folder: impl Into<Folder>) -> Self {
        let files = Files::new(folder.into());
        files.templates(path).into_iter().fold(self, |service, template| {
            let meta = Box::leak(Box::new(crate::contract::meta("files", "GET", template, 200)));
            service.add(meta, TypeId::of::<Option<()>>(), Box::new(files.clone()))
        })
    }

    /// Serves WebSocket at this path, a template as documents have it: `/rooms/{id}`. The handler runs on the
    /// connection's own coroutine until the WebSocket ends; see [`websocket`](crate::websocket).
    ///
    /// Panics if an operation answers `GET` on this path.
    #[cfg(feature = "websocket")]
    #[must_use]
    pub fn websocket(
        self,
        path: &'static str,
        handler: impl Fn(&Context<'_>, crate::websocket::WebSocket<'_>) -> crate::Result<()>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.websocket_route(path, crate::websocket::Route::new(handler))
    }

    /// Serves WebSocket at this path, as the route says. Panics as [`websocket`](Self::websocket) does.
    #[cfg(feature = "websocket")]
    #[must_use]
    pub fn websocket_route(self, path: &'static str, route: crate::websocket::Route) -> Self {
        // One for each route of the process, for as long as it serves.
        let meta = Box::leak(Box::new(crate::contract::meta(path, "GET", path, 101)));
        self.add(meta, TypeId::of::<Option<()>>(), Box::new(route))
    }

    /// Adds the operation that opens a WebSocket for this handler. Panics as [`route`](Self::route) does.
    #[cfg(feature = "websocket")]
    #[must_use]
    pub fn socket<O: crate::websocket::Switching>(self, handler: websocket::Handler<A, O>) -> Self {
        let run = websocket::Opened { api: Arc::clone(&self.api), handler };
        self.add(O::meta(), TypeId::of::<Option<O::Principal>>(), Box::new(run))
    }

    /// Answers what the framework itself refuses in the document's own error format. The status and the headers are set
    /// already; the body is what the hook returns. Defaults to [`Rejection::problem`].
    #[must_use]
    pub fn on_reject<R: Reply>(
        mut self,
        hook: impl Fn(&Context<'_>, &Rejection) -> R + Send + Sync + 'static,
    ) -> Self {
        self.own().reject =
            Some(Box::new(move |cx: &Context<'_>, rejection: &Rejection, response: &mut Response| {
                hook(cx, rejection).reply(response);
            }));
        self
    }

    /// Tells what is refused in other words: the sentence that the hook returns, or Photon's own where it returns none.
    ///
    /// ```
    /// use photon_runtime::{Service, Wording};
    ///
    /// let service = Service::new((), "{}").wording(|_, wording| match wording {
    ///     Wording::Violation(finding) => match finding.violation.keyword {
    ///         "required" => Some("fehlt".to_owned()),
    ///         "minLength" => {
    ///             let values = finding.violation.values();
    ///             let (_, limit) = values.iter().find(|(name, _)| *name == "limit")?;
    ///             Some(format!("braucht mindestens {limit} Zeichen"))
    ///         }
    ///         _ => None,
    ///     },
    ///     _ => None,
    /// });
    /// # let _ = service;
    /// ```
    ///
    /// The context has the request's headers, for who serves several languages.
    #[must_use]
    pub fn wording(
        mut self,
        hook: impl Fn(&Context<'_>, Wording<'_>) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.own().words = Some(Box::new(hook));
        self
    }

    /// Answers this kind of rejection with another status: 400 in place of 422 for what does not fit the document, say.
    /// Defaults to [`RejectionKind::status`].
    ///
    /// ```
    /// use photon_runtime::{RejectionKind, Service, StatusCode};
    ///
    /// let service = Service::new((), "{}").reject_with(RejectionKind::Invalid, StatusCode::BAD_REQUEST);
    /// # let _ = service;
    /// ```
    ///
    /// Panics if the status tells no error.
    #[must_use]
    pub fn reject_with(mut self, kind: RejectionKind, status: StatusCode) -> Self {
        assert!(status.is_client_error() || status.is_server_error(), "{status} tells no error");
        let statuses = &mut self.own().statuses;
        statuses.retain(|(other, _)| *other != kind);
        statuses.push((kind, status));
        self
    }

    /// Refuses parameters of the query that the operation does not have: 422, each told by its name. Defaults to
    /// `false`: they are ignored, as clients and balancers add some of their own.
    #[must_use]
    pub fn refuse_unknown_query(mut self, are_refused: bool) -> Self {
        self.own().refuses_unknown_query = are_refused;
        self
    }

    /// Holds every answer of this document's operations to the document: its status, declared headers, media type and
    /// body, and the items of its streams. One that departs is logged as an error, answered with a 500 that says where,
    /// and makes the in-memory client of tests panic.
    ///
    /// What Photon itself refuses is held to what the document declares for its status, if it declares any, but sent as
    /// it is: see [`on_reject`](Self::on_reject) for documents with an error format of their own. Bodies that are streamed as bytes
    /// are the handler's business. Defaults to builds with debug assertions, which are those of tests.
    #[must_use]
    pub fn check_answers(mut self, are_checked: bool) -> Self {
        self.own().checks_answers = are_checked;
        self
    }

    /// Serves the routes of another service too: another document, another application.
    #[must_use]
    pub fn mount<B>(mut self, other: Service<B>) -> Self {
        self.apis.extend(other.apis);
        self
    }

    /// Tells balancers and supervisors how the process is, on paths of their own; they go before those of the document.
    /// Of services that are mounted into one another the outermost answers.
    ///
    /// ```
    /// use photon_runtime::{Health, Service};
    ///
    /// struct App;
    ///
    /// let health = Health::new().live("/livez").ready("/readyz").check("database", |_app: &App| Ok(()));
    /// let service = Service::new(App, "{}").health(health);
    /// assert_eq!(service.get("/readyz").send().text(), "ok\n");
    /// ```
    #[must_use]
    pub fn health(mut self, health: Health<A>) -> Self {
        self.health = Some(health.answer(Arc::clone(&self.api)));
        self
    }

    /// The application.
    pub fn api(&self) -> &A {
        &self.api
    }

    /// All operations, and what each asks of whoever carries its answers.
    #[cfg(feature = "minihttp")]
    pub(crate) fn demands(&self) -> Vec<(&'static crate::exchange::OperationName, Demand)> {
        let endpoints = self.apis.iter().flat_map(|api| &api.endpoints);
        endpoints.map(|endpoint| (&endpoint.meta.name, endpoint.run.demand())).collect()
    }

    fn own(&mut self) -> &mut Api {
        &mut self.apis[0]
    }

    fn add(mut self, meta: &'static Meta, slot: TypeId, run: Box<dyn Run>) -> Self {
        let gate = if meta.security.is_empty() { None } else { self.gate.clone() };
        assert!(
            meta.security.is_empty() || gate.as_ref().is_some_and(|gate| gate.fits(slot)),
            "operation `{}` is secured, and nothing verifies its callers",
            meta.name.id
        );
        let names = parameter_names(meta.name.path).into_iter().map(str::to_owned).collect();
        self.own().add(Endpoint { meta, names, shapes: Shapes::default(), gate, run });
        self
    }
}

impl<A: Send + Sync + 'static> Handler for Service<A> {
    fn handle(&self, request: &Head<'_>, exchange: &mut dyn Exchange) {
        if let Some(health) = &self.health
            && let Some(answer) = health(request, exchange.is_ready())
        {
            return exchange.send(answer.status, &answer.fields, &answer.body);
        }
        dispatch::handle(&self.apis, request, exchange);
    }
}

impl<A> fmt::Debug for Service<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("apis", &self.apis).finish_non_exhaustive()
    }
}
