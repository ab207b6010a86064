//! Which route a method and a path choose: a tree of segments, without regex and, for plain requests, without allocation.
//!
//! Segments are split first and decoded after, exactly once. Literal segments win over segments with literal parts
//! (`{id}.json`), these over whole parameters, these over parameters that take slashes too (`{key+}`), at each level; where
//! a choice leads nowhere, the next one is tried. A path without parameters that fits is final, as OpenAPI demands: its
//! methods alone count. Of several routes for a path and a method the one is chosen that demands the most of what the
//! request carries. This module knows no operation.

mod captures;
mod literals;
mod needs;
mod rest;
mod segment;

use std::borrow::Cow;
use std::fmt;

pub(crate) use captures::Captures;
use literals::Literals;
use needs::Routes;
pub(crate) use needs::{Asked, Needs};
use rest::Rest;
use segment::{Segment, Template};

use crate::escape;

/// The routes of a service, by path and method.
#[derive(Debug)]
pub(crate) struct Router {
    nodes: Vec<Node>,
}

/// Where a path may go on, and who answers when it ends here.
#[derive(Debug, Default)]
struct Node {
    literals: Literals,
    /// The most exact first.
    templates: Vec<(Template, usize)>,
    parameter: Option<usize>,
    /// The most exact first; their paths end here.
    rests: Vec<(Rest, usize)>,
    methods: Vec<(&'static str, Routes)>,
    /// Whether a parameter stands on the way here.
    templated: bool,
}

/// What was found for a method and a path.
#[derive(Debug, PartialEq)]
pub(crate) enum Found {
    /// The route's number; the parameters are in the captures.
    Route(usize),
    /// The path is known, and answers these methods only.
    Methods(Allow),
    /// The path answers the method, but to requests that carry what this one does not.
    Unmeant,
    /// There is no such path.
    Nothing,
}

/// The methods that a path answers, sorted.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Allow(Vec<&'static str>);

/// Two routes for the same method and path that demand the same.
#[derive(Debug, PartialEq)]
pub(crate) struct Conflict {
    /// The route that was there.
    pub(crate) first: usize,
}

impl Router {
    pub(crate) fn new() -> Self {
        Self { nodes: vec![Node::default()] }
    }

    /// Adds a route. Templates that differ in their parameters' names only are the same path.
    pub(crate) fn add(
        &mut self,
        method: &'static str,
        template: &str,
        needs: Needs,
        route: usize,
    ) -> Result<(), Conflict> {
        let mut node = 0;
        let mut rest = Some(template.strip_prefix('/').unwrap_or(template));
        while let Some(template) = rest {
            if let Some(greedy) = Rest::parse(template) {
                node = self.greedy_child(node, greedy);
                break;
            }
            let (segment, tail) = split(template);
            node = self.child(node, &Segment::parse(segment));
            rest = tail;
        }
        let methods = &mut self.nodes[node].methods;
        if let Some((_, routes)) = methods.iter_mut().find(|(known, _)| *known == method) {
            return routes.add(needs, route);
        }
        methods.push((method, Routes::new(needs, route)));
        Ok(())
    }

    /// Finds the route for a request by its path, without the query. HEAD falls back to GET.
    pub(crate) fn find<'r>(&self, asked: &Asked<'_>, path: &'r str, captures: &mut Captures<'r>) -> Found {
        let Some(path) = path.strip_prefix('/') else { return Found::Nothing };
        let mut search = Search {
            router: self,
            asked,
            captures,
            allow: Allow::default(),
            known: false,
            unmeant: false,
            settled: false,
        };
        match search.descend(0, Some(path)) {
            Some(route) => Found::Route(route),
            None if search.known => Found::Methods(search.allow),
            None if search.unmeant => Found::Unmeant,
            None => Found::Nothing,
        }
    }

    /// All methods that any path answers.
    pub(crate) fn allow_any(&self) -> Allow {
        let mut allow = Allow::default();
        self.nodes.iter().for_each(|node| allow.add(node));
        allow
    }

    fn child(&mut self, parent: usize, segment: &Segment) -> usize {
        let next = self.nodes.len();
        let node = &mut self.nodes[parent];
        let child = match segment {
            Segment::Literal(text) => {
                if let Some(child) = node.literals.get(text) {
                    child
                } else {
                    node.literals.insert(text, next);
                    next
                }
            }
            Segment::Template(template) => {
                if let Some((_, child)) = node.templates.iter().find(|(known, _)| known == template) {
                    *child
                } else {
                    let is_before = |known: &Template| known.exactness() >= template.exactness();
                    let at = node.templates.partition_point(|(known, _)| is_before(known));
                    node.templates.insert(at, (template.clone(), next));
                    next
                }
            }
            Segment::Parameter => *node.parameter.get_or_insert(next),
        };
        if child == next {
            let templated = node.templated || !matches!(segment, Segment::Literal(_));
            self.nodes.push(Node { templated, ..Node::default() });
        }
        child
    }

