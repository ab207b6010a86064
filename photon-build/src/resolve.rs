//! References: where `$ref`, `$id`, `$anchor`, `$dynamicAnchor` and JSON pointers lead.
//!
//! Knows files and nodes. Must not know what stands at the place that it finds.

mod index;

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::load::uri;
use crate::load::{File, Files, own_base};
use crate::node::{Node, Object, Value};
use index::Index;

/// What a reference is relative to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    /// The file, by its number in [`Files`].
    pub(crate) file: usize,
    /// The base URI, without a fragment.
    pub(crate) base: Arc<str>,
}

/// What a reference leads to.
#[derive(Debug, Clone)]
pub(crate) struct Target<'a> {
    /// The value.
    pub(crate) node: &'a Node,
    /// What it is relative to; [`Resolver::enter`] gives what its content is relative to.
    pub(crate) scope: Scope,
    /// Its place in its file.
    pub(crate) pointer: Arc<str>,
    /// How it is called there: the key among components or definitions, or the stem of its file.
    pub(crate) name: Option<Arc<str>>,
}

/// Why a reference leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It names another machine, and the file is not vendored.
    Remote(String),
    /// The file is there, but not what the fragment names; or it is not there at all.
    Missing(String),
    /// The file cannot be read.
    File(String),
    /// It is no reference.
    Text(String),
}

/// Follows references through all files.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    files: &'a Files,
    index: Index<'a>,
    found: HashMap<String, Result<Target<'a>, Broken>>,
    wide: HashMap<*const Object, Rc<HashMap<&'a str, &'a Node>>>,
}

#[derive(Debug, Clone)]
struct Located<'a> {
    node: &'a Node,
    /// What the node itself is relative to.
    outside: Scope,
    /// What stands in the node is relative to this.
    scope: Scope,
    pointer: Arc<str>,
}

/// References through which one pointer may pass.
const HOPS_MAX: usize = 64;

/// From this many keys on a mapping is hashed when pointers go through it.
const WIDE_MIN: usize = 24;

impl<'a> Resolver<'a> {
    /// Looks through all files for what names itself.
    pub(crate) fn new(files: &'a Files) -> Self {
        let index = Index::new(files);
        Self { files, index, found: HashMap::new(), wide: HashMap::new() }
    }

    /// Whether any schema has a `$dynamicAnchor`.
    pub(crate) fn has_dynamic_anchors(&self) -> bool {
        !self.index.dynamic.is_empty()
    }

    /// Every schema with this `$dynamicAnchor`, with the base of its resource.
    pub(crate) fn dynamic_anchors(&self, anchor: &str) -> Vec<(Arc<str>, Target<'a>)> {
        let named = self.index.dynamic.iter().filter(|(name, _)| *name == anchor);
        named.map(|(_, located)| (located.scope.base.clone(), self.target(located.clone()))).collect()
    }

