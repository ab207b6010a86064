//! The bench service on Photon: by the generated traits, and by hand against the engine alone.

use std::borrow::Cow;
use std::time::Duration;

use photon_runtime::exchange::{Exchange, Field, Handler, Head};
use photon_runtime::{Context, Error, Limits, Result, Server};

photon_runtime::include_api!(pub mod bench);

use bench::{BenchApi, CreateOrder, GetMessage, GetUser, Sleep, models};

/// The document of the service as JSON.
pub const OPENAPI: &str = include_str!(concat!(env!("OUT_DIR"), "/bench.openapi.json"));

/// As many workers as each peer has.
const WORKERS: usize = 2;
const MESSAGE: &[u8] = br#"{"message":"Hello, World!"}"#;
const NAP: Duration = Duration::from_millis(10);

/// How long idle connections are kept by the server that is measured with them.
const IDLE: Duration = Duration::from_hours(1);

/// Serves on a port until the process is asked to end:
///
/// | which | |
/// |---|---|
/// | `engine` | the engine alone: one handler for every path |
/// | `generated` | the generated service |
/// | `idle` | the same on all addresses, with patience for idle connections |
/// | `watched` | the same with a log of all requests and their spans on the standard error stream |
pub fn run(which: &str, port: &str) -> Result<()> {
    let server = match which {
        "engine" => Server::new(Alone),
        "generated" | "idle" => Server::new(bench::service(Bench)),
        "watched" => {
            photon_runtime::log::start()?;
            Server::new(bench::service(Bench))
        }
        _ => return Err(Error::new(format!("there is no server `{which}`"))),
    };
    let (host, limits) = match which {
        "idle" => ("0.0.0.0", Limits { idle_timeout: IDLE, ..Limits::default() }),
        _ => ("127.0.0.1", Limits::default()),
    };
    server.workers(WORKERS).limits(limits).address(format!("{host}:{port}")).run()
}

/// The application that implements the document.
#[derive(Debug)]
pub struct Bench;

impl BenchApi for Bench {
    fn get_message(&self, _cx: &Context, _req: GetMessage) -> Result<models::Message, Error> {
        Ok(hello())
    }

    fn get_user(&self, _cx: &Context, req: GetUser) -> Result<models::User, Error> {
        Ok(models::User { id: req.user_id, limit: req.limit, verbose: req.verbose })
    }

    fn create_order(&self, _cx: &Context, req: CreateOrder) -> Result<models::Order, Error> {
        Ok(req.body)
    }

    fn sleep(&self, _cx: &Context, _req: Sleep) -> Result<models::Message, Error> {
        photon_runtime::sleep(NAP)?;
        Ok(hello())
    }
}

fn hello() -> models::Message {
    models::Message { message: "Hello, World!".into() }
}

struct Alone;

impl Handler for Alone {
    fn handle(&self, request: &Head<'_>, exchange: &mut dyn Exchange) {
        if request.target == "/sleep" {
            let _ = photon_runtime::sleep(NAP);
        }
        let field = Field { name: Cow::Borrowed("content-type"), value: Cow::Borrowed("application/json") };
        exchange.send(200, &[field], MESSAGE);
    }
}
