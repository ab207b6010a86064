//! Paths, webhooks and their operations.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::{At, Fault, Parser, helped, path};
use crate::codes;
use crate::node::{Entry, Node};
use crate::source::Span;
use crate::spec::{
    Location, Operation, Parameter, Path, Refused, Requirement, Response, Server, Status, Version, WebSocket,
};

const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

const ITEM_FIELDS: [&str; 6] =
    ["$ref", "summary", "description", "servers", "parameters", "additionalOperations"];

const OPERATION_FIELDS: [&str; 12] = [
    "tags",
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
    "deprecated",
    "security",
    "servers",
];

/// All operations of a document.
#[derive(Default)]
pub(super) struct Found {
    pub(super) operations: Vec<Operation>,
    pub(super) webhooks: Vec<Operation>,
    pub(super) refused: Vec<Refused>,
    pub(super) ids: HashMap<Arc<str>, Span>,
    pub(super) shapes: HashMap<String, Span>,
}

/// What the operations of one path have in common.
struct Common<'c> {
    path: Rc<Path>,
    is_webhook: bool,
    parameters: Vec<Rc<Parameter>>,
    fault: Option<Fault>,
    servers: Option<Rc<Vec<Server>>>,
    inherited: &'c Inherited<'c>,
}

/// What operations take from the root.
struct Inherited<'c> {
    servers: &'c Rc<Vec<Server>>,
    security: Option<&'c Rc<Vec<Requirement>>>,
    security_fault: Option<Fault>,
}

