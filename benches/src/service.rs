//! The bench service on Photon: by the generated traits, and by hand against the engine alone.

use std::borrow::Cow;
use std::time::Duration;

use photon_runtime::exchange::{Exchange, Field, Handler, Head};
use photon_runtime::{Context, Error, Result, Server};

photon_runtime::include_api!(pub mod bench);

use bench::{BenchApi, CreateOrder, GetMessage, GetUser, Sleep, models};

/// The document of the service as JSON.
pub const OPENAPI: &str = include_str!(concat!(env!("OUT_DIR"), "/bench.openapi.json"));

/// As many workers as each peer has.
const WORKERS: usize = 2;
const MESSAGE: &[u8] = br#"{"message":"Hello, World!"}"#;
const NAP: Duration = Duration::from_millis(10);

/// Serves the generated service on a port.
pub fn run_generated(port: &str) -> Result<()> {
    Server::new(bench::service(Bench)).workers(WORKERS).address(format!("127.0.0.1:{port}")).run()?;
    Ok(())
}

/// Serves the engine alone on a port: one handler for every path.
pub fn run_engine(port: &str) -> Result<()> {
    Server::new(Alone).workers(WORKERS).address(format!("127.0.0.1:{port}")).run()?;
    Ok(())
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
