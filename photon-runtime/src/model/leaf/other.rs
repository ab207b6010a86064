//! Null, never, any JSON, and the user's own types.

use crate::model::decoder::Decoder;
use crate::model::rule::Rule;
use crate::model::shape::Shape;
use crate::model::types::{Json, Never, Null};
use crate::model::value::Value;
use crate::model::violation::{Detail, Segment, Violation};
use crate::model::visitor::Visitor;

impl Value for Null {
    fn empty() -> Self {
        Self
    }

    fn read(&mut self, decoder: &mut Decoder<'_>, _: &Rule) {
        if !decoder.is_null() {
            decoder.mismatch("null");
        }
    }

    fn visit(&self, visitor: &mut dyn Visitor, _: &Rule) {
        visitor.null();
    }
}

impl Value for Never {
    fn empty() -> Self {
        Self::default()
    }

    fn read(&mut self, decoder: &mut Decoder<'_>, _: &Rule) {
        decoder.fail("falseSchema", Detail::Text("must not be given".into()));
        decoder.skip();
    }

    fn visit(&self, visitor: &mut dyn Visitor, _: &Rule) {
        visitor.null();
    }

    fn is_absent(&self) -> bool {
        true
    }
}

impl Value for Json {
    fn empty() -> Self {
        Self::Null
    }

    fn read(&mut self, decoder: &mut Decoder<'_>, _: &Rule) {
        if let Some(tree) = decoder.tree() {
            *self = tree;
        }
    }

    fn visit(&self, visitor: &mut dyn Visitor, _: &Rule) {
        visitor.any(self);
    }

    fn shape(&self, _: u32) -> Shape {
        Shape::Any
    }
}

impl Decoder<'_> {
    /// Reads a type of the user's by its serde, and has it validated by its `validator::Validate`.
    pub fn external<T: serde::de::DeserializeOwned + validator::Validate>(&mut self) -> Option<T> {
        let text = if self.is_text() { Some(self.pos) } else { None };
        let tree = self.tree()?;
        let mut parsed = T::deserialize(&tree);
        if let (Err(_), Some(start)) = (&parsed, text) {
            // A number may also have been meant as a text.
            let end = self.pos;
            self.pos = start;
            if let Some(string) = self.str_or_skip() {
                parsed = T::deserialize(&Json::String(string));
            }
            self.pos = end;
        }
        match parsed {
            Ok(value) => {
                if let Err(errors) = value.validate() {
                    tell(&errors, self, &mut Vec::new());
                }
                Some(value)
            }
            Err(error) => {
                self.refuse("type", error.to_string());
                None
            }
        }
    }

    fn str_or_skip(&mut self) -> Option<String> {
        if self.types().meets(crate::model::one_of::STRING) { self.str().map(Into::into) } else { None }
    }
}

/// Tells the errors of `validator` with their places.
fn tell(errors: &validator::ValidationErrors, decoder: &mut Decoder<'_>, path: &mut Vec<Segment>) {
    let mut fields: Vec<_> = errors.errors().iter().collect();
    fields.sort_by_key(|(name, _)| *name);
    for (name, kind) in fields {
        let named = name != "__all__";
        if named {
            path.push(Segment::Key(name.to_string().into()));
        }
        match kind {
            validator::ValidationErrorsKind::Field(list) => {
                for error in list {
                    let message = error.message.clone().unwrap_or_else(|| error.code.clone());
                    let mut violation = Violation::new("validate", message.into_owned());
                    path.iter().rev().for_each(|segment| violation.push(segment.clone()));
                    decoder.violations.push(violation);
                }
            }
            validator::ValidationErrorsKind::Struct(inner) => tell(inner, decoder, path),
            validator::ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    path.push(Segment::Index(*index));
                    tell(inner, decoder, path);
                    path.pop();
                }
            }
        }
        if named {
            path.pop();
        }
    }
}