impl<'a> Parser<'a, '_> {
    /// Reads all operations of `paths` and `webhooks`.
    pub(super) fn operations(
        &mut self,
        root: &At<'a>,
        servers: &Rc<Vec<Server>>,
        security: (Option<&Rc<Vec<Requirement>>>, Option<Fault>),
    ) -> Found {
        let inherited = Inherited { servers, security: security.0, security_fault: security.1 };
        let mut found = Found::default();
        for (key, is_webhook) in [("paths", false), ("webhooks", true)] {
            let Some(paths) = root.key(key) else { continue };
            if paths.node.is_null() || self.object(paths.node, &format!("`{key}`")).is_none() {
                continue;
            }
            for entry in paths.entries().iter().filter(|entry| !entry.key.starts_with("x-")) {
                let at = paths.child(&entry.key, &entry.value);
                self.path_item(&mut found, &inherited, entry, &at, is_webhook);
            }
        }
        self.broken = None;
        found
    }

    fn path_item(
        &mut self,
        found: &mut Found,
        inherited: &Inherited<'_>,
        entry: &Entry,
        at: &At<'a>,
        is_webhook: bool,
    ) {
        self.broken = None;
        let path = if is_webhook {
            let text = entry.key.clone();
            Path { text, segments: Vec::new(), suffix: None, span: entry.key_span }
        } else {
            self.path(entry)
        };
        let mut common = Common {
            path: Rc::new(path),
            is_webhook,
            parameters: Vec::new(),
            fault: self.broken.take(),
            servers: None,
            inherited,
        };
        let Some(object) = self.object(at.node, "a path item") else {
            return self.refuse_path(found, &common, entry);
        };
        let mut items = vec![at.clone()];
        if object.get("$ref").is_some() {
            // What stands beside the reference is added to what it leads to.
            match self.follow(at) {
                Some(followed) => items.push(followed.at),
                None => self.refuse_path(found, &common, entry),
            }
        }
        let mut taken: Vec<&str> = Vec::new();
        for item in &items {
            if self.object(item.node, "a path item").is_none() {
                self.refuse_path(found, &common, entry);
                continue;
            }
            self.path_parameters(&mut common, item);
            for operation in self.methods(item) {
                if !taken.contains(&operation.0) {
                    taken.push(operation.0);
                    self.operation(found, &common, operation.0, operation.1, &operation.2);
                }
            }
        }
    }

    /// The path's operations are unknown; it is told as one.
    fn refuse_path(&mut self, found: &mut Found, common: &Common<'_>, entry: &Entry) {
        let (code, span) = self.broken.take().unwrap_or((&codes::REFERENCE_BROKEN, entry.key_span));
        if !common.is_webhook {
            self.selectable.add(&common.path.text, None, &[]);
            found.refused.push(Refused {
                method: "*".into(),
                path: common.path.text.clone(),
                operation_id: None,
                code: code.id,
                span,
            });
        }
    }

    fn path(&mut self, entry: &Entry) -> Path {
        let (path, faults) = path::parse(&entry.key, entry.key_span);
        let text = &entry.key;
        for fault in faults {
            match fault {
                path::Fault::Braces => {
                    self.refuse(
                        &codes::PATH_TEMPLATE,
                        entry.key_span,
                        format!("the braces of `{text}` do not match"),
                    );
                }
                path::Fault::Percent => {
                    let message = format!("`%` in `{text}` encodes nothing");
                    let finding = self.refuse(&codes::PATH_TEMPLATE, entry.key_span, message);
                    helped(finding, "write a percent sign as `%25`");
                }
                path::Fault::Twice(name) => {
                    self.refuse(&codes::PATH_TWICE, entry.key_span, format!("`{text}` names `{name}` twice"));
                }
                path::Fault::Slash => {
                    let message = format!("`{text}` does not begin with a slash");
                    let finding = self.tell(&codes::PATH_SLASH, entry.key_span, message);
                    helped(finding, format!("it is served as `/{text}`; write it so"));
                }
                path::Fault::Adjacent => {
                    let message = format!("two parameters of `{text}` follow each other");
                    self.tell(&codes::PATH_ADJACENT, entry.key_span, message);
                }
                path::Fault::Suffix(suffix) => {
                    let message = format!("`{suffix}` is no part of a path");
                    self.tell(&codes::PATH_QUERY, entry.key_span, message);
                }
            }
        }
        path
    }

    fn path_parameters(&mut self, common: &mut Common<'_>, item: &At<'a>) {
        let item_parameters = self.parameters(item);
        merge(&mut common.parameters, item_parameters);
        common.fault = common.fault.or(self.broken.take());
        if let Some(servers) = self.servers(item) {
            common.servers.get_or_insert(Rc::new(servers));
        }
    }

    /// The operations of a path item: method in capitals, place of its key, value.
    fn methods(&mut self, item: &At<'a>) -> Vec<(&'a str, Span, At<'a>)> {
        let mut methods = Vec::new();
        for entry in item.entries() {
            let key: &'a str = &entry.key;
            if METHODS.contains(&key) {
                methods.push((key, entry.key_span, item.child(key, &entry.value)));
            } else if key == "additionalOperations" {
                let more = item.child(key, &entry.value);
                for entry in more.entries() {
                    let is_fine =
                        !entry.key.is_empty() && entry.key.chars().all(super::security::is_token_char);
                    let is_fixed = METHODS.contains(&&*entry.key.to_ascii_lowercase());
                    if is_fine && !is_fixed {
                        methods.push((&entry.key, entry.key_span, more.child(&entry.key, &entry.value)));
                    } else {
                        let message = format!("`{}` is no method for `additionalOperations`", entry.key);
                        self.tell(&codes::METHOD, entry.key_span, message);
                    }
                }
            } else if !ITEM_FIELDS.contains(&key) && !key.starts_with("x-") {
                let known: Vec<&str> = METHODS.into_iter().chain(ITEM_FIELDS).collect();
                self.unknown_field(entry, &known, "a path item has no field");
            }
        }
        self.newer_fields(item, Version::V3_2, &["query", "additionalOperations"]);
        methods
    }

    fn operation(&mut self, found: &mut Found, common: &Common<'_>, key: &str, span: Span, at: &At<'a>) {
        self.broken = None;
        // OpenAPI has no references here, bundlers have.
        let followed = self.follow(at);
        let at = &followed.map_or_else(|| at.clone(), |followed| followed.at);
        let method: Arc<str> =
            if METHODS.contains(&key) { key.to_ascii_uppercase().into() } else { key.into() };
        let id = at.node.get("operationId").and_then(Node::as_text).filter(|id| !id.is_empty());
        let id = id.map(|id| self.text_of(id));
        let tags: Vec<Arc<str>> =
            self.list(at, "tags").iter().filter_map(Node::as_text).map(|tag| self.text_of(tag)).collect();
        if !common.is_webhook {
            let chosen = &self.config.selection;
            self.selectable.add(&common.path.text, id.as_ref(), &tags);
            if !chosen.contains(&common.path.text, id.as_deref(), tags.iter().map(|tag| &**tag)) {
                return;
            }
        }
        let mut operation = Operation {
            method,
            path: common.path.clone(),
            id,
            tags,
            span,
            summary: None,
            description: None,
            deprecated: false,
            parameters: common.parameters.clone(),
            body: None,
            responses: Vec::new(),
            security: common.inherited.security.cloned(),
            servers: common.servers.as_ref().unwrap_or(common.inherited.servers).clone(),
            own_servers: common.servers.is_some(),
            websocket: None,
            extensions: crate::node::Object::default(),
        };
        self.fill(&mut operation, at);
        if Self::is_absent(at.node.get("security")) {
            self.broken = self.broken.or(common.inherited.security_fault);
        }
        self.broken = common.fault.or(self.broken);
        if !common.is_webhook {
            self.check_path(&mut operation);
            self.check_shape(found, &operation);
        }
        self.check_id(found, &mut operation, at);
        let fault = self.broken.take();
        match fault {
            Some((code, span)) if !common.is_webhook => {
                found.refused.push(refused(&operation, code.id, span));
            }
            Some(_) => {}
            None if common.is_webhook => found.webhooks.push(operation),
            None => found.operations.push(operation),
        }
    }

    fn fill(&mut self, operation: &mut Operation, at: &At<'a>) {
        let Some(object) = self.object(at.node, "an operation") else { return };
        self.unknown_fields(object, &OPERATION_FIELDS, "an operation");
        operation.summary = self.text(at, "summary");
        operation.description = self.text(at, "description");
        operation.deprecated = self.flag(at, "deprecated").unwrap_or(false);
        let own = self.parameters(at);
        operation.parameters = overridden(std::mem::take(&mut operation.parameters), own);
        if let Some(body) = at.key("requestBody") {
            operation.body = self.body(&body);
        }
        operation.responses = self.responses(at, operation.span);
        if let Some(security) = self.security(at) {
            operation.security = Some(Rc::new(security));
        }
        if let Some(servers) = self.servers(at) {
            operation.servers = Rc::new(servers);
            operation.own_servers = true;
        }
        let socket = at.key("x-photon-websocket").filter(|socket| socket.node.as_bool() != Some(false));
        if let Some(socket) = socket {
            operation.websocket = Some(WebSocket {
                receive: self.schema_below(&socket, "receive"),
                send: self.schema_below(&socket, "send"),
                span: socket.node.span,
            });
        }
        operation.extensions = Self::extensions(object);
    }

    /// The parameters below `parameters`, each once, without those that are none.
    fn parameters(&mut self, at: &At<'a>) -> Vec<Rc<Parameter>> {
        let mut parameters: Vec<Rc<Parameter>> = Vec::new();
        for (index, node) in self.list(at, "parameters").iter().enumerate() {
            let place =
                At { pointer: format!("{}/parameters/{index}", at.pointer).into(), ..at.child("", node) };
            let Some(parameter) = self.parameter(&place) else { continue };
            if self.is_reserved_header(&parameter.name, parameter.location, parameter.name_span) {
                continue;
            }
            if let Some(first) = parameters.iter().find(|known| is_same(known, &parameter)) {
                let (first, span) = (first.name_span, parameter.name_span);
                let message = format!("the parameter `{}` is declared twice", parameter.name);
                if let Some(finding) = self.tell(&codes::DUPLICATE_PARAMETER, span, message) {
                    finding.notes.push((first, "it stands here first".to_owned()));
                }
                continue;
            }
            parameters.push(parameter);
        }
        parameters
    }

    fn responses(&mut self, at: &At<'a>, span: Span) -> Vec<Response> {
        let mut responses = Vec::new();
        let Some(declared) = at.key("responses") else {
            self.tell(&codes::NO_RESPONSES, span, "the operation has no `responses`");
            return responses;
        };
        let Some(declared) = self.follow(&declared).map(|followed| followed.at) else { return responses };
        if self.object(declared.node, "`responses`").is_none() {
            return responses;
        }
        for entry in declared.entries().iter().filter(|entry| !entry.key.starts_with("x-")) {
            let Some(status) = status(&entry.key) else {
                self.tell(&codes::STATUS, entry.key_span, format!("`{}` is no status", entry.key));
                continue;
            };
            let reply = self.reply(&declared.child(&entry.key, &entry.value));
            responses.extend(reply.map(|reply| Response { status, reply, span: entry.key_span }));
        }
        if declared.entries().is_empty() {
            self.tell(&codes::NO_RESPONSES, declared.node.span, "`responses` of the operation is empty");
        }
        responses
    }
}

