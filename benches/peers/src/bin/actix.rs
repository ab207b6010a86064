//! The bench service by hand on actix-web.

use std::time::Duration;

use actix_web::web::{Json, Path, Query, get, post};
use actix_web::{App, HttpResponse, HttpServer};
use photon_peers::order::Order;
use photon_peers::{HELLO, KEEP_ALIVE, Message, UserQuery, WORKERS, address, user};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let app = || {
        App::new()
            .route("/json", get().to(async || Json(HELLO)))
            .route("/users/{id}", get().to(get_user))
            .route("/orders", post().to(async |order: Json<Order>| order))
            .route("/sleep", get().to(sleep))
    };
    HttpServer::new(app).workers(WORKERS).keep_alive(KEEP_ALIVE).bind(address())?.run().await
}

async fn get_user(id: Path<i64>, query: Query<UserQuery>) -> HttpResponse {
    match user(*id, &query) {
        Some(user) => HttpResponse::Ok().json(user),
        None => HttpResponse::UnprocessableEntity().finish(),
    }
}

async fn sleep() -> Json<Message> {
    actix_web::rt::time::sleep(Duration::from_millis(10)).await;
    Json(HELLO)
}
