//! All Rust names, in one pass over the IR.
//!
//! Named components before inline schemas, exact matches before names that change by casing, then the order of the
//! document: so an added schema or operation renames as little as can be. Knows neither documents nor tokens.

mod answers;
mod scope;
mod script;
#[cfg(test)]
mod tests;
mod words;

use crate::ir::{self, Api, Extra, ModelKind, Operation};
use scope::{Case, Scope};

/// What generated code and the runtime's macros name without a path where types are.
const RESERVED: &[&str] = &[
    "Box", "Default", "Err", "From", "Into", "None", "Ok", "Option", "Result", "Self", "Send", "Sized",
    "Some", "String", "Sync", "ToString", "TryFrom", "Vec",
];

/// The same at the root, with what is always there.
const RESERVED_AT_ROOT: &[&str] = &[
    "Box", "Default", "Err", "From", "Into", "None", "Ok", "Option", "Result", "Security", "Self", "Send",
    "Sized", "Some", "String", "Sync", "ToString", "TryFrom", "Vec",
];

/// Gives every name of `api` its Rust identifier.
pub(crate) fn assign(api: &mut Api) {
    name_models(api);
    name_statics(api);
    name_root(api);
    name_methods(api);
    name_tables(api);
    for operation in api.traits.iter_mut().flat_map(|tag| &mut tag.operations) {
        name_operation(operation);
    }
}

fn name_models(api: &mut Api) {
    let mut types = Scope::new(Case::Pascal, RESERVED, "Model");
    types.assign_ranked(
        api.models.iter_mut().map(|model| (u8::from(!model.named), &mut model.name)).collect(),
    );
    for model in &mut api.models {
        match &mut model.kind {
            ModelKind::Record(record) => name_record(record),
            ModelKind::Choice(choice) => name_choice(choice),
            ModelKind::Tagged(ir::Tagged { variants, .. }) | ModelKind::OneOf(ir::OneOf { variants, .. }) => {
                variant_scope().assign_all(variants.iter_mut().map(|variant| &mut variant.name));
            }
            ModelKind::Tuple(_) | ModelKind::Newtype { .. } | ModelKind::Alias { .. } => {}
        }
    }
}

fn name_record(record: &mut ir::Record) {
    let mut fields = Scope::new(Case::Snake, &[], "field");
    fields.assign_all(record.fields.iter_mut().map(|field| &mut field.name));
    if let Extra::Keep { name, .. } = &mut record.extra {
        fields.assign(name);
    }
}

fn name_choice(choice: &mut ir::Choice) {
    let mut variants = variant_scope();
    if choice.open {
        variants.reserve("Other");
    }
    variants.assign_all(choice.values.iter_mut().map(|value| &mut value.name));
}

fn variant_scope() -> Scope {
    Scope::new(Case::Pascal, &["Self"], "Value")
}

/// The statics of `models`: a table a model, the patterns, the checks.
fn name_statics(api: &mut Api) {
    let mut statics = Scope::new(Case::Screaming, &["PATTERNS", "CHECKS", "CHECKED"], "TABLE");
    api.tables.clear();
    for model in &api.models {
        let plain = Case::Screaming.of(&model.name.rust);
        let table = format!("{plain}_TABLE");
        // A tuple struct's constructor and a static share a namespace: `A` needs `A_TABLE`.
        let candidates = if plain == model.name.rust { vec![table] } else { vec![plain, table] };
        let mut name = ir::Name::new(&model.name.rust);
        statics.pick(&mut name, &candidates);
        api.tables.push(name.rust);
    }
    for pattern in &mut api.patterns {
        let plain = Case::Screaming.of(&pattern.name.wire);
        let longer = format!("{plain}_PATTERN");
        statics.pick(&mut pattern.name, &[plain, longer]);
    }
    for check in &mut api.checks {
        let plain = Case::Screaming.of(&check.name.wire);
        statics.pick(&mut check.name, &[format!("{plain}_CHECK")]);
    }
}

