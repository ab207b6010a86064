//! The parts of a request's way that no public function goes alone, for the benches.

use crate::http::head::{self, HeadLimits, Slots};
use crate::router::{Asked, Captures, Found, Needs, Router};

const HEAD: HeadLimits = HeadLimits { headers_max: 100, head_bytes_max: 16 << 10, target_bytes_max: 8 << 10 };

/// Parses a head: its bytes, `None` where it is refused or not complete.
pub fn head(bytes: &[u8]) -> Option<usize> {
    head::parse(&HEAD, &mut Slots::new(), bytes).ok()?.map(|request| request.head_bytes)
}

/// The routes of a service.
#[derive(Debug)]
pub struct Routes(Router);

impl Routes {
    /// Those of these methods and templates; of equal ones the first counts.
    pub fn new<'t>(routes: impl IntoIterator<Item = (&'static str, &'t str)>) -> Self {
        let mut table = Router::new();
        for (number, (method, template)) in routes.into_iter().enumerate() {
            let _ = table.add(method, template, Needs::default(), number);
        }
        Self(table)
    }

    /// The number of the route for a method and a path.
    pub fn find(&self, method: &str, path: &str) -> Option<usize> {
        let asked = Asked { method, query: "", headers: &[] };
        match self.0.find(&asked, path, &mut Captures::default()) {
            Found::Route(route) => Some(route),
            _ => None,
        }
    }
}
