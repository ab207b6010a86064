//! What an operation may refuse with: an enum, and the macro line that makes errors of it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::call::{call, call_list};
use super::doc::Doc;
use super::reply::{concrete, variant};
use super::request::handler;
use super::tokens::{ident, ident_text};
use super::ty::Scope;
use crate::ir::{Answer, Api, ErrorType, Operation, Status, Trait};
use crate::item::Item;

/// The enums that are written, by all that is said in them.
pub(crate) type Written = HashMap<String, String>;

/// Nothing, where the error is `photon::Error`; another name of an enum that says the same, where there is one: so that
/// what serves one operation serves the other, a function with `?` or an `impl From`.
pub(crate) fn emit(
    api: &Api,
    tag: &Trait,
    operation: &Operation,
    written: &mut Written,
    push: &mut dyn FnMut(Item),
) {
    let ErrorType::Enum { name, answers } = &operation.error else { return };
    let doc = Doc::of(format!("The errors {} may answer with.", handler(tag, operation))).tokens();
    let scope = Scope::root(api);
    let variants: TokenStream = answers.iter().map(|answer| variant(scope, answer)).collect();
    let lines: Vec<String> = answers.iter().map(line).collect();
    match written.entry(format!("{variants} {lines:?}")) {
        Entry::Occupied(same) => {
            let (name, same) = (ident(&name.rust), ident(same.get()));
            return push(Item::Code(quote!(#doc pub type #name = #same;)));
        }
        Entry::Vacant(free) => drop(free.insert(name.rust.clone())),
    }
    push(Item::Code(enumeration(&name.rust, &doc, &variants)));
    push(call_list("photon::errors", format!("{},", ident_text(&name.rust)), lines));
    for error in &api.internal_errors {
        push(call("photon::internal", format!("{},", ident_text(&name.rust)), vec![error.clone()]));
    }
}

/// The type in `Err`.
pub(crate) fn error_type(operation: &Operation) -> TokenStream {
    match &operation.error {
        ErrorType::Plain => quote!(photon::Error),
        ErrorType::Enum { name, .. } => {
            let name = ident(&name.rust);
            quote!(#name)
        }
    }
}

fn enumeration(name: &str, doc: &TokenStream, variants: &TokenStream) -> TokenStream {
    let name = ident(name);
    quote! {
        #doc
        #[derive(Debug)]
        pub enum #name {
            #variants
            /// 500: not the caller's fault; logged, never shown.
            Internal(photon::Error),
        }
    }
}

/// One answer as `errors!` reads it.
fn line(answer: &Answer) -> String {
    let variant = ident_text(&answer.variant.rust);
    let media = || format!(" {}", Literal::string(media(answer)));
    let has_body = answer.problem || answer.media.is_some();
    if !answer.headers.is_empty() {
        return fields(answer, has_body, &media());
    }
    match answer.status {
        Status::Code(code) if answer.problem => {
            format!("problem {variant} {} {code}", ident_text(&constructor(&answer.variant.rust)))
        }
        Status::Code(code) if has_body => format!("body {variant} {code}{}", media()),
        Status::Code(code) => format!("empty {variant} {code}"),
        Status::Range(_) | Status::Default if answer.problem => format!("range_problem {variant}"),
        Status::Range(_) | Status::Default if has_body => format!("range {variant}{}", media()),
        Status::Range(_) | Status::Default => format!("range_empty {variant}"),
    }
}

/// An answer with headers, each by its field and its name on the wire.
fn fields(answer: &Answer, has_body: bool, media: &str) -> String {
    let variant = ident_text(&answer.variant.rust);
    let opening = match answer.status {
        Status::Code(code) => format!("fields {variant} {code}"),
        Status::Range(_) | Status::Default => format!("range_fields {variant}"),
    };
    let headers: Vec<String> = answer
        .headers
        .iter()
        .map(|header| {
            let wire = Literal::string(&header.name.wire.to_ascii_lowercase());
            format!("{} {wire}", ident_text(&header.name.rust))
        })
        .collect();
    let body = if has_body { " body" } else { "" };
    format!("{opening}{media} {{ {} }}{body}", headers.join(" "))
}

fn media(answer: &Answer) -> &str {
    match &answer.media {
        _ if answer.problem => "application/problem+json",
        Some(media) => concrete(media),
        None => "",
    }
}

/// `NotFound` is made by `not_found`.
fn constructor(variant: &str) -> String {
    let mut name = String::with_capacity(variant.len() + 4);
    for character in variant.chars() {
        if character.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(character.to_lowercase());
    }
    name
}
