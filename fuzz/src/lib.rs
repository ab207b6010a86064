//! What the targets need: the service whose requests are fuzzed. It echoes what was decoded, so that encoding is fuzzed
//! as well.

use photon_runtime::{Context, Error, Result, Service};

photon_runtime::include_api!(pub mod bench);

use bench::{BenchApi, CreateOrder, GetMessage, GetUser, Sleep, models};

/// The application behind the service.
#[derive(Debug)]
pub struct Echo;

impl BenchApi for Echo {
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
        Ok(models::Message { message: String::new() })
    }
}

/// The service, its patterns compiled.
pub fn service() -> Service<Echo> {
    bench::service(Echo)
}
