//! Counts the schemas of a document: each place once, a bare reference not at all.

use std::collections::BTreeSet;

use super::{Document, Node};

/// Keywords whose value is one schema.
pub(super) const ONE: [&str; 13] = [
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
    "additionalItems",
    "itemSchema",
];
/// Keywords whose value is a list of schemas.
pub(super) const LIST: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords whose value is an object of schemas.
pub(super) const NAMED: [&str; 5] =
    ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"];

/// How many schemas stand in the operations and the components of a document, or behind their references.
pub fn schema_nodes(document: &Document) -> usize {
    let mut walk = Walk { document, seen: BTreeSet::new(), count: 0 };
    for operation in document.operations() {
        for parameter in operation.parameters(document) {
            walk.schemas(parameter.schema);
        }
        let bodies = operation.body(document).into_iter().flat_map(|body| body.content);
        bodies.for_each(|(_, media)| walk.media(media));
        for response in operation.responses(document) {
            response.content.into_iter().for_each(|(_, media)| walk.media(media));
            response.headers.into_iter().for_each(|(_, header)| walk.schemas(header.get("schema")));
        }
    }
    let components = document.root().get("components").and_then(|components| components.get("schemas"));
    walk.schemas(components.into_iter().flat_map(|schemas| schemas.members().map(|(_, node)| node)));
    walk.count
}

struct Walk<'d> {
    document: &'d Document,
    seen: BTreeSet<usize>,
    count: usize,
}

impl<'d> Walk<'d> {
    fn media(&mut self, media: Node<'d>) {
        self.schemas(media.get("schema").into_iter().chain(media.get("itemSchema")));
    }

    fn schemas(&mut self, roots: impl IntoIterator<Item = Node<'d>>) {
        let mut open: Vec<Node<'d>> = roots.into_iter().collect();
        while let Some(node) = open.pop() {
            if !node.value.is_object() || !self.seen.insert(node.key()) {
                continue;
            }
            if let Some(reference) = node.text("$ref") {
                open.extend(self.document.target(node.file, reference));
                if self.document.is_3_0() || node.members().count() == 1 {
                    continue;
                }
            }
            self.count += 1;
            open.extend(children(self.document, node));
        }
    }
}

/// The schemas that stand directly in this one.
pub(super) fn children<'d>(document: &'d Document, node: Node<'d>) -> Vec<Node<'d>> {
    let one = ONE.iter().filter_map(|key| node.get(key));
    let list = LIST.iter().filter_map(|key| node.get(key)).flat_map(|list| list.items());
    let named = NAMED
        .iter()
        .filter_map(|key| document.resolve(node.get(key)?))
        .flat_map(|all| all.members().map(|(_, node)| node));
    one.chain(list).chain(named).collect()
}
