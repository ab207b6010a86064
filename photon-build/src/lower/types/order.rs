//! The order of models: components as the document has them, each followed by the inline ones that belong to it.
//!
//! Knows ids. Must not know schemas.

/// The rank of inline schemas of operations: after all components.
pub(super) const OPERATIONS: usize = usize::MAX;

/// A place among the models; compares as they are emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Order {
    /// The component's rank.
    pub(super) rank: usize,
    /// Whether it is an inline schema of that component.
    pub(super) inline: bool,
    /// Whether it is the shape of requests alone.
    pub(super) direction: bool,
    /// When it was begun.
    pub(super) sequence: usize,
}
