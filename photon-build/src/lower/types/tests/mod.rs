//! Snippets of documents in, the IR in short writing out; and every real document that is at hand.

mod accept;
mod cases;
mod corpus;
mod differ;
mod options;
mod render;
mod stated;
mod suite;
mod unions;

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Direction, Types};
use crate::config::Config;
use crate::finding::Findings;
use crate::front::front;
use crate::ir::{self, Api};
use crate::spec::Document;

static FILES: AtomicUsize = AtomicUsize::new(0);

/// Lowers `components/schemas` (YAML, written flush left) of a document of this version.
fn document(version: &str, schemas: &str, config: &Config) -> (Document, Findings) {
    let mut text = format!(
        "openapi: {version}\ninfo: {{title: t, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n"
    );
    for line in schemas.trim_matches('\n').lines() {
        text.push_str("    ");
        text.push_str(line);
        text.push('\n');
    }
    let number = FILES.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("photon-types-{}-{number}.yaml", std::process::id()));
    std::fs::write(&path, text).unwrap();
    let mut findings = Findings::default();
    let document = front(config, &path, &mut findings);
    std::fs::remove_file(&path).unwrap();
    let document = document.unwrap_or_else(|| {
        panic!("{}", findings.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>().join("\n"))
    });
    (document, findings)
}

/// Lowers all components.
fn lowered(version: &str, schemas: &str, config: &Config) -> (Api, Findings) {
    let (document, mut findings) = document(version, schemas, config);
    let mut api = Api::default();
    Types::new(&document, config).finish(&mut api, &mut findings);
    (api, findings)
}

/// The models of these schemas in short writing must be these.
fn check(version: &str, schemas: &str, expected: &str) {
    check_with(&Config::default(), version, schemas, expected);
}

fn check_with(config: &Config, version: &str, schemas: &str, expected: &str) {
    let (api, _) = lowered(version, schemas, config);
    let found = render::models(&api);
    let tidy = |text: &str| {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(tidy(&found), tidy(expected), "\n{schemas}\n--- found\n{found}");
}

/// Lowers every schema that an operation uses.
fn operations(types: &mut Types<'_>, document: &Document, findings: &mut Findings) -> usize {
    let mut count = 0;
    for operation in &document.operations {
        let name = operation.id.as_deref().unwrap_or(&operation.path.text);
        let mut lower = |id, way, word: &str| {
            count += 1;
            types.typed(id, way, &format!("{name} {word}"), findings);
        };
        for parameter in &operation.parameters {
            let content = parameter.content.iter().filter_map(|media| media.schema);
            for id in parameter.schema.into_iter().chain(content) {
                lower(id, Direction::Request, &parameter.name);
            }
        }
        for media in operation.body.iter().flat_map(|body| &body.content) {
            media.schema.into_iter().for_each(|id| lower(id, Direction::Request, "body"));
        }
        for response in &operation.responses {
            for media in &response.reply.content {
                media.schema.into_iter().for_each(|id| lower(id, Direction::Response, "answer"));
            }
        }
    }
    count
}

/// Prints the types of the document that `PHOTON_DUMP` names, if it names one.
#[test]
fn dump() {
    let Ok(path) = std::env::var("PHOTON_DUMP") else { return };
    let mut findings = Findings::default();
    let mut config = Config::default();
    if std::env::var_os("PHOTON_EXACT").is_some() {
        config = config.integers(crate::config::Integers::Arbitrary).untyped(crate::config::Untyped::Exact);
    }
    let document = front(&config, std::path::Path::new(&path), &mut findings);
    let mut api = Api::default();
    if let Some(document) = &document {
        let mut types = Types::new(document, &config);
        operations(&mut types, document, &mut findings);
        types.finish(&mut api, &mut findings);
    }
    eprintln!("{}", render::models(&api));
    for finding in findings.iter() {
        eprintln!("{}", finding.render(&findings.sources));
    }
    eprintln!("{}", api.check_defs);
}

/// An operation that holds one type, so that it is renumbered with the rest.
fn holder(number: usize, typed: &super::Typed) -> ir::Trait {
    let name = || ir::Name::new(format!("holder {number}"));
    let param = ir::Param {
        name: name(),
        location: ir::Location::Query,
        doc: String::new(),
        deprecated: false,
        required: true,
        style: ir::Style::Form,
        explode: true,
        json: false,
        allow_empty: false,
        ty: typed.ty.clone(),
        rule: typed.rule.clone(),
        default: None,
    };
    let operation = ir::Operation {
        method_name: name(),
        request: name(),
        table: String::new(),
        id: String::new(),
        method: "GET".to_owned(),
        path: "/".to_owned(),
        requires: Vec::new(),
        summary: String::new(),
        description: String::new(),
        deprecated: false,
        security: Vec::new(),
        caller: ir::Caller::None,
        params: vec![param],
        body: None,
        output: ir::Output::Unit { status: 204 },
        error: ir::ErrorType::Plain,
        declared: Vec::new(),
        blocking: false,
        body_bytes_max: None,
        timeout_ms: None,
        raw_body: false,
    };
    ir::Trait { name: name(), tag: None, doc: String::new(), operations: vec![operation] }
}
