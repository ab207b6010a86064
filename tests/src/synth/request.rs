//! Makes whole requests: path, query, headers, cookies, credentials, body.

use serde_json::Value;

use crate::document::{Location, Node, Operation, Parameter, Shape};

use super::body::{self, Kind};
use super::instance::Synth;
use super::wire::{self, Style, encode};

/// Headers that are not free to choose: OpenAPI takes some out of parameters, others say how the message is sent.
const HEADERS_IGNORED: [&str; 7] =
    ["accept", "content-type", "authorization", "host", "connection", "content-length", "transfer-encoding"];

/// A request, ready to be written to a socket.
#[derive(Clone, Debug)]
pub struct Request {
    /// Upper case.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Without `Host`, `Connection` and `Content-Length`.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<Vec<u8>>,
}

/// A request that lacks a part, and which one.
#[derive(Clone, Debug)]
pub struct Lacking {
    /// `query limit`, `body`, `body /name`.
    pub part: String,
    /// The request.
    pub request: Request,
}

/// A request that has all that the operation describes; an error says what could not be made.
pub fn whole(synth: &Synth<'_>, operation: &Operation<'_>, base_path: &str) -> Result<Request, String> {
    let draft = Draft::new(synth, operation)?;
    draft.request(synth, operation, base_path)
}

/// The same request without one part that must be there; `None` when nothing must.
pub fn lacking(synth: &Synth<'_>, operation: &Operation<'_>, base_path: &str) -> Option<Lacking> {
    let whole = Draft::new(synth, operation).ok()?;
    let mut drafts = whole.lacking(synth);
    if drafts.is_empty() {
        return None;
    }
    let turn = usize::try_from(fnv(&operation.title()) % drafts.len() as u64).unwrap_or(0);
    let (part, draft) = drafts.swap_remove(turn);
    let request = draft.request(synth, operation, base_path).ok()?;
    Some(Lacking { part, request })
}

/// A fixed hash, the same on every machine (FNV-1a).
pub fn fnv(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[derive(Clone)]
struct Draft<'d> {
    parameters: Vec<(Parameter<'d>, Value)>,
    body: Option<DraftBody<'d>>,
}

#[derive(Clone)]
struct DraftBody<'d> {
    required: bool,
    kind: Kind,
    media_type: &'d str,
    media: Node<'d>,
    value: Value,
}

impl<'d> Draft<'d> {
    fn new(synth: &Synth<'d>, operation: &Operation<'d>) -> Result<Self, String> {
        let mut parameters = Vec::new();
        for parameter in operation.parameters(synth.document) {
            let ignored = HEADERS_IGNORED.contains(&parameter.name.to_ascii_lowercase().as_str());
            let named = matches!(parameter.location, Location::Header | Location::Cookie);
            if parameter.location == Location::Header && ignored || named && !is_token(parameter.name) {
                continue;
            }
            let empty_allowed = matches!(parameter.location, Location::QueryString);
            let value = match parameter.schema {
                Some(schema) => synth.value(schema, empty_allowed),
                None => Some(Value::String("photon".to_owned())),
            };
            match value {
                Some(value) if parameter.required || may_be_sent(&parameter, &value) => {
                    parameters.push((parameter, value));
                }
                None if parameter.required => {
                    return Err(format!("no value for parameter {}", parameter.name));
                }
                _ => {}
            }
        }
        Ok(Self { parameters, body: Self::body(synth, operation)? })
    }

