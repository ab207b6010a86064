//! Every schema of every real document becomes a type, and hardly one of them free JSON.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::super::all_of::flatten;
use super::super::finish::types_of;
use super::super::parts::Parts;
use super::super::{Direction, Place, Types};
use super::accept::Acceptor;
use super::operations;
use crate::config::Config;
use crate::config::Untyped;
use crate::finding::Findings;
use crate::front::front;
use crate::ir::{Api, Extra, ModelKind, Type};
use crate::schema::SchemaId;
use crate::spec::Document;

/// Of a thousand schemas that say something, how many may be free JSON.
const OPAQUE_PER_MILLE_MAX: usize = 10;
/// Examples of a document that are looked at, and the schemas that are compiled for each of them.
const EXAMPLES_MAX: usize = 12;
const DEFS_BYTES_MAX: usize = 100_000;
const DOCUMENT_BYTES_MAX: u64 = 300_000;

pub(super) fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let path = std::env::var_os("PHOTON_SHARED").map_or(beside, PathBuf::from);
    if path.join("corpus/index.tsv").exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: there is no corpus at {}", path.display());
    None
}

#[test]
fn real_documents_are_lowered() {
    let Some(shared) = shared() else { return };
    let corpus = shared.join("corpus");
    let only = std::env::var("PHOTON_ONLY").ok();
    let index = std::fs::read_to_string(corpus.join("index.tsv")).unwrap();
    let primary = index
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|row| row[1] == "primary");
    let config = Config::default().vendor(corpus.join("_vendor"));
    let (mut opaque, mut saying, mut models, mut time) = (0, 0, 0, Duration::ZERO);
    for row in primary.filter(|row| only.as_deref().is_none_or(|only| row[0].contains(only))) {
        let mut findings = Findings::default();
        let Some(document) = front(&config, &corpus.join(row[0]), &mut findings) else { continue };
        let start = Instant::now();
        let mut types = Types::new(&document, &config);
        operations(&mut types, &document, &mut findings);
        types.lower_components();
        let (lost, told) = counts(&types, &document);
        let mut api = Api::default();
        types.finish(&mut api, &mut findings);
        let took = start.elapsed();
        assert_is_sound(&api, row[0]);
        if std::env::var_os("PHOTON_VERBOSE").is_some() {
            let checks = api.checks.len();
            eprintln!(
                "{:55} {took:9.1?} models {:5} checks {checks:4} opaque {lost}/{told}",
                row[0],
                api.models.len()
            );
            if only.is_some() {
                eprintln!("{}", super::render::models(&api));
                for finding in findings.iter().filter(|finding| finding.code.id.starts_with("P04")) {
                    eprintln!("{}", finding.render(&findings.sources));
                }
            }
        }
        opaque += lost;
        saying += told;
        models += api.models.len();
        time += took;
    }
    eprintln!("{models} models, {opaque} of {saying} schemas are free JSON, {time:?}");
    assert!(opaque * 1000 <= saying * OPAQUE_PER_MILLE_MAX, "{opaque} of {saying} schemas are free JSON");
}

/// How many lowered schemas say something, and how many of those are free JSON all the same.
fn counts(types: &Types<'_>, document: &Document) -> (usize, usize) {
    let (mut opaque, mut saying) = (0, 0);
    for (key, typed) in types.done() {
        let flat = flatten(document, &key.parts);
        if flat.is_vacuous() {
            continue;
        }
        saying += 1;
        if typed.ty == Type::Json {
            opaque += 1;
            if std::env::var_os("PHOTON_OPAQUE").is_some() {
                eprintln!("  opaque {} {:?}", document.pointer(key.parts.ids[0]), flat.inexact);
            }
        }
    }
    (opaque, saying)
}

