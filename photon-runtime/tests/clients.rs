//! WebSocket as others speak it: the package `websockets` of Python, over TCP and over a Unix socket.

#![allow(clippy::unwrap_used)] // A broken expectation fails the test.

mod common;

use std::process::Command;

use photon_runtime::websocket::{Message, Route};
use photon_runtime::{Limits, Server, Service, WebSocketLimits};

use common::{folder, python};

/// Talks to the server at `sys.argv[1]`, or at the Unix socket `sys.argv[2]`.
const SCRIPT: &str = r#"
import sys
from websockets.sync.client import connect, unix_connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

def opened(path, **options):
    if len(sys.argv) > 2:
        return unix_connect(sys.argv[2], "ws://localhost" + path, **options)
    return connect(sys.argv[1] + path, **options)

# Texts, bytes, fragments and pings; compression is offered and not taken.
with opened("/echo", subprotocols=["unknown", "chat"]) as socket:
    assert socket.subprotocol == "chat", socket.subprotocol
    assert socket.protocol.extensions == [], socket.protocol.extensions
    for message in ["", "hällo", "b" * 70_000, b"\xff\x00", bytes(65_536)]:
        socket.send(message)
        assert socket.recv() == message
    socket.send(["one", "two", "three"])
    assert socket.recv() == "onetwothree"
    assert socket.ping(b"alive?").wait(10)
assert socket.close_code == 1000, socket.close_code

# The server is the first to close.
with opened("/bye", subprotocols=["chat"]) as socket:
    try:
        socket.recv()
        raise AssertionError("a message")
    except ConnectionClosed as closed:
        assert closed.rcvd.code == 4001 and closed.rcvd.reason == "enough", closed

# A message that is too long is told so.
with opened("/echo", subprotocols=["chat"]) as socket:
    socket.send(b"x" * 200_000)
    try:
        socket.recv()
        raise AssertionError("a message")
    except ConnectionClosed as closed:
        assert closed.rcvd.code == 1009, closed

for path in ["/nowhere", "/echo/more"]:
    try:
        opened(path)
        raise AssertionError("opened")
    except InvalidStatus as refused:
        assert refused.response.status_code == 404, refused
print("done")
"#;

fn service() -> Service<()> {
    let echo = Route::new(|_, mut socket| {
        while let Some(message) = socket.receive()? {
            socket.send(message)?;
        }
        Ok(())
    });
    let bye = Route::new(|_, mut socket| {
        socket.close(photon_runtime::websocket::CloseCode::own(4001).unwrap(), "enough")?;
        let rest: Option<Message> = socket.receive()?;
        assert!(rest.is_none());
        Ok(())
    });
    Service::new((), "{}")
        .websocket_route("/echo", echo.protocols(&["chat"]))
        .websocket_route("/bye", bye.protocols(&["chat"]))
}

#[test]
fn python_speaks_websocket() {
    let Some(python) = python() else { return };
    let path = folder("python").join("socket");
    let websocket = WebSocketLimits { message_bytes_max: 100_000, ..WebSocketLimits::default() };
    let limits = Limits { websocket, ..Limits::default() };
    let server = Server::new(service()).workers(2).address("127.0.0.1:0").unix(&path).limits(limits);
    let running = server.start().unwrap();
    for local in [false, true] {
        let mut command = Command::new(&python);
        command.args(["-c", SCRIPT]).arg(format!("ws://{}", running.address()));
        if local {
            command.arg(&path);
        }
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && output.stdout == b"done\n", "{said}");
    }
    assert_eq!(running.stop(), 0);
}
