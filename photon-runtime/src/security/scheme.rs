//! A security scheme of the document, with the scopes that one operation demands of it.

use std::fmt::Write as _;

use crate::contract::In;

/// A security scheme as one operation uses it. Generated code writes it as a `const`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Scheme {
    /// Its name in the document.
    pub name: &'static str,
    /// What the caller must hold.
    pub scopes: &'static [&'static str],
    pub(crate) kind: Kind,
}

/// Where a credential stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Bearer,
    Basic,
    ApiKey(In, &'static str),
    /// Any other scheme of `Authorization`, by its name.
    Http(&'static str),
    MutualTls,
}

/// HTTP bearer (RFC 6750); `OAuth` 2 and `OpenID` Connect too.
pub const fn bearer(name: &'static str) -> Scheme {
    Scheme::new(name, Kind::Bearer)
}

/// HTTP basic (RFC 7617).
pub const fn basic(name: &'static str) -> Scheme {
    Scheme::new(name, Kind::Basic)
}

/// A key in a header, the query or a cookie of this name.
pub const fn api_key(name: &'static str, place: In, key: &'static str) -> Scheme {
    Scheme::new(name, Kind::ApiKey(place, key))
}

/// Another scheme of the `Authorization` header, by its registered name: `digest`.
pub const fn http_scheme(name: &'static str, scheme: &'static str) -> Scheme {
    Scheme::new(name, Kind::Http(scheme))
}

/// A certificate of the client's.
pub const fn mutual_tls(name: &'static str) -> Scheme {
    Scheme::new(name, Kind::MutualTls)
}

impl Scheme {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, scopes: &[], kind }
    }

    /// The same with the scopes that an operation demands.
    #[must_use]
    pub const fn scopes(mut self, scopes: &'static [&'static str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// The name of the key in the query, if that is where it is.
    pub(crate) fn query_key(&self) -> Option<&'static str> {
        match self.kind {
            Kind::ApiKey(In::Query, key) => Some(key),
            _ => None,
        }
    }

    /// Adds what `WWW-Authenticate` says of this scheme (RFC 9110, section 11.6.1).
    pub(crate) fn challenge(&self, refusal: Challenge, out: &mut String) {
        if !out.is_empty() {
            out.push_str(", ");
        }
        let _ = match self.kind {
            Kind::Bearer => write!(out, "Bearer"),
            Kind::Basic => write!(out, "Basic realm=\"{}\", charset=\"UTF-8\"", self.name),
            Kind::ApiKey(place, key) => write!(out, "ApiKey in=\"{place}\", name=\"{key}\""),
            Kind::Http(scheme) => write!(out, "{scheme}"),
            Kind::MutualTls => write!(out, "MutualTLS"),
        };
        if self.kind != Kind::Bearer {
            return;
        }
        let _ = match refusal {
            Challenge::Missing => Ok(()),
            Challenge::Refused => write!(out, " error=\"invalid_token\""),
            Challenge::Scopes => {
                write!(out, " error=\"insufficient_scope\", scope=\"{}\"", self.scopes.join(" "))
            }
        };
    }
}

/// Why a caller is challenged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Challenge {
    /// There was no credential.
    Missing,
    /// The verifier refused it.
    Refused,
    /// It was verified but does not hold the scopes.
    Scopes,
}
