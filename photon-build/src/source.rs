//! Places in source files.

/// A place in a source file.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Span;
