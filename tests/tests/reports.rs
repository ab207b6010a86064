//! What callers are told of their mistakes: all at once, each at its place, in words that do not change unseen.
//!
//! `UPDATE=1` writes `goldens/reports.txt` anew.

#![allow(clippy::unwrap_used)]

photon_runtime::include_api!(mod reports);

use std::fmt::Write as _;
use std::path::Path;

use photon_runtime::testing::Answer;
use photon_runtime::{Context, Result, Service};
use reports::{PostBooking, PostKeyword, PutOrder, ReportsApi};
use serde_json::Value;

/// What the document names by `x-photon-validate`.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "such functions take references")]
mod rules {
    use photon_runtime::{Violation, Violations};

    use super::reports::models::{
        BookingDay, BookingGuest, BookingOpen, BookingRange, Code, Period, PostBookingSeats,
    };

    pub(crate) fn period(period: &Period, found: &mut Violations) {
        assert!(period.start >= 0, "it keeps the schema");
        if period.end < period.start {
            found.push(Violation::new("period", "must not end before it starts").at("/end"));
        }
    }

    pub(crate) fn even(seats: &PostBookingSeats, found: &mut Violations) {
        if seats.0 % 2 != 0 {
            found.push(Violation::new("even", "must be even"));
        }
    }

    pub(crate) fn spelt(code: &Code, found: &mut Violations) {
        if code.0.starts_with('X') {
            found.push(Violation::new("code", "must not begin with X"));
        }
    }

    pub(crate) fn open(day: &BookingDay, found: &mut Violations) {
        if *day == BookingDay::Sunday {
            found.push(Violation::new("openDay", "must be a day on which we are open"));
        }
    }

    pub(crate) fn known(guest: &BookingGuest, found: &mut Violations) {
        if let BookingGuest::Integer(0) = guest {
            found.push(Violation::new("guest", "must be a guest"));
        }
    }

    pub(crate) fn ordered(range: &BookingRange, found: &mut Violations) {
        if range.0 > range.1 {
            found.push(Violation::new("ordered", "must be in order").at("/1"));
        }
    }

    pub(crate) fn small(open: &BookingOpen, found: &mut Violations) {
        if open.0.len() > 1 {
            found.push(Violation::new("small", "must be small"));
        }
    }
}

struct Nothing;

impl ReportsApi for Nothing {
    fn put_order(&self, _cx: &Context, _req: PutOrder) -> Result<()> {
        Ok(())
    }

    fn post_booking(&self, _cx: &Context, _req: PostBooking) -> Result<()> {
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

#[test]
fn functions_of_the_users_judge_what_fits() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "2",
            r#"{"period":{"start":1,"end":2},"code":"A","day":"monday","guest":1,"range":[1,2],"open":{"a":1}}"#,
            &[],
        ),
        (
            "1",
            r#"{"period":{"start":2,"end":1}}"#,
            &["query seats even: must be even", "body /period/end period: must not end before it starts"],
        ),
        (
            "0",
            r#"{"period":{"start":-2,"end":-3}}"#,
            &["query seats minimum: must be at least 1", "body /period/start minimum: must be at least 0"],
        ),
        (
            "2",
            r#"{"period":{"start":1,"end":2},"others":[{"start":1,"end":2},{"start":9,"end":2}],"code":"XY","day":"sunday","guest":0,"range":[2,1],"open":{"a":1,"b":2}}"#,
            &[
                "body /others/1/end period: must not end before it starts",
                "body /code code: must not begin with X",
                "body /day openDay: must be a day on which we are open",
                "body /guest guest: must be a guest",
                "body /range/1 ordered: must be in order",
                "body /open small: must be small",
            ],
        ),
    ];
    for (seats, body, expected) in cases {
        let answer = service().post("/bookings").query("seats", seats).body(*body, "application/json").send();
        let told = if answer.status == 204 { Vec::new() } else { told(&answer) };
        assert_eq!(told, *expected, "{body}");
    }
}
