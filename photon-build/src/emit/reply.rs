//! What an operation answers with: the struct or enum of its successes, and how they are sent.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::doc::Doc;
use super::request::handler;
use super::tokens::{ident, text};
use super::ty::Scope;
use crate::ir::{Answer, AnswerHeader, Api, Codec, Media, Operation, Output, Status, Trait, Type};
use crate::item::Item;

/// Nothing, where the answer is a plain value.
pub(crate) fn emit(api: &Api, tag: &Trait, operation: &Operation, push: &mut dyn FnMut(Item)) {
    let scope = Scope::root(api);
    match &operation.output {
        Output::Unit { .. } | Output::Value { .. } | Output::Stream { .. } | Output::Socket { .. } => {}
        Output::Struct(answer) => {
            push(Item::Code(structure(scope, answer)));
            push(Item::Code(reply_struct(scope, answer)));
        }
        Output::Enum { name, answers } => {
            push(Item::Code(enumeration(scope, &name.rust, &handler(tag, operation), answers)));
            push(Item::Code(reply_enum(scope, &name.rust, answers)));
        }
    }
}

/// `404: no pet has this id.`
pub(crate) fn answer_doc(answer: &Answer) -> Doc {
    let status = match answer.status {
        Status::Code(code) => code.to_string(),
        Status::Range(class) => format!("{class}XX"),
        Status::Default => "Any other status".to_owned(),
    };
    Doc::led(&status, &super::prose::sentence(&answer.doc))
}

/// `` `Location`: where the pet now lives. ``
pub(crate) fn header_doc(header: &AnswerHeader) -> TokenStream {
    let opening = super::prose::code(&header.name.wire);
    Doc::led(&opening, &super::prose::sentence(&header.doc)).tokens()
}

/// A media type that can be sent: a range stands for bytes or text of any kind.
pub(crate) fn concrete(media: &Media) -> &str {
    if media.range.contains('*') { default_media(media.codec) } else { &media.range }
}

/// What a codec reads and writes where nothing else is said.
pub(crate) fn default_media(codec: Codec) -> &'static str {
    match codec {
        Codec::Json => "application/json",
        Codec::Form => "application/x-www-form-urlencoded",
        Codec::Multipart => "multipart/form-data",
        Codec::Text => "text/plain",
        Codec::Bytes => "application/octet-stream",
        Codec::JsonLines => "application/x-ndjson",
        Codec::JsonSeq => "application/json-seq",
        Codec::Events => "text/event-stream",
    }
}

/// The type of an answer's body.
pub(crate) fn body_type(scope: Scope<'_>, answer: &Answer) -> Option<TokenStream> {
    if answer.problem {
        return Some(quote!(photon::Problem));
    }
    answer.media.as_ref().map(|media| scope.ty(&media.ty))
}

fn has_range(answer: &Answer) -> bool {
    !matches!(answer.status, Status::Code(_))
}

fn structure(scope: Scope<'_>, answer: &Answer) -> TokenStream {
    let name = ident(&answer.name.rust);
    let doc = answer_doc(answer).tokens();
    let status = has_range(answer).then(|| quote!(pub status: photon::StatusCode,));
    let headers = answer.headers.iter().map(|header| {
        let (doc, name, ty) = (header_doc(header), ident(&header.name.rust), scope.ty(&header.ty));
        quote!(#doc pub #name: #ty,)
    });
    let body = body_type(scope, answer).map(|ty| quote!(pub body: #ty,));
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name {
            #status
            #(#headers)*
            #body
        }
    }
}

fn reply_struct(scope: Scope<'_>, answer: &Answer) -> TokenStream {
    let name = ident(&answer.name.rust);
    let own = quote!(self.);
    let status = has_range(answer).then(|| quote!(.status(self.status.as_u16())));
    let headers = headers(answer, &own);
    let body = body(scope, answer, &own);
    quote! {
        impl photon::Reply for #name {
            fn reply(self, response: &mut photon::Response) {
                response #status #headers #body;
            }
        }
    }
}

fn enumeration(scope: Scope<'_>, name: &str, handler: &str, answers: &[Answer]) -> TokenStream {
    let name = ident(name);
    let doc = Doc::of(format!("What {handler} answers.")).tokens();
    let variants = answers.iter().map(|answer| variant(scope, answer));
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#variants)*
        }
    }
}

