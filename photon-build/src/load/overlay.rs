//! OpenAPI Overlay 1.0: actions that remove from, or merge into, what their `JSONPath` names.
//!
//! Values that an overlay brings keep the places in the overlay, so that findings point there.

use std::sync::Arc;

use super::path::{JsonPath, Step};
use crate::codes;
use crate::finding::Findings;
use crate::node::{Node, Value};

/// Applies the actions of `overlay` to `root`, in order.
pub(crate) fn apply(findings: &mut Findings, root: &mut Node, overlay: &Node) {
    let version = overlay.get("overlay").and_then(Node::as_text);
    if !version.is_some_and(|version| version.starts_with("1.")) {
        findings.add(
            &codes::OVERLAY,
            overlay.span,
            "this is no overlay: it does not begin with `overlay: 1.0.0`",
        );
        return;
    }
    let Some(actions) = overlay.get("actions").and_then(Node::as_array) else {
        findings.add(&codes::OVERLAY, overlay.span, "the overlay has no list of `actions`");
        return;
    };
    for action in actions {
        act(findings, root, action);
    }
}

fn act(findings: &mut Findings, root: &mut Node, action: &Node) {
    let Some(target) = action.get("target") else {
        findings.add(&codes::OVERLAY, action.span, "the action has no `target`");
        return;
    };
    let path = match target.as_str().map(JsonPath::parse) {
        Some(Ok(path)) => path,
        Some(Err(message)) => {
            findings.add(&codes::OVERLAY, target.span, format!("the target is not understood: {message}"));
            return;
        }
        None => {
            findings.add(&codes::OVERLAY, target.span, "the target must be a string");
            return;
        }
    };
    let mut places = path.find(root);
    if places.is_empty() {
        let text = target.as_str().unwrap_or_default();
        findings.add(&codes::OVERLAY_IDLE, target.span, format!("`{text}` matches nothing"));
        return;
    }
    // From the end, so that removing one item does not move the next.
    places.sort_by(|left, right| order(right, left));
    places.dedup();
    let removes = action.get("remove").and_then(Node::as_bool) == Some(true);
    for place in places {
        if removes {
            remove(root, &place);
        } else if let (Some(update), Some(node)) = (action.get("update"), at(root, &place)) {
            merge(node, update);
        }
    }
}

fn order(left: &[Step], right: &[Step]) -> std::cmp::Ordering {
    for (left, right) in left.iter().zip(right) {
        let order = match (left, right) {
            (Step::Index(left), Step::Index(right)) => left.cmp(right),
            (Step::Key(left), Step::Key(right)) => left.cmp(right),
            (Step::Index(_), Step::Key(_)) => std::cmp::Ordering::Less,
            (Step::Key(_), Step::Index(_)) => std::cmp::Ordering::Greater,
        };
        if order.is_ne() {
            return order;
        }
    }
    left.len().cmp(&right.len())
}

fn at<'n>(root: &'n mut Node, place: &[Step]) -> Option<&'n mut Node> {
    let mut node = root;
    for step in place {
        node = match (step, &mut node.value) {
            (Step::Key(key), Value::Object(object)) => {
                let entries = Arc::make_mut(&mut object.entries);
                &mut entries.iter_mut().find(|entry| entry.key == *key)?.value
            }
            (Step::Index(index), Value::Array(items)) => Arc::make_mut(items).get_mut(*index)?,
            _ => return None,
        };
    }
    Some(node)
}

fn remove(root: &mut Node, place: &[Step]) {
    let Some((last, above)) = place.split_last() else { return };
    let Some(parent) = at(root, above) else { return };
    match (last, &mut parent.value) {
        (Step::Key(key), Value::Object(object)) => {
            edit(&mut object.entries, |entries| entries.retain(|entry| entry.key != *key));
        }
        (Step::Index(index), Value::Array(items)) if *index < items.len() => {
            edit(items, |items| drop(items.remove(*index)));
        }
        _ => {}
    }
}

fn edit<T: Clone>(list: &mut Arc<[T]>, change: impl FnOnce(&mut Vec<T>)) {
    let mut items = list.to_vec();
    change(&mut items);
    *list = items.into();
}

/// Mappings merge key by key, a sequence gets what it lacks appended, all else is replaced.
fn merge(node: &mut Node, update: &Node) {
    match (&mut node.value, &update.value) {
        (Value::Object(object), Value::Object(updates)) => {
            for entry in updates.iter() {
                let entries = Arc::make_mut(&mut object.entries);
                match entries.iter_mut().find(|existing| existing.key == entry.key) {
                    Some(existing) => merge(&mut existing.value, &entry.value),
                    None => edit(&mut object.entries, |entries| entries.push(entry.clone())),
                }
            }
        }
        (Value::Array(items), Value::Array(updates)) => edit(items, |items| items.extend_from_slice(updates)),
        (Value::Array(items), _) => edit(items, |items| items.push(update.clone())),
        _ => *node = update.clone(),
    }
}
