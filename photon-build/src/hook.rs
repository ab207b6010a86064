//! Code of the user's that is added to the generated module.
//!
//! Knows how hooks are kept. Must not know what they add.

use std::fmt;
use std::sync::Arc;

use proc_macro2::TokenStream;

use crate::api::Api;

/// A function that looks at the generated module and adds Rust items to it.
type Hook = Arc<dyn Fn(&Api) -> TokenStream + Send + Sync>;

/// All hooks of a run, in order.
#[derive(Clone, Default)]
pub(crate) struct Hooks(Vec<Hook>);

impl Hooks {
    /// Adds one.
    pub(crate) fn push(&mut self, hook: impl Fn(&Api) -> TokenStream + Send + Sync + 'static) {
        self.0.push(Arc::new(hook));
    }

    /// What all of them add, or why it cannot be added.
    pub(crate) fn items(&self, api: &Api) -> Result<Vec<syn::Item>, syn::Error> {
        let mut items = Vec::new();
        for hook in &self.0 {
            items.extend(syn::parse2::<syn::File>(hook(api))?.items);
        }
        Ok(items)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} hooks", self.0.len())
    }
}
