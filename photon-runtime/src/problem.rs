//! RFC 9457: the body of an answer that tells a problem.
//!
//! This module knows no request and no operation.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;

use crate::http::reason;
use http::StatusCode;
use serde::de::{DeserializeOwned, Error as DeError};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize};

/// The media type of a problem.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// A problem as RFC 9457 describes it, one pointer wide.
///
/// ```
/// # use photon_runtime::{Problem, StatusCode};
/// let problem = Problem::new(StatusCode::CONFLICT, "Rex is taken").with("name", "Rex");
/// assert_eq!(
///     serde_json::to_string(&problem).unwrap(),
///     r#"{"title":"Conflict","status":409,"detail":"Rex is taken","name":"Rex"}"#
/// );
/// ```
#[derive(Clone, PartialEq)]
pub struct Problem(Box<Members>);

#[derive(Clone, Debug, PartialEq)]
struct Members {
    kind: Option<Cow<'static, str>>,
    title: Option<Cow<'static, str>>,
    status: StatusCode,
    detail: Option<String>,
    instance: Option<String>,
    extensions: BTreeMap<Cow<'static, str>, serde_json::Value>,
}

/// The reason phrase of a registered status, as the status line says it (RFC 9457, section 4.2.1).
fn title(status: StatusCode) -> Option<&'static str> {
    Some(reason(status.as_u16())).filter(|reason| !reason.is_empty())
}

impl Problem {
    /// A problem of this status; the title is the status' own.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let mut problem = Self::of(status);
        problem.0.detail = Some(detail.into());
        problem
    }

    /// A problem that says no more than its status.
    pub fn of(status: StatusCode) -> Self {
        Self(Box::new(Members {
            kind: None,
            title: title(status).map(Cow::Borrowed),
            status,
            detail: None,
            instance: None,
            extensions: BTreeMap::new(),
        }))
    }

    /// Sets `type`: the URI of what kind of problem this is. Defaults to `about:blank`, which is left out.
    #[must_use]
    pub fn kind(mut self, uri: impl Into<Cow<'static, str>>) -> Self {
        self.0.kind = Some(uri.into());
        self
    }

    /// Sets `title`: what kind of problem this is, the same for each.
    #[must_use]
    pub fn title(mut self, title: impl Into<Cow<'static, str>>) -> Self {
        self.0.title = Some(title.into());
        self
    }

    /// Sets `instance`: the URI of this occurrence.
    #[must_use]
    pub fn instance(mut self, uri: impl Into<String>) -> Self {
        self.0.instance = Some(uri.into());
        self
    }

    /// Sets an extension member. One that cannot be JSON is null.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Serialize) -> Self {
        self.0.extensions.insert(name.into(), serde_json::to_value(value).unwrap_or_default());
        self
    }

    /// Sets the status, and the title with it where the title was the old status' own.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        if self.0.title.as_deref() == title(self.0.status) {
            self.0.title = title(status).map(Cow::Borrowed);
        }
        self.0.status = status;
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// What happened this time.
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// An extension member.
    pub fn extension(&self, name: &str) -> Option<&serde_json::Value> {
        self.0.extensions.get(name)
    }
}

/// A problem of a status that a macro spells out.
pub fn of_code(status: u16, detail: String) -> Problem {
    Problem::new(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), detail)
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.status)?;
        self.detail().map_or(Ok(()), |detail| write!(f, ": {detail}"))
    }
}

impl StdError for Problem {}

impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members = &*self.0;
        let mut map = serializer.serialize_map(None)?;
        if let Some(kind) = &members.kind {
            map.serialize_entry("type", kind)?;
        }
        if let Some(title) = &members.title {
            map.serialize_entry("title", title)?;
        }
        map.serialize_entry("status", &members.status.as_u16())?;
        if let Some(detail) = &members.detail {
            map.serialize_entry("detail", detail)?;
        }
        if let Some(instance) = &members.instance {
            map.serialize_entry("instance", instance)?;
        }
        for (name, value) in &members.extensions {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Problem {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = BTreeMap::<Cow<'static, str>, serde_json::Value>::deserialize(deserializer)?;
        let status: Option<u16> = take(&mut members, "status")?;
        Ok(Self(Box::new(Members {
            kind: take(&mut members, "type")?,
            title: take(&mut members, "title")?,
            status: status
                .and_then(|status| StatusCode::from_u16(status).ok())
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            detail: take(&mut members, "detail")?,
            instance: take(&mut members, "instance")?,
            extensions: members,
        })))
    }
}

/// Takes a member out; `null` is none.
fn take<T: DeserializeOwned, E: DeError>(
    members: &mut BTreeMap<Cow<'static, str>, serde_json::Value>,
    name: &str,
) -> Result<Option<T>, E> {
    members.remove(name).map_or(Ok(None), |value| serde_json::from_value(value).map_err(E::custom))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_pointer_wide() {
        assert_eq!(size_of::<Problem>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), Problem>>(), size_of::<usize>());
    }

    #[test]
    fn it_goes_to_json_and_back() {
        let problem = Problem::new(StatusCode::NOT_FOUND, "no pet 7")
            .kind("https://example.com/no-pet")
            .instance("/pets/7")
            .with("errors", [1, 2]);
        let text = serde_json::to_string(&problem).unwrap();
        assert_eq!(
            text,
            r#"{"type":"https://example.com/no-pet","title":"Not Found","status":404,"detail":"no pet 7","instance":"/pets/7","errors":[1,2]}"#
        );
        assert_eq!(serde_json::from_str::<Problem>(&text).unwrap(), problem);
        assert_eq!(problem.to_string(), "404 Not Found: no pet 7");
    }

    #[test]
    fn another_status_brings_its_own_title() {
        let problem = Problem::new(StatusCode::NOT_FOUND, "x").with_status(StatusCode::GONE);
        assert_eq!(serde_json::to_string(&problem).unwrap(), r#"{"title":"Gone","status":410,"detail":"x"}"#);
    }
}