/// What is told of an operation that is not served.
pub(super) fn refused(operation: &Operation, code: &'static str, span: Span) -> Refused {
    Refused {
        method: operation.method.clone(),
        path: operation.path.text.clone(),
        operation_id: operation.id.clone(),
        code,
        span,
    }
}

fn is_same(left: &Parameter, right: &Parameter) -> bool {
    let same_name = match left.location {
        Location::Header => left.name.eq_ignore_ascii_case(&right.name),
        _ => left.name == right.name,
    };
    left.location == right.location && same_name
}

/// Adds what is not there yet.
fn merge(parameters: &mut Vec<Rc<Parameter>>, more: Vec<Rc<Parameter>>) {
    for parameter in more {
        if !parameters.iter().any(|known| is_same(known, &parameter)) {
            parameters.push(parameter);
        }
    }
}

/// Those of the path, each replaced by the operation's of the same name, then the rest of the operation's.
fn overridden(path: Vec<Rc<Parameter>>, own: Vec<Rc<Parameter>>) -> Vec<Rc<Parameter>> {
    let mut parameters: Vec<Rc<Parameter>> = path
        .into_iter()
        .map(|parameter| own.iter().find(|known| is_same(known, &parameter)).cloned().unwrap_or(parameter))
        .collect();
    merge(&mut parameters, own);
    parameters
}

fn status(key: &str) -> Option<Status> {
    if key == "default" {
        return Some(Status::Default);
    }
    let bytes = key.as_bytes();
    match bytes {
        [digit @ b'1'..=b'5', b'X' | b'x', b'X' | b'x'] => Some(Status::Range(digit - b'0')),
        [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => key.parse().ok().map(Status::Code),
        _ => None,
    }
}
