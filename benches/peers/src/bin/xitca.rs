//! The bench service by hand on xitca-web.

use std::time::Duration;

use photon_peers::order::Order;
use photon_peers::{HELLO, KEEP_ALIVE, Message, User, UserQuery, WORKERS, address, user};
use xitca_web::App;
use xitca_web::error::ErrorStatus;
use xitca_web::handler::handler_service;
use xitca_web::handler::json::Json;
use xitca_web::handler::params::Params;
use xitca_web::handler::query::Query;
use xitca_web::http::StatusCode;
use xitca_web::route::{get, post};

fn main() -> std::io::Result<()> {
    App::new()
        .at("/json", get(handler_service(async || Json(HELLO))))
        .at("/users/{id}", get(handler_service(get_user)))
        .at("/orders", post(handler_service(async |Json(order): Json<Order>| Json(order))))
        .at("/sleep", get(handler_service(sleep)))
        .serve()
        .worker_threads(WORKERS)
        .keep_alive_timeout(KEEP_ALIVE)
        .bind(address())?
        .run()
        .wait()
}

async fn get_user(Params(id): Params<i64>, Query(query): Query<UserQuery>) -> Result<Json<User>, ErrorStatus> {
    user(id, &query).map(Json).ok_or_else(|| ErrorStatus::from(StatusCode::UNPROCESSABLE_ENTITY))
}

async fn sleep() -> Json<Message> {
    tokio::time::sleep(Duration::from_millis(10)).await;
    Json(HELLO)
}
