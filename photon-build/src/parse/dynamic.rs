//! `$dynamicRef`: every way that leads to one becomes a schema of its own, whose references are plain.
//!
//! Which `$dynamicAnchor` is the outermost in scope depends on the references that were followed, never on the value
//! that is checked. So it is decided here, once: a generic list that is referred to as a list of pets becomes one.
//! Knows references. Must not know what else schemas say.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::Parser;
use crate::codes;
use crate::resolve::unescape;
use crate::schema::{Place, Schema, SchemaId};

/// How many schemas may be made of generic ones.
const INSTANCES_MAX: usize = 20_000;

/// What anchors stand for, seen from some schema.
type Bindings = BTreeMap<Arc<str>, SchemaId>;

/// What was read of dynamic references.
#[derive(Default)]
pub(super) struct Dynamics {
    /// The anchor that a schema refers to, and what it is when no scope says otherwise.
    references: BTreeMap<SchemaId, (Arc<str>, SchemaId)>,
    /// The anchors of each schema resource, by its base.
    anchors: HashMap<Arc<str>, Bindings>,
    /// The resource of each schema.
    bases: HashMap<SchemaId, Arc<str>>,
}

impl Dynamics {
    /// Keeps which resource a schema belongs to.
    pub(super) fn belongs(&mut self, id: SchemaId, base: Arc<str>) {
        self.bases.insert(id, base);
    }

    /// Keeps an anchor of a resource; the first of a name counts.
    pub(super) fn anchor(&mut self, base: Arc<str>, anchor: Arc<str>, id: SchemaId) {
        self.anchors.entry(base).or_default().entry(anchor).or_insert(id);
    }

    /// Keeps a reference that the scope decides.
    pub(super) fn reference(&mut self, from: SchemaId, anchor: Arc<str>, target: SchemaId) {
        self.references.insert(from, (anchor, target));
    }

    /// Every schema that `schema` contains or may refer to.
    fn each_edge(&self, id: SchemaId, schema: &Schema, mut each: impl FnMut(SchemaId)) {
        schema.each_child(&mut each);
        if let Some(discriminator) = &schema.discriminator {
            discriminator.mapping.iter().map(|(_, id)| *id).for_each(&mut each);
            discriminator.default_mapping.into_iter().for_each(&mut each);
        }
        if let Some((anchor, target)) = self.references.get(&id) {
            each(*target);
            self.anchors.values().filter_map(|anchors| anchors.get(anchor).copied()).for_each(&mut each);
        }
    }

    /// For every anchor, the schemas from which a reference to it can be reached.
    fn reaching(&self, schemas: &[Schema]) -> BTreeMap<Arc<str>, HashSet<SchemaId>> {
        let mut holders: Vec<Vec<SchemaId>> = vec![Vec::new(); schemas.len()];
        for (id, schema) in numbered(schemas) {
            self.each_edge(id, schema, |to| holders[to.0 as usize].push(id));
        }
        let mut reaching: BTreeMap<Arc<str>, HashSet<SchemaId>> = BTreeMap::new();
        for (id, (anchor, _)) in &self.references {
            let known = reaching.entry(anchor.clone()).or_default();
            let mut open = vec![*id];
            while let Some(id) = open.pop() {
                if known.insert(id) {
                    open.extend(&holders[id.0 as usize]);
                }
            }
        }
        reaching
    }
}

impl Parser<'_, '_> {
    /// Makes every dynamic reference a plain one.
    pub(super) fn bind_dynamic_references(&mut self) {
        if self.dynamics.references.is_empty() {
            return;
        }
        let dynamics = std::mem::take(&mut self.dynamics);
        let reaching = dynamics.reaching(&self.schemas);
        let concerned = |id: &SchemaId| reaching.values().any(|known| known.contains(id));
        let originals: BTreeMap<SchemaId, Schema> = numbered(&self.schemas)
            .filter(|(id, _)| concerned(id))
            .map(|(id, schema)| (id, schema.clone()))
            .collect();
        let mut binder = Binder {
            dynamics: &dynamics,
            reaching: &reaching,
            originals: &originals,
            known: HashMap::new(),
            queue: VecDeque::new(),
        };
        for id in originals.keys() {
            let home = binder.inside(*id, &Bindings::new());
            binder.queue.push_back((*id, *id, home));
        }
        while let Some((id, original, bindings)) = binder.queue.pop_front() {
            let mut schema = originals[&original].clone();
            schema.name.clone_from(&self.schemas[id.0 as usize].name);
            schema.change_children(|child| binder.instance(self, child, &bindings));
            if let Some((anchor, target)) = dynamics.references.get(&original) {
                let target = bindings.get(anchor).copied().unwrap_or(*target);
                let target = binder.instance(self, target, &bindings);
                refer(&mut schema, target);
            }
            self.schemas[id.0 as usize] = schema;
        }
    }

