//! Documents in, operations out, each written in a few lines.

use std::fmt::Write as _;

use super::lower;
use crate::config::{Config, UnknownMedia};
use crate::finding::Findings;
use crate::ir::{self, Output, Status, Type};
use crate::{load, parse};

const HEAD: &str = "openapi: 3.2.0\ninfo: { title: Test, version: '1' }\n";

const COMPONENTS: &str = "
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    bearer: { type: http, scheme: bearer, bearerFormat: JWT }
    unused: { type: http, scheme: basic }
  schemas:
    Pet: { type: object, properties: { name: { type: string } }, required: [name] }
    Fault: { type: object, properties: { code: { type: integer } } }
    Problem:
      type: object
      properties: { type: { type: string }, title: { type: string }, status: { type: integer } }
    Upload:
      type: object
      required: [photo]
      properties:
        photo: { type: string, format: binary }
        more: { type: array, items: { type: string, format: binary } }
        note: { type: string }
";

fn lowered(config: &Config, paths: &str) -> (ir::Api, Findings) {
    static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("photon-lower-{}-{number}.yaml", std::process::id()));
    std::fs::write(&path, format!("{HEAD}{paths}{COMPONENTS}")).unwrap();
    let mut findings = Findings::default();
    let files = load::load(config, &mut findings, &path);
    std::fs::remove_file(&path).unwrap();
    let document = parse::parse(config, &mut findings, &files.unwrap()).unwrap();
    let api = lower(&document, config, &mut findings);
    (api, findings)
}

fn check(paths: &str, expected: &str) {
    let (api, findings) = lowered(&Config::default(), paths);
    let mut shown = String::new();
    for finding in findings.iter() {
        writeln!(shown, "{}", finding.code.id).unwrap();
    }
    for owner in &api.traits {
        writeln!(shown, "[{}]", owner.name.wire).unwrap();
        for operation in &owner.operations {
            show_operation(&api, operation, &mut shown);
        }
    }
    let plain = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    assert_eq!(plain(&shown), plain(expected), "\n{shown}");
}

/// One operation below `/x`, given in flow style.
fn check_get(operation: &str, expected: &str) {
    let indented = operation.trim_end().replace('\n', "\n    ");
    check(&format!("paths:\n  /x:\n    get:\n      operationId: getX\n    {indented}\n"), expected);
}

fn show_operation(api: &ir::Api, operation: &ir::Operation, out: &mut String) {
    write!(out, "{} {}{}", operation.method, api.base_path, operation.path).unwrap();
    for require in &operation.requires {
        let value = require.value.as_ref().map(|value| format!("={value}")).unwrap_or_default();
        write!(out, " if {:?} {}{value}", require.location, require.name).unwrap();
    }
    writeln!(out, " {}", operation.method_name.wire).unwrap();
    if operation.caller != ir::Caller::None {
        let alternatives: Vec<String> = operation
            .security
            .iter()
            .map(|combination| {
                let schemes = combination.iter().map(|one| &api.schemes[one.scheme]);
                schemes.map(|scheme| scheme.name.wire.as_str()).collect::<Vec<_>>().join("+")
            })
            .collect();
        writeln!(out, "caller {:?} {}", operation.caller, alternatives.join("|")).unwrap();
    }
    for param in &operation.params {
        let json = if param.json { " json" } else { "" };
        let default = param.default.as_ref().map(|text| format!(" = {text}")).unwrap_or_default();
        let ty = show_type(api, &param.ty);
        let verbatim = if param.style == ir::Style::Cookie { " verbatim" } else { "" };
        writeln!(out, "{:?} {}: {ty}{default}{json}{verbatim}", param.location, param.name.wire).unwrap();
    }
    if let Some(body) = &operation.body {
        let media: Vec<String> = body.media.iter().map(|media| show_media(api, media)).collect();
        writeln!(out, "body{} {}", if body.required { "" } else { "?" }, media.join(" | ")).unwrap();
    }
    show_output(api, &operation.output, out);
    if let ir::ErrorType::Enum { answers, .. } = &operation.error {
        for answer in answers {
            writeln!(out, "! {}", show_answer(api, answer)).unwrap();
        }
    }
}

fn show_output(api: &ir::Api, output: &Output, out: &mut String) {
    match output {
        Output::Unit { status } => writeln!(out, "-> {status}").unwrap(),
        Output::Value { status, media } => writeln!(out, "-> {status} {}", show_media(api, media)).unwrap(),
        Output::Struct(answer) => {
            writeln!(out, "-> struct {} {}", answer.name.wire, show_answer(api, answer)).unwrap();
        }
        Output::Enum { name, answers } => {
            let answers: Vec<String> = answers.iter().map(|answer| show_answer(api, answer)).collect();
            writeln!(out, "-> enum {}: {}", name.wire, answers.join(", ")).unwrap();
        }
        Output::Stream { status, media, .. } => {
            writeln!(out, "-> stream {status} {}", show_media(api, media)).unwrap();
        }
        Output::Socket { receive, send } => {
            let (receive, send) = (show_media(api, receive), show_media(api, send));
            writeln!(out, "-> socket receives {receive}, sends {send}").unwrap();
        }
    }
}

