//! What balancers and supervisors ask: does the process live, and should it get requests.

use std::fmt;
use std::sync::Arc;

use crate::contract::Response;
use crate::error::Result;
use crate::exchange::Head;

/// Answers requests for the paths of health, and no others; told whether the server wants requests.
pub(super) type Answer = Box<dyn Fn(&Head<'_>, bool) -> Option<Response> + Send + Sync>;

type Check<A> = Box<dyn Fn(&A) -> Result + Send + Sync>;

/// The paths that tell how a process is, and what they depend on: for [`Service::health`](super::Service::health).
///
/// `GET` and `HEAD` are answered with 200 and `ok`, or 503 and what is wrong, never to be cached.
pub struct Health<A> {
    live: Option<String>,
    ready: Option<String>,
    checks: Vec<(&'static str, Check<A>)>,
}

impl<A: Send + Sync + 'static> Health<A> {
    /// No path yet.
    #[must_use]
    pub fn new() -> Self {
        Self { live: None, ready: None, checks: Vec::new() }
    }

    /// This path answers 200 as long as the process answers at all: a supervisor starts it again where it does not.
    #[must_use]
    pub fn live(mut self, path: impl Into<String>) -> Self {
        self.live = Some(path.into());
        self
    }

    /// This path answers 200 while the process should get requests: 503 from the moment that the server is asked to stop
    /// ([`Limits::unready_for`](crate::Limits::unready_for)), and while a check fails. A server that another process
    /// takes over from stays ready.
    #[must_use]
    pub fn ready(mut self, path: impl Into<String>) -> Self {
        self.ready = Some(path.into());
        self
    }

    /// Something that the process needs in order to be ready. Asked on each request for the path, as a handler is; its
    /// name is told where it fails, its error is logged.
    #[must_use]
    pub fn check(mut self, name: &'static str, check: impl Fn(&A) -> Result + Send + Sync + 'static) -> Self {
        self.checks.push((name, Box::new(check)));
        self
    }

    /// The answers of an application.
    pub(super) fn answer(self, api: Arc<A>) -> Answer {
        Box::new(move |head, is_ready| {
            let path = head.target.split('?').next();
            if path.is_none() || !matches!(head.method, "GET" | "HEAD") {
                return None;
            }
            let wrong = if path == self.live.as_deref() {
                None
            } else if path == self.ready.as_deref() {
                self.what_is_wrong(&api, is_ready)
            } else {
                return None;
            };
            let mut response = Response::new(if wrong.is_some() { 503 } else { 200 }, &[]);
            response.text(&format!("{}\n", wrong.unwrap_or("ok")));
            response.header("cache-control", &"no-store".to_owned());
            Some(response)
        })
    }

    fn what_is_wrong(&self, api: &A, is_ready: bool) -> Option<&'static str> {
        if !is_ready {
            return Some("stopping");
        }
        self.checks.iter().find_map(|(name, check)| {
            check(api)
                .inspect_err(|error| tracing::warn!(check = name, ?error, "the process is not ready"))
                .is_err()
                .then_some(*name)
        })
    }
}

impl<A: Send + Sync + 'static> Default for Health<A> {
    fn default() -> Self {
        Self::new()
    }
}

impl<A> fmt::Debug for Health<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let checks: Vec<&str> = self.checks.iter().map(|(name, _)| *name).collect();
        f.debug_struct("Health")
            .field("live", &self.live)
            .field("ready", &self.ready)
            .field("checks", &checks)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::service::Service;

    #[test]
    fn paths_of_health_go_first_and_need_their_checks() {
        let health = Health::new().live("/livez").ready("/readyz").check("database", |up: &AtomicBool| {
            if up.load(Ordering::Relaxed) { Ok(()) } else { Err(crate::Error::new("connection refused")) }
        });
        let service = Service::new(AtomicBool::new(true), "{}").base_path("/v1").health(health);
        for (path, up, status, text) in [
            ("/livez", true, 200, "ok\n"),
            ("/readyz?verbose", true, 200, "ok\n"),
            ("/livez", false, 200, "ok\n"),
            ("/readyz", false, 503, "database\n"),
        ] {
            service.api().store(up, Ordering::Relaxed);
            let answer = service.get(path).send();
            assert_eq!((answer.status.as_u16(), answer.text().as_ref() as &str), (status, text), "{path}");
            assert_eq!(answer.headers["cache-control"], "no-store");
        }
        assert_eq!(service.post("/readyz").send().status, 404);
        assert_eq!(service.get("/v1/readyz").send().status, 404);
        let stopping = Health::new().ready("/readyz").answer(Arc::new(()));
        let head = Head { method: "GET", target: "/readyz", minor: 1, headers: &[] };
        let answer = stopping(&head, false).unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (503, &b"stopping\n"[..]));
    }
}
