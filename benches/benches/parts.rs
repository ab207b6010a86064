//! What a request goes through, part by part: its head, its route, its body in and out.
//!
//! `cargo bench -p photon-benches --bench parts`

use divan::{Bencher, black_box};
use photon_benches::body;
use photon_benches::service::Bench;
use photon_benches::service::bench::{self, models};
use photon_runtime::__private::measured::{self, Routes};

const SMALL: &[u8] = b"GET /users/481516?limit=42&verbose=true HTTP/1.1\r\nHost: localhost\r\n\
    Accept: application/json\r\n\r\n";

const BROWSER: &[u8] = b"GET /users/481516?limit=42&verbose=true HTTP/1.1\r\nHost: www.example.org\r\n\
    Connection: keep-alive\r\nsec-ch-ua: \"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\"\r\n\
    sec-ch-ua-mobile: ?0\r\nsec-ch-ua-platform: \"Linux\"\r\nUpgrade-Insecure-Requests: 1\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n\
    Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n\
    Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n\
    Referer: https://www.example.org/users\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n\
    Accept-Language: en-GB,en;q=0.9\r\nCookie: session=0123456789abcdef0123456789abcdef\r\n\r\n";

fn main() {
    // Patterns are compiled when the service is made.
    let _compiled = bench::service(Bench);
    divan::main();
}

#[divan::bench(args = ["small", "of a browser"])]
fn head(bencher: Bencher<'_, '_>, which: &str) {
    let bytes = if which == "small" { SMALL } else { BROWSER };
    bencher.bench_local(|| measured::head(black_box(bytes)));
}

#[divan::bench(args = ["/json", "/users/481516", "/nowhere"])]
fn route(bencher: Bencher<'_, '_>, path: &str) {
    let templates = ["/json", "/users/{userId}", "/orders", "/sleep"];
    let routes = Routes::new(templates.into_iter().map(|template| ("GET", template)));
    bencher.bench_local(|| routes.find("GET", black_box(path)));
}

#[divan::bench]
fn decode_order() -> bool {
    photon_runtime::decode::<models::Order>(black_box(body::VALID.as_bytes())).is_ok()
}

#[divan::bench]
fn refuse_order(bencher: Bencher<'_, '_>) {
    let invalid = body::invalid();
    bencher.bench_local(|| photon_runtime::decode::<models::Order>(black_box(invalid.as_bytes())).is_ok());
}

#[divan::bench]
fn encode_order(bencher: Bencher<'_, '_>) {
    let Ok(order) = photon_runtime::decode::<models::Order>(body::VALID.as_bytes()) else { return };
    bencher.bench_local(|| photon_runtime::to_json(black_box(&order)));
}

#[divan::bench]
fn encode_message(bencher: Bencher<'_, '_>) {
    let message = models::Message { message: "Hello, World!".to_owned() };
    bencher.bench_local(|| photon_runtime::to_json(black_box(&message)));
}
