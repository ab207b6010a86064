//! WebSockets: what an operation with `x-photon-websocket` receives and sends.
//!
//! Messages are JSON; a side without a schema takes any. The declared answers are for those who are refused; `reply` has
//! them.

use super::media;
use super::operation::{Refused, Scope};
use super::types::Direction;
use crate::codes;
use crate::ir::{self, Codec, Type};
use crate::schema::SchemaId;
use crate::spec;

/// The messages of the operation of `scope`, if a WebSocket can be opened by it.
pub(super) fn lower(scope: &mut Scope<'_, '_>, socket: &spec::WebSocket) -> Result<ir::Output, Refused> {
    let operation = scope.operation;
    let fault = match (&*operation.method, &operation.body) {
        ("GET", None) => None,
        ("GET", Some(_)) => Some("has a body"),
        _ => Some("is no `GET`"),
    };
    if let Some(fault) = fault {
        let message =
            format!("`{} {}` asks for a WebSocket and {fault}", operation.method, operation.path.text);
        scope.findings.add(&codes::WEBSOCKET, socket.span, message);
        return Err(Refused);
    }
    let received = format!("{} received", scope.name);
    let sent = format!("{} sent", scope.name);
    Ok(ir::Output::Socket {
        receive: message(scope, socket.receive, Direction::Request, &received),
        send: message(scope, socket.send, Direction::Response, &sent),
    })
}

fn message(
    scope: &mut Scope<'_, '_>,
    schema: Option<SchemaId>,
    direction: Direction,
    hint: &str,
) -> ir::Media {
    let (ty, rule) = match schema {
        Some(schema) => scope.typed(schema, direction, hint),
        None => (Type::Json, ir::Rule::default()),
    };
    let mut media = ir::Media {
        variant: ir::Name::new("json"),
        range: "application/json".to_owned(),
        more: Vec::new(),
        codec: Codec::Json,
        ty,
        rule,
        encoding: Vec::new(),
        event: None,
    };
    media::allow_null(&mut media);
    media
}
