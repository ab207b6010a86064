//! The JSON-Schema-Test-Suite against the IR: nothing that is lowered may accept or refuse what its schema does not.
//! Which texts a format accepts is not told here.

use std::collections::HashMap;

use super::super::{Direction, Types};
use super::accept::Acceptor;
use super::corpus::shared;
use crate::codes;
use crate::config::Untyped;
use crate::config::{Config, Formats, Integers};
use crate::finding::Findings;
use crate::front::front;
use crate::ir::Api;

#[test]
fn core_is_exact() {
    suite("core", Formats::Annotate);
}

#[test]
fn optional_is_exact() {
    suite("optional", Formats::Annotate);
}

#[test]
fn formats_only_annotate() {
    suite("annotation", Formats::Annotate);
}

#[test]
fn identity_is_exact() {
    suite("hard", Formats::Assert);
}

fn suite(class: &str, formats: Formats) {
    let Some(shared) = shared() else { return };
    let cases = shared.join("harness/jsonschema/cases");
    let config = Config::default().integers(Integers::Arbitrary).formats(formats);
    let mut findings = Findings::default();
    let stem = [format!("ALL-{class}"), class.to_owned()];
    let stem = stem.iter().find(|stem| cases.join(format!("{stem}.openapi.json")).exists()).unwrap();
    let file = cases.join(format!("{stem}.openapi.json"));
    let document = front(&config, &file, &mut findings).unwrap();
    let mut types = Types::new(&document, &config);
    types.untyped = Untyped::Exact;
    let mut bodies = HashMap::new();
    for operation in &document.operations {
        let body = operation.body.as_ref().unwrap().content[0].schema.unwrap();
        let found = types.typed(body, Direction::Request, "body", &mut findings);
        bodies.insert(operation.path.text.to_string(), found);
    }
    let mut api = Api::default();
    let places: Vec<_> = bodies.into_iter().collect();
    for (at, (_, found)) in places.iter().enumerate() {
        api.traits.push(super::holder(at, found));
    }
    types.finish(&mut api, &mut findings);
    let held: HashMap<&str, _> = places
        .iter()
        .zip(&api.traits)
        .map(|((path, _), holder)| (&**path, &holder.operations[0].params[0]))
        .collect();
    let acceptor = Acceptor::new(&api, formats == Formats::Assert).unwrap();
    let lenient = lenient(&std::fs::read_to_string(&file).unwrap(), &findings);
    let (mut passed, mut refused, mut failed) = (0, 0, Vec::new());
    for line in std::fs::read_to_string(cases.join(format!("{stem}.expect.jsonl"))).unwrap().lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let Ok(value) = serde_json::from_str(case["body"].as_str().unwrap()) else { continue };
        let path = case["path"].as_str().unwrap();
        let is_lenient = lenient.iter().any(|name| path[1..].eq_ignore_ascii_case(name));
        if is_lenient || document.refused.iter().any(|refused| *refused.path == *path) {
            refused += 1;
            continue;
        }
        let Some(param) = held.get(path) else {
            failed.push(format!("{line}: no operation"));
            continue;
        };
        if acceptor.fits(&param.ty, &param.rule, &value) == case["valid"].as_bool().unwrap() {
            passed += 1;
        } else {
            failed.push(line.to_owned());
        }
    }
    eprintln!("{class}: {passed} passed, {} failed, {refused} refused", failed.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// The components in which a schema that is on another machine lets anything in.
fn lenient(text: &str, findings: &Findings) -> Vec<String> {
    let remote = findings.iter().filter(|finding| *finding.code == codes::REMOTE_SCHEMA);
    let named = names_of(text);
    remote
        .filter_map(|finding| named.iter().rfind(|(at, _)| *at < finding.span.start as usize))
        .map(|(_, name)| name.clone())
        .collect()
}

/// Where the keys of `components/schemas` stand: operations are named after them.
fn names_of(text: &str) -> Vec<(usize, String)> {
    let document: serde_json::Value = serde_json::from_str(text).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let start = text.find("\"components\"").unwrap();
    let mut named: Vec<(usize, String)> = schemas
        .keys()
        .filter_map(|name| Some((start + text[start..].find(&format!("\"{name}\":"))?, name.clone())))
        .collect();
    named.sort();
    named
}