/// Ids lead somewhere, and no model holds itself by value.
fn assert_is_sound(api: &Api, file: &str) {
    for model in &api.models {
        assert!(!model.name.wire.is_empty(), "{file}: {} has no name", model.pointer);
        assert_ne!(model.name.wire, "unused", "{file}");
        for ty in types_of(&model.kind) {
            assert_ids(ty, api.models.len(), file);
        }
        if let ModelKind::Record(record) = &model.kind {
            let mut names: Vec<&str> = record.fields.iter().map(|field| &*field.name.wire).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{file}: {} repeats a field", model.name.wire);
            if let Extra::Keep { rule, .. } = &record.extra {
                assert!(rule.check.is_none_or(|id| (id.0 as usize) < api.checks.len()));
            }
        }
    }
    if !api.checks.is_empty() {
        let defs: serde_json::Value = serde_json::from_str(&api.check_defs).unwrap();
        for check in &api.checks {
            assert!(defs["$defs"].get(&check.key).is_some(), "{file}: no {}", check.key);
        }
    }
}

fn assert_ids(ty: &Type, models: usize, file: &str) {
    match ty {
        Type::Model(id) => assert!((id.0 as usize) < models, "{file}"),
        Type::Option(ty) | Type::Patch(ty) | Type::List(ty) | Type::Map(ty) | Type::Box(ty) => {
            assert_ids(ty, models, file);
        }
        _ => {}
    }
}

/// Every example of every document fits its type exactly where it fits its schema.
#[test]
fn types_and_schemas_agree_on_examples() {
    let Some(shared) = shared() else { return };
    let corpus = shared.join("corpus");
    let only = std::env::var("PHOTON_ONLY").ok();
    let index = std::fs::read_to_string(corpus.join("index.tsv")).unwrap();
    let config = Config::default().vendor(corpus.join("_vendor"));
    let (mut agreed, mut differing) = (0, Vec::new());
    for row in index.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>()) {
        let is_small = row[6].parse().is_ok_and(|bytes: u64| bytes < DOCUMENT_BYTES_MAX);
        if row[1] != "primary" || !is_small || only.as_deref().is_some_and(|only| !row[0].contains(only)) {
            continue;
        }
        let mut findings = Findings::default();
        let Some(document) = front(&config, &corpus.join(row[0]), &mut findings) else { continue };
        let (same, other) = agreement(&document, &config, &mut findings);
        agreed += same;
        differing.extend(other.into_iter().map(|place| format!("{} {place}", row[0])));
    }
    eprintln!("{agreed} examples agree, {} do not", differing.len());
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

fn agreement(document: &Document, config: &Config, findings: &mut Findings) -> (usize, Vec<String>) {
    let mut types = Types::new(document, config);
    types.untyped = Untyped::Exact;
    let mut api = Api::default();
    let mut cases = Vec::new();
    for (at, schema) in document.schemas.iter().enumerate() {
        let id = SchemaId(u32::try_from(at).unwrap());
        let is_small = schema.examples.iter().all(|example| example.to_json().len() < 20_000);
        if schema.examples.is_empty() || !is_small || cases.len() >= EXAMPLES_MAX {
            continue;
        }
        let place = Place { hint: "place".to_owned(), direction: Direction::Response };
        let found = types.typed(id, Direction::Response, "place", findings);
        let check = types.check(&Parts::one(id), &place);
        api.traits.push(super::holder(cases.len(), &found));
        cases.push((id, check));
    }
    types.finish(&mut api, findings);
    if api.check_defs.len() > DEFS_BYTES_MAX {
        return (0, Vec::new());
    }
    let Some(acceptor) = Acceptor::new(&api, true) else { return (0, Vec::new()) };
    let (mut agreed, mut differing) = (0, Vec::new());
    for ((id, check), holder) in cases.iter().zip(&api.traits) {
        let param = &holder.operations[0].params[0];
        for example in &document.schema(*id).examples {
            let value = serde_json::from_str(&example.to_json()).unwrap();
            let fits = acceptor.fits(&param.ty, &param.rule, &value);
            if fits == acceptor.passes(Some(*check), &value) {
                agreed += 1;
            } else {
                differing.push(format!("{} fits the type: {fits}: {value}", document.pointer(*id)));
            }
        }
    }
    (agreed, differing)
}
