//! Step 4: from the resolved document to what is emitted. Every decision is taken here.
//!
//! `types` makes types of schemas; the other files make operations of operations. Must not know tokens, nor how names
//! are written in Rust.

mod answer;
mod base_path;
mod body;
mod form;
mod limits;
mod media;
mod operation;
mod param;
mod reply;
mod route;
mod security;
mod shape;
mod socket;
mod status;
#[cfg(test)]
mod tests;
pub(crate) mod types;

use std::collections::{HashMap, HashSet};

use crate::config::Config;
use crate::entity;
use crate::finding::Findings;
use crate::ir;
use crate::node::{Node, Object};
use crate::spec::{self, Document};
pub(crate) use media::is_stream;
use operation::Scope;
use security::Schemes;
use types::{Direction, Types};

/// The API that `document` describes. Operations that cannot be served are left out, each told by a finding.
///
/// Module, source and text of the document are the caller's to add.
pub(crate) fn lower(document: &Document, config: &Config, findings: &mut Findings) -> ir::Api {
    let (base_path, prefixes) = base_paths(document, config);
    let operations: Vec<(&spec::Operation, &str)> =
        document.operations.iter().zip(prefixes.iter().map(String::as_str)).collect();
    let routes = route::routes(findings, &operations);
    let names = names(document);

    let mut types = Types::new(document, config);
    let mut schemes = Schemes::new(document);
    let mut api = ir::Api {
        title: document.info.title.trim().to_owned(),
        base_path,
        principal: config.principal.clone().unwrap_or_else(|| "photon::Principal".to_owned()),
        internal_errors: config.internal_error.clone(),
        traits: traits(document),
        ..ir::Api::default()
    };
    for ((operation, route), name) in document.operations.iter().zip(routes).zip(names) {
        let Some(route) = route else { continue };
        let Some(security) = schemes.lower(findings, operation) else { continue };
        let mut scope = Scope { document, config, types: &mut types, findings, operation, name };
        if let Ok(lowered) = operation::lower(&mut scope, route, security) {
            let tag = operation.tags.first().map(|tag| &**tag);
            let owner = api.traits.iter_mut().find(|owner| owner.tag.as_deref() == tag);
            if let Some(owner) = owner {
                owner.operations.push(lowered);
            }
        }
    }
    api.traits.retain(|owner| !owner.operations.is_empty());
    api.schemes = schemes.finish(&mut api.traits);
    let entities = entity::read(document, findings);
    for id in entity::schemas(&entities) {
        for direction in [Direction::Response, Direction::Request] {
            types.typed(id, direction, "", findings);
        }
    }
    types.finish(&mut api, findings);
    api.entities = entity::tables(document, &entities, &api, findings);
    api
}

/// `x-photon-name`.
fn wanted(extensions: &Object) -> Option<String> {
    extensions.get("x-photon-name").and_then(Node::as_str).map(str::to_owned)
}

/// The path that everything is mounted under, and what each operation's path begins with below it.
///
/// Operations with servers of their own may lie elsewhere: what all have in common is the base, the rest becomes
/// part of the operations' paths.
fn base_paths(document: &Document, config: &Config) -> (String, Vec<String>) {
    if let Some(base_path) = &config.base_path {
        return (base_path::normalized(base_path), vec![String::new(); document.operations.len()]);
    }
    let root = base_path::of(&document.servers);
    let own: Vec<String> = document
        .operations
        .iter()
        .map(|operation| {
            let has_own = operation.own_servers && !operation.servers.is_empty();
            if has_own { base_path::of(&operation.servers) } else { root.clone() }
        })
        .collect();
    let base = if own.is_empty() { root } else { base_path::common(own.iter().map(String::as_str)) };
    let prefixes = own.iter().map(|path| path[base.len()..].to_owned()).collect();
    (base, prefixes)
}

/// What the types of each operation are named after: its id, or method and path where it has none of its own.
fn names(document: &Document) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let key = |id: &str| -> String {
        id.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let mut taken = HashSet::new();
    for operation in &document.operations {
        if let Some(id) = &operation.id {
            *counts.entry(key(id)).or_insert(0) += 1;
        }
    }
    document
        .operations
        .iter()
        .map(|operation| {
            let wanted = wanted(&operation.extensions);
            match (wanted, operation.id.as_deref().filter(|id| !key(id).is_empty())) {
                (Some(wanted), _) => wanted,
                (None, Some(id)) if counts[&key(id)] == 1 || taken.insert(key(id)) => id.to_owned(),
                _ => operation::path_name(operation),
            }
        })
        .collect()
}

/// A trait for each tag, in the order of the root's `tags`, then as operations bring them; tagless operations last.
fn traits(document: &Document) -> Vec<ir::Trait> {
    let mut traits: Vec<ir::Trait> = Vec::new();
    let mut known = HashSet::new();
    for tag in &document.tags {
        if known.insert(&*tag.name) {
            let doc = tag.description.as_deref().or(tag.summary.as_deref()).unwrap_or_default();
            let mut name = ir::Name::new(&*tag.name);
            name.wanted = wanted(&tag.extensions);
            traits.push(trait_of(name, Some(&tag.name), doc));
        }
    }
    for tag in document.operations.iter().filter_map(|operation| operation.tags.first()) {
        if known.insert(tag) {
            traits.push(trait_of(ir::Name::new(&**tag), Some(tag), ""));
        }
    }
    traits.push(trait_of(ir::Name::default(), None, ""));
    traits
}

fn trait_of(name: ir::Name, tag: Option<&str>, doc: &str) -> ir::Trait {
    ir::Trait { name, tag: tag.map(str::to_owned), doc: doc.trim().to_owned(), operations: Vec::new() }
}
