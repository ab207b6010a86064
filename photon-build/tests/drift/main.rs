//! The drift check: a smallest pair of documents for every kind of change, forwards and backwards, and pairs that are
//! one contract written in two ways.

// What fails here is a failed test.
#![allow(clippy::unwrap_used)]

mod documents;
mod keeping;
mod messages;
mod page;
mod random;
mod schemas;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use photon_build::{ChangeKind, Changes};

/// Schemas that all documents have.
const COMPONENTS: &str = "components:
  schemas:
    Cat: {type: object, required: [kind], properties: {kind: {type: string}, claws: {type: integer}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}, bark: {type: string}}}
    Bird: {type: object, required: [kind], properties: {kind: {type: string}, wings: {type: boolean}}}
    Alias: {$ref: '#/components/schemas/Cat'}
    Tree: {type: object, properties: {leaves: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
    Tree2: {type: object, properties: {leaves: {type: array, items: {$ref: '#/components/schemas/Tree3'}}}}
    Tree3: {allOf: [{$ref: '#/components/schemas/Tree2'}]}
  securitySchemes:
    k: {type: apiKey, in: header, name: K}
    o: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://h', scopes: {read: r}}}}
";

/// A folder of the test's own.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("drift").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The changes between two texts.
fn compare(name: &str, old: &str, new: &str) -> Changes {
    let folder = folder(name);
    let (before, after) = (folder.join("old.yaml"), folder.join("new.yaml"));
    std::fs::write(&before, old).unwrap();
    std::fs::write(&after, new).unwrap();
    photon_build::compare(before, after).unwrap()
}

fn ids(changes: &Changes) -> BTreeSet<&'static str> {
    changes.iter().map(|change| change.kind.id).collect()
}

fn kind(id: &str) -> &'static ChangeKind {
    photon_build::change_kinds().find(|kind| kind.id == id).unwrap_or_else(|| panic!("there is no {id}"))
}

/// Checks pairs of documents and keeps what they show and what does not fit.
#[derive(Default)]
struct Checks {
    shown: BTreeSet<&'static str>,
    wrong: Vec<String>,
}

impl Checks {
    /// Forwards the change is `id` and nothing else, backwards what the table says.
    fn check(&mut self, name: &str, id: &str, old: &str, new: &str) {
        let kind = kind(id);
        self.one(name, kind.id, old, new);
        self.one(name, kind.back, new, old);
        self.shown.insert(kind.id);
        if self::kind(kind.back).back == kind.id {
            self.shown.insert(kind.back);
        }
    }

    fn one(&mut self, name: &str, id: &'static str, old: &str, new: &str) {
        let changes = compare(name, old, new);
        if ids(&changes) != BTreeSet::from([id]) {
            self.wrong
                .push(format!("{id} is expected of\n{old}\nto\n{new}\nand there is\n{}", changes.text()));
        }
    }

    fn settle(&self) {
        let count = self.wrong.len();
        assert!(self.wrong.is_empty(), "{}\n{count} are wrong", self.wrong.join("\n----\n"));
    }
}

fn head(version: &str) -> String {
    format!("openapi: {version}\ninfo: {{title: T, version: '1'}}\n")
}

/// An operation among the paths, or as a webhook.
fn operation(fields: &str, is_webhook: bool) -> String {
    let place = if is_webhook { "webhooks:\n  w" } else { "paths:\n  /a" };
    format!("{}{place}:\n    post: {fields}\n{COMPONENTS}", head("3.2.0"))
}

fn request(schema: &str) -> String {
    operation(&format!("{{requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}}}"), false)
}

fn response(schema: &str) -> String {
    operation(
        &format!(
            "{{responses: {{'200': {{description: a, content: {{application/json: {{schema: {schema}}}}}}}}}}}"
        ),
        false,
    )
}

fn check_schemas(checks: &mut Checks) {
    for (id, old, new) in schemas::CASES {
        checks.check("schemas", &format!("request-{id}"), &request(old), &request(new));
        checks.check("schemas", &format!("response-{id}"), &response(old), &response(new));
    }
}

fn check_messages(checks: &mut Checks) {
    for (id, old, new) in messages::REQUESTS {
        for (prefix, is_webhook) in [("request", false), ("webhook-request", true)] {
            let (old, new) = (operation(old, is_webhook), operation(new, is_webhook));
            checks.check("messages", &format!("{prefix}-{id}"), &old, &new);
        }
    }
    for (id, old, new) in messages::RESPONSES {
        for (prefix, is_webhook) in [("response", false), ("webhook-response", true)] {
            let (old, new) = (format!("{{responses: {old}}}"), format!("{{responses: {new}}}"));
            let (old, new) = (operation(&old, is_webhook), operation(&new, is_webhook));
            checks.check("messages", &format!("{prefix}-{id}"), &old, &new);
        }
    }
}

