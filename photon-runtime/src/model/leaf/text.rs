//! Texts, and what is written as a text.

use crate::model::decoder::Decoder;
use crate::model::rule::Rule;
use crate::model::shape::Shape;
use crate::model::types::{self, Base64, Bytes, Date, DateTime, File, Time, Uuid};
use crate::model::value::Value;
use crate::model::violation::Detail;
use crate::model::visitor::Visitor;

impl Value for String {
    #[inline]
    fn empty() -> Self {
        Self::new()
    }

    #[inline]
    fn read(&mut self, decoder: &mut Decoder<'_>, rule: &Rule) {
        if let Some(text) = decoder.plain_str() {
            rule.judge_str(text, &mut decoder.violations);
            *self = Self::from(text);
        } else if let Some(text) = decoder.str() {
            rule.judge_str(&text, &mut decoder.violations);
            *self = text.into_owned();
        }
    }

    #[inline]
    fn visit(&self, visitor: &mut dyn Visitor, rule: &Rule) {
        visitor.str(self, rule);
    }
}

/// Reads a text that its type must understand; a rule (its length, a pattern) is for the text as it stands.
fn parse<T>(
    decoder: &mut Decoder<'_>,
    rule: &Rule,
    wanted: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let text = decoder.str()?;
    rule.judge_str(&text, &mut decoder.violations);
    let value = parse(&text);
    if value.is_none() {
        decoder.fail("format", Detail::Text(wanted.into()));
    }
    value
}

macro_rules! written {
    ($($written:ty: $wanted:literal, $parse:expr, $show:expr;)*) => { $(
        impl Value for $written {
            fn empty() -> Self {
                Self::default()
            }

            fn read(&mut self, decoder: &mut Decoder<'_>, rule: &Rule) {
                if let Some(value) = parse(decoder, rule, concat!("must be ", $wanted), $parse) {
                    *self = value;
                }
            }

            fn visit(&self, visitor: &mut dyn Visitor, rule: &Rule) {
                let show: fn(&Self) -> String = $show;
                visitor.str(&show(self), rule);
            }
        }
    )* };
}

written! {
    DateTime: "a date and time such as 2024-02-29T12:00:00Z", types::date_time, show_moment;
    Date: "a date such as 2024-02-29", types::date, ToString::to_string;
    Time: "a time such as 12:00:00Z", types::time_of_day, ToString::to_string;
    Uuid: "a UUID such as 2eb8aa08-aa98-11ea-b4aa-73b441d16380", uuid, ToString::to_string;
    Base64: "base64", Base64::decode, ToString::to_string;
}

fn show_moment(moment: &DateTime) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// Only the form with hyphens: the `uuid` crate also takes others.
fn uuid(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}

impl Value for Bytes {
    fn empty() -> Self {
        Self::new()
    }

    fn read(&mut self, decoder: &mut Decoder<'_>, rule: &Rule) {
        let Some(text) = decoder.str() else { return };
        if !decoder.has_files() {
            rule.judge_str(&text, &mut decoder.violations);
            *self = Self::from(text.into_owned());
            return;
        }
        match decoder.file(&text) {
            Some(file) => *self = file.content,
            None => decoder.fail("type", Detail::Text("must be a part of the form".into())),
        }
    }

    fn visit(&self, visitor: &mut dyn Visitor, rule: &Rule) {
        visitor.str(&String::from_utf8_lossy(self), rule);
    }

    fn octets(&self) -> Option<&[u8]> {
        Some(self)
    }

    fn shape(&self, _: u32) -> Shape {
        Shape::File
    }
}

impl Value for File {
    fn empty() -> Self {
        Self::default()
    }

    fn read(&mut self, decoder: &mut Decoder<'_>, _: &Rule) {
        let Some(text) = decoder.str() else { return };
        if !decoder.has_files() {
            self.content = Bytes::from(text.into_owned());
            return;
        }
        match decoder.file(&text) {
            Some(file) => *self = file,
            None => decoder.fail("type", Detail::Text("must be a file of the form".into())),
        }
    }

    fn visit(&self, visitor: &mut dyn Visitor, _: &Rule) {
        visitor.file(self);
    }

    fn octets(&self) -> Option<&[u8]> {
        Some(&self.content)
    }

    fn shape(&self, _: u32) -> Shape {
        Shape::File
    }
}
