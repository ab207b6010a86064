//! YAML text to nodes with places: events of the parser, anchors, aliases and merge keys, with limits.
//!
//! Knows YAML. Must not know OpenAPI.

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, StrInput, Tag};

use super::mend;
use super::scalar;
use super::tree::{DEPTH_MAX, Fault, Mapping, NODES_MAX, Texts, deeper};
use super::words;
use crate::node::{Node, Value};
use crate::source::{FileId, Span};

/// Reads a YAML text, also one that is not quite YAML. `Err` is the fault that stopped it; lesser faults go to
/// `faults`.
pub(crate) fn parse(file: FileId, text: &str, faults: &mut Vec<Fault>) -> Result<Node, Fault> {
    let fault = match parse_exactly(file, text, faults) {
        Ok(node) => return Ok(node),
        Err(fault) => fault,
    };
    let Some((mended, mut node)) = mend::mend(text, |text| parse_exactly(file, text, &mut Vec::new())) else {
        return Err(fault);
    };
    mended.restore(&mut node);
    if let Fault::Syntax(span, said) = fault {
        faults.push(Fault::Mended(span, said.message));
    }
    Ok(node)
}

fn parse_exactly(file: FileId, text: &str, faults: &mut Vec<Fault>) -> Result<Node, Fault> {
    let options = granit_parser::options! {
        emit_comments: false,
        // Keys of real documents are longer than YAML's 1,024 characters, and JSON knows no such limit.
        simple_key_max_lookahead: 1 << 20,
        flow_nesting_limit: DEPTH_MAX + 2,
        block_nesting_limit: DEPTH_MAX + 2,
    };
    let events = Parser::new_from_str_with_options(text, options);
    let mut reader = Reader {
        file,
        text,
        events,
        anchors: HashMap::new(),
        nodes: 0,
        depth: 0,
        texts: Texts::default(),
        faults,
    };
    reader.stream()
}

struct Reader<'a, 'f> {
    file: FileId,
    text: &'a str,
    events: Parser<'a, StrInput<'a>>,
    anchors: HashMap<usize, Anchored>,
    nodes: usize,
    depth: usize,
    texts: Texts,
    faults: &'f mut Vec<Fault>,
}

/// What an anchor names, and how many values that is.
struct Anchored {
    node: Node,
    size: usize,
}

type Next<'a> = (Event<'a>, Span);

