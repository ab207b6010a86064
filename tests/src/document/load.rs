//! Reads a document and every file it refers to. Remote references are looked up in a folder of vendored copies.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use serde::de::{Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::Node;

/// A document with all files that its references reach.
#[derive(Debug)]
pub struct Document {
    pub(super) files: Vec<File>,
    pub(super) by_path: BTreeMap<PathBuf, usize>,
    pub(super) vendor: Option<PathBuf>,
}

#[derive(Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) value: Value,
}

impl Document {
    /// Reads the document at `path`; `vendor` holds the copies of remote files as `HOST/PATH`.
    pub fn load(path: &Path, vendor: Option<&Path>) -> Result<Self, String> {
        let mut document =
            Self { files: Vec::new(), by_path: BTreeMap::new(), vendor: vendor.map(Path::to_owned) };
        let root = normal(path);
        let value = read(&root)?;
        document.add(root, value);

        let mut next = 0;
        while next < document.files.len() {
            for path in document.referred(next) {
                if document.by_path.contains_key(&path) {
                    continue;
                }
                if let Ok(value) = read(&path) {
                    document.add(path, value);
                }
            }
            next += 1;
        }
        Ok(document)
    }

    /// A document in memory, of one file.
    pub fn of(value: Value) -> Self {
        let mut document = Self { files: Vec::new(), by_path: BTreeMap::new(), vendor: None };
        document.add(PathBuf::from("/memory.json"), value);
        document
    }

    /// The document itself.
    pub fn root(&self) -> Node<'_> {
        Node { file: 0, value: &self.files[0].value }
    }

    /// Whether it is an OpenAPI 3.0 document, whose schemas mean slightly other things.
    pub fn is_3_0(&self) -> bool {
        self.root().text("openapi").is_some_and(|version| version.starts_with("3.0"))
    }

    /// How many files it consists of.
    pub fn file_count(&self) -> usize {
        self.files.len()
    }

    /// The path of one of its files.
    pub fn path_of(&self, file: usize) -> &Path {
        &self.files[file].path
    }

    fn add(&mut self, path: PathBuf, value: Value) {
        self.by_path.insert(path.clone(), self.files.len());
        self.files.push(File { path, value });
    }

    fn referred(&self, file: usize) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        let mut open = vec![&self.files[file].value];
        while let Some(value) = open.pop() {
            match value {
                Value::Array(items) => open.extend(items),
                Value::Object(members) => {
                    open.extend(members.values());
                    let mapped = members.get("mapping").and_then(Value::as_object).into_iter().flatten();
                    let references = members.get("$ref").into_iter().chain(mapped.map(|(_, value)| value));
                    for reference in references.filter_map(Value::as_str) {
                        let (location, _) = reference.split_once('#').unwrap_or((reference, ""));
                        found.extend(self.locate(file, location));
                    }
                }
                _ => {}
            }
        }
        found
    }
}

/// Takes `.` and `..` out of a path, without looking at the disk.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

fn read(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if let Ok(value) = serde_json::from_str(text) {
        return Ok(value);
    }
    let yaml = |text: &str| serde_yaml::from_str::<Lenient>(text).map(|lenient| lenient.0);
    // YAML forbids control characters that real documents hold in their prose.
    let printable = |char: char| if char.is_control() && !"\n\r\t".contains(char) { ' ' } else { char };
    yaml(text)
        .or_else(|_| yaml(&text.chars().map(printable).collect::<String>()))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// Any YAML value as JSON: keys become text, the last of equal keys wins, `<<` is merged, tags are dropped.
struct Lenient(Value);

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LenientVisitor).map(Self)
    }
}

struct LenientVisitor;

impl<'de> Visitor<'de> for LenientVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    #[allow(clippy::cast_precision_loss)] // Bounds beyond 64 bits are kept as near as JSON's own reader would.
    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Lenient(item)) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some((Lenient(key), Lenient(value))) = access.next_entry()? {
            let key = match key {
                Value::String(text) => text,
                Value::Null => "null".to_owned(),
                other => other.to_string(),
            };
            members.insert(key, value);
        }
        if let Some(merged) = members.remove("<<") {
            let sources = if let Value::Array(items) = merged { items } else { vec![merged] };
            for source in sources {
                let Value::Object(source) = source else { continue };
                for (key, value) in source {
                    members.entry(key).or_insert(value);
                }
            }
        }
        Ok(Value::Object(members))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (Lenient(_tag), variant) = access.variant()?;
        variant.newtype_variant::<Lenient>().map(|lenient| lenient.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(yaml: &str, expected: &str) {
        let lenient: Lenient = serde_yaml::from_str(yaml).unwrap();
        assert_eq!(lenient.0, serde_json::from_str::<Value>(expected).unwrap(), "{yaml}");
    }

    #[test]
    fn yaml_becomes_json() {
        check("200: {a: 1.5}\ntrue: x", r#"{"200": {"a": 1.5}, "true": "x"}"#);
        check("a: &x {b: 1}\nc: {<<: *x, d: 2}", r#"{"a": {"b": 1}, "c": {"b": 1, "d": 2}}"#);
        check("a: 2020-01-01\nb: [~, null]", r#"{"a": "2020-01-01", "b": [null, null]}"#);
        check("a: 1\na: 2", r#"{"a": 2}"#);
    }

    #[test]
    fn paths_are_made_normal() {
        assert_eq!(normal(Path::new("/a/./b/../c.yaml")), Path::new("/a/c.yaml"));
    }
}
