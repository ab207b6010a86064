//! The JSON-Schema-Test-Suite through the exact check, where the suite stands beside the checkout.

use std::path::{Path, PathBuf};

use ::photon_runtime as photon;
use serde_json::Value as Json;

fn cases() -> Option<PathBuf> {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    folders.map(|folder| folder.join("shared/harness/jsonschema/cases")).find(|cases| cases.exists())
}

/// Checks every instance of a class; returns what was answered wrongly.
fn run(class: &str) -> Vec<String> {
    let Some(cases) = cases() else {
        println!("SKIPPED: there is no shared/harness/jsonschema beside the checkout");
        return Vec::new();
    };
    let document = std::fs::read_to_string(cases.join(format!("ALL-{class}.openapi.json"))).unwrap();
    let document: Json =
        serde_json::from_str(&document.replace("#/components/schemas/", "#/$defs/")).unwrap();
    let schemas = serde_json::json!({ "$defs": document["components"]["schemas"] }).to_string();
    let checks: &'static photon::Checks =
        Box::leak(Box::new(photon::Checks::new(Box::leak(schemas.into_boxed_str()))));
    let mut failed = Vec::new();
    let mut last: Option<(String, photon::Rule)> = None;
    for line in std::fs::read_to_string(cases.join(format!("ALL-{class}.expect.jsonl"))).unwrap().lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let key = case["path"].as_str().unwrap().replace("/c", "C");
        if last.as_ref().is_none_or(|(known, _)| *known != key) {
            let name = Box::leak(key.clone().into_boxed_str());
            let check: &'static photon::Check = Box::leak(Box::new(photon::Check::new(checks, name)));
            assert_eq!(check.compile(), Ok(()), "{key}");
            last = Some((key.clone(), photon::ANY.check(check)));
        }
        let rule = last.as_ref().unwrap().1;
        let valid = photon::Decoder::json_str(case["body"].as_str().unwrap()).decode::<Json>(&rule).is_ok();
        if valid != case["valid"].as_bool().unwrap() {
            failed.push(format!("{key} {} {} {}", case["case"], case["test"], case["body"]));
        }
    }
    failed
}

#[test]
fn core() {
    assert_eq!(run("core"), Vec::<String>::new());
}

#[test]
fn optional() {
    assert_eq!(run("optional"), Vec::<String>::new());
}

#[test]
fn format() {
    assert_eq!(run("format"), Vec::<String>::new());
}

#[test]
fn annotation() {
    assert_eq!(run("annotation"), Vec::<String>::new());
}
