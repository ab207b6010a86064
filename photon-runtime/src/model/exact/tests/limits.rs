//! Circles, depth, and what would take for ever.

use super::{judged, told};
use crate::model::violation::VIOLATIONS_MAX;

fn nested(depth: usize, inner: &str) -> String {
    format!("{}{inner}{}", r#"{"n":"#.repeat(depth), "}".repeat(depth))
}

#[test]
fn references_to_themselves_add_nothing() {
    let defs = r##"{"S":{"$ref":"#/$defs/T"},"T":{"allOf":[{"$ref":"#/$defs/S"}],"type":"null"}}"##;
    assert!(judged(defs, "null").is_empty());
    assert_eq!(judged(defs, "1").to_string(), "must be null, not an integer");
    let alone = r##"{"S":{"anyOf":[{"$ref":"#/$defs/S"}]}}"##;
    assert!(judged(alone, "[]").is_empty());
}

#[test]
fn branches_within_branches_take_no_exponential_time() {
    let branch = r##"{"properties":{"n":{"$ref":"#/$defs/S"}},"unevaluatedProperties":false}"##;
    for union in ["anyOf", "oneOf", "allOf"] {
        let defs = format!(r#"{{"S":{{"type":"object","{union}":[{branch},{branch}]}}}}"#);
        assert!(!judged(&defs, &nested(100, "1")).is_empty(), "{union}");
    }
    let defs = format!(r#"{{"S":{{"type":"object","anyOf":[{branch},{branch}]}}}}"#);
    assert!(judged(&defs, &nested(100, "{}")).is_empty());
}

#[test]
fn as_deep_as_json_may_be() {
    let defs = r##"{"S":{"allOf":[{"anyOf":[{"$ref":"#/$defs/T"}]}],"unevaluatedProperties":false},
        "T":{"properties":{"n":{"$ref":"#/$defs/S"}}}}"##;
    assert!(judged(defs, &nested(127, "{}")).is_empty());
    assert_eq!(judged(defs, &nested(126, r#"{"m":1}"#)).len(), 1);
    assert_eq!(judged(defs, &nested(128, "{}")).to_string(), "is nested more than 128 levels deep");
}

#[test]
fn deeper_than_the_stack() {
    const LONG: usize = 100;
    let chain = (0..LONG).map(|at| format!(r##""L{at}":{{"$ref":"#/$defs/L{}"}}"##, at + 1));
    let defs = format!(
        r##"{{"S":{{"$ref":"#/$defs/L0"}},{},"L{LONG}":{{"properties":{{"n":{{"$ref":"#/$defs/S"}}}}}}}}"##,
        chain.collect::<Vec<_>>().join(",")
    );
    assert!(judged(&defs, &nested(1, "1")).is_empty());
    assert_eq!(judged(&defs, &nested(120, "1")).to_string(), "is nested too deep to be checked");
}

#[test]
fn no_more_is_told_than_anybody_reads() {
    let many = format!("[{}1]", "1,".repeat(1000));
    assert_eq!(told(r#"{"items":{"type":"null"}}"#, &many).len(), VIOLATIONS_MAX);
    let long = format!(r#"{{"const":"{}"}}"#, "é".repeat(1000));
    let told = told(&long, "1");
    assert!(told[0].ends_with('…') && told[0].chars().count() < 320, "{told:?}");
}
