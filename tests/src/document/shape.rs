//! What several schemas demand together: references followed, `allOf` merged, alternatives kept as choices.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Document, Node};

/// Keywords that say nothing about values.
const ANNOTATIONS: [&str; 17] = [
    "title",
    "description",
    "summary",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "xml",
    "default",
    "nullable",
    "$comment",
    "$id",
    "$schema",
    "$anchor",
    "discriminator",
];

/// The demands of one or more schemas that hold at once.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // Each is a keyword's own yes or no.
pub struct Shape<'d> {
    /// Nothing can meet them.
    pub never: bool,
    /// The JSON types allowed; `None` when nothing is said.
    pub types: Option<BTreeSet<&'d str>>,
    /// Whether `null` is written as allowed (`nullable`, or among the types).
    pub nullable: bool,
    /// The values allowed.
    pub values: Option<Vec<&'d Value>>,
    /// The properties, each with every schema that applies to it.
    pub properties: BTreeMap<&'d str, Vec<Node<'d>>>,
    /// The names that must be there.
    pub required: BTreeSet<&'d str>,
    /// The schemas of properties not named.
    pub additional: Vec<Node<'d>>,
    /// Whether properties not named are refused.
    pub closed: bool,
    /// The schemas of properties by pattern.
    pub patterned: Vec<(&'d str, Node<'d>)>,
    /// The schemas of names.
    pub names: Vec<Node<'d>>,
    /// The schemas of items.
    pub items: Vec<Node<'d>>,
    /// The schemas of the first items.
    pub prefix: Vec<Node<'d>>,
    /// A schema that some item must meet.
    pub contains: Vec<Node<'d>>,
    /// The alternatives, one of each list must hold.
    pub choices: Vec<Choice<'d>>,
    /// The schemas that were merged, with their own keywords.
    pub parts: Vec<Node<'d>>,
    says: bool,
}

/// An `anyOf` or `oneOf`.
#[derive(Debug)]
pub struct Choice<'d> {
    /// The branches.
    pub branches: Vec<Node<'d>>,
    /// The schema that holds the list, where its discriminator stands.
    pub holder: Node<'d>,
}

impl<'d> Shape<'d> {
    /// Merges `nodes`, which hold at once.
    pub fn of(document: &'d Document, nodes: &[Node<'d>]) -> Self {
        let mut shape = Self::default();
        let mut seen = BTreeSet::new();
        for node in nodes {
            shape.add(document, *node, &mut seen);
        }
        shape
    }

    /// A number keyword's tightest value: the largest of `key` where `largest`, else the smallest.
    pub fn bound(&self, key: &str, largest: bool) -> Option<f64> {
        let values = self.parts.iter().filter_map(|part| part.value.get(key).and_then(Value::as_f64));
        values.reduce(if largest { f64::max } else { f64::min })
    }

    /// The texts of a keyword, of all parts.
    pub fn texts(&self, key: &str) -> Vec<&'d str> {
        self.parts.iter().filter_map(|part| part.text(key)).collect()
    }

    /// Whether any part has this keyword as `true`.
    pub fn flag(&self, key: &str) -> bool {
        self.parts.iter().any(|part| part.flag(key))
    }

    /// Whether the schemas say more than `{}` or a bare `object`: more than annotations and that type.
    pub fn says_something(&self, document: &'d Document) -> bool {
        let mut seen = BTreeSet::new();
        self.says_more(document, &mut seen)
    }

    fn says_more(&self, document: &'d Document, seen: &mut BTreeSet<usize>) -> bool {
        if self.says {
            return true;
        }
        // An alternative that admits anything makes the whole list say nothing.
        self.choices.iter().any(|choice| {
            choice.branches.iter().all(|branch| {
                seen.insert(branch.key()) && Shape::of(document, &[*branch]).says_more(document, seen)
            })
        })
    }

    fn add(&mut self, document: &'d Document, node: Node<'d>, seen: &mut BTreeSet<usize>) {
        if node.value == &Value::Bool(false) {
            self.never = true;
            self.says = true;
            return;
        }
        if !node.value.is_object() || !seen.insert(node.key()) {
            return;
        }
        if let Some(reference) = node.text("$ref").or_else(|| node.text("$dynamicRef")) {
            if let Some(target) = document.target(node.file, reference) {
                self.add(document, target, seen);
            }
            if document.is_3_0() {
                return;
            }
        }
        self.parts.push(node);
        self.add_types(node);
        self.add_values(node);
        self.add_object(document, node);
        self.add_array(node);
        for part in node.get("allOf").into_iter().flat_map(|list| list.items()) {
            self.add(document, part, seen);
        }
        for key in ["oneOf", "anyOf"] {
            let branches: Vec<_> = node.get(key).into_iter().flat_map(|list| list.items()).collect();
            if !branches.is_empty() {
                self.choices.push(Choice { branches, holder: node });
            }
        }
        self.says |= node.members().any(|(key, value)| says(document, key, value, seen));
    }

    fn add_types(&mut self, node: Node<'d>) {
        let written: BTreeSet<&str> = match node.value.get("type") {
            Some(Value::String(one)) => std::iter::once(one.as_str()).collect(),
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ => return,
        };
        self.nullable |= written.contains("null") || node.flag("nullable");
        self.types = Some(match self.types.take() {
            None => written,
            Some(own) => own
                .iter()
                .chain(&written)
                .copied()
                .filter(|ty| {
                    let allows = |set: &BTreeSet<&str>| {
                        set.contains(ty) || (*ty == "integer" && set.contains("number"))
                    };
                    allows(&own) && allows(&written)
                })
                .collect(),
        });
    }

    fn add_values(&mut self, node: Node<'d>) {
        let written: Vec<&Value> = match (node.value.get("const"), node.value.get("enum")) {
            (Some(value), _) => vec![value],
            (None, Some(Value::Array(values))) => values.iter().collect(),
            _ => return,
        };
        self.values = Some(match self.values.take() {
            None => written,
            Some(own) => own.into_iter().filter(|value| written.contains(value)).collect(),
        });
    }

    fn add_object(&mut self, document: &'d Document, node: Node<'d>) {
        // Some documents keep a whole list of properties in another file.
        let properties = node.get("properties").and_then(|properties| document.resolve(properties));
        for (name, property) in properties.into_iter().flat_map(|all| all.members()) {
            self.properties.entry(name).or_default().push(property);
        }
        for name in node.get("required").into_iter().flat_map(|list| list.items()) {
            self.required.extend(name.value.as_str());
        }
        match node.get("additionalProperties") {
            Some(additional) if additional.value == &Value::Bool(false) => self.closed = true,
            Some(additional) if additional.value.is_object() => self.additional.push(additional),
            _ => {}
        }
        let patterned = node.get("patternProperties").into_iter().flat_map(|all| all.members());
        self.patterned.extend(patterned);
        self.names.extend(node.get("propertyNames"));
    }

    fn add_array(&mut self, node: Node<'d>) {
        match node.get("items") {
            Some(items) if items.value.is_array() => self.prefix.extend(items.items()),
            Some(items) => self.items.push(items),
            None => {}
        }
        if self.prefix.is_empty() {
            self.prefix.extend(node.get("prefixItems").into_iter().flat_map(|list| list.items()));
        }
        self.contains.extend(node.get("contains"));
    }
}

