//! What names itself, and what refers to such names: `$id`, anchors, dynamic references, metaschemas.

use super::cases::{HEAD, codes, run, run_with, schemas};
use crate::schema::SchemaId;
use crate::schema_json::to_json;
use crate::spec::Document;

/// The component `name` as JSON, and the names of all that it refers to, each once, in order.
fn shown(document: &Document, name: &str) -> Vec<String> {
    let found = document.components.iter().find(|(known, _)| &**known == name);
    let mut shown = Vec::new();
    let mut open: Vec<SchemaId> = found.map(|(_, id)| *id).into_iter().collect();
    let mut next = 0;
    while let Some(id) = open.get(next).copied() {
        next += 1;
        let text = to_json(document, id, &mut |target| {
            if !open.contains(&target) {
                open.push(target);
            }
            let own_name = document.schema(target).name.as_deref();
            own_name.unwrap_or("?").to_owned()
        });
        shown.push(text);
    }
    shown
}

fn check(text: &str, name: &str, expected: &[&str]) {
    assert_eq!(shown(&schemas(HEAD, text), name), expected, "{name} of {text}");
}

const LIST: &str = "List: {$id: list, items: {$dynamicRef: '#item'}, $defs: {Any: {$dynamicAnchor: item}}}";

#[test]
fn a_generic_schema_becomes_what_it_is_referred_to_as() {
    let pets = "Pets: {$id: pets, $ref: list, $defs: {Pet: {$dynamicAnchor: item, type: string}}}";
    let numbers =
        "Numbers: {$id: numbers, $ref: list, $defs: {Number: {$dynamicAnchor: item, type: number}}}";
    let text = format!("{LIST}, {pets}, {numbers}");
    check(&text, "List", &[r#"{"items":{"$ref":"Any"}}"#, "{}"]);
    let pet = r#"{"type":"string"}"#;
    check(&text, "Pets", &[r#"{"$ref":"List of Pet"}"#, r#"{"items":{"$ref":"Pet"}}"#, pet]);
    let number = r#"{"type":"number"}"#;
    check(&text, "Numbers", &[r#"{"$ref":"List of Number"}"#, r#"{"items":{"$ref":"Number"}}"#, number]);
    // The outermost anchor counts, however many resources lie between; an `$anchor` does not.
    // A definition that is called as its anchor says nothing; its component does.
    let text =
        format!("{LIST}, Users: {{$id: users, $ref: list, $defs: {{item: {{$dynamicAnchor: item}}}}}}");
    check(&text, "Users", &[r#"{"$ref":"List of Users"}"#, r#"{"items":{"$ref":"item"}}"#, "{}"]);
    let between = "Middle: {$id: middle, $ref: list, $defs: {M: {$anchor: item}}}";
    let outer = "Outer: {$id: outer, $ref: middle, $defs: {O: {$dynamicAnchor: item, type: 'null'}}}";
    let text = format!("{LIST}, {between}, {outer}");
    let list = r#"{"items":{"$ref":"O"}}"#;
    check(
        &text,
        "Outer",
        &[r#"{"$ref":"Middle of O"}"#, r#"{"$ref":"List of O"}"#, list, r#"{"type":"null"}"#],
    );
}

#[test]
fn a_recursive_schema_is_extended() {
    let tree =
        "Tree: {$id: tree, $dynamicAnchor: node, properties: {children: {items: {$dynamicRef: '#node'}}}}";
    let strict = "Strict: {$id: strict, $dynamicAnchor: node, $ref: tree, unevaluatedProperties: false}";
    let text = format!("{tree}, {strict}");
    check(&text, "Tree", &[r#"{"properties":{"children":{"items":{"$ref":"Tree"}}}}"#]);
    let inner = r#"{"properties":{"children":{"items":{"$ref":"Strict"}}}}"#;
    check(&text, "Strict", &[r#"{"$ref":"Tree of Strict","unevaluatedProperties":false}"#, inner]);
}

#[test]
fn references_that_no_scope_decides_are_plain() {
    let anchored = "A: {$id: a, items: {$dynamicRef: '#b'}, $defs: {B: {$anchor: b, type: string}}}";
    check(anchored, "A", &[r#"{"items":{"$ref":"B"}}"#, r#"{"type":"string"}"#]);
    let pointed = "A: {$id: a, items: {$dynamicRef: '#/$defs/B'}, $defs: {B: {$dynamicAnchor: b}}}";
    check(pointed, "A", &[r#"{"items":{"$ref":"B"}}"#, "{}"]);
    let beside = "A: {$id: a, $ref: '#/$defs/C', $dynamicRef: '#b', $defs: {B: {$dynamicAnchor: b}, C: {}}}";
    check(beside, "A", &[r#"{"$ref":"C","allOf":[{}]}"#, "{}"]);
}

#[test]
fn anchors_of_resources_that_are_entered_by_a_pointer_count() {
    let second =
        "Second: {$id: second, $defs: {s: {$ref: 'third#/$defs/s'}, l: {$dynamicAnchor: l, type: string}}}";
    let third = "Third: {$id: third, $defs: {s: {$dynamicRef: '#l'}, l: {$dynamicAnchor: l, type: number}}}";
    let text = format!("A: {{$ref: 'second#/$defs/s'}}, {second}, {third}");
    let expected =
        [r#"{"$ref":"s"}"#, r#"{"$ref":"s of Second"}"#, r#"{"$ref":"l"}"#, r#"{"type":"string"}"#];
    check(&text, "A", &expected);
}

#[test]
fn only_schemas_have_names() {
    let unknown = "U: {not: {list: [{$id: 'https://h/x', title: wrong}], more: {a: {$anchor: x}}}}";
    let real = "R: {$id: 'https://h/x', title: right, type: string}, S: {$anchor: x, type: number}";
    let text = format!("{unknown}, A: {{$ref: 'https://h/x'}}, B: {{$ref: '#x'}}, {real}");
    check(&text, "A", &[r#"{"$ref":"R"}"#, r#"{"type":"string"}"#]);
    check(&text, "B", &[r#"{"$ref":"S"}"#, r#"{"type":"number"}"#]);
}

#[test]
fn the_metaschemas_are_known() {
    let text = "A: {$ref: 'https://json-schema.org/draft/2020-12/schema'}";
    let (document, findings) = run(&[("a.yaml", &format!("{HEAD}components: {{schemas: {{{text}}}}}\n"))]);
    assert_eq!(codes(&findings), Vec::<&str>::new(), "{}", findings.render());
    let shown = shown(&document.unwrap(), "A");
    let properties = r#""additionalProperties":{"$ref":"schema"}"#;
    assert!(shown.iter().any(|text| text.contains(properties)), "{shown:#?}");
    let refused = "https://json-schema.org/draft/2020-12/meta/other";
    let (_, findings) =
        run(&[("a.yaml", &format!("{HEAD}components: {{schemas: {{A: {{$ref: '{refused}'}}}}}}\n"))]);
    assert_eq!(codes(&findings), ["P0210"]);
}

/// Checks what a schema is read as in a dialect, and the findings.
fn check_dialect(dialect: &str, schema: &str, expected: &str, expected_codes: &[&str]) {
    let vocabulary = |name: &str| format!("https://json-schema.org/draft/2020-12/vocab/{name}");
    let metaschema = |more: &str| {
        format!(
            r#"{{"$vocabulary": {{"{}": true, "{}": false{more}}}}}"#,
            vocabulary("core"),
            vocabulary("applicator")
        )
    };
    let bare = metaschema("");
    let validating =
        metaschema(&format!(r#", "{}": true, "https://h/own": false"#, vocabulary("validation")));
    let demanding = metaschema(r#", "https://h/own": true"#);
    let inner = format!("components: {{schemas: {{A: {{$schema: '{dialect}', {schema}}}}}}}\n");
    let outer = format!("jsonSchemaDialect: '{dialect}'\ncomponents: {{schemas: {{A: {{{schema}}}}}}}\n");
    for text in [inner, outer] {
        let text = format!("{HEAD}{text}");
        let files = [
            ("a.yaml", text.as_str()),
            ("vendor/h/bare", &bare),
            ("vendor/h/validating", &validating),
            ("vendor/h/demanding", &demanding),
        ];
        let (document, findings) = run_with(|config, folder| config.vendor(folder.0.join("vendor")), &files);
        assert_eq!(codes(&findings), expected_codes, "{text}{}", findings.render());
        assert_eq!(shown(&document.unwrap(), "A")[0], expected, "{text}");
    }
}

#[test]
fn a_schema_says_what_its_dialect_has() {
    let latest = "https://json-schema.org/draft/2020-12/schema";
    check_dialect(latest, "prefixItems: [{}]", r#"{"prefixItems":[{}]}"#, &[]);
    check_dialect("https://spec.openapis.org/oas/3.1/dialect/base", "const: 1", r#"{"const":1}"#, &[]);
    let before = "https://json-schema.org/draft/2019-09/schema";
    check_dialect(before, "prefixItems: [{}], minItems: 1", r#"{"minItems":1}"#, &["P0322"]);
    let listed = r#"{"prefixItems":[{"type":"string"}],"items":false}"#;
    check_dialect(before, "items: [{type: string}], additionalItems: false", listed, &["P0312"]);
    let old = "http://json-schema.org/draft-07/schema#";
    check_dialect(
        old,
        "$ref: '#/components/schemas/A/$defs/b', maxItems: 1, $defs: {b: {}}",
        r#"{"$ref":"b"}"#,
        &["P0322"],
    );
    check_dialect(old, "if: {}, then: {}, const: 1", r#"{"const":1,"if":{},"then":{}}"#, &[]);
    check_dialect(
        "http://json-schema.org/draft-04/schema#",
        "const: 1, type: string",
        r#"{"type":"string"}"#,
        &["P0322"],
    );
    let kept = r#"{"items":{}}"#;
    check_dialect("https://h/bare", "type: array, items: {maximum: 1}", kept, &["P0322", "P0322"]);
    check_dialect("https://h/validating", "type: array, items: {}", r#"{"type":"array","items":{}}"#, &[]);
    check_dialect("https://h/absent", "type: array", r#"{"type":"array"}"#, &["P0321"]);
    check_dialect("https://h/demanding", "items: {}", kept, &["P0323"]);
}
