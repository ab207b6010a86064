//! Holds generated types against the schemas they come from, and finds those that were given up.
//!
//! The pairing begins at operations (by method and path) and at named schemas (by name), and goes down both sides
//! together: fields against properties, items against items. Nothing of photon-build's report is used. Free JSON that
//! the pairing never reaches counts as given up: it has no excuse.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens as _;
use syn::visit::Visit;
use syn::{Fields, GenericArgument, Item, PathArguments, Type, TypePath};

use crate::document::{Choice, Document, Node, Operation, Response, Shape};

use super::Generated;
use super::index::{Items, Served};

/// Names by which free JSON goes.
const FREE: [&str; 4] = ["Json", "Value", "JsonValue", "RawValue"];
/// How much of a schema is told, in characters.
const SCHEMA_CHARS_MAX: usize = 160;
/// Wrappers that a schema knows nothing of.
const WRAPPERS: [&str; 6] = ["Option", "Box", "Patch", "Arc", "Rc", "Nullable"];
/// Lists and sets.
const LISTS: [&str; 5] = ["Vec", "BTreeSet", "HashSet", "VecDeque", "Set"];
/// Maps.
const MAPS: [&str; 4] = ["BTreeMap", "HashMap", "Map", "IndexMap"];

/// What was given up.
#[derive(Debug, Default)]
pub struct Opaque {
    /// Schemas that say something and became free JSON or an untyped string, with where they were met.
    pub schemas: Vec<String>,
    /// Free JSON in types that no schema was found for.
    pub unexplained: Vec<String>,
}

impl Opaque {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.schemas.len() + self.unexplained.len()
    }
}

/// Holds `generated` against `document`.
pub fn opaque(document: &Document, generated: &Generated) -> Opaque {
    let mut pairing = Pairing {
        document,
        root: generated.root(),
        models: generated.models(),
        seen: BTreeSet::new(),
        given_up: BTreeMap::new(),
        free_seen: BTreeSet::new(),
    };
    let schemas = document.root().get("components").and_then(|components| components.get("schemas"));
    let mut by_name: BTreeMap<String, Vec<Node<'_>>> = BTreeMap::new();
    for (name, node) in schemas.into_iter().flat_map(|schemas| schemas.members()) {
        by_name.entry(plain(name)).or_default().push(node);
    }
    // Names that differ in case alone are numbered: which is which would be a guess.
    let models: Vec<String> = pairing.models.keys().cloned().collect();
    for model in models {
        if let Some([node]) = by_name.get(&plain(&model)).map(Vec::as_slice) {
            pairing.item(true, &model, &[*node], &model);
        }
    }
    let served = generated.served();
    for operation in document.operations() {
        let path = template(operation.path);
        let base = document.base_path_of(&operation);
        let here = served.iter().filter(|served| {
            served.method == operation.method
                && [path, &format!("{base}{path}")].contains(&template(&served.path))
        });
        // Path keys that differ in a fragment alone share a route; the id tells them apart.
        let here: Vec<&Served<'_>> = here.collect();
        let own = operation.node.text("operationId");
        let exact = here.iter().find(|served| Some(served.id.as_str()) == own).filter(|_| here.len() > 1);
        for served in exact.map_or(here.as_slice(), std::slice::from_ref) {
            pairing.operation(&operation, served);
        }
    }
    pairing.finish(generated)
}

/// A path template without what never travels, and without the names of its parameters' query.
fn template(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or(path)
}

