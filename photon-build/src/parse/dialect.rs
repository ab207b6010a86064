//! Dialects: which keywords a schema has, by its `$schema` or the document's `jsonSchemaDialect`.
//!
//! Knows the drafts of JSON Schema and their vocabularies. Must not know what keywords mean.

use super::Parser;
use super::schema::Reading;
use crate::codes;
use crate::node::{Entry, Node, Object, Value};
use crate::source::Span;
use crate::spec::Version;

/// The drafts whose metaschemas are known by name, the oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Draft {
    V4,
    V6,
    V7,
    V2019,
    V2020,
}

/// Keywords that are understood or not as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Vocabulary {
    /// Everywhere: identifiers, annotations, and what no dialect knows.
    Core,
    Applicator,
    Unevaluated,
    Validation,
    Format,
}

/// What a schema may say. Vocabularies are those of 2020-12; older drafts have no choice of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    draft: Draft,
    /// A bit for each.
    vocabularies: u8,
}

impl Dialect {
    /// JSON Schema 2020-12 with all its vocabularies, as OpenAPI has it from 3.1 on.
    pub(super) const DEFAULT: Self = Self::of(Draft::V2020);

    const fn of(draft: Draft) -> Self {
        Self { draft, vocabularies: u8::MAX }
    }

    /// With this vocabulary, too.
    fn with(self, vocabulary: Vocabulary) -> Self {
        Self { vocabularies: self.vocabularies | (1 << vocabulary as u8), ..self }
    }

    /// The dialect of a metaschema that is known by name.
    fn known(uri: &str) -> Option<Self> {
        let (_, path) = uri.trim_end_matches('#').split_once("://")?;
        let draft = match path {
            "json-schema.org/draft/2020-12/schema" => Draft::V2020,
            "json-schema.org/draft/2019-09/schema" => Draft::V2019,
            "json-schema.org/draft-07/schema" => Draft::V7,
            "json-schema.org/draft-06/schema" => Draft::V6,
            "json-schema.org/draft-04/schema" => Draft::V4,
            _ if path.starts_with("spec.openapis.org/oas/3.") => Draft::V2020,
            _ => return None,
        };
        Some(Self::of(draft))
    }

    /// Whether it has a keyword.
    fn has(self, keyword: &str) -> bool {
        let is_understood = self.vocabularies & (1 << vocabulary_of(keyword) as u8) != 0;
        is_understood && self.draft >= since(keyword)
    }
}

impl<'a> Parser<'a, '_> {
    /// The dialect of a schema that stands in `file`.
    pub(super) fn dialect_of(&mut self, node: &'a Node, file: usize) -> Dialect {
        let default = |file| self.resolver.root_of(file)?.get("jsonSchemaDialect")?.as_str();
        let declared = self.resolver.dialect_of(node);
        let Some(uri) = declared.or_else(|| default(file)).or_else(|| default(0)) else {
            return Dialect::DEFAULT;
        };
        if let Some((known, fault)) = self.dialects.get(uri).copied() {
            self.broken = self.broken.or(fault);
            return known;
        }
        let root = if declared.is_some() { None } else { self.resolver.root_of(file) };
        let named = node.get("$schema").or_else(|| root?.get("jsonSchemaDialect")).unwrap_or(node);
        let dialect = Dialect::known(uri).unwrap_or_else(|| self.custom_dialect(uri, named.span));
        self.dialects.insert(uri.to_owned(), (dialect, self.broken));
        dialect
    }

    /// The dialect of a metaschema that is none of the standard's.
    fn custom_dialect(&mut self, uri: &str, span: Span) -> Dialect {
        let Some(metaschema) = self.resolver.at_uri_of(uri) else {
            let message = format!("`{uri}` is not on this machine");
            self.tell(&codes::DIALECT_UNKNOWN, span, message);
            return Dialect::DEFAULT;
        };
        let Some(vocabularies) = metaschema.get("$vocabulary").and_then(Node::as_object) else {
            return Dialect::DEFAULT;
        };
        let mut dialect = Dialect { vocabularies: 0, ..Dialect::DEFAULT }.with(Vocabulary::Core);
        for Entry { key, value, .. } in vocabularies.iter() {
            match key.strip_prefix("https://json-schema.org/draft/2020-12/vocab/") {
                Some("applicator") => dialect = dialect.with(Vocabulary::Applicator),
                Some("unevaluated") => dialect = dialect.with(Vocabulary::Unevaluated),
                Some("validation") => dialect = dialect.with(Vocabulary::Validation),
                Some("format-annotation" | "format-assertion") => {
                    dialect = dialect.with(Vocabulary::Format);
                }
                Some("core" | "meta-data" | "content") => {}
                None if key.starts_with("https://spec.openapis.org/oas/3.") => {}
                _ if value.value == Value::Bool(true) => {
                    let message = format!("`{uri}` demands `{key}`");
                    self.refuse(&codes::VOCABULARY, span, message);
                }
                _ => {}
            }
        }
        dialect
    }

    /// Whether a keyword counts in the schema that is read; where it does not, that is told.
    pub(super) fn is_spoken(&mut self, reading: &Reading<'a>, object: &Object, entry: &Entry) -> bool {
        if reading.version == Version::V3_0 || reading.dialect == Dialect::DEFAULT {
            return true;
        }
        let is_beside_reference = reading.dialect.draft < Draft::V2019
            && object.get("$ref").is_some()
            && vocabulary_of(&entry.key) != Vocabulary::Core;
        let spoken = reading.dialect.has(&entry.key) && !is_beside_reference;
        if !spoken {
            let beside = if is_beside_reference { " beside `$ref`" } else { "" };
            let message = format!("`{}`{beside} means nothing here", entry.key);
            self.tell(&codes::DIALECT_KEYWORD, entry.key_span, message);
        }
        spoken
    }
}

/// The first draft with a keyword.
fn since(keyword: &str) -> Draft {
    match keyword {
        "const" | "contains" | "propertyNames" => Draft::V6,
        "if" | "then" | "else" => Draft::V7,
        "dependentRequired"
        | "dependentSchemas"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "minContains"
        | "maxContains" => Draft::V2019,
        "prefixItems" | "$dynamicRef" => Draft::V2020,
        _ => Draft::V4,
    }
}

fn vocabulary_of(keyword: &str) -> Vocabulary {
    match keyword {
        "allOf"
        | "anyOf"
        | "oneOf"
        | "not"
        | "if"
        | "then"
        | "else"
        | "properties"
        | "patternProperties"
        | "additionalProperties"
        | "propertyNames"
        | "dependentSchemas"
        | "items"
        | "prefixItems"
        | "contains" => Vocabulary::Applicator,
        "unevaluatedItems" | "unevaluatedProperties" => Vocabulary::Unevaluated,
        "type" | "enum" | "const" | "multipleOf" | "minimum" | "maximum" | "exclusiveMinimum"
        | "exclusiveMaximum" | "minLength" | "maxLength" | "pattern" | "minItems" | "maxItems"
        | "uniqueItems" | "minContains" | "maxContains" | "minProperties" | "maxProperties" | "required"
        | "dependentRequired" => Vocabulary::Validation,
        "format" => Vocabulary::Format,
        _ => Vocabulary::Core,
    }
}
