//! What an operation is asked: the request's struct, and its body's enum where there are several media types.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::call::call;
use super::doc::Doc;
use super::tokens::{ident, ident_text, is_keyword};
use super::ty::Scope;
use super::{prose, security};
use crate::ir::{Api, Body, Caller, Codec, Operation, Param, Trait, Type};
use crate::item::Item;

/// The request of an operation.
pub(crate) fn emit(api: &Api, tag: &Trait, operation: &Operation, push: &mut dyn FnMut(Item)) {
    push(Item::Code(request(api, tag, operation)));
    if let Some(body) = operation.body.as_ref().filter(|body| body.media.len() > 1) {
        push(Item::Code(bodies(api, tag, operation, body)));
        let variants = body.media.iter().enumerate();
        let variants = variants.map(|(index, media)| format!("{index} = {}", media.variant.rust)).collect();
        push(call("photon::bodies", format!("{},", ident_text(&body.name.rust)), variants));
    }
}

/// A link to the handler, in prose.
pub(crate) fn handler(tag: &Trait, operation: &Operation) -> String {
    let (name, method) = (&tag.name.rust, &operation.method_name.rust);
    if is_keyword(method) { format!("`{name}::{method}`") } else { format!("[`{name}::{method}`]") }
}

/// The type of the body's field.
pub(crate) fn body_type(scope: Scope<'_>, body: &Body) -> TokenStream {
    let (ty, optional) = if body.streamed {
        (incoming(scope, body), false)
    } else if let [media] = body.media.as_slice() {
        (scope.ty(&media.ty), matches!(media.ty, Type::Option(_)))
    } else {
        (ident(&body.name.rust).to_token_stream(), false)
    };
    if body.required || optional { ty } else { quote!(Option<#ty>) }
}

/// What a handler reads a body from.
fn incoming(scope: Scope<'_>, body: &Body) -> TokenStream {
    match body.media.as_slice() {
        [media] if media.codec == Codec::Multipart => {
            let ty = scope.ty(&media.ty);
            quote!(photon::Parts<#ty>)
        }
        _ => quote!(photon::BodyReader),
    }
}

fn request(api: &Api, tag: &Trait, operation: &Operation) -> TokenStream {
    let scope = Scope::root(api);
    let name = ident(&operation.request.rust);
    let doc = Doc::of(format!("What {} is asked.", handler(tag, operation))).tokens();
    let principal = principal(api, operation);
    let params = operation.params.iter().map(|param| field(scope, param));
    let body = operation.body.as_ref().map(|body| {
        let doc = Doc::new().markdown(&body.doc).tokens();
        let ty = body_type(scope, body);
        quote!(#doc pub body: #ty,)
    });
    let raw = operation.raw_body.then(|| {
        quote! {
            /// The bytes of the body as they came.
            pub raw: photon::Bytes,
        }
    });
    let is_streamed = operation.body.as_ref().is_some_and(|body| body.streamed);
    let derives = if is_streamed { quote!(Debug) } else { quote!(Clone, Debug, PartialEq) };
    quote! {
        #doc
        #[derive(#derives)]
        pub struct #name {
            #principal
            #(#params)*
            #body
            #raw
        }
    }
}

fn principal(api: &Api, operation: &Operation) -> Option<TokenStream> {
    let told = security::told(api, operation);
    let opening = match operation.caller {
        Caller::None => return None,
        Caller::Required => "The caller",
        Caller::Optional => "The caller, if there is one",
    };
    let doc = Doc::of(format!("{opening}, verified by {told}.")).tokens();
    let ty = security::principal(api, operation.caller);
    Some(quote!(#doc pub principal: #ty,))
}

fn field(scope: Scope<'_>, param: &Param) -> TokenStream {
    let name = ident(&param.name.rust);
    let ty = scope.ty(&param.ty);
    let doc = Doc::new()
        .markdown(&prose::sentence(&param.doc))
        .default_value(param.default.as_deref())
        .deprecated(param.deprecated)
        .tokens();
    quote!(#doc pub #name: #ty,)
}

fn bodies(api: &Api, tag: &Trait, operation: &Operation, body: &Body) -> TokenStream {
    let scope = Scope::root(api);
    let name = ident(&body.name.rust);
    let doc = Doc::of(format!("The body of {}, by its media type.", handler(tag, operation))).tokens();
    let variants = body.media.iter().map(|media| {
        let variant = ident(&media.variant.rust);
        let doc = Doc::of(prose::code(&media.range)).tokens();
        let ty = scope.ty(&media.ty);
        quote!(#doc #variant(#ty),)
    });
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#variants)*
        }
    }
}