fn show_answer(api: &ir::Api, answer: &ir::Answer) -> String {
    let status = match answer.status {
        Status::Code(code) => code.to_string(),
        Status::Range(digit) => format!("{digit}XX"),
        Status::Default => "default".to_owned(),
    };
    let mut shown = format!("{} {status}", answer.variant.wire);
    for header in &answer.headers {
        write!(shown, " {{{}: {}}}", header.name.wire, show_type(api, &header.ty)).unwrap();
    }
    match &answer.media {
        _ if answer.problem => shown.push_str(" problem"),
        Some(media) => write!(shown, " {}", show_media(api, media)).unwrap(),
        None => {}
    }
    shown
}

fn show_media(api: &ir::Api, media: &ir::Media) -> String {
    let more: String = media.more.iter().flat_map(|range| ["+", range]).collect();
    format!("{}{more} {:?}({})", media.range, media.codec, show_type(api, &media.ty))
}

fn show_type(api: &ir::Api, ty: &Type) -> String {
    match ty {
        Type::Option(inner) => format!("{}?", show_type(api, inner)),
        Type::List(inner) => format!("[{}]", show_type(api, inner)),
        Type::Map(inner) => format!("{{{}}}", show_type(api, inner)),
        Type::Box(inner) => show_type(api, inner),
        Type::Model(id) => api.models[id.0 as usize].name.wire.clone(),
        Type::External(path) => path.clone(),
        Type::Int(int) => format!("{int:?}").to_lowercase(),
        other => format!("{other:?}"),
    }
}

#[test]
fn tags_own_operations() {
    check(
        "
tags: [{ name: pets, description: All pets. }, { name: unused }]
paths:
  /a: { get: { tags: [owners, pets], operationId: one, responses: { '204': { description: x } } } }
  /b: { get: { tags: [pets], operationId: two, responses: { '204': { description: x } } } }
  /c: { get: { responses: { '204': { description: x } } } }
  /c/{id}: { delete: { parameters: [{ name: id, in: path, required: true, schema: { type: integer } }], responses: { '204': { description: x } } } }
",
        "
[pets]
GET /b two
-> 204
[owners]
GET /a one
-> 204
[]
GET /c get c
-> 204
DELETE /c/{id} delete c by id
Path id: i64
-> 204
",
    );
}

#[test]
fn ids_that_clash_give_way() {
    check(
        "
paths:
  /a: { get: { operationId: one, responses: { '204': { description: x } } } }
  /b: { get: { operationId: One, responses: { '204': { description: x } } } }
  /c: { get: { operationId: three, x-photon-name: other, responses: { '204': { description: x } } } }
",
        "
[]
GET /a one
-> 204
GET /b get b
-> 204
GET /c other
-> 204
",
    );
}

