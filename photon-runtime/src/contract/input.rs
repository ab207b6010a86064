//! One request being read: parameters and body, with everything that does not fit collected.
//!
//! Generated code asks for each part and goes on where one is missing, so that an answer tells all at once. What is asked
//! for is decoded by the model's one decoder. This module knows no route.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::cookie::cookies;
use super::header;
use super::operation::Meta;
use super::param::{Param, SHAPE_DEPTH_MAX};
use super::place::In;
use super::query::{Search, find, find_cookie, is_named, pairs};
use super::reader::ReadLease;
use super::style::{self, Given, bad_escape};
use crate::context::Line;
use crate::escape;
use crate::exchange::{ClientCertificate, Head};
use crate::model::{Decoder, Shape, VIOLATIONS_MAX, Value, Violation, Violations};
use crate::rejection::{Finding, Rejection, RejectionKind};
use crate::router::Captures;

/// A request as an operation's `decode` sees it.
pub struct Input<'r> {
    pub(super) head: &'r Head<'r>,
    pub(super) line: &'r Line<'r>,
    query: &'r str,
    names: &'r [String],
    captures: Captures<'r>,
    findings: Vec<Finding>,
    more: usize,
    pub(super) is_syntax: bool,
    pub(super) fatal: Option<Rejection>,
    pub(super) meta: &'static Meta,
    shapes: &'r Shapes,
    pub(super) content: super::content::Content,
    /// What lends the body to the handler.
    pub(super) lease: Option<ReadLease<'r>>,
}

/// What filling a value comes to.
enum Filled {
    Fits,
    /// Nothing is given: the value is as good as empty.
    Unset,
    Wrong,
}

/// The violations of a value with one fault.
pub(super) fn single(violation: Violation) -> Violations {
    let mut violations = Violations::default();
    violations.push(violation);
    violations
}

/// The parts of a request's target.
pub(crate) struct Target<'r> {
    /// The query, without its question mark.
    pub(crate) query: &'r str,
    /// The names of the path's parameters.
    pub(crate) names: &'r [String],
    /// Their values, as written.
    pub(crate) captures: Captures<'r>,
    /// What the operation's parameters look like.
    pub(crate) shapes: &'r Shapes,
}

/// The shapes of an operation's parameters, looked at by its first request.
#[derive(Debug, Default)]
pub(crate) struct Shapes(OnceLock<Box<[Shape]>>);

impl Shapes {
    /// By values that are empty yet.
    fn of(&self, values: &[&mut dyn Value]) -> &[Shape] {
        self.0.get_or_init(|| values.iter().map(|value| value.shape(SHAPE_DEPTH_MAX)).collect())
    }

    /// Once some request was read.
    pub(super) fn known(&self) -> &[Shape] {
        self.0.get().map_or(&[], |shapes| shapes)
    }
}

impl<'r> Input<'r> {
    /// Looks at what the driver knows of the client's certificate.
    pub(crate) fn certificate<T>(&self, look: impl FnOnce(ClientCertificate<'_>) -> T) -> T {
        match self.line.try_borrow() {
            Ok(exchange) => look(exchange.client_certificate()),
            // Nobody may be taken for somebody because the driver is busy.
            Err(_) => look(ClientCertificate::Missing),
        }
    }

    pub(crate) fn new(
        head: &'r Head<'r>,
        line: &'r Line<'r>,
        target: Target<'r>,
        meta: &'static Meta,
    ) -> Self {
        Self {
            head,
            line,
            query: target.query,
            names: target.names,
            captures: target.captures,
            findings: Vec::new(),
            more: 0,
            is_syntax: false,
            fatal: None,
            meta,
            shapes: target.shapes,
            content: super::content::Content::default(),
            lease: None,
        }
    }

    /// Fills the parameters, empty yet, in the order of the operation's table. False once it is noted what does not
    /// fit.
    pub fn params(&mut self, values: &mut [&mut dyn Value]) -> bool {
        let meta = self.meta;
        let shapes = self.shapes.of(values);
        let mut fits = true;
        for ((param, shape), value) in meta.params.iter().zip(shapes).zip(values) {
            match self.fill_param(param, shape, *value) {
                Filled::Fits => {}
                Filled::Unset => value.unset(),
                Filled::Wrong => fits = false,
            }
        }
        fits
    }

    /// The last parameter of the path, as sent.
    pub(crate) fn last_capture(&self) -> Option<&'r str> {
        self.captures.get(self.names.len().checked_sub(1)?)
    }

    /// The parameters of the path by name, decoded; none if one is no UTF-8.
    #[cfg(feature = "websocket")]
    pub(crate) fn path_values(&self) -> Option<Vec<(&'r str, Cow<'r, str>)>> {
        let value = |index| escape::decode(self.captures.get(index).unwrap_or_default());
        let names = self.names.iter().enumerate();
        names.map(|(index, name)| Some((name.as_str(), value(index)?))).collect()
    }

