//! Directions, options, limits.

use std::fmt::Write;

use super::super::{Direction, Types};
use super::{check_with, document, lowered, render};
use crate::config::Untyped;
use crate::config::{Config, DateTimeCrate, Formats, Integers};
use crate::finding::Findings;
use crate::ir::{Api, Derives};

const ACCOUNT: &str = "
Account:
  type: object
  required: [id, password, name]
  properties:
    id: {type: integer, readOnly: true}
    password: {type: string, writeOnly: true}
    name: {type: string}
    owner: {type: object, properties: {at: {type: string, readOnly: true}}, additionalProperties: false}
Plain: {type: object, properties: {a: {type: string}}}
Accounts: {type: array, items: {$ref: '#/components/schemas/Account'}}
";

/// The components of `ACCOUNT`, asked for in these directions.
fn accounts(directions: &[Direction]) -> String {
    let config = Config::default();
    let (document, mut findings) = document("3.1.0", ACCOUNT, &config);
    let mut types = Types::new(&document, &config);
    for direction in directions {
        for (_, id) in &document.components {
            types.typed(*id, *direction, "unused", &mut findings);
        }
    }
    let mut api = Api::default();
    types.finish(&mut api, &mut findings);
    render::models(&api)
}

#[test]
fn requests_have_a_shape_of_their_own_where_it_differs() {
    let expected = "\
Account = { id: i64 ro, name: String, owner?: Option<'Account owner'> }
Account Input = { password: String wo, name: String, owner?: Option<'Account Input owner'> }
Account owner = { at?: Option<String> ro, deny }
Account Input owner = type 'Account owner'
Plain = { a?: Option<String> }
Accounts = type ['Account']
Accounts Input = type ['Account Input']
";
    assert_eq!(accounts(&[Direction::Request, Direction::Response]), expected);
}

#[test]
fn what_is_only_received_has_no_shape_for_answers() {
    let expected = "\
Account Input = { password: String wo, name: String, owner?: Option<'Account Input owner'> }
Account Input owner = { at?: Option<String> ro, deny }
Plain = { a?: Option<String> }
Accounts Input = type ['Account Input']
";
    assert_eq!(accounts(&[Direction::Request]), expected);
}

#[test]
fn options_choose_types() {
    let schemas = "
A:
  type: object
  properties: {i: {type: integer}, j: {type: integer, format: int32}, n: {type: number}, t: {type: string, format: date-time}}
B: {type: object, required: [a], properties: {a: {$ref: '#/components/schemas/A'}}}
";
    check_with(
        &Config::default().integers(Integers::Arbitrary).formats(Formats::Annotate),
        "3.1.0",
        schemas,
        "A = { i?: Option<Integer>, j?: Option<i32>, n?: Option<Number>, t?: Option<String> }
        B = { a: 'A' }",
    );
    check_with(
        &Config::default().date_time(DateTimeCrate::Text).replace("A", "crate::A"),
        "3.1.0",
        schemas,
        "B = { a: crate::A }",
    );
}

#[test]
fn without_a_type_other_values_fit_where_that_is_wanted() {
    let config = Config::default();
    let schemas = "A: {properties: {a: {type: string}}}\nB: {minLength: 2}\nC: {not: {type: string}}";
    let (document, mut findings) = document("3.1.0", schemas, &config);
    let mut types = Types::new(&document, &config);
    types.untyped = Untyped::Exact;
    let mut api = Api::default();
    types.finish(&mut api, &mut findings);
    let expected = "\
A = any Object('A Object') | Other(Json)
A Object = { a?: Option<String> }
B = any Text(String len 2..) | Other(Json)
C = type Json !
";
    assert_eq!(render::models(&api), expected);
    let (_, findings) = lowered("3.1.0", schemas, &config);
    assert_eq!(codes(&findings), ["P0402", "P0402"]);
}

#[test]
fn derives_hold_for_all_that_a_type_holds() {
    let schemas = "
Exact: {type: object, properties: {a: {type: string}, b: {$ref: '#/components/schemas/Choice'}}}
Choice: {type: string, enum: [a, b]}
Open: {type: string, enum: [a, b], x-photon-open: true}
Float: {type: object, required: [a], properties: {a: {type: number}}}
Holds: {type: array, items: {$ref: '#/components/schemas/Float'}}
";
    let (api, _) = lowered("3.1.0", schemas, &Config::default());
    let found = |name: &str| api.models.iter().find(|model| model.name.wire == name).unwrap();
    let choice = Derives { copy: true, eq: true, hash: true, ord: true };
    assert_eq!(found("Choice").derives, choice);
    assert_eq!(found("Open").derives, Derives { copy: false, ..choice });
    assert!(found("Exact").derives.eq && found("Exact").default);
    assert!(!found("Float").derives.eq && !found("Float").default);
    assert!(!found("Holds").derives.eq);
}

#[test]
fn what_cannot_be_meant_is_told() {
    let check = |schemas: &str, expected: &[&str]| {
        let (_, findings) = lowered("3.1.0", schemas, &Config::default());
        assert_eq!(codes(&findings), expected, "{schemas}");
    };
    check("A: {type: object, properties: {a: {type: integer, minimum: 5, default: 1}}}", &["P0403"]);
    check("A: {type: object, required: [a], properties: {a: {$ref: '#/components/schemas/A'}}}", &["P0404"]);
    check("A: {type: string, oneOf: [{type: integer}, {type: object}]}", &["P0405"]);
    check(
        "A: {oneOf: [{type: object, properties: {k: {type: string}}}, {type: object, properties: {l: {type: string}}}], discriminator: {propertyName: k}}",
        &["P0406"],
    );
}

#[test]
fn deep_schemas_end() {
    let deep = |depth: usize| {
        "A: ".to_owned() + &"{type: array, items: ".repeat(depth) + "{type: string}" + &"}".repeat(depth)
    };
    let (_, findings) = lowered("3.1.0", &deep(50), &Config::default());
    assert!(codes(&findings).is_empty());
    let (api, findings) = lowered("3.1.0", &deep(120), &Config::default());
    assert_eq!(codes(&findings), ["P0401"]);
    assert_eq!(api.models.len(), 1);
}

#[test]
fn long_chains_of_components_are_no_deep_recursion() {
    let mut schemas = String::new();
    for at in 0..3000 {
        let next = at + 1;
        let reference = format!("{{$ref: '#/components/schemas/S{next}'}}");
        writeln!(schemas, "S{at}: {{type: object, properties: {{next: {reference}}}}}").unwrap();
    }
    schemas += "S3000: {type: string}";
    let (api, _) = lowered("3.1.0", &schemas, &Config::default());
    assert_eq!(api.models.len(), 3001);
}

fn codes(findings: &Findings) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.id).filter(|id| id.starts_with("P04")).collect()
}
