//! What the peers share: the models of `openapi/bench.yaml` by hand, and how a server is told its port.
#![allow(missing_docs)] // The names are the document's.

#[path = "../../src/order.rs"]
pub mod order;

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Each peer runs on as many workers as Photon does.
pub const WORKERS: usize = 2;

/// How long idle connections are kept, where a peer asks.
pub const KEEP_ALIVE: Duration = Duration::from_secs(3600);

#[derive(Serialize)]
pub struct Message {
    pub message: &'static str,
}

pub const HELLO: Message = Message { message: "Hello, World!" };

#[derive(Serialize)]
pub struct User {
    pub id: i64,
    pub limit: i32,
    pub verbose: bool,
}

#[derive(Deserialize)]
pub struct UserQuery {
    #[serde(default = "limit_default")]
    pub limit: i32,
    #[serde(default)]
    pub verbose: bool,
}

fn limit_default() -> i32 {
    20
}

/// The user that was asked for, or none where a parameter is out of its bounds.
pub fn user(id: i64, query: &UserQuery) -> Option<User> {
    let is_valid = id >= 1 && (1..=100).contains(&query.limit);
    is_valid.then_some(User { id, limit: query.limit, verbose: query.verbose })
}

/// The address that the first argument of the process names by its port.
pub fn address() -> String {
    let port = std::env::args().nth(1).unwrap_or_else(|| "8080".into());
    format!("127.0.0.1:{port}")
}
