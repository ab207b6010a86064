//! The bench service on Photon.

photon_runtime::include_api!(mod bench);

use std::time::Duration;

use bench::{BenchApi, CreateOrder, GetMessage, GetUser, Sleep, models};
use photon_runtime::{Context, Error, Result, Server};

struct Bench;

impl BenchApi for Bench {
    fn get_message(&self, _cx: &Context, _req: GetMessage) -> Result<models::Message, Error> {
        Ok(models::Message { message: "Hello, World!".into() })
    }

    fn get_user(&self, _cx: &Context, req: GetUser) -> Result<models::User, Error> {
        Ok(models::User { id: req.user_id, limit: req.limit, verbose: req.verbose })
    }

    fn create_order(&self, _cx: &Context, req: CreateOrder) -> Result<models::Order, Error> {
        Ok(req.body)
    }

    fn sleep(&self, _cx: &Context, _req: Sleep) -> Result<models::Message, Error> {
        photon_runtime::sleep(Duration::from_millis(10))?;
        Ok(models::Message { message: "Hello, World!".into() })
    }
}

fn main() -> Result<()> {
    Server::new(bench::service(Bench)).run()
}
