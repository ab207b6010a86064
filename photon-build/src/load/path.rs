//! `JSONPath` (RFC 9535), as far as overlays use it: names, wildcards, indexes, slices, descent and filters.
//!
//! Gives places in a tree as chains of steps, so that the tree can be changed afterwards.

use std::sync::Arc;

use crate::node::{Node, Value};

/// One step down a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// The value of a key.
    Key(Arc<str>),
    /// An item.
    Index(usize),
}

/// A path that was understood.
#[derive(Debug)]
pub(crate) struct JsonPath {
    segments: Vec<Segment>,
}

#[derive(Debug)]
struct Segment {
    descends: bool,
    selectors: Vec<Selector>,
}

#[derive(Debug)]
enum Selector {
    Name(Arc<str>),
    Wildcard,
    Index(i64),
    Slice(Option<i64>, Option<i64>),
    Filter(Test),
}

#[derive(Debug)]
enum Test {
    Exists(Vec<Segment>),
    Compare(Operand, Operator, Operand),
    Not(Box<Test>),
    And(Vec<Test>),
    Or(Vec<Test>),
}

#[derive(Debug)]
enum Operand {
    Query(Vec<Segment>),
    Literal(Literal),
}

#[derive(Debug, Clone, PartialEq)]
enum Literal {
    Null,
    Bool(bool),
    Number(f64),
    Text(Arc<str>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// How deep filters may nest.
const FILTER_DEPTH_MAX: usize = 32;

impl JsonPath {
    /// Understands a path, or says what it does not understand.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { text, at: 0, depth: 0 };
        reader.skip_space();
        if !reader.take("$") {
            return Err("a path begins with `$`".to_owned());
        }
        let segments = reader.segments()?;
        reader.skip_space();
        if reader.at < text.len() {
            return Err(format!("`{}` is not understood", &text[reader.at..]));
        }
        Ok(Self { segments })
    }

    /// Every place that the path names, in the order of the tree.
    pub(crate) fn find(&self, root: &Node) -> Vec<Vec<Step>> {
        select(&self.segments, root, root).into_iter().map(|(steps, _)| steps).collect()
    }
}

type Found<'n> = Vec<(Vec<Step>, &'n Node)>;

fn select<'n>(segments: &[Segment], root: &'n Node, start: &'n Node) -> Found<'n> {
    let mut found: Found<'n> = vec![(Vec::new(), start)];
    for segment in segments {
        let mut next: Found<'n> = Vec::new();
        for (steps, node) in found {
            if segment.descends {
                descend(segment, root, &steps, node, &mut next);
            } else {
                choose(segment, root, &steps, node, &mut next);
            }
        }
        found = next;
    }
    found
}

fn descend<'n>(segment: &Segment, root: &'n Node, steps: &[Step], node: &'n Node, next: &mut Found<'n>) {
    choose(segment, root, steps, node, next);
    for (step, child) in children(node) {
        let mut steps = steps.to_vec();
        steps.push(step);
        descend(segment, root, &steps, child, next);
    }
}

fn choose<'n>(segment: &Segment, root: &'n Node, steps: &[Step], node: &'n Node, next: &mut Found<'n>) {
    for selector in &segment.selectors {
        for (step, child) in matching(selector, root, node) {
            let mut steps = steps.to_vec();
            steps.push(step);
            next.push((steps, child));
        }
    }
}

fn matching<'n>(selector: &Selector, root: &'n Node, node: &'n Node) -> Vec<(Step, &'n Node)> {
    match selector {
        Selector::Name(name) => {
            node.get(name).map(|child| (Step::Key(name.clone()), child)).into_iter().collect()
        }
        Selector::Wildcard => children(node),
        Selector::Index(index) => {
            let items = node.as_array().unwrap_or_default();
            let index = absolute(*index, items.len());
            index.and_then(|index| Some((Step::Index(index), items.get(index)?))).into_iter().collect()
        }
        Selector::Slice(start, end) => {
            let items = node.as_array().unwrap_or_default();
            let bound = |bound: Option<i64>, open: usize| match bound {
                Some(bound) if bound < 0 => absolute(bound, items.len()).unwrap_or(0),
                Some(bound) => usize::try_from(bound).unwrap_or(usize::MAX).min(items.len()),
                None => open,
            };
            let range = bound(*start, 0)..bound(*end, items.len());
            items
                .iter()
                .enumerate()
                .filter(|(at, _)| range.contains(at))
                .map(|(at, n)| (Step::Index(at), n))
                .collect()
        }
        Selector::Filter(test) => {
            children(node).into_iter().filter(|(_, child)| holds(test, root, child)).collect()
        }
    }
}

