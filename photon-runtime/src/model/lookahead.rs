//! What the value at the cursor is before a type has a say: its kind, its properties, its tree.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::decimal::{self, Decimal};
use super::decoder::Decoder;
use super::one_of::{ARRAY, BOOLEAN, INTEGER, NULL, NUMBER, OBJECT, STRING, Types};
use super::violation::{Detail, Segment};

impl<'a> Decoder<'a> {
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
