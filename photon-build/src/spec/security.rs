//! Who may ask.

use std::sync::Arc;

use super::Location;
use crate::node::Object;
use crate::source::Span;

/// One alternative of `security`: all of its schemes together; empty for anyone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Requirement {
    /// The schemes, each with its scopes.
    pub schemes: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// Where it stands.
    pub span: Span,
}

/// A security scheme.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SecurityScheme {
    /// Its type and what belongs to it.
    pub kind: SecurityKind,
    /// `description`
    pub description: Option<Arc<str>>,
    /// Where it stands.
    pub span: Span,
    /// Keys that begin with `x-`.
    pub extensions: Object,
}

/// The types of security schemes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SecurityKind {
    /// `apiKey`
    ApiKey {
        /// `in`: query, header or cookie.
        location: Location,
        /// `name`
        name: Arc<str>,
    },
    /// `http`
    Http {
        /// `scheme` in small letters: `basic`, `bearer`, or any other.
        scheme: Arc<str>,
        /// `bearerFormat`
        bearer_format: Option<Arc<str>>,
    },
    /// `oauth2`
    OAuth2 {
        /// Every scope of every flow, each once.
        scopes: Vec<(Arc<str>, Arc<str>)>,
    },
    /// `openIdConnect`
    OpenIdConnect {
        /// `openIdConnectUrl`
        url: Arc<str>,
    },
    /// `mutualTLS`
    MutualTls,
}
