//! A parameter of an operation as generated code describes it.

use super::place::In;
use super::style::Style;
use crate::model::{ANY, Rule};

/// How deep the shape of a parameter is looked at.
pub(crate) const SHAPE_DEPTH_MAX: u32 = 16;

/// A parameter: where it stands, how it is written, what it must keep.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a word of the document, independent of the others")]
pub struct Param {
    pub(crate) name: &'static str,
    pub(crate) place: In,
    pub(crate) style: Style,
    pub(crate) explode: bool,
    pub(crate) rule: Rule,
    pub(crate) default: Option<&'static str>,
    pub(crate) required: bool,
    pub(crate) json: bool,
    pub(crate) allow_empty: bool,
    /// Whether it is the whole query.
    pub(crate) whole: bool,
    pub(crate) others: &'static [&'static str],
}

/// A parameter of the path, style `simple`.
pub const fn path(name: &'static str) -> Param {
    let mut param = Param::new(name, In::Path, Style::Simple, false);
    param.required = true;
    param
}

/// A parameter of the query, style `form`, exploded.
pub const fn query(name: &'static str) -> Param {
    Param::new(name, In::Query, Style::Form, true)
}

/// A header, style `simple`.
pub const fn header(name: &'static str) -> Param {
    Param::new(name, In::Header, Style::Simple, false)
}

/// A cookie, style `form`, exploded.
pub const fn cookie(name: &'static str) -> Param {
    Param::new(name, In::Cookie, Style::Form, true)
}

/// The whole query as one parameter: pairs as of a form, or JSON.
pub const fn query_string(name: &'static str) -> Param {
    let mut param = Param::new(name, In::Query, Style::Form, true);
    param.whole = true;
    param
}

impl Param {
    const fn new(name: &'static str, place: In, style: Style, explode: bool) -> Self {
        Self {
            name,
            place,
            style,
            explode,
            rule: ANY,
            default: None,
            required: false,
            json: false,
            allow_empty: false,
            whole: false,
            others: &[],
        }
    }

    /// What its value must keep.
    #[must_use]
    pub const fn rule(mut self, rule: Rule) -> Self {
        self.rule = rule;
        self
    }

    /// Its value where it is not given, as JSON text.
    #[must_use]
    pub const fn default(mut self, json: &'static str) -> Self {
        self.default = Some(json);
        self
    }

    /// It must be given.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Style `simple`: `blue,black`.
    #[must_use]
    pub const fn simple(self) -> Self {
        self.style(Style::Simple, false)
    }

    /// Style `form`: `color=blue`.
    #[must_use]
    pub const fn form(self) -> Self {
        self.style(Style::Form, true)
    }

    /// Style `cookie`: `color=blue; color=black`, as written: nothing in it is percent-encoded.
    #[must_use]
    pub const fn verbatim(self) -> Self {
        self.style(Style::Cookie, true)
    }

    /// Style `label`: `.blue`.
    #[must_use]
    pub const fn label(self) -> Self {
        self.style(Style::Label, false)
    }

    /// Style `matrix`: `;color=blue`.
    #[must_use]
    pub const fn matrix(self) -> Self {
        self.style(Style::Matrix, false)
    }

    /// Style `spaceDelimited`: `blue%20black`.
    #[must_use]
    pub const fn space_delimited(self) -> Self {
        self.style(Style::Space, false)
    }

    /// Style `pipeDelimited`: `blue|black`.
    #[must_use]
    pub const fn pipe_delimited(self) -> Self {
        self.style(Style::Pipe, false)
    }

    /// Style `deepObject`: `color[R]=100`.
    #[must_use]
    pub const fn deep_object(self) -> Self {
        self.style(Style::Deep, true)
    }

    /// Each item or member stands for itself.
    #[must_use]
    pub const fn exploded(mut self) -> Self {
        self.explode = true;
        self
    }

    /// All items or members stand in one value.
    #[must_use]
    pub const fn flat(mut self) -> Self {
        self.explode = false;
        self
    }

    /// Its text is JSON (`content: application/json`).
    #[must_use]
    pub const fn json(mut self) -> Self {
        self.json = true;
        self
    }

    /// It may be given without a value, which counts as not given where the type has no empty text.
    #[must_use]
    pub const fn allow_empty(mut self) -> Self {
        self.allow_empty = true;
        self
    }

    /// The names of the operation's other query parameters, which an exploded object leaves alone.
    #[must_use]
    pub const fn others(mut self, names: &'static [&'static str]) -> Self {
        self.others = names;
        self
    }

    const fn style(mut self, style: Style, explode: bool) -> Self {
        self.style = style;
        self.explode = explode;
        self
    }
}
