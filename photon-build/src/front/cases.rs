//! Small documents: which findings they give, and what of them is served.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::front;
use crate::config::Config;
use crate::finding::Findings;
use crate::schema::{Schema, Type};
use crate::schema_json::to_json;
use crate::spec::{Document, Status, Version};

/// Files in a folder of their own, removed at the end.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("photon-front-{}-{number}", std::process::id()));
        for (name, text) in files {
            let file = path.join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(super) fn run_with(
    config: impl FnOnce(Config, &Folder) -> Config,
    files: &[(&str, &str)],
) -> (Option<Document>, Findings) {
    let folder = Folder::new(files);
    let mut findings = Findings::default();
    let config = config(Config::default(), &folder);
    let document = front(&config, &folder.0.join(files[0].0), &mut findings);
    (document, findings)
}

pub(super) fn run(files: &[(&str, &str)]) -> (Option<Document>, Findings) {
    run_with(|config, _| config, files)
}

pub(super) fn codes(findings: &Findings) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.id).collect()
}

pub(super) const HEAD: &str = "openapi: 3.1.0\ninfo: {title: t, version: 1.10}\n";
const HEAD_30: &str = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n";
const GOOD: &str = "  /good: {get: {responses: {'200': {description: d}}}}\n";

/// Checks what a document without `openapi` and `info` gives.
fn check(head: &str, rest: &str, expected: &[&str]) {
    let (_, findings) = run(&[("a.yaml", &format!("{head}{rest}"))]);
    assert_eq!(codes(&findings), expected, "{rest}\n{}", findings.render());
}

/// Checks what a schema gives.
fn check_schema(head: &str, schema: &str, expected: &[&str]) {
    check(head, &format!("components: {{schemas: {{A: {schema}}}}}\n"), expected);
}

/// Checks what an operation on `/x` gives, beside one that is fine.
fn check_operation(operation: &str, expected: &[&str]) {
    check(HEAD, &format!("paths:\n{GOOD}  /x: {{get: {{{operation}}}}}\n"), expected);
}

const REPLY: &str = "responses: {'200': {description: d}}";

#[test]
fn whole_documents() {
    check("", "", &["P0011"]);
    check("", "[]", &["P0011"]);
    check("", "openapi: [", &["P0003"]);
    check("", "a: 1\na: 2\nopenapi: 3.1.0\ninfo: {title: t, version: v}", &["P0102", "P0004"]);
    check("", "swagger: '2.0'", &["P0012"]);
    check("", "openapi: 4.0.0", &["P0013"]);
    check("", "openapi: 3.1.0", &["P0103"]);
    check(HEAD, "", &[]);
    check(HEAD, "more: 1", &["P0102"]);
    check(HEAD, "x-more: 1", &[]);
    check(HEAD, "tags: [{name: a}, {name: a}]", &["P0130"]);
    check(HEAD, "servers: [{url: '/{v}'}]", &["P0126"]);
    check(HEAD, "servers: [{url: '/{v}', variables: {v: {default: a, enum: [b]}}}]", &["P0126"]);
    check(HEAD_30, "webhooks: {}", &["P0124"]);
    check(HEAD, "components: {schemas: {'a b': {}}}", &["P0125"]);
}

#[test]
fn paths_and_operations() {
    let get = |path: &str| format!("paths:\n{GOOD}  '{path}': {{get: {{{REPLY}}}}}\n");
    check(HEAD, &get("/x"), &[]);
    check(HEAD, &get("x"), &["P0104"]);
    check(HEAD, &get("/x?a=b"), &["P0135"]);
    check(HEAD, &get("/x{"), &["P0105"]);
    check(HEAD, &get("/x/{id}"), &["P0107"]);
    check(HEAD, &get("/good/../%zz"), &["P0105"]);
    check(HEAD, &get("/%67ood"), &["P0110"]);
    check_operation("responses: {}", &["P0120"]);
    check_operation("responses: {'600': {description: d}}", &["P0121"]);
    check_operation(
        "responses: {200: {description: d}, 4xx: {description: d}, default: {description: d}}",
        &[],
    );
    check_operation("responses: {'200': {}}", &["P0103"]);
    check_operation("responses: {'200': null}", &["P0101"]);
    check_operation("responses: {'200': {description: d, content: {json: {}}}}", &["P0122"]);
    let parameter = |parameter: &str, expected: &[&str]| {
        check_operation(&format!("parameters: [{{{parameter}}}], {REPLY}"), expected);
    };
    parameter("name: a, in: query, schema: {}", &[]);
    parameter("name: a, in: body, schema: {}", &["P0116"]);
    parameter("name: a, in: path, required: true, schema: {}", &["P0108"]);
    parameter("name: a, in: query", &["P0113"]);
    parameter("name: a, in: query, schema: {}, content: {a/b: {}}", &["P0114"]);
    parameter("name: a, in: query, content: {a/b: {}, c/d: {}}", &["P0115"]);
    parameter("name: a, in: query, style: matrix, schema: {}", &["P0117"]);
    parameter("name: a b, in: header, schema: {}", &["P0118"]);
    parameter("name: Accept, in: header, schema: {}", &["P0119"]);
    parameter("name: a, in: query, schema: {}}, {name: a, in: query, schema: {}", &["P0112"]);
    parameter("name: a, in: query, style: deepObject, schema: {type: string}", &["P0131"]);
    check_operation(&format!("security: [{{a: []}}], {REPLY}"), &["P0127"]);
}