    fn greedy_child(&mut self, parent: usize, rest: Rest) -> usize {
        let next = self.nodes.len();
        let rests = &mut self.nodes[parent].rests;
        if let Some((_, child)) = rests.iter().find(|(known, _)| *known == rest) {
            return *child;
        }
        let at = rests.partition_point(|(known, _)| known.exactness() >= rest.exactness());
        rests.insert(at, (rest, next));
        self.nodes.push(Node { templated: true, ..Node::default() });
        next
    }
}

/// The names of a template's parameters, in order: `petId` of `/pets/{petId}`, `key` of `/{key+}`.
pub(crate) fn parameter_names(template: &str) -> Vec<&str> {
    segment::parameters(template).map(|(name, _)| name.strip_suffix('+').unwrap_or(name)).collect()
}

/// The first segment, and what follows its slash if there is one.
fn split(path: &str) -> (&str, Option<&str>) {
    path.split_once('/').map_or((path, None), |(segment, rest)| (segment, Some(rest)))
}

struct Search<'a, 'r> {
    router: &'a Router,
    asked: &'a Asked<'a>,
    captures: &'a mut Captures<'r>,
    allow: Allow,
    known: bool,
    /// Whether the path answers the method to other requests.
    unmeant: bool,
    /// Whether the path itself stands in the document, so that no template may answer for it.
    settled: bool,
}

impl<'r> Search<'_, 'r> {
    /// The route below a node for the rest of the path; None of it is left at the end.
    fn descend(&mut self, node: usize, rest: Option<&'r str>) -> Option<usize> {
        let router = self.router;
        let node = &router.nodes[node];
        let Some(all) = rest else { return self.answer(node) };
        let (segment, rest) = split(all);

        if let Some(child) = literal(node, segment) {
            if let Some(route) = self.descend(child, rest) {
                return Some(route);
            }
            if self.settled {
                return None;
            }
        }
        let mark = self.captures.len();
        if !segment.is_empty() {
            for (template, child) in &node.templates {
                if template.capture(segment, self.captures)
                    && let Some(route) = self.descend(*child, rest)
                {
                    return Some(route);
                }
                self.captures.truncate(mark);
            }
            if let Some(child) = node.parameter {
                self.captures.push(segment);
                if let Some(route) = self.descend(child, rest) {
                    return Some(route);
                }
                self.captures.truncate(mark);
            }
        }
        for (greedy, child) in &node.rests {
            if greedy.capture(all, self.captures)
                && let Some(route) = self.answer(&router.nodes[*child])
            {
                return Some(route);
            }
            self.captures.truncate(mark);
        }
        None
    }

    fn answer(&mut self, node: &Node) -> Option<usize> {
        let routes =
            |method: &str| node.methods.iter().find(|(known, _)| *known == method).map(|(_, routes)| routes);
        let own = routes(self.asked.method);
        let fallback = || if self.asked.method == "HEAD" { routes("GET") } else { None };
        let found = own
            .and_then(|routes| routes.choose(self.asked))
            .or_else(|| fallback().and_then(|routes| routes.choose(self.asked)));
        if found.is_none() && !node.methods.is_empty() {
            self.settled = !node.templated;
            if own.is_some() || fallback().is_some() {
                self.unmeant = true;
            } else {
                self.known = true;
                self.allow.add(node);
            }
        }
        found
    }
}

fn literal(node: &Node, segment: &str) -> Option<usize> {
    if node.literals.is_empty() {
        return None;
    }
    let text = if segment.contains('%') { escape::decode(segment)? } else { Cow::Borrowed(segment) };
    node.literals.get(&text)
}

impl Allow {
    fn add(&mut self, node: &Node) {
        for (method, _) in &node.methods {
            self.insert(method);
            if *method == "GET" {
                self.insert("HEAD");
            }
        }
        self.insert("OPTIONS");
    }

    fn insert(&mut self, method: &'static str) {
        if let Err(at) = self.0.binary_search(&method) {
            self.0.insert(at, method);
        }
    }
}

/// The value of the `Allow` header.
impl fmt::Display for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

#[cfg(test)]
mod tests;
