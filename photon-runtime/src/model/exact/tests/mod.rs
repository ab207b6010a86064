//! What fits and what does not, with what is told of it; the suites and the oracle are beside.

mod goldens;
mod limits;
mod oracle;

use super::{Program, Value, judge};
use crate::model::violation::Violations;

/// Judges by the schema `S` of some `$defs`.
fn judged(defs: &str, text: &str) -> Violations {
    let source: &'static str = Box::leak(format!(r#"{{"$defs":{defs}}}"#).into_boxed_str());
    let root = Value::parse(source).expect("the schema is JSON");
    let program = Program::compile(&root, "S", true).expect("the schema compiles");
    let mut faults = Violations::default();
    judge(&program, text, &mut faults);
    faults
}

/// What is told of a value: a line a violation.
fn told(schema: &str, text: &str) -> Vec<String> {
    let faults = judged(&format!(r#"{{"S":{schema}}}"#), text);
    faults.iter().map(|fault| format!("{} {}: {}", fault.pointer(), fault.keyword, fault.message())).collect()
}

/// Why a schema does not compile.
fn refused(schema: &str) -> String {
    let source: &'static str = Box::leak(format!(r#"{{"$defs":{{"S":{schema}}}}}"#).into_boxed_str());
    Program::compile(&Value::parse(source).expect("the schema is JSON"), "S", true).expect_err("it is broken")
}