/// A name as letters and digits in lower case: `petId`, `pet_id` and `PetId` are one.
fn plain(name: &str) -> String {
    name.trim_start_matches("r#")
        .chars()
        .filter(|char| char.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

struct Pairing<'d, 'g> {
    document: &'d Document,
    root: Items<'g>,
    models: Items<'g>,
    seen: BTreeSet<(bool, String, Vec<usize>)>,
    given_up: BTreeMap<usize, String>,
    free_seen: BTreeSet<usize>,
}

impl<'d, 'g> Pairing<'d, 'g> {
    fn operation(&mut self, operation: &Operation<'d>, served: &Served<'g>) {
        let title = operation.title();
        let parameters = operation.parameters(self.document);
        let bodies: Vec<Node<'d>> = operation
            .body(self.document)
            .into_iter()
            .flat_map(|body| body.content)
            .filter_map(|(_, media)| media.get("schema").or_else(|| media.get("itemSchema")))
            .collect();
        if let Some(Item::Struct(request)) = self.root.get(&served.request).copied() {
            for field in &request.fields {
                let name = field.ident.as_ref().map(|ident| plain(&ident.to_string())).unwrap_or_default();
                // Names that differ in case alone are numbered; which is which shows in their types.
                let named = || parameters.iter().filter(|parameter| plain(parameter.name) == name);
                let schemas: Vec<Node<'d>> = named().filter_map(|parameter| parameter.schema).collect();
                match named().next() {
                    Some(_) => self.best(false, &field.ty, &schemas, &format!("{title} {name}")),
                    None if name == "body" => self.alternatives(&field.ty, &bodies, &format!("{title} body")),
                    None => {}
                }
            }
        }
        let (good, bad): (Vec<Response<'d>>, Vec<_>) = operation
            .responses(self.document)
            .into_iter()
            .partition(|response| response.status.starts_with(['2', '3']));
        let bad_first = good.is_empty();
        self.answers(served.output, if bad_first { &bad } else { &good }, &format!("{title} answer"));
        self.answers(served.error, &bad, &format!("{title} error"));
    }

    /// A body or an answer of several media types: one type, or an enum with a variant each.
    fn alternatives(&mut self, ty: &'g Type, schemas: &[Node<'d>], place: &str) {
        if let (Some((false, name)), true) = (local(ty, false), schemas.len() > 1)
            && let Some(Item::Enum(item)) = self.lookup(false, &name)
        {
            for field in item.variants.iter().flat_map(|variant| variant.fields.iter()) {
                self.best(false, &field.ty, schemas, place);
            }
            return;
        }
        self.best(false, ty, schemas, place);
    }

    fn answers(&mut self, ty: &'g Type, responses: &[Response<'d>], place: &str) {
        let schemas: Vec<Node<'d>> = responses
            .iter()
            .flat_map(|response| response.content.iter())
            .filter_map(|(_, media)| media.get("schema").or_else(|| media.get("itemSchema")))
            .collect();
        let bare = responses
            .iter()
            .flat_map(|response| response.content.iter())
            .any(|(_, media)| media.get("schema").is_none() && media.get("itemSchema").is_none());
        let headers: Vec<(&str, Node<'d>)> =
            responses.iter().flat_map(|response| response.headers.iter().copied()).collect();
        let fields: Vec<&'g syn::Field> = match local(ty, false)
            .filter(|(in_models, _)| !in_models)
            .and_then(|(_, name)| self.definition(&name))
        {
            Some(Item::Struct(item)) => item.fields.iter().collect(),
            Some(Item::Enum(item)) => {
                item.variants.iter().flat_map(|variant| variant.fields.iter()).collect()
            }
            _ => {
                if bare {
                    self.excuse(ty);
                }
                return self.alternatives(ty, &schemas, place);
            }
        };
        for field in fields {
            let name = field.ident.as_ref().map(|ident| plain(&ident.to_string())).unwrap_or_default();
            let header = headers.iter().find(|(header, _)| plain(header) == name);
            match header.map(|(_, node)| node.get("schema")) {
                Some(Some(schema)) => self.pair(false, &field.ty, &[schema], &format!("{place} {name}")),
                Some(None) => self.excuse(&field.ty),
                // Redirects say where to, and ranges which status, whether the document does or not.
                None if !matches!(name.as_str(), "" | "body") => {}
                None => {
                    if bare {
                        self.excuse(&field.ty);
                    }
                    self.best(false, &field.ty, &schemas, place);
                }
            }
        }
    }

    /// Pairs a type with the schema, out of several, that it looks like most.
    fn best(&mut self, in_models: bool, ty: &'g Type, schemas: &[Node<'d>], place: &str) {
        let fits = schemas.iter().map(|schema| self.fit(in_models, ty, *schema));
        let best = fits.enumerate().max_by_key(|(at, fit)| (*fit, std::cmp::Reverse(*at))).map(|(at, _)| at);
        match best.and_then(|at| schemas.get(at)) {
            Some(schema) => self.pair(in_models, ty, &[*schema], place),
            None => self.excuse(ty),
        }
    }

    /// How much a type looks like a schema: by name, by its members, by the kind of JSON.
    fn fit(&self, in_models: bool, ty: &Type, schema: Node<'d>) -> usize {
        const NAME: usize = 1_000;
        let Type::Path(path) = ty else { return 0 };
        let Some(last) = path.path.segments.last() else { return 0 };
        let name = last.ident.to_string();
        let inner = arguments(&last.arguments);
        let shape = Shape::of(self.document, &[schema]);
        let has = |ty: &str| shape.types.as_ref().is_some_and(|types| types.contains(ty));
        if WRAPPERS.contains(&name.as_str()) {
            return inner.first().map_or(0, |ty| self.fit(in_models, ty, schema));
        }
        if let Some(item) = local(ty, in_models).and_then(|(in_models, name)| self.lookup(in_models, &name)) {
            let referred = schema.text("$ref").and_then(|reference| reference.rsplit('/').next());
            let named =
                if referred.is_some_and(|referred| plain(referred) == plain(&name)) { NAME } else { 0 };
            let alike = match item {
                Item::Struct(item) => {
                    let fields = item.fields.iter().filter_map(|field| field.ident.as_ref());
                    let own: Vec<String> = fields.map(|ident| plain(&ident.to_string())).collect();
                    let alike = shape.properties.keys().filter(|wire| own.contains(&plain(wire))).count();
                    // Two of the same members are more alike than one that has more on either side.
                    alike * 200 / (own.len() + shape.properties.len()).max(1)
                }
                Item::Enum(_) => usize::from(shape.values.is_some() || !shape.choices.is_empty()),
                Item::Type(alias) => self.fit(true, &alias.ty, schema),
                _ => 0,
            };
            return named + alike;
        }
        let says = shape.says_something(self.document);
        usize::from(match name.as_str() {
            "String" => {
                return usize::from(has("string")) + usize::from(!more_than_text(self.document, &shape));
            }
            "bool" => has("boolean"),
            _ if LISTS.contains(&name.as_str()) => {
                let items = inner.first().zip(shape.items.first());
                let alike = items.map_or(0, |(ty, items)| self.fit(in_models, ty, *items));
                return usize::from(has("array")) + alike;
            }
            _ if MAPS.contains(&name.as_str()) => has("object") && shape.properties.is_empty(),
            _ if FREE.contains(&name.as_str()) => !says,
            _ => has("string") || has("number") || has("integer"),
        })
    }

    /// What a name at the root stands for, aliases followed.
    fn definition(&self, name: &str) -> Option<&'g Item> {
        match self.root.get(name).copied()? {
            Item::Type(alias) => match local(&alias.ty, false) {
                Some((false, name)) => self.definition(&name),
                _ => None,
            },
            item => Some(item),
        }
    }

    fn lookup(&self, in_models: bool, name: &str) -> Option<&'g Item> {
        if in_models { self.models.get(name).copied() } else { self.root.get(name).copied() }
    }

    /// The schema says nothing here: free JSON below this type is as it should be.
    fn excuse(&mut self, ty: &'g Type) {
        let mut free = Free::default();
        free.visit_type(ty);
        self.free_seen.extend(free.found.iter().map(|(key, _)| *key));
    }

    fn pair(&mut self, in_models: bool, ty: &'g Type, nodes: &[Node<'d>], place: &str) {
        match ty {
            Type::Path(path) => self.pair_path(in_models, ty, path, nodes, place),
            Type::Tuple(tuple) => {
                let shape = Shape::of(self.document, nodes);
                for (at, ty) in tuple.elems.iter().enumerate() {
                    let item = shape.prefix.get(at).map_or(shape.items.clone(), |node| vec![*node]);
                    self.pair(in_models, ty, &item, place);
                }
            }
            Type::Array(array) => {
                let items = Shape::of(self.document, nodes).items;
                self.pair(in_models, &array.elem, &items, place);
            }
            _ => {}
        }
    }

    fn pair_path(
        &mut self,
        in_models: bool,
        ty: &'g Type,
        path: &'g TypePath,
        nodes: &[Node<'d>],
        place: &str,
    ) {
        let Some(last) = path.path.segments.last() else { return };
        let name = last.ident.to_string();
        let arguments = arguments(&last.arguments);
        let shape = Shape::of(self.document, nodes);
        if let Some((in_models, name)) = local(ty, in_models)
            && self.lookup(in_models, &name).is_some()
        {
            self.item(in_models, &name, nodes, place);
        } else if WRAPPERS.contains(&name.as_str()) {
            let nodes = without_null(self.document, &shape).map_or_else(|| nodes.to_vec(), |node| vec![node]);
            for ty in arguments {
                self.pair(in_models, ty, &nodes, place);
            }
        } else if LISTS.contains(&name.as_str()) && !arguments.is_empty() {
            let items: Vec<Node<'d>> =
                if shape.items.is_empty() { shape.prefix.clone() } else { shape.items.clone() };
            self.pair(in_models, arguments[0], &items, &format!("{place}/items"));
        } else if MAPS.contains(&name.as_str()) && !arguments.is_empty() {
            let mut values = shape.additional.clone();
            values.extend(shape.patterned.iter().map(|(_, node)| *node));
            if let Some(ty) = arguments.last() {
                self.pair(in_models, ty, &values, &format!("{place}/additionalProperties"));
            }
            // A record whose properties were all given up to a map.
            if !shape.properties.is_empty() {
                self.give_up(ty, nodes, place);
            }
        } else if FREE.contains(&name.as_str()) {
            self.free_seen.insert(std::ptr::from_ref(ty) as usize);
            if shape.says_something(self.document) {
                self.give_up(ty, nodes, place);
            }
        } else if name == "String" && more_than_text(self.document, &shape) {
            self.give_up(ty, nodes, place);
        }
    }

    fn item(&mut self, in_models: bool, name: &str, nodes: &[Node<'d>], place: &str) {
        let key = (in_models, name.to_owned(), nodes.iter().map(Node::key).collect());
        if !self.seen.insert(key) {
            return;
        }
        match self.lookup(in_models, name) {
            Some(Item::Type(alias)) => self.pair(in_models, &alias.ty, nodes, place),
            Some(Item::Struct(item)) => self.record(in_models, &item.fields, nodes, place),
            Some(Item::Enum(item)) => {
                let branches = self.branches(nodes);
                for field in item.variants.iter().filter_map(|variant| variant.fields.iter().next()) {
                    if branches.is_empty() {
                        // A schema of several types, or one whose values are open.
                        self.pair_one_of_types(in_models, &field.ty, nodes, place);
                    } else {
                        self.best(in_models, &field.ty, &branches, place);
                    }
                }
            }
            _ => {}
        }
    }

    /// A variant for one of the types of a schema: what is inside it is held against the schema, it itself is not.
    fn pair_one_of_types(&mut self, in_models: bool, ty: &'g Type, nodes: &[Node<'d>], place: &str) {
        let is_text = matches!(ty, Type::Path(path) if path.path.is_ident("String"));
        if !is_text {
            self.pair(in_models, ty, nodes, place);
        }
    }

    /// The alternatives of a schema without `null`, or the schema once for each of its types.
    fn branches(&self, nodes: &[Node<'d>]) -> Vec<Node<'d>> {
        let shape = Shape::of(self.document, nodes);
        let mut branches: Vec<Node<'d>> = Vec::new();
        for choice in &shape.choices {
            for branch in &choice.branches {
                let inner = Shape::of(self.document, &[*branch]);
                if !inner.types.is_some_and(|types| types.iter().eq(["null"].iter())) {
                    branches.push(*branch);
                }
            }
        }
        branches
    }

    fn record(&mut self, in_models: bool, fields: &'g Fields, nodes: &[Node<'d>], place: &str) {
        let shape = Shape::of(self.document, nodes);
        match fields {
            Fields::Named(fields) => {
                for field in &fields.named {
                    let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                    // Names that differ in case alone are told apart by what they are.
                    let named = shape.properties.iter().filter(|(wire, _)| plain(wire) == plain(&name));
                    let fit = |nodes: &[Node<'d>]| {
                        nodes.first().map_or(0, |node| self.fit(in_models, &field.ty, *node))
                    };
                    let property = named.max_by_key(|(_, nodes)| fit(nodes));
                    match property {
                        Some((wire, nodes)) => {
                            self.pair(in_models, &field.ty, nodes, &format!("{place}/{wire}"));
                        }
                        None => self.extra(in_models, &field.ty, &shape, place),
                    }
                }
            }
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                self.pair(in_models, &fields.unnamed[0].ty, nodes, place);
            }
            Fields::Unnamed(fields) => {
                for (at, field) in fields.unnamed.iter().enumerate() {
                    let item = shape.prefix.get(at).map_or_else(|| shape.items.clone(), |node| vec![*node]);
                    self.pair(in_models, &field.ty, &item, &format!("{place}/{at}"));
                }
            }
            Fields::Unit => {}
        }
    }

    /// The field that keeps what a record does not name, or a required property that nothing describes.
    fn extra(&mut self, in_models: bool, ty: &'g Type, shape: &Shape<'d>, place: &str) {
        let mut values = shape.additional.clone();
        values.extend(shape.patterned.iter().map(|(_, node)| *node));
        let map_value = match ty {
            Type::Path(path) => {
                path.path.segments.last().filter(|last| MAPS.contains(&last.ident.to_string().as_str()))
            }
            _ => None,
        };
        match map_value.map(|last| arguments(&last.arguments)).and_then(|arguments| arguments.last().copied())
        {
            Some(ty) => self.pair(in_models, ty, &values, &format!("{place}/additionalProperties")),
            None => self.pair(in_models, ty, &[], place),
        }
    }

    fn give_up(&mut self, ty: &Type, nodes: &[Node<'d>], place: &str) {
        let Some(node) = nodes.first() else { return };
        let node = self.document.resolve(*node).unwrap_or(*node);
        let told = || {
            let ty = ty.to_token_stream().to_string().replace(' ', "");
            let schema: String = node.value.to_string().chars().take(SCHEMA_CHARS_MAX).collect();
            format!("{place}: {ty} for {schema}")
        };
        self.given_up.entry(node.key()).or_insert_with(told);
    }

    fn finish(self, generated: &'g Generated) -> Opaque {
        let mut free = Free::default();
        for item in &generated.file.items {
            match item {
                Item::Struct(_) | Item::Enum(_) | Item::Type(_) | Item::Mod(_) => free.visit_item(item),
                _ => {}
            }
        }
        let unexplained =
            free.found.into_iter().filter(|(key, _)| !self.free_seen.contains(key)).map(|(_, place)| place);
        Opaque { schemas: self.given_up.into_values().collect(), unexplained: unexplained.collect() }
    }
}

/// Every place where free JSON stands in a type.
#[derive(Default)]
struct Free {
    found: Vec<(usize, String)>,
    place: String,
}

impl<'g> Visit<'g> for Free {
    fn visit_item(&mut self, item: &'g Item) {
        match item {
            Item::Struct(item) => self.place = item.ident.to_string(),
            Item::Enum(item) => self.place = item.ident.to_string(),
            Item::Type(item) => self.place = item.ident.to_string(),
            Item::Mod(_) => {}
            // Functions, constants and macros hold no data of the document.
            _ => return,
        }
        syn::visit::visit_item(self, item);
    }

    fn visit_type(&mut self, ty: &'g Type) {
        if let Type::Path(path) = ty {
            let segments = &path.path.segments;
            let last = segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
            // A generated type of that name is written `models::Value` or alone within `models`.
            let outside = segments.len() > 1 && segments.iter().all(|segment| segment.ident != "models");
            if outside && FREE.contains(&last.as_str()) {
                self.found.push((std::ptr::from_ref(ty) as usize, self.place.clone()));
            }
        }
        syn::visit::visit_type(self, ty);
    }
}

/// The name of a type of the file itself, and whether it is one of `models`.
fn local(ty: &Type, in_models: bool) -> Option<(bool, String)> {
    let Type::Path(path) = ty else { return None };
    let segments: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    match segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [name] => Some((in_models, (*name).to_owned())),
        ["models", name] | ["super" | "self", "models", name] => Some((true, (*name).to_owned())),
        _ => None,
    }
}

