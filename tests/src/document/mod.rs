//! A document as a judge reads it: plain values, and its own walk over operations and schemas.
//!
//! Knows nothing of photon-build, so that what photon-build says of a document can be held against it.

mod load;
mod operation;
mod resolve;
mod shape;
mod walk;

pub use load::Document;
pub use operation::{Body, Location, Operation, Parameter, Response};
pub use shape::{Choice, Shape};
pub use walk::schema_nodes;

use serde_json::Value;

/// A value of the document and the file that it stands in; references are relative to the file.
#[derive(Clone, Copy, Debug)]
pub struct Node<'d> {
    /// The number of the file in [`Document`].
    pub file: usize,
    /// The value as read.
    pub value: &'d Value,
}

impl<'d> Node<'d> {
    /// The member of this name.
    pub fn get(&self, key: &str) -> Option<Node<'d>> {
        self.value.get(key).map(|value| self.with(value))
    }

    /// The text in the member of this name.
    pub fn text(&self, key: &str) -> Option<&'d str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// Whether the member of this name is `true`.
    pub fn flag(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// The members, where this is an object.
    pub fn members(&self) -> impl Iterator<Item = (&'d str, Node<'d>)> + use<'d> {
        let file = self.file;
        self.value
            .as_object()
            .into_iter()
            .flatten()
            .map(move |(key, value)| (key.as_str(), Node { file, value }))
    }

    /// The items, where this is an array.
    pub fn items(&self) -> impl Iterator<Item = Node<'d>> + use<'d> {
        let file = self.file;
        self.value.as_array().into_iter().flatten().map(move |value| Node { file, value })
    }

    /// What tells this node from every other one of the loaded document.
    pub fn key(&self) -> usize {
        std::ptr::from_ref(self.value) as usize
    }

    fn with(&self, value: &'d Value) -> Node<'d> {
        Node { file: self.file, value }
    }
}