fn check_documents(checks: &mut Checks) {
    for (id, old, new) in documents::OPERATIONS {
        checks.check("documents", id, &operation(old, false), &operation(new, false));
    }
    for (id, old, new) in documents::DOCUMENTS {
        let whole = |text: &str| {
            let head = if text.starts_with("info:") { "openapi: 3.1.0\n".to_owned() } else { head("3.1.0") };
            format!("{head}{text}\n")
        };
        checks.check("documents", id, &whole(old), &whole(new));
    }
    // These do not come alone.
    let changes = compare(
        "documents",
        &format!("{}paths: {{/a: {{get: {{}}}}}}\nservers: [{{url: 'https://h/v1'}}]", head("3.1.0")),
        &format!("{}paths: {{/a: {{get: {{}}}}}}\nservers: [{{url: 'https://h/v2'}}]", head("3.1.0")),
    );
    let expected = BTreeSet::from(["base-path-changed", "server-added", "server-removed"]);
    assert_eq!(ids(&changes), expected);
    checks.shown.insert("base-path-changed");
}

#[test]
fn every_kind_of_change_is_told_forwards_and_backwards() {
    let mut checks = Checks::default();
    check_schemas(&mut checks);
    check_messages(&mut checks);
    check_documents(&mut checks);
    checks.settle();
    // Entangled schemas take too long to be a test.
    checks.shown.insert("not-compared");
    let missing: Vec<&str> =
        photon_build::change_kinds().map(|kind| kind.id).filter(|id| !checks.shown.contains(id)).collect();
    assert!(missing.is_empty(), "no pair of documents shows {missing:#?}");
}

#[test]
fn one_contract_written_in_two_ways_is_no_change() {
    for (one, other) in schemas::SAME {
        for (old, new) in [(one, other), (other, one)] {
            for wrap in [request, response] {
                let changes = compare("same", &wrap(old), &wrap(new));
                assert!(changes.is_empty(), "{old} is {new}, and there is\n{}", changes.text());
            }
        }
    }
}

#[test]
fn what_the_root_says_may_be_said_by_each_operation() {
    let root = format!(
        "{}security: [{{k: []}}]\nservers: [{{url: /v1}}]\npaths: {{/a: {{get: {{}}}}, /b: {{get: {{security: []}}}}}}\n",
        head("3.1.0")
    );
    let own = format!(
        "{}paths: {{/a: {{servers: [{{url: /v1}}], get: {{security: [{{k: []}}]}}}}, /b: {{get: {{servers: [{{url: /v1}}]}}}}}}\n",
        head("3.1.0")
    );
    for (old, new) in [(&root, &own), (&own, &root)] {
        let changes = compare("root", old, new);
        assert!(changes.is_empty(), "{old}\nis {new}, and there is\n{}", changes.text());
    }
}

#[test]
fn null_is_told_beside_a_type() {
    let changes =
        compare("null", &request("{type: [string, 'null']}"), &request("{type: [string, integer]}"));
    assert_eq!(ids(&changes), BTreeSet::from(["request-became-not-nullable", "request-type-widened"]));
}

#[test]
fn a_document_of_3_0_is_the_same_in_3_1() {
    let pairs = [
        ("{type: string, nullable: true}", "{type: [string, 'null']}"),
        ("{type: string, nullable: true, enum: [a]}", "{type: [string, 'null'], enum: [a, null]}"),
        ("{type: integer, minimum: 0, exclusiveMinimum: true}", "{type: integer, minimum: 1}"),
        (
            "{nullable: true, allOf: [{$ref: '#/components/schemas/Cat'}]}",
            "{anyOf: [{$ref: '#/components/schemas/Cat'}, {type: 'null'}]}",
        ),
        ("{$ref: '#/components/schemas/Cat', maxProperties: 1}", "{$ref: '#/components/schemas/Cat'}"),
    ];
    for (old, new) in pairs {
        let old = request(old).replace("openapi: 3.2.0", "openapi: 3.0.3");
        let changes = compare("lifted", &old, &request(new));
        assert!(changes.is_empty(), "{old}\nis {new}, and there is\n{}", changes.text());
    }
}
