//! The metaschemas of JSON Schema 2020-12, which documents refer to by their URIs.
//!
//! They are part of the standard and never change, so they are part of Photon: nothing is downloaded. The texts are
//! those of json-schema.org, under the 3-clause BSD licence or the Academic Free License 3.0.

/// Under which all of them are found.
const BASE: &str = "https://json-schema.org/draft/2020-12/";

const TEXTS: [(&str, &str); 9] = [
    ("schema", include_str!("metaschema/schema.json")),
    ("meta/applicator", include_str!("metaschema/applicator.json")),
    ("meta/content", include_str!("metaschema/content.json")),
    ("meta/core", include_str!("metaschema/core.json")),
    ("meta/format-annotation", include_str!("metaschema/format-annotation.json")),
    ("meta/format-assertion", include_str!("metaschema/format-assertion.json")),
    ("meta/meta-data", include_str!("metaschema/meta-data.json")),
    ("meta/unevaluated", include_str!("metaschema/unevaluated.json")),
    ("meta/validation", include_str!("metaschema/validation.json")),
];

/// The metaschema of a URI, if it is one.
pub(super) fn text(uri: &str) -> Option<&'static str> {
    let name = uri.strip_prefix(BASE)?;
    TEXTS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metaschemas_stand_at_the_uris_that_they_name() {
        for (name, content) in TEXTS {
            let uri = format!("{BASE}{name}");
            assert!(content.contains(&format!("\"$id\": \"{uri}\"")), "{uri}");
            assert_eq!(text(&uri), Some(content));
        }
        assert_eq!(text("https://json-schema.org/draft/2020-12/other"), None);
    }
}