#[test]
fn schemas_as_they_are_written() {
    check_schema(HEAD, "{type: string}", &[]);
    check_schema(HEAD, "true", &[]);
    check_schema(HEAD, "7", &["P0311"]);
    check_schema(HEAD, "{type: strung}", &["P0301"]);
    check_schema(HEAD, "{type: file}", &["P0302"]);
    check_schema(HEAD, "{maxLength: many}", &["P0303"]);
    check_schema(HEAD, "{maxLength: '5'}", &["P0304"]);
    check_schema(HEAD, "{enum: [a, a]}", &["P0305"]);
    check_schema(HEAD, "{type: integer, default: a}", &["P0306"]);
    check_schema(HEAD, "{type: string, enum: [1]}", &["P0307"]);
    check_schema(HEAD, "{required: true}", &["P0308"]);
    check_schema(HEAD_30, "{type: array}", &["P0309"]);
    check_schema(HEAD_30, "{type: [string, 'null']}", &["P0310"]);
    check_schema(HEAD, "{items: [{}, {}]}", &["P0312"]);
    check_schema(HEAD, "{type: string, nullable: true}", &["P0313"]);
    check_schema(HEAD_30, "{required: []}", &["P0314"]);
    check_schema(HEAD, "{discriminator: {propertyName: a, mapping: {b: Nobody}}}", &["P0315"]);
    check_schema(HEAD, "{allOf: []}", &["P0316"]);
    check_schema(HEAD, "{minLength: 2, maxLength: 1}", &["P0317"]);
    check_schema(HEAD, "{allOf: [{type: string}, {type: object}]}", &["P0318"]);
    check_schema(HEAD_30, "{unheard: 1}", &["P0102"]);
    check_schema(HEAD_30, "{$ref: '#/components/schemas/B', maxLength: 1}, B: {type: string}", &["P0206"]);
    check_schema(HEAD, "{$ref: '#/components/schemas/B', maxLength: 1}, B: {type: string}", &[]);
}

#[test]
fn references_that_lead_nowhere() {
    check_schema(HEAD, "{$ref: '#/components/schemas/B'}", &["P0201"]);
    check_schema(HEAD, "{$ref: '#/components/schemas/A'}", &["P0202"]);
    check_schema(HEAD, "{$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}", &["P0202"]);
    check_schema(HEAD, "{allOf: [{$ref: '#/components/schemas/A'}, {type: object}]}", &["P0207"]);
    check_schema(HEAD, "{$ref: 'https://example.com/a.json'}", &["P0210"]);
    check_schema(HEAD, "{$ref: 'b.yaml'}", &["P0204"]);
    check_schema(HEAD, "{$ref: /dev/zero}", &["P0204"]);
    check_schema(HEAD, "{$ref: 7}", &["P0205"]);
    check_schema(HEAD, "{anyOf: [{$ref: '#/$defs/b'}], $defs: {b: {}}}", &["P0208"]);
    let relative = "{$id: 'https://h/a.json', $ref: n/b.json, $defs: {b: {$id: n/b.json, $ref: c.json}, c: {$id: n/c.json}}}";
    check_schema(HEAD, relative, &[]);
    check(HEAD, "components: {responses: {A: {$ref: '#/components/responses/A'}}}", &["P0202"]);
}

