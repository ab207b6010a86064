//! The bench service by hand on raw may_minihttp, as its own examples are written.

use std::io::{self, BufRead as _, Read as _};
use std::time::Duration;

use bytes::BufMut as _;
use may_minihttp::{HttpServer, HttpService, Request, Response};
use photon_peers::order::Order;
use photon_peers::{HELLO, UserQuery, WORKERS, address, user};
use serde::Serialize;

#[derive(Clone)]
struct Bench;

impl HttpService for Bench {
    fn call(&mut self, request: Request, response: &mut Response) -> io::Result<()> {
        let (path, query) = request.path().split_once('?').unwrap_or((request.path(), ""));
        match path {
            "/json" => json(response, &HELLO),
            "/sleep" => {
                may::coroutine::sleep(Duration::from_millis(10));
                json(response, &HELLO);
            }
            "/orders" => match order(request) {
                Ok(order) => json(response, &order),
                Err(_) => drop(response.status_code(422, "Unprocessable Entity")),
            },
            _ => {
                let id = path.strip_prefix("/users/").and_then(|id| id.parse().ok());
                match id.zip(parse(query)).and_then(|(id, query)| user(id, &query)) {
                    Some(user) => json(response, &user),
                    None => drop(response.status_code(404, "Not Found")),
                }
            }
        }
        Ok(())
    }
}

fn order(request: Request) -> serde_json::Result<Order> {
    let mut body = request.body();
    match body.fill_buf() {
        // The loader sends head and body at once, so that nothing is copied; else the rest is read.
        Ok(bytes) if bytes.ends_with(b"}") => serde_json::from_slice(bytes),
        _ => {
            let mut bytes = Vec::new();
            body.read_to_end(&mut bytes).map_err(serde_json::Error::io)?;
            serde_json::from_slice(&bytes)
        }
    }
}

fn parse(query: &str) -> Option<UserQuery> {
    let mut parsed = UserQuery { limit: 20, verbose: false };
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        match name {
            "limit" => parsed.limit = value.parse().ok()?,
            "verbose" => parsed.verbose = value.parse().ok()?,
            _ => {}
        }
    }
    Some(parsed)
}

fn json(response: &mut Response, value: &impl Serialize) {
    response.header("Content-Type: application/json");
    drop(serde_json::to_writer(response.body_mut().writer(), value));
}

fn main() {
    may::config().set_workers(WORKERS);
    HttpServer(Bench).start(address()).unwrap().join().unwrap();
}
