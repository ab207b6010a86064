//! What bodies consist of: media types, encodings, headers, examples; request bodies and replies.

use std::rc::Rc;

use super::security::is_token_char;
use super::{At, Parser, helped};
use crate::codes;
use crate::node::Node;
use crate::source::Span;
use crate::spec::{Body, Encoding, Example, Header, MediaType, Reply, Style, Version};

const HEADER_FIELDS: [&str; 12] = [
    "description",
    "required",
    "deprecated",
    "allowEmptyValue",
    "style",
    "explode",
    "allowReserved",
    "schema",
    "content",
    "example",
    "examples",
    "$ref",
];

impl<'a> Parser<'a, '_> {
    /// A request body or a reference to one, read once.
    pub(super) fn body(&mut self, at: &At<'a>) -> Option<Rc<Body>> {
        let followed = self.follow(at)?;
        let key = std::ptr::from_ref(followed.at.node);
        if let Some((body, fault)) = self.shared.bodies.get(&key).cloned() {
            self.broken = self.broken.or(fault);
            return body;
        }
        let before = self.broken.take();
        let body = self.new_body(&followed.at).map(|mut body| {
            body.component = followed.component;
            Rc::new(body)
        });
        let fault = self.broken.take();
        self.shared.bodies.insert(key, (body.clone(), fault));
        self.broken = before.or(fault);
        body
    }

    fn new_body(&mut self, at: &At<'a>) -> Option<Body> {
        let object = self.object(at.node, "a request body")?;
        self.unknown_fields(object, &["description", "content", "required"], "a request body");
        let content = self.content(at);
        if content.is_empty() {
            let finding = self.tell(&codes::EMPTY, at.node.span, "a request body must have `content`");
            helped(finding, "it is ignored; add `content: { application/json: { schema: .. } }`");
        }
        Some(Body {
            description: self.text(at, "description"),
            required: self.flag(at, "required").unwrap_or(false),
            content,
            component: None,
            span: at.node.span,
            extensions: Self::extensions(object),
        })
    }

    /// A response or a reference to one, read once.
    pub(super) fn reply(&mut self, at: &At<'a>) -> Option<Rc<Reply>> {
        let followed = self.follow(at)?;
        let key = std::ptr::from_ref(followed.at.node);
        if let Some((reply, fault)) = self.shared.replies.get(&key).cloned() {
            self.broken = self.broken.or(fault);
            return reply;
        }
        let before = self.broken.take();
        let reply = self.new_reply(&followed.at).map(|mut reply| {
            reply.component = followed.component;
            Rc::new(reply)
        });
        let fault = self.broken.take();
        self.shared.replies.insert(key, (reply.clone(), fault));
        self.broken = before.or(fault);
        reply
    }

    fn new_reply(&mut self, at: &At<'a>) -> Option<Reply> {
        let object = self.object(at.node, "a response")?;
        self.unknown_fields(object, &["summary", "description", "headers", "content", "links"], "a response");
        let description = self.text(at, "description");
        if description.is_none() && self.version_of(at.scope.file) < Version::V3_2 {
            self.tell(&codes::MISSING_FIELD, at.node.span, "the response has no `description`");
        }
        let headers = at.key("headers").map(|headers| self.headers(&headers)).unwrap_or_default();
        Some(Reply {
            summary: self.text(at, "summary"),
            description: description.unwrap_or_default(),
            headers,
            content: self.content(at),
            component: None,
            span: at.node.span,
            extensions: Self::extensions(object),
        })
    }

    /// The media types below `content`.
    pub(super) fn content(&mut self, at: &At<'a>) -> Vec<MediaType> {
        let Some(content) = at.key("content") else { return Vec::new() };
        let Some(content) = self.follow(&content).map(|followed| followed.at) else { return Vec::new() };
        let mut media_types = Vec::new();
        if self.object(content.node, "`content`").is_none() {
            return media_types;
        }
        for entry in content.entries() {
            if !is_media_type(&entry.key) {
                let message = format!("`{}` is no media type", entry.key);
                self.tell(&codes::MEDIA_TYPE, entry.key_span, message);
                continue;
            }
            let at = content.child(&entry.key, &entry.value);
            media_types.extend(self.media_type(&entry.key, entry.key_span, &at));
        }
        media_types
    }

    /// The content of what can have only one: a parameter or a header.
    pub(super) fn single_content(&mut self, at: &At<'a>, has_schema: bool) -> Vec<MediaType> {
        let Some(entry) = at.node.as_object().and_then(|object| object.entry("content")) else {
            return Vec::new();
        };
        if has_schema {
            self.tell(&codes::PARAMETER_BOTH, entry.key_span, "`content` stands beside `schema`");
            return Vec::new();
        }
        let mut content = self.content(at);
        let count = entry.value.as_object().map_or(1, |object| object.entries.len());
        if count != 1 {
            let message = format!("`content` has {count} entries, it must have exactly one here");
            let finding = self.tell(&codes::CONTENT_COUNT, entry.key_span, message);
            if count == 0 {
                helped(finding, "the value is taken as a string; name its media type, or use `schema`");
            }
        }
        if let Some(style) = at.node.get("style") {
            let message = "`style` has no meaning beside `content`";
            helped(
                self.tell(&codes::STYLE, style.span, message),
                "it is ignored; remove it, or use `schema`",
            );
        }
        content.truncate(1);
        content
    }

    /// One media type or a reference to one.
    pub(super) fn media_type(&mut self, name: &str, span: Span, at: &At<'a>) -> Option<MediaType> {
        let at = self.follow(at)?.at;
        let object = self.object(at.node, "a media type")?;
        let known =
            ["schema", "itemSchema", "example", "examples", "encoding", "prefixEncoding", "itemEncoding"];
        self.unknown_fields(object, &known, "a media type");
        self.newer_fields(&at, Version::V3_2, &["itemSchema", "prefixEncoding", "itemEncoding"]);
        let mut encoding = Vec::new();
        if let Some(declared) = at.key("encoding") {
            for entry in declared.entries() {
                let one = self.encoding(entry.key_span, &declared.child(&entry.key, &entry.value));
                encoding.extend(one.map(|one| (entry.key.clone(), one)));
            }
        }
        let mut prefix_encoding = Vec::new();
        for node in self.list(&at, "prefixEncoding") {
            prefix_encoding.extend(self.encoding(node.span, &at.child("prefixEncoding", node)));
        }
        let item_encoding =
            at.key("itemEncoding").and_then(|at| self.encoding(at.node.span, &at)).map(Box::new);
        Some(MediaType {
            name: name.into(),
            schema: self.schema_below(&at, "schema"),
            item_schema: self.schema_below(&at, "itemSchema"),
            encoding,
            prefix_encoding,
            item_encoding,
            examples: self.examples(&at),
            span,
            extensions: Self::extensions(object),
        })
    }

    fn encoding(&mut self, span: Span, at: &At<'a>) -> Option<Encoding> {
        let Some(object) = at.node.as_object() else {
            let finding = self.tell(&codes::ENCODING, at.node.span, "an encoding must be a mapping");
            helped(finding, "it is ignored; write `{ contentType: image/png }`");
            return None;
        };
        let known = [
            "contentType",
            "headers",
            "style",
            "explode",
            "allowReserved",
            "encoding",
            "prefixEncoding",
            "itemEncoding",
        ];
        self.unknown_fields(object, &known, "an encoding");
        let fitting = [Style::Form, Style::SpaceDelimited, Style::PipeDelimited, Style::DeepObject];
        let style = object.get("style").and_then(|node| self.fitting_style(node, &fitting));
        let headers = at.key("headers").map(|headers| self.headers(&headers)).unwrap_or_default();
        Some(Encoding {
            content_type: self.text(at, "contentType"),
            headers,
            style,
            explode: self.flag(at, "explode"),
            allow_reserved: self.flag(at, "allowReserved").unwrap_or(false),
            span,
        })
    }

    fn headers(&mut self, headers: &At<'a>) -> Vec<Header> {
        let mut found: Vec<Header> = Vec::new();
        let Some(headers) = self.follow(headers).map(|followed| followed.at) else { return found };
        if self.object(headers.node, "`headers`").is_none() {
            return found;
        }
        for entry in headers.entries() {
            if !entry.key.chars().all(is_token_char) || entry.key.is_empty() {
                let message = format!("`{}` cannot be the name of a header", entry.key);
                self.tell(&codes::HTTP_NAME, entry.key_span, message);
                continue;
            }
            let first = found.iter().find(|header| header.name.eq_ignore_ascii_case(&entry.key));
            if let Some(first) = first.map(|header| header.span) {
                let message = format!("the header `{}` is declared twice", entry.key);
                if let Some(finding) = self.tell(&codes::DUPLICATE_PARAMETER, entry.key_span, message) {
                    finding.notes.push((first, "it stands here first".to_owned()));
                }
                continue;
            }
            let at = headers.child(&entry.key, &entry.value);
            // The media type says it; OpenAPI has a declared one ignored.
            if !entry.key.eq_ignore_ascii_case("content-type") {
                found.extend(self.header(&entry.key, entry.key_span, &at));
            }
        }
        found
    }

    /// One header or a reference to one.
    pub(super) fn header(&mut self, name: &str, span: Span, at: &At<'a>) -> Option<Header> {
        let followed = self.follow(at)?;
        let at = followed.at;
        let object = self.object(at.node, "a header")?;
        for key in ["name", "in"] {
            if let Some(entry) = object.entry(key) {
                self.tell(&codes::HEADER_FIELD, entry.key_span, format!("a header has no `{key}`"));
            }
        }
        let known = HEADER_FIELDS.into_iter().chain(["name", "in"]).collect::<Vec<_>>();
        self.unknown_fields(object, &known, "a header");
        if let Some(style) = object.get("style") {
            self.fitting_style(style, &[Style::Simple]);
        }
        let schema = self.schema_below(&at, "schema");
        let content = self.single_content(&at, schema.is_some());
        Some(Header {
            name: self.text_of(name),
            description: followed.description.or_else(|| self.text(&at, "description")),
            required: self.flag(&at, "required").unwrap_or(false),
            deprecated: self.flag(&at, "deprecated").unwrap_or(false),
            explode: self.flag(&at, "explode").unwrap_or(false),
            schema,
            content,
            component: followed.component,
            span,
            extensions: Self::extensions(object),
        })
    }

    /// `example` and `examples`.
    pub(super) fn examples(&mut self, at: &At<'a>) -> Vec<Example> {
        let mut found = Vec::new();
        if let Some(value) = at.node.get("example") {
            found.push(Example { name: None, summary: None, value: value.clone() });
        }
        let Some(examples) = at.key("examples") else { return found };
        let before = self.broken.take();
        let followed = self.follow(&examples);
        self.broken = before;
        let Some(examples) = followed.map(|followed| followed.at) else { return found };
        for entry in examples.entries() {
            if entry.key.starts_with("x-") {
                continue;
            }
            let example = self.example(Some(&entry.key), &examples.child(&entry.key, &entry.value));
            found.extend(example);
        }
        found
    }

    /// One example or a reference to one; a broken one is told and left out.
    pub(super) fn example(&mut self, name: Option<&str>, at: &At<'a>) -> Option<Example> {
        let before = self.broken.take();
        let followed = self.follow(at);
        // An operation is as good without its example.
        self.broken = before;
        let at = followed?.at;
        if at.node.as_object().is_none() {
            let message = "an example must be a mapping with a `value`";
            self.tell(&codes::EXAMPLE, at.node.span, message);
            return None;
        }
        let value = at.node.get("value").or_else(|| at.node.get("dataValue"))?;
        Some(Example { name: name.map(Into::into), summary: self.text(&at, "summary"), value: value.clone() })
    }
}

/// `type/subtype`, perhaps with parameters; either may be `*`.
fn is_media_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or(text).trim();
    let is_token = |part: &str| !part.is_empty() && part.chars().all(is_token_char);
    essence.split_once('/').is_some_and(|(ty, subtype)| is_token(ty) && is_token(subtype))
}

impl Parser<'_, '_> {
    /// Whether `node` says that it is empty on purpose.
    pub(super) fn is_absent(node: Option<&Node>) -> bool {
        node.is_none_or(Node::is_null)
    }
}
