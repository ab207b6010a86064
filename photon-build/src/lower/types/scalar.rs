//! Strings, numbers, booleans: the type by format and bounds, the rule by the rest.
//!
//! Knows formats. Must not know objects, arrays and unions.

use std::collections::HashSet;

use super::flat::{Flat, NumericRules};
use super::parts::TypeSet;
use super::{Place, Typed, Types, rule};
use crate::config::{DateTimeCrate, Formats, Integers};
use crate::ir::{Format, Int, RuleKind, Type};
use crate::node::Number;
use crate::schema::SchemaId;
use crate::spec::Document;

/// Formats that have a type of their own, with the lengths that their texts have anyway.
const TYPED: [(&str, Type, u64, u64); 5] = [
    ("date-time", Type::DateTime, 20, 64),
    ("date", Type::Date, 10, 10),
    ("time", Type::Time, 8, 64),
    ("uuid", Type::Uuid, 36, 36),
    ("byte", Type::Base64, 0, u64::MAX),
];

/// Formats that are asserted on text.
const ASSERTED: [(&str, Format); 21] = [
    ("date", Format::Date),
    ("date-time", Format::DateTime),
    ("time", Format::Time),
    ("duration", Format::Duration),
    ("email", Format::Email),
    ("idn-email", Format::IdnEmail),
    ("hostname", Format::Hostname),
    ("idn-hostname", Format::IdnHostname),
    ("ipv4", Format::Ipv4),
    ("ipv6", Format::Ipv6),
    ("uri", Format::Uri),
    ("uri-reference", Format::UriReference),
    ("iri", Format::Iri),
    ("iri-reference", Format::IriReference),
    ("uri-template", Format::UriTemplate),
    ("uuid", Format::Uuid),
    ("json-pointer", Format::JsonPointer),
    ("relative-json-pointer", Format::RelativeJsonPointer),
    ("regex", Format::Regex),
    ("byte", Format::Byte),
    ("decimal", Format::Decimal),
];

const INTEGERS: [(&str, Int); 8] = [
    ("int8", Int::I8),
    ("int16", Int::I16),
    ("int32", Int::I32),
    ("int64", Int::I64),
    ("uint8", Int::U8),
    ("uint16", Int::U16),
    ("uint32", Int::U32),
    ("uint64", Int::U64),
];

/// The type that a format speaks of where `type` is missing.
pub(super) fn kind_of_format(format: &str) -> TypeSet {
    if INTEGERS.iter().any(|(name, _)| *name == format) {
        TypeSet::INTEGER
    } else if matches!(format, "float" | "double") {
        TypeSet::NUMBER
    } else if format == "binary"
        || TYPED.iter().any(|(name, ..)| *name == format)
        || ASSERTED.iter().any(|(name, _)| *name == format)
    {
        TypeSet::STRING
    } else {
        TypeSet::NONE
    }
}

impl<'d> Types<'d> {
    pub(super) fn string(&mut self, flat: &Flat<'d>, place: &Place) -> Typed {
        let asserts = self.config.formats == Formats::Assert;
        let text = &flat.text;
        // By the letter, `contentEncoding` and `contentMediaType` only say what is meant.
        let is_meant = !self.is_exact();
        let encoding = text.encoding.filter(|encoding| encoding.eq_ignore_ascii_case("base64"));
        let encoding = encoding.filter(|_| is_meant);
        let format = flat.format.or(encoding.map(|_| "byte"));
        let is_raw = is_meant && text.media_type.is_some_and(is_binary_media) && text.encoding.is_none();
        if format == Some("binary") || (format.is_none() && is_raw) {
            return Typed::plain(if self.is_form_field(flat) { Type::File } else { Type::Bytes });
        }
        let pattern =
            text.pattern.filter(|pattern| !is_any(pattern)).map(|source| self.pattern(source, &place.hint));
        if asserts {
            let found = TYPED.iter().find(|(name, ..)| Some(*name) == format);
            let as_text =
                self.config.date_time == DateTimeCrate::Text && matches!(format, Some("date-time" | "date"));
            if let Some((_, ty, shortest, longest)) = found.filter(|_| !as_text) {
                let implied = text.min <= *shortest && text.max.is_none_or(|max| max >= *longest);
                if implied && pattern.is_none() {
                    return Typed::plain(ty.clone());
                }
            }
        }
        let asserted = ASSERTED.iter().find(|(name, _)| asserts && Some(*name) == format);
        let format = asserted.map(|(_, format)| *format);
        if text.min == 0 && text.max.is_none() && pattern.is_none() && format.is_none() {
            return Typed::plain(Type::String);
        }
        let (min, max) = (rule::count(text.min), text.max.map_or(u32::MAX, rule::count));
        let ty = if format == Some(Format::Decimal) { Type::Decimal } else { Type::String };
        Typed::ruled(ty, RuleKind::Text { min, max, pattern, format })
    }