    fn body(synth: &Synth<'d>, operation: &Operation<'d>) -> Result<Option<DraftBody<'d>>, String> {
        let Some(body) = operation.body(synth.document) else { return Ok(None) };
        let Some((kind, media_type, media)) = body::chosen(&body) else { return Ok(None) };
        let empty_allowed = matches!(kind, Kind::Json | Kind::Lines | Kind::Sequence);
        let value = match body::schema(media) {
            Some(schema) => synth.value(schema, empty_allowed),
            None if kind == Kind::Json => Some(serde_json::json!({})),
            None => Some(Value::String("photon".to_owned())),
        };
        match value {
            Some(value) => Ok(Some(DraftBody { required: body.required, kind, media_type, media, value })),
            None if body.required => Err("no value for the body".to_owned()),
            None => Ok(None),
        }
    }

    /// Every way to leave a part out.
    fn lacking(&self, synth: &Synth<'d>) -> Vec<(String, Self)> {
        let mut drafts = Vec::new();
        for (at, (parameter, value)) in self.parameters.iter().enumerate() {
            let place = match parameter.location {
                Location::Query => "query",
                Location::Header => "header",
                Location::Cookie => "cookie",
                Location::Path | Location::QueryString => continue,
            };
            // An exploded object has no name of its own on the wire; one without required members may be empty.
            let nameless = value.is_object() && parameter.media_type.is_none();
            let default = parameter.schema.is_some_and(|schema| schema.get("default").is_some());
            if !parameter.required || nameless || default {
                continue;
            }
            let mut draft = self.clone();
            draft.parameters.remove(at);
            drafts.push((format!("{place} {}", parameter.name), draft));
        }
        let Some(body) = &self.body else { return drafts };
        if body.required {
            drafts.push(("body".to_owned(), Self { body: None, ..self.clone() }));
        }
        let structured = matches!(body.kind, Kind::Json | Kind::Form | Kind::Multipart);
        if let (true, Some(schema), Value::Object(members)) =
            (structured, body::schema(body.media), &body.value)
        {
            let shape = Shape::of(synth.document, &[schema]);
            for name in shape.required.iter().filter(|name| members.contains_key(**name)) {
                let property = shape.properties.get(name).map_or(&[][..], Vec::as_slice);
                let property = Shape::of(synth.document, property);
                let default = property.parts.iter().any(|part| part.get("default").is_some());
                let mut draft = self.clone();
                if let Some(Value::Object(members)) = draft.body.as_mut().map(|body| &mut body.value) {
                    members.remove(*name);
                }
                let value = draft.body.as_ref().map(|body| &body.value);
                let refused = value.is_some_and(|value| synth.accepts(schema, value) == Some(false));
                if refused && !default {
                    drafts.push((format!("body /{name}"), draft));
                }
            }
        }
        drafts
    }

    fn request(&self, synth: &Synth<'d>, operation: &Operation<'d>, base: &str) -> Result<Request, String> {
        let mut query: Vec<(String, String)> = Vec::new();
        let mut raw_query = None;
        let mut headers = vec![("Accept".to_owned(), "*/*".to_owned())];
        let mut cookies: Vec<(String, String)> = Vec::new();
        // A fragment in a path key tells entries apart and never travels; a query in it does.
        let key = operation.path.split('#').next().unwrap_or_default();
        let (mut path, fixed_query) = match key.split_once('?') {
            Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
            None => (key.to_owned(), None),
        };
        for (parameter, value) in &self.parameters {
            let style = Style::of(parameter.node, wire::default_style(parameter.location));
            let text = value.to_string();
            let in_content = parameter.media_type.is_some();
            match parameter.location {
                Location::Path => {
                    path = path.replace(&format!("{{{}}}", parameter.name), &wire::path(parameter, value));
                }
                Location::Query if in_content => query.push((encode(parameter.name), encode(&text))),
                Location::Query => query.extend(wire::pairs(parameter.name, style, value, encode)),
                Location::Header => headers.push((parameter.name.to_owned(), wire::header(parameter, value))),
                Location::Cookie if in_content => cookies.push((parameter.name.to_owned(), encode(&text))),
                Location::Cookie => {
                    let encode: fn(&str) -> String =
                        if style.name == "cookie" { str::to_owned } else { encode };
                    cookies.extend(wire::pairs(parameter.name, style, value, encode));
                }
                Location::QueryString => raw_query = Some(whole_query(parameter, value)),
            }
        }
        credentials(synth, operation, &mut query, &mut headers, &mut cookies);
        if !cookies.is_empty() {
            headers.push(("Cookie".to_owned(), joined(&cookies, "; ")));
        }
        let mut content = None;
        if let Some(body) = &self.body {
            let written = body::written(synth, body.kind, body.media_type, body.media, &body.value);
            let (content_type, bytes) =
                written.ok_or_else(|| format!("no way to write {}", body.media_type))?;
            headers.push(("Content-Type".to_owned(), content_type));
            content = Some(bytes);
        }
        let own = (!query.is_empty()).then(|| joined(&query, "&"));
        let all: Vec<String> = fixed_query.into_iter().chain(own).chain(raw_query).collect();
        let question = if all.is_empty() { "" } else { "?" };
        let target = format!("{base}{}{question}{}", literal(&path), all.join("&"));
        Ok(Request { method: operation.method.clone(), target, headers, body: content })
    }
}

