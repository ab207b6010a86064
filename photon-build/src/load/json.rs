//! JSON text to nodes with places. Numbers keep their text, doubles of keys are told.
//!
//! JSON is not quite YAML (`\ud83d\ude00`, tabs), and documents in JSON are the large ones: so it has its own reader.
//! It takes comments and trailing commas, which YAML would read as text or not at all.

use std::sync::Arc;

use super::tree::{DEPTH_MAX, Fault, Mapping, NODES_MAX, Texts, deeper};
use crate::node::{Node, Number, Value};
use crate::source::{FileId, Span};

/// Reads a JSON text. `Err` is the fault that stopped it; lesser faults go to `faults`. Where it `is_lenient` it takes
/// comments and trailing commas, the first of which is told.
pub(crate) fn parse(
    file: FileId,
    text: &str,
    is_lenient: bool,
    faults: &mut Vec<Fault>,
) -> Result<Node, Fault> {
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let texts = Texts::default();
    let mut reader = Reader { file, text, at, depth: 0, nodes: 0, is_lenient, is_told: false, texts, faults };
    reader.skip_space();
    let node = reader.value()?;
    reader.skip_space();
    if reader.at < text.len() {
        return Err(reader.syntax("nothing more is expected after the end of the value"));
    }
    Ok(node)
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    at: usize,
    depth: usize,
    nodes: usize,
    is_lenient: bool,
    is_told: bool,
    texts: Texts,
    faults: &'a mut Vec<Fault>,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Node, Fault> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(Fault::Limit(self.span(self.at), format!("more than {NODES_MAX} values")));
        }
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(_) => return Err(self.syntax("a value is expected")),
            None => return Err(self.syntax("the text ends too early")),
        };
        let span = match value {
            // A finding at a mapping or sequence points to its beginning, not to pages of text.
            Value::Object(_) | Value::Array(_) => self.span_of(start, start + 1),
            _ => self.span(start),
        };
        Ok(Node { span, value })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, Fault>) -> Result<Value, Fault> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Fault::Limit(self.span(self.at), deeper()));
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Value, Fault> {
        self.at += 1;
        let mut mapping = Mapping::default();
        self.skip_space();
        if self.take(b'}') {
            return Ok(Value::Object(mapping.finish()));
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.syntax("a key in double quotes is expected"));
            }
            let start = self.at;
            let key = self.string()?;
            let key_span = self.span(start);
            self.skip_space();
            if !self.take(b':') {
                return Err(self.syntax("`:` is expected"));
            }
            self.skip_space();
            let value = self.value()?;
            mapping.insert(key, key_span, value, self.faults);
            self.skip_space();
            if self.take(b'}') {
                return Ok(Value::Object(mapping.finish()));
            }
            if !self.take(b',') {
                return Err(self.syntax("`,` or `}` is expected"));
            }
            if self.ends_after_comma(b'}') {
                return Ok(Value::Object(mapping.finish()));
            }
        }
    }

    fn array(&mut self) -> Result<Value, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        if self.take(b']') {
            return Ok(Value::Array(items.into()));
        }
        loop {
            self.skip_space();
            items.push(self.value()?);
            self.skip_space();
            if self.take(b']') {
                return Ok(Value::Array(items.into()));
            }
            if !self.take(b',') {
                return Err(self.syntax("`,` or `]` is expected"));
            }
            if self.ends_after_comma(b']') {
                return Ok(Value::Array(items.into()));
            }
        }
    }

    fn string(&mut self) -> Result<Arc<str>, Fault> {
        self.at += 1;
        let start = self.at;
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'"' => {
                    let text = &self.text[start..self.at];
                    self.at += 1;
                    return Ok(self.texts.keep(text));
                }
                b'\\' => return self.escaped(start),
                0..=0x1f => return Err(self.syntax("a control character must be escaped")),
                _ => self.at += 1,
            }
        }
        Err(self.syntax("the string does not end"))
    }

    fn escaped(&mut self, start: usize) -> Result<Arc<str>, Fault> {
        let mut text = String::from(&self.text[start..self.at]);
        loop {
            let Some(c) = self.text[self.at..].chars().next() else {
                return Err(self.syntax("the string does not end"));
            };
            match c {
                '"' => {
                    self.at += 1;
                    return Ok(text.into());
                }
                '\\' => text.push(self.escape()?),
                '\0'..='\x1f' => return Err(self.syntax("a control character must be escaped")),
                c => {
                    text.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let code = self.text.as_bytes().get(self.at + 1).copied();
        let simple = match code {
            Some(c @ (b'"' | b'\\' | b'/')) => c as char,
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.syntax("this escape is unknown")),
        };
        self.at += 2;
        Ok(simple)
    }

    fn unicode(&mut self) -> Result<char, Fault> {
        let first = self.hex4(self.at)?;
        let (code, len) = match first {
            0xd800..=0xdbff => match self.hex4(self.at + 6) {
                Ok(second @ 0xdc00..=0xdfff) => (0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), 12),
                _ => (0xfffd, 6),
            },
            other => (other, 6),
        };
        self.at += len;
        Ok(char::from_u32(code).unwrap_or('\u{fffd}'))
    }

    fn hex4(&self, at: usize) -> Result<u32, Fault> {
        let escape = self.text.as_bytes().get(at..at + 6);
        escape
            .filter(|escape| escape.starts_with(b"\\u") && escape[2..].iter().all(u8::is_ascii_hexdigit))
            .and_then(|escape| std::str::from_utf8(&escape[2..]).ok())
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| self.syntax("four hexadecimal digits are expected"))
    }

    fn number(&mut self) -> Result<Number, Fault> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') && self.digits() == 0 {
            return Err(self.syntax("a digit is expected"));
        }
        if self.take(b'.') && self.digits() == 0 {
            return Err(self.syntax("a digit is expected"));
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            if self.digits() == 0 {
                return Err(self.syntax("a digit is expected"));
            }
        }
        Ok(Number::new(&self.text[start..self.at], None))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Fault> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.syntax("a value is expected"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn skip_space(&mut self) {
        loop {
            while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                self.at += 1;
            }
            let Some(len) = comment_len(&self.text[self.at..]).filter(|_| self.is_lenient) else { return };
            self.tell_once("it has comments", self.at, len.min(2));
            self.at += len;
        }
    }

    /// Takes the `end` of a mapping or a sequence whose last comma is one too many.
    fn ends_after_comma(&mut self, end: u8) -> bool {
        let comma = self.at - 1;
        self.skip_space();
        let ends = self.is_lenient && self.take(end);
        if ends {
            self.tell_once("nothing follows this comma", comma, 1);
        }
        ends
    }

    fn tell_once(&mut self, message: &str, start: usize, len: usize) {
        if !std::mem::replace(&mut self.is_told, true) {
            self.faults.push(Fault::NotJson(self.span_of(start, start + len), message.to_owned()));
        }
    }

    fn syntax(&self, message: &str) -> Fault {
        Fault::Syntax(self.span_of(self.at, self.at + 1), message.into())
    }

    fn span(&self, start: usize) -> Span {
        self.span_of(start, self.at)
    }

    fn span_of(&self, start: usize, end: usize) -> Span {
        let start_byte = u32::try_from(start).unwrap_or(u32::MAX);
        Span::new(self.file, start_byte, u32::try_from(end - start).unwrap_or(u32::MAX))
    }
}

