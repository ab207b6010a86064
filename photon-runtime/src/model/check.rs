//! Schemas that tables do not express, checked as they stand by the `jsonschema` crate (draft 2020-12).
//!
//! Numbers reach it as `serde_json` holds them: whole ones up to 64 bits exactly, others as doubles. The crate's
//! `arbitrary_precision` stays off, for it would change `serde_json` in the whole of a user's program.

use std::fmt::{self, Write as _};
use std::sync::OnceLock;

use serde_json::{Value as Json, json};

use super::format::Format;
use super::violation::{Segment, VIOLATIONS_MAX, Violation, Violations};

/// How many characters a message of the exact check may have.
const MESSAGE_CHARS_MAX: usize = 300;

/// The name under which the checks of a module refer to each other.
const BASE_URI: &str = "urn:photon:checks";

/// The schemas of a module: `{"$defs": {..}}`, as JSON text.
pub struct Checks {
    source: &'static str,
    formats: bool,
    schemas: OnceLock<Result<Json, String>>,
}

impl Checks {
    /// Schemas, not yet parsed.
    pub const fn new(source: &'static str) -> Self {
        Self { source, formats: true, schemas: OnceLock::new() }
    }

    /// Formats only annotate: they are not asserted.
    #[must_use]
    pub const fn without_formats(mut self) -> Self {
        self.formats = false;
        self
    }

    fn schemas(&self) -> Result<&Json, String> {
        let parsed = self.schemas.get_or_init(|| {
            serde_json::from_str(self.source)
                .map_err(|error| format!("the schemas to check by are broken: {error}"))
        });
        parsed.as_ref().map_err(Clone::clone)
    }
}

impl fmt::Debug for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checks").finish_non_exhaustive()
    }
}

/// One schema to check a value by, compiled when the service is made, or else on first use.
pub struct Check {
    checks: &'static Checks,
    key: &'static str,
    validator: OnceLock<Result<jsonschema::Validator, String>>,
}

impl Check {
    /// A check by the schema of this key in `$defs`, not yet compiled.
    pub const fn new(checks: &'static Checks, key: &'static str) -> Self {
        Self { checks, key, validator: OnceLock::new() }
    }

    /// Compiles it now; the error says what is wrong with it.
    pub fn compile(&self) -> Result<(), String> {
        self.validator().map(|_| ())
    }

    fn validator(&self) -> Result<&jsonschema::Validator, String> {
        let built = self.validator.get_or_init(|| {
            let schemas = self.checks.schemas()?;
            build(schemas, self.key, self.checks.formats)
                .map_err(|error| format!("the schema {} does not compile: {error}", self.key))
        });
        built.as_ref().map_err(Clone::clone)
    }

    /// Tells what of a value does not fit.
    pub(crate) fn judge(&self, value: &Json, faults: &mut Violations) {
        match self.validator() {
            Ok(validator) if validator.is_valid(value) => {}
            Ok(validator) => {
                for error in validator.iter_errors(value).take(VIOLATIONS_MAX) {
                    faults.push(violation(&error));
                }
            }
            Err(reason) => faults.push(Violation::new("schema", reason)),
        }
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Check").field(&self.key).finish()
    }
}

fn build(schemas: &Json, key: &str, formats: bool) -> Result<jsonschema::Validator, String> {
    let registry = jsonschema::Registry::new()
        .draft(jsonschema::Draft::Draft202012)
        .add(BASE_URI, schemas)
        .and_then(jsonschema::RegistryBuilder::prepare)
        .map_err(|error| error.to_string())?;
    let pointer = key.replace('~', "~0").replace('/', "~1");
    let root = json!({ "$ref": format!("{BASE_URI}#/$defs/{}", escape(&pointer)) });
    let options = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .with_registry(&registry)
        .should_validate_formats(formats);
    let options = Format::ALL.iter().fold(options, |options, format| {
        options.with_format(format.name(), |text: &str| format.is_valid(text))
    });
    options.build(&root).map_err(|error| error.to_string())
}

/// Percent-encodes what a fragment may not hold.
fn escape(pointer: &str) -> String {
    let mut escaped = String::with_capacity(pointer.len());
    for byte in pointer.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                escaped.push(byte.into());
            }
            _ => _ = write!(escaped, "%{byte:02X}"),
        }
    }
    escaped
}

fn violation(error: &jsonschema::ValidationError<'_>) -> Violation {
    let message = error.to_string();
    let message = match message.char_indices().nth(MESSAGE_CHARS_MAX) {
        Some((at, _)) => format!("{}…", &message[..at]),
        None => message,
    };
    let mut violation = Violation::new(keyword(error.kind().keyword()), message);
    let path: Vec<Segment> = error
        .instance_path()
        .into_iter()
        .map(|segment| match segment {
            jsonschema::paths::LocationSegment::Property(key) => Segment::Key(key.into_owned().into()),
            jsonschema::paths::LocationSegment::Index(index) => Segment::Index(index),
        })
        .collect();
    for segment in path.into_iter().rev() {
        violation.push(segment);
    }
    violation
}

/// The keyword as a text that lives for ever.
fn keyword(keyword: &str) -> &'static str {
    const KEYWORDS: [&str; 31] = [
        "additionalProperties",
        "anyOf",
        "const",
        "contains",
        "contentEncoding",
        "contentMediaType",
        "dependentRequired",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "falseSchema",
        "format",
        "items",
        "maxContains",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minContains",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "oneOf",
        "pattern",
        "propertyNames",
        "required",
        "type",
        "uniqueItems",
    ];
    match keyword {
        "unevaluatedItems" => "unevaluatedItems",
        "unevaluatedProperties" => "unevaluatedProperties",
        _ => KEYWORDS.iter().find(|known| **known == keyword).copied().unwrap_or("schema"),
    }
}
