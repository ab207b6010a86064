//! The generated file from top to bottom.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::Doc;
use super::tokens::{ident, text};
use super::{errors, model, operation, prose, reply, request, security};
use crate::ir::{Api, Output, Trait};
use crate::item::Item;

/// The most routes of a statement: longer chains cost the compiler more than they are worth.
const ROUTES_PER_STATEMENT: usize = 32;

/// Hands every item of the module to `push`, in order.
pub(crate) fn emit(api: &Api, push: &mut dyn FnMut(Item)) {
    push(Item::Code(quote!(
        use ::photon_runtime as photon;
    )));
    push(document(api));
    let mut operations = api.traits.iter().flat_map(|tag| &tag.operations);
    if operations.any(|operation| matches!(operation.output, Output::Socket { .. })) {
        push(Item::Line("photon::needs_websocket!();".to_owned()));
    }
    push(Item::Code(service(api)));
    security::emit(api, push);
    let mut errors = errors::Written::new();
    for tag in &api.traits {
        handlers(api, tag, push);
        for operation in &tag.operations {
            request::emit(api, tag, operation, push);
            reply::emit(api, tag, operation, push);
            errors::emit(api, tag, operation, &mut errors, push);
            operation::emit(api, operation, push);
        }
    }
    push(Item::Open {
        doc: vec!["The schemas of the document.".to_owned()],
        head: "pub mod models".to_owned(),
    });
    model::emit(api, push);
    push(Item::Close);
}

/// The file beside the module that holds the document: `petstore.openapi.json`.
pub(crate) fn openapi_file(module: &str) -> String {
    format!("{module}.openapi.json")
}

fn document(api: &Api) -> Item {
    let file = openapi_file(&api.module);
    Item::Code(quote! {
        /// The document this module was generated from.
        pub const OPENAPI: &str = include_str!(#file);
    })
}

fn service(api: &Api) -> TokenStream {
    let doc = Doc::of(format!("Serves `api`: one route for each operation of {}.", title(api))).tokens();
    let bounds = bounds(api);
    let statements = statements(&calls(api));
    quote! {
        #doc
        pub fn service<A: #bounds>(api: A) -> photon::Service<A> {
            #statements
        }
    }
}

/// The title in prose: no markup, one line.
pub(crate) fn title(api: &Api) -> String {
    let title = super::markdown::lines(&api.title).join(" ");
    if title.is_empty() { prose::code(&api.module) } else { title }
}

/// The title in a compile error.
pub(crate) fn told_title(api: &Api) -> String {
    let title = prose::told(&api.title);
    if title.is_empty() { prose::code(&api.module) } else { title }
}

fn bounds(api: &Api) -> TokenStream {
    let traits = api.traits.iter().map(|tag| ident(&tag.name.rust));
    let security = (!api.schemes.is_empty()).then(|| ident("Security"));
    let bounds = traits.chain(security);
    quote!(#(#bounds +)* photon::Shared)
}

/// Everything that is said of the service, a call each.
fn calls(api: &Api) -> Vec<TokenStream> {
    let mut calls = Vec::new();
    if !api.base_path.is_empty() {
        let path = text(&api.base_path);
        calls.push(quote!(.base_path(#path)));
    }
    if !api.schemes.is_empty() {
        calls.push(quote!(.secured_by(authenticate)));
    }
    if !api.patterns.is_empty() {
        calls.push(quote!(.patterns(models::PATTERNS)));
    }
    if !api.checks.is_empty() {
        calls.push(quote!(.checks(models::CHECKED)));
    }
    for operation in api.traits.iter().flat_map(|tag| &tag.operations) {
        let method = ident(&operation.method_name.rust);
        calls.push(match operation.output {
            Output::Stream { .. } => quote!(.stream(A::#method)),
            Output::Socket { .. } => quote!(.socket(A::#method)),
            _ => quote!(.route(A::#method)),
        });
    }
    calls
}

fn statements(calls: &[TokenStream]) -> TokenStream {
    let new = quote!(photon::Service::new(api, OPENAPI));
    if calls.len() <= ROUTES_PER_STATEMENT {
        return quote!(#new #(#calls)*);
    }
    let chunks = calls.chunks(ROUTES_PER_STATEMENT).map(|calls| quote!(let service = service #(#calls)*;));
    quote! {
        let service = #new;
        #(#chunks)*
        service
    }
}

/// The trait of a tag, and what makes `Arc` of a handler a handler.
fn handlers(api: &Api, tag: &Trait, push: &mut dyn FnMut(Item)) {
    let name = ident(&tag.name.rust);
    let doc = trait_doc(tag);
    let operations = match &tag.tag {
        Some(tag) => format!("the operations tagged `{}`", prose::told(tag)),
        None => format!("the operations of {}", told_title(api)),
    };
    let message = format!("`{{Self}}` does not handle {operations}");
    let names = tag.operations.iter().map(|it| it.method_name.rust.as_str());
    let note = prose::implement(&tag.name.rust, names);
    let methods = tag.operations.iter().map(|it| operation::method(api, it));
    push(Item::Code(quote! {
        #doc
        #[diagnostic::on_unimplemented(message = #message, note = #note)]
        pub trait #name {
            #(#methods)*
        }
    }));
    push(operation::shared(api, tag));
}

fn trait_doc(tag: &Trait) -> TokenStream {
    let opening = match &tag.tag {
        Some(tag) => format!("Operations tagged {}", prose::code(tag)),
        None => "Operations without a tag".to_owned(),
    };
    Doc::led(&opening, &tag.doc)
        .paragraph(
            "Handlers run on their connection's coroutine: Photon's waits only park it; other blocking",
        )
        .line("work goes through `photon_runtime::blocking`.")
        .tokens()
}