/// A variant: a unit, the body alone, status and body, or fields where there are headers.
pub(crate) fn variant(scope: Scope<'_>, answer: &Answer) -> TokenStream {
    let name = ident(&answer.variant.rust);
    let doc = answer_doc(answer).tokens();
    let body = body_type(scope, answer);
    let status = has_range(answer).then(|| quote!(photon::StatusCode));
    if answer.headers.is_empty() {
        let parts: Vec<_> = status.into_iter().chain(body).collect();
        return if parts.is_empty() { quote!(#doc #name,) } else { quote!(#doc #name(#(#parts),*),) };
    }
    let status = status.map(|ty| quote!(status: #ty,));
    let headers = answer.headers.iter().map(|header| {
        let (doc, name, ty) = (header_doc(header), ident(&header.name.rust), scope.ty(&header.ty));
        quote!(#doc #name: #ty,)
    });
    let body = body.map(|ty| quote!(body: #ty,));
    quote!(#doc #name { #status #(#headers)* #body },)
}

fn reply_enum(scope: Scope<'_>, name: &str, answers: &[Answer]) -> TokenStream {
    let name = ident(name);
    let arms = answers.iter().map(|answer| {
        let pattern = pattern(answer);
        let none = TokenStream::new();
        let status = match answer.status {
            Status::Code(code) => {
                let code = Literal::u16_unsuffixed(code);
                quote!(.status(#code))
            }
            Status::Range(_) | Status::Default => quote!(.status(status.as_u16())),
        };
        let headers = headers(answer, &none);
        let body = body(scope, answer, &none);
        quote!(#pattern => response #status #headers #body,)
    });
    quote! {
        impl photon::Reply for #name {
            fn reply(self, response: &mut photon::Response) {
                match self {
                    #(#arms)*
                };
            }
        }
    }
}

fn pattern(answer: &Answer) -> TokenStream {
    let name = ident(&answer.variant.rust);
    let status = has_range(answer).then(|| ident("status"));
    let body = (answer.problem || answer.media.is_some()).then(|| ident("body"));
    if answer.headers.is_empty() {
        let parts: Vec<_> = status.into_iter().chain(body).collect();
        return if parts.is_empty() { quote!(Self::#name) } else { quote!(Self::#name(#(#parts),*)) };
    }
    let headers = answer.headers.iter().map(|header| ident(&header.name.rust));
    let parts: Vec<_> = status.into_iter().chain(headers).chain(body).collect();
    quote!(Self::#name { #(#parts),* })
}

fn headers(answer: &Answer, own: &TokenStream) -> TokenStream {
    answer
        .headers
        .iter()
        .map(|header| {
            let wire = text(&header.name.wire.to_ascii_lowercase());
            let name = ident(&header.name.rust);
            let method = match (header.json, header.explode) {
                (true, _) => quote!(header_json),
                (false, true) => quote!(header_exploded),
                (false, false) => quote!(header),
            };
            quote!(.#method(#wire, &#own #name))
        })
        .collect()
}

/// The call that sends the body, its media type before it where it is not the codec's own.
fn body(scope: Scope<'_>, answer: &Answer, own: &TokenStream) -> Option<TokenStream> {
    if answer.problem {
        return Some(quote!(.problem(#own body)));
    }
    let media = answer.media.as_ref()?;
    let range = concrete(media);
    let stated = match media.codec {
        Codec::Json if range == default_media(Codec::Json) => None,
        _ => {
            let range = text(range);
            Some(quote!(.media(#range)))
        }
    };
    let sent = match (media.codec, scope.resolve(&media.ty)) {
        (Codec::Text, Type::String) => quote!(.text(&#own body)),
        (Codec::Text, _) => quote!(.text(&#own body.to_string())),
        (Codec::Bytes, Type::String) => quote!(.bytes(#own body.as_bytes())),
        (Codec::Bytes, Type::Bytes) => quote!(.bytes(&#own body)),
        _ => quote!(.json(&#own body)),
    };
    Some(quote!(#stated #sent))
}