    pub(super) fn integer(&self, flat: &Flat<'d>) -> Typed {
        let (low, high) = integer_bounds(&flat.numeric);
        let by_format = INTEGERS.iter().find(|(name, _)| Some(*name) == flat.format).map(|(_, int)| *int);
        let wanted = match by_format {
            None if self.config.integers == Integers::Arbitrary => None,
            int => narrowest(int.unwrap_or(Int::I64), low, high),
        };
        let multiple_of = flat.numeric.multiple_of.map(|number| number.as_str().to_owned());
        let Some(int) = wanted else {
            return Typed::ruled(Type::Integer, number_rule(&flat.numeric));
        };
        let multiple_of = multiple_of.filter(|text| text != "1");
        if low.is_none() && high.is_none() && multiple_of.is_none() {
            return Typed::plain(Type::Int(int));
        }
        let (least, greatest) = range(int);
        let (min, max) = (low.unwrap_or(least).max(least), high.unwrap_or(greatest).min(greatest));
        Typed::ruled(Type::Int(int), RuleKind::Int { min, max, multiple_of })
    }

    pub(super) fn number(&self, flat: &Flat<'d>) -> Typed {
        let ty = match flat.format {
            Some("decimal") => Type::Decimal,
            // A `float` is read with all its digits, so that what was sent is what the handler sees.
            Some("float" | "double") => Type::F64,
            _ if self.config.integers == Integers::Arbitrary => Type::Number,
            _ => Type::F64,
        };
        Typed::ruled(ty, number_rule(&flat.numeric))
    }

    fn is_form_field(&self, flat: &Flat<'d>) -> bool {
        flat.parts.ids.iter().any(|id| self.form_fields.contains(id))
    }
}

/// Whether a pattern matches every text.
pub(super) fn is_any(pattern: &str) -> bool {
    matches!(pattern, "" | ".*" | "^.*" | ".*$" | "^" | "$")
}

fn is_binary_media(media: &str) -> bool {
    let media = media.to_ascii_lowercase();
    !media.starts_with("text/") && !media.contains("json") && !media.contains("xml")
}

fn number_rule(numeric: &NumericRules<'_>) -> RuleKind {
    let text = |number: Option<&Number>| number.map(|number| number.as_str().to_owned());
    let rules = (
        text(numeric.minimum),
        text(numeric.maximum),
        text(numeric.above),
        text(numeric.below),
        text(numeric.multiple_of),
    );
    match rules {
        (None, None, None, None, None) => RuleKind::Any,
        (min, max, above, below, multiple_of) => RuleKind::Number { min, max, above, below, multiple_of },
    }
}

/// Both inclusive.
fn integer_bounds(numeric: &NumericRules<'_>) -> (Option<i128>, Option<i128>) {
    let low = numeric.minimum.map(rule::ceiling);
    let above = numeric.above.map(|number| rule::floor(number).saturating_add(1));
    let high = numeric.maximum.map(rule::floor);
    let below = numeric.below.map(|number| rule::ceiling(number).saturating_sub(1));
    let low = low.into_iter().chain(above).max();
    let high = high.into_iter().chain(below).min();
    (low, high)
}

/// `int`, or the next type that holds all that the bounds name; none where only an integer of any size does.
fn narrowest(int: Int, low: Option<i128>, high: Option<i128>) -> Option<Int> {
    let holds = |int: Int| {
        let (least, greatest) = range(int);
        low.is_none_or(|low| low >= least) && high.is_none_or(|high| high <= greatest)
    };
    let wide = low.is_some_and(|low| low >= 0).then_some(Int::U64);
    [Some(int), Some(Int::I64), wide]
        .into_iter()
        .flatten()
        .find(|int| holds(*int) && low <= Some(range(*int).1))
}

pub(super) fn range(int: Int) -> (i128, i128) {
    match int {
        Int::I8 => (i8::MIN.into(), i8::MAX.into()),
        Int::I16 => (i16::MIN.into(), i16::MAX.into()),
        Int::I32 => (i32::MIN.into(), i32::MAX.into()),
        Int::I64 => (i64::MIN.into(), i64::MAX.into()),
        Int::U8 => (0, u8::MAX.into()),
        Int::U16 => (0, u16::MAX.into()),
        Int::U32 => (0, u32::MAX.into()),
        Int::U64 => (0, u64::MAX.into()),
    }
}

/// The properties of every multipart form: there, `format: binary` is a file.
pub(super) fn form_fields(document: &Document) -> HashSet<SchemaId> {
    let mut fields = HashSet::new();
    let mut seen = HashSet::new();
    let bodies = document.operations.iter().filter_map(|operation| operation.body.as_deref());
    let forms = bodies.flat_map(|body| &body.content).filter(|media| media.name.starts_with("multipart/"));
    let mut work: Vec<SchemaId> = forms.filter_map(|media| media.schema).collect();
    while let Some(id) = work.pop() {
        if !seen.insert(id) {
            continue;
        }
        let schema = document.schema(id);
        let logic = schema.logic();
        work.extend(schema.reference);
        work.extend(logic.all_of.iter().chain(&logic.any_of).chain(&logic.one_of));
        for property in &schema.object().properties {
            field(document, property.schema, &mut fields);
        }
    }
    fields
}

fn field(document: &Document, id: SchemaId, fields: &mut HashSet<SchemaId>) {
    if !fields.insert(id) {
        return;
    }
    let schema = document.schema(id);
    let logic = schema.logic();
    let inner = schema.reference.iter().chain(&schema.array().items);
    for inner in inner.chain(&logic.all_of).chain(&logic.any_of).chain(&logic.one_of) {
        field(document, *inner, fields);
    }
}
