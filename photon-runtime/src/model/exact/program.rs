//! Compiled schemas. Knows neither the text they come from nor the values they judge.

use std::borrow::Cow;
use std::collections::HashSet;

use super::value::Value;
use crate::model::format::Format;
use crate::model::one_of::Types;
use crate::model::pattern::Engine;

/// The schemas that one check can reach.
#[derive(Debug)]
pub(crate) struct Program {
    pub(super) schemas: Vec<Schema>,
    pub(super) root: Id,
    /// Whether references can lead back to where they start.
    pub(super) is_recursive: bool,
}

/// The place of a schema in [`Program::schemas`].
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Id(pub(super) u32);

impl Program {
    pub(super) fn schema(&self, id: Id) -> &Schema {
        &self.schemas[id.0 as usize]
    }
}

/// A schema: all of its keywords must hold.
#[derive(Debug, Default)]
pub(super) struct Schema {
    pub(super) keywords: Vec<Keyword>,
    /// Whether it asks what its other keywords have looked at.
    pub(super) has_unevaluated: bool,
}

/// A name that lives as long as the program.
pub(super) type Name = Cow<'static, str>;

/// A keyword with those that only mean something beside it.
#[derive(Debug)]
pub(super) enum Keyword {
    /// The schema `false`.
    Never,
    Type(Types),
    /// `enum` and `const`.
    Equal(&'static str, Values),
    Bound(Bound, &'static str),
    MultipleOf(&'static str),
    Length(u32, u32),
    Pattern(Box<Pattern>),
    Format(Format),
    ItemCount(u32, u32),
    Unique,
    /// `prefixItems` and `items`.
    Items(Vec<Id>, Option<Id>),
    Contains(Id, u32, u32),
    PropertyCount(u32, u32),
    Required(Vec<Name>),
    DependentRequired(Vec<(Name, Vec<Name>)>),
    Properties(Box<Properties>),
    PropertyNames(Id),
    DependentSchemas(Vec<(Name, Id)>),
    Ref(Id),
    AllOf(Vec<Id>),
    AnyOf(Vec<Id>),
    OneOf(Vec<Id>),
    Not(Id),
    If(If),
    UnevaluatedItems(Id),
    UnevaluatedProperties(Id),
}

/// Constants, of which a value must be one.
#[derive(Debug)]
pub(super) struct Values {
    pub(super) list: Vec<Value<'static>>,
    /// Their forms, where there are many.
    forms: Option<HashSet<Vec<u8>>>,
}

/// So many constants are compared one after another.
const COMPARED_MAX: usize = 16;

impl Values {
    pub(super) fn new(list: Vec<Value<'static>>) -> Self {
        let form = |value: &Value<'_>| {
            let mut form = Vec::new();
            value.put_form(&mut form);
            form
        };
        let forms = (list.len() > COMPARED_MAX).then(|| list.iter().map(form).collect());
        Self { list, forms }
    }

    /// Whether a value is one of them.
    pub(super) fn has(&self, value: &Value<'_>) -> bool {
        let Some(forms) = &self.forms else { return self.list.iter().any(|wanted| wanted == value) };
        let mut form = Vec::new();
        value.put_form(&mut form);
        forms.contains(&form)
    }
}

/// The end of a range of numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Bound {
    Minimum,
    Maximum,
    ExclusiveMinimum,
    ExclusiveMaximum,
}

impl Bound {
    pub(super) const ALL: [Self; 4] =
        [Self::Minimum, Self::Maximum, Self::ExclusiveMinimum, Self::ExclusiveMaximum];

    /// The keyword, and how it is told.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Minimum => ("minimum", "at least"),
            Self::Maximum => ("maximum", "at most"),
            Self::ExclusiveMinimum => ("exclusiveMinimum", "more than"),
            Self::ExclusiveMaximum => ("exclusiveMaximum", "less than"),
        }
    }
}

/// A regular expression.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) source: Name,
    pub(super) engine: Engine,
}

/// `properties` in the order of the names, `patternProperties`, `additionalProperties`.
#[derive(Debug, Default)]
pub(super) struct Properties {
    pub(super) named: Vec<(Name, Id)>,
    pub(super) patterns: Vec<(Pattern, Id)>,
    pub(super) others: Option<Id>,
}

impl Properties {
    pub(super) fn named(&self, name: &str) -> Option<Id> {
        self.named.binary_search_by(|(other, _)| (**other).cmp(name)).ok().map(|at| self.named[at].1)
    }
}

/// `if`, `then`, `else`.
#[derive(Clone, Copy, Debug)]
pub(super) struct If {
    pub(super) test: Id,
    pub(super) then: Option<Id>,
    pub(super) otherwise: Option<Id>,
}
