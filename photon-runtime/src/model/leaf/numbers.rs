//! Numbers and booleans.

use crate::model::decimal::Decimal;
use crate::model::decoder::{Decoder, Mode};
use crate::model::rule::Rule;
use crate::model::short::Short;
use crate::model::types::{self, Integer, Number};
use crate::model::value::Value;
use crate::model::violation::Detail;
use crate::model::visitor::Visitor;

impl Value for bool {
    #[inline]
    fn empty() -> Self {
        false
    }

    fn read(&mut self, decoder: &mut Decoder<'_>, _: &Rule) {
        if let Some(value) = decoder.bool() {
            *self = value;
        }
    }

    fn visit(&self, visitor: &mut dyn Visitor, _: &Rule) {
        visitor.bool(*self);
    }
}

impl Decoder<'_> {
    /// A whole number that took the long way: written with a point or an exponent, or out of range, or none at all.
    #[cold]
    #[inline(never)]
    fn long_integer(&mut self) -> Option<i128> {
        let is_written = self.mode == Mode::Scalar || (self.mode == Mode::Text && self.peek() == b'"');
        let text = self.number("an integer")?;
        if is_written && text.contains(['.', 'e', 'E']) {
            // Parameters and forms know no other way to write a whole number than digits.
            self.fail("type", Detail::Text("must be an integer, written in digits".into()));
            return None;
        }
        let number = Decimal::new(&text);
        let whole = number.to_i128();
        if whole.is_none() {
            if number.is_integer() {
                self.out_of_range();
            } else {
                let message = "must be an integer, not a number with a fraction";
                self.fail("type", Detail::Text(message.into()));
            }
        }
        whole
    }

    #[cold]
    #[inline(never)]
    fn out_of_range(&mut self) {
        self.fail("range", Detail::Text("is a number beyond what its type can hold".into()));
    }
}

macro_rules! whole {
    ($($whole:ty: $judge:ident as $wide:ident;)*) => { $(
        impl Value for $whole {
            #[inline]
            fn empty() -> Self {
                0
            }

            #[inline]
            fn read(&mut self, decoder: &mut Decoder<'_>, rule: &Rule) {
                let narrow = match decoder.short_integer() {
                    Some(value) => Self::try_from(value).ok(),
                    None => match decoder.long_integer() {
                        Some(value) => Self::try_from(value).ok(),
                        None => return,
                    },
                };
                match narrow {
                    Some(value) => {
                        *self = value;
                        rule.$judge($wide::from(value), &mut decoder.violations);
                    }
                    None => decoder.out_of_range(),
                }
            }

            #[inline]
            fn visit(&self, visitor: &mut dyn Visitor, rule: &Rule) {
                visitor.$wide($wide::from(*self), rule);
            }
        }
    )* };
}

whole! {
    i8: judge_i64 as i64;
    i16: judge_i64 as i64;
    i32: judge_i64 as i64;
    i64: judge_i64 as i64;
    u8: judge_u64 as u64;
    u16: judge_u64 as u64;
    u32: judge_u64 as u64;
    u64: judge_u64 as u64;
}

macro_rules! double {
    ($($double:ident)*) => { $(
        impl Value for $double {
            #[inline]
            fn empty() -> Self {
                0.0
            }

            fn read(&mut self, decoder: &mut Decoder<'_>, rule: &Rule) {
                let Some(text) = decoder.number("a number") else { return };
                let short = Short::new(&text);
                match double!(@parse $double, &text, short) {
                    Ok(value) if value.is_finite() => *self = value,
                    _ => decoder.out_of_range(),
                }
                rule.judge_short(&text, short, &mut decoder.violations);
            }

            fn visit(&self, visitor: &mut dyn Visitor, rule: &Rule) {
                double!(@show $double, *self, visitor, rule);
            }
        }
    )* };
    (@parse f64, $text:expr, $short:ident) => { $short.map_or_else(|| $text.parse::<f64>(), |short| Ok(short.to_f64())) };
    (@parse f32, $text:expr, $short:ident) => { $text.parse::<f32>() };
    (@show f64, $value:expr, $visitor:ident, $rule:ident) => { $visitor.f64($value, $rule) };
    (@show f32, $value:expr, $visitor:ident, $rule:ident) => {
        // By its own shortest text: 0.1 stays 0.1, and does not become 0.10000000149011612.
        if $value.is_finite() { $visitor.number(&$value.to_string(), $rule) } else { $visitor.f64($value.into(), $rule) }
    };
}

double! { f32 f64 }

macro_rules! exact {
    ($($number:ty: $wanted:literal;)*) => { $(
        impl Value for $number {
            fn empty() -> Self {
                Self::default()
            }

            fn read(&mut self, decoder: &mut Decoder<'_>, rule: &Rule) {
                let Some(text) = decoder.number($wanted) else { return };
                match text.parse() {
                    Ok(value) => {
                        *self = value;
                        rule.judge_number(&text, &mut decoder.violations);
                    }
                    Err(_) => decoder.fail("type", Detail::Text(concat!("must be ", $wanted).into())),
                }
            }

            fn visit(&self, visitor: &mut dyn Visitor, rule: &Rule) {
                visitor.number(self.as_str(), rule);
            }
        }
    )* };
}

exact! {
    Integer: "an integer";
    Number: "a number";
}

impl Value for types::Decimal {
    fn empty() -> Self {
        Self::ZERO
    }

    /// A rule for texts says that it is written as one: `"12.50"`.
    fn read(&mut self, decoder: &mut Decoder<'_>, rule: &Rule) {
        if rule.is_text() {
            let Some(text) = decoder.str() else { return };
            let before = decoder.faults();
            rule.judge_str(&text, &mut decoder.violations);
            match Self::from_str_exact(&text) {
                Ok(value) => *self = value,
                Err(_) if decoder.faults() == before => decoder.out_of_range(),
                Err(_) => {}
            }
            return;
        }
        let Some(text) = decoder.number("a number") else { return };
        let exact = Self::from_str_exact(&text).or_else(|_| Self::from_scientific(&text));
        match exact {
            Ok(value) if Decimal::new(&value.to_string()) == Decimal::new(&text) => *self = value,
            _ => decoder.out_of_range(),
        }
        rule.judge_number(&text, &mut decoder.violations);
    }

    fn visit(&self, visitor: &mut dyn Visitor, rule: &Rule) {
        let text = self.to_string();
        if rule.is_text() { visitor.str(&text, rule) } else { visitor.number(&text, rule) }
    }
}
