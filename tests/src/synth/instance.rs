//! Makes values for schemas. Several plans are tried, from the fullest to the barest, until one fits.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Map, Number, Value};

use crate::document::{Document, Node, Shape};

use super::export::validator;
use super::text::text;

/// How deep values nest at most.
const DEPTH_MAX: usize = 24;
/// From this depth on, what may be left out is left out.
const FULL_DEPTH_MAX: usize = 3;
/// How many values a full plan may hold.
const VALUES_MAX: usize = 600;
/// How many ways through the alternatives are tried in step, and then at random.
const VARIANTS_STEPPED: usize = 8;
const VARIANTS_MAX: usize = 24;

static NOT_EMPTY: LazyLock<Value> =
    LazyLock::new(|| serde_json::json!({ "minLength": 1, "minItems": 1, "minProperties": 1 }));

/// Makes values for the schemas of one document.
#[derive(Debug)]
pub struct Synth<'d> {
    /// The document.
    pub document: &'d Document,
    validators: RefCell<BTreeMap<usize, Option<Rc<Validator>>>>,
}

impl<'d> Synth<'d> {
    /// For this document.
    pub fn new(document: &'d Document) -> Self {
        Self { document, validators: RefCell::default() }
    }

    /// A value for a request's `schema`: the fullest that the schema's own check accepts.
    pub fn value(&self, schema: Node<'d>, empty_allowed: bool) -> Option<Value> {
        let mut first = None;
        for value in instances(self.document, schema, empty_allowed) {
            if self.accepts(schema, &value) != Some(false) {
                return Some(value);
            }
            first.get_or_insert(value);
        }
        first
    }

    /// Whether the schema accepts the value; `None` when the schema itself cannot be read.
    pub fn accepts(&self, schema: Node<'d>, value: &Value) -> Option<bool> {
        let mut validators = self.validators.borrow_mut();
        let validator =
            validators.entry(schema.key()).or_insert_with(|| validator(self.document, schema).map(Rc::new));
        validator.as_ref().map(|validator| validator.is_valid(value))
    }
}

/// Values for a schema, in the order in which they should be tried; they need not all fit.
pub fn instances<'d>(
    document: &'d Document,
    schema: Node<'d>,
    empty_allowed: bool,
) -> impl Iterator<Item = Value> + use<'d> {
    let not_empty = (!empty_allowed).then(|| Node { file: schema.file, value: &NOT_EMPTY });
    [true, false].into_iter().flat_map(move |full| {
        (0..VARIANTS_MAX).filter_map(move |variant| {
            let mut maker = Maker { document, not_empty, full, variant, values: 0 };
            maker.make(&[schema], 0, 0)
        })
    })
}

struct Maker<'d> {
    document: &'d Document,
    /// What keeps values from being empty, at every depth: forms cannot say what is empty.
    not_empty: Option<Node<'d>>,
    full: bool,
    variant: usize,
    values: usize,
}

