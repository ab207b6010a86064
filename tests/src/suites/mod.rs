//! The conformance suites of the shared folder: servers are made, its own scripts are run, their verdicts are counted.

mod conformance;
mod jsonschema;
mod params;
mod schemathesis;
mod script;

use crate::figures::Figures;
use crate::options::{Options, Part};

/// The verdicts of a suite.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// What must hold: passed, failed.
    must: (usize, usize),
    /// What should hold: passed, failed.
    should: (usize, usize),
    /// The ids of failed cases.
    failed: Vec<String>,
}

impl Tally {
    fn add(&mut self, id: &str, should: bool, ok: bool) {
        let count = if should { &mut self.should } else { &mut self.must };
        if ok {
            count.0 += 1;
        } else {
            count.1 += 1;
            self.failed.push(id.to_owned());
        }
    }

    fn passed(&self) -> usize {
        self.must.0 + self.should.0
    }

    fn failures(&self) -> usize {
        self.must.1 + self.should.1
    }

    fn merge(&mut self, other: Tally) {
        self.must = (self.must.0 + other.must.0, self.must.1 + other.must.1);
        self.should = (self.should.0 + other.should.0, self.should.1 + other.should.1);
        self.failed.extend(other.failed);
    }

    /// Prints the suite's line and keeps its figures.
    fn report(&self, name: &str, figures: &mut Figures) {
        println!("{name}: {} passed, {} failed", self.passed(), self.failures());
        figures.share(format!("{name}.must"), self.must.0, self.must.0 + self.must.1);
        figures.share(format!("{name}.should"), self.should.0, self.should.0 + self.should.1);
        figures.detail(name, serde_json::json!({ "failed": self.failed }));
    }

    /// Demands that nothing fails that must hold, and at most so many percent of what should.
    #[allow(clippy::cast_precision_loss)] // Counts of a suite.
    fn demand(&self, name: &str, should_max: f64, figures: &mut Figures) {
        figures.demand(self.must.1 == 0, || format!("{name}: {} MUST fail", self.must.1));
        let all = self.should.0 + self.should.1;
        let percent = if all == 0 { 0.0 } else { self.should.1 as f64 * 100.0 / all as f64 };
        figures.demand(percent <= should_max, || {
            format!("{name}: {} of {all} SHOULD fail, more than {should_max} %", self.should.1)
        });
        figures.demand(self.passed() + self.failures() > 0, || format!("{name}: no case was judged"));
    }
}

/// Runs the suites that are asked for, and prints their sum.
pub fn run(options: &Options, figures: &mut Figures) -> Result<(), String> {
    let mut total = Tally::default();
    for part in &options.parts {
        let tally = match part {
            Part::Corpus | Part::Differential => continue,
            Part::JsonSchema => jsonschema::run(options, figures),
            Part::Params => params::run(options, figures),
            Part::Http1 => conformance::http1(options, figures),
            Part::Ws => conformance::websocket(options, figures),
            Part::Faults => conformance::faults(options, figures),
            Part::Schemathesis => schemathesis::run(options, figures),
        };
        match tally {
            Ok(tally) => total.merge(tally),
            Err(error) => {
                println!("{}: {error}", part.name());
                figures.miss(format!(
                    "{}: it did not run: {}",
                    part.name(),
                    error.lines().next().unwrap_or_default()
                ));
            }
        }
    }
    if options.parts.iter().any(|part| !matches!(part, Part::Corpus | Part::Differential)) {
        println!("total: {} passed, {} failed", total.passed(), total.failures());
    }
    Ok(())
}
