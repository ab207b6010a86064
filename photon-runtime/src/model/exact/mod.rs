//! Schemas that tables do not express, checked as they stand: all of JSON Schema 2020-12 that asserts, numbers exactly as
//! they are written. Knows no Rust type and no table.
//!
//! ```text
//! {"$defs": ..} ── value ── compile ── program ┐
//! JSON text ────── value ──────────────────────┴─ evaluate ── fits
//!                                                     └────── explain ── violations
//! ```

mod compile;
mod evaluate;
mod explain;
mod program;
mod seen;
#[cfg(test)]
mod tests;
mod value;
mod words;

pub(super) use program::Program;
pub(super) use value::Value;

use evaluate::Evaluator;
use explain::Explainer;

use super::decoder::DEPTH_MAX;
use super::violation::{Violation, Violations};

/// Tells what of a JSON text does not fit; what is no JSON has been refused before.
pub(super) fn judge(program: &Program, text: &str, faults: &mut Violations) {
    let Some(value) = Value::parse(text) else {
        faults.push(Violation::new("depth", format!("is nested more than {DEPTH_MAX} levels deep")));
        return;
    };
    let mut evaluator = Evaluator::new(program);
    evaluator.effort = faults.effort;
    let fits = evaluator.fits(program.root, &value, None);
    faults.effort = evaluator.effort;
    if evaluator.effort.is_spent() {
        faults.tell_effort();
    } else if evaluator.is_too_deep() {
        faults.push(Violation::new("depth", "is nested too deep to be checked"));
    } else if !fits {
        for violation in Explainer::new(evaluator).explain(&value) {
            faults.push(violation);
        }
    }
}
