//! Each keyword: a schema, a value that fits, one that does not, and what is told of that.

use super::{judged, refused, told};

fn check(schema: &str, fitting: &str, failing: &str, expected: &[&str]) {
    assert_eq!(told(schema, fitting), Vec::<String>::new(), "{schema} {fitting}");
    assert_eq!(told(schema, failing), expected, "{schema} {failing}");
}

#[test]
fn values() {
    check(
        r#"{"type":"integer"}"#,
        "1.0",
        "1.5",
        &[" type: must be an integer, not a number with a fraction"],
    );
    check(r#"{"type":["string","null"]}"#, "null", "[]", &[" type: must be null or a string, not a list"]);
    check(r#"{"type":"number"}"#, "1e400", "{}", &[" type: must be a number, not an object"]);
    check(r#"{"enum":[1,"a",[2]]}"#, "[2.0]", "2", &[r#" enum: must be one of 1, "a", [2]"#]);
    check(r#"{"const":{"a":null}}"#, r#"{"a":null}"#, "{}", &[r#" const: must be {"a":null}"#]);
    check(r#"{"properties":{"a":false}}"#, "{}", r#"{"a":1}"#, &["/a falseSchema: must not be given"]);
}

#[test]
fn numbers() {
    check(r#"{"minimum":1.10}"#, "1.1", "1.0999", &[" minimum: must be at least 1.10"]);
    check(r#"{"maximum":1}"#, "1", "1.00000000000000000001", &[" maximum: must be at most 1"]);
    check(
        r#"{"exclusiveMinimum":18446744073709551616}"#,
        "18446744073709551617",
        "18446744073709551616",
        &[" exclusiveMinimum: must be more than 18446744073709551616"],
    );
    check(r#"{"exclusiveMaximum":0}"#, "-1e-400", "-0.0", &[" exclusiveMaximum: must be less than 0"]);
    check(r#"{"multipleOf":0.01}"#, "19.99", "19.995", &[" multipleOf: must be a multiple of 0.01"]);
    check(
        r#"{"const":9007199254740993}"#,
        "9007199254740993.0",
        "9007199254740992",
        &[" const: must be 9007199254740993"],
    );
}

#[test]
fn texts() {
    check(r#"{"minLength":2}"#, r#""éé""#, r#""é""#, &[" minLength: must have at least 2 characters, has 1"]);
    check(r#"{"maxLength":1}"#, r#""é""#, r#""ab""#, &[" maxLength: must have at most 1 character, has 2"]);
    check(r#"{"pattern":"^\\d+$"}"#, r#""12""#, r#""a""#, &[r" pattern: must match the pattern ^\d+$"]);
    check(r#"{"format":"ipv4"}"#, r#""1.2.3.4""#, r#""x""#, &[" format: must be an IPv4 address"]);
    check(
        r#"{"format":"uuid"}"#,
        "1",
        r#""x""#,
        &[" format: must be a UUID such as 2eb8aa08-aa98-11ea-b4aa-73b441d16380"],
    );
    check(
        r#"{"format":"unknown","minLength":1}"#,
        r#""x""#,
        r#""""#,
        &[" minLength: must have at least 1 character, has 0"],
    );
}

#[test]
fn arrays() {
    check(r#"{"minItems":2}"#, "[1,2]", "[1]", &[" minItems: must have at least 2 items, has 1"]);
    check(r#"{"maxItems":1.0}"#, "[1]", "[1,2]", &[" maxItems: must have at most 1 item, has 2"]);
    check(
        r#"{"uniqueItems":true}"#,
        r#"[1,"1"]"#,
        "[1,2,1.0]",
        &[" uniqueItems: must not repeat items, but items 0 and 2 are equal"],
    );
    check(
        r#"{"items":{"minimum":0}}"#,
        "[1]",
        "[1,-1,-2]",
        &["/1 minimum: must be at least 0", "/2 minimum: must be at least 0"],
    );
    check(
        r#"{"prefixItems":[{"type":"null"}],"items":false}"#,
        "[null]",
        "[1,2]",
        &["/0 type: must be null, not an integer", " items: must have at most 1 item, has 2"],
    );
    check(
        r#"{"contains":{"const":1}}"#,
        "[1]",
        "[2]",
        &[" contains: must have at least 1 matching item, has 0"],
    );
    check(
        r#"{"contains":true,"minContains":2}"#,
        "[1,1]",
        "[1]",
        &[" minContains: must have at least 2 matching items, has 1"],
    );
    check(
        r#"{"contains":true,"maxContains":1}"#,
        "[1]",
        "[1,1]",
        &[" maxContains: must have at most 1 matching item, has 2"],
    );
    check(
        r#"{"prefixItems":[true],"contains":{"const":2},"unevaluatedItems":false}"#,
        "[1,2]",
        "[1,2,3]",
        &["/2 unevaluatedItems: must not be given"],
    );
    check(
        r#"{"unevaluatedItems":{"type":"null"}}"#,
        "[null]",
        "[1]",
        &["/0 type: must be null, not an integer"],
    );
}

#[test]
fn objects() {
    check(
        r#"{"minProperties":1}"#,
        r#"{"a":1}"#,
        "{}",
        &[" minProperties: must have at least 1 property, has 0"],
    );
    check(
        r#"{"maxProperties":0}"#,
        "{}",
        r#"{"a":1}"#,
        &[" maxProperties: must have at most 0 properties, has 1"],
    );
    check(
        r#"{"required":["a","b"]}"#,
        r#"{"a":1,"b":1}"#,
        r#"{"c":1}"#,
        &["/a required: is required", "/b required: is required"],
    );
    check(
        r#"{"dependentRequired":{"a":["b"]}}"#,
        r#"{"b":1}"#,
        r#"{"a":1}"#,
        &[" dependentRequired: b is required where a is given"],
    );
    check(
        r#"{"dependentSchemas":{"a":{"required":["b"]}}}"#,
        "{}",
        r#"{"a":1}"#,
        &["/b required: is required"],
    );
    check(
        r#"{"properties":{"a":{"type":"null"}},"patternProperties":{"^a|b":{"minimum":2}},
            "additionalProperties":false}"#,
        r#"{"a":null,"b":2}"#,
        r#"{"a":1,"b":1,"c/d":1}"#,
        &[
            "/a type: must be null, not an integer",
            "/a minimum: must be at least 2",
            "/b minimum: must be at least 2",
            "/c~1d additionalProperties: is not a known property",
        ],
    );
    check(
        r#"{"additionalProperties":{"type":"null"}}"#,
        r#"{"a":null}"#,
        r#"{"a":[]}"#,
        &["/a type: must be null, not a list"],
    );
    check(
        r#"{"propertyNames":{"maxLength":1}}"#,
        r#"{"a":1}"#,
        r#"{"ab":1}"#,
        &["/ab propertyNames: has a name that must have at most 1 character, has 2"],
    );
    check(
        r#"{"allOf":[{"properties":{"a":{"type":"null"}}}],"unevaluatedProperties":false}"#,
        r#"{"a":null}"#,
        r#"{"a":1,"b":1}"#,
        &["/a type: must be null, not an integer", "/b unevaluatedProperties: is not a known property"],
    );
}

#[test]
fn logic() {
    check(
        r#"{"allOf":[{"minimum":1},{"multipleOf":2}]}"#,
        "2",
        "-1",
        &[" minimum: must be at least 1", " multipleOf: must be a multiple of 2"],
    );
    check(
        r#"{"anyOf":[{"type":"string"},{"required":["a"]}]}"#,
        r#""x""#,
        "{}",
        &[" anyOf: fits none of 2 forms: 1. must be a string, not an object; 2. /a: is required"],
    );
    check(r#"{"anyOf":[{"minimum":1}]}"#, "1", "0", &[" minimum: must be at least 1"]);
    check(
        r#"{"oneOf":[{"minimum":1},{"maximum":1}]}"#,
        "2",
        "1",
        &[" oneOf: fits more than one of 2 forms: 1, 2"],
    );
    check(
        r#"{"oneOf":[{"type":"null"},{"items":{"type":"null"},"minItems":1}]}"#,
        "[null]",
        "[1]",
        &[" oneOf: fits none of 2 forms: 1. must be null, not a list; 2. /0: must be null, not an integer"],
    );
    check(r#"{"not":{"multipleOf":2}}"#, "1", "2", &[" not: must not be a multiple of 2"]);
    check(r#"{"not":{"required":["a","b"]}}"#, "{}", r#"{"a":1,"b":1}"#, &[" not: must not have a and b"]);
    check(r#"{"not":{"enum":[1,2]}}"#, "3", "2", &[" not: must not be one of 1, 2"]);
    check(r#"{"not":{"items":true,"type":"array"}}"#, "3", "[]", &[" not: must not have this form"]);
    let chosen = r#"{"if":{"type":"string"},"then":{"minLength":1},"else":{"minimum":1}}"#;
    check(chosen, r#""a""#, r#""""#, &[" minLength: must have at least 1 character, has 0"]);
    check(chosen, "1", "0", &[" minimum: must be at least 1"]);
    check(
        r#"{"if":{"properties":{"a":true}},"unevaluatedProperties":false}"#,
        r#"{"a":1}"#,
        r#"{"b":1}"#,
        &["/b unevaluatedProperties: is not a known property"],
    );
    let annotations = r#"{"contentEncoding":"base64","contentMediaType":"a/b","title":"x","format":"other"}"#;
    assert!(told(annotations, r#""é""#).is_empty());
}

#[test]
fn references() {
    let defs = r##"{"S":{"$ref":"#/$defs/a~1b%20c","maximum":9},"a/b c":{"type":"integer"}}"##;
    assert!(judged(defs, "9").is_empty());
    assert_eq!(judged(defs, "9.5").len(), 2);
    let tree = r##"{"S":{"type":"object","properties":{"left":{"$ref":"#/$defs/S"},"right":{"$ref":"#/$defs/S"}},
        "unevaluatedProperties":false}}"##;
    assert!(judged(tree, r#"{"left":{"right":{}},"right":{}}"#).is_empty());
    assert_eq!(
        judged(tree, r#"{"left":{"right":{"up":1}},"right":1}"#).to_string(),
        "/left/right/up: is not a known property; /right: must be an object, not an integer"
    );
}

#[test]
fn what_does_not_compile() {
    for (schema, expected) in [
        (r#"{"pattern":"("}"#, "the pattern \"(\" does not compile"),
        (r#"{"patternProperties":{"(":true}}"#, "the pattern \"(\" does not compile"),
        (r##"{"items":{"$ref":"#/$defs/T"}}"##, "there is no schema at #/$defs/T"),
        (r#"{"$ref":"other.json"}"#, "the reference other.json leads elsewhere"),
        (r##"{"$dynamicRef":"#a"}"##, "$dynamicRef is not bound"),
        (r#"{"type":"text"}"#, "there is no type \"text\""),
        (r#"{"minimum":"1"}"#, "minimum must be a number, not a string"),
        (r#"{"minItems":-1}"#, "minItems must count, and is -1"),
        (r#"{"allOf":{}}"#, "allOf must be a list of schemas, not an object"),
        (r#"{"required":[1]}"#, "required must be a list of names, not a list"),
        (r#"{"not":1}"#, "a schema is an object or a boolean, not an integer"),
    ] {
        let reason = refused(schema);
        assert!(reason.contains(expected), "{schema}: {reason}");
    }
}
