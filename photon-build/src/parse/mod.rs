//! Steps 2 and 3: nodes to the typed document, 3.0 lifted to 3.1, every reference followed.
//!
//! What is wrong is collected, never only the first; what breaks one operation refuses that operation alone.

mod after;
mod body;
mod circle;
mod component;
mod dialect;
mod document;
mod dynamic;
mod fields;
mod lift;
mod operation;
mod parameter;
mod path;
mod reach;
mod schema;
mod security;
mod selected;
mod target;
mod types;
mod unique;
mod value;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use crate::codes::{self, Code};
use crate::config::Config;
use crate::finding::{Finding, Findings};
use crate::load::Files;
use crate::nearest::nearest;
use crate::node::{Entry, Node};
use crate::resolve::{Broken, Resolver, Scope, Target, escape};
use crate::schema::{Place, Schema, SchemaId};
use crate::source::Span;
use crate::spec::{self, Version};

/// Makes the document of the files. `None` where no document can be made of them; the findings say why.
pub(crate) fn parse(config: &Config, findings: &mut Findings, files: &Files) -> Option<spec::Document> {
    let resolver = Resolver::new(files);
    let (root, scope) = resolver.scope_of(0)?;
    let version = document::version(findings, root)?;
    let mut parser = Parser {
        config,
        findings,
        resolver,
        version,
        file_versions: HashMap::new(),
        schemas: Vec::new(),
        ids: HashMap::new(),
        jobs: VecDeque::new(),
        texts: HashSet::new(),
        told: HashSet::new(),
        broken: None,
        broken_schemas: HashMap::new(),
        fits_nothing: HashSet::new(),
        dynamics: dynamic::Dynamics::default(),
        dialects: HashMap::new(),
        shared: component::Shared::default(),
        security_names: HashMap::new(),
        undeclared: BTreeMap::new(),
        selectable: selected::Selectable::default(),
    };
    parser.document(root, &scope)
}

/// Why a piece of the document cannot be used: the code of the finding, and its place.
type Fault = (&'static Code, Span);

/// The state of a run over one document.
struct Parser<'a, 'f> {
    config: &'f Config,
    findings: &'f mut Findings,
    resolver: Resolver<'a>,
    version: Version,
    file_versions: HashMap<usize, Version>,
    schemas: Vec<Schema>,
    ids: HashMap<*const Node, SchemaId>,
    jobs: VecDeque<schema::Job<'a>>,
    texts: HashSet<Arc<str>>,
    told: HashSet<(&'static str, Span)>,
    /// Set when the piece at hand turns out to be unusable; whoever owns the piece takes it.
    broken: Option<Fault>,
    broken_schemas: HashMap<SchemaId, Fault>,
    /// Schemas of which it is told that no value fits them.
    fits_nothing: HashSet<SchemaId>,
    dynamics: dynamic::Dynamics,
    /// By the URIs of their metaschemas; with a fault if they cannot be spoken.
    dialects: HashMap<String, (dialect::Dialect, Option<Fault>)>,
    shared: component::Shared,
    security_names: HashMap<Arc<str>, Option<Fault>>,
    /// Schemes that are required and not declared, with their first place.
    undeclared: BTreeMap<Arc<str>, Span>,
    selectable: selected::Selectable,
}

/// A value with what its references are relative to, and its place.
#[derive(Clone)]
struct At<'a> {
    node: &'a Node,
    scope: Scope,
    pointer: Arc<str>,
}

impl<'a> At<'a> {
    /// The value below `key`.
    fn key(&self, key: &str) -> Option<Self> {
        self.node.get(key).map(|node| self.child(key, node))
    }

    /// `node`, which stands below `key`.
    fn child(&self, key: &str, node: &'a Node) -> Self {
        let pointer = format!("{}/{}", self.pointer, escape(key)).into();
        Self { node, scope: self.scope.clone(), pointer }
    }

    /// The entries of a mapping; none where it is something else.
    fn entries(&self) -> &'a [Entry] {
        self.node.as_object().map_or(&[], |object| &object.entries)
    }
}

/// A value behind its references.
struct Followed<'a> {
    at: At<'a>,
    /// The key among components of the last reference.
    component: Option<Arc<str>>,
    /// The `description` beside the first reference.
    description: Option<Arc<str>>,
}

