//! The cursor over the source: tokens, and nothing of what they mean to a type.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::decimal::{self, Decimal};
use super::decoder::{DEPTH_MAX, Decoder, Mode};
use super::one_of::{ARRAY, BOOLEAN, INTEGER, NULL, NUMBER, OBJECT, STRING, Types};
use super::violation::{Detail, Segment};

impl<'a> Decoder<'a> {
    #[inline]
    fn bytes(&self) -> &'a [u8] {
        self.source.as_bytes()
    }

    /// The next byte that is no blank; 0 at the end. Not for scalars, whose blanks count.
    #[inline]
    pub(crate) fn peek(&mut self) -> u8 {
        loop {
            match self.bytes().get(self.pos) {
                Some(byte) if *byte > b' ' => return *byte,
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.pos += 1,
                _ => return 0,
            }
        }
    }

    /// Where the next value begins.
    #[inline]
    pub fn start(&mut self) -> usize {
        if self.mode != Mode::Scalar {
            self.peek();
        }
        self.pos
    }

    /// Nothing may follow.
    pub(crate) fn end(&mut self) {
        if self.mode != Mode::Scalar && !self.is_fatal() {
            self.peek();
            if self.pos < self.source.len() {
                self.syntax();
            }
        }
    }

    /// The whole source of a scalar.
    #[inline]
    fn whole(&mut self) -> &'a str {
        self.pos = self.source.len();
        self.source
    }

    /// The text at the cursor, where texts may stand for other scalars.
    fn stand_in(&mut self) -> Option<Cow<'a, str>> {
        let mode = self.mode;
        match mode {
            Mode::Json => None,
            Mode::Scalar => Some(Cow::Borrowed(self.whole())),
            Mode::Text if self.peek() == b'"' => self.raw_str(),
            Mode::Text => None,
        }
    }

    /// Looks at the text at the cursor, where texts may stand for other scalars.
    fn look_ahead(&mut self) -> Option<Cow<'a, str>> {
        if self.mode == Mode::Json {
            return None;
        }
        let here = self.pos;
        let text = self.stand_in();
        if !self.is_fatal() {
            self.pos = here;
        }
        text
    }

    /// Takes `null`, if it is there.
    #[inline]
    pub(crate) fn is_null(&mut self) -> bool {
        if self.mode == Mode::Json {
            return self.peek() == b'n' && self.word("null");
        }
        self.is_null_text()
    }

    #[cold]
    fn is_null_text(&mut self) -> bool {
        if self.mode == Mode::Text && self.peek() == b'n' {
            return self.word("null");
        }
        let is_null = self.look_ahead().as_deref() == Some("null");
        if is_null {
            self.skip();
        }
        is_null
    }

    #[inline]
    fn word(&mut self, word: &'static str) -> bool {
        let fits = self.bytes()[self.pos..].starts_with(word.as_bytes());
        if fits {
            self.pos += word.len();
        } else {
            self.syntax();
        }
        fits
    }

    /// `true` or `false`.
    #[inline]
    pub(crate) fn bool(&mut self) -> Option<bool> {
        if self.mode != Mode::Scalar {
            match self.peek() {
                b't' => return self.word("true").then_some(true),
                b'f' => return self.word("false").then_some(false),
                _ => {}
            }
        }
        match self.look_ahead().as_deref() {
            Some("true") => self.skip_with(true),
            Some("false") => self.skip_with(false),
            _ => {
                self.mismatch("a boolean");
                None
            }
        }
    }

    fn skip_with<T>(&mut self, value: T) -> Option<T> {
        self.skip();
        Some(value)
    }

    /// A string.
    #[inline]
    pub(crate) fn str(&mut self) -> Option<Cow<'a, str>> {
        if self.mode == Mode::Scalar {
            return Some(Cow::Borrowed(self.whole()));
        }
        if self.peek() == b'"' {
            return self.raw_str();
        }
        self.mismatch("a string");
        None
    }

    /// The string at the cursor, which is on its opening quote.
    #[inline]
    fn raw_str(&mut self) -> Option<Cow<'a, str>> {
        let start = self.pos + 1;
        let end = plain_end(self.bytes(), start);
        if self.bytes().get(end) == Some(&b'"') {
            self.pos = end + 1;
            return Some(Cow::Borrowed(&self.source[start..end]));
        }
        self.pos = end;
        self.escaped(start).map(Cow::Owned)
    }

    #[cold]
    #[inline(never)]
    fn escaped(&mut self, start: usize) -> Option<String> {
        let mut text = self.source[start..self.pos].to_owned();
        loop {
            match self.bytes().get(self.pos) {
                Some(b'"') => {
                    self.pos += 1;
                    return Some(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                _ => {
                    self.syntax();
                    return None;
                }
            }
            let run = self.pos;
            self.pos = plain_end(self.bytes(), run);
            text.push_str(&self.source[run..self.pos]);
        }
    }

    /// The character that an escape stands for; a surrogate without its partner is none.
    fn escape(&mut self) -> Option<char> {
        let kind = self.bytes().get(self.pos + 1).copied();
        let character = match kind {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => {
                self.syntax();
                return None;
            }
        };
        self.pos += 2;
        Some(character)
    }

    fn unicode_escape(&mut self) -> Option<char> {
        let first = self.unit(self.pos);
        let second = self.unit(self.pos + 6);
        let (code, length) = match (first, second) {
            (Some(high @ 0xD800..0xDC00), Some(low @ 0xDC00..0xE000)) => {
                (0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00), 12)
            }
            (Some(code), _) => (code, 6),
            (None, _) => (0xD800, 6),
        };
        let Some(character) = char::from_u32(code) else {
            self.syntax();
            return None;
        };
        self.pos += length;
        Some(character)
    }

    /// The UTF-16 unit of `\uXXXX` at a place.
    fn unit(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes().get(at..at + 6)?;
        if !bytes.starts_with(b"\\u") {
            return None;
        }
        bytes[2..].iter().try_fold(0, |code, byte| Some(code * 16 + char::from(*byte).to_digit(16)?))
    }

    /// A number as it is written.
    pub(crate) fn number(&mut self, wanted: &'static str) -> Option<Cow<'a, str>> {
        if self.mode != Mode::Scalar && matches!(self.peek(), b'-' | b'0'..=b'9') {
            return self.raw_number().map(|(text, _)| Cow::Borrowed(text));
        }
        match self.look_ahead() {
            Some(text) if decimal::is_number(&text) => self.skip_with(text),
            _ => {
                self.mismatch(wanted);
                None
            }
        }
    }

    /// The number at the cursor, and whether it has only digits.
    #[inline]
    pub(crate) fn raw_number(&mut self) -> Option<(&'a str, bool)> {
        let start = self.pos;
        let Some((end, plain)) = decimal::number_end(self.bytes(), start) else {
            self.syntax();
            return None;
        };
        self.pos = end;
        Some((&self.source[start..end], plain))
    }

    /// A whole number that is short and plain, as most are; none, and the cursor stays, for all others.
    #[inline]
    pub(crate) fn short_integer(&mut self) -> Option<i64> {
        if self.mode == Mode::Scalar {
            return None;
        }
        let negative = self.peek() == b'-';
        let bytes = self.bytes();
        let first = self.pos + usize::from(negative);
        let (mut at, mut value) = (first, 0i64);
        while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0'))
            && digit < 10
            && at - first < 18
        {
            value = value * 10 + i64::from(digit);
            at += 1;
        }
        let ended = !matches!(bytes.get(at), Some(b'0'..=b'9' | b'.' | b'e' | b'E'));
        if at == first || !ended || (bytes[first] == b'0' && at - first > 1) {
            return None;
        }
        self.pos = at;
        Some(if negative { -value } else { value })
    }

    /// Enters an object or array.
    #[inline]
    pub(crate) fn open(&mut self, bracket: u8, wanted: &'static str) -> bool {
        if self.mode == Mode::Scalar || self.peek() != bracket {
            self.mismatch(wanted);
            return false;
        }
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            self.stop("depth", format!("is nested more than {DEPTH_MAX} levels deep"));
            return false;
        }
        self.pos += 1;
        true
    }

    /// Whether there is one more entry; leaves the object or array where there is none. `first` starts as true.
    #[inline]
    pub(crate) fn more(&mut self, first: &mut bool, close: u8) -> bool {
        let byte = self.peek();
        if byte == close {
            self.pos += 1;
            self.depth -= 1;
            return false;
        }
        if *first {
            *first = false;
            if byte == 0 {
                self.syntax();
            }
            return byte != 0;
        }
        if byte == b',' {
            self.pos += 1;
            if self.peek() != close {
                return true;
            }
        }
        self.syntax();
        false
    }

    /// The key of an entry, and the colon behind it.
    #[inline]
    pub(crate) fn key(&mut self) -> Option<Cow<'a, str>> {
        if self.peek() != b'"' {
            self.syntax();
            return None;
        }
        let key = self.raw_str()?;
        if self.peek() != b':' {
            self.syntax();
            return None;
        }
        self.pos += 1;
        Some(key)
    }

    /// Goes over the value at the cursor; it must be JSON all the same.
    pub fn skip(&mut self) {
        if self.mode == Mode::Scalar {
            self.whole();
            return;
        }
        match self.peek() {
            b'"' => _ = self.raw_str(),
            b'{' => {
                let mut first = true;
                let mut more = self.open(b'{', "");
                while more && self.more(&mut first, b'}') {
                    more = self.key().is_some();
                    if more {
                        self.skip();
                    }
                }
            }
            b'[' => {
                let mut first = true;
                if self.open(b'[', "") {
                    while self.more(&mut first, b']') {
                        self.skip();
                    }
                }
            }
            b't' => _ = self.word("true"),
            b'f' => _ = self.word("false"),
            b'n' => _ = self.word("null"),
            b'-' | b'0'..=b'9' => _ = self.raw_number(),
            _ => self.syntax(),
        }
    }

    /// Another type was wanted here.
    #[cold]
    #[inline(never)]
    pub(crate) fn mismatch(&mut self, wanted: &'static str) {
        let found = match self.mode {
            Mode::Scalar => "this text",
            Mode::Json | Mode::Text => match self.peek() {
                b'"' if self.is_text() => "this text",
                b'"' => "a string",
                b'{' => "an object",
                b'[' => "a list",
                b't' | b'f' => "a boolean",
                b'n' => "null",
                _ => "a number",
            },
        };
        self.fail("type", Detail::Type(wanted, found));
        self.skip();
    }

    /// The types that the value at the cursor may be taken for.
    pub(crate) fn types(&mut self) -> Types {
        if let Some(text) = self.look_ahead() {
            return match &*text {
                "true" | "false" => BOOLEAN.or(STRING),
                "null" => NULL.or(STRING),
                text if decimal::is_number(text) => number_types(text).or(STRING),
                _ => STRING,
            };
        }
        match self.peek() {
            b'"' => STRING,
            b'{' => OBJECT,
            b'[' => ARRAY,
            b't' | b'f' => BOOLEAN,
            b'n' => NULL,
            b'-' | b'0'..=b'9' => match decimal::number_end(self.bytes(), self.pos) {
                Some((end, _)) => number_types(&self.source[self.pos..end]),
                None => NUMBER,
            },
            _ => {
                self.syntax();
                Types(0)
            }
        }
    }

    /// The text of one property of the object at the cursor, which stays where it is.
    pub(crate) fn find_text(&mut self, name: &str) -> Option<Cow<'a, str>> {
        let here = (self.pos, self.depth);
        let mut found = None;
        let mut first = true;
        if self.open(b'{', "an object") {
            while self.more(&mut first, b'}') {
                let Some(key) = self.key() else { break };
                if key == name {
                    found = if self.peek() == b'"' { self.raw_str() } else { None };
                    break;
                }
                self.skip();
            }
        }
        if !self.is_fatal() {
            (self.pos, self.depth) = here;
        }
        found
    }

    /// The properties of the object at the cursor, which stays where it is, with their JSON texts.
    pub(crate) fn outline(&mut self) -> Vec<(Cow<'a, str>, &'a str)> {
        let here = (self.pos, self.depth);
        let mut properties = Vec::new();
        let mut first = true;
        if self.open(b'{', "an object") {
            while self.more(&mut first, b'}') {
                let Some(key) = self.key() else { break };
                properties.push((key, self.slice()));
            }
        }
        if !self.is_fatal() {
            (self.pos, self.depth) = here;
        }
        properties
    }

    /// Goes over the value at the cursor, and returns its text.
    pub(crate) fn slice(&mut self) -> &'a str {
        let start = self.start();
        self.skip();
        if self.is_fatal() { "" } else { &self.source[start..self.pos] }
    }

    /// The value at the cursor, whatever it is; none where it is broken or a number is too big.
    pub(crate) fn tree(&mut self) -> Option<Json> {
        if let Some(text) = self.look_ahead() {
            self.skip();
            return self.guess(&text);
        }
        match self.peek() {
            b'"' => self.raw_str().map(|text| Json::String(text.into_owned())),
            b'{' => self.tree_object(),
            b'[' => self.tree_array(),
            b't' => self.word("true").then_some(Json::Bool(true)),
            b'f' => self.word("false").then_some(Json::Bool(false)),
            b'n' => self.word("null").then_some(Json::Null),
            b'-' | b'0'..=b'9' => {
                let (text, _) = self.raw_number()?;
                self.tree_number(text)
            }
            _ => {
                self.syntax();
                None
            }
        }
    }

    /// What a text is when it may be anything: the most specific thing.
    fn guess(&mut self, text: &str) -> Option<Json> {
        match text {
            "true" => Some(Json::Bool(true)),
            "false" => Some(Json::Bool(false)),
            "null" => Some(Json::Null),
            _ if decimal::is_number(text) => self.tree_number(text),
            _ => Some(Json::String(text.to_owned())),
        }
    }

    fn tree_number(&mut self, text: &str) -> Option<Json> {
        let number = super::tree::number(text);
        if number.is_none() {
            self.fail("range", Detail::Text("is a number beyond what a double can hold".into()));
        }
        number
    }

    fn tree_object(&mut self) -> Option<Json> {
        let mut map = serde_json::Map::new();
        let (mut first, mut whole) = (true, true);
        if !self.open(b'{', "an object") {
            return None;
        }
        while self.more(&mut first, b'}') {
            let key = self.key()?.into_owned();
            let before = self.faults();
            let value = self.tree();
            whole &= value.is_some();
            if map.contains_key(&key) {
                self.duplicate();
            }
            if self.faults() != before {
                self.locate(before, &Segment::Key(Cow::Owned(key.clone())));
            }
            map.insert(key, value.unwrap_or_default());
        }
        (whole && !self.is_fatal()).then_some(Json::Object(map))
    }

    fn tree_array(&mut self) -> Option<Json> {
        let mut list = Vec::new();
        let (mut first, mut whole) = (true, true);
        if !self.open(b'[', "a list") {
            return None;
        }
        while self.more(&mut first, b']') {
            let before = self.faults();
            let value = self.tree();
            whole &= value.is_some();
            if self.faults() != before {
                self.locate(before, &Segment::Index(list.len()));
            }
            list.push(value.unwrap_or_default());
        }
        (whole && !self.is_fatal()).then_some(Json::Array(list))
    }
}

fn number_types(text: &str) -> Types {
    if Decimal::new(text).is_integer() { INTEGER.or(NUMBER) } else { NUMBER }
}

/// Where a run of plain characters ends: at a quote, a backslash, a control character, or the end. Eight bytes a step.
#[inline]
pub(crate) fn plain_end(bytes: &[u8], start: usize) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let mut at = start;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ (LOW * u64::from(b'"'));
        let slash = word ^ (LOW * u64::from(b'\\'));
        let special = ((quote.wrapping_sub(LOW) & !quote)
            | (slash.wrapping_sub(LOW) & !slash)
            | (word.wrapping_sub(LOW * 0x20) & !word))
            & HIGH;
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| *byte != b'"' && *byte != b'\\' && *byte >= 0x20) {
        at += 1;
    }
    at
}
