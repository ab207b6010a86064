//! One operation: its handler's signature, and all of it that touches the wire.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::doc::Doc;
use super::errors::error_type;
use super::reply::{concrete, default_media};
use super::rule::{default_call, rule_call};
use super::tokens::{expression, ident, ident_text, number, text};
use super::ty::Scope;
use super::{call, prose, security};
use crate::ir::{
    Api, Body, Caller, Codec, Encoding, Location, Media, Operation, Output, Param, SchemeKind, Status, Style,
    Trait, Type,
};
use crate::item::Item;

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

/// All of the operation that touches the wire.
pub(crate) fn emit(api: &Api, operation: &Operation, push: &mut dyn FnMut(Item)) {
    let request = ident(&operation.request.rust);
    let meta = meta(api, operation);
    let principal = security::principal(api, operation.caller);
    let output = output_type(api, operation);
    let error = error_type(operation);
    let decode = decode(api, operation, &principal);
    push(Item::Code(quote! {
        impl photon::Operation for #request {
            const META: photon::Meta = #meta;
            type Principal = #principal;
            type Output = #output;
            type Error = #error;

            #decode
        }
    }));
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

/// The messages of a WebSocket.
fn switching(scope: Scope<'_>, request: &Ident, receive: &Media, send: &Media) -> TokenStream {
    let message = descriptor(scope, receive);
    let (receive, send) = (scope.ty(&receive.ty), scope.ty(&send.ty));
    quote! {
        impl photon::Switching for #request {
            type Receive = #receive;
            type Send = #send;
            const RECEIVE: &'static photon::Body = &#message;
        }
    }
}