impl<'a> Parser<'a, '_> {
    /// Tells a finding once for each place.
    fn tell(&mut self, code: &'static Code, span: Span, message: impl Into<String>) -> Option<&mut Finding> {
        self.told.insert((code.id, span)).then(|| self.findings.add(code, span, message))
    }

    /// Tells a finding, and that the piece at hand is unusable.
    fn refuse(
        &mut self,
        code: &'static Code,
        span: Span,
        message: impl Into<String>,
    ) -> Option<&mut Finding> {
        self.broken.get_or_insert((code, span));
        self.tell(code, span, message)
    }

    /// The one shared copy of a text.
    fn text_of(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let text: Arc<str> = text.into();
        self.texts.insert(text.clone());
        text
    }

    /// The version that a file follows: its own, or the root's.
    fn version_of(&mut self, file: usize) -> Version {
        if let Some(version) = self.file_versions.get(&file) {
            return *version;
        }
        let own = self.resolver.root_of(file).and_then(|root| root.get("openapi")).and_then(Node::as_text);
        let version = own.and_then(document::version_of).unwrap_or(self.version);
        self.file_versions.insert(file, version);
        version
    }

    /// Follows one reference, and tells where it is broken.
    fn target(&mut self, outside: &Scope, reference: &Node) -> Option<Target<'a>> {
        self.target_within(outside, reference, None)
    }

    /// Follows one reference; a pointer that leads nowhere in its file is tried below `root`, too.
    fn target_within(&mut self, scope: &Scope, reference: &Node, root: Option<&str>) -> Option<Target<'a>> {
        let Some(text) = reference.as_str() else {
            self.refuse(&codes::REFERENCE_TEXT, reference.span, "`$ref` must be a string");
            return None;
        };
        match self.resolver.resolve(scope, text) {
            Ok(target) => Some(target),
            Err(broken) => {
                if let (Some(root), Some(pointer)) = (root, text.strip_prefix("#/"))
                    && let Ok(target) = self.resolver.resolve(scope, &format!("#{root}/{pointer}"))
                {
                    let message = format!("`{text}` is meant from the schema, not from the file");
                    self.tell(&codes::REFERENCE_ROOT, reference.span, message);
                    return Some(target);
                }
                let (code, message) = match broken {
                    Broken::Remote(uri) => {
                        (&codes::REFERENCE_REMOTE, format!("`{uri}` is not on this machine"))
                    }
                    Broken::Missing(message) => (&codes::REFERENCE_BROKEN, message),
                    Broken::File(message) => (&codes::REFERENCE_FILE, message),
                    Broken::Text(message) => (&codes::REFERENCE_TEXT, message),
                };
                let meant = self.meant(scope, text).filter(|_| *code == codes::REFERENCE_BROKEN);
                let finding = self.refuse(code, reference.span, message);
                if let (Some(finding), Some(meant)) = (finding, meant) {
                    finding.help = Some(format!("did you mean `{meant}`?"));
                }
                None
            }
        }
    }

    /// What a reference to nothing was meant to be, where its last key is nearly one of those that are there.
    fn meant(&mut self, scope: &Scope, text: &str) -> Option<String> {
        let (above, last) = text.rsplit_once('/').filter(|(above, _)| above.contains('#'))?;
        let around = self.resolver.resolve(scope, above).ok()?.node.as_object()?;
        let keys: Vec<String> = around.iter().map(|entry| escape(&entry.key)).collect();
        let meant = nearest(last, keys.iter().map(String::as_str))?;
        Some(format!("{above}/{meant}"))
    }

    /// Follows the references of anything but a schema.
    fn follow(&mut self, at: &At<'a>) -> Option<Followed<'a>> {
        let mut followed = Followed { at: at.clone(), component: None, description: None };
        let mut passed: Vec<*const Node> = Vec::new();
        while let Some(reference) = followed.at.node.get("$ref") {
            let node = followed.at.node;
            if passed.contains(&std::ptr::from_ref(node)) || passed.len() >= spec::REFERENCES_MAX {
                let text = reference.as_text().unwrap_or("this reference");
                let message = format!("`{text}` leads back to itself");
                self.refuse(&codes::REFERENCE_ENDLESS, reference.span, message);
                return None;
            }
            passed.push(node);
            if followed.description.is_none() {
                followed.description = node.get("description").and_then(Node::to_text);
            }
            let target = self.target(&followed.at.scope, reference)?;
            followed.component = target.name;
            let pointer = Arc::from(&*target.pointer);
            followed.at = At { node: target.node, scope: target.scope, pointer };
        }
        if followed.component.is_none() {
            followed.component = component_of(&followed.at.pointer).map(|name| self.text_of(&name));
        }
        Some(followed)
    }

    /// The schema of a node, read later; the same node is the same schema.
    fn schema_at(&mut self, at: &At<'a>, place: Place, name: Option<Arc<str>>) -> SchemaId {
        let key = std::ptr::from_ref(at.node);
        if let Some(id) = self.ids.get(&key) {
            let schema = &mut self.schemas[id.0 as usize];
            if schema.name.is_none() {
                schema.name = name;
            }
            return *id;
        }
        let id = self.new_schema(Schema { span: at.node.span, place, name, ..Schema::default() });
        self.ids.insert(key, id);
        self.jobs.push_back(schema::Job { id, at: at.clone() });
        id
    }

    /// The schema of a node that has a key, which is where findings point to.
    fn schema_of_key(
        &mut self,
        key_span: Span,
        at: &At<'a>,
        place: Place,
        name: Option<Arc<str>>,
    ) -> SchemaId {
        let id = self.schema_at(at, place, name);
        self.schemas[id.0 as usize].span = key_span;
        id
    }

    fn new_schema(&mut self, schema: Schema) -> SchemaId {
        let id = SchemaId(u32::try_from(self.schemas.len()).unwrap_or(u32::MAX));
        self.schemas.push(schema);
        id
    }

    /// The schema below `key` of something that is no schema itself, if it is there.
    fn schema_below(&mut self, at: &At<'a>, key: &'static str) -> Option<SchemaId> {
        let entry = at.node.as_object()?.entry(key)?;
        let below = at.child(key, &entry.value);
        let place = Place::Root((*below.pointer).into());
        Some(self.schema_of_key(entry.key_span, &below, place, None))
    }
}

/// Gives a finding that was told a help of its own.
fn helped(finding: Option<&mut Finding>, help: impl Into<String>) {
    if let Some(finding) = finding {
        finding.help = Some(help.into());
    }
}

/// The key among components, where a pointer leads to one.
fn component_of(pointer: &str) -> Option<String> {
    let (_, name) = pointer.strip_prefix("/components/")?.split_once('/')?;
    (!name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
}
