//! The cursor over the source: tokens, and nothing of what they mean to a type.

use std::borrow::Cow;

use super::decimal;
use super::decoder::{DEPTH_MAX, Decoder, Mode};
use super::violation::Detail;

impl<'a> Decoder<'a> {
    #[inline]
    pub(crate) fn bytes(&self) -> &'a [u8] {
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
        match self.mode {
            Mode::Scalar => Some(Cow::Borrowed(self.whole())),
            Mode::Text => {
                if self.peek() == b'"' {
                    self.raw_str()
                } else {
                    None
                }
            }
            Mode::Json => None,
        }
    }

    /// Looks at the text at the cursor, where texts may stand for other scalars.
    pub(crate) fn look_ahead(&mut self) -> Option<Cow<'a, str>> {
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
    pub(crate) fn word(&mut self, word: &'static str) -> bool {
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
        let text = self.look_ahead();
        let value = ["false", "true"].iter().position(|word| text.as_deref() == Some(*word));
        match value {
            Some(_) => self.skip(),
            None => self.mismatch("a boolean"),
        }
        value.map(|place| place == 1)
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

    /// The string at the cursor where it is one without escapes, as most are; none, and the cursor stays, for all others.
    #[inline]
    pub(crate) fn plain_str(&mut self) -> Option<&'a str> {
        if self.mode == Mode::Scalar || self.peek() != b'"' {
            return None;
        }
        let start = self.pos + 1;
        let end = plain_end(self.bytes(), start);
        if self.bytes().get(end) != Some(&b'"') {
            return None;
        }
        self.pos = end + 1;
        Some(&self.source[start..end])
    }

    /// The string at the cursor, which is on its opening quote.
    #[inline]
    pub(crate) fn raw_str(&mut self) -> Option<Cow<'a, str>> {
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
        // As long as what is between the quotes, for escapes are longer than what they stand for.
        let mut text = String::with_capacity(quote(self.bytes(), self.pos) - start);
        text.push_str(&self.source[start..self.pos]);
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
            Some(text) if decimal::is_number(&text) => {
                self.skip();
                Some(text)
            }
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
            // What is no key is found where the key is read.
            if close == b'}' || self.peek() != close {
                return true;
            }
        }
        self.syntax();
        false
    }

    /// Takes the key of an entry, and the colon behind it, if it is this one, written without escapes; the name needs
    /// none. The cursor stays where it is not.
    #[inline]
    pub(crate) fn is_key(&mut self, name: &str) -> bool {
        if self.peek() != b'"' {
            return false;
        }
        let end = self.pos + 1 + name.len();
        let fits = self.bytes().get(self.pos + 1..end) == Some(name.as_bytes())
            && self.bytes().get(end..end + 2) == Some(b"\":");
        if fits {
            self.pos = end + 2;
        }
        fits
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
}

/// Where the string ends whose escape is at `at`, or the source.
fn quote(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at) == Some(&b'\\') {
        at = plain_end(bytes, (at + 2).min(bytes.len()));
    }
    at
}

/// Where a run of plain characters ends: at a quote, a backslash, a control character, or the end.
#[inline]
pub(crate) fn plain_end(bytes: &[u8], start: usize) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let mut at = start;
    // Long runs sixteen at a time: the compiler makes three comparisons of it.
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<16>) {
        let is_special = |byte: u8| u8::from(byte == b'"') | u8::from(byte == b'\\') | u8::from(byte < 0x20);
        if chunk.iter().fold(0, |any, byte| any | is_special(*byte)) != 0 {
            break;
        }
        at += 16;
    }
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
