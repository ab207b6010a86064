//! What callers are told of their mistakes: all at once, each at its place, in words that do not change unseen.
//!
//! `UPDATE=1` writes `goldens/reports.txt` anew.

#![allow(clippy::unwrap_used)]

photon_runtime::include_api!(mod reports);

use std::fmt::Write as _;
use std::path::Path;

use photon_runtime::testing::Answer;
use photon_runtime::{Context, Result, Service};
use reports::{PostKeyword, PutOrder, ReportsApi};
use serde_json::Value;

struct Nothing;

impl ReportsApi for Nothing {
    fn put_order(&self, _cx: &Context, _req: PutOrder) -> Result<()> {
        Ok(())
    }

    fn post_keyword(&self, _cx: &Context, _req: PostKeyword) -> Result<()> {
        Ok(())
    }
}

fn service() -> Service<Nothing> {
    reports::service(Nothing)
}

/// Each error in a line: where, keyword, words.
fn told(answer: &Answer) -> Vec<String> {
    let problem: Value = answer.json();
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    let text = |error: &Value, key: &str| error[key].as_str().unwrap_or_default().to_owned();
    let line = |error: &Value| {
        let place = format!("{}{}", text(error, "parameter"), text(error, "pointer"));
        format!("{} {place} {}: {}", text(error, "in"), text(error, "keyword"), text(error, "detail"))
    };
    errors.iter().map(line).collect()
}

#[test]
fn ten_mistakes_and_three_bad_parameters_are_thirteen_errors() {
    let body = r#"{
        "customer": "x", "code": "a1", "mail": "nobody", "count": 0, "weight": 0.3, "kind": "huge",
        "tags": ["a", "a"], "secret": "hunter2hunter2", "paid": "yes", "lines": [{ "item": "a" }, { "count": 1 }]
    }"#;
    let service = service();
    let request = service.put("/orders/0").query("limit", 101).header("x-trace", "7");
    let answer = request.body(body, "application/json").send();
    assert_eq!(answer.status, 422);
    assert!(!answer.text().contains("hunter2"), "{}", answer.text());
    let mut told = told(&answer);
    told.sort();
    let expected = [
        "body /code pattern: must match the pattern ^[A-Z]+$",
        "body /count minimum: must be at least 1",
        "body /customer minLength: must have at least 2 characters, has 1",
        "body /kind enum: must be one of small, large",
        "body /lines/1/item required: is required",
        "body /mail format: must be an email address",
        "body /paid type: must be a boolean, not a string",
        "body /secret maxLength: must have at most 8 characters, has 14",
        "body /tags uniqueItems: must not repeat items, but items 0 and 1 are equal",
        "body /weight multipleOf: must be a multiple of 0.5",
        "header X-Trace format: must be a UUID such as 2eb8aa08-aa98-11ea-b4aa-73b441d16380",
        "path orderId minimum: must be at least 1",
        "query limit maximum: must be at most 100",
    ];
    assert_eq!(told, expected);
}

/// A body for each keyword that fails by it and by nothing else; the property is called as the keyword.
const CASES: &[(&str, &str)] = &[
    ("type", "1.5"),
    ("enum", r#""c""#),
    ("const", "8"),
    ("multipleOf", "0.001"),
    ("maximum", "4"),
    ("exclusiveMaximum", "3.0"),
    ("minimum", "1"),
    ("exclusiveMinimum", "1"),
    ("maxLength", r#""abc""#),
    ("minLength", r#""a""#),
    ("pattern", r#""b""#),
    ("format", r#""1.2.3""#),
    ("maxItems", "[1,2]"),
    ("minItems", "[1]"),
    ("uniqueItems", "[1,1.0]"),
    ("items", r#"[1,"2"]"#),
    ("prefixItems", "[1,2,3]"),
    ("contains", "[2]"),
    ("minContains", "[1]"),
    ("maxContains", "[1,1]"),
    ("unevaluatedItems", "[1,2]"),
    ("required", "{}"),
    ("properties", r#"{"a/b":"x"}"#),
    ("additionalProperties", r#"{"b":1}"#),
    ("patternProperties", r#"{"xa":"1"}"#),
    ("propertyNames", r#"{"abc":1}"#),
    ("maxProperties", r#"{"a":1,"b":2}"#),
    ("minProperties", r#"{"a":1}"#),
    ("dependentRequired", r#"{"a":1}"#),
    ("dependentSchemas", r#"{"a":1}"#),
    ("unevaluatedProperties", r#"{"a":1,"b":1}"#),
    ("allOf", r#"{"a":1}"#),
    ("anyOf", r#""ab""#),
    ("anyOf", "[]"),
    ("oneOf", r#"{"radius":-1}"#),
    ("oneOf", r#"{"width":1}"#),
    ("oneOf", r#"{"radius":1,"width":1,"height":1}"#),
    ("discriminator", r#"{"is":"Cow"}"#),
    ("discriminator", r#"{"is":"Cat","lives":10}"#),
    ("not", "2"),
    ("if", "11"),
    ("if", "3"),
    ("falseSchema", "1"),
    ("contentEncoding", r#""***""#),
    ("password", r#""Hunter2""#),
    ("range", "2147483648"),
];

#[test]
fn each_keyword_says_what_it_misses() {
    let service = service();
    let mut golden = String::new();
    for (keyword, value) in CASES {
        let answer =
            service.post("/keywords").body(format!("{{\"{keyword}\":{value}}}"), "application/json").send();
        writeln!(golden, "{keyword}: {value}").unwrap();
        if answer.status != 422 {
            writeln!(golden, "    {}", answer.status).unwrap();
        }
        for line in told(&answer) {
            assert!(!line.contains("Hunter2"), "{line}");
            writeln!(golden, "    {line}").unwrap();
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("goldens/reports.txt");
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, &golden).unwrap();
    }
    assert_eq!(golden, std::fs::read_to_string(&path).unwrap_or_default());
}

#[test]
fn reports_are_bounded() {
    let service = service();
    let post = |body: String| service.post("/keywords").body(body, "application/json").send();
    let many = post(format!("{{\"items\":[{}\"x\"]}}", "\"x\",".repeat(99_999)));
    let problem: Value = many.json();
    assert_eq!((problem["errors"].as_array().unwrap().len(), &problem["more"]), (100, &99_900.into()));
    assert!(many.body.len() < 20_000, "{}", many.body.len());
    let long = post(format!("{{\"enum\":\"{}\"}}", "x".repeat(1_000_000)));
    assert!(long.body.len() < 2_000, "{}", long.text());
    let name = post(format!("{{\"additionalProperties\":{{\"{}\":1}}}}", "x".repeat(1_000_000)));
    assert!(name.body.len() < 2_000, "{}", name.body.len());
}
