//! The bench service on axum, checked by validator.

use std::time::Duration;

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use validator::Validate;

#[derive(Serialize)]
struct Message {
    message: &'static str,
}

#[derive(Serialize)]
struct User {
    id: i64,
    limit: i32,
    verbose: bool,
}

#[derive(Deserialize, Validate)]
struct UserQuery {
    #[serde(default = "limit_default")]
    #[validate(range(min = 1, max = 100))]
    limit: i32,
    #[serde(default)]
    verbose: bool,
}

fn limit_default() -> i32 {
    20
}

#[derive(Serialize, Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
struct Order {
    #[validate(length(min = 16, max = 16))]
    id: String,
    status: OrderStatus,
    #[validate(length(min = 3, max = 3))]
    currency: String,
    #[validate(range(min = 0))]
    total: i64,
    #[validate(nested)]
    customer: Customer,
    #[validate(length(min = 1, max = 100), nested)]
    items: Vec<Item>,
    #[validate(length(max = 400))]
    note: Option<String>,
    #[serde(default)]
    gift: bool,
    #[validate(length(min = 20, max = 40))]
    created_at: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum OrderStatus {
    Open,
    Paid,
    Sent,
    Returned,
}

#[derive(Serialize, Deserialize, Validate)]
struct Customer {
    #[validate(length(min = 1, max = 80))]
    name: String,
    #[validate(email, length(max = 120))]
    email: String,
    #[validate(length(max = 20))]
    phone: Option<String>,
    #[validate(nested)]
    address: Address,
}

#[derive(Serialize, Deserialize, Validate)]
struct Address {
    #[validate(length(max = 120))]
    street: String,
    #[validate(length(max = 80))]
    city: String,
    #[validate(length(max = 10))]
    zip: String,
    #[validate(length(min = 2, max = 2))]
    country: String,
}

#[derive(Serialize, Deserialize, Validate)]
struct Item {
    #[validate(length(min = 4, max = 16))]
    sku: String,
    #[validate(length(min = 1, max = 120))]
    title: String,
    #[validate(range(min = 1, max = 999))]
    quantity: i32,
    #[validate(range(min = 0.0))]
    price: f64,
    #[validate(length(max = 16))]
    tags: Option<Vec<String>>,
}

const HELLO: Message = Message { message: "Hello, World!" };

fn main() -> std::io::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let app = Router::new()
            .route("/json", get(async || Json(HELLO)))
            .route("/users/{id}", get(get_user))
            .route("/orders", post(create_order))
            .route("/sleep", get(sleep));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
        axum::serve(listener, app).await
    })
}

async fn get_user(Path(id): Path<i64>, Query(query): Query<UserQuery>) -> Result<Json<User>, StatusCode> {
    let is_valid = id >= 1 && query.validate().is_ok();
    let user = User { id, limit: query.limit, verbose: query.verbose };
    if is_valid { Ok(Json(user)) } else { Err(StatusCode::UNPROCESSABLE_ENTITY) }
}

async fn create_order(Json(order): Json<Order>) -> Result<Json<Order>, StatusCode> {
    if order.validate().is_ok() { Ok(Json(order)) } else { Err(StatusCode::UNPROCESSABLE_ENTITY) }
}

async fn sleep() -> Json<Message> {
    tokio::time::sleep(Duration::from_millis(10)).await;
    Json(HELLO)
}
