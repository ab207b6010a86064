//! Types and names as the text that stands in generated code, for hooks.

use proc_macro2::{Ident, TokenStream};

use super::operation::{compact, output_type, sink as sink_of};
use super::request::body_type;
use super::security::credential as credential_of;
use super::ty::Scope;
use super::{errors, tokens};
use crate::ir::{Api, Operation, Rule, SchemeKind, Type};

/// The identifier, raw where it must be.
pub(crate) fn name(name: &str) -> Ident {
    tokens::ident(name)
}

/// The same as text.
pub(crate) fn ident(name: &str) -> String {
    tokens::ident_text(name)
}

/// A type as written at the root.
pub(crate) fn ty(api: &Api, ty: &Type) -> String {
    compact(&Scope::root(api).ty(ty))
}

/// A rule as written at the root.
pub(crate) fn rule(api: &Api, rule: &Rule) -> TokenStream {
    super::rule::rule(Scope::root(api), rule).parse().unwrap_or_default()
}

/// The type of the request's `body`.
pub(crate) fn body(api: &Api, operation: &Operation) -> Option<String> {
    operation.body.as_ref().map(|body| compact(&body_type(Scope::root(api), body)))
}

/// The type in `Ok`.
pub(crate) fn output(api: &Api, operation: &Operation) -> String {
    compact(&output_type(api, operation))
}

/// The type in `Err`.
pub(crate) fn error(operation: &Operation) -> String {
    compact(&errors::error_type(operation))
}

/// The type of the sink.
pub(crate) fn sink(api: &Api, operation: &Operation) -> Option<String> {
    sink_of(api, operation).map(|(_, ty)| compact(&ty))
}

/// `photon::Bearer<'_>`.
pub(crate) fn credential(kind: &SchemeKind) -> String {
    format!("photon::{}<'_>", credential_of(kind).1)
}