#[test]
fn a_missing_file_is_watched() {
    let text = format!("{HEAD}components: {{schemas: {{A: {{$ref: b.yaml}}}}}}\n");
    let (_, findings) = run(&[("a.yaml", &text)]);
    assert!(findings.sources.iter().any(|source| source.path().ends_with("b.yaml")));
}

#[test]
fn one_broken_operation_is_refused_and_no_other() {
    let rest = "components: {schemas: {A: {properties: {b: {$ref: '#/nowhere'}}}}}\n";
    let content = "content: {application/json: {schema: {items: {$ref: '#/components/schemas/A'}}}}";
    let text = format!(
        "{HEAD}paths:\n{GOOD}  /x: {{get: {{responses: {{'200': {{description: d, {content}}}}}}}}}\n{rest}"
    );
    let (document, _) = run(&[("a.yaml", &text)]);
    let document = document.unwrap();
    assert_eq!(document.operations.len(), 1);
    let refused: Vec<_> = document.refused.iter().map(|it| (&*it.method, &*it.path, it.code)).collect();
    assert_eq!(refused, [("GET", "/x", "P0201")]);
    let (document, findings) = run_with(|config, _| config.strict(), &[("a.yaml", &text)]);
    assert!(document.is_none() && findings.has_errors());
    // Of this one nothing would remain.
    let (document, findings) = run(&[("a.yaml", &text.replace(GOOD, ""))]);
    assert!(document.is_none() && findings.has_errors());
}

pub(super) fn schemas(head: &str, schemas: &str) -> Document {
    let (document, findings) = run(&[("a.yaml", &format!("{head}components: {{schemas: {{{schemas}}}}}\n"))]);
    document.unwrap_or_else(|| panic!("{}", findings.render()))
}

fn first(document: &Document) -> &Schema {
    document.schema(document.components[0].1)
}

