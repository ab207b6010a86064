//! Parameters: where they stand, how they are written, what they are.
//!
//! Knows a parameter's serialization. Must not know bodies and answers.

use super::operation::Scope;
use super::route;
use super::types::Direction;
use crate::codes;
use crate::ir::{self, Type};
use crate::spec;
use std::rc::Rc;

/// The parameters of the operation of `scope`.
pub(super) fn lower(scope: &mut Scope<'_, '_>) -> Vec<ir::Param> {
    let operation = scope.operation;
    operation
        .parameters
        .iter()
        .filter(|parameter| !is_ignored(parameter))
        .map(|parameter| param(scope, parameter))
        .collect()
}

/// The texts that the path parameter `name` may be, if they are few and travel as they are.
pub(super) fn choices(scope: &Scope<'_, '_>, name: &str) -> Vec<String> {
    let mut parameters = scope.operation.parameters.iter();
    let parameter = parameters.find(|it| it.location == spec::Location::Path && *it.name == *name);
    let schema = parameter.filter(|it| it.style == spec::Style::Simple).and_then(|it| it.schema);
    let values = schema.and_then(|schema| scope.types.constants(&[schema])).unwrap_or_default();
    let text = |value: &String| {
        let text = value.strip_prefix('"')?.strip_suffix('"')?;
        let travels = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'(),;:@".contains(&byte);
        (!text.is_empty() && text.bytes().all(travels)).then(|| text.to_owned())
    };
    values.iter().map(text).collect::<Option<_>>().unwrap_or_default()
}

/// The place as the IR names it.
pub(super) fn location(location: spec::Location) -> ir::Location {
    match location {
        spec::Location::Path => ir::Location::Path,
        spec::Location::Query => ir::Location::Query,
        spec::Location::QueryString => ir::Location::QueryString,
        spec::Location::Header => ir::Location::Header,
        spec::Location::Cookie => ir::Location::Cookie,
    }
}

/// The style as the IR names it.
pub(super) fn style(style: spec::Style) -> ir::Style {
    match style {
        spec::Style::Simple => ir::Style::Simple,
        spec::Style::Label => ir::Style::Label,
        spec::Style::Matrix => ir::Style::Matrix,
        spec::Style::Form => ir::Style::Form,
        spec::Style::Cookie => ir::Style::Cookie,
        spec::Style::SpaceDelimited => ir::Style::SpaceDelimited,
        spec::Style::PipeDelimited => ir::Style::PipeDelimited,
        spec::Style::DeepObject => ir::Style::DeepObject,
    }
}

/// OpenAPI: header parameters of these names shall be ignored; they have places of their own.
fn is_ignored(parameter: &spec::Parameter) -> bool {
    let names = ["accept", "content-type", "authorization"];
    parameter.location == spec::Location::Header
        && names.iter().any(|name| parameter.name.eq_ignore_ascii_case(name))
}

fn param(scope: &mut Scope<'_, '_>, parameter: &spec::Parameter) -> ir::Param {
    let is_path = parameter.location == spec::Location::Path;
    let wire = if is_path { route::bare(&parameter.name) } else { &parameter.name };
    let content = parameter.content.first().filter(|_| parameter.schema.is_none());
    let schema = parameter.schema.or_else(|| content.and_then(|media| media.schema));
    let coding = content.map_or(Coding::Style, |media| coding(scope, parameter, media));

    let hint = format!("{} {wire}", scope.name);
    let (mut ty, mut rule) = match schema {
        Some(schema) if coding != Coding::Text => scope.typed(schema, Direction::Request, &hint),
        _ => (Type::String, ir::Rule::default()),
    };
    let required = is_path || parameter.required;
    let default =
        schema.filter(|_| !required).and_then(|schema| scope.types.default_json(schema, scope.findings));
    let default = default.filter(|text| text != "null");
    let is_nullable = rule.nullable && !is_path;
    rule.nullable = is_nullable;
    if is_nullable || (!required && default.is_none()) {
        ty = Type::Option(Rc::new(ty));
    }

    let mut name = ir::Name::new(wire);
    name.wanted = super::wanted(&parameter.extensions);
    ir::Param {
        name,
        location: location(parameter.location),
        doc: scope.doc(parameter.description.as_deref(), schema),
        deprecated: parameter.deprecated,
        required,
        style: style(parameter.style),
        explode: parameter.explode,
        json: coding == Coding::Json,
        allow_empty: parameter.allow_empty_value,
        ty,
        rule,
        default,
    }
}

/// How the text of a parameter becomes a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    /// By `style` and `explode`.
    Style,
    /// As JSON.
    Json,
    /// Not at all.
    Text,
}

fn coding(scope: &mut Scope<'_, '_>, parameter: &spec::Parameter, media: &spec::MediaType) -> Coding {
    let kind = super::media::essence(&media.name);
    if super::media::is_json(&kind) {
        return Coding::Json;
    }
    if kind == "application/x-www-form-urlencoded" && parameter.location == spec::Location::QueryString {
        return Coding::Style;
    }
    if !kind.starts_with("text/") {
        let message = format!("`{}` of the parameter `{}` is not decoded", media.name, parameter.name);
        scope.findings.add(&codes::PARAMETER_TEXT, media.span, message);
    }
    Coding::Text
}
