//! Finds what a reference means: a place in the same file, in another file, in a vendored copy; by pointer or by anchor.

use std::path::PathBuf;

use serde_json::Value;

use super::load::normal;
use super::{Document, Node};

/// How many references may stand one behind the other before they count as endless.
const HOPS_MAX: usize = 64;

impl Document {
    /// What stands at the end of the references that `node` begins; itself when it is none.
    pub fn resolve<'d>(&'d self, node: Node<'d>) -> Option<Node<'d>> {
        let mut node = node;
        for _ in 0..HOPS_MAX {
            match node.text("$ref") {
                Some(reference) => node = self.target(node.file, reference)?,
                None => return Some(node),
            }
        }
        None
    }

    /// What `reference` means when it is written in `file`.
    pub fn target(&self, file: usize, reference: &str) -> Option<Node<'_>> {
        let (location, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let root = if location.is_empty() {
            Node { file, value: &self.files[file].value }
        } else if let Some(path) = self.locate(file, location)
            && let Some(&file) = self.by_path.get(&path)
        {
            Node { file, value: &self.files[file].value }
        } else {
            self.identified(location)?
        };
        let fragment = percent_decode(fragment);
        if fragment.is_empty() || fragment.starts_with('/') {
            let value = root.value.pointer(&fragment)?;
            return Some(Node { file: root.file, value });
        }
        find(root, &|node| {
            node.text("$anchor") == Some(&*fragment) || node.text("$dynamicAnchor") == Some(&*fragment)
        })
    }

    /// The file that a location without fragment names, when written in `file`.
    pub(super) fn locate(&self, file: usize, location: &str) -> Option<PathBuf> {
        if location.is_empty() {
            return None;
        }
        let decoded = percent_decode(location);
        if let Some((scheme, rest)) = decoded.split_once("://") {
            if scheme == "file" {
                return Some(normal(rest.as_ref()));
            }
            return self.vendor.as_ref().map(|vendor| normal(&vendor.join(rest)));
        }
        if decoded.starts_with("urn:") {
            return None;
        }
        let here = &self.files[file].path;
        Some(normal(&here.parent()?.join(decoded)))
    }

    fn identified(&self, id: &str) -> Option<Node<'_>> {
        let named = |node: Node<'_>| {
            ["$id", "$self"].iter().any(|key| {
                node.text(key).is_some_and(|own| {
                    let own = own.trim_end_matches('#');
                    own == id || own.ends_with(&format!("/{id}"))
                })
            })
        };
        (0..self.files.len()).find_map(|file| find(Node { file, value: &self.files[file].value }, &named))
    }
}

/// The first object in or below `root` of which `is` is true.
fn find<'d>(root: Node<'d>, is: &dyn Fn(Node<'_>) -> bool) -> Option<Node<'d>> {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match node.value {
            Value::Object(_) => {
                if is(node) {
                    return Some(node);
                }
                open.extend(node.members().map(|(_, member)| member));
            }
            Value::Array(_) => open.extend(node.items()),
            _ => {}
        }
    }
    None
}

fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok()))
            .flatten();
        if let Some(byte) = escaped {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
