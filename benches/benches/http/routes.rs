//! How the time to match a path grows with the number of routes.

use std::hint::black_box;
use std::time::Instant;

use photon_benches::row::{Target, median, note, row};
use photon_runtime::__private::measured::Routes;

use crate::Failure;

const COUNTS: [usize; 5] = [1, 10, 100, 1_000, 10_000];
const ROUNDS: usize = 31;
const CALLS: usize = 20_000;

/// Of the paths of a table so many are asked for in turn, so that they are not all in the processor's nearest memory.
const PATHS_MAX: usize = 64;

pub(crate) fn run() -> Result<(), Failure> {
    let tables = COUNTS.map(table);
    let mut figures = COUNTS.map(|_| Vec::with_capacity(ROUNDS));
    for _ in 0..ROUNDS {
        for ((routes, paths), figures) in tables.iter().zip(&mut figures) {
            let start = Instant::now();
            for path in paths.iter().cycle().take(CALLS) {
                if black_box(routes.find("GET", black_box(path))).is_none() {
                    return Err(format!("`{path}` is not found").into());
                }
            }
            #[allow(clippy::cast_precision_loss)] // Far fewer than 52 bits.
            figures.push(start.elapsed().as_secs_f64() * 1e9 / CALLS as f64);
        }
    }
    let medians = figures.map(|mut figures| median(&mut figures));
    for (count, nanoseconds) in COUNTS.iter().zip(medians) {
        note(&format!("{count} routes: {nanoseconds:.0} ns to match"));
    }
    row("10,000 routes / 10 routes, ns to match", medians[4], medians[1], Target::AtMost(2.0));
    Ok(())
}

/// Routes as APIs have them, three for each resource, a tenth of the resources below another: and paths that they match.
fn table(count: usize) -> (Routes, Vec<String>) {
    let templates: Vec<String> = (0..count)
        .map(|number| {
            let (resource, kind) = (number / 3, number % 3);
            let below = if resource % 10 == 9 { "/tenants/{tenant}" } else { "" };
            let tail = ["", "/{id}", "/{id}/history"][kind];
            format!("/v1{below}/resource{resource}{tail}")
        })
        .collect();
    let step = (count / PATHS_MAX).max(1);
    let paths = templates.iter().step_by(step).take(PATHS_MAX);
    let paths =
        paths.map(|template| template.replace("{tenant}", "acme").replace("{id}", "481516")).collect();
    (Routes::new(templates.iter().map(|template| ("GET", template.as_str()))), paths)
}