fn meta(api: &Api, operation: &Operation) -> TokenStream {
    let (id, method, path) = (text(&operation.id), &operation.method, text(&operation.path));
    let query = requires(operation, Location::Query).map(|pairs| quote!(.query(&[#(#pairs),*])));
    let headers = requires(operation, Location::Header).map(|pairs| quote!(.headers(&[#(#pairs),*])));
    let status = Literal::u16_unsuffixed(status(&operation.output));
    let answers = answers(&operation.output);
    let answers = (!answers.is_empty()).then(|| quote!(.answers(&[#(#answers),*])));
    let security = security::requirements(api, operation);
    let blocking = operation.blocking.then(|| quote!(.blocking()));
    let body_max = operation.body_bytes_max.map(number).map(|max| quote!(.body_max(#max)));
    let timeout = operation.timeout_ms.map(number).map(|milliseconds| quote!(.timeout(#milliseconds)));
    quote! {
        photon::meta(#id, #method, #path, #status)
            #query #headers #answers #security #blocking #body_max #timeout
    }
}

/// What a request must carry to be meant for this operation, as pairs of names and values.
fn requires(operation: &Operation, location: Location) -> Option<Vec<TokenStream>> {
    let requires = operation.requires.iter().filter(|require| require.location == location);
    let pairs: Vec<TokenStream> = requires
        .map(|require| {
            let name = text(&require.name);
            if let Some(value) = require.value.as_deref().map(text) {
                quote!((#name, Some(#value)))
            } else {
                quote!((#name, None))
            }
        })
        .collect();
    (!pairs.is_empty()).then_some(pairs)
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

fn decode(api: &Api, operation: &Operation, principal: &TokenStream) -> TokenStream {
    let scope = Scope::root(api);
    let input = input_name(operation);
    let params: Vec<Local> =
        operation.params.iter().map(|param| param_local(scope, operation, param, &input)).collect();
    let body = operation.body.as_ref().map(|body| body_local(scope, body, &params, &input));
    // Decoding uses up what it reads, unless the bytes were asked for before.
    let (raw, raw_field) =
        operation.raw_body.then(|| (quote!(let raw = #input.raw();), quote!(raw,))).unzip();
    let locals: Vec<&Local> = params.iter().chain(&body).collect();
    let statics = locals.iter().map(|local| &local.descriptor);
    let params = params.iter().map(|local| &local.extraction);
    let body = body.iter().map(|local| &local.extraction);
    let fields = locals.iter().map(|local| {
        let field = &local.field;
        quote!(#field: #field?,)
    });
    let (argument, caller) = match operation.caller {
        Caller::None => (quote!((): ()), None),
        Caller::Required | Caller::Optional => (quote!(principal: #principal), Some(quote!(principal,))),
    };
    let input = if locals.is_empty() && raw.is_none() { ident("_input") } else { input };
    quote! {
        fn decode(#input: &mut photon::Input<'_>, #argument) -> Option<Self> {
            #(#statics)*
            #(#params)*
            #raw
            #(#body)*
            Some(Self { #caller #(#fields)* #raw_field })
        }
    }
}

/// What the decoder's argument is called: a name that no field has.
fn input_name(operation: &Operation) -> Ident {
    const NAMES: &[&str] = &["input", "photon_input", "photon_input_"];
    let free = NAMES.iter().find(|name| operation.params.iter().all(|param| param.name.rust != **name));
    ident(free.copied().unwrap_or("input"))
}

/// One value of the request: its descriptor, and the statement that extracts it.
struct Local {
    field: Ident,
    constant: String,
    descriptor: TokenStream,
    extraction: TokenStream,
}

fn param_local(scope: Scope<'_>, operation: &Operation, param: &Param, input: &Ident) -> Local {
    let field = ident(&param.name.rust);
    let upper = param.name.rust.to_uppercase();
    // Where a script has no cases, the static would be what the local shadows.
    let constant = if upper == param.name.rust { format!("{upper}_PARAM") } else { upper };
    let name = ident(&constant);
    let descriptor = self::param(scope, param);
    let others = others(scope, operation, param);
    Local {
        descriptor: quote!(static #name: photon::Param = #descriptor #others;),
        extraction: quote!(let #field = #input.param(&#name);),
        constant,
        field,
    }
}

fn param(scope: Scope<'_>, param: &Param) -> TokenStream {
    let name = text(&param.name.wire);
    let constructor = match param.location {
        Location::Path => quote!(path),
        Location::Query => quote!(query),
        Location::Header => quote!(header),
        Location::Cookie => quote!(cookie),
        Location::QueryString => quote!(query_string),
    };
    let required = (param.required && param.location != Location::Path).then(|| quote!(.required()));
    let usual = match param.location {
        Location::Path | Location::Header => Style::Simple,
        Location::Query | Location::Cookie | Location::QueryString => Style::Form,
    };
    let style = (!param.json && param.style != usual).then(|| style(param.style));
    let explode = explode(param.style, param.explode).filter(|_| !param.json);
    let json = param.json.then(|| quote!(.json()));
    let allow_empty = param.allow_empty.then(|| quote!(.allow_empty()));
    let rule = rule_call(scope, &param.rule).map(|rule| expression(&rule));
    let default = default_call(param.default.as_deref()).map(|default| expression(&default));
    quote!(photon::#constructor(#name) #required #style #explode #json #allow_empty #rule #default)
}

/// The other names in the query, where an object takes what is left of it.
fn others(scope: Scope<'_>, operation: &Operation, param: &Param) -> Option<TokenStream> {
    let spread =
        param.location == Location::Query && param.style == Style::Form && param.explode && !param.json;
    if !spread || !scope.is_object(&param.ty) {
        return None;
    }
    let params = operation.params.iter().filter(|other| other.location == Location::Query);
    let params = params.map(|other| other.name.wire.as_str());
    let schemes = operation
        .security
        .iter()
        .flatten()
        .filter_map(|requirement| scope.api.schemes.get(requirement.scheme));
    let keys = schemes.filter_map(|scheme| match &scheme.kind {
        SchemeKind::ApiKey { location: Location::Query, key } => Some(key.as_str()),
        _ => None,
    });
    let mut names: Vec<&str> = params.chain(keys).filter(|name| *name != param.name.wire).collect();
    names.sort_unstable();
    names.dedup();
    (!names.is_empty()).then(|| quote!(.others(&[#(#names),*])))
}

fn style(style: Style) -> TokenStream {
    match style {
        Style::Simple => quote!(.simple()),
        Style::Form => quote!(.form()),
        Style::Label => quote!(.label()),
        Style::Matrix => quote!(.matrix()),
        Style::SpaceDelimited => quote!(.space_delimited()),
        Style::PipeDelimited => quote!(.pipe_delimited()),
        Style::DeepObject => quote!(.deep_object()),
    }
}

/// Nothing, where it is the style's own way.
fn explode(style: Style, explode: bool) -> Option<TokenStream> {
    let usual = matches!(style, Style::Form | Style::DeepObject);
    (explode != usual).then(|| if explode { quote!(.exploded()) } else { quote!(.flat()) })
}

fn body_local(scope: Scope<'_>, body: &Body, params: &[Local], input: &Ident) -> Local {
    let free = |wanted: &str| params.iter().all(|param| param.constant != wanted);
    let single = matches!(body.media.as_slice(), [_]);
    let constant = if !single && free("BODIES") { "BODIES" } else { "BODY" };
    let name = ident(constant);
    let descriptors = body.media.iter().map(|media| descriptor(scope, media));
    let (descriptor, extraction) = if single {
        let optional = (!body.required).then(|| quote!(.optional()));
        let descriptor = quote!(static #name: photon::Body = #(#descriptors)* #optional;);
        (descriptor, quote!(let body = #input.body(&#name);))
    } else {
        let method = ident(if body.required { "bodies" } else { "optional_bodies" });
        let descriptor = quote!(static #name: &[photon::Body] = &[#(#descriptors),*];);
        (descriptor, quote!(let body = #input.#method(#name);))
    };
    Local { field: ident("body"), constant: constant.to_owned(), descriptor, extraction }
}

fn descriptor(scope: Scope<'_>, media: &Media) -> TokenStream {
    let codec = match media.codec {
        Codec::Json => quote!(json),
        Codec::Form => quote!(form),
        Codec::Multipart => quote!(multipart),
        Codec::Text | Codec::Events => quote!(plain),
        Codec::Bytes => quote!(bytes),
        Codec::JsonLines => quote!(json_lines),
        Codec::JsonSeq => quote!(json_seq),
    };
    let range = text(&media.range);
    let stated = (media.range != default_media(media.codec)).then(|| quote!(.media(#range)));
    let more = media.more.iter().map(|range| text(range));
    let more = (!media.more.is_empty()).then(|| quote!(.media_types(&[#(#more),*])));
    let rule = rule_call(scope, &media.rule).map(|rule| expression(&rule));
    let encoding = media.encoding.iter().map(encoding);
    let encoding = (!media.encoding.is_empty()).then(|| quote!(.encoding(&[#(#encoding),*])));
    quote!(photon::#codec() #stated #more #rule #encoding)
}

fn encoding(encoding: &Encoding) -> TokenStream {
    let property = text(&encoding.property);
    let content_type = encoding.content_type.as_deref().map(text).map(|media| quote!(.content_type(#media)));
    let stated = encoding.style.filter(|style| *style != Style::Form).map(style);
    let explode = encoding.explode.and_then(|it| explode(encoding.style.unwrap_or(Style::Form), it));
    quote!(photon::encoding(#property) #stated #explode #content_type)
}