/// Whether an optional parameter can be sent so that everybody reads it alike.
fn may_be_sent(parameter: &Parameter<'_>, value: &Value) -> bool {
    if parameter.media_type.is_some() {
        return true;
    }
    let style = Style::of(parameter.node, wire::default_style(parameter.location));
    let ascii = parameter.location != Location::Header || wire::header(parameter, value).is_ascii();
    // A parameter that travels under the names of its members could meet another one.
    let nameless = value.is_object() && style.explode && style.name == "form";
    style.defines(value) && ascii && !nameless
}

fn whole_query(parameter: &Parameter<'_>, value: &Value) -> String {
    match (parameter.media_type.map(Kind::of), value) {
        (Some(Kind::Form), Value::Object(members)) => {
            let style = Style { name: "form", explode: true };
            let pairs = members.iter().flat_map(|(name, value)| wire::pairs(name, style, value, encode));
            joined(&pairs.collect::<Vec<_>>(), "&")
        }
        _ => encode(&value.to_string()),
    }
}

/// What is written literally in the template and may not stand so in a request.
fn literal(path: &str) -> String {
    path.chars()
        .map(|char| {
            if char == ' ' || !char.is_ascii() || "{}\"<>^`\\|".contains(char) {
                encode(&char.to_string())
            } else {
                char.to_string()
            }
        })
        .collect()
}

fn joined(pairs: &[(String, String)], between: &str) -> String {
    pairs.iter().map(|(name, text)| format!("{name}={text}")).collect::<Vec<_>>().join(between)
}

/// Presents what the first alternative that can be presented asks for.
fn credentials(
    synth: &Synth<'_>,
    operation: &Operation<'_>,
    query: &mut Vec<(String, String)>,
    headers: &mut Vec<(String, String)>,
    cookies: &mut Vec<(String, String)>,
) {
    let root = synth.document.root();
    let Some(security) = operation.node.get("security").or_else(|| root.get("security")) else { return };
    let schemes = root.get("components").and_then(|components| components.get("securitySchemes"));
    let scheme = |name: &str| synth.document.resolve(schemes?.get(name)?);
    let presentable = |requirement: &Node<'_>| {
        requirement
            .members()
            .all(|(name, _)| scheme(name).is_some_and(|scheme| scheme.text("type") != Some("mutualTLS")))
    };
    let alternatives = security.items().filter(|requirement| requirement.members().next().is_some());
    let Some(chosen) = alternatives.into_iter().find(presentable) else { return };
    for (name, _) in chosen.members() {
        let Some(scheme) = scheme(name) else { continue };
        let own = scheme.text("name").unwrap_or_default();
        match (scheme.text("type"), scheme.text("in"), scheme.text("scheme")) {
            (Some("apiKey"), Some("query"), _) => query.push((encode(own), "photon-key".to_owned())),
            (Some("apiKey"), Some("cookie"), _) => cookies.push((own.to_owned(), "photon-key".to_owned())),
            (Some("apiKey"), _, _) => headers.push((own.to_owned(), "photon-key".to_owned())),
            // One header holds one credential: two schemes of a combination that use it share it.
            _ if headers.iter().any(|(name, _)| name == "Authorization") => {}
            (Some("http"), _, Some(scheme)) if scheme.eq_ignore_ascii_case("basic") => {
                headers.push(("Authorization".to_owned(), "Basic cGhvdG9uOnNlY3JldA==".to_owned()));
            }
            (Some("http"), _, Some(scheme)) if !scheme.eq_ignore_ascii_case("bearer") => {
                headers.push(("Authorization".to_owned(), format!("{scheme} photon-token")));
            }
            _ => headers.push(("Authorization".to_owned(), "Bearer photon-token".to_owned())),
        }
    }
}

/// Whether HTTP can say this name (RFC 9110, section 5.6.2).
fn is_token(name: &str) -> bool {
    let is_sign = |byte| b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || is_sign(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fixed() {
        assert_eq!(fnv(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv("a"), 0xaf63_dc4c_8601_ec8c);
    }
}
