//! What a hook of the user's sees of a generated module.
//!
//! Names and types as they stand in the generated code, as text; nothing of how they came about.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::view;
use crate::ir;

/// The generated module, for hooks that add code of their own to it.
///
/// Not yet stable: fields are added as hooks need them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Api {
    module: String,
    traits: Vec<Trait>,
    security: Vec<Verifier>,
    models: Vec<Model>,
    schemas: String,
}

impl Api {
    /// The view of a named IR.
    pub(crate) fn new(api: &ir::Api) -> Self {
        let traits = api.traits.iter().map(|tag| Trait::new(api, tag)).collect();
        let security = api.schemes.iter().map(|scheme| Verifier::new(api, scheme)).collect();
        let models = api.models.iter().filter(|model| !model.stated.is_empty());
        Self {
            module: api.module.clone(),
            traits,
            security,
            models: models.map(|model| Model::new(api, model)).collect(),
            schemas: api.stated.clone(),
        }
    }

    /// The module's name: `petstore`.
    pub fn module(&self) -> &str {
        &self.module
    }

    /// The handler traits, in the order of the file.
    pub fn traits(&self) -> &[Trait] {
        &self.traits
    }

    /// The schemas with a type of their own, in the order of the file.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// `{"$defs": {..}}` with the schema of each model under its [`Model::key`], and all that these refer to: JSON Schema
    /// 2020-12, whatever the document's version, as Photon reads it.
    pub fn schemas(&self) -> &str {
        &self.schemas
    }

    /// The methods of `Security`; empty where the document secures nothing.
    pub fn security(&self) -> &[Verifier] {
        &self.security
    }
}

/// A schema with a type of its own.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Model {
    /// As written at the root of the module: `models::Pet`.
    pub ty: String,
    /// What a value must keep beside its type, as a `const` expression: for what is no more than another name.
    pub rule: TokenStream,
    /// The schema's place in the document: `#/components/schemas/Pet`.
    pub pointer: String,
    /// Its schema in [`Api::schemas`].
    pub key: String,
}

impl Model {
    fn new(api: &ir::Api, model: &ir::Model) -> Self {
        let rule = if let ir::ModelKind::Alias { rule, .. } = &model.kind {
            view::rule(api, rule)
        } else {
            quote!(photon::ANY)
        };
        let ty = format!("models::{}", view::ident(&model.name.rust));
        Self { ty, rule, pointer: model.pointer.clone(), key: model.stated.clone() }
    }
}

/// A handler trait.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Trait {
    /// `PetsApi`.
    pub name: String,
    /// The tag as the document writes it; none for operations without one.
    pub tag: Option<String>,
    /// The operations, in the order of the trait.
    pub operations: Vec<Operation>,
}

impl Trait {
    fn new(api: &ir::Api, tag: &ir::Trait) -> Self {
        Self {
            name: tag.name.rust.clone(),
            tag: tag.tag.clone(),
            operations: tag.operations.iter().map(|operation| Operation::new(api, operation)).collect(),
        }
    }
}

/// One operation. Types are written as at the root of the module: `models::Pet`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The `operationId`, or method and path.
    pub id: String,
    /// The method of the trait: `get_pet`, raw where it must be.
    pub name: String,
    /// `GET`.
    pub method: String,
    /// `/pets/{petId}`.
    pub path: String,
    /// The request's type: `GetPet`.
    pub request: String,
    /// The parameters, in the order of the request's fields.
    pub parameters: Vec<Parameter>,
    /// The type of the request's `body`.
    pub body: Option<String>,
    /// The type in `Ok`.
    pub output: String,
    /// The type in `Err`.
    pub error: String,
    /// The type of the last argument of a handler that sends piece by piece.
    pub sink: Option<String>,
    /// An expression of type `output` in which every value is empty: what a mock answers.
    pub empty_success: TokenStream,
}