fn absolute(index: i64, len: usize) -> Option<usize> {
    if index >= 0 { usize::try_from(index).ok() } else { len.checked_sub(usize::try_from(-index).ok()?) }
}

fn children(node: &Node) -> Vec<(Step, &Node)> {
    match &node.value {
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (Step::Index(at), item)).collect(),
        Value::Object(object) => {
            object.iter().map(|entry| (Step::Key(entry.key.clone()), &entry.value)).collect()
        }
        _ => Vec::new(),
    }
}

fn holds(test: &Test, root: &Node, node: &Node) -> bool {
    match test {
        Test::Exists(query) => !select(query, root, node).is_empty(),
        Test::Not(test) => !holds(test, root, node),
        Test::And(tests) => tests.iter().all(|test| holds(test, root, node)),
        Test::Or(tests) => tests.iter().any(|test| holds(test, root, node)),
        Test::Compare(left, operator, right) => {
            compare(literal(left, root, node).as_ref(), *operator, literal(right, root, node).as_ref())
        }
    }
}

fn literal(operand: &Operand, root: &Node, node: &Node) -> Option<Literal> {
    match operand {
        Operand::Literal(literal) => Some(literal.clone()),
        Operand::Query(query) => match &select(query, root, node).first()?.1.value {
            Value::Null => Some(Literal::Null),
            Value::Bool(truth) => Some(Literal::Bool(*truth)),
            Value::Number(number) => Some(Literal::Number(number.as_f64())),
            Value::String(text) => Some(Literal::Text(text.clone())),
            Value::Array(_) | Value::Object(_) => None,
        },
    }
}

