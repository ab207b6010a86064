//! Full load for minutes with a log of every request and all spans on: memory stays what it was, and nothing fails.

use std::io::Result;
use std::thread;
use std::time::{Duration, Instant};

use photon_benches::body;
use photon_benches::loader::Load;
use photon_benches::row::{Target, note, row};

use crate::Failure;
use crate::servers::{Server, setting};

/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// How long one kind of work goes on before the next.
const STINT: Duration = Duration::from_secs(2);

/// Memory may grow by this part.
const GROWTH_MAX: f64 = 1.02;

/// Of ten minutes the minutes 2 to 4, and the last three.
const EARLY: std::ops::Range<f64> = 0.2..0.4;
const LATE: std::ops::Range<f64> = 0.7..1.0;

pub(crate) fn run() -> std::result::Result<(), Failure> {
    let whole = Duration::from_secs(setting("PHOTON_BENCH_SOAK", 600));
    let server = Server::ours("watched")?;
    let address = server.process.address;
    let start = Instant::now();
    // One thread sends what the server can take; it works on all that it has to do in turn.
    let loading = thread::spawn(move || -> Result<u64> {
        let loads = [
            Load::get("/json"),
            Load::get("/users/481516?limit=42&verbose=true"),
            Load::post("/orders", body::VALID),
            Load::get("/json").pipelined(16),
        ];
        let mut answered = 0;
        for load in loads.iter().cycle() {
            let left = whole.saturating_sub(start.elapsed());
            if left.is_zero() {
                break;
            }
            answered += load.run(address, left.min(STINT))?.0;
        }
        Ok(answered)
    });
    let mut looks = Vec::new();
    while !loading.is_finished() {
        looks.push((start.elapsed().as_secs_f64() / whole.as_secs_f64(), server.process.resident_mb()?));
        thread::sleep(LOOK);
    }
    let answered = loading.join().map_err(|_| "the loader panicked")??;
    note(&format!("soak: {answered} requests in {} s, none failed", whole.as_secs()));
    let late_mb = mean(&looks, LATE);
    row("soak: MB, the last minutes / the first", late_mb, mean(&looks, EARLY), Target::AtMost(GROWTH_MAX));
    Ok(())
}

#[allow(clippy::cast_precision_loss)] // Far fewer than 52 bits.
fn mean(looks: &[(f64, f64)], part: std::ops::Range<f64>) -> f64 {
    let within: Vec<f64> = looks.iter().filter(|(at, _)| part.contains(at)).map(|(_, mb)| *mb).collect();
    within.iter().sum::<f64>() / within.len() as f64
}
