//! What is told of requests: one span and one line in the access log for each, and counts by operation.
#![allow(clippy::unwrap_used)] // A broken expectation fails the test.
#![allow(clippy::trivially_copy_pass_by_ref, clippy::needless_pass_by_value, reason = "as handlers are")]

mod listener;
#[cfg(feature = "metrics")]
mod recorder;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use listener::{Heard, listen};
use photon_runtime::{BodyWriter, Context, Error, Meta, Result, Server, Service, Streaming, meta, sleep};

struct GetPet {
    id: i64,
}

static GET_PET: Meta = meta("getPet", "GET", "/pets/{petId}", 200)
    .params(&[photon_runtime::path("petId")])
    .answers(&["text/plain"]);
photon_runtime::operation! { GetPet -> String, Error = GET_PET, id }

struct Export {}

static EXPORT: Meta = meta("export", "GET", "/export", 200).answers(&["text/plain"]);
photon_runtime::operation! { Export -> (), Error = EXPORT }

impl Streaming for Export {
    type Sink = BodyWriter;
}

fn get_pet((): &(), cx: &Context<'_>, req: GetPet) -> Result<String> {
    tracing::info!(target: "handler", parent: cx.span(), id = req.id, "looked up");
    sleep(Duration::from_millis(2))?;
    if req.id == 13 {
        return Err(Error::new("a secret"));
    }
    Ok(format!("pet {}", req.id))
}

fn service() -> Service<()> {
    Service::new((), "{}").route(get_pet).stream(
        |(): &(), _: &Context<'_>, _: Export, mut body: BodyWriter| {
            body.write_all(&[b'x'; 1000])?;
            body.flush()?;
            body.write_all(&[b'y'; 500])?;
            Ok(())
        },
    )
}

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// The line and the span of the request with this id.
fn told(id: &str) -> (Heard, Heard) {
    let is_its = |heard: &Heard| heard.fields.get("request_id").is_some_and(|told| told == id);
    let all = listen();
    let lines: Vec<_> =
        all.iter().filter(|heard| heard.target == "photon::access" && is_its(heard)).collect();
    let spans: Vec<_> =
        all.iter().filter(|heard| heard.target == "photon::request" && is_its(heard)).collect();
    assert_eq!((lines.len(), spans.len()), (1, 1), "{all:?}");
    (lines[0].clone(), spans[0].clone())
}

fn check(heard: &Heard, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(heard.fields.get(*name).map(String::as_str), Some(*value), "{name} of {heard:?}");
    }
}

#[test]
fn each_request_has_a_line_and_a_span() {
    listen();
    let service = service();
    let answer = service
        .get("/pets/7")
        .query("token", "secret")
        .header("x-request-id", "one")
        .header("traceparent", PARENT)
        .send();
    assert_eq!(answer.text(), "pet 7");
    let (line, span) = told("one");
    let known = [("operation", "getPet"), ("method", "GET"), ("route", "/pets/{petId}"), ("status", "200")];
    check(&line, &known);
    check(&span, &known);
    check(&line, &[("path", "/pets/7"), ("body_bytes", "5")]);
    check(&span, &[("body_bytes", "5"), ("trace_id", "0af7651916cd43dd8448eb211c80319c")]);
    check(&span, &[("parent_id", "b7ad6b7169203331")]);
    assert!(line.fields["duration_us"].parse::<u64>().unwrap() >= 2000, "{line:?}");
    let span_id = &span.fields["span_id"];
    check(&line, &[("traceparent", &format!("00-0af7651916cd43dd8448eb211c80319c-{span_id}-01"))]);
    assert_eq!(line.parent, Some(span.id));
    let looked_up =
        listen().into_iter().find(|heard| heard.target == "handler" && heard.parent == Some(span.id));
    assert!(looked_up.is_some(), "events of handlers name the span");
    assert!(!format!("{:?}", listen()).contains("token"), "queries are not told");
}

#[test]
fn failures_and_streams_are_told() {
    listen();
    let service = service();
    let send = |path: &str, id: &str| service.get(path).header("x-request-id", id).send().status.as_u16();
    assert_eq!(send("/pets/13", "failed"), 500);
    assert_eq!(send("/pets/x", "invalid"), 422);
    assert_eq!(send("/nowhere", "unknown"), 404);
    assert_eq!(send("/export", "stream"), 200);
    check(&told("failed").0, &[("operation", "getPet"), ("status", "500")]);
    check(&told("invalid").0, &[("operation", "getPet"), ("status", "422")]);
    check(&told("unknown").0, &[("operation", ""), ("status", "404"), ("route", ""), ("path", "/nowhere")]);
    check(&told("stream").1, &[("operation", "export"), ("status", "200"), ("body_bytes", "1500")]);
}

/// The spans of requests that are served together on two threads: each event names its own, for nobody enters any.
#[test]
fn spans_do_not_mix() {
    listen();
    let running = Server::new(service()).address("127.0.0.1:0").workers(2).start().unwrap();
    let address = running.address();
    let clients: Vec<_> = (0..24)
        .map(|at| {
            std::thread::spawn(move || {
                let mut stream = TcpStream::connect(address).unwrap();
                let head = format!("GET /pets/{} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n", 1000 + at);
                stream.write_all(format!("{head}X-Request-Id: mixed-{at}\r\n\r\n").as_bytes()).unwrap();
                let mut text = String::new();
                stream.read_to_string(&mut text).unwrap();
                assert!(text.ends_with(&format!("pet {}", 1000 + at)), "{text}");
            })
        })
        .collect();
    for client in clients {
        client.join().unwrap();
    }
    running.stop();
    for at in 0..24 {
        let (line, span) = told(&format!("mixed-{at}"));
        check(&line, &[("path", &format!("/pets/{}", 1000 + at))]);
        let id = (1000 + at).to_string();
        let of_handler = listen().into_iter().find(|heard| {
            heard.target == "handler" && heard.fields.get("id").is_some_and(|told| *told == id)
        });
        assert_eq!(of_handler.unwrap().parent, Some(span.id));
    }
    assert_eq!(listener::entered(), 0);
}

#[cfg(feature = "metrics")]
#[test]
fn requests_are_counted_by_operation_and_status() {
    recorder::record();
    listen();
    let service = service();
    let count = |operation: &str, status: &str| {
        recorder::count(&format!("http_server_requests_total operation={operation} status={status}"))
    };
    let before = (count("getPet", "200"), count("none", "404"));
    service.get("/pets/1").send();
    service.get("/some/path").send();
    service.get("/another/path").send();
    assert!(count("getPet", "200") > before.0);
    assert!(count("none", "404") >= before.1 + 2, "paths that nobody has are one label");
    assert!(recorder::count("http_server_request_duration_seconds operation=getPet status=200") > 0);
    let names = recorder::names();
    assert!(names.iter().all(|name| !name.contains("path")), "{names:?}");
    assert!(names.iter().any(|name| name == "http_server_requests_in_flight"), "{names:?}");
}
