//! Request bodies.
//!
//! Knows that a body may be left out, may come in several media types and may be read as it comes. Must not know what a
//! media type is.

use super::media;
use super::operation::{self, Refused, Scope};
use super::types::Direction;
use crate::ir::{self, Codec};
use crate::spec;

/// The body of the operation of `scope`, if it takes one.
pub(super) fn lower(scope: &mut Scope<'_, '_>) -> Result<Option<ir::Body>, Refused> {
    let operation = scope.operation;
    let Some(body) = &operation.body else { return Ok(None) };
    let hint = format!("{} body", scope.name);
    let mut media = media::lower(scope, &body.content, Direction::Request, &hint)?;
    if media.is_empty() {
        return Ok(None);
    }
    let streamed = streams(body);
    if streamed {
        as_it_comes(&mut media);
    } else if body.required {
        media.iter_mut().for_each(media::allow_null);
    }
    let schema = body.content.first().and_then(|media| media.schema);
    Ok(Some(ir::Body {
        doc: scope.doc(body.description.as_deref(), schema),
        required: body.required,
        media,
        name: ir::Name::new(hint),
        streamed,
    }))
}

/// Whether `x-photon-stream` stands on the body or on one of its media types.
fn streams(body: &spec::Body) -> bool {
    let mut extensions =
        std::iter::once(&body.extensions).chain(body.content.iter().map(|it| &it.extensions));
    extensions.any(|extensions| operation::is_set(extensions, "x-photon-stream"))
}

/// Leaves one media type, to be read as it comes: the one form that there is by its parts, everything else by its bytes.
fn as_it_comes(media: &mut Vec<ir::Media>) {
    if matches!(&**media, [one] if one.codec == Codec::Multipart) {
        return;
    }
    let others: Vec<ir::Media> = media.drain(1..).collect();
    for first in media {
        (first.codec, first.ty, first.rule) = (Codec::Bytes, ir::Type::Bytes, ir::Rule::default());
        first.encoding.clear();
        first.more.extend(
            others.iter().flat_map(|other| std::iter::once(&other.range).chain(&other.more)).cloned(),
        );
    }
}
