//! Which requests are an operation's: method, path, and what follows `?` or `#` in the document's path.
//!
//! Knows path templates. Must not know parameters' types, bodies, answers.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::codes;
use crate::finding::Findings;
use crate::ir;
use crate::spec::{self, Part};

/// The requests that an operation serves.
pub(super) struct Route {
    /// The template without query and fragment.
    pub(super) path: String,
    pub(super) requires: Vec<ir::Require>,
}

/// The routes of `operations`, in their order; none, with a finding, where an earlier operation has the same.
///
/// Real documents tell operations on one path apart by a query (`/{Bucket}?acl`) or by a fragment that names the
/// query key or the header that must be there (`/#X-Amz-Target=Create`). Of a fragment only declared parameters
/// count; where that leaves several operations alike, the first is served without, and of the others all of it counts,
/// as keys of the query. Where nothing else has its path, an operation is not chosen by parameters that it declares:
/// that one is missing is told when they are decoded.
pub(super) fn routes(findings: &mut Findings, operations: &[(&spec::Operation, &str)]) -> Vec<Option<Route>> {
    let declared: Vec<_> =
        operations.iter().map(|(operation, prefix)| route(operation, prefix, Suffix::Declared)).collect();
    let mut on_path = HashMap::new();
    for (route, (operation, _)) in declared.iter().zip(operations) {
        *on_path.entry(identity(operation, route).0).or_insert(0) += 1;
    }

    let mut taken = HashMap::new();
    let mut routes = Vec::with_capacity(operations.len());
    for (mut route, (operation, prefix)) in declared.into_iter().zip(operations) {
        if on_path[&identity(operation, &route).0] == 1 {
            route.requires.retain(|require| self::declared(operation, &require.name).is_none());
        } else if taken.contains_key(&identity(operation, &route)) {
            route = self::route(operation, prefix, Suffix::All);
        }
        match taken.entry(identity(operation, &route)) {
            Entry::Vacant(vacant) => {
                vacant.insert(operation.span);
                routes.push(Some(route));
            }
            Entry::Occupied(first) => {
                let message = format!("`{} {}` exists already", operation.method, route.path);
                let finding = findings.add(&codes::DUPLICATE_OPERATION, operation.span, message);
                finding.notes.push((*first.get(), "it stands here first".to_owned()));
                routes.push(None);
            }
        }
    }
    routes
}

/// The name of a path parameter without the `+` of one that takes the rest of the path.
pub(super) fn bare(name: &str) -> &str {
    name.strip_suffix('+').unwrap_or(name)
}

/// A path that also says what a parameter may be that follows another without text between them, so that it is known
/// where the first one ends: `/{page}{extension=.html|.json}`.
pub(super) fn with_choices(path: &str, choices: impl Fn(&str) -> Vec<String>) -> String {
    let mut pieces = path.split("}{");
    let mut told = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find('}').unwrap_or(piece.len());
        let (name, rest) = piece.split_at(end);
        let choices = choices(name);
        told.push_str("}{");
        told.push_str(name);
        if !choices.is_empty() {
            told.push('=');
            told.push_str(&choices.join("|"));
        }
        told.push_str(rest);
    }
    told
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Suffix {
    Declared,
    All,
}

fn route(operation: &spec::Operation, prefix: &str, suffix: Suffix) -> Route {
    let text = &*operation.path.text;
    let end = suffix_start(text);
    let separator = if text.starts_with('/') { "" } else { "/" };
    let path = format!("{prefix}{separator}{}", &text[..end]);
    let mut requires = Vec::new();
    let is_query = text[end..].starts_with('?');
    for term in text[end..].split(['?', '#', '&']).filter(|term| !term.is_empty()) {
        let (name, value) = term.split_once('=').map_or((term, None), |(name, value)| (name, Some(value)));
        let value = value.filter(|value| !value.contains('{')).map(str::to_owned);
        let location = declared(operation, name);
        if location.is_none() && suffix == Suffix::Declared && !is_query {
            continue;
        }
        requires.push(match location {
            Some(spec::Location::Header) => {
                ir::Require { location: ir::Location::Header, name: name.to_ascii_lowercase(), value }
            }
            _ => ir::Require { location: ir::Location::Query, name: name.to_owned(), value },
        });
    }
    requires.sort();
    requires.dedup();
    Route { path, requires }
}

/// The first `?` or `#` that does not stand in a parameter's name.
fn suffix_start(text: &str) -> usize {
    let mut depth = 0_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'?' | b'#' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

fn declared(operation: &spec::Operation, name: &str) -> Option<spec::Location> {
    operation.parameters.iter().find_map(|parameter| match parameter.location {
        spec::Location::Query if &*parameter.name == name => Some(parameter.location),
        spec::Location::Header if parameter.name.eq_ignore_ascii_case(name) => Some(parameter.location),
        _ => None,
    })
}

/// What two operations must not have in common: parameters' names make no difference.
fn identity(operation: &spec::Operation, route: &Route) -> (String, Vec<ir::Require>) {
    let mut shape = format!("{} ", operation.method);
    let own_len = suffix_start(&operation.path.text);
    shape.push_str(&route.path[..route.path.len().saturating_sub(own_len)]);
    for segment in &operation.path.segments {
        shape.push('/');
        for part in &segment.parts {
            match part {
                Part::Literal(text) => shape.push_str(text),
                Part::Parameter(name) if name.ends_with('+') => shape.push_str("{+}"),
                Part::Parameter(_) => shape.push_str("{}"),
            }
        }
    }
    (shape, route.requires.clone())
}