#[test]
fn keywords_of_3_0_are_lifted() {
    let check = |schema: &str, expected: &str| {
        let document = schemas(HEAD_30, &format!("A: {schema}, B: {{type: object}}"));
        let mut name = |id| format!("#/{}", document.schema(id).name.as_deref().unwrap_or("?"));
        assert_eq!(to_json(&document, document.components[0].1, &mut name), expected, "{schema}");
    };
    check("{type: string, nullable: true}", r#"{"type":["null","string"]}"#);
    check("{nullable: true}", "{}");
    check("{type: string, nullable: true, enum: [a]}", r#"{"type":["null","string"],"enum":["a",null]}"#);
    check(
        "{nullable: true, allOf: [{$ref: '#/components/schemas/B'}]}",
        r##"{"anyOf":[{"allOf":[{"$ref":"#/B"}]},{"type":"null"}]}"##,
    );
    check(
        "{nullable: true, $ref: '#/components/schemas/B'}",
        r##"{"anyOf":[{"$ref":"#/B"},{"type":"null"}]}"##,
    );
    check("{nullable: true, anyOf: [{type: string}]}", r#"{"anyOf":[{"type":"string"},{"type":"null"}]}"#);
    check(
        "{type: integer, minimum: 1, exclusiveMinimum: true}",
        r#"{"type":"integer","exclusiveMinimum":1}"#,
    );
    check("{type: integer, maximum: 1.50, exclusiveMaximum: false}", r#"{"type":"integer","maximum":1.50}"#);
    check(
        "{type: number, multipleOf: 0.01, enum: [1.10, 2]}",
        r#"{"type":"number","enum":[1.10,2],"multipleOf":0.01}"#,
    );
    check(
        "{additionalProperties: false, properties: {a: {type: array, items: {}}}}",
        r#"{"properties":{"a":{"type":"array","items":{}}},"additionalProperties":false}"#,
    );
    check("{type: string, enum: [yes, 1.10, 08]}", r#"{"type":"string","enum":["yes","1.10","08"]}"#);
}

#[test]
fn circles_are_cut_where_the_base_lists_its_subtypes() {
    let document = schemas(
        HEAD,
        "Pet: {type: object, properties: {kind: {}}, oneOf: [{$ref: '#/components/schemas/Cat'}]}, \
         Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {claws: {}}}]}",
    );
    let cat = document.schema(document.components[1].1);
    let base = document.schema(document.target(cat.logic().all_of[0]));
    assert!(base.name.is_none() && base.logic().one_of.is_empty());
    assert_eq!(base.object().properties.len(), 1);
    assert_eq!(first(&document).logic().one_of.len(), 1);
}

#[test]
fn recursion_below_properties_is_no_circle() {
    let document = schemas(HEAD, "A: {properties: {next: {$ref: '#/components/schemas/A'}}}");
    let next = document.schema(first(&document).object().properties[0].schema);
    assert_eq!(next.reference, Some(document.components[0].1));
}

#[test]
fn references_lead_to_all_places() {
    let files = [
        (
            "api/a.yaml",
            "openapi: 3.1.0\ninfo: {title: t, version: v}\ncomponents:\n  schemas:\n    \
             A: {$ref: '#/components/schemas/Foo/properties/bar~1x'}\n    \
             B: {$ref: '../common/b%20c.yaml'}\n    \
             C: {$ref: '../common/b%20c.yaml#/$defs/D'}\n    \
             D: {$ref: '#here'}\n    \
             E: {$ref: 'https://example.com/schemas/tree.json'}\n    \
             F: {$ref: 'https://vendored.example/x/y.json#/definitions/Z'}\n    \
             G: {$ref: 'm.json#/paths/~1a/get/responses/200/content/application~1json/schema'}\n    \
             Foo: {properties: {bar/x: {title: bar}}, $defs: {h: {$anchor: here, title: anchored}}}\n    \
             Tree: {$id: 'https://example.com/schemas/tree.json', title: tree}\n",
        ),
        (
            "common/b c.yaml",
            "title: whole\nproperties: {d: {$ref: 'sub/e.yaml#/E'}}\n$defs: {D: {title: def}}\n",
        ),
        ("common/sub/e.yaml", "E: {title: e, items: {$ref: '../b%20c.yaml'}}\n"),
        ("vendor/vendored.example/x/y.json", r#"{"definitions": {"Z": {"title": "z"}}}"#),
        (
            "api/m.json",
            r#"{"paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"title": "deep"}}}}}}}}}"#,
        ),
    ];
    let (document, findings) = run_with(|config, folder| config.vendor(folder.0.join("vendor")), &files);
    assert_eq!(codes(&findings), Vec::<&str>::new(), "{}", findings.render());
    let document = document.unwrap();
    let target = |index: usize| document.schema(document.target(document.components[index].1));
    let titles: Vec<_> = (0..7).map(|index| target(index).title.as_deref().unwrap_or("")).collect();
    assert_eq!(titles, ["bar", "whole", "def", "anchored", "tree", "z", "deep"]);
    let names: Vec<_> = (0..7).map(|index| target(index).name.as_deref()).collect();
    assert_eq!(names[1..6], [Some("b c"), Some("D"), Some("h"), Some("Tree"), Some("Z")]);
    let whole = target(1);
    let e = document.schema(document.target(whole.object().properties[0].schema));
    assert_eq!((e.title.as_deref(), e.name.as_deref()), (Some("e"), Some("E")));
    assert_eq!(document.target(e.array().items.unwrap()), document.target(document.components[1].1));
    assert_eq!(
        document.pointer(document.target(document.components[0].1)),
        "/components/schemas/Foo/properties/bar~1x"
    );
}

#[test]
fn operations_hold_what_they_refer_to() {
    let text = format!(
        "{HEAD}servers: [{{url: 'https://h/{{v}}', variables: {{v: {{default: v1}}}}}}]\nsecurity: [{{k: []}}]\npaths:\n  \
         /a/{{id}}.json:\n    parameters: [{{$ref: '#/components/parameters/Id'}}, {{name: q, in: query, schema: {{type: string}}}}]\n    \
         get:\n      operationId: getA\n      parameters: [{{name: q, in: query, required: true, schema: {{type: integer}}}}]\n      \
         responses: {{404: {{$ref: '#/components/responses/Gone'}}, default: {{$ref: '#/components/responses/Gone'}}}}\n    \
         post: {{security: [], operationId: getA, requestBody: {{content: {{text/plain: {{}}}}}}, {REPLY}}}\n\
         components:\n  parameters: {{Id: {{name: id, in: path, required: true, schema: {{}}}}}}\n  \
         responses: {{Gone: {{description: gone, headers: {{X-A: {{schema: {{}}}}}}}}}}\n  \
         securitySchemes: {{k: {{type: apiKey, in: header, name: X-Key}}}}\n"
    );
    let (document, findings) = run(&[("a.yaml", &text)]);
    assert_eq!(codes(&findings), ["P0111"], "{}", findings.render());
    let document = document.unwrap();
    assert_eq!((document.version, &*document.info.version), (Version::V3_1, "1.10"));
    assert_eq!(document.servers[0].url_at_defaults(), "https://h/v1");
    let [get, post] = &document.operations[..] else { panic!("two operations") };
    let parameters: Vec<_> =
        get.parameters.iter().map(|it| (&*it.name, it.required, it.component.as_deref())).collect();
    assert_eq!(parameters, [("id", true, Some("Id")), ("q", true, None)]);
    let types = document.schema(get.parameters[1].schema.unwrap()).types;
    assert_eq!(types.single(), Some(Type::Integer));
    assert_eq!(get.responses[0].status, Status::Code(404));
    assert!(std::rc::Rc::ptr_eq(&get.responses[0].reply, &get.responses[1].reply));
    assert_eq!(get.responses[0].reply.component.as_deref(), Some("Gone"));
    assert_eq!(get.security.as_ref().map(|it| it.len()), Some(1));
    assert_eq!(post.security.as_ref().map(|it| it.len()), Some(0));
    assert_eq!(post.id, None);
}

#[test]
fn the_new_methods_of_3_2() {
    let text = format!(
        "openapi: 3.2.0\ninfo: {{title: t, version: v}}\npaths:\n  /a:\n    query: {{{REPLY}}}\n    \
         additionalOperations: {{COPY: {{{REPLY}}}, get: {{{REPLY}}}}}\n"
    );
    let (document, findings) = run(&[("a.yaml", &text)]);
    assert_eq!(codes(&findings), ["P0136"]);
    let methods: Vec<_> = document.unwrap().operations.iter().map(|it| it.method.to_string()).collect();
    assert_eq!(methods, ["QUERY", "COPY"]);
}

#[test]
fn only_what_is_chosen_is_read() {
    let text = format!("{HEAD}paths:\n{GOOD}  /x/y: {{get: {{tags: [a], operationId: o, {REPLY}}}}}\n");
    let count = |choose: fn(Config) -> Config| {
        let (document, _) = run_with(|config, _| choose(config), &[("a.yaml", &text)]);
        document.unwrap().operations.len()
    };
    assert_eq!(count(|config| config), 2);
    assert_eq!(count(|config| config.tag("a")), 1);
    assert_eq!(count(|config| config.path("/x/*")), 1);
    assert_eq!(count(|config| config.operation("o").path("/good")), 2);
}

#[test]
fn overlays_are_applied_first() {
    let text = format!(
        "{HEAD}paths:\n{GOOD}  /x: {{get: {{x-internal: true, {REPLY}}}, post: {{tags: [a], {REPLY}}}}}\n"
    );
    let check = |actions: &str, expected: &str, expected_codes: &[&str]| {
        let overlay = format!("overlay: 1.0.0\nactions:\n{actions}");
        let files = [("a.yaml", text.as_str()), ("o.yaml", overlay.as_str())];
        let (document, findings) = run_with(|config, folder| config.overlay(folder.0.join("o.yaml")), &files);
        assert_eq!(codes(&findings), expected_codes, "{}", findings.render());
        let shown = document.map(|document| {
            let shown = document.operations.iter().map(|it| format!("{} {}", it.method, it.path.text));
            format!("{} {}", document.info.title, shown.collect::<Vec<_>>().join(", "))
        });
        assert_eq!(shown.as_deref().unwrap_or("none"), expected, "{actions}");
    };
    check("- {target: $.info, update: {title: new}}", "new GET /good, GET /x, POST /x", &[]);
    check("- {target: '$.paths[\"/x\"]', remove: true}", "t GET /good", &[]);
    check(
        "- {target: '$.paths.*.*[?@.x-internal]', remove: true}",
        "t GET /good, GET /x, POST /x",
        &["P0009"],
    );
    check("- {target: '$.paths.*[?@.x-internal == true]', remove: true}", "t GET /good, POST /x", &[]);
    check("- {target: '$.paths[*][?(@.tags)]', remove: true}", "t GET /good, GET /x", &[]);
    check("- {target: '$..post', remove: true}", "t GET /good, GET /x", &[]);
    check("- {target: '$.paths[?length(@) > 1]', remove: true}", "none", &["P0008"]);
    check("- {target: info, remove: true}", "none", &["P0008"]);
}