    /// The query, as sent.
    #[cfg(feature = "websocket")]
    pub(crate) fn query_string(&self) -> &'r str {
        self.query
    }

    /// The head of the request, as received.
    pub fn head(&self) -> &'r Head<'r> {
        self.head
    }

    /// Whether the request cannot be answered, whatever was read of it: its body broke off where only bytes were asked for.
    pub(crate) fn is_refused(&self) -> bool {
        self.fatal.is_some()
    }

    /// Takes out what lends the body to the handler, to be kept until that has returned.
    pub(crate) fn take_lease(&mut self) -> Option<ReadLease<'r>> {
        self.lease.take()
    }

    /// Why the request is refused, once it was read in vain.
    pub(crate) fn into_rejection(self) -> Rejection {
        if let Some(fatal) = self.fatal {
            return fatal;
        }
        let (kind, detail) = if self.is_syntax {
            (RejectionKind::Syntax, "the body is not what its media type says")
        } else {
            (RejectionKind::Invalid, "the request does not fit the contract")
        };
        Rejection::new(kind, detail).with_violations(self.findings, self.more)
    }

    /// The first value of a name in the query, for credentials.
    pub(crate) fn query_first(&self, name: &str) -> Option<Cow<'r, str>> {
        let found = pairs(self.query).find(|(key, _)| is_named(key, name, escape::decode_form));
        found.and_then(|(_, value)| escape::decode_form(value))
    }

    /// The first cookie of a name, as written, for credentials.
    pub(crate) fn cookie_first(&self, name: &str) -> Option<&'r str> {
        cookies(self.head.header_all("cookie")).find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    fn fill_param(&mut self, param: &'static Param, shape: &Shape, value: &mut dyn Value) -> Filled {
        let given = self.given(param, shape);
        let violations = match given {
            Err(violation) => single(violation),
            Ok(Given::Absent) => {
                if let Some(json) = param.default {
                    return self.decode(param, Decoder::json_str(json), value);
                }
                if !param.required {
                    return Filled::Unset;
                }
                single(Violation::new("required", "must be given"))
            }
            Ok(Given::Scalar(text)) if param.json => {
                return self.decode(param, Decoder::json_str(&text), value);
            }
            Ok(Given::Scalar(text)) => return self.decode_scalar(param, &text, value),
            Ok(Given::Tree(node)) => {
                let mut text = String::new();
                node.write(shape, &mut text);
                return self.decode(param, Decoder::text(&text), value);
            }
        };
        self.note(param.place, Some(param.name), violations);
        Filled::Wrong
    }

    fn decode(&mut self, param: &'static Param, mut decoder: Decoder<'_>, value: &mut dyn Value) -> Filled {
        decoder.fill(value, &param.rule);
        let violations = decoder.into_violations();
        if violations.is_empty() {
            return Filled::Fits;
        }
        self.note(param.place, Some(param.name), violations);
        Filled::Wrong
    }

    /// A text, or nothing where nothing may be sent and the type has no empty text.
    fn decode_scalar(&mut self, param: &'static Param, text: &str, value: &mut dyn Value) -> Filled {
        if param.allow_empty && text.is_empty() {
            let mut decoder = Decoder::scalar(text);
            decoder.fill(value, &param.rule);
            if decoder.into_violations().is_empty() {
                return Filled::Fits;
            }
            if let Some(json) = param.default {
                return self.decode(param, Decoder::json_str(json), value);
            }
            if !param.required {
                return Filled::Unset;
            }
        }
        self.decode(param, Decoder::scalar(text), value)
    }

    fn given(&self, param: &'static Param, shape: &Shape) -> Result<Given<'r>, Violation> {
        let shape = if param.json { &Shape::Scalar } else { shape };
        let search = Search {
            name: param.name,
            style: param.style,
            explode: param.explode,
            shape,
            others: param.others,
        };
        match param.place {
            In::Path => self.in_path(param, shape),
            In::Query if param.whole => self.whole_query(param, &search),
            In::Query => find(pairs(self.query), &search),
            In::Cookie => find_cookie(cookies(self.head.header_all("cookie")), &search),
            In::Header | In::Body => header::given(self.head.header_all(param.name), param.explode, shape),
        }
    }

    fn in_path(&self, param: &'static Param, shape: &Shape) -> Result<Given<'r>, Violation> {
        let index = self.names.iter().position(|name| name == param.name);
        match index.and_then(|index| self.captures.get(index)) {
            Some(raw) => style::in_path(raw, param.name, param.style, param.explode, shape),
            None => Ok(Given::Absent),
        }
    }

    fn whole_query(&self, param: &'static Param, search: &Search<'_>) -> Result<Given<'r>, Violation> {
        if self.query.is_empty() {
            return Ok(Given::Absent);
        }
        if param.json || !style::is_object(search.shape) {
            return escape::decode(self.query).map(Given::Scalar).ok_or_else(bad_escape);
        }
        find(pairs(self.query), search)
    }

    /// Notes what does not fit, up to a limit.
    pub(super) fn note(&mut self, place: In, parameter: Option<&'static str>, violations: Violations) {
        self.is_syntax |= place == In::Body && violations.is_syntax();
        self.more += violations.more();
        for violation in violations {
            if self.findings.len() < VIOLATIONS_MAX {
                let parameter = parameter.map(Cow::Borrowed);
                self.findings.push(Finding { place, parameter, violation });
            } else {
                self.more += 1;
            }
        }
    }

    /// Notes parameters of the query that nobody asks for. True where there are none.
    pub(crate) fn refuse_unknown_query(&mut self) -> bool {
        let unknown = super::unknown::names(self.meta, self.shapes.known(), self.query);
        let is_known = unknown.is_empty();
        for name in unknown {
            if self.findings.len() < VIOLATIONS_MAX {
                let violation = Violation::new("unknownParameter", "is not a known parameter");
                self.findings.push(Finding { place: In::Query, parameter: Some(name.into()), violation });
            } else {
                self.more += 1;
            }
        }
        is_known
    }
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input")
            .field("head", &self.head)
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "input_tests.rs"]
mod tests;
