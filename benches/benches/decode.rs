//! Decoding with validation, and encoding, of a body of 1 kB beside `serde_json` without validation; and the same body by
//! a schema that no table expresses.
//!
//! `cargo bench -p photon-benches --bench decode`

use std::hint::black_box;
use std::time::Instant;

use photon_benches::row::{Target, head, median, note, row};
use photon_benches::service::bench::{self, models};
use photon_benches::service::{Bench, OPENAPI};
use photon_benches::{body, order};
use serde_json::{Value, json};

use Target::{AtLeast, AtMost};

photon_runtime::include_api!(mod exact);

/// The document of what no table expresses, with the order of the other.
const EXACT: &str = include_str!(concat!(env!("OUT_DIR"), "/exact.openapi.json"));

const ROUNDS: usize = 61;
const CALLS: u32 = 2_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let invalid = body::invalid();
    let _compiled = bench::service(Bench); // Patterns are compiled when the service is made.
    let ours = decode(body::VALID).map_err(|_| "the body is not decoded")?;
    let derived: order::Order = serde_json::from_str(body::VALID)?;
    decode_exactly(body::VALID).map_err(|_| "the body does not fit exactly")?;
    let faults = decode(&invalid).err().map_or(0, |violations| violations.len());
    let plain = interpreter(OPENAPI, "Order")?;
    let whole = interpreter(EXACT, "ExactOrder")?;
    note(&format!("body of {} bytes; the broken one has {faults} violations", body::VALID.len()));
    let encoded = photon_runtime::to_json(&ours);
    assert_eq!(serde_json::from_slice::<Value>(&encoded)?, serde_json::to_value(&derived)?);

    let figures = alternate(&mut [
        &mut || drop(black_box(decode(black_box(body::VALID)))),
        &mut || drop(black_box(serde_json::from_slice::<order::Order>(black_box(body::VALID.as_bytes())))),
        &mut || drop(black_box(decode(black_box(&invalid)))),
        &mut || drop(black_box(by_value(&plain, black_box(body::VALID)))),
        &mut || drop(black_box(decode_exactly(black_box(body::VALID)))),
        &mut || drop(black_box(by_value(&whole, black_box(body::VALID)))),
        &mut || drop(black_box(photon_runtime::to_json(black_box(&ours)))),
        &mut || drop(black_box(serde_json::to_vec(black_box(&derived)))),
    ]);
    let [decoded, serde, failed, by_value, exact, exact_by_value, encoded, serde_encoded] = figures;
    head();
    row("decode + validate / serde_json derive, ns", decoded, serde, AtMost(0.75));
    row("Value + jsonschema + from_value / decode + validate, ns", by_value, decoded, AtLeast(5.0));
    row("Value + jsonschema + from_value / decode + exact check, ns", exact_by_value, exact, AtLeast(1.0));
    row("failing (8 faults) / passing, ns", failed, decoded, AtMost(1.5));
    row("encode / serde_json derive, ns", encoded, serde_encoded, AtMost(1.0));
    Ok(())
}

fn decode(body: &str) -> Result<models::Order, photon_runtime::Violations> {
    photon_runtime::decode(body.as_bytes())
}

fn decode_exactly(body: &str) -> Result<exact::models::ExactOrder, photon_runtime::Violations> {
    photon_runtime::decode(body.as_bytes())
}

/// A schema of a document, as an interpreter of JSON Schema checks it.
fn interpreter(document: &str, name: &str) -> Result<jsonschema::Validator, Box<dyn std::error::Error>> {
    let document: Value = serde_json::from_str(document)?;
    let schema =
        json!({ "$ref": format!("#/components/schemas/{name}"), "components": document["components"] });
    Ok(jsonschema::options().should_validate_formats(true).build(&schema)?)
}

fn by_value(interpreter: &jsonschema::Validator, body: &str) -> Option<order::Order> {
    let value: Value = serde_json::from_slice(body.as_bytes()).ok()?;
    interpreter.is_valid(&value).then(|| serde_json::from_value(value).ok()).flatten()
}

/// The nanoseconds of each, medians over alternating rounds.
fn alternate<const N: usize>(works: &mut [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut figures: [Vec<f64>; N] = std::array::from_fn(|_| Vec::with_capacity(ROUNDS));
    for _ in 0..ROUNDS {
        for (work, figures) in works.iter_mut().zip(&mut figures) {
            let start = Instant::now();
            for _ in 0..CALLS {
                work();
            }
            figures.push(start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS));
        }
    }
    figures.map(|mut figures| median(&mut figures))
}
