//! What every type of a document can do: start empty, be read, be visited, tell its shape.

use super::decoder::Decoder;
use super::rule::{ANY, Rule};
use super::shape::{self, Shape};
use super::visitor::Visitor;

/// A schema with a type of its own: `photon::model!` and its relatives implement it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model of a document",
    note = "a type of the application's that stands for a schema needs `photon_runtime::external!(..)` beside it"
)]
pub trait Model: Sized + 'static {
    /// A value to be filled.
    fn empty() -> Self;

    /// Fills the value; what does not fit is told to the decoder.
    fn read(&mut self, decoder: &mut Decoder<'_>);

    /// Shows the value to a visitor, once.
    fn visit(&self, visitor: &mut dyn Visitor);

    /// What the value looks like from outside, at most so many levels deep.
    fn shape(&self, depth: u32) -> Shape {
        shape::of_visited(&|visitor| self.visit(visitor), depth)
    }
}

/// Anything that a field, an item or a parameter can hold.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value of a document",
    note = "a type of the application's that stands for a schema needs `photon_runtime::external!(..)` beside it"
)]
pub trait Value {
    /// A value to be filled.
    fn empty() -> Self
    where
        Self: Sized;

    /// Fills the value; what does not fit is told to the decoder. The rule's own check (`Rule::check`) is the
    /// decoder's: see [`Decoder::value`].
    fn read(&mut self, decoder: &mut Decoder<'_>, rule: &Rule);

    /// Shows the value to a visitor, once.
    fn visit(&self, visitor: &mut dyn Visitor, rule: &Rule);

    /// Whether a property of this value is left out.
    fn is_absent(&self) -> bool {
        false
    }

    /// Becomes empty again, if it is of a type whose empty value is absent.
    fn unset(&mut self) {}

    /// The bytes of a value that is nothing else: what an answer of another media type than JSON consists of.
    fn octets(&self) -> Option<&[u8]> {
        None
    }

    /// What the value looks like from outside, at most so many levels deep.
    fn shape(&self, depth: u32) -> Shape {
        let _ = depth;
        Shape::Scalar
    }

    /// Reads one more entry of a map, or item of a list (whose key is empty).
    fn insert(&mut self, key: String, decoder: &mut Decoder<'_>, rule: &Rule) {
        let _ = (key, rule);
        decoder.skip();
    }

    /// An item of a list.
    fn item(&self, index: usize) -> Option<&dyn Value> {
        let _ = index;
        None
    }
}

impl<T: Model> Value for T {
    #[inline]
    fn empty() -> Self {
        T::empty()
    }

    #[inline]
    fn read(&mut self, decoder: &mut Decoder<'_>, _: &Rule) {
        T::read(self, decoder);
    }

    #[inline]
    fn visit(&self, visitor: &mut dyn Visitor, _: &Rule) {
        T::visit(self, visitor);
    }

    fn shape(&self, depth: u32) -> Shape {
        T::shape(self, depth)
    }
}

impl<T: Model> Model for Box<T> {
    fn empty() -> Self {
        Self::new(T::empty())
    }

    fn read(&mut self, decoder: &mut Decoder<'_>) {
        T::read(self, decoder);
    }

    fn visit(&self, visitor: &mut dyn Visitor) {
        T::visit(self, visitor);
    }

    fn shape(&self, depth: u32) -> Shape {
        T::shape(self, depth)
    }
}

/// A value to be filled.
#[inline]
pub fn empty<T: Value>() -> T {
    T::empty()
}

/// The next value of a decoder.
#[inline]
pub fn read<T: Value>(decoder: &mut Decoder<'_>, rule: &Rule) -> T {
    let mut value = T::empty();
    decoder.value(&mut value, rule);
    value
}

/// The shape of a type, at most so many levels deep.
pub fn shape_of<T: Value>(depth: u32) -> Shape {
    T::empty().shape(depth)
}

/// The rule of values that have none.
pub(crate) fn any() -> &'static Rule {
    &ANY
}
