//! What callers present, taken from where the scheme says it stands.

use std::borrow::Cow;

use super::scheme::{Kind, Scheme};
use crate::contract::{In, Input};
use crate::exchange::ClientCertificate;
use crate::model::types::Base64;
use crate::status::Unauthorized;

/// A credential that can be taken out of a request.
pub trait Credential<'r>: Sized {
    /// Takes it, or says that it is missing or broken.
    fn extract(scheme: &Scheme, input: &'r Input<'_>) -> Result<Self, Unauthorized>;
}

/// `Authorization: Bearer ..` (RFC 6750, section 2.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bearer<'r> {
    /// The token, not verified.
    pub token: &'r str,
}

/// `Authorization: Basic ..` (RFC 7617).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Basic<'r> {
    /// The user's name; it holds no colon.
    pub username: Cow<'r, str>,
    /// The password, not verified.
    pub password: Cow<'r, str>,
}

/// A key from a header, the query or a cookie.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ApiKey<'r> {
    /// The key, not verified.
    pub key: Cow<'r, str>,
}

/// Any `Authorization` header.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Authorization<'r> {
    /// The scheme's name as sent.
    pub scheme: &'r str,
    /// What follows it.
    pub credentials: &'r str,
}

/// The certificate of the client: verified by the server where it speaks TLS and asks for certificates, else as the TLS
/// endpoint in front passes it on in `Client-Cert` (RFC 9440).
///
/// Believe the header only where that endpoint is the sole way in and removes it from what clients send. A server that asks
/// for certificates itself looks at no header.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Certificate<'r> {
    /// The certificate, DER.
    pub der: Cow<'r, [u8]>,
}

impl<'r> Credential<'r> for Bearer<'r> {
    fn extract(_scheme: &Scheme, input: &'r Input<'_>) -> Result<Self, Unauthorized> {
        let token = authorization(input, "bearer")?;
        let is_token = token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte));
        if is_token {
            Ok(Self { token })
        } else {
            Err(Unauthorized::new("the bearer token is not well-formed"))
        }
    }
}

impl<'r> Credential<'r> for Basic<'r> {
    fn extract(_scheme: &Scheme, input: &'r Input<'_>) -> Result<Self, Unauthorized> {
        let pair = Base64::decode(authorization(input, "basic")?)
            .and_then(|octets| String::from_utf8(octets.0).ok())
            .ok_or_else(|| Unauthorized::new("the basic credentials are not well-formed"))?;
        let (username, password) =
            pair.split_once(':').ok_or_else(|| Unauthorized::new("the basic credentials hold no colon"))?;
        Ok(Self { username: username.to_owned().into(), password: password.to_owned().into() })
    }
}

impl<'r> Credential<'r> for ApiKey<'r> {
    fn extract(scheme: &Scheme, input: &'r Input<'_>) -> Result<Self, Unauthorized> {
        let Kind::ApiKey(place, name) = scheme.kind else {
            return Err(Unauthorized::new("the scheme is not an API key"));
        };
        let key = match place {
            In::Query => input.query_first(name),
            In::Cookie => input.cookie_first(name).map(Cow::Borrowed),
            _ => single_header(input, name)?.map(Cow::Borrowed),
        };
        match key {
            Some(key) if !key.is_empty() => Ok(Self { key }),
            _ => Err(Unauthorized::new(format!("the {place} `{name}` is missing"))),
        }
    }
}

impl<'r> Credential<'r> for Authorization<'r> {
    fn extract(scheme: &Scheme, input: &'r Input<'_>) -> Result<Self, Unauthorized> {
        let wanted = match scheme.kind {
            Kind::Http(wanted) => wanted,
            Kind::Basic => "basic",
            _ => "bearer",
        };
        let credentials = authorization(input, wanted)?;
        let sent = single_header(input, "authorization")?.unwrap_or_default();
        Ok(Self { scheme: sent.split(' ').next().unwrap_or_default(), credentials })
    }
}

impl<'r> Credential<'r> for Certificate<'r> {
    fn extract(_scheme: &Scheme, input: &'r Input<'_>) -> Result<Self, Unauthorized> {
        let shown = input.certificate(|certificate| match certificate {
            ClientCertificate::Verified(der) => Some(Some(der.to_owned())),
            ClientCertificate::Missing => Some(None),
            ClientCertificate::Unknown => None,
        });
        match shown {
            Some(Some(der)) => return Ok(Self { der: Cow::Owned(der) }),
            Some(None) => return Err(Unauthorized::new("the client presents no certificate")),
            None => {}
        }
        single_header(input, "client-cert")?
            .and_then(|value| value.strip_prefix(':')?.strip_suffix(':'))
            .and_then(Base64::decode)
            .map(|der| Self { der: Cow::Owned(der.0) })
            .ok_or_else(|| Unauthorized::new("the client presents no certificate"))
    }
}

/// Whether the request has what the scheme asks for, well-formed or not.
pub(super) fn is_present(scheme: &Scheme, input: &Input<'_>) -> bool {
    let has_authorization = |wanted: &str| {
        input.head().header_all("authorization").any(|value| {
            value.len() > wanted.len()
                && value[..wanted.len()].eq_ignore_ascii_case(wanted.as_bytes())
                && value[wanted.len()] == b' '
        })
    };
    match scheme.kind {
        Kind::Bearer => has_authorization("bearer"),
        Kind::Basic => has_authorization("basic"),
        Kind::Http(wanted) => has_authorization(wanted),
        Kind::ApiKey(In::Query, name) => input.query_first(name).is_some_and(|key| !key.is_empty()),
        Kind::ApiKey(In::Cookie, name) => input.cookie_first(name).is_some_and(|key| !key.is_empty()),
        Kind::ApiKey(_, name) => input.head().header(name).is_some_and(|key| !key.is_empty()),
        Kind::MutualTls => input.certificate(|certificate| match certificate {
            ClientCertificate::Verified(_) => true,
            ClientCertificate::Missing => false,
            ClientCertificate::Unknown => input.head().header("client-cert").is_some(),
        }),
    }
}

/// The credentials of an `Authorization` header of this scheme.
fn authorization<'r>(input: &'r Input<'_>, wanted: &str) -> Result<&'r str, Unauthorized> {
    let value = single_header(input, "authorization")?
        .ok_or_else(|| Unauthorized::new("the `Authorization` header is missing"))?;
    match value.split_once(' ') {
        Some((scheme, credentials))
            if scheme.eq_ignore_ascii_case(wanted) && !credentials.trim_start().is_empty() =>
        {
            Ok(credentials.trim_start())
        }
        _ => Err(Unauthorized::new(format!("the `Authorization` header holds no {wanted} credentials"))),
    }
}

/// A header that may stand once only: two that differ could be read differently by a proxy.
fn single_header<'r>(input: &'r Input<'_>, name: &str) -> Result<Option<&'r str>, Unauthorized> {
    let mut values = input.head().header_all(name);
    let Some(first) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Unauthorized::new(format!("the header `{name}` is sent more than once")));
    }
    match std::str::from_utf8(first) {
        Ok(text) => Ok(Some(text)),
        Err(_) => Err(Unauthorized::new(format!("the header `{name}` is not text"))),
    }
}