/// How long the comment is that `text` begins with.
fn comment_len(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    text.strip_prefix("/*").map(|rest| rest.find("*/").map_or(text.len(), |end| end + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, Fault> {
        parse(FileId(0), text, false, &mut Vec::new())
    }

    fn plain(node: &Node) -> serde_json::Value {
        match &node.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(truth) => (*truth).into(),
            Value::Number(number) => serde_json::from_str(number.as_str()).unwrap(),
            Value::String(text) => (**text).into(),
            Value::Array(items) => items.iter().map(plain).collect(),
            Value::Object(object) => {
                object.iter().map(|entry| (entry.key.to_string(), plain(&entry.value))).collect()
            }
        }
    }

    #[test]
    fn texts_mean_what_serde_json_says() {
        for text in [
            "null",
            " true ",
            "-0",
            "1.5e+3",
            "[]",
            "[1,2 , 3]",
            "{}",
            "{\"a\":{\"b\":[{}]}}",
            "\"\\ud83d\\ude00 \\u00e9 \\n \\/\"",
            "\"ü😀\"",
            "{\"\":0}",
            "[[[[1]]]]",
        ] {
            assert_eq!(plain(&read(text).unwrap()), serde_json::from_str::<serde_json::Value>(text).unwrap());
        }
        for text in
            ["", "{", "[1,]", "{\"a\" 1}", "01", "1.", "tru", "\"\\x\"", "\"a", "nul", "{}x", "\"\t\"", "-"]
        {
            assert!(read(text).is_err(), "{text}");
            assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn doubles_are_told_with_both_places() {
        let mut faults = Vec::new();
        parse(FileId(0), "{\"a\":1,\"a\":2}", false, &mut faults).unwrap();
        assert_eq!(
            faults,
            [Fault::Duplicate(Span::new(FileId(0), 7, 3), Span::new(FileId(0), 1, 3), "a".into())]
        );
    }

    #[test]
    fn depth_has_a_limit() {
        assert!(read(&"[".repeat(100_000)).is_err_and(|fault| matches!(fault, Fault::Limit(..))));
    }

    #[test]
    fn comments_and_trailing_commas_are_told_once() {
        let check = |text: &str, place: Option<u32>| {
            let mut faults = Vec::new();
            let node = parse(FileId(0), text, true, &mut faults).unwrap();
            assert_eq!(node.get("a").and_then(|a| a.get("b")).and_then(Node::as_text), Some("//c"), "{text}");
            let places: Vec<u32> = faults
                .iter()
                .map(|fault| match fault {
                    Fault::NotJson(span, _) => span.start,
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(places, Vec::from_iter(place), "{text}");
        };
        check(r#"{"a": {"b": "//c"}}"#, None);
        check("// first\n{\"a\": /* b */ {\"b\": \"//c\"}}", Some(0));
        check(r#"{"a": {"b": "//c",}, "d": [1, 2,],}"#, Some(17));
        check("{\"a\": {\"b\": \"//c\"}} // last", Some(20));
        assert!(parse(FileId(0), "{\"a\": [,]}", true, &mut Vec::new()).is_err());
        assert!(parse(FileId(0), "{\"a\": 1} /* ends nowhere", true, &mut Vec::new()).is_ok());
    }
}
