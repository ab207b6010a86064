//! The server beside its peers, each a process of its own with two workers, in alternating rounds.
//!
//! `cargo bench -p photon-benches --bench http -- PART..` with the parts `load`, `idle`, `routes` and `soak`; all of them
//! where none is named. `PHOTON_BENCH_ROUNDS` (5) rounds of `PHOTON_BENCH_SECONDS` (3); the soak takes
//! `PHOTON_BENCH_SOAK` (600) seconds.

mod idle;
mod load;
mod routes;
mod servers;
mod soak;

use std::result::Result;

use photon_benches::{holder, row, service};

type Failure = Box<dyn std::error::Error>;

/// Measures something, and prints its rows.
type Part = fn() -> Result<(), Failure>;

/// What can be asked for, in the order in which it runs.
const PARTS: [(&str, Part); 4] =
    [("load", load::run), ("routes", routes::run), ("idle", idle::run), ("soak", soak::run)];

fn main() -> Result<(), Failure> {
    // Cargo adds this one.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve", which, port] => return service::run(which, port).map_err(|error| error.to_string().into()),
        ["hold", address, count] => return Ok(holder::run(address.parse()?, count.parse()?)?),
        _ => {}
    }
    if let Some(unknown) = words.iter().find(|word| !PARTS.iter().any(|(name, _)| name == *word)) {
        return Err(format!("there is no part `{unknown}`; there are load, routes, idle, soak").into());
    }
    row::head();
    for (name, run) in PARTS {
        if words.is_empty() || words.contains(&name) {
            run()?;
        }
    }
    Ok(())
}
