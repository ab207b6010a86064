//! What a type looks like from outside, for those who turn names and values into JSON text.
//!
//! It is found by visiting an empty value, so that it costs nothing in generated code.

use super::one_of::OneOf;
use super::record::Record;
use super::rule::Rule;
use super::tuple::Tuple;
use super::types::File;
use super::union::Union;
use super::value::Value;
use super::visitor::Visitor;

/// The outside of a type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Shape {
    /// A text, number, boolean or null.
    Scalar,
    /// Anything, or a union of different shapes.
    Any,
    /// A list; tuples too.
    List(Box<Shape>),
    /// An object with known properties.
    Record {
        /// The properties in the order of the document.
        fields: Vec<(&'static str, Shape)>,
        /// What other properties hold, where they are kept.
        extra: Option<Box<Shape>>,
    },
    /// An object of any properties.
    Map(Box<Shape>),
    /// The content of a part of a form: `File` and `Bytes`. Elsewhere it is as good as a scalar.
    File,
}

impl Shape {
    /// What both are: the shape of a union of the two.
    pub(crate) fn merge(self, other: Self) -> Self {
        match (self, other) {
            (left, right) if left == right => left,
            (Self::List(left), Self::List(right)) => Self::List(Box::new(left.merge(*right))),
            (Self::Map(left), Self::Map(right)) => Self::Map(Box::new(left.merge(*right))),
            (Self::Record { fields, extra }, Self::Record { fields: others, extra: other }) => {
                merge_records(fields, extra, others, other)
            }
            _ => Self::Any,
        }
    }
}

fn merge_records(
    mut fields: Vec<(&'static str, Shape)>,
    extra: Option<Box<Shape>>,
    others: Vec<(&'static str, Shape)>,
    other: Option<Box<Shape>>,
) -> Shape {
    for (name, shape) in others {
        match fields.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = std::mem::replace(known, Shape::Any).merge(shape),
            None => fields.push((name, shape)),
        }
    }
    let extra = match (extra, other) {
        (Some(left), Some(right)) => Some(Box::new(left.merge(*right))),
        (left, right) => left.or(right),
    };
    Shape::Record { fields, extra }
}

/// The shape of what visits a visitor.
pub(crate) fn of_visited(visit: &dyn Fn(&mut dyn Visitor), depth: u32) -> Shape {
    let Some(depth) = depth.checked_sub(1) else { return Shape::Any };
    let mut outline = Outline { depth, shape: Shape::Scalar };
    visit(&mut outline);
    outline.shape
}

/// The shape of a union whose variants look like these values.
pub fn of_variants(variants: &[&dyn Value], depth: u32) -> Shape {
    let Some(depth) = depth.checked_sub(1) else { return Shape::Any };
    let shapes = variants.iter().map(|variant| {
        let mut outline = Outline { depth, shape: Shape::Scalar };
        variant.visit(&mut outline, super::value::any());
        outline.shape
    });
    shapes.reduce(Shape::merge).unwrap_or(Shape::Any)
}

struct Outline {
    depth: u32,
    shape: Shape,
}

impl Visitor for Outline {
    fn any(&mut self, _: &serde_json::Value) {
        self.shape = Shape::Any;
    }

    fn file(&mut self, _: &File) {
        self.shape = Shape::File;
    }

    fn record(&mut self, record: &'static Record, fields: &[&dyn Value]) {
        let named =
            record.fields().iter().zip(fields).map(|(field, value)| (field.name, value.shape(self.depth)));
        let extra = fields.get(record.fields().len()).map(|extra| match extra.shape(self.depth) {
            Shape::Map(values) => values,
            other => Box::new(other),
        });
        self.shape = Shape::Record { fields: named.collect(), extra };
    }

    fn list(&mut self, _: &mut dyn ExactSizeIterator<Item = &dyn Value>, _: &Rule) {
        self.shape = Shape::List(Box::new(Shape::Any));
    }

    fn map(&mut self, _: &mut dyn Iterator<Item = (&str, &dyn Value)>, _: &Rule) {
        self.shape = Shape::Map(Box::new(Shape::Any));
    }

    fn tagged(&mut self, union: &'static Union, _: usize, value: &dyn Value) {
        self.shape = value.shape(self.depth);
        if let Shape::Record { fields, .. } = &mut self.shape
            && !fields.iter().any(|(name, _)| *name == union.tag)
        {
            fields.push((union.tag, Shape::Scalar));
        }
    }

    fn one_of(&mut self, _: &'static OneOf, _: usize, value: &dyn Value) {
        self.shape = value.shape(self.depth);
    }

    fn tuple(&mut self, _: &'static Tuple, items: &[&dyn Value]) {
        let shapes = items.iter().map(|item| item.shape(self.depth));
        self.shape = Shape::List(Box::new(shapes.reduce(Shape::merge).unwrap_or(Shape::Any)));
    }
}
