//! Reads the lines of one header as the value that they carry.
//!
//! Knows neither where the lines come from nor what is made of a fault.

use std::borrow::Cow;

use super::input::single;
use super::pairs::Node;
use super::param::{Param, SHAPE_DEPTH_MAX};
use super::style::{self, Given, repeated, verbatim};
use crate::media;
use crate::model::{Decoder, Shape, Value, Violation, Violations};

/// What the lines of a header give. Lines of one header are one list; a scalar stands in one line.
pub(super) fn given<'r>(
    lines: impl Iterator<Item = &'r [u8]> + Clone,
    explode: bool,
    shape: &Shape,
) -> Result<Given<'r>, Violation> {
    let not_text = || Violation::new("encoding", "must be UTF-8");
    let lines = lines.map(std::str::from_utf8);
    let Some(first) = lines.clone().next() else { return Ok(Given::Absent) };
    let first = first.map_err(|_| not_text())?;
    if style::is_list(shape) {
        let lines = lines.collect::<Result<Vec<_>, _>>().map_err(|_| not_text())?;
        return style::list(lines.into_iter().flat_map(elements), verbatim);
    }
    if lines.clone().count() > 1 && !style::is_object(shape) {
        return Err(repeated());
    }
    if !style::is_object(shape) {
        return Ok(Given::Scalar(Cow::Borrowed(first)));
    }
    let mut members = Node::Object(Vec::new());
    let lines = lines.collect::<Result<Vec<_>, _>>().map_err(|_| not_text())?;
    let mut pieces =
        lines.into_iter().flat_map(|line| line.split(',')).map(|piece| piece.trim_matches(media::BLANKS));
    while let Some(piece) = pieces.next() {
        let (name, value) = if explode {
            piece.split_once('=').ok_or_else(|| Violation::new("style", "must be written as `name=value`"))?
        } else {
            let value = pieces.next();
            (piece, value.ok_or_else(|| Violation::new("style", "must be names and values in turn"))?)
        };
        members.insert(&[Cow::Borrowed(name)], Node::Text(Cow::Borrowed(value)));
    }
    Ok(Given::Tree(members))
}

/// What of a header's lines does not fit a `T` and its rule.
pub(super) fn judge<T: Value>(param: &'static Param, lines: &[&[u8]]) -> Violations {
    judge_as(param, lines, &mut T::empty())
}

fn judge_as(param: &'static Param, lines: &[&[u8]], value: &mut dyn Value) -> Violations {
    let shape = &if param.json { Shape::Scalar } else { value.shape(SHAPE_DEPTH_MAX) };
    let mut text = String::new();
    let mut decoder = match given(lines.iter().copied(), param.explode, shape) {
        Err(violation) => return single(violation),
        Ok(Given::Absent) if param.required => return single(Violation::new("required", "must be given")),
        Ok(Given::Absent) => return Violations::default(),
        Ok(Given::Scalar(scalar)) => {
            text.push_str(&scalar);
            if param.json { Decoder::json_str(&text) } else { Decoder::scalar(&text) }
        }
        Ok(Given::Tree(node)) => {
            node.write(shape, &mut text);
            Decoder::text(&text)
        }
    };
    decoder.fill(value, &param.rule);
    decoder.into_violations()
}

/// The elements of a list in a header; empty ones do not count (RFC 9110, section 5.6.1).
fn elements(line: &str) -> impl Iterator<Item = &str> {
    line.split(',').map(|element| element.trim_matches(media::BLANKS)).filter(|element| !element.is_empty())
}
