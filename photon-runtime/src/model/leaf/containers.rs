//! What holds other values: options, lists, maps.

use std::borrow::Cow;

use crate::model::decoder::Decoder;
use crate::model::rule::Rule;
use crate::model::shape::Shape;
use crate::model::types::{Map, Patch};
use crate::model::value::Value;
use crate::model::violation::Segment;
use crate::model::visitor::Visitor;

impl<T: Value> Value for Option<T> {
    #[inline]
    fn empty() -> Self {
        None
    }

    #[inline]
    fn read(&mut self, decoder: &mut Decoder<'_>, rule: &Rule) {
        if rule.nullable && decoder.is_null() {
            *self = None;
        } else {
            self.insert(T::empty()).read(decoder, rule);
        }
    }

    #[inline]
    fn visit(&self, visitor: &mut dyn Visitor, rule: &Rule) {
        match self {
            Some(value) => value.visit(visitor, rule),
            None => visitor.null(),
        }
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.as_ref().is_none_or(Value::is_absent)
    }

    fn unset(&mut self) {
        *self = None;
    }

    fn octets(&self) -> Option<&[u8]> {
        self.as_ref().and_then(Value::octets)
    }

    fn shape(&self, depth: u32) -> Shape {
        T::empty().shape(depth)
    }
}

impl<T: Value> Value for Patch<T> {
    #[inline]
    fn empty() -> Self {
        Self::Absent
    }

    fn read(&mut self, decoder: &mut Decoder<'_>, rule: &Rule) {
        if decoder.is_null() {
            *self = Self::Null;
        } else {
            let mut value = T::empty();
            value.read(decoder, rule);
            *self = Self::Value(value);
        }
    }

    fn visit(&self, visitor: &mut dyn Visitor, rule: &Rule) {
        match self {
            Self::Value(value) => value.visit(visitor, rule),
            Self::Absent | Self::Null => visitor.null(),
        }
    }

    fn is_absent(&self) -> bool {
        Self::is_absent(self)
    }

    fn unset(&mut self) {
        *self = Self::Absent;
    }

    fn shape(&self, depth: u32) -> Shape {
        T::empty().shape(depth)
    }
}

impl<T: Value> Value for Vec<T> {
    #[inline]
    fn empty() -> Self {
        Self::new()
    }

    fn read(&mut self, decoder: &mut Decoder<'_>, rule: &Rule) {
        let start = decoder.start();
        if !decoder.open(b'[', "a list") {
            return;
        }
        let mut first = true;
        while decoder.more(&mut first, b']') {
            let before = decoder.faults();
            // Filled where it stays: items may be large.
            self.push(T::empty());
            if let Some(item) = self.last_mut() {
                decoder.value(item, rule.item());
            }
            if decoder.faults() != before {
                decoder.locate(before, &Segment::Index(self.len() - 1));
            }
        }
        if decoder.is_fatal() {
            return;
        }
        rule.judge_items(self.len(), &mut decoder.violations);
        if rule.is_unique() {
            decoder.judge_unique(start, &mut |visitor| self.visit(visitor, rule));
        }
    }

    fn visit(&self, visitor: &mut dyn Visitor, rule: &Rule) {
        visitor.list(&mut self.iter().map(|item| item as &dyn Value), rule);
    }

    fn shape(&self, depth: u32) -> Shape {
        let item = depth.checked_sub(1).map_or(Shape::Any, |depth| T::empty().shape(depth));
        Shape::List(Box::new(item))
    }

    fn insert(&mut self, _: String, decoder: &mut Decoder<'_>, rule: &Rule) {
        let mut item = T::empty();
        decoder.value(&mut item, rule);
        self.push(item);
    }

    fn item(&self, index: usize) -> Option<&dyn Value> {
        self.get(index).map(|item| item as &dyn Value)
    }
}

impl<T: Value> Value for Map<T> {
    #[inline]
    fn empty() -> Self {
        Self::new()
    }

    fn read(&mut self, decoder: &mut Decoder<'_>, rule: &Rule) {
        if !decoder.open(b'{', "an object") {
            return;
        }
        let mut first = true;
        while decoder.more(&mut first, b'}') {
            let Some(key) = decoder.key() else { return };
            let before = decoder.faults();
            if let Some(keys) = rule.key() {
                if !keys.selects(&key, &mut decoder.violations) {
                    decoder.skip();
                    continue;
                }
                decoder.judge_key(keys, &key);
            }
            Value::insert(self, key.clone().into_owned(), decoder, rule.value());
            if decoder.faults() != before {
                decoder.locate(before, &Segment::Key(Cow::Owned(key.into_owned())));
            }
        }
        rule.judge_entries(self.len(), &mut decoder.violations);
    }

    fn visit(&self, visitor: &mut dyn Visitor, rule: &Rule) {
        visitor.map(&mut self.iter().map(|(key, value)| (key.as_str(), value as &dyn Value)), rule);
    }

    fn shape(&self, depth: u32) -> Shape {
        let value = depth.checked_sub(1).map_or(Shape::Any, |depth| T::empty().shape(depth));
        Shape::Map(Box::new(value))
    }

    fn insert(&mut self, key: String, decoder: &mut Decoder<'_>, rule: &Rule) {
        let mut value = T::empty();
        decoder.value(&mut value, rule);
        if Self::insert(self, key, value).is_some() {
            decoder.duplicate();
        }
    }
}