/// The root: requests first, for they are what users write; then traits; then all that is derived from a request.
fn name_root(api: &mut Api) {
    let mut types = Scope::new(Case::Pascal, RESERVED_AT_ROOT, "Request");
    let operations = api.traits.iter_mut().flat_map(|tag| &mut tag.operations);
    types.assign_all(operations.map(|operation| &mut operation.request));
    for tag in &mut api.traits {
        let plain = format!("{}Api", Case::Pascal.of(&tag.name.wire));
        types.pick(&mut tag.name, &[plain]);
    }
    for operation in api.traits.iter_mut().flat_map(|tag| &mut tag.operations) {
        if let Some(body) = operation.body.as_mut().filter(|body| body.media.len() > 1) {
            types.assign(&mut body.name);
        }
        match &mut operation.output {
            ir::Output::Struct(answer) => types.assign(&mut answer.name),
            ir::Output::Enum { name, .. } => types.assign(name),
            ir::Output::Unit { .. }
            | ir::Output::Value { .. }
            | ir::Output::Stream { .. }
            | ir::Output::Socket { .. } => {}
        }
        if let ir::ErrorType::Enum { name, .. } = &mut operation.error {
            types.assign(name);
        }
    }
}

/// The statics of the root: a table an operation, beside the document and the constants of the schemes.
fn name_tables(api: &mut Api) {
    let mut statics = Scope::new(Case::Screaming, &["OPENAPI"], "TABLE");
    for scheme in &api.schemes {
        // As `emit` writes the constant.
        statics.reserve(&scheme.name.rust.to_uppercase());
    }
    for operation in api.traits.iter_mut().flat_map(|tag| &mut tag.operations) {
        let plain = Case::Screaming.of(&operation.request.rust);
        let table = format!("{plain}_TABLE");
        let candidates = if plain == operation.request.rust { vec![table] } else { vec![plain, table] };
        let mut name = ir::Name::new(&operation.request.rust);
        statics.pick(&mut name, &candidates);
        operation.table = name.rust;
    }
}

/// Methods are unique over all traits, `Security` included: `service` names them by `A::method`.
fn name_methods(api: &mut Api) {
    let mut methods = Scope::new(Case::Snake, &[], "operation");
    let operations = api.traits.iter_mut().flat_map(|tag| &mut tag.operations);
    methods.assign_all(operations.map(|operation| &mut operation.method_name));
    for scheme in &mut api.schemes {
        let plain = Case::Snake.of(&scheme.name.wire);
        let longer = format!("verify_{plain}");
        methods.pick(&mut scheme.name, &[plain, longer]);
    }
}

fn name_operation(operation: &mut Operation) {
    let mut fields = Scope::new(Case::Snake, &[], "param");
    if operation.caller != ir::Caller::None {
        fields.reserve("principal");
    }
    if operation.body.is_some() {
        fields.reserve("body");
    }
    if operation.raw_body {
        fields.reserve("raw");
    }
    name_params(&mut fields, &mut operation.params);
    if let Some(body) = &mut operation.body {
        answers::name_media(&mut body.media);
    }
    match &mut operation.output {
        ir::Output::Struct(answer) => answers::name_headers(answer),
        ir::Output::Enum { answers, .. } => answers::name_answers(answers, variant_scope()),
        ir::Output::Unit { .. }
        | ir::Output::Value { .. }
        | ir::Output::Stream { .. }
        | ir::Output::Socket { .. } => {}
    }
    if let ir::ErrorType::Enum { answers, .. } = &mut operation.error {
        let mut variants = variant_scope();
        variants.reserve("Internal");
        answers::name_answers(answers, variants);
    }
}

/// Where two parameters differ in place only, the place tells them apart: `id` and `id_query`.
fn name_params(fields: &mut Scope, params: &mut [ir::Param]) {
    let mut exact: Vec<&mut ir::Param> = params.iter_mut().collect();
    exact.sort_by_key(|param| {
        (param.name.wanted.is_none(), Case::Snake.of(&param.name.wire) != param.name.wire)
    });
    for param in exact {
        let plain = Case::Snake.of(&param.name.wire);
        let placed = Case::Snake.suffixed(&plain, location(param.location));
        fields.pick(&mut param.name, &[plain, placed]);
    }
}

fn location(location: ir::Location) -> &'static str {
    match location {
        ir::Location::Path => "path",
        ir::Location::Query => "query",
        ir::Location::Header => "header",
        ir::Location::Cookie => "cookie",
        ir::Location::QueryString => "query_string",
    }
}
