//! A server written by hand against the engine, for the conformance and fault suites.
//!
//! `cargo run --example engine -- --port 8080`

use std::borrow::Cow;
use std::time::Duration;

use photon_runtime::exchange::{BodyError, Exchange, Field, Handler, Head};
use photon_runtime::{Limits, Server};
use serde_json::Value;

fn main() -> photon_runtime::Result {
    let mut arguments = std::env::args().skip(1);
    let mut server = Server::new(App);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().unwrap_or_default();
        match argument.as_str() {
            "--port" => server = server.address(format!("127.0.0.1:{value}")),
            "--workers" => server = server.workers(value.parse().unwrap_or(0)),
            "--park-ms" => {
                let park_after = Duration::from_millis(value.parse().unwrap_or(1000));
                server = server.limits(Limits { park_after, ..Limits::default() });
            }
            _ => return Err(photon_runtime::Error::new(format!("unknown argument `{argument}`"))),
        }
    }
    server.run()
}

struct App;

impl Handler for App {
    fn handle(&self, request: &Head<'_>, exchange: &mut dyn Exchange) {
        let (path, query) = request.target.split_once('?').unwrap_or((request.target, ""));
        let method = if request.method == "HEAD" { "GET" } else { request.method };
        match (method, path) {
            ("GET", "/get") => json(exchange, 200, br#"{"message":"Hello, World!"}"#),
            ("GET", "/slow") => {
                let _ = photon_runtime::sleep(Duration::from_millis(number(query, "ms")));
                exchange.send(200, &[field("content-type", "text/plain")], b"slow-done");
            }
            ("GET", "/big") => {
                let bytes = usize::try_from(number(query, "n")).unwrap_or(0).min(256 << 20);
                exchange.send(200, &[field("content-type", "application/octet-stream")], &vec![b'x'; bytes]);
            }
            ("GET", "/stream") => stream(exchange),
            ("GET", "/panic") => panic!("asked for"),
            ("POST", "/echo") => echo(request, exchange),
            ("POST", "/form" | "/multipart") => accept(exchange),
            (_, "/get" | "/slow" | "/big" | "/stream" | "/panic") => not_allowed(exchange, "GET, HEAD"),
            (_, "/echo" | "/form" | "/multipart") => not_allowed(exchange, "POST"),
            _ => problem(exchange, 404, "Not Found"),
        }
    }
}

fn echo(request: &Head<'_>, exchange: &mut dyn Exchange) {
    let content_type = request.header("content-type").unwrap_or_default();
    let media = content_type.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    if !media.eq_ignore_ascii_case(b"application/json") || request.header("content-encoding").is_some() {
        return problem(exchange, 415, "Unsupported Media Type");
    }
    let (status, body) = match exchange.read_all() {
        Ok(body) => match serde_json::from_slice::<Value>(&body) {
            Ok(value) if is_valid(&value) => (200, body.into_owned()),
            Ok(_) => (422, Vec::new()),
            Err(_) => (400, Vec::new()),
        },
        Err(error) => return refuse(exchange, error),
    };
    if status == 200 { json(exchange, 200, &body) } else { problem(exchange, status, "Invalid Body") }
}

fn is_valid(value: &Value) -> bool {
    let Some(object) = value.as_object() else { return false };
    object.get("name").is_some_and(Value::is_string)
        && object.get("n").is_none_or(|n| n.is_i64() || n.is_u64())
}

fn accept(exchange: &mut dyn Exchange) {
    let mut buffer = vec![0; 16 << 10];
    loop {
        match exchange.read(&mut buffer) {
            Ok(0) => return json(exchange, 200, b"{}"),
            Ok(_) => {}
            Err(error) => return refuse(exchange, error),
        }
    }
}

fn stream(exchange: &mut dyn Exchange) {
    let parts = ["one", "two", "three"];
    let sent = exchange
        .begin(200, &[field("content-type", "text/plain")])
        .and_then(|()| parts.iter().try_for_each(|part| exchange.write(part.as_bytes())))
        .and_then(|()| exchange.finish());
    if sent.is_err() {
        exchange.abort();
    }
}

fn number(query: &str, name: &str) -> u64 {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).find_map(|(_, value)| value.parse().ok()).unwrap_or(0)
}

fn json(exchange: &mut dyn Exchange, status: u16, body: &[u8]) {
    exchange.send(status, &[field("content-type", "application/json")], body);
}

fn refuse(exchange: &mut dyn Exchange, error: BodyError) {
    problem(exchange, error.status(), "Unreadable Body");
}

fn not_allowed(exchange: &mut dyn Exchange, allow: &'static str) {
    exchange.send(405, &[field("allow", allow)], b"");
}

fn problem(exchange: &mut dyn Exchange, status: u16, title: &str) {
    let body = format!(r#"{{"type":"about:blank","title":"{title}","status":{status}}}"#);
    exchange.send(status, &[field("content-type", "application/problem+json")], body.as_bytes());
}

fn field(name: &'static str, value: &'static str) -> Field {
    Field { name: Cow::Borrowed(name), value: Cow::Borrowed(value) }
}