    /// How to call what an anchor stands for: by a name of its own, or else by the component that it stands in.
    fn bound_name(&self, anchor: &str, id: SchemaId) -> Option<String> {
        let mut schema = &self.schemas[id.0 as usize];
        if let Some(name) = schema.name.as_deref().filter(|name| *name != anchor) {
            return Some(name.to_owned());
        }
        while let Place::Child { parent, .. } = schema.place {
            schema = &self.schemas[parent.0 as usize];
        }
        let Place::Root(pointer) = &schema.place else { return None };
        let component =
            pointer.strip_prefix("/components/schemas/").and_then(|below| below.split('/').next());
        component.map(unescape).or_else(|| schema.name.as_deref().map(str::to_owned))
    }
}

/// Makes instances, each once.
struct Binder<'a> {
    dynamics: &'a Dynamics,
    reaching: &'a BTreeMap<Arc<str>, HashSet<SchemaId>>,
    /// Every schema that leads to a dynamic reference, as it was read.
    originals: &'a BTreeMap<SchemaId, Schema>,
    known: HashMap<(SchemaId, Bindings), SchemaId>,
    /// Instances whose references are not bound yet, with what they are made from.
    queue: VecDeque<(SchemaId, SchemaId, Bindings)>,
}

impl Binder<'_> {
    /// The bindings within a schema that is come to under `outside`: the outermost of a name counts, and only names
    /// that matter below it are kept.
    fn inside(&self, id: SchemaId, outside: &Bindings) -> Bindings {
        let matters = |anchor: &str| self.reaching.get(anchor).is_some_and(|known| known.contains(&id));
        let own = self.dynamics.bases.get(&id).and_then(|base| self.dynamics.anchors.get(base));
        let mut inside: Bindings = own
            .into_iter()
            .flatten()
            .filter(|(anchor, _)| matters(anchor))
            .map(|(anchor, id)| (anchor.clone(), *id))
            .collect();
        for (anchor, id) in outside.iter().filter(|(anchor, _)| matters(anchor)) {
            inside.insert(anchor.clone(), *id);
        }
        inside
    }

    /// The schema that `id` is when it is come to under `outside`: itself where that makes no difference.
    fn instance(&mut self, parser: &mut Parser<'_, '_>, id: SchemaId, outside: &Bindings) -> SchemaId {
        let Some(original) = self.originals.get(&id) else { return id };
        let inside = self.inside(id, outside);
        let home = self.inside(id, &Bindings::new());
        if inside == home {
            return id;
        }
        let key = (id, inside);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        if self.known.len() >= INSTANCES_MAX {
            let message = "too many ways lead from here to a `$dynamicRef`";
            parser.tell(&codes::DYNAMIC_MANY, original.span, message);
            return id;
        }
        let foreign = key.1.iter().find(|(anchor, id)| home.get(*anchor) != Some(*id));
        let bound = foreign.and_then(|(anchor, id)| parser.bound_name(anchor, *id));
        let name = original.name.as_ref().zip(bound).map(|(name, bound)| format!("{name} of {bound}").into());
        let instance =
            Schema { span: original.span, place: original.place.clone(), name, ..Schema::default() };
        let instance = parser.new_schema(instance);
        if let Some(fault) = parser.broken_schemas.get(&id).copied() {
            parser.broken_schemas.insert(instance, fault);
        }
        self.queue.push_back((instance, id, key.1.clone()));
        self.known.insert(key, instance);
        instance
    }
}

/// Adds a reference: beside another one both hold, as the parts of an `allOf` do.
pub(super) fn refer(schema: &mut Schema, target: SchemaId) {
    match schema.reference {
        None => schema.reference = Some(target),
        Some(_) => schema.logic.get_or_insert_default().all_of.push(target),
    }
}

fn numbered(schemas: &[Schema]) -> impl Iterator<Item = (SchemaId, &Schema)> {
    let id = |index| SchemaId(u32::try_from(index).unwrap_or(u32::MAX));
    schemas.iter().enumerate().map(move |(index, schema)| (id(index), schema))
}
