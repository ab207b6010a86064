//! The bench service by hand on axum.

use std::time::Duration;

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use photon_peers::order::Order;
use photon_peers::{HELLO, Message, User, UserQuery, WORKERS, address, user};

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build().unwrap();
    runtime.block_on(async {
        let app = Router::new()
            .route("/json", get(async || Json(HELLO)))
            .route("/users/{id}", get(get_user))
            .route("/orders", post(async |Json(order): Json<Order>| Json(order)))
            .route("/sleep", get(sleep));
        let listener = tokio::net::TcpListener::bind(address()).await.unwrap();
        let listener = axum::serve::ListenerExt::tap_io(listener, |tcp| drop(tcp.set_nodelay(true)));
        axum::serve(listener, app).await.unwrap();
    });
}

async fn get_user(Path(id): Path<i64>, Query(query): Query<UserQuery>) -> Result<Json<User>, StatusCode> {
    user(id, &query).map(Json).ok_or(StatusCode::UNPROCESSABLE_ENTITY)
}

async fn sleep() -> Json<Message> {
    tokio::time::sleep(Duration::from_millis(10)).await;
    Json(HELLO)
}
