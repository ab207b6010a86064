//! The text of a lock as a contract.

use std::collections::HashMap;
use std::sync::Arc;

use super::{FORMAT, KEY, places};
use crate::drift::tree::{Place, Tree, Value};
use crate::node::{Node, Value as Written};
use crate::resolve::escape;

/// Documentation by the pointer to what it is said of.
type Docs = HashMap<String, Vec<(Arc<str>, Arc<str>)>>;

/// The contract that a lock holds, and the files that its places are in. `Err` says what is wrong with it.
pub(in crate::drift) fn read(root: &Node) -> Result<(Tree, Vec<String>), String> {
    let format = root.get(KEY).and_then(Node::as_number).and_then(crate::node::Number::as_i64);
    if format != Some(i64::from(FORMAT)) {
        let written = root.get(KEY).and_then(Node::as_text).unwrap_or("unknown");
        return Err(format!(
            "it is a lock of format {written}; this version of Photon reads format {FORMAT}"
        ));
    }
    let contract = root.get("contract").ok_or("it has no `contract`")?;
    let texts = |key: &str| -> Vec<&str> {
        let items = root.get(key).and_then(Node::as_array).unwrap_or_default();
        items.iter().filter_map(Node::as_str).collect()
    };
    let mut docs = Docs::new();
    for entry in
        root.get("documentation").and_then(Node::as_object).into_iter().flat_map(|object| object.iter())
    {
        if let (Some((pointer, key)), Some(mark)) = (entry.key.rsplit_once('#'), entry.value.to_text()) {
            docs.entry(pointer.to_owned()).or_default().push((key.into(), mark));
        }
    }
    let mut tree = tree(contract, &mut String::new(), &mut docs);
    places::read(&mut tree, &texts("places"));
    Ok((tree, texts("files").into_iter().map(str::to_owned).collect()))
}

fn tree(node: &Node, pointer: &mut String, docs: &mut Docs) -> Tree {
    let own = docs.remove(pointer.as_str()).unwrap_or_default();
    let len = pointer.len();
    let value = match &node.value {
        Written::Null => Value::Null,
        Written::Bool(truth) => Value::Bool(*truth),
        Written::Number(number) => Value::Number(number.clone()),
        Written::String(text) => Value::Text(text.clone()),
        Written::Array(items) => {
            let items = items.iter().enumerate().map(|(at, item)| {
                pointer.push('/');
                pointer.push_str(&at.to_string());
                let tree = tree(item, pointer, docs);
                pointer.truncate(len);
                tree
            });
            Value::List(items.collect())
        }
        Written::Object(object) => {
            let entries = object.iter().map(|entry| {
                pointer.push('/');
                pointer.push_str(&escape(&entry.key));
                let tree = tree(&entry.value, pointer, docs);
                pointer.truncate(len);
                (entry.key.clone(), tree)
            });
            let mut tree = Tree::map(Place::Span(node.span), entries.collect());
            tree.docs = own;
            return tree;
        }
    };
    Tree { value, place: Place::Span(node.span), docs: own }
}
