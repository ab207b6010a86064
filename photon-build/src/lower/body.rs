//! Request bodies.
//!
//! Knows that a body may be left out and may come in several media types. Must not know what a media type is.

use super::media;
use super::operation::{Refused, Scope};
use super::types::Direction;
use crate::ir;

/// The body of the operation of `scope`, if it takes one.
pub(super) fn lower(scope: &mut Scope<'_, '_>) -> Result<Option<ir::Body>, Refused> {
    let operation = scope.operation;
    let Some(body) = &operation.body else { return Ok(None) };
    let hint = format!("{} body", scope.name);
    let mut media = media::lower(scope, &body.content, Direction::Request, &hint)?;
    if media.is_empty() {
        return Ok(None);
    }
    if body.required {
        media.iter_mut().for_each(media::allow_null);
    }
    let schema = body.content.first().and_then(|media| media.schema);
    Ok(Some(ir::Body {
        doc: scope.doc(body.description.as_deref(), schema),
        required: body.required,
        media,
        name: ir::Name::new(hint),
    }))
}