impl<'d> Maker<'d> {
    fn make(&mut self, nodes: &[Node<'d>], depth: usize, salt: usize) -> Option<Value> {
        self.values += 1;
        if depth > DEPTH_MAX {
            return None;
        }
        let nodes: Vec<Node<'d>> = nodes.iter().copied().chain(self.not_empty).collect();
        let shape = self.settled(&nodes, depth)?;
        if let Some(values) = &shape.values {
            let not_empty = self.not_empty.is_some();
            return pick_value(&shape, values, not_empty, self.variant + salt);
        }
        match self.type_of(&shape) {
            "object" => self.object(&shape, depth),
            "array" => self.array(&shape, depth, salt),
            "integer" => number(&shape, true, salt),
            "number" => number(&shape, false, salt),
            "boolean" => Some(Value::Bool(salt.is_multiple_of(2))),
            "null" => Some(Value::Null),
            _ => text(&shape, salt).map(Value::String),
        }
    }

    /// The shape of `nodes` after a way through all its alternatives was chosen.
    fn settled(&self, nodes: &[Node<'d>], depth: usize) -> Option<Shape<'d>> {
        let mut nodes = nodes.to_vec();
        let mut settled: Vec<usize> = Vec::new();
        for _ in 0..DEPTH_MAX {
            let shape = Shape::of(self.document, &nodes);
            if shape.never || shape.types.as_ref().is_some_and(std::collections::BTreeSet::is_empty) {
                return None;
            }
            let open = shape.choices.iter().find(|choice| !settled.contains(&choice.branches[0].key()));
            let Some(choice) = open else { return Some(shape) };
            settled.push(choice.branches[0].key());
            let branches: Vec<Node<'d>> =
                choice.branches.iter().copied().filter(|branch| !self.is_null(*branch)).collect();
            if branches.is_empty() {
                return Some(shape);
            }
            // The first alternatives first; deep down the last ones too, for recursion ends in one of them.
            let mut turn = self.variant + if depth > FULL_DEPTH_MAX { depth } else { 0 };
            if self.variant >= VARIANTS_STEPPED {
                turn = self.dice(depth * 31 + settled.len());
            }
            nodes.push(branches[turn % branches.len()]);
        }
        None
    }

    /// A fixed number that looks like chance, different for each variant.
    fn dice(&self, at: usize) -> usize {
        let mixed = (self.variant * 7_919 + at * 104_729 + 1).wrapping_mul(0x9e37_79b9);
        mixed >> 7 & 0xffff
    }

    fn is_null(&self, node: Node<'d>) -> bool {
        let shape = Shape::of(self.document, &[node]);
        shape.types.is_some_and(|types| types.iter().eq(["null"].iter()))
    }

    fn type_of(&self, shape: &Shape<'d>) -> &'static str {
        const TYPES: [&str; 6] = ["object", "array", "string", "integer", "number", "boolean"];
        if let Some(types) = &shape.types {
            let known: Vec<&str> = TYPES.into_iter().filter(|ty| types.contains(ty)).collect();
            return if known.is_empty() { "null" } else { known[self.variant % known.len()] };
        }
        let parts = shape.parts.iter().filter(|part| !std::ptr::eq(part.value, &raw const *NOT_EMPTY));
        let has = |keys: &[&str]| parts.clone().any(|part| keys.iter().any(|key| part.get(key).is_some()));
        if has(&["properties", "additionalProperties", "required", "patternProperties", "minProperties"]) {
            "object"
        } else if has(&["items", "prefixItems", "contains"]) {
            "array"
        } else if has(&["minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"]) {
            "integer"
        } else {
            "string"
        }
    }

    fn object(&mut self, shape: &Shape<'d>, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        let more = self.full && depth < FULL_DEPTH_MAX && self.values < VALUES_MAX;
        for (name, nodes) in &shape.properties {
            let required = shape.required.contains(name);
            let more =
                more && (self.variant < VARIANTS_STEPPED || !self.dice(members.len()).is_multiple_of(3));
            if self.is_read_only(nodes) || !(required || more) {
                continue;
            }
            let value = self.discriminator(shape, name).or_else(|| self.make(nodes, depth + 1, 0));
            match value {
                Some(value) => drop(members.insert((*name).to_owned(), value)),
                None if required => return None,
                None => {}
            }
        }
        let undeclared = shape.required.iter().filter(|name| !shape.properties.contains_key(*name));
        for name in undeclared {
            let nodes = schema_of_extra(shape, name);
            let value = self.discriminator(shape, name).or_else(|| self.make(&nodes, depth + 1, 0))?;
            members.insert((*name).to_owned(), value);
        }
        self.dependents(shape, &mut members, depth);
        self.fill(shape, &mut members, depth, more)?;
        Some(Value::Object(members))
    }

    /// Adds properties that nobody named, as many as must be there; one where they are described.
    fn fill(
        &mut self,
        shape: &Shape<'d>,
        members: &mut Map<String, Value>,
        depth: usize,
        more: bool,
    ) -> Option<()> {
        let least = count(shape.bound("minProperties", true));
        let described = more && !(shape.additional.is_empty() && shape.patterned.is_empty());
        let most = shape.bound("maxProperties", false).map_or(usize::MAX, |most| count(Some(most)));
        // What the letter allows and few send tells an open object from a closed one.
        let daring = more && self.variant >= VARIANTS_STEPPED && self.dice(depth).is_multiple_of(2);
        let wanted = least.max(members.len() + usize::from(described || daring)).min(most);
        let optional: Vec<&str> = shape.properties.keys().copied().collect();
        for name in optional {
            let nodes = &shape.properties[name];
            if members.len() >= least || members.contains_key(name) || self.is_read_only(nodes) {
                continue;
            }
            if let Some(value) = self.make(nodes, depth + 1, 0) {
                members.insert(name.to_owned(), value);
            }
        }
        let mut salt = 0;
        while members.len() < wanted && salt < wanted + 8 {
            salt += 1;
            let name = match shape.patterned.first() {
                Some((pattern, _)) => super::pattern::matching(pattern, 1, 64, salt)?,
                None if shape.names.is_empty() => format!("key{salt}"),
                None => self.make(&shape.names.clone(), depth + 1, salt)?.as_str()?.to_owned(),
            };
            let nodes = schema_of_extra(shape, &name);
            if shape.closed && shape.patterned.is_empty() {
                break;
            }
            if let Some(value) = self.make(&nodes, depth + 1, 0) {
                members.entry(name).or_insert(value);
            }
        }
        Some(())
    }

    /// Adds what the presence of a property makes necessary.
    fn dependents(&mut self, shape: &Shape<'d>, members: &mut Map<String, Value>, depth: usize) {
        for part in &shape.parts {
            for (name, needs) in part.get("dependentRequired").into_iter().flat_map(|all| all.members()) {
                if !members.contains_key(name) {
                    continue;
                }
                for need in needs.items().filter_map(|need| need.value.as_str()) {
                    let nodes = shape.properties.get(need).cloned().unwrap_or_default();
                    if let (false, Some(value)) =
                        (members.contains_key(need), self.make(&nodes, depth + 1, 0))
                    {
                        members.insert(need.to_owned(), value);
                    }
                }
            }
        }
    }

    fn is_read_only(&self, nodes: &[Node<'d>]) -> bool {
        Shape::of(self.document, nodes).flag("readOnly")
    }

    /// The value of the property that tells the branches apart, when `name` is that property.
    fn discriminator(&self, shape: &Shape<'d>, name: &str) -> Option<Value> {
        let holders = shape.parts.iter();
        let discriminator = holders
            .filter_map(|part| part.get("discriminator"))
            .find(|discriminator| discriminator.text("propertyName") == Some(name))?;
        let keys: Vec<usize> = shape.parts.iter().map(Node::key).collect();
        let mapping = discriminator.get("mapping").into_iter().flat_map(|mapping| mapping.members());
        // The last merged part is the most special one.
        let mut named: Vec<(usize, &str)> = mapping
            .filter_map(|(value, target)| {
                let target = self.mapped(discriminator.file, target.value.as_str()?)?;
                Some((keys.iter().position(|key| *key == target)?, value))
            })
            .collect();
        named.sort_unstable();
        if let Some((_, value)) = named.last() {
            return Some(Value::String((*value).to_owned()));
        }
        let own = self.document.root().get("components")?.get("schemas")?;
        let by_key: BTreeMap<usize, &str> = own.members().map(|(name, node)| (node.key(), name)).collect();
        let allowed = Shape::of(self.document, shape.properties.get(name).map_or(&[], Vec::as_slice)).values;
        let fits =
            |name: &&str| allowed.as_ref().is_none_or(|values| values.iter().any(|value| value == name));
        let mut merged = shape.parts.iter().rev().filter_map(|part| by_key.get(&part.key()).copied());
        merged.find(fits).map(|name| Value::String(name.to_owned()))
    }

    fn mapped(&self, file: usize, target: &str) -> Option<usize> {
        let schemas = self.document.root().get("components")?.get("schemas");
        let named = schemas.and_then(|schemas| schemas.get(target));
        let node = named.or_else(|| self.document.target(file, target))?;
        self.document.resolve(node).map(|node| node.key())
    }

    fn array(&mut self, shape: &Shape<'d>, depth: usize, salt: usize) -> Option<Value> {
        let least = count(shape.bound("minItems", true)).max(usize::from(!shape.contains.is_empty()));
        let most = shape.bound("maxItems", false).map_or(usize::MAX, |most| count(Some(most)));
        let more = usize::from(self.full && depth < FULL_DEPTH_MAX + 1 && self.values < VALUES_MAX);
        let wanted = least.max(more).max(if more == 1 { shape.prefix.len() } else { 0 }).min(most);
        let mut items: Vec<Value> = Vec::new();
        let unique = shape.flag("uniqueItems");
        let mut turn = salt;
        while items.len() < wanted && turn < salt + wanted * 4 + 8 {
            let nodes = match shape.prefix.get(items.len()) {
                Some(node) => vec![*node],
                None => shape.items.iter().chain(&shape.contains).copied().collect(),
            };
            let item = self.make(&nodes, depth + 1, turn);
            turn += 1;
            match item {
                Some(item) if !(unique && items.contains(&item)) => items.push(item),
                Some(_) => {}
                None if items.len() >= least => break,
                None => return None,
            }
        }
        (items.len() >= least).then_some(Value::Array(items))
    }
}

/// The schemas of a property that is not declared by name.
fn schema_of_extra<'d>(shape: &Shape<'d>, name: &str) -> Vec<Node<'d>> {
    let matching: Vec<Node<'d>> = shape
        .patterned
        .iter()
        .filter(|(pattern, _)| regex::Regex::new(pattern).is_ok_and(|regex| regex.is_match(name)))
        .map(|(_, node)| *node)
        .collect();
    if matching.is_empty() { shape.additional.clone() } else { matching }
}

/// One of the values that are allowed and of an allowed type, not null (nor empty) where there is another.
fn pick_value(shape: &Shape<'_>, values: &[&Value], not_empty: bool, turn: usize) -> Option<Value> {
    let is_allowed = |value: &&&Value| {
        shape.types.as_ref().is_none_or(|types| match value {
            Value::Null => types.contains("null"),
            Value::Bool(_) => types.contains("boolean"),
            Value::String(_) => types.contains("string"),
            Value::Number(number) => {
                types.contains("number") || (types.contains("integer") && !number.is_f64())
            }
            Value::Array(_) => types.contains("array"),
            Value::Object(_) => types.contains("object"),
        })
    };
    let allowed: Vec<&&Value> = values.iter().filter(is_allowed).collect();
    let is_there =
        |value: &&&Value| !(value.is_null() || not_empty && value.as_str().is_some_and(str::is_empty));
    let there: Vec<&&Value> = allowed.iter().copied().filter(is_there).collect();
    let from = if there.is_empty() { allowed } else { there };
    (!from.is_empty()).then(|| (*from[turn % from.len()]).clone())
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // Values of a document; saturates.
fn number(shape: &Shape<'_>, integer: bool, salt: usize) -> Option<Value> {
    let (low, high) = (shape.bound("exclusiveMinimum", true), shape.bound("exclusiveMaximum", false));
    let mut least = shape.bound("minimum", true).unwrap_or(f64::NEG_INFINITY);
    let mut most = shape.bound("maximum", false).unwrap_or(f64::INFINITY);
    let step = shape.bound("multipleOf", true).filter(|step| *step > 0.0);
    let room = high.map_or(most, |high| high.min(most)) - low.map_or(least, |low| low.max(least));
    let nudge = step.unwrap_or(if integer { 1.0 } else { room.abs().min(2.0) / 2.0 });
    // OpenAPI 3.0 writes `exclusiveMinimum: true`, 3.1 the bound itself.
    if shape.flag("exclusiveMinimum") {
        least += nudge;
    }
    if shape.flag("exclusiveMaximum") {
        most -= nudge;
    }
    least = low.map_or(least, |low| least.max(low + nudge));
    most = high.map_or(most, |high| most.min(high - nudge));

    let base = if integer { 7.0 } else { 7.5 };
    let mut value = (base + salt as f64).max(least).min(most);
    if integer {
        value = if value >= most { value.floor() } else { value.ceil() };
    }
    if let Some(step) = step {
        value = (value / step).ceil() * step;
        if value > most {
            value = (most / step).floor() * step;
        }
    }
    if value < least || value > most {
        return None;
    }
    if integer || value.fract() == 0.0 {
        Some(Value::from(value as i64))
    } else {
        Number::from_f64(value).map(Value::Number)
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Counts of a document; saturates.
fn count(bound: Option<f64>) -> usize {
    bound.unwrap_or(0.0).max(0.0) as usize
}
