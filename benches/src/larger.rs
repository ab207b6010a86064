//! Makes a document several times as large: paths and components again under new names, references going with them.

use serde_json::{Map, Value};

/// The document with `copies` more of everything that can be copied.
pub fn larger(document: &Value, copies: usize) -> Value {
    let mut larger = document.clone();
    for copy in 1..=copies {
        let suffix = format!("Copy{copy}");
        let mut part = document.clone();
        rename(&mut part, &suffix);
        if let (Some(paths), Some(Value::Object(more))) = (larger["paths"].as_object_mut(), part.get("paths"))
        {
            paths.extend(more.iter().map(|(path, item)| (format!("/{suffix}{path}"), item.clone())));
        }
        let Some(Value::Object(sections)) = part.get("components") else { continue };
        for (section, entries) in sections.iter().filter(|(section, _)| *section != "securitySchemes") {
            if let (Some(all), Some(entries)) =
                (larger["components"][section].as_object_mut(), entries.as_object())
            {
                all.extend(entries.iter().map(|(name, entry)| (format!("{name}{suffix}"), entry.clone())));
            }
        }
    }
    larger
}

fn rename(value: &mut Value, suffix: &str) {
    match value {
        Value::Object(object) => object.iter_mut().for_each(|(key, value)| rename_entry(key, value, suffix)),
        Value::Array(array) => array.iter_mut().for_each(|value| rename(value, suffix)),
        _ => {}
    }
}

fn rename_entry(key: &str, value: &mut Value, suffix: &str) {
    match value {
        Value::String(text) if key == "$ref" => refer(text, suffix),
        Value::String(text) if key == "operationId" => text.push_str(suffix),
        Value::Object(mapping) if key == "mapping" => map(mapping, suffix),
        value => rename(value, suffix),
    }
}

fn map(mapping: &mut Map<String, Value>, suffix: &str) {
    for value in mapping.values_mut() {
        if let Value::String(text) = value {
            refer(text, suffix);
        }
    }
}

/// A pointer to a component becomes one to its copy; what is deeper inside goes along.
fn refer(text: &mut String, suffix: &str) {
    let Some(rest) = text.strip_prefix("#/components/") else { return };
    let parts: Vec<&str> = rest.splitn(3, '/').collect();
    if let [section, name, inner @ ..] = parts.as_slice() {
        let inner: String = inner.iter().flat_map(|inner| ["/", inner]).collect();
        *text = format!("#/components/{section}/{name}{suffix}{inner}");
    }
}
