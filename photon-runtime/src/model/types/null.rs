//! The types of one value and of none.

/// `null`, and nothing else.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Null;

/// A value that cannot be: what the schema `false` describes.
///
/// It has one inhabitant all the same, for a value must exist before it is read; reading always fails.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Never(());
