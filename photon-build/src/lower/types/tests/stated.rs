//! What models are said to stand for, against what their tables accept.

use serde_json::{Value, json};

use super::accept::Acceptor;
use super::lowered;
use crate::config::Config;
use crate::ir::{Rule, Type};

/// Schemas, the model that is asked, and values with whether they fit it: by its schema and by its tables.
type Case = (&'static str, &'static str, &'static [(&'static str, bool)]);

const CASES: [Case; 6] = [
    (
        // A property that one of them gives no type, and another does.
        "
Envelope: {type: object, properties: {result: {anyOf: [{type: object}, {type: string}]}}}
Answer:
  allOf:
    - $ref: '#/components/schemas/Envelope'
    - properties: {result: {properties: {changed: {type: boolean}}}}
",
        "Answer",
        &[
            (r#"{"result": "some text"}"#, true),
            (r#"{"result": {"changed": true}}"#, true),
            (r#"{"result": {"changed": 1}}"#, false),
            (r#"{"result": 1}"#, false),
        ],
    ),
    (
        // One says that it is read only, another requires it, at any distance.
        "
Base: {allOf: [{$ref: '#/components/schemas/Own'}]}
Own: {type: object, properties: {id: {$ref: '#/components/schemas/Id'}, name: {type: string}}}
Id: {type: integer, readOnly: true}
Stored: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, required: [id, name]}]}
",
        "Stored",
        &[(r#"{"name": "a"}"#, true), (r#"{"id": 1}"#, false), (r#"{"name": "a", "id": "x"}"#, false)],
    ),
    (
        "
Found: {type: object, additionalProperties: false, properties: {name: {type: string}}}
Gone:
  type: object
  additionalProperties: false
  required: [id, gone]
  properties: {id: {type: string, readOnly: true}, gone: {type: boolean}}
Either: {oneOf: [{$ref: '#/components/schemas/Found'}, {$ref: '#/components/schemas/Gone'}]}
",
        "Either",
        &[(r#"{"gone": true}"#, true), (r#"{"name": "a"}"#, true), (r#"{"gone": true, "name": "a"}"#, false)],
    ),
    (
        // What stands beside a union has no type, the branches have.
        "
Query:
  type: object
  properties: {out: {anyOf: [{type: object}, {type: 'null'}], additionalProperties: {type: integer}}}
",
        "Query",
        &[
            (r#"{"out": null}"#, true),
            (r#"{"out": {"a": 1}}"#, true),
            (r#"{"out": {"a": "x"}}"#, false),
            (r#"{"out": "x"}"#, false),
        ],
    ),
    (
        // What is required of all is read only in each.
        "
Row: {type: object, properties: {id: {type: string, readOnly: true}}}
A: {allOf: [{$ref: '#/components/schemas/Row'}, {type: object, properties: {a: {type: integer}}, required: [a]}]}
B: {allOf: [{$ref: '#/components/schemas/Row'}, {type: object, properties: {b: {type: integer}}, required: [b]}]}
Any: {type: object, oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], required: [id]}
",
        "Any",
        &[(r#"{"a": 1}"#, true), (r#"{"b": 1, "id": "x"}"#, true), (r#"{"id": "x"}"#, false)],
    ),
    (
        // Types that hold each other, declared twice.
        "
Tree: {type: object, properties: {child: {$ref: '#/components/schemas/Tree'}, size: {minimum: 1}}}
Named:
  allOf:
    - $ref: '#/components/schemas/Tree'
    - {type: object, properties: {name: {type: string}, child: {$ref: '#/components/schemas/Named'}}}
",
        "Named",
        &[
            (r#"{"child": {"child": {"name": "a", "size": 2}}}"#, true),
            (r#"{"child": {"child": {"name": 1}}}"#, false),
            (r#"{"child": {"child": {"size": 0}}}"#, false),
        ],
    ),
];

#[test]
fn models_stand_for_what_their_tables_accept() {
    let config = Config::default().hook(|_| proc_macro2::TokenStream::new());
    for (schemas, name, values) in CASES {
        let (api, _) = lowered("3.1.0", schemas, &config);
        let acceptor = Acceptor::new(&api, false).unwrap();
        let at = api.models.iter().position(|model| model.name.wire == name).unwrap();
        let mut schema: Value = serde_json::from_str(&api.stated).unwrap();
        schema["$ref"] = json!(format!("#/$defs/{}", api.models[at].stated));
        let ty = Type::Model(crate::ir::ModelId(u32::try_from(at).unwrap()));
        for (text, expected) in values {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(jsonschema::is_valid(&schema, &value), *expected, "{name} {text}\n{schema:#}");
            assert_eq!(
                acceptor.fits(&ty, &Rule::default(), &value),
                *expected,
                "{name} {text}, by its tables"
            );
        }
    }
}
