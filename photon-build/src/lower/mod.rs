//! From the resolved document to what is emitted: every decision is taken here.

pub(crate) mod types;