impl Operation {
    fn new(api: &ir::Api, operation: &ir::Operation) -> Self {
        Self {
            id: operation.id.clone(),
            name: view::ident(&operation.method_name.rust),
            method: operation.method.clone(),
            path: operation.path.clone(),
            request: view::ident(&operation.request.rust),
            parameters: operation.params.iter().map(|param| Parameter::new(api, param)).collect(),
            body: view::body(api, operation),
            output: view::output(api, operation),
            error: view::error(operation),
            sink: view::sink(api, operation),
            empty_success: empty_success(&operation.output),
        }
    }
}

/// One parameter of an operation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Parameter {
    /// The field of the request: `pet_id`.
    pub name: String,
    /// `petId`.
    pub wire_name: String,
    /// Where it stands: `path`, `query`, `header`, `cookie` or `querystring`.
    pub location: &'static str,
    /// The field's type, `Option` included.
    pub ty: String,
    /// Whether it may be left out.
    pub optional: bool,
}

impl Parameter {
    fn new(api: &ir::Api, param: &ir::Param) -> Self {
        Self {
            name: view::ident(&param.name.rust),
            wire_name: param.name.wire.clone(),
            location: match param.location {
                ir::Location::Path => "path",
                ir::Location::Query => "query",
                ir::Location::Header => "header",
                ir::Location::Cookie => "cookie",
                ir::Location::QueryString => "querystring",
            },
            ty: view::ty(api, &param.ty),
            optional: !param.required,
        }
    }
}

/// A method of `Security`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Verifier {
    /// `bearer_auth`.
    pub name: String,
    /// The scheme as the document names it: `bearerAuth`.
    pub scheme: String,
    /// What the caller presents: `photon::Bearer<'_>`.
    pub credential: String,
    /// What the method returns for a verified caller: `photon::Principal`.
    pub principal: String,
}

impl Verifier {
    fn new(api: &ir::Api, scheme: &ir::Scheme) -> Self {
        Self {
            name: view::ident(&scheme.name.rust),
            scheme: scheme.name.wire.clone(),
            credential: view::credential(&scheme.kind),
            principal: api.principal.clone(),
        }
    }
}

fn empty_success(output: &ir::Output) -> TokenStream {
    match output {
        ir::Output::Unit { .. } | ir::Output::Stream { .. } | ir::Output::Socket { .. } => quote!(()),
        ir::Output::Value { .. } => quote!(photon::empty()),
        ir::Output::Struct(answer) => {
            let name = view::name(&answer.name.rust);
            let fields = fields(answer);
            quote!(#name { #fields })
        }
        ir::Output::Enum { name, answers } => {
            let Some(answer) = answers.first() else { return quote!(photon::empty()) };
            let (name, variant) = (view::name(&name.rust), view::name(&answer.variant.rust));
            let has_body = answer.problem || answer.media.is_some();
            if !answer.headers.is_empty() {
                let fields = fields(answer);
                return quote!(#name::#variant { #fields });
            }
            let values: Vec<_> =
                status(answer.status).into_iter().chain(has_body.then(|| quote!(photon::empty()))).collect();
            if values.is_empty() { quote!(#name::#variant) } else { quote!(#name::#variant(#(#values),*)) }
        }
    }
}

fn fields(answer: &ir::Answer) -> TokenStream {
    let status = status(answer.status).map(|status| quote!(status: #status,));
    let headers = answer.headers.iter().map(|header| {
        let name = view::name(&header.name.rust);
        quote!(#name: photon::empty(),)
    });
    let body = (answer.problem || answer.media.is_some()).then(|| quote!(body: photon::empty(),));
    quote!(#status #(#headers)* #body)
}

/// A status of the range; nothing where the status is fixed.
fn status(status: ir::Status) -> Option<TokenStream> {
    match status {
        ir::Status::Code(_) => None,
        ir::Status::Range(1) => Some(quote!(photon::StatusCode::CONTINUE)),
        ir::Status::Range(3) => Some(quote!(photon::StatusCode::FOUND)),
        ir::Status::Range(4) => Some(quote!(photon::StatusCode::BAD_REQUEST)),
        ir::Status::Range(5) => Some(quote!(photon::StatusCode::INTERNAL_SERVER_ERROR)),
        ir::Status::Range(_) | ir::Status::Default => Some(quote!(photon::StatusCode::OK)),
    }
}