/// Whether this keyword says more than that something is there, or an object. What stands in one of `outer` says nothing
/// new of itself.
fn says<'d>(document: &'d Document, key: &str, value: Node<'d>, outer: &BTreeSet<usize>) -> bool {
    match key {
        _ if key.starts_with("x-") || ANNOTATIONS.contains(&key) => false,
        "allOf" | "oneOf" | "anyOf" | "$ref" | "$dynamicRef" | "$defs" | "definitions" | "$dynamicAnchor" => {
            false
        }
        "type" => match value.value {
            Value::String(ty) => ty != "object",
            Value::Array(types) => {
                let named = |ty: &str| types.iter().any(|own| own == ty);
                let any =
                    ["object", "array", "string", "boolean"].iter().all(|ty| named(ty)) && named("number");
                !any && types.iter().any(|ty| ty != "object" && ty != "null")
            }
            _ => false,
        },
        "properties" | "required" | "patternProperties" => {
            value.members().next().is_some() || value.items().next().is_some()
        }
        "additionalProperties" | "unevaluatedProperties" | "items" | "propertyNames" => {
            let mut shape = Shape::default();
            shape.add(document, value, &mut outer.clone());
            shape.says
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn with_schemas(json: &str) -> Document {
        let path =
            std::env::temp_dir().join(format!("photon-shape-{}-{}.json", std::process::id(), json.len()));
        std::fs::File::create(&path).unwrap().write_all(json.as_bytes()).unwrap();
        let document = Document::load(&path, None).unwrap();
        std::fs::remove_file(path).unwrap();
        document
    }

    #[test]
    fn what_says_something() {
        let document = with_schemas(
            r##"{"openapi": "3.1.0", "no": [
                {}, {"type": "object"}, {"description": "x", "nullable": true}, {"type": ["object", "null"]},
                {"type": "object", "additionalProperties": true}, {"allOf": [{}, {"type": "object"}]},
                {"anyOf": [{}, {"type": "string"}]}, {"$ref": "#/no/0"}, {"type": "object", "additionalProperties": {}},
                {"type": ["object", "array", "string", "number", "boolean", "null"]},
                {"type": "object", "additionalProperties": {"$ref": "#/no/10"}}
            ], "yes": [
                {"type": "string"}, {"properties": {"a": {}}}, {"enum": [1]}, {"oneOf": [{"type": "string"}, {"type": "integer"}]},
                {"additionalProperties": {"type": "string"}}, {"$ref": "#/yes/0"}, {"allOf": [{}, {"$ref": "#/yes/1"}]},
                {"not": {}}, false, {"type": "object", "additionalProperties": false}, {"type": "array"}
            ]}"##,
        );
        for (list, expected) in [("no", false), ("yes", true)] {
            for node in document.root().get(list).unwrap().items() {
                let shape = Shape::of(&document, &[node]);
                assert_eq!(shape.says_something(&document), expected, "{}", node.value);
            }
        }
    }

    #[test]
    fn types_meet() {
        let document =
            with_schemas(r#"{"s": {"allOf": [{"type": ["number", "string"]}, {"type": "integer"}]}}"#);
        let shape = Shape::of(&document, &[document.root().get("s").unwrap()]);
        assert_eq!(shape.types.unwrap(), BTreeSet::from(["integer"]));
    }
}
