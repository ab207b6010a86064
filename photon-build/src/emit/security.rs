//! Who may call: the schemes, the trait that verifies them, and the way from one to the other.

use proc_macro2::TokenStream;
use quote::quote;

use super::api::told_title;
use super::doc::Doc;
use super::operation::compact;
use super::tokens::{ident, ident_text, text, texts, user_path};
use super::{call, prose};
use crate::ir::{Api, Caller, Location, Operation, Scheme, SchemeKind};
use crate::item::Item;

/// Nothing, where the document secures nothing.
pub(crate) fn emit(api: &Api, push: &mut dyn FnMut(Item)) {
    if api.schemes.is_empty() {
        return;
    }
    for scheme in &api.schemes {
        push(Item::Code(constant(scheme)));
    }
    push(Item::Code(verifiers(api)));
    push(shared(api));
    push(Item::Code(authenticate(api)));
}

/// What `decode` is given and how the request shows it.
pub(crate) fn principal(api: &Api, caller: Caller) -> TokenStream {
    let principal = user_path(&api.principal);
    match caller {
        Caller::None => quote!(()),
        Caller::Required => principal,
        Caller::Optional => quote!(Option<#principal>),
    }
}

/// `.security(..)` of an operation's table; nothing for an open one.
pub(crate) fn requirements(api: &Api, operation: &Operation) -> Option<String> {
    if operation.security.is_empty() {
        return None;
    }
    let alternatives = operation.security.iter().map(|combination| {
        let schemes = combination.iter().filter_map(|requirement| {
            let constant = constant_name(api.schemes.get(requirement.scheme)?);
            let scopes = &requirement.scopes;
            Some(if scopes.is_empty() {
                constant
            } else {
                format!("{constant}.scopes(&[{}])", texts(scopes))
            })
        });
        format!("&[{}]", schemes.collect::<Vec<_>>().join(", "))
    });
    Some(format!(".security(&[{}])", alternatives.collect::<Vec<_>>().join(", ")))
}

/// `` `bearerAuth` to hold `pets:write` or `apiKey` ``.
pub(crate) fn told(api: &Api, operation: &Operation) -> String {
    let alternatives: Vec<String> = operation
        .security
        .iter()
        .filter(|combination| !combination.is_empty())
        .map(|combination| {
            let schemes: Vec<String> = combination
                .iter()
                .filter_map(|requirement| {
                    let name = prose::code(&api.schemes.get(requirement.scheme)?.name.wire);
                    let scopes: Vec<String> =
                        requirement.scopes.iter().map(|scope| prose::code(scope)).collect();
                    let scopes = prose::join(&scopes, "and");
                    Some(if scopes.is_empty() { name } else { format!("{name} to hold {scopes}") })
                })
                .collect();
            prose::join(&schemes, "and")
        })
        .collect();
    prose::join(&alternatives, "or")
}

/// The scopes of an operation in prose, where it asks for one combination: `` , with scope `pets:write` ``.
pub(crate) fn scopes(operation: &Operation) -> String {
    let [combination] = operation.security.as_slice() else { return String::new() };
    let scopes: Vec<String> = combination
        .iter()
        .flat_map(|requirement| &requirement.scopes)
        .map(|scope| prose::code(scope))
        .collect();
    match scopes.len() {
        0 => String::new(),
        1 => format!(", with scope {}", prose::join(&scopes, "and")),
        _ => format!(", with scopes {}", prose::join(&scopes, "and")),
    }
}

/// The constant of a scheme: `BEARER_AUTH`.
fn constant_name(scheme: &Scheme) -> String {
    scheme.name.rust.to_uppercase()
}

fn constant(scheme: &Scheme) -> TokenStream {
    let constant = ident(&constant_name(scheme));
    let name = text(&scheme.name.wire);
    let value = match &scheme.kind {
        SchemeKind::ApiKey { location, key } => {
            let key = text(key);
            let location = match location {
                Location::Query | Location::QueryString => quote!(Query),
                Location::Cookie => quote!(Cookie),
                Location::Header | Location::Path => quote!(Header),
            };
            quote!(photon::api_key(#name, photon::In::#location, #key))
        }
        SchemeKind::Basic => quote!(photon::basic(#name)),
        SchemeKind::Bearer => quote!(photon::bearer(#name)),
        SchemeKind::Http(kind) => quote!(photon::http_scheme(#name, #kind)),
        SchemeKind::MutualTls => quote!(photon::mutual_tls(#name)),
    };
    quote!(const #constant: photon::Scheme = #value;)
}

fn verifiers(api: &Api) -> TokenStream {
    let message = format!("`{{Self}}` does not verify the security schemes of {}", told_title(api));
    let note = prose::implement("Security", api.schemes.iter().map(|scheme| scheme.name.rust.as_str()));
    let verifiers = api.schemes.iter().map(|scheme| verifier(api, scheme));
    quote! {
        /// Verifies what callers present: one method for each security scheme of the document.
        ///
        /// A scheme without a verifier does not compile.
        #[diagnostic::on_unimplemented(message = #message, note = #note)]
        pub trait Security {
            #(#verifiers)*
        }
    }
}

/// The line that makes `Arc` of a verifier a verifier.
fn shared(api: &Api) -> Item {
    let principal = compact(&user_path(&api.principal));
    let methods = api.schemes.iter().map(|scheme| {
        let method = ident_text(&scheme.name.rust);
        let (_, credential) = credential(&scheme.kind);
        format!("{method}(photon::{credential}<'_>) -> {principal}, photon::Unauthorized")
    });
    call::shared("Security", methods.collect())
}

fn verifier(api: &Api, scheme: &Scheme) -> TokenStream {
    let method = ident(&scheme.name.rust);
    let (argument, credential) = credential(&scheme.kind);
    let argument = ident(argument);
    let credential = ident(credential);
    let doc = Doc::led(&prose::code(&scheme.name.wire), &described(scheme)).tokens();
    let principal = user_path(&api.principal);
    quote! {
        #doc
        fn #method(
            &self,
            cx: &photon::Context,
            #argument: photon::#credential<'_>,
        ) -> Result<#principal, photon::Unauthorized>;
    }
}

/// The argument of a verifier and its type.
pub(crate) fn credential(kind: &SchemeKind) -> (&'static str, &'static str) {
    match kind {
        SchemeKind::ApiKey { .. } => ("key", "ApiKey"),
        SchemeKind::Basic => ("basic", "Basic"),
        SchemeKind::Bearer => ("bearer", "Bearer"),
        SchemeKind::Http(_) => ("authorization", "Authorization"),
        SchemeKind::MutualTls => ("certificate", "Certificate"),
    }
}

fn described(scheme: &Scheme) -> String {
    if !scheme.doc.trim().is_empty() {
        return scheme.doc.clone();
    }
    match &scheme.kind {
        SchemeKind::ApiKey { location: Location::Query | Location::QueryString, key } => {
            format!("the query parameter {}.", prose::code(key))
        }
        SchemeKind::ApiKey { location: Location::Cookie, key } => format!("the cookie {}.", prose::code(key)),
        SchemeKind::ApiKey { key, .. } => format!("the header {}.", prose::code(key)),
        SchemeKind::Basic => "HTTP basic.".to_owned(),
        SchemeKind::Bearer => "HTTP bearer.".to_owned(),
        SchemeKind::Http(name) => format!("HTTP {name}."),
        SchemeKind::MutualTls => "mutual TLS.".to_owned(),
    }
}

fn authenticate(api: &Api) -> TokenStream {
    let principal = user_path(&api.principal);
    let arms = api.schemes.iter().map(|scheme| {
        let name = text(&scheme.name.wire);
        let method = ident(&scheme.name.rust);
        quote!(#name => api.#method(cx, photon::Credential::extract(scheme, input)?),)
    });
    quote! {
        fn authenticate<A: Security>(
            api: &A,
            cx: &photon::Context,
            scheme: &photon::Scheme,
            input: &photon::Input<'_>,
        ) -> Result<#principal, photon::Unauthorized> {
            match scheme.name {
                #(#arms)*
                other => unreachable!("the document has no scheme {other}"),
            }
        }
    }
}