impl<'a> Reader<'a, '_> {
    fn stream(&mut self) -> Result<Node, Fault> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(..) if root.is_some() => {
                    self.faults.push(Fault::Several(span));
                    break;
                }
                Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) => {
                    root = Some(self.node((event, span))?);
                }
                _ => {}
            }
        }
        let nothing = Node { span: Span::new(self.file, 0, 0), value: Value::Null };
        Ok(root.unwrap_or(nothing))
    }

    fn node(&mut self, (event, span): Next<'a>) -> Result<Node, Fault> {
        let before = self.nodes;
        self.count(1, span)?;
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                (scalar_value(&text, style, tag.as_deref(), &mut self.texts), anchor)
            }
            Event::SequenceStart(_, anchor, _) => (self.nested(span, Self::sequence)?, anchor),
            Event::MappingStart(_, anchor, _) => (self.nested(span, Self::mapping)?, anchor),
            Event::Alias(id) => return self.alias(id, span),
            _ => return Err(Fault::Syntax(span, "a value is expected".into())),
        };
        let node = Node { span, value };
        if anchor != 0 {
            let anchored = Anchored { node: node.clone(), size: self.nodes - before };
            self.anchors.insert(anchor, anchored);
        }
        Ok(node)
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<Node, Fault> {
        let Some(anchored) = self.anchors.get(&id) else {
            return Err(Fault::Syntax(span, "an alias stands inside what it names".into()));
        };
        let (node, size) = (anchored.node.clone(), anchored.size);
        self.count(size, span)?;
        Ok(node)
    }

    fn nested(&mut self, span: Span, read: fn(&mut Self) -> Result<Value, Fault>) -> Result<Value, Fault> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Fault::Limit(span, deeper()));
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn sequence(&mut self) -> Result<Value, Fault> {
        let mut items = Vec::new();
        loop {
            let next = self.next()?;
            if next.0 == Event::SequenceEnd {
                return Ok(Value::Array(items.into()));
            }
            items.push(self.node(next)?);
        }
    }

    fn mapping(&mut self) -> Result<Value, Fault> {
        let mut mapping = Mapping::default();
        let mut merged = Vec::new();
        loop {
            let next = self.next()?;
            if next.0 == Event::MappingEnd {
                mapping.merge(&merged);
                return Ok(Value::Object(mapping.finish()));
            }
            let is_merge = matches!(&next.0, Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<");
            let key_span = next.1;
            let key = self.key(next)?;
            let next = self.next()?;
            let value = self.node(next)?;
            if !is_merge {
                mapping.insert(key, key_span, value, self.faults);
                continue;
            }
            match value.value {
                Value::Object(object) => merged.push(object),
                Value::Array(items) => merged.extend(items.iter().filter_map(Node::as_object).cloned()),
                _ => mapping.insert(key, key_span, value, self.faults),
            }
        }
    }

    fn key(&mut self, (event, span): Next<'a>) -> Result<Arc<str>, Fault> {
        if let Event::Scalar(text, ..) = event {
            self.count(1, span)?;
            return Ok(self.texts.keep(&text));
        }
        let node = self.node((event, span))?;
        match node.as_text() {
            Some(text) => Ok(self.texts.keep(text)),
            None => Err(Fault::KeyKind(span)),
        }
    }

    fn count(&mut self, more: usize, span: Span) -> Result<(), Fault> {
        self.nodes = self.nodes.saturating_add(more);
        if self.nodes > NODES_MAX {
            return Err(Fault::Limit(span, format!("more than {NODES_MAX} values, aliases written out")));
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Next<'a>, Fault> {
        loop {
            match self.events.next_event() {
                Some(Ok((Event::StreamStart, _))) => {}
                Some(Ok((event, place))) => {
                    let span = self.span(&event, &place);
                    return Ok((event, span));
                }
                Some(Err(error)) => {
                    let start = byte(error.marker()).min(self.text.len());
                    let span = self.span_of(start, start + 1);
                    // The scanner looks ahead, and so may meet the limit before this reader does.
                    return Err(match error.kind() {
                        ErrorKind::RecursionLimitExceeded => Fault::Limit(span, deeper()),
                        _ => Fault::Syntax(span, words::said(&error)),
                    });
                }
                None => {
                    let end = self.text.len();
                    return Err(Fault::Syntax(self.span_of(end, end), "the text ends too early".into()));
                }
            }
        }
    }

    fn span(&self, event: &Event<'_>, place: &granit_parser::Span) -> Span {
        let (start, end) = (byte(&place.start), byte(&place.end));
        match event {
            // A finding at a mapping or sequence points to its beginning, not to pages of text.
            Event::MappingStart(..) | Event::SequenceStart(..) => self.span_of(start, start + 1),
            Event::Scalar(_, ScalarStyle::Plain, ..) => {
                let text = self.text.get(start..end).map_or("", str::trim_end);
                self.span_of(start, start + text.len())
            }
            _ => self.span_of(start, end),
        }
    }

    fn span_of(&self, start: usize, end: usize) -> Span {
        let start_byte = u32::try_from(start).unwrap_or(u32::MAX);
        let len = u32::try_from(end.saturating_sub(start)).unwrap_or(u32::MAX);
        Span::new(self.file, start_byte, len)
    }
}

fn byte(marker: &granit_parser::Marker) -> usize {
    marker.byte_offset().unwrap_or(marker.index())
}

fn scalar_value(text: &str, style: ScalarStyle, tag: Option<&Tag>, texts: &mut Texts) -> Value {
    let core = tag.and_then(Tag::core_suffix);
    match core {
        Some("str" | "binary") => Value::String(texts.keep(text)),
        Some("null" | "bool" | "int" | "float") => scalar::plain(text, texts),
        _ if style == ScalarStyle::Plain => scalar::plain(text, texts),
        _ => Value::String(texts.keep(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Result<Node, Fault>, Vec<Fault>) {
        let mut faults = Vec::new();
        let node = parse(FileId(0), text, &mut faults);
        (node, faults)
    }

    fn show(node: &Node) -> String {
        match &node.value {
            Value::Null => "null".to_owned(),
            Value::Bool(truth) => truth.to_string(),
            Value::Number(number) => number.raw().to_owned(),
            Value::String(text) => format!("{text:?}"),
            Value::Array(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(",")),
            Value::Object(object) => {
                let entries = object.iter().map(|entry| format!("{}:{}", entry.key, show(&entry.value)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
            }
        }
    }

    fn check(text: &str, expected: &str) {
        assert_eq!(show(&read(text).0.unwrap()), expected, "{text:?}");
    }

    #[test]
    fn values_are_those_of_the_core_schema() {
        check("version: 1.10", "{version:1.10}");
        check("a: 08\nb: no\nc: 16_9\nd: ~\ne:", "{a:08,b:\"no\",c:\"16_9\",d:null,e:null}");
        check("a: '1'\nb: !!str 2\nc: \"x\\ty\"", "{a:\"1\",b:\"2\",c:\"x\\ty\"}");
        check("200: {x: [1, two]}", "{200:{x:[1,\"two\"]}}");
        check("a: |\n  x\n  y\nb: >-\n  x\n  y\n", "{a:\"x\\ny\\n\",b:\"x y\"}");
        check("", "null");
        check("# nothing\n", "null");
    }

    #[test]
    fn what_is_not_quite_yaml_is_read_as_meant() {
        let text = "a: {b:[1], c:{d: 2}}\ne: \"x\u{9f}y\"\nf: 3\n";
        let (node, faults) = read(text);
        let node = node.unwrap();
        assert_eq!(show(&node), "{a:{b:[1],c:{d:2}},e:\"x\\u{9f}y\",f:3}");
        assert!(matches!(faults[..], [Fault::Mended(..)]));
        let place = node.get("f").unwrap().span;
        assert_eq!(&text[place.start as usize..][..place.len as usize], "3");
    }

    #[test]
    fn anchors_and_merge_keys_are_written_out() {
        check("a: &x {k: 1}\nb: *x", "{a:{k:1},b:{k:1}}");
        check("a: &x {k: 1, m: 2}\nb: {<<: *x, k: 3}", "{a:{k:1,m:2},b:{k:3,m:2}}");
        check("a: &x {k: 1}\nc: &y {m: 2}\nb: {<<: [*x, *y]}", "{a:{k:1},c:{m:2},b:{k:1,m:2}}");
        check("a: {'<<': 1}", "{a:{<<:1}}");
    }

    #[test]
    fn faults_have_places() {
        let (_, faults) = read("a: 1\nb: 2\na: 3\n");
        let file = FileId(0);
        assert_eq!(faults, [Fault::Duplicate(Span::new(file, 10, 1), Span::new(file, 0, 1), "a".into())]);
        assert!(matches!(read("? {a: 1}\n: 2").0, Err(Fault::KeyKind(_))));
        assert!(matches!(read("a: [1").0, Err(Fault::Syntax(..))));
        assert!(matches!(read("a:\n\tb: 1").0, Err(Fault::Syntax(..))));
        assert!(matches!(read("a: *x").0, Err(Fault::Syntax(..))));
        assert!(matches!(read("a: &x [*x]").0, Err(Fault::Syntax(..))));
        assert!(matches!(&read("a: 1\n---\nb: 2").1[..], [Fault::Several(_)]));
    }

    #[test]
    fn bombs_meet_limits() {
        let mut text = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for level in 1..12 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(",");
            text.extend([format!("a{level}: &a{level} [{aliases}]\n")]);
        }
        assert!(matches!(read(&text).0, Err(Fault::Limit(..))));
        assert!(read(&"[".repeat(100_000)).0.is_err());
        assert!(read(&"- ".repeat(100_000)).0.is_err());
        assert!(read(&"{a: ".repeat(100_000)).0.is_err());
    }
}
