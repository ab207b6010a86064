//! Parameters: where they stand, how they are written.

use std::rc::Rc;

use super::security::is_token_char;
use super::{At, Parser, helped};
use crate::codes;
use crate::finding::Severity;
use crate::node::{Node, Object};
use crate::source::Span;
use crate::spec::{Location, Parameter, Style, Version};

const FIELDS: [&str; 14] = [
    "name",
    "in",
    "description",
    "required",
    "deprecated",
    "allowEmptyValue",
    "style",
    "explode",
    "allowReserved",
    "schema",
    "content",
    "example",
    "examples",
    "$ref",
];

impl<'a> Parser<'a, '_> {
    /// A parameter or a reference to one, read once.
    pub(super) fn parameter(&mut self, at: &At<'a>) -> Option<Rc<Parameter>> {
        let followed = self.follow(at)?;
        let key = std::ptr::from_ref(followed.at.node);
        let (parameter, fault) = if let Some(known) = self.shared.parameters.get(&key) {
            known.clone()
        } else {
            let before = self.broken.take();
            let parameter = self.new_parameter(&followed.at).map(|mut parameter| {
                parameter.component.clone_from(&followed.component);
                Rc::new(parameter)
            });
            let fault = self.broken.take();
            self.broken = before;
            self.shared.parameters.insert(key, (parameter.clone(), fault));
            (parameter, fault)
        };
        if let Some(fault) = fault {
            self.broken.get_or_insert(fault);
        }
        let mut parameter = parameter?;
        if followed.description.is_some() {
            Rc::make_mut(&mut parameter).description = followed.description;
        }
        Some(parameter)
    }

    fn new_parameter(&mut self, at: &At<'a>) -> Option<Parameter> {
        let object = self.object(at.node, "a parameter")?;
        self.unknown_fields(object, &FIELDS, "a parameter");
        let location = self.location(at, object)?;
        let name_span = object.get("name").map_or(at.node.span, |node| node.span);
        let Some(name) = self.text(at, "name").filter(|name| !name.is_empty()) else {
            let finding = self.refuse(&codes::SHAPE, name_span, "a parameter must have a `name`");
            helped(finding, "add the `name`");
            return None;
        };
        let required = self.flag(at, "required").unwrap_or(false);
        let must_be_token = matches!(location, Location::Header | Location::Cookie);
        if must_be_token && !name.chars().all(is_token_char) {
            let place = if location == Location::Header { "a header" } else { "a cookie" };
            let message = format!("`{name}` cannot be the name of {place}");
            if !required {
                self.tell(&codes::HTTP_NAME, name_span, message);
                return None;
            }
            // Nobody could call the operation.
            if let Some(finding) = self.refuse(&codes::HTTP_NAME, name_span, message) {
                finding.severity = Severity::Refusal;
                finding.help = Some("use letters, digits and `-`, or do not require it".to_owned());
            }
            return None;
        }
        if location == Location::Path && !required {
            let message = format!("the parameter `{name}` of the path is not `required: true`");
            self.tell(&codes::PATH_OPTIONAL, name_span, message);
        }
        let schema = self.schema_below(at, "schema");
        let content = self.single_content(at, schema.is_some());
        if schema.is_none() && content.is_empty() && object.get("content").is_none() {
            let message = format!("the parameter `{name}` has neither `schema` nor `content`");
            self.tell(&codes::PARAMETER_BARE, name_span, message);
        }
        let style = self.style(at, location);
        let explode = self.flag(at, "explode").unwrap_or(matches!(style, Style::Form | Style::Cookie));
        let name = self.text_of(&name);
        Some(Parameter {
            name,
            location,
            description: self.text(at, "description"),
            required: required || location == Location::Path,
            deprecated: self.flag(at, "deprecated").unwrap_or(false),
            allow_empty_value: self.flag(at, "allowEmptyValue").unwrap_or(false),
            style,
            explode,
            allow_reserved: self.flag(at, "allowReserved").unwrap_or(false),
            schema,
            content,
            examples: self.examples(at),
            component: None,
            span: at.node.span,
            name_span,
            extensions: Self::extensions(object),
        })
    }

    fn location(&mut self, at: &At<'a>, object: &Object) -> Option<Location> {
        let place = object.get("in");
        let location = match place.and_then(Node::as_str) {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            Some("querystring") => {
                if self.version_of(at.scope.file) < Version::V3_2 {
                    let span = place.map_or(at.node.span, |node| node.span);
                    self.tell(&codes::NEWER, span, "`querystring` is of OpenAPI 3.2");
                }
                Location::QueryString
            }
            other => {
                let span = place.map_or(at.node.span, |node| node.span);
                let message = match other {
                    Some(text) => format!("`{text}` is no place for a parameter"),
                    None => "a parameter must say where it is `in`".to_owned(),
                };
                let finding = self.refuse(&codes::PARAMETER_IN, span, message);
                if matches!(other, Some("body" | "formData")) {
                    helped(finding, "that is of Swagger 2.0; declare a `requestBody`");
                }
                return None;
            }
        };
        Some(location)
    }

    fn style(&mut self, at: &At<'a>, location: Location) -> Style {
        let default = match location {
            Location::Path | Location::Header => Style::Simple,
            Location::Query | Location::QueryString | Location::Cookie => Style::Form,
        };
        let Some(node) = at.node.get("style") else { return default };
        let fitting: &[Style] = match location {
            Location::Path => &[Style::Simple, Style::Label, Style::Matrix],
            Location::Header => &[Style::Simple],
            Location::Cookie => &[Style::Form, Style::Cookie],
            Location::Query => &[Style::Form, Style::SpaceDelimited, Style::PipeDelimited, Style::DeepObject],
            Location::QueryString => &[],
        };
        self.fitting_style(node, fitting).unwrap_or(default)
    }

    /// The style of a node; one that is unknown or stands at the wrong place is told.
    pub(super) fn fitting_style(&mut self, node: &Node, fitting: &[Style]) -> Option<Style> {
        let style = node.as_str().and_then(parse_style).filter(|style| fitting.contains(style));
        if style.is_none() {
            let text = node.as_text().unwrap_or("this");
            let finding = self.tell(&codes::STYLE, node.span, format!("`{text}` is no style that fits here"));
            let names: Vec<String> = fitting.iter().map(|style| format!("`{}`", name_of(*style))).collect();
            match names.split_last() {
                None => helped(finding, "it is ignored; there is no style here"),
                Some((only, [])) => helped(finding, format!("it is ignored; {only} is the only one here")),
                Some((last, rest)) => {
                    let help = format!("it is ignored; {} and {last} fit here", rest.join(", "));
                    helped(finding, help);
                }
            }
        }
        style
    }

    /// Tells what OpenAPI gives a place of its own. True if the parameter is to be left out.
    pub(super) fn is_reserved_header(&mut self, name: &str, location: Location, span: Span) -> bool {
        let reserved = ["accept", "content-type", "authorization"];
        let is_reserved =
            location == Location::Header && reserved.iter().any(|it| name.eq_ignore_ascii_case(it));
        if is_reserved {
            self.tell(&codes::HEADER_IGNORED, span, format!("the header `{name}` is no parameter"));
        }
        is_reserved
    }
}

/// Every style and its name.
const STYLES: [(Style, &str); 8] = [
    (Style::Simple, "simple"),
    (Style::Label, "label"),
    (Style::Matrix, "matrix"),
    (Style::Form, "form"),
    (Style::SpaceDelimited, "spaceDelimited"),
    (Style::PipeDelimited, "pipeDelimited"),
    (Style::DeepObject, "deepObject"),
    (Style::Cookie, "cookie"),
];

fn parse_style(text: &str) -> Option<Style> {
    STYLES.into_iter().find(|(_, name)| *name == text).map(|(style, _)| style)
}

/// The name of a style in documents.
pub(super) fn name_of(style: Style) -> &'static str {
    STYLES.into_iter().find(|(known, _)| *known == style).map_or("", |(_, name)| name)
}