    /// The `$schema` that holds for a schema, if one stands in it or around it.
    pub(crate) fn dialect_of(&self, node: &Node) -> Option<&'a str> {
        self.index.dialects.get(&std::ptr::from_ref(node)).copied()
    }

    /// What has this URI.
    pub(crate) fn at_uri_of(&self, uri: &str) -> Option<&'a Node> {
        self.at_uri(uri::split_fragment(uri).0).map(|located| located.node)
    }

    /// The scope of a whole file.
    pub(crate) fn scope_of(&self, file: usize) -> Option<(&'a Node, Scope)> {
        let content: &'a File = self.files.at(file)?;
        Some((&content.root, Scope { file, base: own_base(&content.root, &content.uri).into() }))
    }

    /// The tree of a file.
    pub(crate) fn root_of(&self, file: usize) -> Option<&'a Node> {
        self.files.at(file).map(|file| &file.root)
    }

    /// Follows one reference.
    pub(crate) fn resolve(&mut self, scope: &Scope, reference: &str) -> Result<Target<'a>, Broken> {
        self.resolve_hop(scope, reference, 0)
    }

    /// The scope inside `node`, which may have an `$id` of its own.
    pub(crate) fn enter(scope: &Scope, node: &Node) -> Scope {
        match node.get("$id").and_then(Node::as_str) {
            Some(id) if !id.starts_with('#') => {
                let base = uri::resolve(&scope.base, uri::split_fragment(id).0);
                Scope { file: scope.file, base: base.into() }
            }
            _ => scope.clone(),
        }
    }

    fn resolve_hop(&mut self, scope: &Scope, reference: &str, hops: usize) -> Result<Target<'a>, Broken> {
        if hops > HOPS_MAX {
            return Err(Broken::Missing(format!("`{reference}` passes through too many references")));
        }
        if reference.contains(char::is_whitespace) && !reference.contains(['#', '/', '.']) {
            return Err(Broken::Text(format!("`{reference}` is no reference")));
        }
        let (file, fragment) = uri::split_fragment(reference);
        let key = format!("{}\n{}\n{fragment}", uri::resolve(&scope.base, file), scope.file);
        if let Some(found) = self.found.get(&key) {
            return found.clone();
        }
        let found = self.look_up(scope, reference, hops);
        self.found.insert(key, found.clone());
        found
    }

    fn look_up(&mut self, scope: &Scope, reference: &str, hops: usize) -> Result<Target<'a>, Broken> {
        let (file, fragment) = uri::split_fragment(reference);
        let resource = self.resource(scope, file)?;
        let fragment = uri::percent_decode(fragment);
        let missing = || Broken::Missing(format!("`{reference}` points to nothing"));
        if fragment.is_empty() || fragment.starts_with('/') {
            let within = self.walk(&resource, &fragment, hops);
            let whole = || self.whole(resource.scope.file);
            let target = match within {
                Some(target) => Some(target),
                // A pointer beside an `$id` is meant from the file's root more often than not.
                None if file.is_empty() => whole().and_then(|whole| self.walk(&whole, &fragment, hops)),
                None => None,
            };
            return target.ok_or_else(missing);
        }
        let anchored = self.index.anchors.get(&format!("{}#{fragment}", resource.scope.base)).cloned();
        let located = anchored.or_else(|| {
            let base = own_base(self.root_of(scope.file)?, &self.files.at(scope.file)?.uri);
            self.index.anchors.get(&format!("{base}#{fragment}")).cloned()
        });
        Ok(self.target(located.ok_or_else(missing)?))
    }

    fn target(&self, located: Located<'a>) -> Target<'a> {
        let name = name_of(&located.pointer, located.scope.file == 0, || self.stem(&located.scope));
        Target { node: located.node, scope: located.outside, pointer: located.pointer, name }
    }

    fn resource(&self, scope: &Scope, file: &str) -> Result<Located<'a>, Broken> {
        let target = uri::resolve(&scope.base, file);
        if let Some(located) = self.at_uri(&target) {
            return Ok(located);
        }
        let retrieval = self.files.at(scope.file).map_or("", |file| &*file.uri);
        let near = uri::resolve(retrieval, file);
        if let Some(located) = self.at_uri(&near) {
            return Ok(located);
        }
        if let Some(message) = self.files.failure(&target) {
            return Err(Broken::File(message.to_owned()));
        }
        if uri::is_remote(&target) {
            return Err(Broken::Remote(target));
        }
        if let Some(message) = self.files.failure(&near) {
            return Err(Broken::File(message.to_owned()));
        }
        Err(Broken::Missing(format!("there is no `{file}`")))
    }

    fn at_uri(&self, target: &str) -> Option<Located<'a>> {
        if let Some(located) = self.index.resources.get(target) {
            return Some(located.clone());
        }
        self.whole(self.files.get(target)?.0)
    }

    fn whole(&self, file: usize) -> Option<Located<'a>> {
        let (node, scope) = self.scope_of(file)?;
        let outside = Scope { file, base: self.files.at(file)?.uri.clone() };
        Some(Located { node, outside, scope, pointer: "".into() })
    }

    fn walk(&mut self, from: &Located<'a>, fragment: &str, hops: usize) -> Option<Target<'a>> {
        let (mut node, mut pointer) = (from.node, from.pointer.to_string());
        let (mut outside, mut inside) = (from.outside.clone(), from.scope.clone());
        for token in fragment.split('/').skip(1) {
            let token = unescape(token);
            let mut next = self.step(node, &token);
            if next.is_none()
                && let Some(reference) = node.get("$ref").and_then(Node::as_str)
            {
                let through = self.resolve_hop(&inside, reference, hops + 1).ok()?;
                next = self.step(through.node, &token);
                inside = Self::enter(&through.scope, through.node);
                pointer = through.pointer.to_string();
            }
            node = next?;
            outside = inside;
            inside = Self::enter(&outside, node);
            pointer.push('/');
            pointer.push_str(&escape(&token));
        }
        let name = name_of(&pointer, outside.file == 0, || self.stem(&outside));
        Some(Target { node, scope: outside, pointer: pointer.into(), name })
    }

    fn step(&mut self, node: &'a Node, token: &str) -> Option<&'a Node> {
        match &node.value {
            Value::Array(items) => items.get(token.parse::<usize>().ok()?),
            Value::Object(object) if object.entries.len() >= WIDE_MIN => {
                let index = self.wide.entry(std::ptr::from_ref(object)).or_insert_with(|| {
                    Rc::new(object.iter().map(|entry| (&*entry.key, &entry.value)).collect())
                });
                index.get(token).copied()
            }
            Value::Object(object) => object.get(token),
            _ => None,
        }
    }

    fn stem(&self, scope: &Scope) -> Option<Arc<str>> {
        let uri = &self.files.at(scope.file)?.uri;
        let name = uri.rsplit('/').next()?;
        let stem = name.split('.').next()?;
        (!stem.is_empty()).then(|| uri::percent_decode(stem).into())
    }
}

/// A token of a JSON pointer as a key.
pub(crate) fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// A key as a token of a JSON pointer.
pub(crate) fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

fn name_of(pointer: &str, is_root: bool, stem: impl Fn() -> Option<Arc<str>>) -> Option<Arc<str>> {
    if pointer.is_empty() {
        return if is_root { None } else { stem() };
    }
    let (above, last) = pointer.rsplit_once('/')?;
    let holder = above.rsplit('/').next()?;
    let is_component = above.strip_prefix("/components/").is_some_and(|kind| !kind.contains('/'));
    let is_definition = matches!(holder, "schemas" | "$defs" | "definitions");
    let is_named = is_component || is_definition || (above.is_empty() && !is_root);
    is_named.then(|| unescape(last).into())
}