#[test]
fn parameters_have_types() {
    check_get(
        "
  parameters:
    - { name: a, in: query, schema: { type: string } }
    - { name: b, in: query, required: true, schema: { type: array, items: { type: integer } } }
    - { name: c, in: query, schema: { type: boolean, default: false } }
    - { name: X-D, in: header, schema: { type: [string, 'null'] }, required: true }
    - { name: e, in: cookie, schema: { type: array, items: { type: string } } }
    - { name: e2, in: cookie, style: cookie, schema: { type: string } }
    - { name: f, in: query, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
    - { name: g, in: query, content: { application/xml: { schema: { type: object } } } }
    - { name: Accept, in: header, schema: { type: string } }
  responses: { '204': { description: x } }",
        "
P0119
P0131
P0501
[]
GET /x getX
Query a: String?
Query b: [i64]
Query c: Bool = false
Header X-D: String?
Cookie e: [String]?
Cookie e2: String? verbatim
Query f: Pet? json
Query g: String?
-> 204
",
    );
}

#[test]
fn answers_collapse() {
    let pet = "application/json: { schema: { $ref: '#/components/schemas/Pet' } }";
    let check = |responses: &str, expected: &str| {
        let responses = responses.replace("PET", pet);
        check_get(&format!("\n  responses: {{ {responses} }}"), &format!("[]\nGET /x getX\n{expected}"));
    };
    check("'200': { description: x, content: { PET } }", "-> 200 application/json Json(Pet)");
    check("'204': { description: x }", "-> 204");
    check(
        "'201': { description: x, headers: { Location: { required: true, schema: { type: string } } }, content: { PET } }",
        "-> struct getX created created 201 {location: String} application/json Json(Pet)",
    );
    check(
        "'200': { description: x, content: { PET } }, '202': { description: x }",
        "-> enum getX output: ok 200 application/json Json(Pet), accepted 202",
    );
    check(
        "'2XX': { description: x, content: { PET } }",
        "-> struct getX success success 2XX application/json Json(Pet)",
    );
    check(
        "default: { description: x, content: { PET } }",
        "-> struct getX success success default application/json Json(Pet)\n! other default application/json Json(Pet)",
    );
    check(
        "'200': { description: x, content: { PET, text/csv: { schema: { type: string } } } }",
        "-> enum getX output: json 200 application/json Json(Pet), csv 200 text/csv Text(String)",
    );
    check("'302': { description: x }", "-> struct getX found found 302 {location: String}");
    check("'100': { description: x }, '204': { description: x }", "-> 204");
    check(
        "'200': { description: x, content: { text/event-stream: { itemSchema: { $ref: '#/components/schemas/Pet' } } } }",
        "-> stream 200 text/event-stream Events(Pet)",
    );
    check(
        "'200': { description: x, content: { image/*: { } } }",
        "-> 200 application/octet-stream+image/* Bytes(Bytes)",
    );
    check(
        "'200': { description: x, content: { application/json: { } } }",
        "-> 200 application/json Json(Json)",
    );
    check("'200': { description: x, content: { } }", "-> 200");
    check(
        "'200': { description: x, content: { PET, application/vnd.pet+json: { schema: { $ref: '#/components/schemas/Pet' } } } }",
        "-> 200 application/json+application/vnd.pet+json Json(Pet)",
    );
}

#[test]
fn sockets_carry_json() {
    let check = |extension: &str, expected: &str| {
        let operation =
            format!("\n  x-photon-websocket: {extension}\n  responses: {{ '404': {{ description: x }} }}");
        check_get(&operation, &format!("[]\nGET /x getX\n{expected}"));
    };
    check(
        "{ receive: { type: integer }, send: { $ref: '#/components/schemas/Pet' } }",
        "-> socket receives application/json Json(i64), sends application/json Json(Pet)\n! not found 404",
    );
    check(
        "true",
        "-> socket receives application/json Json(Json), sends application/json Json(Json)\n! not found 404",
    );
    check("false", "-> 204\n! not found 404");
}

#[test]
fn errors_have_variants() {
    check_get(
        "
  responses:
    '204': { description: x }
    '404': { description: x, content: { application/problem+json: { schema: { $ref: '#/components/schemas/Problem' } } } }
    '409': { description: x, content: { application/json: { schema: { $ref: '#/components/schemas/Fault' } } } }
    '410': { description: x }
    '429': { description: x, headers: { Retry-After: { required: true, schema: { type: integer } } } }
    '4XX': { description: x, content: { application/json: { schema: { $ref: '#/components/schemas/Fault' } } } }
    '500': { description: x }
    default: { description: x, content: { application/problem+json: { } } }",
        "
[]
GET /x getX
-> 204
! not found 404 problem
! conflict 409 application/json Json(Fault)
! gone 410
! too many requests 429 {retry-after: i64}
! client 4XX application/json Json(Fault)
! internal server error 500
! other default problem
",
    );
}

#[test]
fn bodies_have_media_types() {
    let check = |content: &str, expected: &str| {
        check_get(
            &format!("\n  requestBody: {{ {content} }}\n  responses: {{ '204': {{ description: x }} }}"),
            expected,
        );
    };
    let pet = "schema: { $ref: '#/components/schemas/Pet' }";
    check(
        &format!("required: true, content: {{ application/json: {{ {pet} }} }}"),
        "[]\nGET /x getX\nbody application/json Json(Pet)\n-> 204",
    );
    check(
        &format!(
            "content: {{ application/json: {{ {pet} }}, application/x-www-form-urlencoded: {{ {pet} }} }}"
        ),
        "[]\nGET /x getX\nbody? application/json Json(Pet) | application/x-www-form-urlencoded Form(Pet)\n-> 204",
    );
    check(
        &format!(
            "required: true, content: {{ application/json: {{ {pet} }}, application/xml: {{ {pet} }} }}"
        ),
        "P0502\n[]\nGET /x getX\nbody application/json Json(Pet)\n-> 204",
    );
    check(
        &format!("required: true, content: {{ application/xml: {{ {pet} }} }}"),
        "P0503\n[]\nGET /x getX\nbody application/xml Bytes(Bytes)\n-> 204",
    );
    check(
        "required: true, content: { application/x-ndjson: { schema: { $ref: '#/components/schemas/Pet' } } }",
        "[]\nGET /x getX\nbody application/x-ndjson JsonLines([Pet])\n-> 204",
    );
    check(
        "required: true, content: { image/png: { }, image/jpeg: { } }",
        "[]\nGET /x getX\nbody image/png+image/jpeg Bytes(Bytes)\n-> 204",
    );
}

#[test]
fn unknown_media_can_be_refused() {
    let config = Config::default().unknown_media(UnknownMedia::Refuse);
    let body = "requestBody: { content: { application/xml: { schema: { type: object } } } }";
    let (api, findings) = lowered(&config, &format!("paths: {{ /x: {{ post: {{ {body} }} }} }}"));
    assert!(api.traits.is_empty());
    assert!(findings.iter().any(|finding| finding.code.id == "P0504"));
}

#[test]
fn security_is_alternatives_of_combinations() {
    check(
        "
security: [{ bearer: [] }]
paths:
  /a: { get: { operationId: a, responses: { '204': { description: x } } } }
  /b: { get: { operationId: b, security: [], responses: { '204': { description: x } } } }
  /c: { get: { operationId: c, security: [{ bearer: [x] , key: [] }, {}], responses: { '204': { description: x } } } }
",
        "
[]
GET /a a
caller Required bearer
-> 204
GET /b b
-> 204
GET /c c
caller Optional bearer+key|
-> 204
",
    );
}

#[test]
fn suffixes_of_paths_tell_operations_apart() {
    check(
        "
paths:
  /a: { get: { operationId: a, responses: { '204': { description: x } } } }
  /a#acl: { get: { operationId: b, parameters: [{ name: acl, in: query, schema: { type: boolean } }], responses: { '204': { description: x } } } }
  /a?list=2: { get: { operationId: c, responses: { '204': { description: x } } } }
  /a#X-Target=T: { get: { operationId: d, parameters: [{ name: X-Target, in: header, schema: { type: string } }], responses: { '204': { description: x } } } }
  /a#plain: { get: { operationId: e, responses: { '204': { description: x } } } }
  /b#alone: { get: { operationId: f, responses: { '204': { description: x } } } }
  /c#only: { get: { operationId: g, parameters: [{ name: only, in: query, required: true, schema: { type: boolean } }], responses: { '204': { description: x } } } }
  /d#add: { get: { operationId: h, responses: { '204': { description: x } } } }
  /d#update: { get: { operationId: i, responses: { '204': { description: x } } } }
",
        "
P0135
P0135
P0135
P0135
P0135
P0135
P0135
P0135
[]
GET /a a
-> 204
GET /a if Query acl b
Query acl: Bool?
-> 204
GET /a if Query list=2 c
-> 204
GET /a if Header x-target=T d
Header X-Target: String?
-> 204
GET /a if Query plain e
-> 204
GET /b f
-> 204
GET /c g
Query only: Bool
-> 204
GET /d h
-> 204
GET /d if Query update i
-> 204
",
    );
}

#[test]
fn an_enum_ends_the_parameter_before_it() {
    check(
        "
paths:
  /{page}{ext}/{a}-{b}:
    parameters:
      - { name: page, in: path, required: true, schema: { type: string } }
      - { name: ext, in: path, required: true, schema: { type: string, enum: [.html, .json] } }
      - { name: a, in: path, required: true, schema: { const: x } }
      - { name: b, in: path, required: true, schema: { const: y } }
    get: { operationId: one, responses: { '204': { description: x } } }
  /{page}{ext}:
    parameters:
      - { name: page, in: path, required: true, schema: { type: string } }
      - { name: ext, in: path, required: true, schema: { type: string, enum: [a/b, '100%'] } }
    get: { operationId: two, responses: { '204': { description: x } } }
",
        "
P0134
P0134
[]
GET /{page}{ext=.html|.json}/{a}-{b} one
Path page: String
Path ext: one ext
Path a: one a
Path b: one b
-> 204
GET /{page}{ext} two
Path page: String
Path ext: two ext
-> 204
",
    );
}

#[test]
fn servers_make_the_base_path() {
    let paths = "
paths:
  /a: { get: { operationId: a, responses: { '204': { description: x } } } }
  /b:
    servers: [{ url: 'https://x.org/api/files' }]
    get: { operationId: b, responses: { '204': { description: x } } }
";
    let servers = "servers: [{ url: 'https://x.org/{base}/v1', variables: { base: { default: api } } }]\n";
    let (api, _) = lowered(&Config::default(), &format!("{servers}{paths}"));
    let routes: Vec<&str> =
        api.traits.iter().flat_map(|owner| &owner.operations).map(|one| one.path.as_str()).collect();
    assert_eq!((api.base_path.as_str(), routes), ("/api", vec!["/v1/a", "/files/b"]));

    let (api, _) = lowered(&Config::default().base_path("/"), &format!("{servers}{paths}"));
    assert_eq!(api.base_path, "");
}
