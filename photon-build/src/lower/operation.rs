//! One operation: its name, its documentation, and what the other files of this step make of its parts.
//!
//! Knows what an operation consists of. Must not know how its parts are lowered.

use super::route::{self, Route};
use super::security::Security;
use super::types::{Direction, Types};
use super::{body, limits, param, reply, socket};
use crate::config::Config;
use crate::finding::Findings;
use crate::ir::{self, Type};
use crate::schema::SchemaId;
use crate::spec::{self, Part};

/// What is known while the parts of an operation are lowered.
pub(super) struct Scope<'s, 'd> {
    pub(super) document: &'d spec::Document,
    pub(super) config: &'d Config,
    pub(super) types: &'s mut Types<'d>,
    pub(super) findings: &'s mut Findings,
    pub(super) operation: &'d spec::Operation,
    /// What the names of the operation's own types begin with.
    pub(super) name: String,
}

/// An operation cannot be served; a finding tells why.
#[derive(Debug)]
pub(super) struct Refused;

impl Scope<'_, '_> {
    /// The type and the rule of `schema`, without the `Option` of one that may be null.
    pub(super) fn typed(&mut self, schema: SchemaId, direction: Direction, hint: &str) -> (Type, ir::Rule) {
        let typed = self.types.typed(schema, direction, hint, self.findings);
        (typed.ty, typed.rule)
    }

    /// The description of a place, or else of its schema.
    pub(super) fn doc(&self, description: Option<&str>, schema: Option<SchemaId>) -> String {
        match description.map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => text.to_owned(),
            None => schema.map(|schema| self.types.doc(schema)).unwrap_or_default(),
        }
    }
}

/// The operation of `scope`, served at `route`.
pub(super) fn lower(
    scope: &mut Scope<'_, '_>,
    route: Route,
    security: Security,
) -> Result<ir::Operation, Refused> {
    let operation = scope.operation;
    let params = param::lower(scope);
    let body = body::lower(scope);
    let reply = match &operation.websocket {
        Some(socket) => {
            let output = socket::lower(scope, socket);
            reply::refusals(scope).and_then(|reply| Ok(reply::Reply { output: output?, ..reply }))
        }
        None => reply::lower(scope),
    };
    let (body, reply) = (body?, reply?);
    let streamed = body.as_ref().is_some_and(|body| body.streamed);
    let path = route::with_choices(&route.path, |name| param::choices(scope, name));

    let limits = limits::limits(scope.findings, operation);
    let mut name = ir::Name::new(&*scope.name);
    name.wanted = super::wanted(&operation.extensions);
    let id = match &operation.id {
        Some(id) => id.to_string(),
        None => format!("{} {}", operation.method, operation.path.text),
    };
    Ok(ir::Operation {
        method_name: name.clone(),
        request: name,
        table: String::new(),
        id,
        method: operation.method.to_string(),
        path,
        requires: route.requires,
        summary: text(operation.summary.as_deref()),
        description: text(operation.description.as_deref()),
        deprecated: operation.deprecated,
        security: security.alternatives,
        caller: security.caller,
        params,
        body,
        output: reply.output,
        error: reply.error,
        declared: reply.declared,
        blocking: flag(operation, "x-photon-blocking"),
        body_bytes_max: limits.body_bytes_max,
        timeout_ms: limits.timeout_ms,
        raw_body: flag(operation, "x-photon-raw-body") && !streamed,
    })
}

/// A name from method and path, for an operation without an id of its own: `get pets by petId`.
pub(super) fn path_name(operation: &spec::Operation) -> String {
    let mut name = operation.method.to_ascii_lowercase();
    let mut is_root = true;
    for segment in &operation.path.segments {
        for part in &segment.parts {
            is_root = false;
            match part {
                Part::Literal(text) => {
                    name.push(' ');
                    name.push_str(text);
                }
                Part::Parameter(parameter) => {
                    name.push_str(" by ");
                    name.push_str(parameter);
                }
            }
        }
    }
    if is_root {
        name.push_str(" root");
    }
    if let Some(suffix) = &operation.path.suffix {
        name.push(' ');
        name.push_str(suffix);
    }
    name.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether the extension `key` of `operation` is `true`.
pub(super) fn flag(operation: &spec::Operation, key: &str) -> bool {
    is_set(&operation.extensions, key)
}

/// Whether one of these extensions is `true`.
pub(super) fn is_set(extensions: &crate::node::Object, key: &str) -> bool {
    extensions.get(key).and_then(crate::node::Node::as_bool).unwrap_or(false)
}

fn text(text: Option<&str>) -> String {
    text.map(|text| text.trim().to_owned()).unwrap_or_default()
}
