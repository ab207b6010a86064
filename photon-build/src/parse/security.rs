//! Security: schemes and requirements.

use std::rc::Rc;
use std::sync::Arc;

use super::{At, Parser, helped};
use crate::codes;
use crate::node::{Node, Object};
use crate::spec::{Location, Requirement, SecurityKind, SecurityScheme, Version};

/// Schemes of `http` that the registry of IANA has.
const HTTP_SCHEMES: [&str; 13] = [
    "basic",
    "bearer",
    "concealed",
    "digest",
    "dpop",
    "gnap",
    "hoba",
    "mutual",
    "negotiate",
    "oauth",
    "privatetoken",
    "scram-sha-1",
    "scram-sha-256",
];

/// What helps where the type is wrong.
const TYPES: &str = "the types are `apiKey`, `http`, `oauth2`, `openIdConnect` and `mutualTLS`";

impl<'a> Parser<'a, '_> {
    /// The schemes below `components/securitySchemes`.
    pub(super) fn security_schemes(&mut self, root: &At<'a>) -> Vec<(Arc<str>, Rc<SecurityScheme>)> {
        let mut schemes = Vec::new();
        let declared = root.key("components").and_then(|at| at.key("securitySchemes"));
        let Some(declared) = declared else { return schemes };
        for entry in declared.entries() {
            let name = self.text_of(&entry.key);
            let scheme = self.security_scheme(&declared.child(&entry.key, &entry.value));
            let fault = self.broken.take();
            self.security_names.insert(name.clone(), fault);
            schemes.extend(scheme.map(|scheme| (name, Rc::new(scheme))));
        }
        schemes
    }

    /// The declared schemes, and those that are required all the same: nobody passes these unseen.
    pub(super) fn all_schemes(
        &mut self,
        mut schemes: Vec<(Arc<str>, Rc<SecurityScheme>)>,
    ) -> Vec<(Arc<str>, Rc<SecurityScheme>)> {
        for (name, span) in std::mem::take(&mut self.undeclared) {
            let kind = SecurityKind::Http { scheme: "bearer".into(), bearer_format: None };
            let scheme = SecurityScheme { kind, description: None, span, extensions: Object::default() };
            schemes.push((name, Rc::new(scheme)));
        }
        schemes
    }

    fn security_scheme(&mut self, at: &At<'a>) -> Option<SecurityScheme> {
        let at = self.follow(at)?.at;
        let object = self.object(at.node, "a security scheme")?;
        let Some(ty) = self.text(&at, "type") else {
            let message = "a security scheme must have a `type`";
            helped(self.refuse(&codes::SECURITY_SCHEME, at.node.span, message), TYPES);
            return None;
        };
        let known = [
            "type",
            "description",
            "name",
            "in",
            "scheme",
            "bearerFormat",
            "flows",
            "openIdConnectUrl",
            "oauth2MetadataUrl",
            "deprecated",
        ];
        self.unknown_fields(object, &known, "a security scheme");
        let kind = match &*ty {
            "apiKey" => self.api_key(&at)?,
            "http" => self.http(&at)?,
            "oauth2" => self.oauth2(&at),
            "openIdConnect" => self.open_id_connect(&at),
            "mutualTLS" => {
                if self.version_of(at.scope.file) < Version::V3_1 {
                    let span = object.get("type").map_or(at.node.span, |node| node.span);
                    self.tell(&codes::NEWER, span, "`mutualTLS` is of OpenAPI 3.1");
                }
                SecurityKind::MutualTls
            }
            other => {
                let span = object.get("type").map_or(at.node.span, |node| node.span);
                let message = format!("`{other}` is no type of security scheme");
                helped(self.refuse(&codes::SECURITY_SCHEME, span, message), TYPES);
                return None;
            }
        };
        let description = self.text(&at, "description");
        Some(SecurityScheme { kind, description, span: at.node.span, extensions: Self::extensions(object) })
    }

    fn api_key(&mut self, at: &At<'a>) -> Option<SecurityKind> {
        let place = at.node.get("in");
        let location = match place.and_then(Node::as_str) {
            Some("query") => Location::Query,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            _ => {
                let span = place.map_or(at.node.span, |node| node.span);
                let message = match place.and_then(Node::as_text) {
                    Some(text) => format!("`{text}` is no place for an API key"),
                    None => "an API key must say where it is `in`".to_owned(),
                };
                let finding = self.refuse(&codes::SECURITY_SCHEME, span, message);
                helped(finding, "write `in: header`, `in: query` or `in: cookie`");
                return None;
            }
        };
        let name = self.text(at, "name").unwrap_or_default();
        let is_token = name.chars().all(is_token_char) && !name.is_empty();
        if name.is_empty() || (location != Location::Query && !is_token) {
            let span = at.node.get("name").map_or(at.node.span, |node| node.span);
            let (message, help) = if name.is_empty() {
                (
                    "an API key must have a `name`".to_owned(),
                    "add the name of the header, parameter or cookie",
                )
            } else {
                (format!("`{name}` cannot be the name of an API key"), "use letters, digits and `-`")
            };
            helped(self.refuse(&codes::SECURITY_SCHEME, span, message), help);
            return None;
        }
        Some(SecurityKind::ApiKey { location, name })
    }

    fn http(&mut self, at: &At<'a>) -> Option<SecurityKind> {
        let Some(scheme) = self.text(at, "scheme") else {
            let message = "an `http` scheme must have a `scheme`";
            let finding = self.refuse(&codes::SECURITY_SCHEME, at.node.span, message);
            helped(finding, "add `scheme: bearer` or `scheme: basic`");
            return None;
        };
        let written = scheme;
        let scheme: Arc<str> = written.to_ascii_lowercase().into();
        if !HTTP_SCHEMES.contains(&&*scheme) {
            let span = at.node.get("scheme").map_or(at.node.span, |node| node.span);
            let message = format!("`{written}` is no registered scheme of HTTP");
            let finding = self.tell(&codes::SECURITY_DETAIL, span, message);
            let help =
                format!("callers must send `Authorization: {written} ..`; `bearer` and `basic` are usual");
            helped(finding, help);
        }
        Some(SecurityKind::Http { scheme, bearer_format: self.text(at, "bearerFormat") })
    }

    fn oauth2(&mut self, at: &At<'a>) -> SecurityKind {
        let mut scopes: Vec<(Arc<str>, Arc<str>)> = Vec::new();
        let Some(flows) = at.key("flows") else {
            self.tell(&codes::SECURITY_DETAIL, at.node.span, "an `oauth2` scheme must have `flows`");
            return SecurityKind::OAuth2 { scopes };
        };
        if flows.node.as_object().is_none() {
            self.tell(&codes::SECURITY_DETAIL, flows.node.span, "`flows` must be a mapping");
        }
        for entry in flows.entries() {
            let flow = flows.child(&entry.key, &entry.value);
            for key in ["authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl"] {
                self.url(&flow, key);
            }
            let Some(declared) = flow.key("scopes") else { continue };
            for scope in declared.entries() {
                if !scopes.iter().any(|(known, _)| *known == scope.key) {
                    scopes.push((scope.key.clone(), scope.value.as_text().unwrap_or("").into()));
                }
            }
        }
        SecurityKind::OAuth2 { scopes }
    }

    fn open_id_connect(&mut self, at: &At<'a>) -> SecurityKind {
        let url = self.url(at, "openIdConnectUrl");
        if url.is_none() {
            let message = "an `openIdConnect` scheme must have an `openIdConnectUrl`";
            self.tell(&codes::SECURITY_DETAIL, at.node.span, message);
        }
        SecurityKind::OpenIdConnect { url: url.unwrap_or_default() }
    }

    fn url(&mut self, at: &At<'a>, key: &str) -> Option<Arc<str>> {
        let text = self.text(at, key)?;
        let is_fine = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"|\\^`".contains(c);
        let has_start = text.contains(':') || text.starts_with(['/', '.', '{']);
        if !text.chars().all(is_fine) || !has_start || text.starts_with(':') {
            let span = at.node.get(key).map_or(at.node.span, |node| node.span);
            self.tell(&codes::SECURITY_DETAIL, span, format!("`{key}` is no URL"));
        }
        Some(text)
    }

    /// The alternatives below `security`; `None` where it is absent.
    pub(super) fn security(&mut self, at: &At<'a>) -> Option<Vec<Requirement>> {
        at.node.get("security").filter(|node| !node.is_null())?;
        let mut requirements = Vec::new();
        for node in self.list(at, "security") {
            let mut requirement = Requirement { schemes: Vec::new(), span: node.span };
            let Some(object) = self.object(node, "a security requirement") else { continue };
            for entry in object.iter() {
                let name = self.text_of(&entry.key);
                match self.security_names.get(&name) {
                    Some(None) => {}
                    Some(Some(fault)) => {
                        let fault = *fault;
                        self.broken.get_or_insert(fault);
                    }
                    None => {
                        let message = format!("the security scheme `{name}` is not declared");
                        // Once for all that require it, for declaring it once helps them all.
                        if !self.undeclared.contains_key(&name) {
                            self.tell(&codes::SECURITY_UNDECLARED, entry.key_span, message);
                            self.undeclared.insert(name.clone(), entry.key_span);
                        }
                    }
                }
                let scopes = entry.value.as_array().unwrap_or_default();
                let scopes = scopes.iter().filter_map(Node::as_text).map(Into::into).collect();
                requirement.schemes.push((name, scopes));
            }
            requirements.push(requirement);
        }
        Some(requirements)
    }
}

/// Whether a character may stand in a name of HTTP.
pub(super) fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}