fn compare(left: Option<&Literal>, operator: Operator, right: Option<&Literal>) -> bool {
    let order = match (left, right) {
        (Some(Literal::Number(left)), Some(Literal::Number(right))) => left.partial_cmp(right),
        (Some(Literal::Text(left)), Some(Literal::Text(right))) => Some(left.cmp(right)),
        _ => None,
    };
    match operator {
        Operator::Equal => left == right,
        Operator::Unequal => left != right,
        Operator::Less => order.is_some_and(std::cmp::Ordering::is_lt),
        Operator::LessOrEqual => order.is_some_and(std::cmp::Ordering::is_le),
        Operator::Greater => order.is_some_and(std::cmp::Ordering::is_gt),
        Operator::GreaterOrEqual => order.is_some_and(std::cmp::Ordering::is_ge),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn segments(&mut self) -> Result<Vec<Segment>, String> {
        let mut segments = Vec::new();
        loop {
            let before = self.at;
            self.skip_space();
            if self.take("..") {
                let selectors = if self.take("[") { self.bracket()? } else { vec![self.dotted()?] };
                segments.push(Segment { descends: true, selectors });
            } else if self.take(".") {
                segments.push(Segment { descends: false, selectors: vec![self.dotted()?] });
            } else if self.take("[") {
                segments.push(Segment { descends: false, selectors: self.bracket()? });
            } else {
                self.at = before;
                return Ok(segments);
            }
        }
    }

    fn dotted(&mut self) -> Result<Selector, String> {
        if self.take("*") {
            return Ok(Selector::Wildcard);
        }
        // Overlays of the field write `.x-internal`, which the standard would have in brackets.
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$') || !c.is_ascii();
        let name = self.take_while(is_name);
        if name.is_empty() { Err(self.unknown("a name")) } else { Ok(Selector::Name(name.into())) }
    }

    fn bracket(&mut self) -> Result<Vec<Selector>, String> {
        let mut selectors = Vec::new();
        loop {
            self.skip_space();
            selectors.push(self.selector()?);
            self.skip_space();
            if self.take("]") {
                return Ok(selectors);
            }
            if !self.take(",") {
                return Err(self.unknown("`]`"));
            }
        }
    }

    fn selector(&mut self) -> Result<Selector, String> {
        if self.take("*") {
            return Ok(Selector::Wildcard);
        }
        if self.take("?") {
            return Ok(Selector::Filter(self.any()?));
        }
        if let Some(text) = self.quoted()? {
            return Ok(Selector::Name(text));
        }
        let start = self.integer();
        self.skip_space();
        if self.take(":") {
            self.skip_space();
            let end = self.integer();
            self.skip_space();
            if self.take(":") {
                return Err("a slice with a step is not supported".to_owned());
            }
            return Ok(Selector::Slice(start, end));
        }
        start.map(Selector::Index).ok_or_else(|| self.unknown("a selector"))
    }

    fn any(&mut self) -> Result<Test, String> {
        let mut tests = vec![self.all()?];
        while self.take_operator("||") {
            tests.push(self.all()?);
        }
        Ok(only_or(tests, Test::Or))
    }

    fn all(&mut self) -> Result<Test, String> {
        let mut tests = vec![self.test()?];
        while self.take_operator("&&") {
            tests.push(self.test()?);
        }
        Ok(only_or(tests, Test::And))
    }

    fn test(&mut self) -> Result<Test, String> {
        self.depth += 1;
        if self.depth > FILTER_DEPTH_MAX {
            return Err(format!("a filter may nest {FILTER_DEPTH_MAX} deep"));
        }
        let test = self.test_within_depth();
        self.depth -= 1;
        test
    }

    fn test_within_depth(&mut self) -> Result<Test, String> {
        self.skip_space();
        if self.text[self.at..].starts_with('!') && !self.text[self.at..].starts_with("!=") {
            self.at += 1;
            return Ok(Test::Not(Box::new(self.test()?)));
        }
        if self.take("(") {
            let test = self.any()?;
            self.skip_space();
            return if self.take(")") { Ok(test) } else { Err(self.unknown("`)`")) };
        }
        let left = self.operand()?;
        self.skip_space();
        let operators = [
            ("==", Operator::Equal),
            ("!=", Operator::Unequal),
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
            ("<", Operator::Less),
            (">", Operator::Greater),
        ];
        for (text, operator) in operators {
            if self.take(text) {
                return Ok(Test::Compare(left, operator, self.operand()?));
            }
        }
        match left {
            Operand::Query(query) => Ok(Test::Exists(query)),
            Operand::Literal(_) => Err(self.unknown("a comparison")),
        }
    }

    fn operand(&mut self) -> Result<Operand, String> {
        self.skip_space();
        if self.take("@") {
            return Ok(Operand::Query(self.segments()?));
        }
        if let Some(text) = self.quoted()? {
            return Ok(Operand::Literal(Literal::Text(text)));
        }
        let word = self.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'));
        let literal = match word {
            "null" => Some(Literal::Null),
            "true" => Some(Literal::Bool(true)),
            "false" => Some(Literal::Bool(false)),
            _ => word.parse().ok().map(Literal::Number),
        };
        literal.map(Operand::Literal).ok_or_else(|| format!("`{word}` is not supported in a filter"))
    }

    fn quoted(&mut self) -> Result<Option<Arc<str>>, String> {
        let Some(quote @ ('\'' | '"')) = self.text[self.at..].chars().next() else { return Ok(None) };
        let mut text = String::new();
        let mut chars = self.text[self.at + 1..].char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => text.extend(chars.next().map(|(_, c)| c)),
                c if c == quote => {
                    self.at += 1 + at + 1;
                    return Ok(Some(text.into()));
                }
                c => text.push(c),
            }
        }
        Err(self.unknown("a closing quote"))
    }

    fn integer(&mut self) -> Option<i64> {
        let before = self.at;
        let number = self.take_while(|c| c.is_ascii_digit() || c == '-').parse().ok();
        if number.is_none() {
            self.at = before;
        }
        number
    }

    fn take_operator(&mut self, operator: &str) -> bool {
        self.skip_space();
        self.take(operator)
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.text[self.at..].starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    fn take_while(&mut self, accepts: impl Fn(char) -> bool) -> &str {
        let rest = &self.text[self.at..];
        let len = rest.find(|c| !accepts(c)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    fn skip_space(&mut self) {
        self.take_while(|c| c.is_ascii_whitespace());
    }

    fn unknown(&self, expected: &str) -> String {
        let rest = &self.text[self.at..];
        format!("{expected} is expected at `{rest}`")
    }
}

fn only_or(mut tests: Vec<Test>, many: fn(Vec<Test>) -> Test) -> Test {
    match tests.pop() {
        Some(only) if tests.is_empty() => only,
        Some(last) => {
            tests.push(last);
            many(tests)
        }
        None => many(tests),
    }
}
