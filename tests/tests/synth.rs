//! What the judge sends fits the document: every value is checked by the `jsonschema` crate, in its own reading.

// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::PathBuf;

use photon_tests::document::{Document, Node};
use photon_tests::synth::{Synth, lacking, whole};
use serde_json::Value;

/// Loads a document that is written to a file of its own.
fn document(name: &str, text: &str) -> Document {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(format!("synth-{name}.yaml"));
    std::fs::write(&path, text).unwrap();
    Document::load(&path, None).unwrap()
}

/// Makes a value for `schema` and checks it against the same text.
fn check(name: &str, schema: &str) {
    let document = document(name, &format!("openapi: 3.1.0\nschema: {schema}"));
    let node: Node<'_> = document.root().get("schema").unwrap();
    let value = Synth::new(&document).value(node, true).unwrap_or_else(|| panic!("nothing for {schema}"));
    let plain: Value = node.value.clone();
    assert!(jsonschema::is_valid(&plain, &value), "{schema} does not accept {value}");
}

#[test]
fn values_fit_their_schemas() {
    let schemas = [
        "{type: string, minLength: 3, maxLength: 5}",
        "{type: string, pattern: '^[A-Z]{2}-[0-9]+$', maxLength: 6}",
        "{type: string, pattern: '^photon', minLength: 20}",
        "{type: integer, minimum: 10, exclusiveMaximum: 12}",
        "{type: integer, multipleOf: 7, minimum: 50}",
        "{type: number, exclusiveMinimum: 0, maximum: 0.5}",
        "{type: [string, 'null'], enum: [null, b]}",
        "{const: {a: [1, 2]}}",
        "{type: array, items: {type: integer}, minItems: 3, uniqueItems: true}",
        "{type: array, prefixItems: [{type: string}, {type: boolean}], items: false, minItems: 2}",
        "{type: array, contains: {type: integer, minimum: 5}}",
        "{type: object, required: [a], properties: {a: {type: string}, b: {type: boolean}}, additionalProperties: false}",
        "{type: object, required: [x, y]}",
        "{type: object, patternProperties: {'^s_[a-z]+$': {type: string}}, additionalProperties: false, minProperties: 2}",
        "{type: object, additionalProperties: {type: integer}, minProperties: 3}",
        "{type: object, propertyNames: {pattern: '^[a-z]{4}$'}, minProperties: 1}",
        "{allOf: [{type: object, required: [a], properties: {a: {type: string}}}, {required: [b], properties: {a: {maxLength: 2}, b: {type: integer}}}]}",
        "{oneOf: [{type: object, required: [a]}, {type: object, required: [b], properties: {a: false}}]}",
        "{oneOf: [{type: integer, multipleOf: 2}, {type: integer, multipleOf: 3}]}",
        "{anyOf: [{type: 'null'}, {type: string, minLength: 2}]}",
        "{type: object, properties: {a: {}, b: {}}, dependentRequired: {a: [b]}, required: [a]}",
        "{type: object, properties: {kind: {enum: [x]}}, required: [kind], if: {properties: {kind: {const: x}}}, then: {required: [kind]}}",
        "{not: {type: string}, type: [string, integer]}",
        "true",
    ];
    for (at, schema) in schemas.into_iter().enumerate() {
        check(&at.to_string(), schema);
    }
}

const STORE: &str = r"
openapi: 3.0.3
servers: [{url: 'https://example.com/{stage}/', variables: {stage: {default: v1}}}]
paths:
  /trees/{id}.json:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer, minimum: 3}}
    post:
      security: [{key: []}]
      parameters:
        - {name: tags, in: query, required: true, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}, minItems: 2}}
        - {name: X-Trace, in: header, schema: {type: string, format: uuid}}
        - {name: Accept, in: header, required: true, schema: {type: string}}
        - {name: session, in: cookie, schema: {type: string}}
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Tree'}}
components:
  securitySchemes: {key: {type: apiKey, in: query, name: key}}
  schemas:
    Tree:
      type: object
      required: [id, name, children]
      properties:
        id: {type: string, readOnly: true}
        name: {type: string}
        weight: {type: number, minimum: 0, exclusiveMinimum: true}
        children: {type: array, items: {$ref: '#/components/schemas/Tree'}}
";

#[test]
fn a_request_has_all_its_parts() {
    let document = document("store", STORE);
    let operations = document.operations();
    let synth = Synth::new(&document);
    let request = whole(&synth, &operations[0], &document.base_path()).unwrap();
    assert_eq!(request.method, "POST");
    assert_eq!(request.target, "/v1/trees/7.json?tags=photon%7Cphoton1&key=photon-key");
    let header =
        |name: &str| request.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    assert_eq!(header("Cookie"), Some("session=photon"));
    assert_eq!(header("Content-Type"), Some("application/json"));
    assert_eq!(header("X-Trace").map(str::len), Some(36));
    assert_eq!(header("Accept"), Some("*/*"));
    let body: Value = serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
    assert!(
        body.get("id").is_none() && body["name"].is_string() && body["weight"].as_f64() > Some(0.0),
        "{body}"
    );
}

#[test]
fn a_lacking_request_lacks_one_part() {
    let document = document("lacking", STORE);
    let operations = document.operations();
    let synth = Synth::new(&document);
    let lacking = lacking(&synth, &operations[0], "").unwrap();
    let body: Option<Value> =
        lacking.request.body.as_deref().map(|body| serde_json::from_slice(body).unwrap());
    let there = |name: &str| body.as_ref().is_some_and(|body| body.get(name).is_some());
    let lacks = [
        ("query tags", !lacking.request.target.contains("tags")),
        ("body", body.is_none()),
        ("body /name", !there("name") && there("children")),
        ("body /children", !there("children") && there("name")),
    ];
    assert!(lacks.contains(&(lacking.part.as_str(), true)), "{lacking:?}");
}

#[test]
fn discriminators_name_their_branch() {
    let text = r"
openapi: 3.0.3
schema:
  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
  discriminator: {propertyName: kind, mapping: {feline: '#/components/schemas/Cat'}}
components:
  schemas:
    Cat: {type: object, required: [kind, lives], properties: {kind: {type: string}, lives: {type: integer}}}
    Dog: {type: object, required: [kind, tricks], properties: {kind: {type: string}, tricks: {type: integer}}}
";
    let document = document("discriminator", text);
    let node = document.root().get("schema").unwrap();
    let value = Synth::new(&document).value(node, true).unwrap();
    assert_eq!(value["kind"], "feline");
    assert!(value.get("lives").is_some());
}
