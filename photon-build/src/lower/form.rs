//! Forms: how single properties are encoded.
//!
//! Knows what OpenAPI says of forms. Must not know types: files among the fields are told by `types`.

use crate::ir;
use crate::spec::{Encoding, MediaType};

/// How properties are encoded, where the document says so.
pub(super) fn encoding(entry: &MediaType) -> Vec<ir::Encoding> {
    entry
        .encoding
        .iter()
        .filter(|(_, encoding)| is_spoken(encoding))
        .map(|(property, encoding)| ir::Encoding {
            property: property.to_string(),
            content_type: encoding.content_type.as_ref().map(ToString::to_string),
            style: encoding.style.map(super::param::style),
            explode: encoding.explode,
        })
        .collect()
}

fn is_spoken(encoding: &Encoding) -> bool {
    encoding.content_type.is_some() || encoding.style.is_some() || encoding.explode.is_some()
}
