//! The document: plain data with places, every reference followed.
//!
//! Knows OpenAPI 3.0 to 3.2, lifted to one shape. Must not know Rust.

mod answer;
mod request;
mod security;

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use crate::node::Object;
use crate::schema::{Place, Schema, SchemaId};
use crate::source::Span;

pub(crate) use answer::*;
pub(crate) use request::*;
pub(crate) use security::*;

/// A document with all that it refers to.
#[derive(Debug)]
pub(crate) struct Document {
    /// Which family of versions it follows.
    pub version: Version,
    /// `info`
    pub info: Info,
    /// `servers` of the root.
    pub servers: Vec<Server>,
    /// `tags` of the root, in order.
    pub tags: Vec<Tag>,
    /// Operations that can be served, in the order of the document.
    pub operations: Vec<Operation>,
    /// Webhooks: described, never served.
    #[allow(dead_code, reason = "their faults are found; who sends them is another program")]
    pub webhooks: Vec<Operation>,
    /// Operations that cannot be served, each told by a finding.
    pub refused: Vec<Refused>,
    /// `components/securitySchemes` by name.
    pub security_schemes: Vec<(Arc<str>, Rc<SecurityScheme>)>,
    /// `components/schemas` of the root by name, also those that no operation uses.
    pub components: Vec<(Arc<str>, SchemaId)>,
    /// Every schema of every file.
    pub schemas: Vec<Schema>,
    /// Schemas of which it is told already that no value fits them.
    pub fits_nothing: HashSet<SchemaId>,
}

impl Document {
    /// The schema `id`.
    pub(crate) fn schema(&self, id: SchemaId) -> &Schema {
        &self.schemas[id.0 as usize]
    }

    /// Follows a `$ref` and nothing else: the first schema that is not a mere reference.
    pub(crate) fn target(&self, id: SchemaId) -> SchemaId {
        let mut id = id;
        for _ in 0..REFERENCES_MAX {
            match self.schema(id).reference {
                Some(next) => id = next,
                None => break,
            }
        }
        id
    }

    /// The JSON pointer of a schema within its file, without `#`.
    pub(crate) fn pointer(&self, id: SchemaId) -> String {
        match &self.schema(id).place {
            Place::Root(pointer) => pointer.to_string(),
            Place::Child { parent, keyword, key } => {
                let mut pointer = self.pointer(*parent);
                pointer.push('/');
                pointer.push_str(keyword);
                if let Some(key) = key {
                    pointer.push('/');
                    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                }
                pointer
            }
        }
    }
}

/// References that are followed in a row before the chain counts as endless.
pub(crate) const REFERENCES_MAX: usize = 256;

/// A family of versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Version {
    /// 3.0.x
    V3_0,
    /// 3.1.x
    V3_1,
    /// 3.2.x
    V3_2,
}

/// `info`
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Info {
    /// `title`
    pub title: Arc<str>,
    /// `version`, as written: `1.10` stays `1.10`.
    pub version: Arc<str>,
    /// `summary`
    pub summary: Option<Arc<str>>,
    /// `description`
    pub description: Option<Arc<str>>,
    /// `termsOfService`
    pub terms_of_service: Option<Arc<str>>,
    /// `contact`
    pub contact: Option<Contact>,
    /// `license`
    pub license: Option<License>,
    /// Keys that begin with `x-`.
    pub extensions: Object,
}

/// `info/contact`
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Contact {
    /// `name`
    pub name: Option<Box<str>>,
    /// `url`
    pub url: Option<Box<str>>,
    /// `email`
    pub email: Option<Box<str>>,
}

/// `info/license`
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct License {
    /// `name`
    pub name: Option<Box<str>>,
    /// `identifier` (3.1): an SPDX expression.
    pub identifier: Option<Box<str>>,
    /// `url`
    pub url: Option<Box<str>>,
}

/// A server, its variables at their defaults in [`Server::url_at_defaults`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Server {
    /// `url`, as written.
    pub url: Arc<str>,
    /// `description`
    pub description: Option<Arc<str>>,
    /// `variables`: name and default.
    pub variables: Vec<(Arc<str>, Arc<str>)>,
    /// Where it stands.
    pub span: Span,
}

impl Server {
    /// The URL with each `{variable}` at its default.
    pub(crate) fn url_at_defaults(&self) -> String {
        let mut url = self.url.to_string();
        for (name, default) in &self.variables {
            url = url.replace(&format!("{{{name}}}"), default);
        }
        url
    }
}

/// A tag of the root.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tag {
    /// `name`
    pub name: Arc<str>,
    /// `summary` (3.2)
    pub summary: Option<Arc<str>>,
    /// `description`
    pub description: Option<Arc<str>>,
    /// `parent` (3.2)
    pub parent: Option<Arc<str>>,
    /// Where it stands.
    pub span: Span,
    /// Keys that begin with `x-`.
    pub extensions: Object,
}

/// An operation that is not served, and why.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refused {
    /// The method in capitals.
    pub method: Arc<str>,
    /// The path, as written.
    pub path: Arc<str>,
    /// `operationId`
    pub operation_id: Option<Arc<str>>,
    /// The code of the finding.
    pub code: &'static str,
    /// Where the fault stands.
    pub span: Span,
}
