//! Every schema of every real document becomes a type, and hardly one of them free JSON.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::super::Types;
use super::super::all_of::flatten;
use super::super::finish::types_of;
use super::operations;
use crate::config::Config;
use crate::finding::Findings;
use crate::front::front;
use crate::ir::{Api, Extra, ModelKind, Type};
use crate::spec::Document;

/// Of a thousand schemas that say something, how many may be free JSON.
const OPAQUE_PER_MILLE_MAX: usize = 10;

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
