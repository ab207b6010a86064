//! The server that the conformance suites drive: `conformance --port N`, or `--limits` to tell what it allows.

photon_runtime::include_api!(mod conformance);

use std::time::Duration;

use conformance::models::Message;
use conformance::{Big, ConformanceApi, Echo, Form, Get, Multipart, Panic, Slow};
use photon_runtime::types::Bytes;
use photon_runtime::websocket::WebSocket;
use photon_runtime::{Context, Error, Limits, Result, Server, WebSocketLimits};

/// The longest message that the WebSocket suite sends.
const MESSAGE_BYTES_MAX: usize = 32 << 20;

/// Answers what the suites ask for; it has no state.
struct Conformance;

impl ConformanceApi for Conformance {
    fn get(&self, _cx: &Context, _req: Get) -> Result<String, Error> {
        Ok("got".to_owned())
    }

    fn echo(&self, _cx: &Context, req: Echo) -> Result<Message, Error> {
        Ok(req.body)
    }

    fn form(&self, _cx: &Context, _req: Form) -> Result<(), Error> {
        Ok(())
    }

    fn multipart(&self, _cx: &Context, _req: Multipart) -> Result<(), Error> {
        Ok(())
    }

    fn slow(&self, _cx: &Context, req: Slow) -> Result<String, Error> {
        photon_runtime::sleep(Duration::from_millis(req.ms.unsigned_abs()))?;
        Ok("slow-done".to_owned())
    }

    fn big(&self, _cx: &Context, req: Big) -> Result<Bytes, Error> {
        let count = usize::try_from(req.n)?;
        Ok(Bytes::from(vec![b'x'; count]))
    }

    fn panic(&self, _cx: &Context, _req: Panic) -> Result<(), Error> {
        panic!("as asked")
    }
}

/// Sends back what it receives, as the WebSocket suite wants it.
fn echo(_cx: &Context, mut socket: WebSocket) -> Result<()> {
    while let Some(message) = socket.receive()? {
        socket.send(message)?;
    }
    Ok(())
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let websocket = WebSocketLimits { message_bytes_max: MESSAGE_BYTES_MAX, ..WebSocketLimits::default() };
    let limits = Limits { drain_grace: Duration::from_secs(12), websocket, ..Limits::default() };
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--limits"] => {
            tell(&limits);
            Ok(())
        }
        ["--port", port] => {
            let address = format!("127.0.0.1:{port}");
            let service = conformance::service(Conformance).websocket("/ws", echo);
            Ok(Server::new(service).limits(limits).address(address).run()?)
        }
        _ => {
            eprintln!("usage: conformance --port N | --limits");
            std::process::exit(2);
        }
    }
}

/// Tells the limits that the suites check.
#[allow(clippy::print_stdout)] // It is asked for them.
fn tell(limits: &Limits) {
    let json = serde_json::json!({
        "header_seconds": limits.head_timeout.as_secs_f64(),
        "body_seconds": limits.body_stall_timeout.as_secs_f64(),
        "idle_seconds": limits.idle_timeout.as_secs_f64(),
        "body_bytes_max": limits.body_bytes_max,
        "message_bytes_max": limits.websocket.message_bytes_max,
        "grace_seconds": limits.drain_grace.as_secs_f64() + 3.0,
    });
    println!("{json}");
}
