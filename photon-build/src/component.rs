//! Names for schemas of other files that become components of the root document: bundled, or locked.
//!
//! Knows what references lead to. Must not know what is done with the components.

use std::collections::{HashMap, HashSet};

use crate::node::{Node, Object};
use crate::resolve::Target;

/// The names given so far, beside those that the document has.
pub(crate) struct Components {
    names: HashMap<*const Node, String>,
    taken: HashSet<String>,
}

impl Components {
    /// No names but those of the root document.
    pub(crate) fn new(root: &Node) -> Self {
        let schemas = root.get("components").and_then(|components| components.get("schemas"));
        let taken = schemas.and_then(Node::as_object).into_iter().flat_map(Object::iter);
        Self { names: HashMap::new(), taken: taken.map(|entry| entry.key.to_string()).collect() }
    }

    /// The name of a schema, and whether it is new: like the schema's own, numbered where that is taken.
    pub(crate) fn name(&mut self, target: &Target<'_>) -> (String, bool) {
        let key = std::ptr::from_ref(target.node);
        if let Some(name) = self.names.get(&key) {
            return (name.clone(), false);
        }
        let last = target.pointer.rsplit('/').next().unwrap_or_default();
        let wish = target.name.as_deref().unwrap_or(last);
        let wish =
            wish.replace(|letter: char| !letter.is_ascii_alphanumeric() && !"._-".contains(letter), "_");
        let wish = if wish.is_empty() { "schema".to_owned() } else { wish };
        let mut name = wish.clone();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{wish}_{number}");
            number += 1;
        }
        self.names.insert(key, name.clone());
        (name, true)
    }
}