fn arguments(arguments: &PathArguments) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return Vec::new() };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// The one alternative beside `null`, where a schema is only made nullable by a list.
fn without_null<'d>(document: &'d Document, shape: &Shape<'d>) -> Option<Node<'d>> {
    let [choice] = shape.choices.as_slice() else { return None };
    let rest: Vec<Node<'d>> = choice
        .branches
        .iter()
        .copied()
        .filter(|branch| {
            let inner = Shape::of(document, &[*branch]);
            !inner.types.is_some_and(|types| types.iter().eq(["null"].iter()))
        })
        .collect();
    match rest.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// Whether a schema demands more than some text: another type, one of several values, one of several shapes.
fn more_than_text(document: &Document, shape: &Shape<'_>) -> bool {
    if let Some(values) = &shape.values {
        return values.iter().filter(|value| !value.is_null()).count() > 0;
    }
    if let Some(types) = &shape.types {
        return types.iter().any(|ty| *ty != "string" && *ty != "null");
    }
    let structured = !shape.properties.is_empty() || !shape.items.is_empty() || !shape.prefix.is_empty();
    let choice = |choice: &Choice<'_>| {
        let shapes: Vec<Shape<'_>> =
            choice.branches.iter().map(|branch| Shape::of(document, &[*branch])).collect();
        let within_text = |shape: &Shape<'_>| {
            shape.types.as_ref().is_some_and(|types| types.iter().all(|ty| ["string", "null"].contains(ty)))
        };
        let is_text = |shape: &Shape<'_>| {
            shape.types.as_ref().is_some_and(|types| types.contains("string"))
                && !more_than_text(document, shape)
        };
        // Some words or any text is any text.
        let any_text = shapes.iter().all(within_text) && shapes.iter().any(is_text);
        !any_text && shapes.iter().any(|shape| more_than_text(document, shape))
    };
    structured || shape.choices.iter().any(choice)
}
