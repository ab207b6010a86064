//! Emits the implementations that stand in for an application: they see decoded values only.
//!
//! It is the one place that names what generated code and the runtime offer to such implementations.

use std::collections::BTreeMap;
use std::path::Path;

use photon_build::{Api, Operation};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::differential::Units;

/// The header by which an answer tells that the handler was called.
pub const REACHED: &str = "x-photon-reached";

/// What the handlers do.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum Answering {
    /// There are none.
    Nothing,
    /// Every handler answers its declared success as soon as it is called.
    Success {
        /// The scopes that callers are said to hold.
        scopes: Vec<String>,
    },
    /// Every handler answers what was decoded from its parameters.
    Echo {
        /// The answers that the document itself gives, by `METHOD /path`.
        fixed: BTreeMap<String, Value>,
    },
}

/// The implementation of every trait of `api`, for a type `Probe`.
pub(crate) fn implementation(api: &Api, answering: &Answering) -> TokenStream {
    if let Answering::Nothing = answering {
        return TokenStream::new();
    }
    let traits = api.traits().iter().map(|handler| {
        let name = ident(&handler.name);
        let methods = handler.operations.iter().map(|operation| method(operation, answering));
        quote! { impl #name for Probe { #(#methods)* } }
    });
    let security = security(api, answering);
    quote! {
        /// Stands in for an application.
        #[derive(Clone, Copy, Debug)]
        pub struct Probe;
        #(#traits)*
        #security
    }
}

/// The line that the table of decoders begins with.
pub(crate) const DECODERS: &str = "macro_rules! judged";

/// A table `JUDGED` with a decoder a model; what each must decode is written beside the generated file.
pub(crate) fn decoders(api: &Api, out_dir: &Path) -> TokenStream {
    let schemas = serde_json::from_str(api.schemas()).unwrap_or_default();
    let units = api.models().iter().map(|model| (model.key.clone(), model.pointer.clone())).collect();
    // Without the file nothing is judged, and that is told.
    let _ = Units { schemas, units }.write(out_dir);
    let models = api.models().iter().map(|model| {
        let (ty, rule) = (tokens(&model.ty), &model.rule);
        quote! { #ty, #rule; }
    });
    quote! {
        macro_rules! judged {
            ($($ty:ty, $rule:expr;)*) => {
                /// Reads a value of each schema.
                pub static JUDGED: &[fn(&mut photon::Decoder<'_>)] =
                    &[$(|decoder| {
                        static RULE: photon::Rule = $rule;
                        decoder.fill(&mut photon::empty::<$ty>(), &RULE);
                    }),*];
            };
        }
        judged! { #(#models)* }
    }
}

fn method(operation: &Operation, answering: &Answering) -> TokenStream {
    let name = ident(&operation.name);
    let (request, output, error) =
        (tokens(&operation.request), tokens(&operation.output), tokens(&operation.error));
    let sink = operation.sink.as_deref().map(tokens).map(|sink| quote! { , _sink: #sink });
    let title = format!("{} {}", operation.method, operation.path);
    let body = if let Answering::Echo { fixed } = answering {
        echo(operation, fixed.get(&title))
    } else {
        success(operation)
    };
    quote! {
        fn #name(&self, cx: &photon::Context, req: #request #sink) -> Result<#output, #error> { #body }
    }
}

/// Tells that this handler was called, then answers what the document declares, with every value empty.
fn success(operation: &Operation) -> TokenStream {
    let (reached, empty) = (reached(&operation.method, &operation.path), &operation.empty_success);
    quote! {
        let _ = req;
        let reached = photon::HeaderValue::from_static(#reached);
        cx.response_headers().insert(#REACHED, reached);
        Ok(#empty)
    }
}

/// What a handler says of itself in [`REACHED`]: method and path, without what a header cannot hold.
pub(crate) fn reached(method: &str, path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let visible = |char: char| if char.is_ascii_graphic() || char == ' ' { char } else { '?' };
    format!("{method} {path}").chars().map(visible).collect()
}

fn echo(operation: &Operation, fixed: Option<&Value>) -> TokenStream {
    let members = if let Some(fixed) = fixed {
        let text = fixed.to_string();
        quote! { let json = #text.as_bytes().to_vec(); }
    } else {
        let members = operation.parameters.iter().map(|parameter| {
            let (field, name) =
                (ident(&parameter.name), Value::from(parameter.wire_name.as_str()).to_string());
            quote! { (#name, photon::to_json(&req.#field)) }
        });
        quote! {
            let members: Vec<(&str, Vec<u8>)> = vec![#(#members),*];
            let present = members.into_iter().filter(|(_, value)| value != b"null");
            let mut json = vec![b'{'];
            for (at, (name, value)) in present.enumerate() {
                json.extend(if at > 0 { &b","[..] } else { b"" });
                json.extend(name.bytes().chain([b':']).chain(value));
            }
            json.push(b'}');
        }
    };
    quote! {
        let _ = (cx, &req);
        #members
        let answer = photon::decode(&json);
        Ok(answer.map_err(|violations| photon::Error::new(format!("{violations:?}")))?)
    }
}

fn security(api: &Api, answering: &Answering) -> Option<TokenStream> {
    if api.security().is_empty() {
        return None;
    }
    let scopes: &[String] = if let Answering::Success { scopes } = answering { scopes } else { &[] };
    let methods = api.security().iter().map(|method| {
        let name = ident(&method.name);
        let (credential, principal) = (tokens(&method.credential), tokens(&method.principal));
        quote! {
            fn #name(
                &self,
                _cx: &photon::Context,
                _credential: #credential,
            ) -> Result<#principal, photon::Unauthorized> {
                let scopes: &[&str] = &[#(#scopes),*];
                Ok(photon::Principal {
                    subject: "probe".to_owned(),
                    scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
                })
            }
        }
    });
    Some(quote! { impl Security for Probe { #(#methods)* } })
}

fn ident(name: &str) -> proc_macro2::Ident {
    match name.strip_prefix("r#") {
        Some(raw) => proc_macro2::Ident::new_raw(raw, proc_macro2::Span::call_site()),
        None if syn::parse_str::<syn::Ident>(name).is_ok() => format_ident!("{name}"),
        None => proc_macro2::Ident::new_raw(name, proc_macro2::Span::call_site()),
    }
}

fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap_or_default()
}
