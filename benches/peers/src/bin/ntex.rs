//! The bench service by hand on ntex.

use std::time::Duration;

use ntex::SharedCfg;
use ntex::http::HttpServiceConfig;
use ntex::time::Seconds;
use ntex::web::types::{Json, Path, Query};
use ntex::web::{App, HttpResponse, HttpServer, get, post};
use photon_peers::order::Order;
use photon_peers::{HELLO, KEEP_ALIVE, UserQuery, WORKERS, address, user};

#[ntex::main]
async fn main() -> std::io::Result<()> {
    let app = async || App::new().service((get_json, get_user, create_order, sleep));
    let keep_alive = HttpServiceConfig::new().set_keepalive(Seconds::new(KEEP_ALIVE.as_secs() as u16));
    let config = SharedCfg::new("bench").add(keep_alive);
    HttpServer::new(app).workers(WORKERS).config(config).bind(address())?.run().await
}

#[get("/json")]
async fn get_json() -> HttpResponse {
    HttpResponse::Ok().json(&HELLO)
}

#[get("/users/{id}")]
async fn get_user(id: Path<i64>, query: Query<UserQuery>) -> HttpResponse {
    match user(*id, &query) {
        Some(user) => HttpResponse::Ok().json(&user),
        None => HttpResponse::UnprocessableEntity().finish(),
    }
}

#[post("/orders")]
async fn create_order(order: Json<Order>) -> HttpResponse {
    HttpResponse::Ok().json(&*order)
}

#[get("/sleep")]
async fn sleep() -> HttpResponse {
    ntex::time::sleep(Duration::from_millis(10)).await;
    HttpResponse::Ok().json(&HELLO)
}
