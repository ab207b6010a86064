//! `security`: alternatives of combinations of schemes, and the schemes that are in use.
//!
//! Knows what callers must present. Must not know how it is verified.

use std::sync::Arc;

use crate::codes;
use crate::finding::Findings;
use crate::ir;
use crate::spec::{self, SecurityKind};

/// What an operation demands of its callers.
pub(super) struct Security {
    /// Alternatives of combinations; empty: open to everyone.
    pub(super) alternatives: Vec<Vec<ir::Requirement>>,
    pub(super) caller: ir::Caller,
}

/// The schemes that operations use, numbered as they are met.
pub(super) struct Schemes<'d> {
    declared: &'d [(Arc<str>, std::rc::Rc<spec::SecurityScheme>)],
    /// Indices into `declared`; the place in this list is the number of the scheme.
    used: Vec<usize>,
}

impl<'d> Schemes<'d> {
    pub(super) fn new(document: &'d spec::Document) -> Self {
        Self { declared: &document.security_schemes, used: Vec::new() }
    }

    /// What `operation` demands; none, with a finding, where it demands a scheme that nobody declared.
    pub(super) fn lower(&mut self, findings: &mut Findings, operation: &spec::Operation) -> Option<Security> {
        let requirements = operation.security.as_deref().map_or(&[][..], Vec::as_slice);
        let mut alternatives = Vec::new();
        let mut is_known = true;
        for requirement in requirements {
            let mut combination = Vec::new();
            for (name, scopes) in &requirement.schemes {
                let Some(scheme) = self.number(name) else {
                    let message = format!("the security scheme `{name}` is not declared");
                    findings.add(&codes::SECURITY_UNDECLARED, requirement.span, message);
                    is_known = false;
                    continue;
                };
                let scopes = scopes.iter().map(ToString::to_string).collect();
                combination.push(ir::Requirement { scheme, scopes });
            }
            alternatives.push(combination);
        }
        if !is_known {
            return None;
        }

        let has_anonymous = alternatives.iter().any(Vec::is_empty);
        let caller = match alternatives.iter().all(Vec::is_empty) {
            true => ir::Caller::None,
            false if has_anonymous => ir::Caller::Optional,
            false => ir::Caller::Required,
        };
        if caller == ir::Caller::None {
            alternatives.clear();
        }
        Some(Security { alternatives, caller })
    }

    /// The schemes in the order of the document; the operations' numbers are changed to fit.
    pub(super) fn finish(self, traits: &mut [ir::Trait]) -> Vec<ir::Scheme> {
        let mut order: Vec<usize> = (0..self.used.len()).collect();
        order.sort_by_key(|number| self.used[*number]);
        let mut renumbered = vec![0; order.len()];
        for (after, before) in order.iter().enumerate() {
            renumbered[*before] = after;
        }
        let requirements = traits
            .iter_mut()
            .flat_map(|owner| &mut owner.operations)
            .flat_map(|operation| &mut operation.security)
            .flatten();
        for requirement in requirements {
            requirement.scheme = renumbered[requirement.scheme];
        }
        order.into_iter().map(|number| scheme(&self.declared[self.used[number]])).collect()
    }

    fn number(&mut self, name: &str) -> Option<usize> {
        let declared = self.declared.iter().position(|(key, _)| &**key == name)?;
        Some(self.used.iter().position(|used| *used == declared).unwrap_or_else(|| {
            self.used.push(declared);
            self.used.len() - 1
        }))
    }
}

fn scheme((key, scheme): &(Arc<str>, std::rc::Rc<spec::SecurityScheme>)) -> ir::Scheme {
    let mut name = ir::Name::new(&**key);
    name.wanted = super::wanted(&scheme.extensions);
    let (kind, words) = match &scheme.kind {
        SecurityKind::ApiKey { location, name } => {
            let location = super::param::location(*location);
            let place = match location {
                ir::Location::Query => "query",
                ir::Location::Cookie => "cookie",
                _ => "header",
            };
            let words = format!("the {place} `{name}`.");
            (ir::SchemeKind::ApiKey { location, key: name.to_string() }, words)
        }
        SecurityKind::Http { scheme, bearer_format } => match &**scheme {
            "basic" => (ir::SchemeKind::Basic, "HTTP basic.".to_owned()),
            "bearer" => {
                let format = bearer_format.as_ref().map(|format| format!(", {format}"));
                (ir::SchemeKind::Bearer, format!("HTTP bearer{}.", format.unwrap_or_default()))
            }
            other => (ir::SchemeKind::Http(other.to_owned()), format!("HTTP {other}.")),
        },
        SecurityKind::OAuth2 { .. } => (ir::SchemeKind::Bearer, "OAuth 2, a bearer token.".to_owned()),
        SecurityKind::OpenIdConnect { url } => {
            (ir::SchemeKind::Bearer, format!("OpenID Connect, a bearer token; discovery at <{url}>."))
        }
        SecurityKind::MutualTls => (ir::SchemeKind::MutualTls, "a client certificate.".to_owned()),
    };
    let doc = scheme.description.as_ref().map_or(words, ToString::to_string);
    ir::Scheme { name, doc, kind }
}
