//! One operation: its handler's signature, its table, and the line that reads requests by the table.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::doc::Doc;
use super::errors::error_type;
use super::reply::concrete;
use super::tokens::{expression, ident, ident_text, text};
use super::ty::Scope;
use super::{call, descriptor, prose, security};
use crate::ir::{Api, Caller, Codec, Location, Media, Operation, Output, Status, Trait, Type};
use crate::item::{Item, Table};

/// The handler in its trait.
pub(crate) fn method(api: &Api, operation: &Operation) -> TokenStream {
    let method = ident(&operation.method_name.rust);
    let request = ident(&operation.request.rust);
    let output = output_type(api, operation);
    let error = error_type(operation);
    let sink = sink(api, operation).map(|(name, ty)| {
        let name = ident(name);
        quote!(, #name: #ty)
    });
    let route = format!("{}{}", prose::code(&route(operation)), security::scopes(operation));
    let streamed = match &operation.output {
        Output::Stream { doc, .. } => doc.as_str(),
        _ => "",
    };
    let doc = Doc::new()
        .markdown(&prose::sentence(&operation.summary))
        .markdown(&operation.description)
        .markdown(streamed)
        .paragraph(&route)
        .deprecated(operation.deprecated)
        .tokens();
    quote! {
        #doc
        fn #method(&self, cx: &photon::Context, req: #request #sink) -> Result<#output, #error>;
    }
}

fn route(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

/// The line that makes `Arc` of a handler a handler.
pub(crate) fn shared(api: &Api, tag: &Trait) -> Item {
    let methods = tag.operations.iter().map(|operation| {
        let method = ident_text(&operation.method_name.rust);
        let request = ident_text(&operation.request.rust);
        let sink = sink(api, operation).map(|(_, ty)| format!(", {}", compact(&ty))).unwrap_or_default();
        let output = compact(&output_type(api, operation));
        let error = compact(&error_type(operation));
        format!("{method}({request}{sink}) -> {output}, {error}")
    });
    call::shared(&tag.name.rust, methods.collect())
}

/// A type's tokens without the spaces that they are printed with.
pub(crate) fn compact(ty: &TokenStream) -> String {
    ty.to_string()
        .replace(" :: ", "::")
        .replace(" < ", "<")
        .replace(" >", ">")
        .replace("< ", "<")
        .replace(" <", "<")
        .replace(" ,", ",")
}

/// The type in `Ok`.
pub(crate) fn output_type(api: &Api, operation: &Operation) -> TokenStream {
    match &operation.output {
        Output::Unit { .. } | Output::Stream { .. } | Output::Socket { .. } => quote!(()),
        Output::Value { media, .. } => Scope::root(api).ty(&media.ty),
        Output::Struct(answer) => {
            let name = ident(&answer.name.rust);
            quote!(#name)
        }
        Output::Enum { name, .. } => {
            let name = ident(&name.rust);
            quote!(#name)
        }
    }
}

/// What a handler that streams or talks writes to: the argument's name and its type.
pub(crate) fn sink(api: &Api, operation: &Operation) -> Option<(&'static str, TokenStream)> {
    let media = match &operation.output {
        Output::Stream { media, .. } => media,
        Output::Socket { receive, send } => {
            let (receive, send) = (Scope::root(api).ty(&receive.ty), Scope::root(api).ty(&send.ty));
            return Some(("socket", quote!(photon::Socket<'_, #receive, #send>)));
        }
        _ => return None,
    };
    let item = match &media.ty {
        Type::List(item) => item,
        ty => ty,
    };
    let item = Scope::root(api).ty(item);
    Some(match media.codec {
        Codec::Events => ("events", quote!(photon::Events<#item>)),
        Codec::JsonLines | Codec::JsonSeq => ("lines", quote!(photon::Lines<#item>)),
        _ => ("body", quote!(photon::BodyWriter)),
    })
}

/// All of the operation that touches the wire: its table, and the macro line that reads requests by it.
pub(crate) fn emit(api: &Api, operation: &Operation, push: &mut dyn FnMut(Item)) {
    push(Item::Table(table(api, operation)));
    push(reading(api, operation));
    let request = ident(&operation.request.rust);
    if let Output::Socket { receive, send } = &operation.output {
        push(Item::Code(switching(Scope::root(api), &request, receive, send)));
    } else if let Some((_, sink)) = sink(api, operation) {
        push(Item::Code(quote! {
            impl photon::Streaming for #request {
                type Sink = #sink;
            }
        }));
    }
}

/// `photon::operation! { GetPet -> models::Pet, GetPetError = GET_PET, pet_id sold; body: body }`.
fn reading(api: &Api, operation: &Operation) -> Item {
    let caller = match operation.caller {
        Caller::None => String::new(),
        Caller::Required | Caller::Optional => {
            format!("({})", compact(&security::principal(api, operation.caller)))
        }
    };
    let head = format!("{}{caller}", ident_text(&operation.request.rust));
    let mut parts = vec![
        format!("-> {},", compact(&output_type(api, operation))),
        format!("{} = {}", compact(&error_type(operation)), operation.table),
    ];
    let params = operation.params.iter().map(|param| ident_text(&param.name.rust));
    if let (Some(last), false) = (parts.last_mut(), operation.params.is_empty()) {
        last.push(',');
    }
    parts.extend(params);
    // Decoding uses up what it reads, unless the bytes were asked for before.
    let raw = operation.raw_body.then_some("raw: raw");
    let body = operation.body.as_ref().map(|body| match body.media.as_slice() {
        _ if body.streamed => "body: reader",
        [_] => "body: body",
        _ => "body: bodies",
    });
    let body: Vec<&str> = raw.into_iter().chain(body).collect();
    if !body.is_empty() {
        if let Some(last) = parts.last_mut() {
            last.push(';');
        }
        parts.push(body.join(", "));
    }
    call::call("photon::operation", head, parts)
}

/// The messages of a WebSocket.
fn switching(scope: Scope<'_>, request: &Ident, receive: &Media, send: &Media) -> TokenStream {
    let message = expression(&descriptor::media(scope, receive));
    let (receive, send) = (scope.ty(&receive.ty), scope.ty(&send.ty));
    quote! {
        impl photon::Switching for #request {
            type Receive = #receive;
            type Send = #send;
            const RECEIVE: &'static photon::Body = &#message;
        }
    }
}

/// `static GET_PET: photon::Meta = photon::meta("getPet", "GET", "/pets/{petId}", 200).params(&[..])..;`
fn table(api: &Api, operation: &Operation) -> Table {
    let scope = Scope::root(api);
    let mut head = format!(
        "static {}: photon::Meta = photon::meta({}, \"{}\", {}, {})",
        operation.table,
        text(&operation.id),
        operation.method,
        text(&operation.path),
        status(&operation.output),
    );
    let rows: Vec<Vec<String>> =
        operation.params.iter().map(|param| descriptor::param(scope, operation, param)).collect();
    if !rows.is_empty() {
        head.push_str(".params(&[");
    }
    let mut calls = Vec::new();
    calls.extend(operation.body.as_ref().map(|body| descriptor::bodies(scope, body)));
    calls.extend(requires(operation, Location::Query).map(|pairs| format!(".query(&[{pairs}])")));
    calls.extend(requires(operation, Location::Header).map(|pairs| format!(".headers(&[{pairs}])")));
    let answers = answers(&operation.output);
    // Most have one, which the declared answers tell.
    let is_told = descriptor::media_type_of_success(&operation.declared);
    if !answers.is_empty() && (answers.len() > 1 || is_told != Some(answers[0])) {
        let answers: Vec<String> = answers.into_iter().map(|media| text(media).to_string()).collect();
        calls.push(format!(".answers(&[{}])", answers.join(", ")));
    }
    calls.extend(descriptor::declares(scope, &operation.declared));
    if let Output::Stream { media: Media { event: Some(event), .. }, .. } = &operation.output {
        calls.push(format!(".event({})", text(event)));
    }
    calls.extend(security::requirements(api, operation));
    calls.extend(operation.blocking.then(|| ".blocking()".to_owned()));
    calls.extend(operation.body_bytes_max.map(|max| format!(".body_max({max})")));
    calls.extend(operation.timeout_ms.map(|milliseconds| format!(".timeout({milliseconds})")));
    Table { head, rows, calls }
}

/// What a request must carry to be meant for this operation, as pairs of names and values.
fn requires(operation: &Operation, location: Location) -> Option<String> {
    let requires = operation.requires.iter().filter(|require| require.location == location);
    let pairs: Vec<String> = requires
        .map(|require| {
            let name = text(&require.name);
            match require.value.as_deref().map(text) {
                Some(value) => format!("({name}, Some({value}))"),
                None => format!("({name}, None)"),
            }
        })
        .collect();
    (!pairs.is_empty()).then(|| pairs.join(", "))
}

/// The status where the output does not set one.
fn status(output: &Output) -> u16 {
    match output {
        Output::Unit { status } | Output::Value { status, .. } | Output::Stream { status, .. } => *status,
        Output::Struct(answer) => match answer.status {
            Status::Code(code) => code,
            Status::Range(_) | Status::Default => 0,
        },
        Output::Enum { .. } => 0,
        Output::Socket { .. } => 101,
    }
}

/// The media types of success, each once.
fn answers(output: &Output) -> Vec<&str> {
    let media: Vec<&Media> = match output {
        Output::Unit { .. } | Output::Socket { .. } => Vec::new(),
        Output::Value { media, .. } | Output::Stream { media, .. } => vec![media],
        Output::Struct(answer) => answer.media.iter().collect(),
        Output::Enum { answers, .. } => answers.iter().filter_map(|answer| answer.media.as_ref()).collect(),
    };
    let mut answers: Vec<&str> = Vec::new();
    let ranges = media
        .into_iter()
        .flat_map(|media| std::iter::once(concrete(media)).chain(media.more.iter().map(String::as_str)));
    for range in ranges {
        if !answers.contains(&range) {
            answers.push(range);
        }
    }
    answers
}
