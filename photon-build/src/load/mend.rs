//! Texts that are not quite YAML, and whose meaning is clear all the same: `{a:[1]}` without a space, characters that
//! YAML calls unprintable. They are mended, read, and the nodes are told their places in the original.

use std::sync::Arc;

use super::tree::Fault;
use crate::node::{Node, Value};
use crate::source::Span;

/// How often a text is mended before it is given up.
const MENDS_MAX: usize = 50;

/// Stands for U+0080 while a text is read; the next 31 stand for the next. As many bytes each, printable, and in no
/// text that is mended.
const STAND_IN: u32 = 0x0780;

/// What was done to a text.
#[derive(Debug, Default)]
pub(super) struct Mended {
    /// Bytes of the mended text before which a space was put in, in order.
    spaces: Vec<u32>,
    has_stand_ins: bool,
}

/// Mends `text` until it can be read. `None` where that does not help.
pub(super) fn mend(text: &str, read: impl Fn(&str) -> Result<Node, Fault>) -> Option<(Mended, Node)> {
    let mut mended = Mended::default();
    let mut text = text.to_owned();
    if text.chars().any(is_unprintable) && !text.chars().any(is_stand_in) {
        text = text.chars().map(|c| if is_unprintable(c) { shifted(c, 0x80, STAND_IN) } else { c }).collect();
        mended.has_stand_ins = true;
    }
    for _ in 0..MENDS_MAX {
        let at = match read(&text) {
            Ok(node) => return Some((mended, node)),
            Err(Fault::Syntax(span, _)) => span.start as usize,
            Err(_) => return None,
        };
        // The place of the fault is at the colon, or at what follows it.
        let colon = [at.checked_sub(1), Some(at)].into_iter().flatten().find(|at| is_tight(&text, *at))?;
        text.insert(colon + 1, ' ');
        mended.spaces.push(u32::try_from(colon + 1).ok()?);
    }
    None
}

impl Mended {
    /// Gives a node that was read from the mended text its original characters and places.
    pub(super) fn restore(&self, node: &mut Node) {
        self.restore_span(&mut node.span);
        match &mut node.value {
            Value::String(text) => self.restore_text(text),
            Value::Array(items) => Arc::make_mut(items).iter_mut().for_each(|item| self.restore(item)),
            Value::Object(object) => {
                for entry in Arc::make_mut(&mut object.entries) {
                    self.restore_text(&mut entry.key);
                    self.restore_span(&mut entry.key_span);
                    self.restore(&mut entry.value);
                }
            }
            _ => {}
        }
    }

    fn restore_span(&self, span: &mut Span) {
        let before = self.spaces.iter().filter(|space| **space < span.start).count();
        span.start -= u32::try_from(before).unwrap_or(0);
    }

    fn restore_text(&self, text: &mut Arc<str>) {
        if self.has_stand_ins && text.chars().any(is_stand_in) {
            let meant = text.chars().map(|c| if is_stand_in(c) { shifted(c, STAND_IN, 0x80) } else { c });
            *text = meant.collect::<String>().into();
        }
    }
}

fn is_tight(text: &str, at: usize) -> bool {
    matches!(text.as_bytes().get(at..at + 2), Some([b':', b'[' | b'{']))
}

fn is_unprintable(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}')
}

fn is_stand_in(c: char) -> bool {
    (STAND_IN..STAND_IN + 0x20).contains(&(c as u32))
}

fn shifted(c: char, from: u32, to: u32) -> char {
    char::from_u32(c as u32 - from + to).unwrap_or(c)
}
